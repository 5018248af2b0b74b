"""The package of CSV tables: what Frictionless says of it, and the tables for people."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from graph_builder.exports import write_export
from graph_builder.exports.package_format import STATEMENT_TABLES
from graph_builder.exports.rows import ENTITY_SHEETS, RELATION_SHEETS, sheets
from graph_builder.snapshot import Snapshot, in_memory
from ontology.model import PREDICATES, EntityKind
from tests.graph_builder.hostile import LINES, NAMES, hostile, hostile_tables
from tests.graph_builder.tiny import Info, seed


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def exported(snapshot: Snapshot, tmp_path: Path) -> Path:
    return write_export("csv", snapshot, tmp_path / "out").path


@pytest.mark.parametrize("snapshot", [hostile(), seed()], ids=["hostile", "seed"])
def test_frictionless_finds_no_fault(snapshot: Snapshot, tmp_path: Path) -> None:
    import frictionless

    folder = exported(snapshot, tmp_path)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:5]
    assert {task.name for task in report.tasks} == {path.stem for path in folder.glob("*.csv")}


def test_frictionless_would_find_one(tmp_path: Path) -> None:
    import frictionless

    folder = exported(hostile(), tmp_path)
    path = folder / "attributes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",verified,", ",sure,", 1), encoding="utf-8", newline="")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


TINY = {"name": "tiny", "title_fr": "Petit territoire", "title_en": "Tiny territory"}


def test_the_descriptor_carries_the_mark(tmp_path: Path) -> None:
    loaded = json.loads((exported(hostile(), tmp_path) / "datapackage.json").read_text(encoding="utf-8"))
    assert loaded["profile"] == "data-package"
    assert loaded["passerelle"] == {
        "format": 1,
        "digest": hostile().digest,
        "packages": [
            {"name": "tiny", "title_fr": "Petit territoire", "title_en": "Tiny territory", "created": "2026-03-01", "version": "1.0", "licences": ""}
        ],
    }
    assert [resource["name"] for resource in loaded["resources"]][:3] == list(STATEMENT_TABLES)


def test_every_fact_is_in_the_exact_tables(tmp_path: Path) -> None:
    folder = exported(seed(), tmp_path)
    for name, columns in STATEMENT_TABLES.items():
        table = rows(folder / f"{name}.csv")
        assert len(table) == getattr(seed(), name).num_rows
        assert tuple(table[0]) == columns
    assert rows(folder / "records.csv")[1]["locator"].startswith("actors.csv:")


def test_lists_and_maps_are_json(tmp_path: Path) -> None:
    folder = exported(hostile(), tmp_path)
    by_record = {row["record"]: row for row in rows(folder / "records.csv")}
    assert json.loads(by_record["tiny/actors/formula, 0"]["sources"]) == ["source:a", "source:b"]
    assert by_record["tiny/words"]["sources"] == ""
    assert by_record["tiny/sources/a"]["retrieved"] == "2026-02-03"
    need = next(row for row in rows(folder / "relations.csv") if row["predicate"] == "needsSkill")
    assert json.loads(need["qualifiers"]) == {"need_type": "rd", "paraphrase_fr": LINES}


def test_tables_for_people_have_names_beside_ids(tmp_path: Path) -> None:
    folder = exported(hostile(), tmp_path)
    actor = {row["id"]: row for row in rows(folder / "actors.csv")}["scripts"]
    assert actor["name"] == NAMES["scripts"]
    assert (actor["kind"], actor["kind_en"], actor["role"]) == ("kind:pme", "ActorKind in summer", "company")
    assert (actor["place"], actor["place_names_fr"], actor["sectors"], actor["sectors_names_en"]) == (
        "place:90010",
        "Belfort",
        "sector:rail",
        "Sector in summer",
    )
    assert (actor["lat"], actor["lon"], actor["sources"]) == ("47.4", "-6.4", "source:a | source:b")
    offer = rows(folder / "offers.csv")[0]
    assert (offer["actor"], offer["actor_name"], offer["skill"], offer["skill_name_en"]) == (
        "scripts",
        NAMES["scripts"],
        "skill:weld",
        "Skill in summer",
    )
    assert (offer["basis"], offer["sources"]) == ("inferred", "source:inference-offer")
    ties = rows(folder / "ties.csv")
    assert [(tie["predicate_fr"], tie["since"], tie["sources"], tie["role"]) for tie in sorted(ties, key=lambda tie: tie["since"])] == [
        ("travaille avec", "2018", "source:b", "joint_lab"),
        ("travaille avec", "2019~", "source:c", ""),
    ]


def test_tables_for_people_run_no_formula(tmp_path: Path) -> None:
    folder = exported(hostile(), tmp_path)
    names = {row["id"]: row["name"] for row in rows(folder / "actors.csv")}
    for key in ("formula", "minus", "at", "plus"):
        assert names[key] == f"'{NAMES[key]}"
    assert names["markup"] == NAMES["markup"]


@pytest.mark.parametrize("snapshot", [hostile(), seed()], ids=["hostile", "seed"])
def test_each_entity_and_relation_is_in_one_table(snapshot: Snapshot) -> None:
    read = {sheet.name: list(sheet.rows()) for sheet in sheets(snapshot)}
    for sheet in sheets(snapshot):
        assert len(read[sheet.name]) == sheet.count > 0
        assert all(len(row) == len(sheet.columns) for row in read[sheet.name])
        assert len({column.name for column in sheet.columns}) == len(sheet.columns)
    for kind, (name, _, _) in ENTITY_SHEETS.items():
        assert [row[0] for row in read.get(name, [])] == snapshot.entities(kind)
    statements = [row[-1] for relating in RELATION_SHEETS for row in read.get(relating.name, [])]
    assert sorted(map(str, statements)) == sorted(snapshot.relations["statement"].to_pylist())


def test_the_vocabulary_has_its_tables() -> None:
    assert set(ENTITY_SHEETS) == set(EntityKind)
    placed = [predicate for relating in RELATION_SHEETS for predicate in relating.predicates]
    assert sorted(placed) == sorted(PREDICATES)
    names = [name for name, _, _ in ENTITY_SHEETS.values()] + [relating.name for relating in RELATION_SHEETS] + list(STATEMENT_TABLES)
    assert len(names) == len(set(names))


def test_several_packages_are_one_export(tmp_path: Path) -> None:
    snapshot = in_memory(hostile_tables(), [Info(), Info("other", version="")])
    loaded = json.loads((exported(snapshot, tmp_path) / "datapackage.json").read_text(encoding="utf-8"))
    assert loaded["name"] == "other--tiny"
    assert [entry["name"] for entry in loaded["passerelle"]["packages"]] == ["other", "tiny"]
