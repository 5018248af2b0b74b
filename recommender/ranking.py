"""Signals to score: expert weights, log-odds, bands; every contribution is a number a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from recommender.answers import Band, Text
from recommender.context import Context
from recommender.query import Query
from recommender.signals import SIGNALS, Signal


@dataclass(frozen=True)
class ExpertWeight:
    """Log-odds that a feature adds when it is 1, and why an expert gave it that weight."""

    signal: str
    weight: float
    why: Text


def _weigh(signal: str, weight: float, fr: str, en: str) -> ExpertWeight:
    return ExpertWeight(signal, weight, Text(fr, en))


WEIGHTS: Mapping[str, ExpertWeight] = MappingProxyType(
    {
        "need_met": _weigh(
            "need",
            3.0,
            "Un besoin exprimé auquel l'autre sait répondre : la meilleure raison de se voir.",
            "A stated need that the other can meet: the best reason to meet.",
        ),
        "need_served": _weigh(
            "offer",
            3.0,
            "Le même, dans l'autre sens : une rencontre doit servir les deux.",
            "The same the other way round: a meeting must serve both.",
        ),
        "shared_skills": _weigh(
            "skills",
            1.5,
            "Des savoir-faire rares en commun : ils se comprennent tout de suite.",
            "Rare skills in common: they understand each other at once.",
        ),
        "complementary_skills": _weigh(
            "complement",
            0.8,
            "Des savoir-faire différents que des projets connus réunissent.",
            "Different skills that known projects bring together.",
        ),
        "adamic_adar": _weigh(
            "common", 0.8, "Des partenaires communs, surtout ceux qui en ont peu.", "Common partners, above all those that have few."
        ),
        "resource_allocation": _weigh(
            "common", 0.8, "Idem, avec un poids plus fort aux partenaires peu reliés.", "The same, with more weight on partners with few ties."
        ),
        "vector_cosine": _weigh(
            "meaning", 1.8, "Des textes qui parlent du même sujet, même avec d'autres mots.", "Texts about the same subject, even in other words."
        ),
        "term_cosine": _weigh("words", 1.8, "Des mots rares en commun dans leurs textes.", "Rare words in common in their texts."),
        "shared_sectors": _weigh("sectors", 0.8, "Un même secteur d'activité.", "The same sector."),
        "rare_sector_pair": _weigh(
            "sectors",
            0.2,
            "Deux secteurs qui se rencontrent peu : la passerelle vaut plus, mais elle est plus difficile.",
            "Two sectors that seldom meet: the bridge is worth more, and is harder.",
        ),
        "research_company": _weigh(
            "roles", 0.4, "Recherche ou formation d'un côté, entreprise de l'autre.", "Research or training on one side, a company on the other."
        ),
        "digital_excellence": _weigh(
            "roles",
            0.3,
            "Le numérique d'un côté, un secteur d'excellence de l'autre.",
            "Digital technology on one side, a sector of excellence on the other.",
        ),
        "nearness": _weigh("distance", 0.8, "La proximité, qui rend la rencontre facile.", "Nearness, which makes meeting easy."),
        "activity": _weigh("activity", 2.0, "L'habitude de travailler avec d'autres.", "The habit of working with others."),
    }
)
"""The documented weights, by feature. They were chosen on one half of the known ties only, see docs/method.md."""

INTERCEPT = -4.4
"""Log-odds of two actors about which nothing is known."""

IDEA_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"shared_skills": 3.0, "need_served": 4.0, "vector_cosine": 2.4, "term_cosine": 1.8, "activity": 0.4}
)
"""Weights for an idea: it has no partners, no place and no sector, so skills, needs and texts say it all."""

IDEA_INTERCEPT = -3.0
"""Log-odds of an actor that has nothing to do with an idea."""

STRONG, SERIOUS = 0.7, 0.4
"""Scores from which a lead is called strong, or serious; below it is one to explore."""


def band(score: float) -> Band:
    """The word for a score."""
    return "strong" if score >= STRONG else "serious" if score >= SERIOUS else "explore"


def logistic(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x))."""
    return np.asarray(1 / (1 + np.exp(-log_odds)))


@dataclass(frozen=True)
class Scored:
    """Log-odds (m,) of m candidates, and the share of each signal in them, (m, signals); they add up with the intercept."""

    candidates: NDArray[np.int64]
    log_odds: NDArray[np.float64]
    contributions: NDArray[np.float64]
    signals: tuple[Signal, ...]
    features: Mapping[str, NDArray[np.float64]]


class ExpertRanker:
    """Weighted sum of the features; an unknown feature adds nothing."""

    basis = "expert"

    def __init__(self, weights: Mapping[str, float] | None = None, signals: tuple[Signal, ...] | None = None) -> None:
        self.signals = SIGNALS if signals is None else signals
        self.weights = {name: w.weight for name, w in WEIGHTS.items()} if weights is None else dict(weights)

    def score(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> Scored:
        """Log-odds and contributions of the candidates, in their order."""
        weights, start = (IDEA_WEIGHTS, IDEA_INTERCEPT) if query.actor is None else (self.weights, INTERCEPT)
        columns: dict[str, NDArray[np.float64]] = {}
        parts = []
        for signal in self.signals:
            values = signal.features(context, query, candidates)
            columns.update(zip(signal.feature_names, values.T, strict=True))
            parts.append(np.nan_to_num(values) @ np.asarray([weights.get(name, 0.0) for name in signal.feature_names]))
        contributions = np.column_stack(parts) if parts else np.zeros((len(candidates), 0))
        return Scored(candidates, start + contributions.sum(axis=1), contributions, self.signals, columns)
