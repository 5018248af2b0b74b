"""Who is looked at: everyone while the territory is small, else the union of the nearest by text and by ties."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.context import Context
from recommender.eligibility import eligible
from recommender.query import Query
from recommender.signals.common_partners import neighbour_scores
from recommender.signals.similar_meaning import closeness
from recommender.signals.similar_words import terms_of

SMALL = 5_000
"""Number of actors up to which every eligible actor is scored."""
EACH = 1_000
"""Candidates that each retriever gives in a larger territory."""


class Retriever(Protocol):
    """Gives the positions of the k eligible actors that it finds nearest, nearest first."""

    name: str

    def top(self, context: Context, query: Query, k: int) -> NDArray[np.int64]:
        """Positions, at most k."""


class ByVector:
    """Nearest by the vectors of the texts; none without an encoder."""

    name = "vector"

    def top(self, context: Context, query: Query, k: int) -> NDArray[np.int64]:
        """See `Retriever`."""
        return _best(closeness(context, query), context, query, k)


class ByTerms:
    """Nearest by the rare words of the texts."""

    name = "terms"

    def top(self, context: Context, query: Query, k: int) -> NDArray[np.int64]:
        """See `Retriever`."""
        return _best(context.profiles.terms.cosine(terms_of(context, query)), context, query, k)


class ByTies:
    """Nearest by resource allocation over common partners; none for an idea."""

    name = "ties"

    def top(self, context: Context, query: Query, k: int) -> NDArray[np.int64]:
        """See `Retriever`."""
        if query.actor is None:
            return np.zeros(0, dtype=np.int64)
        return _best(neighbour_scores(context.ties.matrix, query.actor)[1], context, query, k)


RETRIEVERS: tuple[Retriever, ...] = (ByVector(), ByTerms(), ByTies())


def candidates(context: Context, query: Query) -> NDArray[np.int64]:
    """Positions of the actors to score, ascending."""
    if context.size <= SMALL:
        return np.flatnonzero(eligible(context, query))
    return np.unique(np.concatenate([r.top(context, query, EACH) for r in RETRIEVERS]))


def _best(scores: NDArray[np.floating], context: Context, query: Query, k: int) -> NDArray[np.int64]:
    """The k eligible actors of positive score that score highest; equal scores in the order of their ids."""
    masked = np.where(eligible(context, query), np.nan_to_num(scores), 0.0)
    order = np.argsort(-masked, kind="stable")[:k]
    return order[masked[order] > 0]
