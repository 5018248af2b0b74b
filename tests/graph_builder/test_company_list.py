from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_builder.canonical import canonical
from graph_builder.snapshot import in_memory
from graph_builder.sources import Source, open_source
from graph_builder.sources.company_list import sheet
from graph_builder.sources.company_list.mapping import FIELDS, mapping_yaml
from graph_builder.sources.company_list.mapping_reader import read_mapping
from graph_builder.sources.company_list.persons import REASONS
from graph_builder.sources.company_list.sheet_xlsx import MAX_RATIO, MAX_UNPACKED_BYTES
from graph_builder.sources.company_list.source import CompanyList, preview
from graph_builder.sources.source import UNDATED
from graph_builder.sources.territory.facts import plain_number
from graph_builder.tables import Tables
from ontology.errors import InputError
from tests.graph_builder.lists.make_list import COUNTS, rows, siren, siret, write_list
from tests.graph_builder.source_contract import SourceContract

MAPPING = """\
name: numerique-2026
title_fr: Entreprises du numérique (inventées)
title_en: Digital firms (invented)
source: {title: Liste inventée, url: "https://example.org/liste", publisher: Essai, licence: etalab-2.0, redistribution: facts, year: 2026}
columns:
  siren: siren
  siret: siret
  name: denominationUniteLegale
  alt_name: [sigleUniteLegale, enseigne1Etablissement]
  naf: activitePrincipaleUniteLegale
  commune: libelleCommuneEtablissement
  insee: codeCommuneEtablissement
  postcode: codePostalEtablissement
  address: [numeroVoieEtablissement, typeVoieEtablissement, libelleVoieEtablissement]
  legal_form: categorieJuridiqueUniteLegale
  status: statutDiffusionUniteLegale
  state: etatAdministratifUniteLegale
  head_office: etablissementSiege
kind: entreprise_numerique
keep: {naf: ["62", "63"], departement: ["25", "90", "70"]}
"""


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 300 invented rows, without a mapping."""
    return write_list(tmp_path_factory.mktemp("list") / "annuaire.csv")


def write(folder: Path, text: str, name: str = "list.csv", mapping: str = "", encoding: str = "utf-8") -> CompanyList:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding=encoding)
    if mapping:
        (folder / name).with_suffix(".yaml").write_text(mapping, encoding="utf-8")
    return CompanyList(folder / name)


def attributes(tables: Tables, subject: str) -> dict[str, str]:
    return {row["predicate"]: row["value"] for row in tables.attributes.to_pylist() if row["subject"] == subject}


def actors(tables: Tables) -> list[str]:
    return sorted(r["subject"] for r in tables.attributes.to_pylist() if (r["predicate"], r["value"]) == ("type", "Organization"))


def facts(tables: Tables) -> list[object]:
    """Everything that enters the digest."""
    one = canonical(tables)
    return [one.attributes.to_pylist(), one.relations.to_pylist(), one.records.drop_columns(["locator"]).to_pylist()]


def warnings(source: CompanyList) -> str:
    assert all(f.severity == "warning" for f in source.validate()), source.validate()
    return "\n".join(finding.line() for finding in source.validate())


class TestCompanyList(SourceContract):
    minimum: ClassVar[Mapping[str, int]] = {"Organization": 214, "Place": 6, "Source": 1, "locatedIn": 214}

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls, tmp_path_factory: pytest.TempPathFactory) -> Source:
        path = write_list(tmp_path_factory.mktemp("mapped") / "liste.csv")
        path.with_suffix(".yaml").write_text(MAPPING, encoding="utf-8")
        return open_source(path)


class TestGuessedXlsx(SourceContract):
    minimum: ClassVar[Mapping[str, int]] = {"Organization": 234, "Place": 7, "Source": 1, "ActorKind": 1, "locatedIn": 234}

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls, tmp_path_factory: pytest.TempPathFactory) -> Source:
        return open_source(f"list:{workbook(tmp_path_factory.mktemp('xlsx') / 'liste.xlsx', rows())}")


def workbook(path: Path, content: list[dict[str, str]], above: Iterable[str] = (), first: str = "") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if first:
        sheet.title = first
        sheet = book.create_sheet("données")
    for line in above:
        sheet.append([line])
    sheet.append(list(content[0]))
    for row in content:
        sheet.append(list(row.values()))
    book.save(path)
    return path


# what becomes of every row -------------------------------------------------------------------------------------------


def test_counts_of_the_official_layout(official: Path) -> None:
    told = preview(official)
    assert told.counts == {"rows": 300, "actors": 234, "persons": 40, "undisclosed": 12, "joined": 14, "filtered": 0, "unnamed": 0, "closed": 12}
    assert told.persons == {"legal_form_code": 24, "legal_form_words": 5, "name_pattern": 5, "no_denomination": 6}
    assert sum(COUNTS[name] for name in COUNTS if name.startswith("person")) == 40
    assert len(told.rows) == 20
    assert told.rows[0]["line"] == "2"
    assert "nomUniteLegale" in told.personal and "prenom1UniteLegale" in told.personal
    assert "nic" in told.unread
    guessed = {guess.field: guess.column for guess in told.columns if guess.confidence == "sure"}
    assert guessed["name"] == "denominationUniteLegale"
    assert guessed["insee"] == "codeCommuneEtablissement"


def test_rows_not_to_be_published_are_no_persons(tmp_path: Path) -> None:
    source = write(tmp_path, "nom,statutDiffusionUniteLegale,forme juridique\nLumen,N,SAS\nFanal,P,SA\nPhare,O,SA\nDupont,O,EI\n")
    told = source.preview()
    assert told.counts is not None
    assert (told.counts["persons"], told.counts["undisclosed"], told.counts["actors"]) == (1, 2, 1)
    assert told.persons == {"legal_form_words": 1}
    said = [finding.found for finding in told.findings]
    assert sum(text.startswith("1 row of natural persons") for text in said) == 1
    assert sum(text.startswith("2 rows not to be published") for text in said) == 1


def test_rows_of_one_siren_under_two_names_are_not_called_joined(tmp_path: Path) -> None:
    rows = [f"Lumen,{siren(1)}", f"Fanal,{siren(1)}", f"Phare,{siren(2)}", f"Phare,{siren(2)}", f"Lumen SAS,{siren(1)}"]
    counts = write(tmp_path, "nom,siren\n" + "\n".join(rows) + "\n").preview().counts
    assert counts is not None
    assert (counts["rows"], counts["actors"], counts["joined"]) == (5, 4, 1)
    assert counts["rows"] == sum(counts[key] for key in ("actors", "persons", "undisclosed", "joined", "filtered", "unnamed"))


def test_rows_sum_up(official: Path) -> None:
    counts = preview(official).counts
    assert counts is not None
    assert counts["rows"] == sum(counts[key] for key in ("actors", "persons", "undisclosed", "joined", "filtered", "unnamed"))


def test_the_mapping_keeps_what_it_says(tmp_path: Path, official: Path) -> None:
    source = write(tmp_path, official.read_text(encoding="utf-8"), mapping=MAPPING)
    counts = source.preview().counts
    assert counts is not None
    assert (counts["actors"], counts["filtered"]) == (214, 20)
    tables = source.tables()
    told = [attributes(tables, actor) for actor in actors(tables)]
    assert {one["naf"][:2] for one in told} == {"62", "63"}
    assert {one["postcode"][:2] for one in told} == {"25", "90", "70"}
    assert {one["kind"] for one in told} == {"kind:entreprise_numerique"}
    assert {one["source_year"] for one in told} == {"2026"}


def test_nothing_of_a_person_is_in_the_tables(official: Path) -> None:
    people = {row["nomUniteLegale"] for row in rows()} - {""}
    assert people
    tables = CompanyList(official).tables()
    values = " ".join(tables.attributes["value"].to_pylist() + tables.attributes["subject"].to_pylist()).upper()
    assert [name for name in people if name in values] == []
    findings = " ".join(finding.line() for finding in CompanyList(official).validate()).upper()
    assert [name for name in people if name in findings] == []


def test_one_company_in_full(tmp_path: Path) -> None:
    number = siren(1)
    text = (
        "siren;nom;sigle;naf;ville;code_insee;cp;adresse;site;description;forme juridique;etat_administratif;lat;lon\n"
        f"{number[:3]} {number[3:6]} {number[6:]};Lumen Exemple;LEX;6201Z;BELFORT CEDEX 9;90010;90000;1 rue des Essais;www.example.org/a;"
        "Fait des logiciels;SAS, société par actions simplifiée;A;47,64;6.850\n"
    )
    tables = write(tmp_path, text, "liste-2025.csv").tables()
    subject = f"siren:{number}"
    assert attributes(tables, subject) == {
        "type": "Organization",
        "kind": "kind:entreprise",
        "status": "active",
        "source_year": "2025",
        "name": "Lumen Exemple",
        "alt_name": "LEX",
        "siren": number,
        "naf": "62.01Z",
        "legal_form": "SAS, société par actions simplifiée",
        "address": "1 rue des Essais",
        "postcode": "90000",
        "website": "https://www.example.org/a",
        "description_fr": "Fait des logiciels",
        "lat": "47.64",
        "lon": plain_number("6.850"),
    }
    assert attributes(tables, "place:90010") == {"type": "Place", "name": "BELFORT", "insee": "90010", "departement": "90", "country": "FR"}
    assert [(r["subject"], r["predicate"], r["object"]) for r in tables.relations.to_pylist()] == [(subject, "locatedIn", "place:90010")]
    assert attributes(tables, "kind:entreprise")["role"] == "company"
    assert set(tables.records["published"].to_pylist()) == {"2025"}
    assert set(tables.attributes["confidence"].to_pylist()) == {"likely"}


def test_identity_by_siret_vat_and_name(tmp_path: Path) -> None:
    text = (
        "nom,siret,tva,ville\n"
        f"Par Siret,{siret(siren(1), 3)},,Delle\n"
        "Par TVA,,FR 40 303 265 045,Delle\n"  # the example of the French tax office's documentation
        "Sans numéro,,,Delle\n"
        f"Deux numéros,{siret(siren(2), 1)},FR40303265045,Delle\n"
    )
    source = write(tmp_path, text)
    assert actors(source.tables()) == sorted([f"siren:{siren(1)}", "siren:303265045", "list:sans-numero--delle", "list:deux-numeros--delle"])
    assert "no SIREN is kept for this row" in warnings(source)


def test_a_wrong_check_digit_drops_the_number_alone(tmp_path: Path) -> None:
    wrong = siren(1)[:-1] + str((int(siren(1)[-1]) + 1) % 10)
    source = write(tmp_path, f"nom,siren,ville\nLumen Exemple,{wrong},Delle\n")
    assert actors(source.tables()) == ["list:lumen-exemple--delle"]
    assert f"line 2, column siren: '{wrong}' is no SIREN" in warnings(source)


def test_establishments_are_one_actor_at_the_open_head_office(tmp_path: Path) -> None:
    number = siren(5)
    text = (
        "siren,denomination,enseigne,libelle_commune,code_commune,etat_administratif,est_siege,site_web\n"
        f"{number},LUMEN EXEMPLE,Lumen Delle,Delle,90033,A,False,https://example.org\n"
        f"{number},Lumen Exemple SAS,,Belfort,90010,A,True,\n"
        f"{number},Lumen  Exemple,,Montbéliard,25388,F,True,\n"
    )
    source = write(tmp_path, text)
    tables = source.tables()
    told = attributes(tables, f"siren:{number}")
    assert (told["name"], told["status"], told["website"], told["alt_name"]) == ("Lumen Exemple SAS", "active", "https://example.org", "Lumen Delle")
    assert [row["object"] for row in tables.relations.to_pylist()] == ["place:90010"]
    assert "stands on the lines 2, 3, 4: establishments of one company" in warnings(source)


def test_closed_when_all_sites_are(tmp_path: Path) -> None:
    text = f"siren,nom,etat_administratif\n{siren(1)},Lumen A,C\n{siren(1)},Lumen A,F\n{siren(2)},Lumen B,\n{siren(3)},Lumen C,A\n"
    tables = write(tmp_path, text).tables()
    assert [attributes(tables, f"siren:{siren(n)}")["status"] for n in (1, 2, 3)] == ["closed", "unknown", "active"]


def test_a_siren_with_two_names_is_an_error(tmp_path: Path) -> None:
    source = write(tmp_path, f"nom,siren\nLumen Exemple,{siren(1)}\nAutre Nom,{siren(2)}\nFanal Essai,{siren(1)}\n")
    with pytest.raises(InputError) as refused:
        source.tables()
    (found,) = [finding for finding in refused.value.findings if finding.severity == "error"]
    assert (found.row, found.column) == (4, "siren")
    assert "'Lumen Exemple' (line 2) and 'Fanal Essai' (line 4)" in found.found


def test_another_name_of_the_same_company_is_no_second_name(tmp_path: Path) -> None:
    text = f"nom,sigle,siren\nSociété Lumen Exemple SAS,LEX,{siren(1)}\nLEX,,{siren(1)}\nlumen exemple,,{siren(1)}\n"
    assert actors(write(tmp_path, text).tables()) == [f"siren:{siren(1)}"]


def test_contact_details_and_persons_in_cells_are_left_out_and_not_repeated(tmp_path: Path) -> None:
    text = (
        "nom,description,adresse,site,enseigne,telephone,email,contact\n"
        "Lumen Exemple,Écrire à julie@example.org,chez Mme Fictival,https://example.org,Julie FICTIVAL,03 84 00 00 01,j@example.org,Julie Fictival\n"
        "Fanal Essai,Appeler le 03 84 00 00 02,2 rue des Essais,,,,,\n"
    )
    source = write(tmp_path, text)
    told = attributes(source.tables(), "list:lumen-exemple--")
    assert {"description_fr", "address", "alt_name"}.isdisjoint(told)
    assert attributes(source.tables(), "list:fanal-essai--")["address"] == "2 rue des Essais"
    said = warnings(source)
    assert "line 2, column description: the cell holds an e-mail address" in said
    assert "line 3, column description: the cell holds a telephone number" in said
    assert "line 2, column adresse: the cell seems to name a person" in said
    assert "julie" not in said.lower() and "fictival" not in said.lower() and "03 84" not in said
    assert source.preview().personal == ("telephone", "email", "contact")


def test_cells_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    text = (
        "nom,naf,code_insee,site,lat,lon,kind,ville\n"
        "Lumen Exemple,informatique,9001,javascript:alert(1),47,,Grande Entreprise,Belfort\n"
        ",62.01Z,90010,,,,,Belfort\n"
        '"***",62.01Z,90010,,,,,Belfort\n'
    )
    source = write(tmp_path, text)
    said = warnings(source)
    for column in ("naf", "code_insee", "site", "lat", "kind"):
        assert f"line 2, column {column}: " in said
    assert "line 3, column nom: the row names no company" in said
    assert "line 4, column nom: the row names no company" in said
    assert source.preview().counts == {"rows": 3, "actors": 1, "persons": 0, "undisclosed": 0, "joined": 0, "filtered": 0, "unnamed": 2, "closed": 0}
    assert set(attributes(source.tables(), "list:lumen-exemple--belfort")) == {"type", "name", "kind", "status"}


def test_a_place_has_the_name_that_most_rows_write(tmp_path: Path) -> None:
    text = "nom,ville,insee\nA Un,BELFORT,90010\nB Deux,Belfort,90010\nC Trois,Belfort,90010\nD Quatre,Delémont,\n"
    tables = write(tmp_path, text).tables()
    assert attributes(tables, "place:90010")["name"] == "Belfort"
    assert attributes(tables, "place:delemont") == {"type": "Place", "name": "Delémont"}


def test_the_year_is_told_by_the_mapping_the_file_or_nobody(tmp_path: Path) -> None:
    assert write(tmp_path / "a", "nom\nLumen\n").info.created == UNDATED
    assert "no year is told" in warnings(write(tmp_path / "a", "nom\nLumen\n"))
    assert write(tmp_path / "b", "nom\nLumen\n", "membres_2025.csv").info.created.year == 2025
    source = write(tmp_path / "c", "nom\nLumen\n", "membres_2025.csv", "source: {year: 2024}\n")
    assert source.info.created.year == 2024
    assert set(source.tables().records["published"].to_pylist()) == {"2024"}


def test_a_list_says_its_source(tmp_path: Path, official: Path) -> None:
    source = write(tmp_path, official.read_text(encoding="utf-8"), mapping=MAPPING)
    assert attributes(source.tables(), "source:numerique-2026") == {
        "type": "Source",
        "title": "Liste inventée",
        "url": "https://example.org/liste",
        "publisher": "Essai",
        "licence": "etalab-2.0",
        "redistribution": "facts",
        "year": "2026",
    }
    assert source.info.licences == "etalab-2.0"
    assert "right to give the facts on" not in warnings(source)
    assert "right to give the facts on" in warnings(CompanyList(official))


def test_a_list_beside_the_seed_is_one_snapshot(tmp_path: Path, official: Path) -> None:
    source = write(tmp_path, official.read_text(encoding="utf-8"), mapping=MAPPING)
    snapshot = in_memory(source.tables(), [source.info])
    assert len(snapshot.entities("Organization")) == 214  # type: ignore[arg-type]
    assert snapshot.reference_year == 2026


# the same facts, however they are written ----------------------------------------------------------------------------


def shuffled(content: list[dict[str, str]], chance: random.Random) -> list[dict[str, str]]:
    columns = list(content[0])
    chance.shuffle(columns)
    mixed = [{column: row[column] for column in columns} for row in content]
    chance.shuffle(mixed)
    return mixed


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("mapped", [False, True])
def test_the_order_of_rows_and_columns_changes_no_fact(tmp_path: Path, official: Path, seed: int, mapped: bool) -> None:
    mapping = MAPPING if mapped else "name: liste\n"
    expected = write(tmp_path / "one", official.read_text(encoding="utf-8"), mapping=mapping).tables()
    path = write_list(tmp_path / "one" / "list.csv", shuffled(rows(), random.Random(seed)))
    assert facts(CompanyList(path).tables()) == facts(expected)


CELL = st.sampled_from(
    ["", "A", "C", "F", "Belfort", "90010", "62.01Z", siren(1), siren(2), "Lumen", "LUMEN SAS", "Fanal", "true", "https://example.org"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.lists(st.lists(CELL, min_size=7, max_size=7), min_size=1, max_size=8), order=st.randoms(use_true_random=False))
def test_order_changes_nothing_for_rows_of_one_company(tmp_path: Path, content: list[list[str]], order: random.Random) -> None:
    """Either both orders are refused, or both give the same facts."""
    header = ["siren", "nom", "enseigne", "ville", "insee", "etat_administratif", "est_siege"]
    columns = "siren: siren, name: nom, alt_name: enseigne, commune: ville, insee: insee, state: etat_administratif, head_office: est_siege"
    outcomes = []
    for _ in range(2):
        with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *content])
        (tmp_path / "list.yaml").write_text(f"name: l\ncolumns: {{{columns}}}", encoding="utf-8")
        try:
            outcomes.append(facts(CompanyList(tmp_path / "list.csv").tables()))
        except InputError as refused:
            outcomes.append([finding.found.split("stands for")[0] for finding in refused.findings if finding.severity == "error"])
        order.shuffle(content)
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_encodings_and_delimiters_change_no_fact(tmp_path: Path, official: Path, delimiter: str, encoding: str) -> None:
    path = write_list(tmp_path / "annuaire.csv", encoding=encoding, delimiter=delimiter)
    assert facts(CompanyList(path).tables()) == facts(CompanyList(official).tables())
    assert ("read as Windows-1252" in warnings(CompanyList(path))) == (encoding == "windows-1252")


def test_line_ends_titles_and_sep_change_no_fact(tmp_path: Path, official: Path) -> None:
    text = official.read_text(encoding="utf-8")
    expected = facts(CompanyList(official).tables())
    unix = write(tmp_path / "a", text.replace("\r\n", "\n"), "annuaire.csv")
    titled = write(tmp_path / "b", "Liste des entreprises inventées\n\n" + text, "annuaire.csv")
    excel = write(tmp_path / "c", "sep=,\n" + text, "annuaire.csv")
    assert facts(unix.tables()) == facts(titled.tables()) == facts(excel.tables()) == expected
    assert "a title above the columns: 'Liste des entreprises inventées'" in warnings(titled)


def test_a_workbook_says_the_same_as_the_csv(tmp_path: Path, official: Path) -> None:
    path = workbook(tmp_path / "annuaire.xlsx", rows(), above=["Entreprises inventées"])
    assert facts(CompanyList(path).tables()) != facts(CompanyList(official).tables())  # the source is titled by its file
    mapping = "name: annuaire\ntitle_fr: x\nsource: {title: x}\n"
    path.with_suffix(".yaml").write_text(mapping, encoding="utf-8")
    beside = write(tmp_path / "b", official.read_text(encoding="utf-8"), "annuaire.csv", mapping)
    assert facts(CompanyList(path).tables()) == facts(beside.tables())


def test_numbers_dates_and_errors_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["siren", "nom", "cp", "naf", "site"])
    sheet.append([303265045, "Lumen Exemple", 90000.0, "62.01Z", "#N/A"])
    sheet.append([None, None, None, None, None])
    sheet["H900"] = None
    book.save(tmp_path / "l.xlsx")
    source = CompanyList(tmp_path / "l.xlsx")
    told = attributes(source.tables(), "siren:303265045")
    assert (told["postcode"], told["naf"], "website" in told) == ("90000", "62.01Z", False)
    assert source.preview().counts is not None
    assert source.preview().counts["rows"] == 1  # type: ignore[index]


def test_the_sheet_that_the_mapping_names(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx", [{"nom": "Lumen", "ville": "Delle"}], first="lisez-moi")
    path.with_suffix(".yml").write_text("sheet: données\n", encoding="utf-8")
    assert actors(CompanyList(path).tables()) == ["l:lumen--delle"]
    path.with_suffix(".yml").write_text("sheet: donnees\n", encoding="utf-8")
    (found,) = [finding for finding in CompanyList(path).validate() if finding.severity == "error"]
    assert "'donnees'" in found.found and "lisez-moi, données" in found.accepted


def test_a_guess_written_down_reads_the_same(tmp_path: Path, official: Path) -> None:
    guessed = preview(official).mapping
    assert guessed is not None
    path = tmp_path / "annuaire.yaml"
    path.write_text(mapping_yaml(guessed), encoding="utf-8")
    again, findings = read_mapping(path)
    assert findings == []
    assert again == guessed
    mapped = write(tmp_path, official.read_text(encoding="utf-8"), "annuaire.csv")
    assert facts(mapped.tables()) == facts(CompanyList(official).tables())


# the page that explains it -------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "company-lists.md"


def test_the_page_names_every_key_reason_and_limit() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for key, (fr, en) in FIELDS.items():
        assert f"| `{key}` | {en} | {fr} |" in text
    assert all(f"`{reason}`" in text for reason in REASONS)
    assert all(f"`{encoding}`" in text for encoding in sheet.ENCODINGS)
    limits = f"{sheet.MAX_FILE_BYTES // 10**6} MB, {sheet.MAX_ROWS:,} rows, {sheet.MAX_COLUMNS} columns, {sheet.MAX_CELL:,} characters"
    assert limits in text
    assert f"unpack to {MAX_UNPACKED_BYTES // 10**6} MB" in text and f"{MAX_RATIO} times its packed size" in text


def test_the_example_of_the_page_reads_the_official_layout(tmp_path: Path, official: Path) -> None:
    example = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    source = write(tmp_path, official.read_text(encoding="utf-8"), mapping=example)
    assert all(
        "stands on the lines" in f.found or "is no SIRE" in f.found or "natural persons" in f.found or "not to be published" in f.found
        for f in source.validate()
    )
    assert len(actors(source.tables())) == 214
