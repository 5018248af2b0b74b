"""Skills that both sides state, the rare ones first."""

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


@lru_cache(maxsize=4)
def unit_skills(context: Context) -> sparse.csr_array:
    """Stated skills of every actor weighted by confidence and rarity, (n, K), rows of norm 1 or empty."""
    return unit_rows(context.offers.weight, context.offers.rarity)


class SharedSkills:
    """Feature: cosine of the stated skills, each weighted by rarity and confidence; for an idea, the share of its skills covered."""

    name = "skills"
    feature_names = ("shared_skills",)

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        if query.actor is None:
            return self._covered(context, query, candidates)
        return cosines(unit_skills(context), query.actor)[candidates][:, None]

    def _covered(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        columns = [context.vocabulary.skill_index[s] for s in query.skills]
        rarity = context.offers.rarity[columns]
        if not rarity.any():
            return np.full((len(candidates), 1), np.nan)
        weights = np.asarray(context.offers.weight[candidates][:, columns].todense())
        known = np.asarray(context.offers.matrix[candidates].sum(axis=1)).ravel() > 0
        return np.where(known, (weights * rarity).sum(axis=1) / rarity.sum(), np.nan)[:, None]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        shared = shared_skills(context, query, candidate)
        if not shared:
            return None
        words = labels_of(context.snapshot)
        skills = words.inside([context.vocabulary.skills[s] for s in shared[:3]])
        theirs = [context.offers.statement[candidate, s] for s in shared[:3]]
        if query.actor is None:
            text = _covers(words.name(context.ids[candidate]), len(shared), len(query.skills), skills)
            return Evidence(self.name, 0.0, text, tuple(theirs))
        mine = [context.offers.statement[query.actor, s] for s in shared[:3]]
        text = Text(f"Tous deux travaillent sur : {skills.fr}.", f"Both work on: {skills.en}.")
        return Evidence(self.name, 0.0, text, (*theirs, *mine))


def _covers(name: Text, k: int, n: int, skills: Text) -> Text:
    """How much of an idea's skills an actor has."""
    if n == 1:
        return Text(f"{name.fr} a le savoir-faire de votre idée : {skills.fr}.", f"{name.en} has the skill of your idea: {skills.en}.")
    if k == n:
        return Text(
            f"{name.fr} a les {n} savoir-faire de votre idée : {skills.fr}.",
            f"{name.en} has {'both' if n == 2 else f'all {n}'} skills of your idea: {skills.en}.",
        )
    return Text(
        f"{name.fr} a {k} des {n} savoir-faire de votre idée : {skills.fr}.", f"{name.en} has {k} of the {n} skills of your idea: {skills.en}."
    )


def shared_skills(context: Context, query: Query, candidate: int) -> list[int]:
    """Columns of the skills that the candidate shares with the subject or with the idea, the rarest first."""
    mine = {context.vocabulary.skill_index[s] for s in query.skills} if query.actor is None else set(context.offers.of(query.actor).tolist())
    shared = mine & set(context.offers.of(candidate).tolist())
    return sorted(shared, key=lambda s: (-context.offers.rarity[s], s))
