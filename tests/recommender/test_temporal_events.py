"""Dated events as columns: which rows count, from which day, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from graph_builder.snapshot import in_memory
from graph_builder.tables import Tables
from ontology.errors import QueryError
from recommender.temporal.events import PROGRAMME, Events, read_events
from tests.graph_builder.tiny import Info
from tests.recommender.temporal_world import DAY, Dated, crowd


def rows(events: Events) -> set[tuple[str, str, str, bool]]:
    return {
        (events.actors[a], events.events[e], str(d), bool(lead))
        for a, e, d, lead in zip(events.actor, events.event, events.day, events.lead, strict=True)
    }


def test_a_vague_day_counts_as_its_latest() -> None:
    dated = Dated()
    dated.project("p", "2020", {"a": "lead", "b": "partner"})
    dated.project("q", "2021-02", ["a"])
    assert rows(dated.events()) == {("a", "p", "2020-12-31", True), ("b", "p", "2020-12-31", False), ("a", "q", "2021-02-28", False)}


def test_a_participation_without_day_takes_that_of_its_record_or_is_left_out() -> None:
    dated = Dated()
    dated.project("p", None, ["a", "b"])
    dated.project("q", "2021-01-01", ["a"])
    dated.filler.relation("c", "participatesIn", "q", dated.record("2022-03-01"), qualifiers={"role": "partner"})
    dated.actor("c")
    events = dated.events()
    assert rows(events) == {("a", "q", "2021-01-01", False), ("c", "q", "2022-03-01", False)}
    assert events.undated == 2


def test_only_roles_that_make_ties_take_part() -> None:
    dated = Dated()
    dated.project("p", "2021-01-01", {"a": "lead", "b": "funder", "c": "beneficiary", "d": "host"})
    assert {row[0] for row in rows(dated.events())} == {"a", "d"}


def test_rows_of_one_pair_are_one_of_the_earliest_day() -> None:
    """The lead of a later day is not known on the earlier one."""
    dated = Dated()
    dated.project("p", "2021-01-01", {"a": "partner", "b": "lead"})
    late = dated.record("2022-01-01", [PROGRAMME])
    dated.filler.relation("a", "participatesIn", "p", late, since="2022-01-01", qualifiers={"role": "lead"})
    assert rows(dated.events()) == {("a", "p", "2021-01-01", False), ("b", "p", "2021-01-01", True)}


def test_the_programme_is_told_by_the_source_of_the_participation() -> None:
    dated = Dated()
    dated.project("p", "2021-01-01", ["a"])
    dated.project("q", "2021-01-01", ["b"], horizon=False)
    events = dated.events()
    assert events.programme == PROGRAMME
    assert {events.actors[a] for a in events.actor[events.eligible]} == {"a"}


def test_without_the_programme_every_event_makes_eligible() -> None:
    dated = Dated()
    dated.project("p", "2021-01-01", ["a"], horizon=False)
    assert dated.events().programme is None and dated.events().eligible.all()


def test_no_dates_at_all() -> None:
    dated = Dated()
    dated.project("p", None, ["a", "b"])
    with pytest.raises(QueryError, match="none of the 2 participations in projects is dated"):
        dated.events()


def test_no_participation_at_all() -> None:
    dated = Dated()
    dated.actor("a")
    with pytest.raises(QueryError, match="no actor takes part in a project"):
        dated.events()


def test_before_keeps_what_is_dated_strictly_before() -> None:
    dated = Dated()
    for day in ("2021-12-31", "2022-01-01"):
        dated.project(day, day, ["a"], f"text of {day}")
    dated.tell("2021-12-31", "keywords", "told later", "2022-05-01")
    dated.tell("2021-12-31", "keywords", "never dated", None)
    cut = dated.events().before(DAY("2022-01-01"))
    assert {row[1] for row in rows(cut)} == {"2021-12-31"}
    assert cut.of_events["description_en"].value.tolist() == ["text of 2021-12-31"]
    assert cut.of_events["keywords"].value.tolist() == []


def test_the_value_first_seen_stays() -> None:
    dated = Dated()
    dated.project("p", "2021-01-01", ["a", "b"])
    for value, day in (("kind:later", "2022-01-01"), ("kind:z", "2020-01-01"), ("kind:y", "2020-01-01")):
        dated.tell("a", "kind", value, day)
    events = dated.events()
    assert {events.actors[k]: v for k, v in events.of_actors["kind"].first().items()} == {"a": "kind:y"}


def test_the_order_of_rows_changes_nothing() -> None:
    tables = crowd().tables()
    rng = np.random.default_rng(1)
    mixed = Tables(*(table.take(rng.permutation(table.num_rows)) for table in tables))
    one, other = (read_events(in_memory(t, [Info()])) for t in (tables, mixed))
    assert rows(one) == rows(other) and one.actors == other.actors and one.events == other.events
