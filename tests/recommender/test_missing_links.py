"""The strongest missing links: who may stand in them, how diverse they are, that they are always the same."""

from __future__ import annotations

from collections import Counter
from math import ceil

import numpy as np
import pytest

from recommender.eligibility import eligible, is_support
from recommender.landscape.missing_links import MOST_SHARE, missing_links
from recommender.query import Query
from recommender.ranking import ExpertRanker
from recommender.recommend import NO_REASON_ALONE, Recommender
from tests.recommender.world import World, crowd, open_world, world


@pytest.fixture(scope="module")
def many() -> Recommender:
    return open_world(crowd(60))


@pytest.mark.parametrize("k", [1, 5, 20, 40])
def test_both_ends_are_partners_and_one_is_inside(many: Recommender, k: int) -> None:
    context, links = many.context, missing_links(many, k)
    assert 0 < len(links) <= k
    for link in links:
        a, b = context.index[link.a], context.index[link.b]
        assert context.actors.partner[a] == context.actors.partner[b] == "yes"
        assert context.actors.inside[a] or context.actors.inside[b]
        assert context.actors.recommendable[a] and context.actors.recommendable[b]
        assert context.ties.matrix[a, b] == 0 and context.group[a, b] == 0 and a != b
        assert eligible(context, Query(actor=a))[b] and eligible(context, Query(actor=b))[a]
        assert not is_support(context, Query(actor=a), b) and not is_support(context, Query(actor=b), a)


@pytest.mark.parametrize("k", [1, 5, 10, 11, 20, 40])
def test_nobody_fills_the_list(many: Recommender, k: int) -> None:
    links = missing_links(many, k)
    shown = Counter(x for link in links for x in (link.a, link.b))
    assert max(shown.values()) <= ceil(MOST_SHARE * k)


def test_ranks_reasons_and_bands(many: Recommender) -> None:
    links = missing_links(many, 20)
    assert [link.rank for link in links] == list(range(1, len(links) + 1))
    assert len({frozenset((link.a, link.b)) for link in links}) == len(links)
    for link in links:
        assert any(e.signal not in NO_REASON_ALONE for e in link.evidence)
        assert 0 <= link.score <= 1
        assert link.gains.subject.fr and link.gains.partner.en


def test_the_same_each_time(many: Recommender) -> None:
    assert missing_links(many, 15) == missing_links(open_world(crowd(60)), 15)


def test_repeated_kinds_give_way(many: Recommender) -> None:
    links, context = missing_links(many, 20), many.context
    kinds = Counter(tuple(sorted((context.actors.kind[context.index[x.a]], context.actors.kind[context.index[x.b]]))) for x in links)
    assert len(kinds) > 3


def test_a_filter_holds(many: Recommender) -> None:
    role = many.context.actors.role

    def keep(a: int, b: int) -> bool:
        return {role[a], role[b]} == {"company", "research"}

    links = missing_links(many, 20, keep)
    assert links
    assert all(keep(many.context.index[x.a], many.context.index[x.b]) for x in links)
    assert missing_links(many, 20, lambda a, b: False) == ()


def pair(place: str = "belfort", kind: str = "labo", need_type: str = "rd") -> World:
    """Two actors with a very good reason to meet, the second one in a place and of a kind."""
    w = World().vocabulary()
    w.need(w.actor("a", "pme", "dijon", sectors=["energy"]), "welding", need_type)
    w.need("a", "robots", need_type)
    w.offer(w.actor("b", kind, place, sectors=["rail"]), "welding", "robots")
    for name in ("c", "d", "e"):
        w.actor(name, "asso", "")
    return w


def links_of(w: World) -> list[tuple[str, str]]:
    return [(x.a, x.b) for x in missing_links(open_world(w), 5)]


def test_the_pair_is_found_and_why_not() -> None:
    assert links_of(pair()) == [("a", "b")]
    assert links_of(pair(place="dijon")) == []  # none inside
    assert links_of(pair(place="")) == []  # not known to be inside
    assert links_of(pair(kind="cluster", need_type="other")) == []  # a support
    assert links_of(pair(kind="ville", need_type="premises")) == []  # all it answers is premises


def test_a_tie_or_a_group_is_no_missing_link() -> None:
    tied, group, out = pair(), pair(), pair()
    tied.tie("b", "a")
    group.relate("b", "sameGroupAs", "a")
    assert links_of(tied) == links_of(group) == []
    out.actor("f", "labo", recommendable="no")
    out.offer("f", "welding", "robots")
    assert links_of(out) == [("a", "b")]


def test_no_reason_no_link() -> None:
    recommender = open_world(crowd(60), {"nearness": 9.0, "shared_sectors": 9.0, "activity": 9.0})
    assert missing_links(recommender, 20) == ()


def test_nobody_there() -> None:
    context = World().vocabulary().context()
    assert missing_links(Recommender(context, np.zeros(0, dtype=np.int64), ExpertRanker())) == ()


def test_the_small_world_has_its_links() -> None:
    found = missing_links(open_world(world()), 10)
    assert ("alpha", "beta") in [(x.a, x.b) for x in found]
    assert all(x.km is None or x.km >= 0 for x in found)


def test_a_pair_has_one_score(many: Recommender) -> None:
    """Every feature is the same from both sides, so the list, and either actor's own page, say the same word."""
    told = np.isfinite(many.matrix)
    np.testing.assert_array_equal(told, told.T)
    np.testing.assert_allclose(many.matrix[told], many.matrix.T[told], atol=1e-9)
    for link in missing_links(many, 10):
        a, b = many.context.index[link.a], many.context.index[link.b]
        assert link.score == pytest.approx(1 / (1 + np.exp(-many.matrix[b, a])), abs=1e-4)
