from __future__ import annotations

import random
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from graph_builder.canonical import canonical, digest
from graph_builder.sources import Source, open_source
from graph_builder.sources.cordis.layout import FILES, FUTURE, KINDS, ROLES, THIRD_PARTY
from graph_builder.sources.cordis.source import Cordis, read_together
from graph_builder.sources.territory.source import TerritoryPackage
from graph_builder.tables import Tables
from ontology.model import ATTRIBUTES, TIE_ROLES
from tests.graph_builder.cordis_zip import SEED, files, organization, partner, project, read_rows, text, write_folder, write_zip
from tests.graph_builder.source_contract import SourceContract

SHARED = Path(__file__).parents[3] / "shared" / "data" / "cordis"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the full CORDIS downloads do not travel with the repository")


class TestCordis(SourceContract):
    minimum: ClassVar[Mapping[str, int]] = {
        "Organization": 670,
        "Project": 54,
        "Place": 350,
        "Source": 1,
        "ActorKind": 5,
        "participatesIn": 887,
        "locatedIn": 660,
    }

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls) -> Source:
        return open_source(SEED)


class TestCordisZip(SourceContract):
    minimum: ClassVar[Mapping[str, int]] = {
        "Organization": 2,
        "Project": 1,
        "Place": 2,
        "Source": 1,
        "ActorKind": 5,
        "participatesIn": 2,
        "locatedIn": 2,
    }

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls, tmp_path_factory: pytest.TempPathFactory) -> Source:
        return open_source(write_zip(tmp_path_factory.mktemp("zip") / "cordis.zip", files()))


def load(folder: Path, content: Mapping[str, str | bytes]) -> Tables:
    return Cordis(write_zip(folder / "cordis.zip", content)).tables()


def of(tables: Tables, subject: str) -> dict[str, list[str]]:
    """The attributes of an entity."""
    found: dict[str, list[str]] = {}
    for row in tables.attributes.to_pylist():
        if row["subject"] == subject:
            found.setdefault(row["predicate"], []).append(row["value"])
    return found


def relations(tables: Tables, predicate: str) -> list[dict[str, object]]:
    return [row | {"qualifiers": dict(row["qualifiers"])} for row in tables.relations.to_pylist() if row["predicate"] == predicate]


def content(tables: Tables) -> str:
    return digest(canonical(tables), ())


# what the rows become ------------------------------------------------------------------------------------------------


def test_a_project(tmp_path: Path) -> None:
    """Golden values: the row in `cordis_zip.PROJECT`, read by hand."""
    assert of(load(tmp_path, files()), "cordis:101000001") == {
        "type": ["Project"],
        "name": ["Hydrogen bridges"],
        "acronym": ["BRIDGE"],
        "description_en": ["We store hydrogen. It is cheap."],
        "start": ["2023-01-01"],
        "end": ["2025-12-31"],
        "funding_scheme": ["HORIZON-RIA"],
        "call": ["HORIZON-CL5-2022-D2-01"],
        "topic": ["HORIZON-CL5-2022-D2-01-01"],
        "keywords": ["hydrogen, tanks"],
        "max_contribution": ["100.5"],
        "project_type": ["projet"],
        "counts_as_tie": ["yes"],
        "url": ["https://cordis.europa.eu/project/id/101000001"],
        "euroscivoc_path": ["/engineering and technology/energy/hydrogen energy"],
    }


def test_an_organisation(tmp_path: Path) -> None:
    """Golden values: the row in `cordis_zip.ORGANIZATION`, read by hand; SIREN of UTBM as in the territory's actors.csv."""
    tables = load(tmp_path, files())
    assert of(tables, "pic:999000001") == {
        "type": ["Organization"],
        "name": ["Universite de Technologie de Belfort - Montbeliard"],
        "alt_name": ["UNIVERSITE DE TECHNOLOGIE DE BELFORT - MONTBELIARD", "UTBM"],
        "pic": ["999000001"],
        "vat": ["FR60199003567"],
        "siren": ["199003567"],
        "country": ["FR"],
        "postcode": ["90010"],
        "nuts": ["FRC24"],
        "lat": ["47.64218"],
        "lon": ["6.84419"],
        "website": ["https://www.utbm.fr"],
        "sme": ["no"],
        "kind": ["kind:cordis_hes"],
    }
    assert of(tables, "place:belfort-fr") == {"type": ["Place"], "name": ["Belfort"], "country": ["FR"]}
    assert {"lat", "lon", "siren", "website", "alt_name"} & set(of(tables, "pic:999000002")) == set()  # 0,0 and empty cells are not told
    places = {row["subject"]: row["object"] for row in relations(tables, "locatedIn")}
    assert places == {"pic:999000001": "place:belfort-fr", "pic:999000002": "place:bielefeld-de"}


