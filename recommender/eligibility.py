"""Who could be recommended at all, and where an answer stands: among partners or among supports."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ontology.model import NeedType, Partner
from recommender.context import Context
from recommender.query import Query
from recommender.signals.needs import met_needs

SUPPORT_NEEDS = frozenset({NeedType.FUNDING.value, NeedType.PREMISES.value, NeedType.PARTNERS.value})
"""Needs whose answer is a support, whoever gives it."""


def eligible(context: Context, query: Query) -> NDArray[np.bool_]:
    """Actors that may be recommended, (n,): recommendable, not the subject, not tied to it, not of its group."""
    ok = context.actors.recommendable
    if query.actor is not None:
        ok = ok & ~linked(context.ties.matrix, query.actor) & ~linked(context.group, query.actor)
        ok[query.actor] = False
    return np.asarray(ok, dtype=bool)


def is_support(context: Context, query: Query, candidate: int) -> bool:
    """Whether a candidate stands under supports: by its kind, or because what it answers is funding, premises or partners."""
    if context.actors.partner[candidate] != Partner.YES.value:
        return True
    types = {need.need_type for need, _ in met_needs(context, query.actor, candidate)}
    return bool(types & SUPPORT_NEEDS)


def linked(matrix: sparse.csr_array, actor: int) -> NDArray[np.bool_]:
    """Whom a matrix links an actor with, (n,)."""
    found = np.zeros(matrix.shape[1], dtype=bool)
    found[matrix.indices[matrix.indptr[actor] : matrix.indptr[actor + 1]]] = True
    return found
