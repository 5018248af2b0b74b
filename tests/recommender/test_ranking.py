"""From features to log-odds: weights, contributions, bands, what is unknown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.context import Context
from recommender.query import Query
from recommender.ranking import IDEA_INTERCEPT, IDEA_WEIGHTS, INTERCEPT, SERIOUS, STRONG, WEIGHTS, ExpertRanker, band, logistic
from recommender.signals import SIGNALS
from tests.recommender.world import WORDS, World, at, world

EVERYONE = np.arange(12)


@pytest.fixture(scope="module")
def context() -> Context:
    return world().context(encoder=WORDS)


def test_weights_and_features_agree_one_to_one() -> None:
    assert {f: w.signal for f, w in WEIGHTS.items()} == {f: s.name for s in SIGNALS for f in s.feature_names}
    assert set(IDEA_WEIGHTS) <= set(WEIGHTS)


def test_every_weight_says_why_in_both_languages() -> None:
    for feature, weight in WEIGHTS.items():
        assert weight.weight > 0, feature
        assert weight.why.fr and weight.why.en and weight.why.fr != weight.why.en


def test_an_idea_has_no_weight_on_what_it_does_not_have() -> None:
    assert not {"need_met", "adamic_adar", "resource_allocation", "nearness", "shared_sectors", "research_company"} & set(IDEA_WEIGHTS)


@pytest.mark.parametrize("actor", range(12))
def test_contributions_and_intercept_make_the_log_odds(context: Context, actor: int) -> None:
    scored = ExpertRanker().score(context, Query(actor=actor), EVERYONE)
    np.testing.assert_allclose(INTERCEPT + scored.contributions.sum(axis=1), scored.log_odds, atol=1e-12)
    assert scored.contributions.shape == (12, len(SIGNALS))
    assert np.isfinite(scored.log_odds).all()


def test_so_for_an_idea(context: Context) -> None:
    idea = Query(text="Réservoirs composites", skills=("skill:hydrogen",))
    scored = ExpertRanker().score(context, idea, EVERYONE)
    np.testing.assert_allclose(IDEA_INTERCEPT + scored.contributions.sum(axis=1), scored.log_odds, atol=1e-12)
    assert np.argmax(scored.log_odds) in (at("beta"), at("alpha"), at("delta"))


def test_by_hand() -> None:
    w = World().vocabulary()
    w.actor("a", "asso", "")
    w.need("a", "welding", "other")
    w.offer(w.actor("b", "asso", ""), "welding")
    # rarity ln(3/2)/ln 3 = .369070; need .6 x (1/2 + .369070/2) = .410721; 3 x .410721 - 4.4. Nothing else is known.
    scored = ExpertRanker().score(w.context(), Query(actor=0), np.asarray([1]))
    assert scored.log_odds[0] == pytest.approx(3 * 0.410721 - 4.4, abs=1e-5)
    assert scored.contributions[0].tolist() == pytest.approx([3 * 0.410721] + [0] * (len(SIGNALS) - 1), abs=1e-5)


def test_an_unknown_feature_adds_nothing() -> None:
    w = World().vocabulary()
    for name in "abc":
        w.actor(name, "", "")
    scored = ExpertRanker().score(w.context(), Query(actor=0), np.asarray([1, 2]))
    assert np.isnan(scored.features["need_met"]).all()
    assert (scored.log_odds == INTERCEPT).all() and not scored.contributions.any()


def test_the_order_of_candidates_is_theirs(context: Context) -> None:
    whole = ExpertRanker().score(context, Query(actor=0), EVERYONE)
    back = ExpertRanker().score(context, Query(actor=0), EVERYONE[::-1])
    np.testing.assert_allclose(back.log_odds[::-1], whole.log_odds, atol=1e-12)
    assert back.candidates.tolist() == EVERYONE[::-1].tolist()


def test_no_candidate(context: Context) -> None:
    scored = ExpertRanker().score(context, Query(actor=0), EVERYONE[:0])
    assert scored.log_odds.shape == (0,) and scored.contributions.shape == (0, len(SIGNALS))


def test_the_same_each_time(context: Context) -> None:
    one = ExpertRanker().score(context, Query(actor=at("eta")), EVERYONE)
    other = ExpertRanker().score(world().context(encoder=WORDS), Query(actor=at("eta")), EVERYONE)
    np.testing.assert_array_equal(one.log_odds, other.log_odds)


def test_other_weights_may_be_given(context: Context) -> None:
    plain = ExpertRanker({"activity": 2.0}).score(context, Query(actor=at("theta")), EVERYONE)
    assert plain.log_odds[at("delta")] == pytest.approx(INTERCEPT + 1)  # theta has no tie, delta the most
    assert ExpertRanker(signals=()).score(context, Query(actor=0), EVERYONE).log_odds.tolist() == [INTERCEPT] * 12


def test_bands() -> None:
    assert [band(s) for s in (0.0, SERIOUS - 1e-9, SERIOUS, STRONG - 1e-9, STRONG, 1.0)] == [
        "explore", "explore", "serious", "serious", "strong", "strong",
    ]  # fmt: skip


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=20))
def test_logistic_keeps_the_order_and_its_bounds(values: list[float]) -> None:
    scores = logistic(np.asarray(values))
    assert ((scores >= 0) & (scores <= 1)).all()
    assert (np.diff(scores[np.argsort(values)]) >= 0).all()
    assert logistic(np.zeros(1))[0] == 0.5
    np.testing.assert_allclose(scores + logistic(-np.asarray(values)), 1)
