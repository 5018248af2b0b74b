"""The lists that are served: who stands in them, in which order, with which reasons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.answers import Recommendation
from recommender.eligibility import eligible, is_support
from recommender.query import Query
from recommender.ranking import ExpertRanker
from recommender.recommend import LEAST_CONTRIBUTION, LEAST_LOG_ODDS, MOST_REASONS, NO_REASON_ALONE, VAGUE, Recommender
from tests.recommender.world import World, at, crowd, open_world, world


@pytest.fixture(scope="module")
def small() -> Recommender:
    return open_world(world())


@pytest.fixture(scope="module")
def many() -> Recommender:
    return open_world(crowd())


IDEA = Query(text="Réservoir et turbine", skills=("skill:hydrogen", "skill:robots"))


def queries(recommender: Recommender) -> list[Query]:
    return [*(Query(actor=a) for a in range(recommender.context.size)), IDEA]


@pytest.mark.parametrize("k", [1, 3, 10])
def test_k_counts_each_list_and_ranks_run_from_one(many: Recommender, k: int) -> None:
    full = 0
    for query in queries(many):
        for answers in many.recommend(query, k):
            assert len(answers) <= k
            assert [a.rank for a in answers] == list(range(1, len(answers) + 1))
            full += len(answers) == k
    assert full


def test_a_longer_list_begins_with_the_shorter(many: Recommender) -> None:
    for query in queries(many)[::5]:
        for short, long in zip(many.recommend(query, 3), many.recommend(query, 10), strict=True):
            assert long[: len(short)] == short


def test_each_stands_where_it_belongs(many: Recommender) -> None:
    for query in queries(many):
        ok = eligible(many.context, query)
        for supports, answers in enumerate(many.recommend(query)):
            for answer in answers:
                candidate = many.context.index[answer.partner]
                assert ok[candidate]
                assert is_support(many.context, query, candidate) == bool(supports)


def test_nobody_stands_twice(many: Recommender) -> None:
    for query in queries(many):
        partners, supports = many.recommend(query)
        names = [a.partner for a in (*partners, *supports)]
        assert len(set(names)) == len(names)


def test_reasons_are_sorted_bounded_and_never_padded(many: Recommender) -> None:
    lengths = set()
    for query in queries(many):
        for answer in (a for answers in many.recommend(query) for a in answers):
            reasons = answer.evidence
            lengths.add(len(reasons))
            assert 1 <= len(reasons) <= MOST_REASONS
            assert len({e.signal for e in reasons}) == len(reasons)
            assert all(e.contribution >= LEAST_CONTRIBUTION for e in reasons)
            assert list(reasons) == sorted(reasons, key=lambda e: (e.signal in VAGUE, -e.contribution))
            assert not all(e.signal in NO_REASON_ALONE - ({"meaning"} if query.actor is None else set()) for e in reasons)
    assert 1 in lengths  # an actor with one reason is shown with one


def test_score_band_and_basis(many: Recommender) -> None:
    for query in queries(many)[::3]:
        scored = many.score(query)
        log_odds = dict(zip(scored.candidates.tolist(), scored.log_odds.tolist(), strict=True))
        for answer in (a for answers in many.recommend(query) for a in answers):
            value = log_odds[many.context.index[answer.partner]]
            assert value >= LEAST_LOG_ODDS
            assert answer.score == pytest.approx(1 / (1 + np.exp(-value)), abs=1e-4)
            assert answer.band == ("strong" if answer.score >= 0.7 else "serious" if answer.score >= 0.4 else "explore")
            assert answer.probability is None and answer.basis == "expert"


def test_contributions_are_those_of_the_score(many: Recommender) -> None:
    query = Query(actor=0)
    scored = many.score(query)
    for answer in (a for answers in many.recommend(query) for a in answers):
        row = scored.contributions[scored.candidates.tolist().index(many.context.index[answer.partner])]
        told = dict(zip((s.name for s in scored.signals), row.round(3).tolist(), strict=True))
        assert {e.signal: e.contribution for e in answer.evidence}.items() <= told.items()


def test_the_order_is_log_odds_less_the_adjustment(many: Recommender) -> None:
    query = Query(actor=3)
    scored = many.score(query)
    value = dict(zip(scored.candidates.tolist(), (scored.log_odds - many.adjustment[scored.candidates]).tolist(), strict=True))
    for answers in many.recommend(query):
        served = [value[many.context.index[a.partner]] for a in answers]
        assert served == sorted(served, reverse=True)


def test_an_idea_is_ranked_by_its_score(many: Recommender) -> None:
    for answers in many.recommend(IDEA):
        scores = [a.score for a in answers]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "weights",
    [
        {"nearness": 9.0},
        {"shared_sectors": 9.0},
        {"nearness": 9.0, "shared_sectors": 9.0},
        {"vector_cosine": 90.0},
        {"activity": 9.0, "research_company": 9.0},  # they weigh, and say nothing
        {},
    ],
)
def test_without_a_reason_that_stands_by_itself_nobody_is_recommended(weights: dict[str, float]) -> None:
    recommender = open_world(crowd(), weights)
    assert all(recommender.recommend(Query(actor=a)) == ((), ()) for a in range(0, 40, 4))


def test_distance_is_said_beside_a_reason() -> None:
    partners, _ = open_world(world(), {"need_met": 9.0, "nearness": 9.0}).recommend(Query(actor=at("alpha")))
    assert [(a.partner, [e.signal for e in a.evidence]) for a in partners] == [("beta", ["need", "distance"])]


def test_a_close_meaning_may_be_all_there_is_for_an_idea() -> None:
    w = World().vocabulary()
    for k in range(12):
        w.actor(f"a{k:02}", text=(f"mot{k}", f"word{k}"))
    recommender = open_world(w)
    partners, _ = replace(recommender, ranker=ExpertRanker()).recommend(Query(text="mot3"))
    assert [a.partner for a in partners[:1]] in ([], ["a03"])
    assert all(e.signal in ("meaning", "words") for a in partners for e in a.evidence)


def test_very_low_scores_are_not_recommended() -> None:
    # a need of type other is met, but nothing else: 3 x .6 x .864881 - 4 = -2.44, under -2.2
    w = World().vocabulary()
    w.need(w.actor("a", "asso", ""), "welding", "other", published="2010")
    w.offer(w.actor("b", "asso", ""), "welding")
    recommender = open_world(w)
    assert recommender.score(Query(actor=0)).log_odds[0] < LEAST_LOG_ODDS
    assert recommender.recommend(Query(actor=0)) == ((), ())


def test_an_actor_nobody_knows_anything_of(small: Recommender) -> None:
    partners, supports = small.recommend(Query(actor=at("theta")))
    assert partners == () and supports == ()
    w = World().vocabulary()
    w.actor("only", "", "")
    assert open_world(w).recommend(Query(actor=0)) == ((), ())


def test_an_idea_has_no_subject_no_distance_and_no_question(small: Recommender) -> None:
    partners, supports = small.recommend(Query(text="Stocker l'hydrogène", skills=("skill:hydrogen",)))
    assert partners[0].partner in ("beta", "alpha")
    assert {a.partner for a in supports} == {"delta", "epsilon", "iota"}
    for answer in (*partners, *supports):
        assert answer.subject is None and answer.km is None and answer.questions == ()


def test_an_idea_that_nothing_matches(small: Recommender) -> None:
    assert small.recommend(Query(text="xyzzy")) == ((), ())


def test_a_filter_keeps_out_and_lets_the_next_ones_in(many: Recommender) -> None:
    query = Query(actor=0)
    before = many.recommend(query, 3)
    banned = many.context.index[before[0][0].partner]
    after = many.recommend(query, 3, keep=lambda c: c != banned)
    assert [a.partner for a in after[0][:2]] == [a.partner for a in before[0][1:]]
    assert len(after[0]) == 3
    assert many.recommend(query, keep=lambda c: False) == ((), ())


def test_the_dial_moves_towards_bridges(many: Recommender) -> None:
    def bridging(explore: float) -> float:
        total = 0.0
        for a in range(many.context.size):
            partners, _ = many.recommend(Query(actor=a), 5, explore=explore)
            total += many.bridging(a, np.asarray([many.context.index[p.partner] for p in partners], dtype=int)).sum()
        return total

    levels = [bridging(e) for e in (0.0, 0.5, 1.0)]
    assert levels[0] < levels[1] < levels[2]


def test_the_dial_changes_no_score_and_no_reason(many: Recommender) -> None:
    def cards(explore: float) -> dict[str, Recommendation]:
        partners, supports = many.recommend(Query(actor=2), 40, explore=explore)
        return {a.partner: replace(a, rank=0) for a in (*partners, *supports)}

    assert cards(0.0) == cards(1.0)


def test_bridging_by_hand() -> None:
    # labels: alpha and beta in one cluster, gamma in another, theta in none
    labels = np.zeros(12, dtype=np.int64)
    labels[at("gamma")], labels[at("theta")] = 1, -1
    recommender = Recommender(world().context(), labels, ExpertRanker())
    found = recommender.bridging(at("alpha"), np.asarray([at("lambda"), at("beta"), at("gamma"), at("theta")]))
    # lambda: same cluster, shared sector, same role; beta: another role; gamma: cluster, no shared sector, role; theta: in no cluster,
    # another role, and sectors that nobody told are no difference
    np.testing.assert_allclose(found, [0, 0.2, 0.85, 0.55])


def test_one_edit_is_seen() -> None:
    before, _ = open_world(world()).recommend(Query(actor=at("zeta")))
    assert "eta" in [a.partner for a in before]  # eta needs vision
    w = world()
    w.need("mu", "vision", "digital", paraphrase_fr="La ville veut une visite guidée.", paraphrase_en="The town wants a guided tour.")
    after, _ = open_world(w).recommend(Query(actor=at("zeta")))
    card = next(a for a in after if a.partner == "mu")
    assert all(e.signal != "offer" for a in before if a.partner == "mu" for e in a.evidence)
    assert card.evidence[0].signal == "offer" and card.evidence[0].note is not None


def test_the_same_each_time(many: Recommender) -> None:
    other = open_world(crowd())
    for query in queries(many)[::7]:
        assert many.recommend(query) == other.recommend(query)


def test_the_matrix_has_a_cell_for_each_pair_that_is_allowed(small: Recommender) -> None:
    told = np.isfinite(small.matrix)
    assert not told.diagonal().any()
    assert not told[at("alpha"), at("delta")] and not told[at("kappa")].any() and not told[:, at("kappa")].any()
    for actor in range(12):
        if small.context.actors.recommendable[actor]:
            assert (told[actor] == eligible(small.context, Query(actor=actor))).all()


def test_a_large_territory_looks_at_the_nearest_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from recommender import recommend, retrievers

    monkeypatch.setattr(retrievers, "SMALL", 10)
    monkeypatch.setattr(recommend, "SMALL", 10)
    monkeypatch.setattr(retrievers, "EACH", 5)
    large = open_world(crowd())
    assert not large.adjustment.any()
    for query in queries(large)[::6]:
        found = retrievers.candidates(large.context, query)
        assert (np.diff(found) > 0).all() and eligible(large.context, query)[found].all()
        assert 0 < len(found) < eligible(large.context, query).sum()
        partners, supports = large.recommend(query)
        assert all(a.evidence for a in (*partners, *supports))
