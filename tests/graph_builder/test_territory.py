from __future__ import annotations

import csv
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from graph_builder.sources import SOURCES, Source, open_source
from graph_builder.sources.territory.csv_file import Row, Table
from graph_builder.sources.territory.entities import ENTITY_TABLES
from graph_builder.sources.territory.relations import RELATION_TABLES
from graph_builder.sources.territory.schema import column_names, territory_schemas
from graph_builder.sources.territory.schema_check import FORMS
from graph_builder.sources.territory.source import TerritoryPackage, facts_of
from graph_builder.tables import Tables
from ontology import model
from ontology.errors import InputError
from ontology.model import EntityKind
from tests.graph_builder.seed_package import SEED, copy_seed, edit, get_cell, read_csv, set_cell, write_csv
from tests.graph_builder.source_contract import SourceContract


class TestTerritoryContract(SourceContract):
    minimum: ClassVar[Mapping[str, int]] = {
        "Organization": 270,
        "Project": 90,
        "Skill": 130,
        "Sector": 30,
        "Place": 197,
        "Source": 280,
        "ActorKind": 30,
        "StrategyItem": 17,
        "collaboratesWith": 75,
        "supplies": 10,
        "participatesIn": 340,
        "offersSkill": 600,
        "needsSkill": 330,
        "operatesInSector": 500,
        "locatedIn": 270,
        "about": 400,
        "broader": 130,
        "succeededBy": 5,
    }

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls) -> Source:
        return open_source(SEED)


@pytest.fixture(scope="session")
def seed_facts() -> Tables:
    return open_source(SEED).tables()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_seed(tmp_path / "copy")


def rows_of(facts: Tables) -> list[list[str]]:
    """The facts as a bag of rows, without the locators, which tell where a row stands."""
    return [sorted(map(repr, table.to_pylist())) for table in (facts.records.drop_columns(["locator"]), facts.attributes, facts.relations)]


def told(facts: Tables, **wanted: str) -> list[dict[str, object]]:
    """The relations of which the columns `wanted` have these values."""
    return [row for row in facts.relations.to_pylist() if all(row[column] == value for column, value in wanted.items())]


def values(facts: Tables, subject: str, predicate: str) -> list[tuple[str, str | None, str]]:
    rows = facts.attributes.to_pylist()
    return [(row["value"], row["lang"], row["confidence"]) for row in rows if (row["subject"], row["predicate"]) == (subject, predicate)]


def record(facts: Tables, key: str) -> dict[str, object]:
    (row,) = [row for row in facts.records.to_pylist() if row["record"] == key]
    return row


# the seed


def test_the_seed_has_no_error() -> None:
    assert [finding.line() for finding in TerritoryPackage(SEED).validate() if finding.severity == "error"] == []


def test_warnings_are_one_per_file_and_matter() -> None:
    warnings = [finding for finding in TerritoryPackage(SEED).validate() if finding.severity == "warning"]
    assert len({(w.file, w.column, w.accepted) for w in warnings}) == len(warnings)
    without = sum(not cells[read_csv(SEED / "actors.csv")[0].index("lat")] for cells in read_csv(SEED / "actors.csv")[1:])
    (found,) = [w.found for w in warnings if (w.file, w.column) == ("actors.csv", "lat")]
    assert found == f"{without} of {len(read_csv(SEED / 'actors.csv')) - 1} actors have no coordinates"


def test_info() -> None:
    info = open_source(SEED).info
    assert (info.name, info.title_fr, info.title_en) == ("nord-franche-comte", "Nord Franche-Comté", "Nord Franche-Comté")
    assert info.created.isoformat() == json.loads((SEED / "datapackage.json").read_text(encoding="utf-8"))["created"][:10]
    assert "Licence Ouverte" in info.licences


def test_each_row_is_a_record(seed_facts: Tables) -> None:
    """Counted again from the files, with nothing of the module under test."""
    expected = Counter({path.stem: len(read_csv(path)) - 1 for path in SEED.glob("*.csv") if path.stem != "relation_types"})
    found = Counter(key.split("/")[1] for key in seed_facts.records["record"].to_pylist())
    assert found - Counter(inference=2) == expected


