"""Metrics of one ranking by hand and against scikit-learn; intervals; exposure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

from recommender.evaluation.metrics import METRICS, Ranked, bootstrap, exposure, metrics_of, rank


def answer(*ranks: int) -> Ranked:
    return Ranked("g", np.asarray(ranks), np.arange(10))


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_by_hand() -> None:
    # two relevant, found at 2 and 12; the best order has them at 1 and 2: NDCG = (1/log2 3) / (1 + 1/log2 3) = .630930 / 1.630930
    assert metrics_of(answer(2, 12)) == {
        "hits_at_10": 1.0,
        "recall_at_10": 0.5,
        "recall_at_50": 1.0,
        "mrr": 0.5,
        "ndcg_at_10": pytest.approx(0.386853, abs=1e-6),
    }


@pytest.mark.parametrize(
    ("ranks", "hits", "recall", "mrr", "ndcg"),
    [
        ((1,), 1, 1, 1, 1),
        ((1, 2, 3), 1, 1, 1, 1),
        ((11,), 0, 0, 1 / 11, 0),
        ((51, 60), 0, 0, 1 / 51, 0),
        ((3,), 1, 1, 1 / 3, 0.5),  # 1/log2(4)
        (tuple(range(1, 21)), 1, 0.5, 1, 1),  # more relevant than places: ten of twenty is the best there is
    ],
)
def test_edges_by_hand(ranks: tuple[int, ...], hits: float, recall: float, mrr: float, ndcg: float) -> None:
    found = metrics_of(answer(*ranks))
    assert (found["hits_at_10"], found["recall_at_10"]) == (hits, recall)
    assert (found["mrr"], found["ndcg_at_10"]) == (pytest.approx(mrr), pytest.approx(ndcg))
    assert tuple(found) == METRICS


@settings(deadline=None)
@given(st.integers(2, 80), st.integers(0, 10_000))
def test_agrees_with_scikit_learn(n: int, seed: int) -> None:
    rng = generator(seed)
    scores, candidates = rng.permutation(n).astype(float), rng.permutation(1000)[:n]
    relevant = frozenset(candidates[rng.permutation(n)[: 1 + int(rng.integers(0, n))]].tolist())
    truth = np.isin(candidates, list(relevant))
    found = metrics_of(rank(scores, candidates, relevant, "g", rng))
    assert found["ndcg_at_10"] == pytest.approx(ndcg_score([truth.astype(float)], [scores], k=10))
    # with the first relevant one alone, average precision is the reciprocal rank
    first = candidates[truth][np.argmax(scores[truth])]
    assert found["mrr"] == pytest.approx(
        label_ranking_average_precision_score([candidates == first], [np.where(truth & (candidates != first), -1, scores)])
    )


def test_equal_scores_stand_at_random() -> None:
    rng = generator()
    ranks = [rank(np.zeros(20), np.arange(20), frozenset({7}), "g", rng).ranks[0] for _ in range(4000)]
    assert set(ranks) == set(range(1, 21))
    assert np.mean(ranks) == pytest.approx(10.5, abs=0.4)  # deviation of the mean: 5.77 / sqrt(4000) = .09


def test_unknown_scores_come_last() -> None:
    found = rank(np.asarray([np.nan, -9.0, 3.0, np.nan]), np.asarray([10, 11, 12, 13]), frozenset({10, 11}), "g", generator())
    assert found.ranks[0] == 2 and found.ranks[1] in (3, 4)
    assert found.top[:2].tolist() == [12, 11]


def test_the_order_of_candidates_changes_nothing() -> None:
    scores = generator().normal(size=30)
    one = rank(scores, np.arange(30), frozenset({3, 4}), "g", generator())
    other = rank(scores[::-1], np.arange(30)[::-1], frozenset({3, 4}), "g", generator())
    assert one.ranks.tolist() == other.ranks.tolist() and one.top.tolist() == other.top.tolist()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.integers(0, 1000))
def test_the_interval_holds_the_mean(values: list[float], seed: int) -> None:
    groups = [f"g{k % 7}" for k in range(len(values))]
    found = bootstrap(np.asarray(values), groups, generator(seed), draws=500)
    assert found.value == pytest.approx(np.mean(values))
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    if len(values) >= 20 and np.ptp(values) > 0.5:
        assert found.low <= found.value + 0.05 and found.high >= found.value - 0.05


def test_whole_groups_are_drawn() -> None:
    # one group of a hundred equal values tells no more than one value: the interval spans both groups
    values = np.asarray([0.0] * 100 + [1.0] * 100)
    together = bootstrap(values, ["a"] * 100 + ["b"] * 100, generator())
    apart = bootstrap(values, [str(k) for k in range(200)], generator())
    assert (together.low, together.high) == (0.0, 1.0)
    assert 0.4 < apart.low < 0.5 < apart.high < 0.6
    # normal approximation by hand: .5 +- 1.96 x .5 / sqrt(200) = .5 +- .069
    assert apart.low == pytest.approx(0.431, abs=0.01)


def test_equal_values_have_no_spread() -> None:
    found = bootstrap(np.full(9, 0.25), ["a", "b", "c"] * 3, generator())
    assert (found.value, found.low, found.high) == (0.25, 0.25, 0.25)


def test_the_same_draws_for_the_same_seed() -> None:
    values, groups = generator(3).random(50), [str(k % 9) for k in range(50)]
    assert bootstrap(values, groups, generator(5)) == bootstrap(values, groups, generator(5))


def tops(*rows: list[int]) -> list[Ranked]:
    return [Ranked("g", np.asarray([1]), np.asarray(row)) for row in rows]


def test_exposure_by_hand() -> None:
    # shown 2, 1, 1, 0 times: coverage 3/4; Gini = sum of (2i - n - 1) x over n x sum = (-3 x 0 - 1 + 1 + 3 x 2) / (4 x 4) = 6/16
    assert exposure(tops([0, 1], [0, 2]), 4) == (0.75, pytest.approx(6 / 16))
    assert exposure(tops([0, 1], [2, 3]), 4) == (1.0, pytest.approx(0.0))
    # all lists show the same one of four: (4 - 1) / 4
    assert exposure(tops([0], [0]), 4) == (0.25, pytest.approx(0.75))