def test_participations(tmp_path: Path) -> None:
    told = {row["subject"]: (row["since"], row["qualifiers"]) for row in relations(load(tmp_path, files()), "participatesIn")}
    assert told == {
        "pic:999000001": ("2022-11-15", {"role": "lead", "date_basis": "signature", "amount": "60.5"}),
        "pic:999000002": ("2022-11-15", {"role": "partner", "date_basis": "signature", "amount": "40"}),
    }


def test_records_say_where_a_row_stands(tmp_path: Path) -> None:
    """The objective of the first project runs over two lines, so the second one starts on line 4."""
    two = files([project(), project(id="101000002", ecSignatureDate="2022-12-01")])
    records = {row["record"]: row for row in load(tmp_path, two).records.to_pylist()}
    assert records["cordis-horizon/project/101000002"]["locator"] == "cordis.zip/project.csv:4"
    assert records["cordis-horizon/project/101000002"]["published"] == "2022-12-01"
    assert records["cordis-horizon/organization/101000001|999000002"]["locator"] == "cordis.zip/organization.csv:3"
    assert records["cordis-horizon/euroscivoc/101000001|387"]["sources"] == ["source:cordis-horizon"]


def test_horizon_2020_has_no_names_and_no_texts(tmp_path: Path) -> None:
    columns = ("id", "startDate", "endDate", "totalCost", "ecMaxContribution", "frameworkProgramme", "rcn")
    h2020 = {
        "project.csv": text([project(frameworkProgramme="H2020")], columns=columns),
        "organization.csv": text(
            [organization(), partner()], columns=("projectID", "organisationID", "activityType", "country", "role", "ecContribution")
        ),
    }
    source = Cordis(write_zip(tmp_path / "h2020.zip", h2020))
    tables = source.tables()
    assert source.name == "cordis-h2020"
    assert of(tables, "pic:999000001")["name"] == ["PIC 999000001"]
    assert of(tables, "cordis:101000001")["name"] == ["CORDIS 101000001"]
    assert {row["since"] for row in relations(tables, "participatesIn")} == {"2023-01-01"}
    assert {row["qualifiers"]["date_basis"] for row in relations(tables, "participatesIn")} == {"start"}  # type: ignore[index]


@pytest.mark.parametrize(("size", "counts"), [(1, "no"), (2, "yes"), (50, "yes"), (51, "no")])
def test_an_event_has_2_to_50_partners(size: int, counts: str, tmp_path: Path) -> None:
    rows = [organization(), *(partner(organisationID=f"9{i:08}", name=f"Firm {i}", vatNumber="") for i in range(size - 1))]
    assert of(load(tmp_path, files(organizations=rows)), "cordis:101000001")["counts_as_tie"] == [counts]


def test_a_third_party_is_left_out_and_counted(tmp_path: Path) -> None:
    rows = [organization(), partner(), partner(organisationID="999000003", name="Third", vatNumber="", role="thirdParty")]
    source = Cordis(write_zip(tmp_path / "cordis.zip", files(organizations=rows)))
    (finding,) = source.validate()
    assert (finding.severity, finding.row, finding.column) == ("warning", 4, "role")
    assert not of(source.tables(), "pic:999000003")


def test_rows_of_one_organisation_in_a_project_are_one_participation(tmp_path: Path) -> None:
    rows = [
        organization(),
        partner(role="associatedPartner", ecContribution=""),
        partner(role="coordinator", ecContribution="0.2"),
        partner(ecContribution="0.1"),
    ]
    tables = load(tmp_path, files(organizations=rows))
    (row,) = [row for row in relations(tables, "participatesIn") if row["subject"] == "pic:999000002"]
    assert row["qualifiers"] == {"role": "lead", "date_basis": "signature", "amount": "0.3"}


def test_attributes_are_those_of_the_earliest_row(tmp_path: Path) -> None:
    projects = [project(), project(id="101000002", ecSignatureDate="2021-01-01"), project(id="101000003", ecSignatureDate="2020-01-01")]
    rows = [
        partner(name="NEWEST NAME", SME="false", shortName="late"),
        partner(name="OLD NAME", SME="true", shortName="", projectID="101000002"),
        partner(name="OLDEST NAME", SME="", shortName="", projectID="101000003"),
    ]
    tables = load(tmp_path, files(projects, rows))
    told = of(tables, "pic:999000002")
    assert (told["name"], told["sme"]) == (["Oldest Name"], ["yes"])  # the earliest row says nothing of the size
    cited = {row["value"]: row["record"] for row in tables.attributes.to_pylist() if row["subject"] == "pic:999000002"}
    assert cited["Oldest Name"] == "cordis-horizon/organization/101000003|999000002"
    assert cited["late"] == "cordis-horizon/organization/101000001|999000002"  # known only later, and dated so


