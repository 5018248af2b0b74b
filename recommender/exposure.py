"""Both sides, and everybody: how attention is shared so that no actor fills the lists of all the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TOP = 10
MOST_SHARE = 0.15
"""Largest share of all top tens that one actor may hold."""
MUTUAL = 0.5
"""How much of a candidate's own best opportunities is taken off: 0 looks at one side only."""
STEP = 0.1
MOST_PRICE = 1.5
"""Log-odds that sharing attention may cost at most."""


def mutual(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of the ten best log-odds that each column has, (n,): what else this candidate could do. -inf cells are no pairs.

    Taken off the score, it ranks first those for whom the subject is among the best opportunities too.
    Source: cross-domain similarity local scaling, Conneau et al. (2018), arXiv:1710.04087.
    """
    best = -np.sort(-log_odds, axis=0)[:TOP]
    told = np.isfinite(best)
    count = told.sum(axis=0)
    means = np.where(told, best, 0.0).sum(axis=0) / np.maximum(count, 1)
    return np.asarray(np.where(count > 0, means, 0.0))


def prices(order: NDArray[np.float64], share: float = MOST_SHARE) -> NDArray[np.float64]:
    """What to take off each column, (n,), so that no column stands in the top ten of more than `share` of the rows.

    A column that is shown too often becomes dearer step by step (the dual of a b-matching). Only rows with more than ten pairs can
    leave somebody out: the others show all they have at any price. No price passes `MOST_PRICE`: in a territory too small to share
    attention, a good answer stays a good answer, the bound may not hold, and `largest_share` tells.
    Source: auction algorithm, Bertsekas (1988), doi:10.1007/BF02186476.
    """
    price = np.zeros(order.shape[1])
    pairs = np.isfinite(order).sum(axis=1)
    long, always = order[pairs > TOP], top_counts(order[(pairs > 0) & (pairs <= TOP)])
    most = max(1, int(share * np.count_nonzero(pairs)))
    while True:
        shown = top_counts(long - price)
        dear = (always + shown > most) & (shown > 0) & (price < MOST_PRICE - STEP / 2)
        if not dear.any():
            break
        price += STEP * dear
    return price


def top_counts(order: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many rows have each column among their ten best finite cells, (n,)."""
    k = min(TOP, order.shape[1])
    best = np.argpartition(-order, k - 1, axis=1)[:, :k] if k else np.zeros((len(order), 0), dtype=np.int64)
    shown = np.isfinite(np.take_along_axis(order, best, axis=1))
    return np.bincount(best[shown], minlength=order.shape[1])


def adjustment(log_odds: NDArray[np.float64], bounded: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What serving takes off each candidate's log-odds, (n,): its mutual term and, for the columns to be bounded, its price.

    `log_odds` is (n, n), -inf for no pair. Supports are few by nature and stand in a list of their own: they are not bounded.
    """
    base = MUTUAL * mutual(log_odds)
    price = np.zeros(len(base))
    price[bounded] = prices((log_odds - base)[:, bounded])
    return base + price


def largest_share(order: NDArray[np.float64]) -> float:
    """Largest share of all top tens that one column holds, [0, 1]; rows without any pair do not count."""
    rows = int(np.isfinite(order).any(axis=1).sum())
    return float(top_counts(order).max(initial=0) / rows) if rows else 0.0
