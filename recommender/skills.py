"""Offers and needs of a context: matrices for ranking, and the statement behind every cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph_builder.normalise import latest_day
from graph_builder.snapshot import Snapshot
from ontology.model import NeedType
from recommender.actors import FRESH_YEARS
from recommender.known import Facts

STALE_NEED = 0.6
"""Weight of a need that is undated or more than five years old."""


@dataclass(frozen=True)
class Offers:
    """Who offers which skill: `matrix` (n, K) of ones, `weight` (n, K) of confidences, `rarity` (K,) in [0, 1].

    `by_actor` gives the weights of one actor by skill.
    rarity = log((n + 1) / (offerers + 1)) / log(n + 1): 1 for a skill that nobody offers, 0 for one that all offer.
    """

    matrix: sparse.csr_array
    weight: sparse.csr_array
    statement: Mapping[tuple[int, int], str]
    rarity: NDArray[np.float64]
    by_actor: tuple[Mapping[int, float], ...]

    def of(self, actor: int) -> NDArray[np.int64]:
        """Columns of the skills that an actor offers."""
        return np.asarray(self.matrix.indices[self.matrix.indptr[actor] : self.matrix.indptr[actor + 1]], dtype=np.int64)


@dataclass(frozen=True)
class NeedFact:
    """One need: who, which skill, what sort of answer, the statement, its weight in [0, 1] and its year ('' if untold)."""

    actor: int
    skill: int
    need_type: str
    statement: str
    weight: float
    year: str
    paraphrase_fr: str
    paraphrase_en: str


@dataclass(frozen=True)
class Needs:
    """Needs, and the positions of each actor's and each skill's."""

    facts: tuple[NeedFact, ...]
    of_actor: Mapping[int, tuple[NeedFact, ...]]
    of_skill: Mapping[int, tuple[NeedFact, ...]]


def read_offers(facts: Facts, actors: int, skills: int, *, stated: bool) -> Offers:
    """Stated offers, or inferred ones, from the known relations `offersSkill`; told several times, the surest counts."""
    best: dict[tuple[int, int], tuple[float, str]] = {}
    for k in np.flatnonzero(facts.stated if stated else ~facts.stated):
        cell = (int(facts.subject[k]), int(facts.object[k]))
        if cell not in best or facts.weight[k] > best[cell][0]:
            best[cell] = (float(facts.weight[k]), facts.statement[k])
    cells = np.asarray(list(best), dtype=np.int64).reshape(-1, 2)
    weight = sparse.csr_array(([w for w, _ in best.values()], (cells[:, 0], cells[:, 1])), shape=(actors, skills), dtype=float)
    matrix = weight.copy()
    matrix.data[:] = 1.0
    offerers = np.asarray(matrix.sum(axis=0)).ravel()
    rarity = np.log((actors + 1) / (offerers + 1)) / np.log(actors + 1) if actors else np.zeros(skills)
    by_actor: list[dict[int, float]] = [{} for _ in range(actors)]
    for (a, s), (w, _) in best.items():
        by_actor[a][s] = w
    return Offers(matrix, weight, {cell: statement for cell, (_, statement) in best.items()}, rarity, tuple(by_actor))


def read_needs(snapshot: Snapshot, facts: Facts, *, stated: bool, reference_year: int) -> Needs:
    """Stated needs, or inferred ones, from the known relations `needsSkill`; an old need weighs less."""
    rows: list[NeedFact] = []
    for k in np.flatnonzero(facts.stated if stated else ~facts.stated):
        qualifiers = facts.qualifiers[k]
        day = latest_day(facts.since[k] or snapshot.published(facts.record[k]) or "")
        rows.append(
            NeedFact(
                int(facts.subject[k]),
                int(facts.object[k]),
                qualifiers.get("need_type", NeedType.OTHER.value),
                facts.statement[k],
                float(facts.weight[k]) * _freshness(day, reference_year),
                f"{day.year}" if day else "",
                qualifiers.get("paraphrase_fr", ""),
                qualifiers.get("paraphrase_en", ""),
            )
        )
    rows.sort(key=lambda need: (need.actor, need.skill, need.need_type, need.statement))
    of_actor: dict[int, list[NeedFact]] = {}
    of_skill: dict[int, list[NeedFact]] = {}
    for need in rows:
        of_actor.setdefault(need.actor, []).append(need)
        of_skill.setdefault(need.skill, []).append(need)
    return Needs(tuple(rows), {a: tuple(v) for a, v in of_actor.items()}, {s: tuple(v) for s, v in of_skill.items()})


def _freshness(day: date | None, reference_year: int) -> float:
    if day is None:
        return STALE_NEED
    return STALE_NEED if reference_year - day.year > FRESH_YEARS else 1.0