def test_contact_details_are_cut_out(tmp_path: Path) -> None:
    texts = files([project(objective="We help. Write to jane@example.org now. We go on. Call +33 3 84 58 30 00.", keywords="a@b.example")])
    told = of(load(tmp_path, texts), "cordis:101000001")
    assert told["description_en"] == ["We help. We go on."]
    assert "keywords" not in told


def test_country_codes_are_iso(tmp_path: Path) -> None:
    rows = [organization(country="EL", city="ATHINA"), partner(country="UK")]
    tables = load(tmp_path, files(organizations=rows))
    assert (of(tables, "pic:999000001")["country"], of(tables, "pic:999000002")["country"]) == (["GR"], ["GB"])
    assert of(tables, "place:athina-gr")["name"] == ["Athina"]


# what must change nothing --------------------------------------------------------------------------------------------


def test_what_knows_the_future_changes_nothing(tmp_path: Path) -> None:
    """The columns that describe the day of the download hold other values, and every fact stays."""
    rng = random.Random(7)
    base = {file.name: read_rows(SEED / file.name) for file in FILES}
    contents = {content(load(tmp_path, {name: text(rows) for name, rows in base.items()}))}
    for _ in range(3):
        noisy = {name: text([row | {column: str(rng.random()) for column in sorted(FUTURE)} for row in rows]) for name, rows in base.items()}
        contents.add(content(load(tmp_path, noisy)))
    assert len(contents) == 1


def test_order_of_rows_and_columns_changes_nothing(tmp_path: Path) -> None:
    rng = random.Random(11)
    base = {file.name: read_rows(SEED / file.name) for file in FILES}
    contents = set()
    for _ in range(3):
        shuffled = {}
        for name, rows in base.items():
            columns = list(rows[0])
            rng.shuffle(columns)
            shuffled[name] = text(rng.sample(rows, len(rows)), columns=columns)
        contents.add(content(load(tmp_path, shuffled)))
    assert len(contents) == 1


def test_a_zip_and_a_folder_say_the_same(tmp_path: Path) -> None:
    inside = Cordis(write_zip(tmp_path / "a.zip", files(), folder="csv/"))
    assert content(inside.tables()) == content(Cordis(write_folder(tmp_path / "b", files())).tables())


