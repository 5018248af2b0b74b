"""Texts about the same subject, even in other words or in another language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.encoders import Encoder, encode_queries
from recommender.query import Query

SPREAD = 4.0
"""Standard deviations above the mean at which the feature reaches 1."""
MOST_READ = 2_000
"""Characters of an idea that its vector is made from: the encoder dilutes longer texts, and its time grows with them."""
IDEA_FLOOR: Mapping[str, float] = MappingProxyType({"use-multilingual-3": 0.18})
"""Per encoder, the cosine under which an idea and a description have nothing to do with each other (nonsense stays under .15)."""
CLOSE = 0.5
"""Feature from which two texts are called close: two standard deviations above the mean."""


class SimilarMeaning:
    """Feature: cosine of the vectors, as standard deviations above the mean of each side's own cosines (the mean of both), over `SPREAD`.

    Cosines of different encoders and actors are not comparable; their place among an actor's own cosines is. Cut to [0, 1].
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
    if vectors is None:
        return np.full(context.size, np.nan)
    told, mean, spread = own_level(context)
    if query.text is not None:
        return _of_idea(context, query.text, told)
    assert query.actor is not None  # noqa: S101 -- a query has an actor or a text
    a, cosine = query.actor, np.asarray(vectors @ vectors[query.actor], dtype=float)
    if not told[a] or not spread[a]:
        return np.full(context.size, np.nan)
    above = ((cosine - mean[a]) / spread[a] + (cosine - mean) / np.where(spread > 0, spread, np.inf)) / 2
    return np.where(told & (spread > 0), np.clip(above / SPREAD, 0, 1), np.nan)


@lru_cache(maxsize=4)
def own_level(context: Context) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Who has a text, and the mean and standard deviation of each actor's cosines with the others that have one, (n,) each.

    From the sum of the vectors and their second moment (dim, dim), so that time grows with n and not with its square.
    """
    vectors = np.asarray(context.profiles.vectors, dtype=float)
    told = np.any(vectors != 0, axis=1)
    others = max(int(told.sum()) - 1, 1)
    norm = np.einsum("nd,nd->n", vectors, vectors)
    mean = (vectors @ vectors.sum(axis=0) - norm) / others
    square = (np.einsum("nd,nd->n", vectors @ (vectors.T @ vectors), vectors) - norm**2) / others
    return told, mean, np.sqrt(np.maximum(square - mean**2, 0.0))


def _of_idea(context: Context, text: str, told: NDArray[np.bool_]) -> NDArray[np.float64]:
    encoder, vectors = context.profiles.encoder, context.profiles.vectors
    assert encoder is not None and vectors is not None  # noqa: S101 -- the caller saw that there are vectors
    cosine = np.asarray(vectors @ _encoded(encoder, text), dtype=float)
    spread = cosine[told].std() if told.any() else 0.0
    if not spread:
        return np.full(context.size, np.nan)
    found = np.clip((cosine - cosine[told].mean()) / (SPREAD * spread), 0, 1)
    found[cosine < IDEA_FLOOR.get(encoder.name, 0.0)] = 0.0
    return np.where(told, found, np.nan)


@lru_cache(maxsize=64)
def _encoded(encoder: Encoder, text: str) -> NDArray[np.float32]:
    row: NDArray[np.float32] = encode_queries(encoder, [text[:MOST_READ]])[0]
    return row
