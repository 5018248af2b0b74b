"""Evaluation on a territory: one event left out at a time, our ranking beside every baseline and every signal alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from graph_builder.snapshot import Snapshot
from ontology.errors import QueryError
from recommender.context import Context
from recommender.encoders import Encoder
from recommender.evaluation.held_out import HeldOut, held_out
from recommender.evaluation.metrics import METRICS, Interval, Ranked, bootstrap, exposure, metrics_of, rank
from recommender.ranking import ExpertRanker, Scored
from recommender.recommend import Recommender
from recommender.signals.common_partners import neighbour_scores
from recommender.text import char_tfidf

SEED = 20261124
TRACK = "event"

Score = NDArray[np.float64]
Plain: TypeAlias = str | int | float | None
"""What a protocol may hold: plain values, fit for JSON."""


@dataclass(frozen=True)
class Row:
    """Figures of one method: metrics with 95 % intervals, coverage and Gini of its top tens, time per query."""

    name: str
    ours: bool
    metrics: Mapping[str, Interval]
    coverage: float
    gini: float
    milliseconds_per_query: float
    track: str = TRACK
    train_seconds: float = 0.0


@dataclass(frozen=True)
class Evaluation:
    """What was measured, how, and on what."""

    digest: str
    protocol: Mapping[str, Plain]
    rows: tuple[Row, ...]
    versus: Mapping[str, Interval] = field(default_factory=dict)


@dataclass
class _Method:
    answers: list[Ranked] = field(default_factory=list)
    seconds: float = 0.0


def evaluate_territory(
    snapshot: Snapshot, encoder: Encoder | None, *, which: str = "report", progress: Callable[[str], None] | None = None
) -> Evaluation:
    """Figures on the half of the events that no weight was chosen on. Raises QueryError when no event can be left out."""
    methods: dict[str, _Method] = {}
    rng = np.random.default_rng(SEED)
    events: set[str] = set()
    candidates: list[int] = []
    size = 0
    for held in held_out(snapshot, encoder, which, progress=progress):
        events.add(held.event)
        candidates.append(len(held.candidates))
        size = int((~held.context.actors.outside).sum())
        for name, (scores, seconds) in _scores(held).items():
            method = methods.setdefault(name, _Method())
            method.answers.append(rank(scores, held.candidates, held.relevant, held.event, rng))
            method.seconds += seconds
    if not candidates:
        raise QueryError("no known tie can be left out: the graph has no event of two actors or more in the half that figures come from")
    rows = tuple(_row(name, method, size) for name, method in methods.items())
    protocol: dict[str, Plain] = {
        "data": ", ".join(f"{p['name']} {p.get('version', '')}".strip() for p in snapshot.manifest.packages),
        "digest": snapshot.digest,
        "dates": None,
        "method": "leave one event out, full ranking, names of the event's actors masked; intervals: 95 % bootstrap over events",
        "half": which,
        "events": len(events),
        "queries": len(candidates),
        "candidates": round(float(np.mean(candidates)), 1),
        "encoder": None if encoder is None else encoder.name,
        "seed": SEED,
    }
    return Evaluation(snapshot.digest, protocol, rows, _versus(methods))


OURS = "passerelle (expert weights)"
SERVED = "passerelle, order served"
"""The same with what serving takes off: the other opportunities of the candidate, and its price."""


@lru_cache(maxsize=1)
def _adjustment(context: Context) -> Score:
    nowhere = np.full(context.size, -1, dtype=np.int64)
    return Recommender(context, nowhere, ExpertRanker()).adjustment


def _scores(held: HeldOut) -> dict[str, tuple[Score, float]]:
    """Scores of the candidates by every method, (m,), with the seconds that each took."""
    out: dict[str, tuple[Score, float]] = {}
    context, query, chosen = held.context, held.query, held.candidates
    actor = query.actor
    assert actor is not None  # noqa: S101 -- held-out queries are actors
    start = time.perf_counter()
    scored = ExpertRanker().score(context, query, chosen)
    out[OURS] = (scored.log_odds, time.perf_counter() - start)
    out[SERVED] = (scored.log_odds - _adjustment(context)[chosen], time.perf_counter() - start)

    def timed(name: str, run: Callable[[], Score]) -> None:
        begin = time.perf_counter()
        out[name] = (run(), time.perf_counter() - begin)

    timed("random", lambda: np.zeros(len(chosen)))
    timed("degree", lambda: context.ties.degree[chosen])
    timed("adamic-adar", lambda: neighbour_scores(context.ties.matrix, actor)[0][chosen])
    timed("resource allocation", lambda: neighbour_scores(context.ties.matrix, actor)[1][chosen])
    timed("character TF-IDF", lambda: _characters(held)[chosen])
    vectors = context.profiles.vectors
    if vectors is not None:
        timed("text vectors", lambda: np.asarray(vectors @ vectors[actor], dtype=float)[chosen])
    for name, scores in _alone(scored).items():
        out[f"signal alone: {name}"] = (scores, 0.0)
    return out


def _characters(held: HeldOut) -> Score:
    """Cosine of character n-grams of the profiles with the subject's, (n,)."""
    matrix = char_tfidf(held.context.profiles.texts)
    return np.asarray((matrix @ matrix[[held.query.actor]].T).todense(), dtype=float).ravel()


def _alone(scored: Scored) -> dict[str, Score]:
    """Share of each signal in the log-odds, as a ranking of its own; a signal without any weight is left out."""
    return {signal.name: scored.contributions[:, k] for k, signal in enumerate(scored.signals)}


def _row(name: str, method: _Method, size: int) -> Row:
    values = [metrics_of(a) for a in method.answers]
    groups = [a.group for a in method.answers]
    intervals = {m: bootstrap(np.asarray([v[m] for v in values]), groups, np.random.default_rng(SEED)) for m in METRICS}
    coverage, gini = exposure(method.answers, size)
    return Row(name, name == OURS, intervals, coverage, gini, 1000 * method.seconds / len(method.answers))


def _versus(methods: Mapping[str, _Method], metric: str = "ndcg_at_10") -> dict[str, Interval]:
    """NDCG@10 of ours minus that of each baseline, paired by query, with its interval."""
    ours = _column(methods[OURS].answers, metric)
    groups = [a.group for a in methods[OURS].answers]
    return {
        name: bootstrap(ours - _column(method.answers, metric), groups, np.random.default_rng(SEED))
        for name, method in methods.items()
        if name not in (OURS, SERVED) and not name.startswith("signal")
    }


def _column(answers: Sequence[Ranked], metric: str) -> Score:
    return np.asarray([metrics_of(a)[metric] for a in answers])
