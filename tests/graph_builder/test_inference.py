from __future__ import annotations

import csv
import json
import random
from importlib.resources import files

import pytest

from graph_builder.canonical import canonical
from graph_builder.inference import RULE, infer, naf_skills, skills_of
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.sources import open_source
from graph_builder.tables import Filler, Tables, concatenate
from ontology.model import Basis, Confidence
from tests.graph_builder.seed_package import SEED


def vocabulary(fill: Filler) -> None:
    """Two sectors, two skills: enough to match 62.01Z and 25.61Z."""
    record = fill.record("v/words", sources=["source:v"])
    for sector, divisions in (("sector:digital", ("62", "63")), ("sector:metal", ("25",))):
        fill.attribute(sector, "type", "Sector", record)
        for division in divisions:
            fill.attribute(sector, "naf_divisions", division, record)
    for skill, naf in (("skill:software", "62.01Z"), ("skill:coating", "25.61Z")):
        (uri,) = skills_of(naf)
        fill.attribute(skill, "type", "Skill", record)
        fill.attribute(skill, "esco_uri", uri, record)


def actor(fill: Filler, name: str, *codes: str, published: str | None = "2026", kind: str = "Organization") -> None:
    record = fill.record(f"v/actors/{name}", sources=["source:v"], published=published)
    fill.attribute(name, "type", kind, record)
    for code in codes:
        fill.attribute(name, "naf", code, record)


def relations(tables: Tables) -> set[tuple[str, str, str]]:
    return {(row["subject"], row["predicate"], row["object"]) for row in tables.relations.to_pylist()}


def world(*codes: str, told: tuple[str, str] | None = None, basis: Basis = Basis.STATED) -> Tables:
    fill = Filler()
    vocabulary(fill)
    actor(fill, "a", *codes)
    if told:
        fill.relation("a", *told, fill.record("v/told", sources=["source:v"]), basis=basis)
    return fill.tables()


SECTOR, OFFER = ("a", "operatesInSector", "sector:digital"), ("a", "offersSkill", "skill:software")


def test_a_code_suggests_sectors_and_skills() -> None:
    added = infer(world("62.01Z"))
    assert relations(added) == {SECTOR, OFFER}
    assert {(row["basis"], row["confidence"]) for row in added.relations.to_pylist()} == {(Basis.INFERRED.value, Confidence.UNCERTAIN.value)}
    records = {row["record"]: row for row in added.records.to_pylist()}
    assert {row["record"] for row in added.relations.to_pylist()} == {"inference/naf/a"}
    assert records["inference/naf/a"]["sources"] == [RULE]
    assert records["inference/naf/a"]["published"] == "2026"


def test_the_rule_is_described_once() -> None:
    added = infer(world("62.01Z"))
    told = {row["predicate"]: row["value"] for row in added.attributes.to_pylist() if row["subject"] == RULE}
    assert told["type"] == "Source"
    assert told["name_fr"] != told["name_en"]
    assert set(told) == {"type", "name_fr", "name_en", "title"}
    whole = concatenate([world("62.01Z"), added])
    assert infer(whole).records.num_rows == 0
    assert infer(whole).attributes.num_rows == 0


@pytest.mark.parametrize("codes", [(), ("",), ("99.99Z",), ("informatique",), ("6",)])
def test_nothing_without_a_code_that_says_something(codes: tuple[str, ...]) -> None:
    added = infer(world(*codes))
    assert (added.records.num_rows, added.attributes.num_rows, added.relations.num_rows) == (0, 0, 0)


def test_what_is_stated_is_not_inferred() -> None:
    assert relations(infer(world("62.01Z", told=("operatesInSector", "sector:metal")))) == {OFFER}
    assert relations(infer(world("62.01Z", told=("offersSkill", "skill:software")))) == {SECTOR}
    assert relations(infer(world("62.01Z", told=("offersSkill", "skill:software"), basis=Basis.INFERRED))) == {SECTOR}
    assert relations(infer(world("62.01Z", told=("offersSkill", "skill:coating")))) == {SECTOR, OFFER}


def test_only_organisations_are_given_hypotheses() -> None:
    fill = Filler()
    vocabulary(fill)
    actor(fill, "p", "62.01Z", kind="Project")
    assert infer(fill.tables()).relations.num_rows == 0


def test_several_codes_add_up_and_the_newest_record_dates_them() -> None:
    fill = Filler()
    vocabulary(fill)
    actor(fill, "a", "62.01Z", published="2020")
    fill.attribute("a", "naf", "25.61Z", fill.record("v/again", published="2024"))
    added = infer(fill.tables())
    assert {obj for _, _, obj in relations(added)} == {"sector:digital", "sector:metal", "skill:software", "skill:coating"}
    assert {row["published"] for row in added.records.to_pylist() if row["record"] == "inference/naf/a"} == {"2024"}


def test_a_class_without_its_letter_and_a_longer_key() -> None:
    assert skills_of("62.01") == skills_of("62.01Z") != ()
    assert skills_of("33.20C") != skills_of("33.20A") != ()
    assert skills_of("27.31Z") != skills_of("27.32Z")
    assert skills_of("") == skills_of("xx") == skills_of("01.11Z") == ()


def test_the_order_of_rows_changes_nothing() -> None:
    fill = Filler()
    vocabulary(fill)
    for name in "bca":
        actor(fill, name, "62.01Z")
    tables = fill.tables()
    order = list(range(tables.attributes.num_rows))
    random.Random(3).shuffle(order)
    mixed = Tables(tables.records, tables.attributes.take(order), tables.relations)
    assert all(one.equals(other) for one, other in zip(infer(tables), infer(mixed), strict=True))


def test_every_line_of_the_resource_is_a_skill_of_the_seed() -> None:
    with (SEED / "skills.csv").open(encoding="utf-8", newline="") as file:
        known = {row["esco_uri"]: row["esco_label"] for row in csv.DictReader(file) if row["esco_uri"]}
    loaded = json.loads(files("graph_builder").joinpath("naf_skills.json").read_text(encoding="utf-8"))
    assert len(loaded) >= 40
    assert list(loaded) == sorted(loaded)
    for code, entry in loaded.items():
        assert entry["label_fr"], code
        assert entry["skills"], code
        for uri, label in entry["skills"].items():
            assert known.get(uri) == label, (code, label)
    assert set(naf_skills()) == set(loaded)


@pytest.fixture(scope="module")
def seed_with_firm() -> Snapshot:
    """The seed and one firm of each of two activities, with what is inferred of them."""
    source = open_source(SEED)
    fill = Filler()
    actor(fill, "firm", "62.01Z")
    actor(fill, "shop", "25.61Z")
    tables = concatenate([source.tables(), fill.tables()])
    return in_memory(concatenate([tables, infer(tables)]), [source.info])


def test_on_the_seed(seed_with_firm: Snapshot) -> None:
    assert "skill:software_dev" in seed_with_firm.lists("offersSkill")["firm"]
    assert "skill:surface_treat" in seed_with_firm.lists("offersSkill")["shop"]
    assert "sector:digital_eco" in seed_with_firm.lists("operatesInSector")["firm"]
    divisions = seed_with_firm.lists("naf_divisions")
    assert all("62" in divisions[sector] for sector in seed_with_firm.lists("operatesInSector")["firm"])


def test_the_seed_alone_gains_nothing() -> None:
    """Its actors state no activity code, so its digest stays what it is."""
    assert infer(open_source(SEED).tables()).records.num_rows == 0
    assert canonical(infer(open_source(SEED).tables())).relations.num_rows == 0