def test_relations_are_counted_as_in_the_files(seed_facts: Tables) -> None:
    with (SEED / "actors.csv").open(encoding="utf-8", newline="") as file:
        actors = list(csv.DictReader(file))
    with (SEED / "relations.csv").open(encoding="utf-8", newline="") as file:
        relations = list(csv.DictReader(file))
    counts = Counter(seed_facts.relations["predicate"].to_pylist())
    assert counts["operatesInSector"] == sum(len(row["sectors"].split(";")) for row in actors)
    located = sum(row["predicate"] == "locatedIn" for row in relations)
    assert counts["locatedIn"] == located + sum(bool(row["commune"]) for row in actors)
    # every succeeded_by of actors.csv is told by relations.csv too, and appears once
    assert counts["succeededBy"] == sum(row["predicate"] == "succeededBy" for row in relations)


def test_facts_read_by_hand(seed_facts: Tables) -> None:
    """Rows of the seed, read by eye in the CSV files."""
    (row,) = told(seed_facts, subject="gbca", predicate="memberOf", object="pmnfc")
    assert (row["since"], row["until"], row["basis"], row["confidence"]) == ("2016", None, "stated", "verified")
    assert row["qualifiers"] == [("word", "membre_de")]
    source = record(seed_facts, str(row["record"]))
    assert (source["record"], source["sources"], source["published"]) == (
        "nord-franche-comte/relations/gbca|memberOf|pmnfc|",
        ["source:fb_pm"],
        "2018",
    )
    assert str(source["locator"]).startswith("relations.csv:")
    (row,) = told(seed_facts, subject="pma", predicate="participatesIn", object="p_tti")
    assert row["qualifiers"] == [("date_basis", "project"), ("role", "lead")]
    assert (row["since"], row["until"]) == ("2019", "2028")
    (row,) = told(seed_facts, subject="alstom_belfort", predicate="needsSkill", object="skill:welding")
    assert dict(row["qualifiers"])["need_type"] == "recruit"
    assert "soudeurs" in dict(row["qualifiers"])["paraphrase_fr"]
    assert record(seed_facts, str(row["record"]))["published"] == "2026"
    assert [r["object"] for r in told(seed_facts, subject="pmnfc", predicate="locatedIn")] == ["place:90010"]
    assert {r["object"] for r in told(seed_facts, subject="p_isthy", predicate="about")} == {
        *("sector:hydrogen", "sector:energy", "sector:transport"),
        *("skill:testing_cert", "skill:h2_storage"),
    }


def test_attributes_read_by_hand(seed_facts: Tables) -> None:
    assert values(seed_facts, "gbca", "type") == [("Organization", None, "verified")]
    assert values(seed_facts, "gbca", "kind") == [("kind:collectivite", None, "verified")]
    assert values(seed_facts, "gbca", "alt_name") == [("Grand Belfort", None, "verified")]
    assert values(seed_facts, "gbca", "lat") == [("47.64218", None, "verified")]
    assert values(seed_facts, "p_isthy", "project_type") == [("equipement", None, "verified")]
    assert [lang for _, lang, _ in values(seed_facts, "p_isthy", "name_en")] == ["en"]
    assert [lang for _, lang, _ in values(seed_facts, "gbca", "description_fr")] == ["fr"]
    assert values(seed_facts, "sector:iot", "naf_divisions") == [("26", None, "known"), ("61", None, "known"), ("62", None, "known")]
    assert values(seed_facts, "kind:eti_pme", "role") == [("company", None, "likely")]
    assert values(seed_facts, "place:luxeuil-les-bains", "name") == [("Luxeuil-les-Bains", None, "likely")]


def test_inferred_facts_cite_the_rule_alone(seed_facts: Tables) -> None:
    by_record = {row["record"]: row["sources"] for row in seed_facts.records.to_pylist()}
    rules = {(row["predicate"], *by_record[row["record"]]) for row in seed_facts.relations.to_pylist() if row["basis"] == "inferred"}
    assert rules == {("offersSkill", "source:inference-offer"), ("needsSkill", "source:inference-need")}
    assert values(seed_facts, "source:inference-need", "type") == [("Source", None, "known")]
    assert [lang for name in ("name_fr", "name_en") for _, lang, _ in values(seed_facts, "source:inference-need", name)] == ["fr", "en"]


