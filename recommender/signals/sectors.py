"""Sectors: shared ones, and pairs of sectors that rarely meet."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.query import Query
from recommender.signals.cosine import cosines, unit_rows
from recommender.wording import labels_of

ENOUGH_EXPECTED = 2.0
"""Ties that chance alone must predict between two sectors before "rarely" may be said."""


@lru_cache(maxsize=4)
def sector_rarity(context: Context) -> NDArray[np.float64]:
    """How much less than expected two sectors meet, (S, S): 1 - observed / expected, at least 0; NaN where too little is expected.

    Expected ties follow the configuration model: product of the sectors' degrees over twice the number of ties.
    Source: Newman (2006), doi:10.1073/pnas.0601602103.
    """
    observed = np.asarray((context.sectors.T @ context.ties.matrix @ context.sectors).todense())
    degree = context.sectors.T @ context.ties.degree
    total = context.ties.degree.sum()
    expected = np.outer(degree, degree) / total if total else np.zeros_like(observed)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected >= ENOUGH_EXPECTED, np.clip(1 - observed / expected, 0, 1), np.nan)


@lru_cache(maxsize=4)
def unit_sectors(context: Context) -> sparse.csr_array:
    """Sectors of every actor weighted by rarity, (n, S), rows of norm 1 or empty."""
    return unit_rows(context.sectors, np.log((context.size + 1) / (np.asarray(context.sectors.sum(axis=0)).ravel() + 1)))


class Sectors:
    """Features: cosine of the sectors weighted by rarity; the rarest meeting among their pairs of sectors, when they share none."""

    name = "sectors"
    feature_names = ("shared_sectors", "rare_sector_pair")

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        if query.actor is None or not columns_of(context, query.actor):
            return np.full((len(candidates), 2), np.nan)
        shared = cosines(unit_sectors(context), query.actor)
        rarest = np.nan_to_num(sector_rarity(context)[columns_of(context, query.actor)]).max(axis=0)
        rare = np.asarray(sparse.csr_array(context.sectors * rarest[None, :]).max(axis=1).todense()).ravel()
        rare = np.where(np.isnan(shared), np.nan, np.where(shared > 0, 0.0, rare))
        return np.column_stack([shared, rare])[candidates]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        if query.actor is None:
            return None
        mine, theirs = columns_of(context, query.actor), columns_of(context, candidate)
        shared = sorted(set(mine) & set(theirs), key=lambda s: (context.sectors[:, [s]].sum(), s))[:2]
        if shared:
            names = labels_of(context.snapshot).inside([context.vocabulary.sectors[s] for s in shared])
            statements = [context.sector_statement[a, s] for a in (candidate, query.actor) for s in shared]
            return Evidence(self.name, 0.0, Text(f"Présents tous deux dans : {names.fr}.", f"Both active in: {names.en}."), tuple(statements))
        return self._rare(context, query.actor, candidate, [(s, t) for s in mine for t in theirs])

    def _rare(self, context: Context, a: int, b: int, pairs: list[tuple[int, int]]) -> Evidence | None:
        rarity = sector_rarity(context)
        told = [(s, t) for s, t in pairs if rarity[s, t] >= RARE]
        if not told:
            return None
        s, t = max(told, key=lambda p: (rarity[p], p))
        words = labels_of(context.snapshot)
        one, two = words.inside([context.vocabulary.sectors[s]]), words.inside([context.vocabulary.sectors[t]])
        text = Text(
            f"Un pont entre deux secteurs qui se rencontrent peu ici : « {one.fr} » et « {two.fr} ».",
            f"A bridge between two sectors that seldom meet here: “{one.en}” and “{two.en}”.",
        )
        return Evidence(self.name, 0.0, text, (context.sector_statement[b, t], context.sector_statement[a, s]))


RARE = 0.5
"""Rarity from which two sectors are said to meet seldom: less than half of the ties expected."""


def columns_of(context: Context, actor: int) -> list[int]:
    """Columns of an actor's sectors."""
    columns: list[int] = context.sectors.indices[context.sectors.indptr[actor] : context.sectors.indptr[actor + 1]].tolist()
    return columns
