"""Who could be recommended at all, and whether an answer stands among partners or among supports."""

from __future__ import annotations

import pytest

from ontology.model import NeedType, ParticipationRole, Status
from recommender.context import Context
from recommender.eligibility import eligible, is_support
from recommender.query import Query
from tests.recommender.world import World, at, world


def allowed(context: Context, actor: str | None = None) -> set[str]:
    query = Query(actor=None if actor is None else context.index[actor], text="?" if actor is None else None)
    return {context.ids[i] for i in eligible(context, query).nonzero()[0]}


def pair(**more: str) -> World:
    w = World().vocabulary()
    w.actor("a")
    w.actor("b", **more)
    return w


def test_the_world_by_hand() -> None:
    # alpha: not itself, not delta (tied), not kappa (not recommendable), not lambda (a part of it)
    assert allowed(world().context(), "alpha") == {"beta", "epsilon", "eta", "gamma", "iota", "mu", "theta", "zeta"}


def test_an_idea_may_meet_everyone_that_is_recommendable() -> None:
    assert allowed(world().context()) == {"alpha", "beta", "delta", "epsilon", "eta", "gamma", "iota", "lambda", "mu", "theta", "zeta"}


@pytest.mark.parametrize("status", [s.value for s in Status])
def test_the_package_decides(status: str) -> None:
    assert "b" in allowed(pair(recommendable="yes", status=status).context(), "a")
    assert "b" not in allowed(pair(recommendable="no", status=status).context(), "a")


@pytest.mark.parametrize(("status", "ok"), [("active", 1), ("unknown", 1), ("", 1), ("closed", 0), ("merged", 0), ("planned", 0), ("reduced", 0)])
def test_without_that_column_status_decides(status: str, ok: int) -> None:
    assert ("b" in allowed(pair(recommendable="", status=status).context(), "a")) == ok


def test_without_that_column_a_place_is_out() -> None:
    w = World().vocabulary()
    w.actor("a")
    w.actor("park", "parc", recommendable="")
    assert "park" not in allowed(w.context(), "a")


@pytest.mark.parametrize("role", [r.value for r in ParticipationRole])
def test_a_shared_project_ties_by_its_roles(role: str) -> None:
    w = pair()
    w.project("p", {"a": "lead", "b": role})
    tie = {"lead", "organiser", "operator", "partner", "contributor", "host", "user", "supplier"}
    assert ("b" in allowed(w.context(), "a")) == (role not in tie)


def test_a_project_that_does_not_count_ties_nobody() -> None:
    w = pair()
    w.project("p", {"a": "lead", "b": "partner"}, counts="no")
    assert "b" in allowed(w.context(), "a")


@pytest.mark.parametrize("predicate", ["collaboratesWith", "supplies"])
def test_tied_actors_are_known_already_in_both_directions(predicate: str) -> None:
    w = pair()
    w.tie("a", "b", predicate)
    assert "b" not in allowed(w.context(), "a") and "a" not in allowed(w.context(), "b")


@pytest.mark.parametrize(
    "predicate", ["memberOf", "supports", "funds", "hosts", "founded", "interestedIn", "trainsFor", "spunOffFrom", "succeededBy"]
)
def test_other_relations_tie_nobody(predicate: str) -> None:
    w = pair()
    w.relate("a", predicate, "b")
    assert "b" in allowed(w.context(), "a")


@pytest.mark.parametrize(
    ("predicate", "role", "same"),
    [
        ("partOf", "", True),
        ("owns", "", True),
        ("owns", "shareholder", False),
        ("governs", "operator", True),
        ("governs", "board_member", False),
        ("governs", "supervisor", False),
        ("governs", "", False),
        ("sameGroupAs", "", True),
    ],
)
def test_the_same_group(predicate: str, role: str, same: bool) -> None:
    w = pair()
    w.relate("a", predicate, "b", role=role)
    context = w.context()
    assert ("b" not in allowed(context, "a")) == same
    assert ("a" not in allowed(context, "b")) == same


def test_one_single_common_parent_makes_a_group() -> None:
    w = pair()
    w.actor("c")
    w.actor("d")
    w.relate("a", "partOf", "c")
    w.relate("c", "owns", "b")
    assert "b" not in allowed(w.context(), "a")
    w.relate("d", "owns", "b")  # two parents now
    assert "b" in allowed(w.context(), "a")


def test_above_through_any_number_of_steps() -> None:
    w = pair()
    w.actor("c")
    w.relate("a", "partOf", "c")
    w.relate("c", "partOf", "b")
    assert "b" not in allowed(w.context(), "a")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"status": "unknown"}, "status"),
        ({"source_year": ""}, "undated"),
        ({"source_year": "2020"}, "old"),
        ({"source_year": "2021"}, ""),  # five years before 2026 is still fresh
        ({}, ""),
    ],
)
def test_to_be_checked(more: dict[str, str], why: str) -> None:
    context = pair(**more).context()
    assert context.actors.to_check[1] == why
    assert "b" in allowed(context, "a")  # marked, not left out


@pytest.mark.parametrize("name", ["delta", "epsilon"])
def test_a_kind_of_support_stands_under_supports(name: str) -> None:
    context = world().context()
    assert is_support(context, Query(actor=at("zeta")), at(name)) and is_support(context, Query(text="?"), at(name))


@pytest.mark.parametrize("name", ["beta", "gamma", "mu", "theta", "zeta"])
def test_the_others_stand_under_partners(name: str) -> None:
    assert not is_support(world().context(), Query(actor=at("alpha")), at(name))


@pytest.mark.parametrize("need_type", [n.value for n in NeedType])
def test_funding_premises_and_partners_are_answered_under_supports(need_type: str) -> None:
    w = World().vocabulary()
    w.entity("kind:all", "ActorKind", role="company", partner="yes")
    for answer in NeedType:
        w.filler.attribute("kind:all", "offers_by_default", answer.value, w.record())
    w.need(w.actor("a"), "welding", need_type)
    w.offer(w.actor("b", "all"), "welding")
    context = w.context()
    assert is_support(context, Query(actor=0), 1) == (need_type in {"funding", "premises", "partners"})
    assert not is_support(context, Query(actor=1), 0)


def test_a_place_that_the_package_recommends_is_a_support() -> None:
    w = World().vocabulary()
    w.actor("a")
    w.actor("park", "parc", recommendable="yes")
    context = w.context()
    assert "park" in allowed(context, "a")
    assert is_support(context, Query(actor=context.index["a"]), context.index["park"])
