"""The Franche-Comté package: what it holds, that it is what the extraction makes, and that nothing in it knows the future."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from graph_builder.graph import Graph
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.sources import SOURCES, open_source
from graph_builder.sources.cordis.extract import extract, main
from graph_builder.sources.cordis.layout import FILES, FUTURE
from graph_builder.sources.cordis.source import Cordis
from graph_builder.sources.territory.source import TerritoryPackage
from ontology.errors import InputError
from ontology.model import EntityKind
from tests.graph_builder.cordis_zip import SEED, files, organization, partner, project, read_rows, text, write_zip

SHARED = Path(__file__).parents[3] / "shared" / "data" / "cordis" / "cordis-HORIZONprojects-csv.zip"
FOURTEEN = {
    "pic:874634160": 28,  # Université Marie et Louis Pasteur
    "pic:966036484": 6,  # Energy Cities
    "pic:998527604": 6,  # UTBM
    "pic:920180801": 4,  # UBFC
    "pic:937937136": 3,  # Mahytec
    "pic:994511901": 3,  # ENSMM
    "pic:953112495": 2,  # Statice
    "pic:951707256": 2,  # Aurea Technology
    "pic:985630484": 1,  # Sonaxis
    "pic:889051367": 1,  # Guillin Emballages
    "pic:886775456": 1,  # Mersen France Pontarlier
    "pic:882575259": 1,  # Tech Power Electronics
    "pic:882162524": 1,  # Mincatec Energy
    "pic:890079664": 1,  # Medinnpharma
}
"""Organisations in the focus and their projects, counted by hand in the full organization.csv."""


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    source = open_source(SEED)
    return in_memory(source.tables(), [source.info])


def test_counts_of_the_readme(snapshot: Snapshot) -> None:
    assert {name: len(read_rows(SEED / name)) for name in ("project.csv", "organization.csv", "euroSciVoc.csv")} == {
        "project.csv": 54,
        "organization.csv": 889,
        "euroSciVoc.csv": 105,
    }
    assert len(snapshot.entities(EntityKind.PROJECT)) == 54
    assert len(snapshot.entities(EntityKind.ORGANIZATION)) == 670
    assert snapshot.relations["predicate"].to_pylist().count("participatesIn") == 887
    page = (SEED / "README.md").read_text(encoding="utf-8")
    assert all(page.count(figure) >= 2 for figure in ("**14 organisations**", "**54 proj", "**670 organisations**", "**889 ", "887 participations"))


def test_the_fourteen(snapshot: Snapshot) -> None:
    outside = snapshot.values("outside")
    assert {actor for actor, value in outside.items() if value == "no"} == set(FOURTEEN)
    assert set(outside) == set(snapshot.entities(EntityKind.ORGANIZATION))
    projects = Counter(row["subject"] for row in snapshot.relations.to_pylist() if row["predicate"] == "participatesIn")
    assert {actor: projects[actor] for actor in FOURTEEN} == FOURTEEN
    assert set(snapshot.values("siren")) >= set(FOURTEEN)
    names = snapshot.values("name")
    readme = (SEED / "README.md").read_text(encoding="utf-8")
    assert all(names[actor].split()[0][:3] in readme.replace("É", "E") for actor in FOURTEEN)


def test_partners_elsewhere_are_not_recommended(snapshot: Snapshot) -> None:
    told, why = snapshot.values("recommendable"), snapshot.values("why_not")
    assert set(told) == set(why) == set(snapshot.entities(EntityKind.ORGANIZATION)) - set(FOURTEEN)
    assert (set(told.values()), set(why.values())) == ({"no"}, {"outside"})


def test_a_third_party_is_shown_and_ties_nobody(snapshot: Snapshot) -> None:
    """ENSMM is a third party in its three projects and nothing else."""
    rows = [row for row in snapshot.relations.to_pylist() if row["subject"] == "pic:994511901" and row["predicate"] == "participatesIn"]
    assert {dict(row["qualifiers"])["role"] for row in rows} == {"beneficiary"}
    graph = Graph(snapshot)
    assert graph.tie_matrix()[[graph.index["pic:994511901"]]].nnz == 0
    assert graph.tie_matrix()[[graph.index["pic:998527604"]]].nnz > 0


def test_nothing_in_it_knows_the_future_or_the_street() -> None:
    for file in FILES:
        columns = set(read_rows(SEED / file.name)[0])
        assert columns <= set(file.columns)
        assert not columns & (FUTURE | {"street"})


def test_it_validates_with_frictionless() -> None:
    from frictionless import Package

    report = Package(str(SEED / "datapackage.json")).validate()
    assert report.valid, report.flatten(["fieldName", "rowNumber", "type", "note"])[:5]
    assert len(report.tasks) == 3


def test_frictionless_finds_a_planted_fault(tmp_path: Path) -> None:
    from frictionless import Package

    copy = Path(shutil.copytree(SEED, tmp_path / "copy"))
    rows = (copy / "organization.csv").read_text(encoding="utf-8")
    (copy / "organization.csv").write_text(rows.replace('"101046667"', '"1010466670"', 1), encoding="utf-8")
    assert not Package(str(copy / "datapackage.json")).validate().valid


def test_it_is_cordis_and_the_territory_is_not() -> None:
    assert isinstance(open_source(SEED), Cordis)
    assert isinstance(open_source(SEED / "datapackage.json"), Cordis)
    assert isinstance(open_source(f"cordis:{SEED}"), Cordis)
    territory = open_source(SEED.parent / "nord-franche-comte")
    assert isinstance(territory, TerritoryPackage)
    names = [form.name for form in SOURCES]
    assert names.index("cordis") < names.index("territory")


@pytest.mark.parametrize(
    "focus",
    [
        [],
        "FR",
        {"country": "FR"},
        {"country": "FR", "nuts": "FRC2"},
        {"nuts": ["FRC2"]},
        {"country": "FR", "nuts": [""]},
        {"country": "FR", "nuts": [1]},
    ],
)
def test_a_focus_that_makes_no_sense(focus: object, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(SEED, tmp_path / "copy"))
    loaded = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    loaded["passerelle"]["focus"] = focus
    (copy / "datapackage.json").write_text(json.dumps(loaded), encoding="utf-8")
    with pytest.raises(InputError, match=r"datapackage\.json, column passerelle\.focus: not a country"):
        Cordis(copy).tables()


def test_a_broken_descriptor(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(SEED, tmp_path / "copy"))
    (copy / "datapackage.json").write_text("{", encoding="utf-8")
    source = Cordis(copy)
    assert source.name == "copy"
    (finding,) = source.validate()
    assert (finding.file, finding.found) == ("datapackage.json", "broken JSON")


# how it is made ------------------------------------------------------------------------------------------------------


def test_extraction_keeps_the_region_and_its_partners(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    projects = [project(), project(id="101000002"), project(id="101000003", ecSignatureDate="2023-05-01")]
    rows = [
        organization(),
        partner(),
        partner(projectID="101000002"),
        partner(projectID="101000003"),
        organization(projectID="101000003", organisationID="999000004", nutsCode="", postCode="25000", role="thirdParty"),
        organization(projectID="101000002", organisationID="999000005", nutsCode="", postCode="25000", country="ES"),
    ]
    download = write_zip(tmp_path / "cordis.zip", files(projects, rows))
    out = tmp_path / "out"
    assert main([str(download), str(out)]) == 0
    assert capsys.readouterr().out == "project.csv: 2 rows\norganization.csv: 4 rows\neuroSciVoc.csv: 1 rows\n"
    assert {row["id"] for row in read_rows(out / "project.csv")} == {"101000001", "101000003"}
    assert {row["organisationID"] for row in read_rows(out / "organization.csv")} == {"999000001", "999000002", "999000004"}
    assert json.loads((out / "datapackage.json").read_text(encoding="utf-8"))["created"] == "2023-05-01T00:00:00Z"
    assert Cordis(out).validate() == []


def test_extraction_refuses_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = write_zip(tmp_path / "cordis.zip", files(organizations=[partner()]))
    assert main([str(nobody), str(tmp_path / "out")]) == 2
    assert "no organisation in" in capsys.readouterr().err
    no_fields = write_zip(tmp_path / "less.zip", {"project.csv": text([project()]), "organization.csv": text([organization()])})
    assert main([str(no_fields), str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main([]) == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.shared_data
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_file(), reason="the full CORDIS download does not travel with the repository")
def test_the_package_is_what_the_extraction_makes(tmp_path: Path) -> None:
    extract(SHARED, tmp_path)
    for name in ("project.csv", "organization.csv", "euroSciVoc.csv", "datapackage.json"):
        assert (tmp_path / name).read_bytes() == (SEED / name).read_bytes(), name
