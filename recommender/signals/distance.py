"""How far apart they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.great_circle import kilometres_between
from recommender.query import Query

NEAR_KM = 25.0
"""Distance at which the feature has fallen to 1/e."""
WORTH_SAYING_KM = 15.0


def kilometres(context: Context, actor: int | None) -> NDArray[np.float64]:
    """Great-circle distance from an actor's commune to every other's, km, (n,); NaN where a commune is unknown."""
    if actor is None:
        return np.full(context.size, np.nan)
    where = np.column_stack([context.actors.lat, context.actors.lon])
    return kilometres_between(where[actor], where)


class Distance:
    """Feature: exp(-km / NEAR_KM), NaN where a commune is unknown."""

    name = "distance"
    feature_names = ("nearness",)

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.exp(-kilometres(context, query.actor) / NEAR_KM)[candidates][:, None]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        """Said when they are near; never the only reason (see `recommender.recommend`)."""
        if query.actor is None:
            return None
        km = float(kilometres(context, query.actor)[candidate])
        if not km <= WORTH_SAYING_KM:
            return None
        statements = [s for s in (context.place_statement.get(i) for i in (candidate, query.actor)) if s]
        if len(statements) < 2:
            return None
        here, there = (context.place_name(i) for i in (query.actor, candidate))
        if here == there:
            return Evidence(self.name, 0.0, Text(f"Dans la même commune : {here}.", f"In the same town: {here}."), tuple(statements))
        shown = max(1, round(km))
        return Evidence(self.name, 0.0, Text(f"À {shown} km : {here} et {there}.", f"{shown} km apart: {here} and {there}."), tuple(statements))
