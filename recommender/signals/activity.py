"""How often an actor works with others: it weighs, and is no reason."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.answers import Evidence
from recommender.context import Context
from recommender.query import Query


class Activity:
    """Feature: log(1 + ties) over log(1 + ties of the most tied actor), the mean of both sides; of an idea, the candidate's."""

    name = "activity"
    feature_names = ("activity",)

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        most = context.ties.degree.max(initial=0.0)
        if not most:
            return np.full((len(candidates), 1), np.nan)
        level = np.asarray(np.log1p(context.ties.degree) / np.log1p(most), dtype=float)
        both = level if query.actor is None else (level + level[query.actor]) / 2
        return both[candidates][:, None]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        return None