def test_a_corrected_file_is_seen(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data", files())
    source = Cordis(folder)
    assert source.validate() == []
    write_folder(folder, files([project(title="Another title, which is longer")]))
    assert of(source.tables(), "cordis:101000001")["name"] == ["Another title, which is longer"]


# several PICs, several downloads -------------------------------------------------------------------------------------


def merged(tmp_path: Path, *rows: Mapping[str, str]) -> Counter[str]:
    """How many organisations each alias-bearing actor stands for."""
    tables = load(tmp_path, files(organizations=rows))
    return Counter(
        row["subject"] for row in tables.attributes.to_pylist() if row["predicate"] in ("type", "alias") and row["subject"].startswith("pic:")
    )


@pytest.mark.parametrize(
    ("other", "one"),
    [
        ({"name": "TANK, GMBH", "vatNumber": ""}, True),
        ({"name": "TANK, GMBH", "vatNumber": "", "country": "AT"}, False),
        ({"name": "Tank Holding GmbH"}, True),  # same VAT, 2 of 3 words
        ({"name": "Tank Holding und Verwaltung"}, False),  # same VAT, 1 of 5 words
        ({"name": "Tank Holding GmbH", "vatNumber": "DE999999999"}, False),
        ({"name": "", "vatNumber": "DE811307718"}, False),
    ],
)
def test_which_pics_are_one_organisation(other: Mapping[str, str], one: bool, tmp_path: Path) -> None:
    found = merged(tmp_path, organization(), partner(), partner(organisationID="999000009", **other))
    assert found == (Counter({"pic:999000001": 1, "pic:999000002": 2}) if one else Counter(["pic:999000001", "pic:999000002", "pic:999000009"]))


def test_a_vat_number_of_more_than_ten_pics_joins_nobody(tmp_path: Path) -> None:
    ten = [partner(organisationID=f"99900010{i}", name=f"Tank GmbH {i}") for i in range(10)]
    assert len(merged(tmp_path, *ten)) == 1
    assert len(merged(tmp_path, *ten, partner(organisationID="999000200", name="Tank GmbH 11"))) == 11


def test_the_earliest_pic_gives_the_id_and_the_other_its_names(tmp_path: Path) -> None:
    projects = [project(), project(id="101000002", ecSignatureDate="2020-01-01")]
    rows = [partner(shortName="new"), partner(organisationID="999000009", projectID="101000002", shortName="old")]
    tables = load(tmp_path, files(projects, rows))
    told = of(tables, "pic:999000009")
    assert (told["pic"], told["alias"], sorted(told["alt_name"])) == (["999000009"], ["pic:999000002"], ["new", "old"])
    sure = [row["confidence"] for row in tables.attributes.to_pylist() if row["predicate"] == "alias"]
    assert sure == ["likely"]  # no row says that the two are one


def test_downloads_that_are_read_together(tmp_path: Path) -> None:
    """One organisation in both downloads is one actor; a project that is in both is read from the first."""
    h2020 = project(id="690000001", frameworkProgramme="H2020", ecSignatureDate="")
    old = write_zip(tmp_path / "old.zip", files([h2020], [partner(projectID="690000001", name="")], []))
    new = write_zip(tmp_path / "new.zip", files())
    later = write_zip(tmp_path / "later.zip", files([project(title="Changed"), project(id="101000002", ecSignatureDate="2025-02-01")]))
    territory = TerritoryPackage(tmp_path)
    sources = [Cordis(old), territory, Cordis(new), Cordis(later), Cordis(SEED)]
    joined, same, seed = read_together(sources)
    assert isinstance(joined, Cordis)
    assert (joined.paths, same, seed) == ((old, new, later), territory, sources[-1])
    assert (joined.name, joined.info.created.isoformat()) == ("cordis", "2025-02-01")
    (finding,) = joined.validate()
    assert (finding.severity, finding.file) == ("warning", "later.zip/project.csv")
    tables = joined.tables()
    assert of(tables, "cordis:101000001")["name"] == ["Hydrogen bridges"]
    assert of(tables, "pic:999000002")["name"] == ["Tank GmbH"]
    assert len([row for row in relations(tables, "participatesIn") if row["subject"] == "pic:999000002"]) == 2
    assert {row["subject"] for row in tables.attributes.to_pylist() if row["value"] == "Source"} == {"source:cordis-h2020", "source:cordis-horizon"}
    assert read_together(sources[1:3]) == sources[1:3]


# closed lists --------------------------------------------------------------------------------------------------------


def test_closed_lists_are_those_of_the_vocabulary() -> None:
    assert set(ROLES.values()) <= TIE_ROLES
    assert not set(ROLES) & THIRD_PARTY
    assert not FUTURE & {column for file in FILES for column in file.columns}
    assert set(KINDS) == {"PRC", "HES", "REC", "PUB", "OTH"}
    assert {"pic", "alias", "vat", "euroscivoc_path", "outside", "sme", "max_contribution"} <= set(ATTRIBUTES)


# the full downloads --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def full() -> Tables:
    return Cordis(SHARED / "cordis-HORIZONprojects-csv.zip").tables()


@pytest.mark.shared_data
@pytest.mark.slow
@needs_shared
def test_counts_of_horizon_europe(full: Tables) -> None:
    """Origin: shared/data/README.md (15,186 projects, 101,515 rows) and the csv module (4,724 third parties, 105 pairs that are there twice)."""
    counts = Counter(full.relations["predicate"].to_pylist())
    kinds = Counter(v for p, v in zip(full.attributes["predicate"].to_pylist(), full.attributes["value"].to_pylist(), strict=True) if p == "type")
    assert kinds["Project"] == 15_186
    assert 101_515 - 4_724 - counts["participatesIn"] == 105
    assert kinds["Organization"] == 26_513


@pytest.mark.shared_data
@pytest.mark.slow
@needs_shared
def test_every_column_of_the_full_downloads_is_known() -> None:
    """A column that is neither used nor known is reported here, not silently lost."""
    unread = {"street", "rcn", "order", "netEcContribution", "totalCost", "legalBasis", "projectAcronym", "euroSciVocTitle"}
    for name in ("cordis-HORIZONprojects-csv.zip", "cordis-h2020projects-csv.zip"):
        with zipfile.ZipFile(SHARED / name) as archive:
            for file in FILES:
                if file.name in archive.namelist():
                    header = archive.open(file.name).readline().decode("utf-8-sig").strip().replace('"', "").split(";")
                    assert set(header) - set(file.columns) - FUTURE - unread == set(), (name, file.name)


@pytest.mark.shared_data
@pytest.mark.slow
@needs_shared
def test_both_full_downloads_load_together() -> None:
    tables = Cordis(SHARED / "cordis-h2020projects-csv.zip", SHARED / "cordis-HORIZONprojects-csv.zip").tables()
    kinds = Counter(v for p, v in zip(tables.attributes["predicate"].to_pylist(), tables.attributes["value"].to_pylist(), strict=True) if p == "type")
    assert kinds["Project"] == 15_186 + 31_445
    assert canonical(tables).records.num_rows == tables.records.num_rows
