"""Ranking metrics of one query, their averages with bootstrap intervals, and the exposure of candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

METRICS = ("hits_at_10", "recall_at_10", "recall_at_50", "mrr", "ndcg_at_10")


@dataclass(frozen=True)
class Ranked:
    """One query answered: `ranks` of its relevant candidates (1 = first), and the ten first candidates."""

    group: str
    ranks: NDArray[np.int64]
    top: NDArray[np.int64]


def rank(scores: NDArray[np.float64], candidates: NDArray[np.int64], relevant: frozenset[int], group: str, rng: np.random.Generator) -> Ranked:
    """Order candidates by score, highest first; equal scores at random, unknown (NaN) ones last."""
    known = np.where(np.isnan(scores), -np.inf, scores)
    order = np.lexsort((rng.random(len(known)), -known))
    ordered = candidates[order]
    hits = np.isin(ordered, list(relevant))
    return Ranked(group, np.flatnonzero(hits) + 1, ordered[:10])


def metrics_of(answer: Ranked) -> Mapping[str, float]:
    """Metrics of one query with binary relevance; all lie in [0, 1], higher is better.

    NDCG@10 divides by the best order possible. Source: Järvelin and Kekäläinen (2002), doi:10.1145/582415.582418.
    """
    ranks = answer.ranks
    ideal = (1 / np.log2(np.arange(2, min(len(ranks), 10) + 2))).sum()
    return {
        "hits_at_10": float((ranks <= 10).any()),
        "recall_at_10": float((ranks <= 10).mean()),
        "recall_at_50": float((ranks <= 50).mean()),
        "mrr": float(1 / ranks[0]),
        "ndcg_at_10": float((1 / np.log2(ranks[ranks <= 10] + 1)).sum() / ideal),
    }


@dataclass(frozen=True)
class Interval:
    """A mean and the bounds of its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def bootstrap(values: NDArray[np.float64], groups: Sequence[str], rng: np.random.Generator, draws: int = 2000) -> Interval:
    """Mean over queries, interval by drawing whole groups with replacement: queries of one event are not independent.

    Source: Cameron, Gelbach and Miller (2008), doi:10.1162/rest.90.3.414 (resampling clusters).
    """
    names, member = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.bincount(member, values, minlength=len(names))
    sizes = np.bincount(member, minlength=len(names)).astype(float)
    drawn = rng.integers(0, len(names), size=(draws, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(values.mean()), float(low), float(high))


def exposure(answers: Sequence[Ranked], size: int) -> tuple[float, float]:
    """Coverage (share of the `size` candidates that stand in some top ten) and Gini of how often each stands there.

    Gini in [0, 1]: 0 when all are shown equally often. Source: Gini (1912), as mean absolute difference over twice the mean.
    """
    times = np.unique(np.concatenate([a.top for a in answers]), return_counts=True)[1]
    shown = np.concatenate([times, np.zeros(size - len(times))]).astype(float)
    ordered = np.sort(shown)
    n = len(ordered)
    gini = float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum())) if ordered.sum() else 0.0
    return float((shown > 0).mean()), gini


def rank_row(scores: NDArray[np.floating], hidden: NDArray[np.int64], relevant: NDArray[np.int64], group: str, rng: np.random.Generator) -> Ranked:
    """One row of a score matrix: all columns are candidates but the hidden ones; equal scores at random, unknown (NaN) ones last.

    The same as `rank`, for thousands of candidates; a relevant column must not be hidden.
    """
    known = np.where(np.isnan(scores), -np.inf, scores)
    candidate = np.ones(len(known), dtype=bool)
    candidate[hidden] = False
    places = rng.permutation(np.flatnonzero(candidate))
    ordered = places[np.argsort(-known[places])]
    position = np.empty(len(known), dtype=np.int64)
    position[ordered] = np.arange(1, len(ordered) + 1)
    return Ranked(group, np.sort(position[relevant]), ordered[:10])


def bootstrap_queries(values: NDArray[np.float64], rng: np.random.Generator, draws: int = 2000) -> list[Interval]:
    """Means over independent queries of each column of (q, m), with intervals from the same draws of queries for every column.

    For a difference of two methods give the differences by query: that is the paired bootstrap.
    Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
    """
    number = len(values)
    drawn = rng.multinomial(number, np.full(number, 1 / number), size=draws)
    low, high = np.quantile(drawn @ values / number, [0.025, 0.975], axis=0)
    return [Interval(float(v), float(a), float(b)) for v, a, b in zip(values.mean(axis=0), low, high, strict=True)]
