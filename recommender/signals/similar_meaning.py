"""Texts about the same subject, even in other words or in another language."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.encoders import Encoder, encode_queries
from recommender.query import Query

SPREAD = 4.0
"""Standard deviations above the mean at which the feature reaches 1."""
CLOSE = 0.5
"""Feature from which two texts are called close: two standard deviations above the mean."""


class SimilarMeaning:
    """Feature: cosine of the vectors, as standard deviations above the query's mean over all actors, over `SPREAD`, cut to [0, 1].

    Cosines of different encoders and queries are not comparable; their place among the query's own cosines is.
    """

    name = "meaning"
    feature_names = ("vector_cosine",)

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        return closeness(context, query)[candidates][:, None]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        """Close in meaning: vague, so said after all else."""
        theirs = context.profiles.statement[candidate]
        if not theirs or not closeness(context, query)[candidate] >= CLOSE:
            return None
        if query.actor is None:
            text = Text("Sa description traite d'un sujet proche de votre idée.", "Its description deals with a subject close to your idea.")
            return Evidence(self.name, 0.0, text, (theirs,))
        mine = context.profiles.statement[query.actor]
        text = Text("Leurs descriptions traitent de sujets proches.", "Their descriptions deal with close subjects.")
        return Evidence(self.name, 0.0, text, (theirs, mine)) if mine else None


@lru_cache(maxsize=32)
def closeness(context: Context, query: Query) -> NDArray[np.float64]:
    """The feature for every actor, (n,); NaN without vectors, or where a side has no text."""
    vectors = context.profiles.vectors
    unknown = np.full(context.size, np.nan)
    if vectors is None:
        return unknown
    mine = vectors[query.actor] if query.text is None else _encoded(context.profiles.encoder, query.text)
    told = np.any(vectors != 0, axis=1)
    cosine = np.asarray(vectors @ mine, dtype=float)
    others = told.copy()
    if query.actor is not None:
        others[query.actor] = False
    spread = cosine[others].std() if others.any() else 0.0
    if not spread or not mine.any():
        return unknown
    found = np.clip((cosine - cosine[others].mean()) / (SPREAD * spread), 0, 1)
    return np.asarray(np.where(told, found, np.nan), dtype=float)


@lru_cache(maxsize=64)
def _encoded(encoder: Encoder, text: str) -> NDArray[np.float32]:
    row: NDArray[np.float32] = encode_queries(encoder, [text])[0]
    return row