# order, form of the files


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_of_rows_and_columns_changes_nothing(package: Path, seed_facts: Tables, seed: int) -> None:
    order = random.Random(seed)
    for path in sorted(package.glob("*.csv")):
        header, *rows = read_csv(path)
        order.shuffle(rows)
        columns = list(range(len(header)))
        order.shuffle(columns)
        write_csv(path, [[cells[i] for i in columns] for cells in [header, *rows]])
    assert read_csv(package / "actors.csv") != read_csv(SEED / "actors.csv")
    assert rows_of(open_source(package).tables()) == rows_of(seed_facts)


def test_order_of_list_cells_changes_nothing(package: Path, seed_facts: Tables) -> None:
    listed = get_cell(package / "actors.csv", 2, "sources").split(";")
    assert len(listed) > 1
    set_cell(package / "actors.csv", 2, "sources", ";".join(reversed(listed)))
    assert rows_of(open_source(package).tables()) == rows_of(seed_facts)


@pytest.mark.parametrize("change", ["bom", "crlf", "bom and crlf", "blank lines"])
def test_bom_crlf_and_blank_lines_are_fine(package: Path, seed_facts: Tables, change: str) -> None:
    for path in package.glob("*.csv"):
        raw = path.read_bytes()
        if "crlf" in change:
            raw = raw.replace(b"\n", b"\r\n")
        if "bom" in change:
            raw = b"\xef\xbb\xbf" + raw
        if "blank" in change:
            raw += b"\n\n"
        path.write_bytes(raw)
    assert rows_of(open_source(package).tables()) == rows_of(seed_facts)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '<b onclick="x">A & B</b>', "=HYPERLINK(A1)", "O'Neil; DROP TABLE", "a|b", "𝔘nicode 🚆"]
)
def test_markup_and_formulas_are_plain_text(package: Path, text: str) -> None:
    set_cell(package / "actors.csv", 3, "name", text)
    set_cell(package / "actors.csv", 3, "description_fr", f"Ligne 1, avec virgule\nligne 2 : {text}")
    source = open_source(package)
    assert [f for f in source.tables().attributes.to_pylist() if f["value"] == text and f["predicate"] == "name"]
    assert values(source.tables(), get_cell(package / "actors.csv", 3, "id"), "description_fr")[0][0].endswith(f"\nligne 2 : {text}")


def test_numbers_have_one_form(package: Path, seed_facts: Tables) -> None:
    set_cell(package / "actors.csv", 2, "lat", get_cell(package / "actors.csv", 2, "lat") + "00")
    set_cell(package / "actors.csv", 3, "lon", "7.0")
    facts = open_source(package).tables()
    actor = get_cell(package / "actors.csv", 2, "id")
    assert values(facts, actor, "lat") == values(seed_facts, actor, "lat")
    assert [value for value, _, _ in values(facts, get_cell(package / "actors.csv", 3, "id"), "lon")] == ["7"]


def test_a_successor_that_only_actors_csv_tells_is_a_relation(package: Path) -> None:
    set_cell(package / "actors.csv", 2, "succeeded_by", "gbca")
    actor = get_cell(package / "actors.csv", 2, "id")
    assert len(told(open_source(package).tables(), subject=actor, predicate="succeededBy", object="gbca")) == 1


def test_a_corrected_file_is_seen(package: Path) -> None:
    source = TerritoryPackage(package)
    name = get_cell(package / "actors.csv", 2, "name")
    set_cell(package / "actors.csv", 2, "name", "")
    with pytest.raises(InputError):
        source.tables()
    set_cell(package / "actors.csv", 2, "name", name)
    assert source.tables().records.num_rows > 0


def test_optional_tables_may_have_no_rows(package: Path) -> None:
    for name in ("needs", "needs_inferred", "strategy"):
        edit(package / f"{name}.csv", lambda rows: rows.__delitem__(slice(1, None)))
    source = TerritoryPackage(package)
    assert {f.file for f in source.validate() if "no rows" in f.found} == {"needs.csv", "needs_inferred.csv", "strategy.csv"}
    assert told(source.tables(), predicate="needsSkill") == []


# columns, and agreement with the ontology


def _tables() -> dict[str, Table]:
    tables = {}
    for name, schema in territory_schemas().items():
        header, *rows = read_csv(SEED / f"{name}.csv")
        cells = tuple(Row(line, dict(zip(header, row, strict=True))) for line, row in enumerate(rows, 2))
        tables[name] = Table(name, f"{name}.csv", column_names(schema), cells)
    return tables


