"""From a question to reasoned recommendations: candidates, scores, the order served, evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ontology.model import Partner
from recommender.answers import Evidence, Recommendation
from recommender.context import Context
from recommender.doubts import missing, questions
from recommender.eligibility import eligible, is_support
from recommender.exposure import adjustment, largest_share
from recommender.gains import gains
from recommender.query import Query
from recommender.ranking import ExpertRanker, Scored, band, logistic
from recommender.related import already, related
from recommender.retrievers import SMALL, candidates
from recommender.signals.distance import kilometres
from recommender.signals.sectors import Sectors
from recommender.signals.similar_meaning import CLOSE

MOST_REASONS = 4
LEAST_CONTRIBUTION = 0.05
"""Log-odds under which a reason is not worth a sentence."""
NO_REASON_ALONE = frozenset({"distance", "sectors", "meaning"})
"""Signals that say something beside a reason, and are none by themselves; of an idea, a close meaning may be all there is."""
LEAST_LOG_ODDS = -2.6
"""Log-odds under which nobody is recommended (a score of 0.07): better a short list than a padded one."""
VAGUE = NO_REASON_ALONE | {"words"}
"""Signals said after the concrete ones, whatever they weigh."""
UNSAID = frozenset({"roles", "activity"})
"""Signals that weigh and never say anything."""
IN_TOUCH = 1.5
"""Log-odds taken off in the order for who is already a member, a funder, a founder: shown, after those to be met."""
DARING_POOL = 60
"""How many of the best candidates the dial may reorder."""

Keep = Callable[[int], bool]


@dataclass(frozen=True, eq=False)
class Recommender:
    """Recommendations of one context. `labels` (n,) are the clusters, for what bridging means; -1 is none."""

    context: Context
    labels: NDArray[np.int64]
    ranker: ExpertRanker

    def recommend(
        self, query: Query, k: int = 10, *, keep: Keep | None = None, explore: float = 0.0
    ) -> tuple[tuple[Recommendation, ...], tuple[Recommendation, ...]]:
        """Partners and supports for a query, at most k of each, every one with a reason.

        `keep` restricts the candidates; `explore` in [0, 1] moves from the closest to the most bridging.
        """
        scored = self.score(query)
        order = self.order(query, scored, explore)
        partners: list[Recommendation] = []
        supports: list[Recommendation] = []
        km = kilometres(self.context, query.actor)
        for position in order:
            candidate = int(scored.candidates[position])
            if scored.log_odds[position] < LEAST_LOG_ODDS:
                continue
            if len(partners) >= k and len(supports) >= k:
                break
            if keep is not None and not keep(candidate):
                continue
            answers = supports if is_support(self.context, query, candidate) else partners
            evidence = () if len(answers) >= k else self.evidence(query, scored, int(position))
            if evidence:
                answers.append(self._recommendation(query, candidate, float(scored.log_odds[position]), evidence, km=km, rank=len(answers) + 1))
        return tuple(partners), tuple(supports)

    def score(self, query: Query) -> Scored:
        """Log-odds of every candidate of a query."""
        return self.ranker.score(self.context, query, candidates(self.context, query))

    def order(self, query: Query, scored: Scored, explore: float) -> NDArray[np.int64]:
        """Positions in the order served, first first: log-odds less the candidate's adjustment, moved to bridging by `explore`."""
        value = scored.log_odds
        if query.actor is not None:
            in_touch = np.asarray([related(self.context, query.actor, int(b)) for b in scored.candidates], dtype=float)
            value = value - self.adjustment[scored.candidates] - IN_TOUCH * in_touch
        order = np.argsort(-value, kind="stable")
        if explore <= 0 or query.actor is None or not len(order):
            return order
        pool = order[:DARING_POOL]
        spread = max(float(np.ptp(value[pool])), 1e-9)
        closeness = (value[pool] - value[pool].min()) / spread
        daring = (1 - explore) * closeness + explore * self.bridging(query.actor, scored.candidates[pool])
        return np.concatenate([pool[np.argsort(-daring, kind="stable")], order[DARING_POOL:]])

    def bridging(self, actor: int, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much of a bridge each candidate would be, [0, 1]: another cluster, no shared sector, another role, sectors that seldom meet."""
        context = self.context
        apart = (self.labels[chosen] != self.labels[actor]) | (self.labels[chosen] < 0)
        sectors = Sectors().features(context, Query(actor=actor), chosen)
        other = np.asarray(context.actors.role)[chosen] != context.actors.role[actor]
        strange = np.nan_to_num(sectors[:, 0], nan=1.0) == 0
        parts = np.column_stack([apart, strange, other, np.nan_to_num(sectors[:, 1])])
        return np.asarray(parts.astype(float) @ np.array([0.35, 0.3, 0.2, 0.15]))

    def evidence(self, query: Query, scored: Scored, position: int) -> tuple[Evidence, ...]:
        """Reasons of one candidate: the concrete ones first, then by contribution; empty when none stands by itself."""
        candidate = int(scored.candidates[position])
        found = []
        for signal, contribution in zip(scored.signals, scored.contributions[position], strict=True):
            if contribution >= LEAST_CONTRIBUTION:
                reason = signal.explain(self.context, query, candidate)
                if reason is not None:
                    found.append(replace(reason, contribution=round(float(contribution), 3)))
        if not self._enough(query, {e.signal for e in found}):
            return ()
        return tuple(sorted(found, key=lambda e: (e.signal in VAGUE, -e.contribution))[:MOST_REASONS])

    @staticmethod
    def _enough(query: Query, told: set[str]) -> bool:
        """Whether the reasons told are worth a recommendation: a concrete one, or both a sector and a close subject."""
        if query.actor is None:
            return bool(told - {"distance"})
        return bool(told - NO_REASON_ALONE) or {"sectors", "meaning"} <= told

    def _recommendation(
        self, query: Query, candidate: int, log_odds: float, evidence: tuple[Evidence, ...], *, km: NDArray[np.float64], rank: int
    ) -> Recommendation:
        score = float(logistic(np.asarray(log_odds)))
        far = None if np.isnan(km[candidate]) else float(km[candidate])
        return Recommendation(
            subject=None if query.actor is None else self.context.ids[query.actor],
            partner=self.context.ids[candidate],
            rank=rank,
            score=round(score, 4),
            band=band(score),
            probability=None,
            basis=self.ranker.basis,
            gains=gains(self.context, query, candidate),
            evidence=evidence,
            missing=missing(self.context, query, candidate, evidence, far),
            km=far,
            questions=questions(self.context, query, candidate),
            known=None if query.actor is None else already(self.context, query.actor, candidate),
        )

    def log_odds(self, actor: int) -> NDArray[np.float64]:
        """Log-odds of an actor with every other, (n,); -inf where the pair is not eligible."""
        query = Query(actor=actor)
        row = np.full(self.context.size, -np.inf)
        if self.context.actors.recommendable[actor]:
            chosen = np.flatnonzero(eligible(self.context, query))
            row[chosen] = self.ranker.score(self.context, query, chosen).log_odds
        return row

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """Log-odds of every pair, (n, n), -inf where a pair is not eligible; for small territories only (`retrievers.SMALL`)."""
        return np.vstack([self.log_odds(a) for a in range(self.context.size)]) if self.context.size else np.zeros((0, 0))

    @cached_property
    def adjustment(self) -> NDArray[np.float64]:
        """What serving takes off each candidate, (n,), see `recommender.exposure`; 0 above `retrievers.SMALL` actors."""
        if self.context.size > SMALL:
            return np.zeros(self.context.size)
        return adjustment(self.servable, self.bounded)

    @cached_property
    def servable(self) -> NDArray[np.float64]:
        """The matrix without the pairs that no list would show: too low a score, or no reason that stands by itself."""
        rows = [self._servable(a) for a in range(self.context.size)]
        return np.vstack(rows) if rows else np.zeros((0, 0))

    @cached_property
    def bounded(self) -> NDArray[np.bool_]:
        """Actors that stand among partners, (n,): those whose exposure is bounded."""
        return np.asarray([p == Partner.YES.value for p in self.context.actors.partner], dtype=bool)

    @cached_property
    def largest_share(self) -> float:
        """Largest share of all top tens of partners that one actor holds, [0, 1]."""
        return largest_share((self.servable - self.adjustment)[:, self.bounded])

    def _servable(self, actor: int) -> NDArray[np.float64]:
        query, row = Query(actor=actor), self.matrix[actor].copy()
        shown = np.flatnonzero(row >= LEAST_LOG_ODDS)
        if not len(shown):
            return np.full(self.context.size, -np.inf)
        scored = self.ranker.score(self.context, query, shown)
        told = {s.name: c >= LEAST_CONTRIBUTION for s, c in zip(scored.signals, scored.contributions.T, strict=True)}
        concrete = np.any([told[name] for name in told if name not in VAGUE | UNSAID], axis=0)
        close = np.nan_to_num(scored.features["vector_cosine"]) >= CLOSE
        silent = ~(concrete | (told["sectors"] & close))
        row[row < LEAST_LOG_ODDS] = -np.inf
        row[shown[silent]] = -np.inf
        return np.asarray(row, dtype=float)
