"""Roles that complete each other: research and industry, digital technology and a sector of excellence."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ontology.model import NeedType, Role
from recommender.answers import Evidence
from recommender.context import Context
from recommender.query import Query

RESEARCH = frozenset({Role.RESEARCH.value, Role.TRAINING.value})


@lru_cache(maxsize=4)
def is_digital(context: Context) -> NDArray[np.bool_]:
    """Actors whose kind answers digital needs, or that state a digital skill, (n,)."""
    by_kind = np.asarray([NeedType.DIGITAL.value in a for a in context.actors.answers], dtype=bool)
    skills = np.asarray(context.offers.matrix @ context.vocabulary.digital.astype(float)).ravel() > 0
    return by_kind | skills


@lru_cache(maxsize=4)
def in_excellence(context: Context) -> NDArray[np.bool_]:
    """Actors of a sector of excellence, (n,)."""
    return np.asarray(context.sectors @ context.vocabulary.excellence.astype(float)).ravel() > 0


class Roles:
    """Features, each 0 or 1: research or training with a company; a digital actor with one of a sector of excellence that is not digital.

    NaN for an idea, and where the kind of a side is unknown.
    """

    name = "roles"
    feature_names = ("research_company", "digital_excellence")

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        if query.actor is None:
            return np.full((len(candidates), 2), np.nan)
        role = np.asarray(context.actors.role)
        company, research = role == Role.COMPANY.value, np.isin(role, list(RESEARCH))
        digital, excellence = is_digital(context), in_excellence(context) & ~is_digital(context)
        a = query.actor
        bridges = (company[a] & research) | (research[a] & company)
        cross = (digital[a] & excellence) | (excellence[a] & digital)
        found = np.column_stack([bridges, cross]).astype(float)
        found[(role == "") | (role[a] == "")] = np.nan
        return found[candidates]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        """Roles alone are no reason to meet: they weigh, and say nothing."""
        return None
