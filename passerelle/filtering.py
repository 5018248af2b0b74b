"""Filters of an answer, as tests on positions of the context."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ontology.errors import QueryError
from ontology.model import Role
from passerelle.presenting import Presenter
from passerelle.views import FAMILIES, Filters
from recommender.context import Context
from recommender.query import Query
from recommender.signals.distance import kilometres
from recommender.signals.roles import RESEARCH
from recommender.signals.sectors import columns_of


def keep_actor(context: Context, query: Query, filters: Filters, presenter: Presenter) -> Callable[[int], bool]:
    """Whether a candidate passes the filters. An unknown distance does not pass a limit in km."""
    sector = sector_column(context, filters.sector)
    km = kilometres(context, query.actor)
    if filters.max_km is not None and query.actor is None:
        raise QueryError("an idea has no place, so it has no distance; leave --max-km out")
    if filters.cross_sector and query.actor is None:
        raise QueryError("an idea has no sector, so none is another; leave --cross-sector out")
    _check(filters)
    own = set() if query.actor is None else set(columns_of(context, query.actor))

    def keep(candidate: int) -> bool:
        theirs = set(columns_of(context, candidate))
        return (
            (not filters.roles or context.actors.role[candidate] in filters.roles)
            and (not filters.families or presenter.actor(context.ids[candidate]).family in filters.families)
            and (sector is None or sector in theirs)
            and (filters.max_km is None or km[candidate] <= filters.max_km)
            and (not filters.cross_sector or (bool(theirs) and not theirs & own))
        )

    return keep


def keep_pair(context: Context, labels: NDArray[np.int64], filters: Filters) -> Callable[[int, int], bool]:
    """Whether a missing link passes the filters of the list."""
    sector = sector_column(context, filters.sector)
    _check(filters)
    role = context.actors.role

    def keep(a: int, b: int) -> bool:
        one, two = set(columns_of(context, a)), set(columns_of(context, b))
        return (
            (not filters.cross_sector or (bool(one) and bool(two) and not one & two))
            and (not filters.cross_cluster or (labels[a] >= 0 and labels[b] >= 0 and labels[a] != labels[b]))
            and (not filters.research_industry or _research_industry(role[a], role[b]))
            and (not filters.roles or role[a] in filters.roles or role[b] in filters.roles)
            and (sector is None or sector in one | two)
            and (filters.max_km is None or kilometres(context, a)[b] <= filters.max_km)
        )

    return keep


def _research_industry(one: str, two: str) -> bool:
    """Whether one side is research or training and the other a company."""
    return (one in RESEARCH and two == Role.COMPANY) or (two in RESEARCH and one == Role.COMPANY)


def sector_column(context: Context, sector: str | None) -> int | None:
    """Column of a sector given by id, with or without its prefix; QueryError with the accepted ones when unknown."""
    if sector is None:
        return None
    index = context.vocabulary.sector_index
    key = sector if sector in index else f"sector:{sector}"
    if key not in index:
        known = ", ".join(s.removeprefix("sector:") for s in context.vocabulary.sectors)
        raise QueryError(f"no sector is called {sector[:80]!r}; use one of: {known}")
    return index[key]


def _check(filters: Filters) -> None:
    for given, accepted, word in ((filters.roles, {r.value for r in Role}, "role"), (filters.families, set(FAMILIES), "family")):
        unknown = sorted(given - accepted)
        if unknown:
            raise QueryError(f"no {word} is called {unknown[0][:80]!r}; use one of: {', '.join(sorted(accepted))}")
    if filters.max_km is not None and not 0 < filters.max_km < float("inf"):
        raise QueryError(f"the distance limit is {filters.max_km} km; give more than 0")
