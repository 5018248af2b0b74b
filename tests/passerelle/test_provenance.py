"""Sources with what rests on them, coverage, and every fact with where it was read: on small graphs whose answers are known by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from graph_builder.pipeline import build
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler
from ontology.errors import QueryError
from ontology.model import ATTRIBUTES, PREDICATES, Basis, Confidence
from passerelle.ecosystem import Ecosystem
from passerelle.fact_words import GROUPS, attribute_text, group_of, place_of, qualifier_text
from passerelle.packages import brought, name_of, titles
from passerelle.presenting import Presenter
from passerelle.provenance import coverage, facts_about, source_rows
from recommender.answers import Text
from recommender.context import Context
from tests.graph_builder.seed_package import SEED
from tests.graph_builder.tiny import Info


def by_hand() -> Snapshot:
    """Three actors, one outside; two sources and a rule."""
    filler = Filler()
    for name, year in (("paper", "2021"), ("old", None), ("inference-need", None)):
        record = filler.record(f"tiny/sources/{name}", locator=f"sources.csv:{name}", sources=[f"source:{name}"])
        filler.attribute(f"source:{name}", "type", "Source", record)
        filler.attribute(f"source:{name}", "title", f"Title of {name}", record)
        if year:
            filler.attribute(f"source:{name}", "year", year, record)
            filler.attribute(f"source:{name}", "licence", "CC BY 4.0", record)
    for skill in ("skill:welding",):
        record = filler.record("tiny/skills/welding", locator="skills.csv:2", sources=["source:old"])
        filler.attribute(skill, "type", "Skill", record)
        filler.attribute(skill, "label_fr", "Soudage", record)
        filler.attribute(skill, "label_en", "Welding", record)
    for actor in ("a", "b", "far"):
        record = filler.record(f"tiny/actors/{actor}", locator=f"actors.csv:{actor}", sources=["source:paper"], published="2021")
        filler.attribute(actor, "type", "Organization", record)
        filler.attribute(actor, "name", f"Actor {actor}", record)
        filler.attribute(actor, "recommendable", "yes", record)
        if actor == "a":
            filler.attribute(actor, "source_year", "2021", record)
    record = filler.record("tiny/actors/far-outside", locator="actors.csv:9", sources=["source:paper"], published="2021")
    filler.attribute("far", "outside", "yes", record)
    record = filler.record("tiny/relations/1", locator="relations.csv:2", sources=["source:paper", "source:old"], published="2021")
    filler.relation("a", "collaboratesWith", "b", record, since="2019", until="2020", qualifiers={"role": "joint_lab"})
    filler.relation("b", "supplies", "a", record)
    filler.relation("a", "offersSkill", "skill:welding", record)
    record = filler.record("tiny/needs/1", locator="needs.csv:2", sources=["source:inference-need"])
    filler.relation(
        "b", "needsSkill", "skill:welding", record, basis=Basis.INFERRED, confidence=Confidence.UNCERTAIN, qualifiers={"need_type": "recruit"}
    )
    return in_memory(filler.tables(), [Info()])


@pytest.fixture(scope="module")
def presenter() -> Presenter:
    snapshot = by_hand()
    return Presenter(snapshot, Context.at(snapshot))


def test_sources_by_hand(presenter: Presenter) -> None:
    """paper: 11 facts of actors, 3 relations, 4 of its own; old: 3 relations, 2 of its own and 3 of the skill; the rule: 1 need, 2 of its own."""
    found = {row.source.key: row for row in source_rows(presenter)}
    assert {key: (row.facts, row.actors, row.age, row.licence, row.rule) for key, row in found.items()} == {
        "paper": (18, 3, 5, "CC BY 4.0", False),
        "old": (8, 2, None, None, False),
        "inference-need": (3, 1, None, None, True),
    }
    assert [row.source.key for row in source_rows(presenter)] == ["paper", "old", "inference-need"]
    assert {row.package for row in found.values()} == {"tiny"}


def test_coverage_by_hand(presenter: Presenter) -> None:
    """Two actors are in view: both have a tie, one has a dated source and offers a skill, none has a stated need."""
    told = {part.key: (part.known, part.of) for part in coverage(presenter)}
    assert {key: told[key] for key in ("ties", "dated", "offers", "needs", "website")} == {
        "ties": (2, 2),
        "dated": (1, 2),
        "offers": (1, 2),
        "needs": (0, 2),
        "website": (0, 2),
    }


def test_facts_by_hand(presenter: Presenter) -> None:
    rows = facts_about(presenter, "a")
    assert [(row.what.en, row.value.en, row.when, row.locator) for row in rows if row.group in ("skills", "links")] == [
        ("offers", "Welding", None, "relations.csv:2"),
        ("works with", "Actor b (Joint laboratory)", "2019 / 2020", "relations.csv:2"),
        ("supplies", "Actor b → Actor a", None, "relations.csv:2"),
    ]
    tie = next(row for row in rows if row.what.en == "works with")
    assert [source.key for source in tie.sources] == ["old", "paper"] or [source.key for source in tie.sources] == ["paper", "old"]
    assert tie.record == "tiny/relations/1" and presenter.snapshot.statement(tie.statement).object == "b"
    assert next(row for row in rows if row.what.fr == "peut être proposé").value == Text("oui", "yes")


def test_a_symmetric_relation_reads_the_same_from_both_sides(presenter: Presenter) -> None:
    values = [row.value.fr for row in facts_about(presenter, "b") if row.what.fr == "travaille avec"]
    assert values == ["Actor a (Laboratoire commun)"]


def test_what_a_rule_inferred_stays_inferred(presenter: Presenter) -> None:
    need = next(row for row in facts_about(presenter, "b") if row.what.fr == "cherche")
    assert (need.basis, need.value.fr, need.sources[0].key) == ("inferred", "Soudage (Recruter)", "inference-need")


@pytest.mark.parametrize("entity", ["", "nobody", "source:nothing"])
def test_nothing_is_known_of_an_unknown_entity(presenter: Presenter, entity: str) -> None:
    with pytest.raises(QueryError, match="nothing is known of"):
        facts_about(presenter, entity)


def test_packages_by_hand(presenter: Presenter) -> None:
    snapshot = presenter.snapshot
    assert brought(snapshot, "tiny") == (("a", "Actor a"), ("b", "Actor b"), ("far", "Actor far"))
    assert brought(snapshot, "tin") == brought(snapshot, "") == ()
    assert titles(snapshot) == {"tiny": Text("Petit territoire", "Tiny territory")}
    assert (name_of(snapshot, "a").fr, name_of(snapshot, "nobody").fr) == ("Actor a", "nobody")


def test_every_predicate_has_a_group_and_groups_stay_together() -> None:
    names = sorted((*ATTRIBUTES, *PREDICATES), key=place_of)
    groups = [group_of(name) for name in names]
    assert groups == sorted(groups, key=GROUPS.index) and set(groups) == set(GROUPS)
    assert names[0] == "name"


def test_codes_and_qualifiers_in_words() -> None:
    assert attribute_text("geo_precision", "commune_centroid") == Text("centre de la commune", "centre of the commune")
    assert attribute_text("tie_reason", "status_annonce") == Text("annoncé", "announced")
    assert attribute_text("status", "closed").fr == "Fermé"
    assert attribute_text("recommendable", "no") == Text("non", "no")
    assert attribute_text("name", "yes") == Text("yes", "yes"), "a text is not translated"
    assert attribute_text("geo_precision", "new code") == Text("new code", "new code")
    assert qualifier_text("needsSkill", {"need_type": "train"}) != qualifier_text("needsSkill", {"need_type": "recruit"})
    assert qualifier_text("needsSkill", {"word": "so"}) is None


@pytest.mark.slow
def test_the_territory_adds_up(tmp_path: Path) -> None:
    """Each statement is counted once for each source of its record; every fact has a source; codes are told in words."""
    build([SEED], tmp_path / "home")
    known = Ecosystem.open(tmp_path / "home")
    snapshot = known.snapshot
    sources = dict(zip(snapshot.records["record"].to_pylist(), snapshot.records["sources"].to_pylist(), strict=True))
    expected: Counter[str] = Counter()
    for table in (snapshot.attributes, snapshot.relations):
        for record in table["record"].to_pylist():
            expected.update(source.removeprefix("source:") for source in sources[record])
    assert {row.source.key: row.facts for row in known.sources()} == expected
    for entity in ("utbm", "alstom_belfort", known.projects()[0][0]):
        facts = known.facts_about(entity)
        assert all(fact.sources and fact.locator for fact in facts)
        assert len({fact.statement for fact in facts}) == len(facts)
    coded = {"geo_precision", "date_precision", "project_type", "project_status", "tie_reason", "why_not"}
    untold = {
        (row["predicate"], row["value"])
        for row in snapshot.attributes.to_pylist()
        if row["predicate"] in coded and attribute_text(row["predicate"], row["value"]).fr == row["value"] and "_" in row["value"]
    }
    assert untold == set()
