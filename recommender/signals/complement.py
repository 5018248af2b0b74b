"""Skills that differ and go together: one side has one, the other side has the other, and a known project needs both."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.query import Query
from recommender.wording import labels_of

MOST_SKILLS = 3
"""A project about more skills than this says little about any pair of them."""


@lru_cache(maxsize=4)
def together(context: Context) -> sparse.csr_array:
    """How strongly two skills go together, (K, K), zero diagonal: sum over their projects of 1 / (number of skills - 1)."""
    about = focused(context)
    size = np.asarray(about.sum(axis=1)).ravel()
    share = np.where(size > 1, 1 / np.maximum(size - 1, 1), 0.0)
    pairs = sparse.csr_array(about.T @ sparse.csr_array(about * share[:, None]))
    pairs.setdiag(0)
    pairs.eliminate_zeros()
    return pairs


def focused(context: Context) -> sparse.csr_array:
    """Skills of the projects that are about few, (P, K); rows of the others are empty."""
    size = np.asarray(context.project_skills.sum(axis=1)).ravel()
    return sparse.csr_array(context.project_skills * (size <= MOST_SKILLS).astype(float)[:, None])


class Complement:
    """Feature: 1 - exp(-sum of strength and rarities over the pairs of skills that go together, one on each side, neither shared)."""

    name = "complement"
    feature_names = ("complementary_skills",)

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        mine = own_skills(context, query)
        if not mine.any():
            return np.full((len(candidates), 1), np.nan)
        theirs = np.asarray(context.offers.matrix[candidates].todense())
        rarity = context.offers.rarity
        only_mine, only_theirs = mine * (1 - theirs) * rarity, theirs * (1 - mine) * rarity
        total = ((only_mine @ together(context)) * only_theirs).sum(axis=1)
        return np.where(theirs.any(axis=1), 1 - np.exp(-total), np.nan)[:, None]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        best = best_pair(context, query, candidate)
        if best is None or query.actor is None:
            return None
        mine, theirs, project = best
        skills, words = context.vocabulary.skills, labels_of(context.snapshot)
        a, b = words.name(context.ids[query.actor]), words.name(context.ids[candidate])
        s, t, p = words.inside([skills[mine]]), words.inside([skills[theirs]]), words.name(context.project_ids[project])
        text = Text(
            f"{a.fr} sait faire : {s.fr} ; {b.fr} : {t.fr}. Le projet « {p.fr} » réunit ces deux savoir-faire.",
            f"{a.en} can do: {s.en}; {b.en}: {t.en}. The project “{p.en}” brings these two skills together.",
        )
        facts = [context.offers.statement[query.actor, mine], context.offers.statement[candidate, theirs]]
        about = [context.about_statement[project, skill] for skill in (mine, theirs)]
        return Evidence(self.name, 0.0, text, (*facts, *about))


def own_skills(context: Context, query: Query) -> NDArray[np.float64]:
    """Skills of the subject or of the idea, (K,) of 0 and 1."""
    if query.actor is not None:
        return np.asarray(context.offers.matrix[[query.actor]].todense()).ravel()
    own = np.zeros(len(context.vocabulary.skills))
    own[[context.vocabulary.skill_index[s] for s in query.skills]] = 1.0
    return own


def best_pair(context: Context, query: Query, candidate: int) -> tuple[int, int, int] | None:
    """The rarest pair of complementary skills (mine, theirs) and the first project that has both."""
    mine, theirs = own_skills(context, query), np.zeros(len(context.vocabulary.skills))
    theirs[context.offers.of(candidate)] = 1.0
    rarity = context.offers.rarity
    only_mine, only_theirs = np.flatnonzero(mine * (1 - theirs)), np.flatnonzero(theirs * (1 - mine))
    if not len(only_mine) or not len(only_theirs):
        return None
    weights = together(context)[only_mine][:, only_theirs].todense() * np.add.outer(rarity[only_mine], rarity[only_theirs])
    if not np.any(weights):
        return None
    row, column = np.unravel_index(int(np.argmax(weights)), weights.shape)
    s, t = int(only_mine[row]), int(only_theirs[column])
    both = np.asarray(focused(context)[:, [s, t]].sum(axis=1)).ravel() == 2
    return s, t, int(np.flatnonzero(both)[0])
