"""Partners in common: who could introduce them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.query import Query
from recommender.wording import labels_of, listed


def neighbour_scores(ties: sparse.csr_array, actor: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Adamic-Adar and resource allocation of an actor with every other, (n,) each, over a binary symmetric matrix.

    AA = sum over common partners of 1 / log(degree), RA = sum of 1 / degree. A common partner has degree >= 2.
    Source: Adamic and Adar (2003), doi:10.1016/S0378-8733(03)00009-1; Zhou, Lu and Zhang (2009), doi:10.1140/epjb/e2009-00335-8.
    """
    degree = np.diff(ties.indptr)
    mine = np.zeros(len(degree))
    mine[ties.indices[ties.indptr[actor] : ties.indptr[actor + 1]]] = 1.0
    safe = np.maximum(degree, 2)
    return ties @ (mine / np.log(safe)), ties @ (mine / safe)


@lru_cache(maxsize=4)
def outer_ties(context: Context) -> sparse.csr_array:
    """Ties that lead out of a group, (n, n): a parent is no common partner of its own unit."""
    inside = context.ties.matrix.multiply(context.group)
    outer = sparse.csr_array(context.ties.matrix - inside)
    outer.eliminate_zeros()
    return outer


class CommonPartners:
    """Features: 1 - exp(-Adamic-Adar / 2) and 1 - exp(-3 resource allocation) over ties that lead out of a group.

    NaN where one side has no such tie.
    """

    name = "common"
    feature_names = ("adamic_adar", "resource_allocation")

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        ties = outer_ties(context)
        degree = np.diff(ties.indptr)
        if query.actor is None or not degree[query.actor]:
            return np.full((len(candidates), 2), np.nan)
        aa, ra = neighbour_scores(ties, query.actor)
        out = np.column_stack([1 - np.exp(-aa / 2), 1 - np.exp(-3 * ra)])[candidates]
        out[degree[candidates] == 0] = np.nan
        return out

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        if query.actor is None:
            return None
        common = common_partners(context, query.actor, candidate)
        if not common:
            return None
        words = labels_of(context.snapshot)
        names = [words.name(context.ids[c]).fr for c in common[:2]]
        statements = [s for c in common[:2] for end in (candidate, query.actor) for s in tie_statements(context, end, c)]
        return Evidence(self.name, 0.0, _sentence(names, len(common)), tuple(dict.fromkeys(statements)))


def _sentence(names: list[str], n: int) -> Text:
    if n == 1:
        return Text(f"{names[0]} travaille déjà avec les deux.", f"{names[0]} already works with both.")
    if n == 2:
        return Text(f"{listed(names, 'et')} travaillent déjà avec les deux.", f"{listed(names, 'and')} already work with both.")
    return Text(
        f"{n} partenaires en commun, dont {listed(names, 'et')}.",
        f"{n} partners in common, among them {listed(names, 'and')}.",
    )


def common_partners(context: Context, a: int, b: int) -> list[int]:
    """Partners that two actors share, the least connected first: they tell most."""
    ties = outer_ties(context)
    shared = set(ties.indices[ties.indptr[a] : ties.indptr[a + 1]].tolist()) & set(ties.indices[ties.indptr[b] : ties.indptr[b + 1]].tolist())
    return sorted(shared, key=lambda c: (context.ties.degree[c], c))


def tie_statements(context: Context, a: int, b: int) -> list[str]:
    """The facts behind the tie of two actors: the relation, or what both are in the smallest shared project."""
    event = min(context.ties.between(a, b), key=lambda e: (len(e.actors), e.id))
    if event.kind == "relation":
        return list(event.statements)
    ends = {context.ids[a], context.ids[b]}
    return [s for s in event.statements if context.snapshot.statement(s).subject in ends]
