"""The gate between a snapshot and ranking: which facts are known at a date, and which are held out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_builder.normalise import edtf_ok
from ontology.model import Confidence
from recommender.known import WEIGHT_OF_CONFIDENCE, Known, relation_days
from tests.recommender.world import ACTORS, World, statement_ids, world


def known_ties(as_of: date | None, **fact: str | None) -> int:
    w = World()
    w.tie(w.actor("a", ""), w.actor("b", ""), **fact)
    return sum(p == "collaboratesWith" for p in Known(w.snapshot(), as_of).relations["predicate"].to_pylist())


@pytest.mark.parametrize(
    ("edtf", "last"),
    [
        ("2019", date(2019, 12, 31)),
        ("2019-09", date(2019, 9, 30)),
        ("2019-09-03", date(2019, 9, 3)),
        ("2019~", date(2019, 12, 31)),
        ("201X", date(2019, 12, 31)),
        ("2017/2019", date(2019, 12, 31)),
    ],
)
def test_the_latest_possible_day_counts_and_strictly(edtf: str, last: date) -> None:
    assert known_ties(last, since=edtf) == 0
    assert known_ties(date.fromordinal(last.toordinal() + 1), since=edtf) == 1


def test_its_own_date_comes_before_that_of_its_record() -> None:
    assert known_ties(date(2020, 1, 1), since="2018", published="2024") == 1
    assert known_ties(date(2020, 1, 1), since="2024", published="2018") == 0
    assert known_ties(date(2020, 1, 1), since=None, published="2018") == 1


@pytest.mark.parametrize("since", ["2019/..", None])
def test_a_fact_without_a_last_day_is_left_out_and_counted(since: str | None) -> None:
    w = World()
    w.tie(w.actor("a", ""), w.actor("b", ""), since=since, published=None)
    assert Known(w.snapshot(), date(2090, 1, 1)).undated == 1
    assert known_ties(date(2090, 1, 1), since=since, published=None) == 0
    assert known_ties(None, since=since, published=None) == 1


def test_without_a_date_all_are_known_and_none_is_counted() -> None:
    snapshot = world().snapshot()
    known = Known(snapshot)
    assert len(known.relations) == len(snapshot.relations) and known.undated == 0


def test_held_out_statements_are_gone() -> None:
    snapshot = world().snapshot()
    ids = snapshot.relations["statement"].to_pylist()
    known = Known(snapshot, None, frozenset(ids[:5]))
    assert known.relations["statement"].to_pylist() == ids[5:]
    assert not known.has(ids[0]) and known.has(ids[5])
    assert Known(snapshot).has(ids[0])


def test_descriptions_are_facts_with_a_date_too() -> None:
    w = World()
    w.actor("a", "", "")
    w.describe("a", "Un texte.", "", "2020")
    snapshot = w.snapshot()
    statement = snapshot.attribute_statement("a", "description_fr")
    assert statement is not None
    record = snapshot.statement(statement).record
    assert Known(snapshot).knows_attribute(statement, record)
    assert Known(snapshot, date(2021, 1, 1)).knows_attribute(statement, record)
    assert not Known(snapshot, date(2020, 12, 31)).knows_attribute(statement, record)
    assert not Known(snapshot, None, frozenset({statement})).knows_attribute(statement, record)


def test_facts_are_columns_over_the_ids_given() -> None:
    snapshot = world().snapshot()
    facts = Known(snapshot).facts("offersSkill", {"gamma": 7, "lambda": 3}, {"skill:welding": 1, "skill:vision": 0})
    assert len(facts) == 2
    assert dict(zip(facts.subject.tolist(), facts.object.tolist(), strict=True)) == {7: 1, 3: 0}
    assert dict(zip(facts.subject.tolist(), facts.stated.tolist(), strict=True)) == {7: True, 3: False}
    assert dict(zip(facts.subject.tolist(), facts.weight.tolist(), strict=True)) == {7: 0.8, 3: 0.5}
    assert set(facts.statement) <= statement_ids(snapshot)
    assert len(Known(snapshot).facts("offersSkill", {}, {})) == 0


def test_every_confidence_has_a_weight_and_surer_weighs_more() -> None:
    assert [WEIGHT_OF_CONFIDENCE[c] for c in Confidence] == sorted((WEIGHT_OF_CONFIDENCE[c] for c in Confidence), reverse=True)


@given(st.from_regex(r"[12][09][0-9X]{2}(-[01][0-9])?[~?]?", fullmatch=True).filter(edtf_ok))
def test_any_date_of_the_vocabulary_is_read(edtf: str) -> None:
    w = World().vocabulary()
    w.need(w.actor("a", source_year=edtf), "welding", "recruit", published=edtf)
    context = w.context()
    day = relation_days(w.snapshot()).max()
    assert day > 0
    assert context.needs.facts[0].year.isdigit()
    assert context.actors.to_check[0] in ("", "old")


def test_the_world_has_the_actors_it_says() -> None:
    assert world().context().ids == ACTORS


def test_what_is_inferred_makes_no_tie_no_sector_and_no_group() -> None:
    told, guessed = world(), world()
    for predicate, obj in (("collaboratesWith", "zeta"), ("operatesInSector", "sector:culture"), ("partOf", "zeta")):
        guessed.relate("alpha", predicate, obj, stated=False)
    before, after = told.context(), guessed.context()
    assert before.ties.events == after.ties.events
    assert (before.sectors != after.sectors).nnz == 0
    assert (before.group != after.group).nnz == 0