def test_every_column_is_read() -> None:
    tables = _tables()
    assert set(ENTITY_TABLES) | set(RELATION_TABLES) | {"relation_types"} == set(tables)
    assert facts_of("x", tables)[1] == frozenset()


@pytest.mark.parametrize("name", ["actors", "relations", "needs", "skills"])
def test_a_column_that_nothing_reads_is_reported(name: str) -> None:
    tables = _tables()
    table = tables[name]
    rows = tuple(Row(row.line, {**row.cells, "colour": "blue"}) for row in table.rows)
    tables[name] = Table(name, table.file, (*table.columns, "colour"), rows)
    assert facts_of("x", tables)[1] == {(name, "colour")}


def _enum(table: str, column: str) -> set[str]:
    (field,) = [field for field in territory_schemas()[table]["fields"] if field["name"] == column]
    return set(field["constraints"]["enum"])


def _names(values: Iterable[str]) -> set[str]:
    return {str(value) for value in values}


def test_closed_lists_are_those_of_the_ontology() -> None:
    assert _enum("kinds", "org_kind") == _names(model.OrgKind)
    assert _enum("kinds", "role") == _names(model.Role)
    assert _enum("kinds", "partner") == _names(model.Partner)
    assert _enum("needs", "need_type") == _enum("needs_inferred", "need_type") == _names(model.NeedType)
    assert _enum("actors", "status") == _names(model.Status)
    assert _enum("participations", "role") == _names(model.ParticipationRole)
    assert _enum("relations", "role") == _names(model.RelationRole)
    for table in ("actors", "needs", "needs_inferred", "offers", "participations", "projects", "relations", "sectors", "skills"):
        assert _enum(table, "confidence") == _names(model.Confidence)
    between_actors = {name for name, p in model.PREDICATES.items() if EntityKind.ORGANIZATION in p.domain & p.range}
    assert _enum("relations", "predicate") == between_actors
    assert _enum("relation_types", "predicate") == {*between_actors, "participatesIn"}


def test_every_pattern_is_told_in_words() -> None:
    patterns = {f.get("constraints", {}).get("pattern") for schema in territory_schemas().values() for f in schema["fields"]} - {None}
    assert {p for p in patterns if p not in FORMS and not str(p).startswith("^(recruit|")} == set()


# opening


@pytest.mark.parametrize("form", ["{}", "territory:{}", "{}/datapackage.json", "territory:{}/datapackage.json"])
def test_open_source(package: Path, form: str) -> None:
    assert open_source(form.format(package)).name == "nord-franche-comte"


@pytest.mark.parametrize("form", ["{}/nothing", "territory:{}/nothing", "shapefile:{}", "", "{}/a\nb", "{}/\0", "{}/" + "x" * 5000])
def test_open_source_refuses_what_is_not_there(package: Path, form: str) -> None:
    with pytest.raises(InputError, match=r"no such file or folder; give a path, or FORMAT:PATH with FORMAT one of cordis, ") as refused:
        open_source(form.format(package))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("form", ["{}/README.md", "{}/.."])
def test_open_source_refuses_what_it_does_not_know(package: Path, form: str) -> None:
    with pytest.raises(InputError, match=r"not a known kind of data; give one of these \(.*; territory: a folder with datapackage.json; "):
        open_source(form.format(package))


def test_format_names_are_unique() -> None:
    assert len({form.name for form in SOURCES}) == len(SOURCES)


def test_a_package_without_the_columns_that_decide_who_is_recommended(tmp_path: Path) -> None:
    folder = copy_seed(tmp_path / "package")

    def drop(rows: list[list[str]]) -> None:
        for name in ("recommendable", "why_not"):
            column = rows[0].index(name)
            for row in rows:
                del row[column]

    edit(folder / "actors.csv", drop)
    package = TerritoryPackage(folder)
    assert [f for f in package.validate() if f.severity == "error"] == []
    assert "recommendable" not in set(package.tables().attributes["predicate"].to_pylist())


def test_a_package_without_english_labels(tmp_path: Path) -> None:
    folder = copy_seed(tmp_path / "package")
    for name in ("kinds.csv", "skills.csv", "sectors.csv"):

        def empty(rows: list[list[str]]) -> None:
            column = rows[0].index("label_en")
            for row in rows[1:]:
                row[column] = ""

        edit(folder / name, empty)
    assert [f for f in TerritoryPackage(folder).validate() if f.severity == "error"] == []
