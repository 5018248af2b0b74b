"""Evaluation by date: learn what precedes a day, ask about the time after it, every baseline beside ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from graph_builder.snapshot import Snapshot
from ontology.errors import QueryError
from recommender.evaluation.metrics import METRICS, Interval, bootstrap_queries, exposure, metrics_of
from recommender.temporal.events import Events, read_events
from recommender.temporal.history import FEWEST_EVENTS, History
from recommender.temporal.protocol import Run, run_all
from recommender.temporal.queries import Listed, listed
from recommender.temporal.tasks import Task, Track, actor_task, idea_task
from recommender.temporal.traits import Traits
from recommender.temporal.window import LARGEST, SMALLEST, Window

SEED = 20261124
CROSSING = ("cross_type", "cross_field", "cross_country")
METHOD = (
    f"full ranking of the universe (actors with {FEWEST_EVENTS} past events or more), known partners left out, new pairs of events of "
    f"{SMALLEST} to {LARGEST} participants, equal scores at random; intervals: 95 % bootstrap over queries"
)

Told: TypeAlias = str | int | float | Mapping[str, str] | None
"""What a protocol may hold."""


@dataclass(frozen=True)
class Dates:
    """Days of an evaluation: the last one that may be known, the first that is asked about, the first that is not any more."""

    train_to: date
    test_from: date
    test_to: date

    @property
    def history_end(self) -> np.datetime64:
        """The day before which everything is known: the day after `train_to`, and never later than `test_from`."""
        return np.datetime64(min(self.train_to + timedelta(days=1), self.test_from))

    def check(self, events: Events) -> None:
        """Raises QueryError when the days are out of order or not in the data."""
        newest = events.newest
        if self.train_to > self.test_from:
            raise QueryError(f"--train-to {self.train_to} is after --test-from {self.test_from}: the answers would be known; choose an earlier day")
        if self.test_to <= self.test_from:
            raise QueryError(f"--test-to {self.test_to} is not after --test-from {self.test_from}; choose a later day")
        if np.datetime64(self.train_to) > newest:
            raise QueryError(f"--train-to {self.train_to} is after the data (newest event: {newest}); choose an earlier day or add a later source")


@dataclass(frozen=True)
class DatedRow:
    """Figures of one method on one track; None where they are undefined (it needs ties, and they are hidden)."""

    name: str
    track: Track
    ours: bool
    metrics: Mapping[str, Interval | None]
    coverage: float | None
    gini: float | None
    crossing: Mapping[str, float | None]
    train_seconds: float | None
    milliseconds_per_query: float | None


@dataclass(frozen=True)
class DatedEvaluation:
    """What was measured, how, and on what; `notes` say what was skipped. `versus` holds NDCG@10 of ours minus that of each other method."""

    digest: str
    protocol: Mapping[str, Told]
    rows: tuple[DatedRow, ...]
    versus: Mapping[str, Interval] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def evaluate_dates(
    snapshot: Snapshot,
    dates: Dates,
    *,
    tracks: Sequence[Track] = ("warm",),
    pics: Sequence[int] | None = None,
    seed: int = SEED,
    progress: Callable[[str], None] | None = None,
) -> DatedEvaluation:
    """Figures of every method on these tracks. `pics` names the actors that are asked about (None: all that meet somebody new).

    Raises QueryError when nothing is dated, the days are out of order or not in the data, or there is nobody to ask about.
    """
    tell = progress or (lambda _: None)
    tell("measuring: reading the events")
    events = read_events(snapshot)
    dates.check(events)
    history = History.before(events, dates.history_end)
    window = Window.of(events, history, np.datetime64(dates.test_from), np.datetime64(dates.test_to))
    asked = listed(snapshot, events, history, window, pics) if set(tracks) - {"idea"} else None
    tasks = [_task(events, history, window, track, asked) for track in dict.fromkeys(tracks)]
    traits = Traits.of(history)
    rows: list[DatedRow] = []
    versus: dict[str, Interval] = {}
    for task in tasks:
        runs = run_all(history, task, seed, tell)
        rows += [_row(task, run, history.size, traits, seed) for run in runs]
        versus |= _versus(task.track, runs, seed)
    notes = _notes(events, asked)
    protocol = _protocol(snapshot, events, dates, history, window) | _asked(tasks, asked, seed) | {"skipped": "; ".join(notes) or None}
    return DatedEvaluation(snapshot.digest, protocol, tuple(rows), versus, notes)


def _task(events: Events, history: History, window: Window, track: Track, asked: Listed | None) -> Task:
    if track == "idea" or asked is None:
        return idea_task(events, history, window)
    return actor_task(history, window, asked.rows, track)


def _notes(events: Events, asked: Listed | None) -> tuple[str, ...]:
    undated = (f"{events.undated:,} participations without a date were left out",) if events.undated else ()
    return undated + (asked.notes() if asked else ())


def _protocol(snapshot: Snapshot, events: Events, dates: Dates, history: History, window: Window) -> dict[str, Told]:
    return {
        "data": ", ".join(f"{p['name']} {p.get('version', '')}".strip() for p in snapshot.manifest.packages),
        "digest": snapshot.digest,
        "dates": {"train_to": dates.train_to.isoformat(), "test_from": dates.test_from.isoformat(), "test_to": dates.test_to.isoformat()},
        "method": METHOD,
        "programme": events.programme,
        "events": len(window.events),
        "past_events": len(history.past),
        "universe": history.size,
        "new_pairs": int(window.new.nnz // 2),
        "known_pairs": int(window.known.nnz // 2),
    }


def _asked(tasks: Sequence[Task], asked: Listed | None, seed: int) -> dict[str, Told]:
    first = tasks[0]
    candidates = first.asked.strength.shape[1] - float(np.mean([len(hidden) for hidden in first.hidden]))
    return {
        "queries": len(first.names),
        **{f"queries_{task.track}": len(task.names) for task in tasks},
        "queries_unknown": len(asked.unknown) if asked else 0,
        "candidates": round(candidates, 1),
        "seed": seed,
    }


def _values(run: Run) -> NDArray[np.float64]:
    """Metrics of each query, (q, metrics)."""
    return np.asarray([[found[name] for name in METRICS] for found in map(metrics_of, run.answers)])


def _row(task: Task, run: Run, size: int, traits: Traits, seed: int) -> DatedRow:
    name, ours = run.method.name, run.method.ours
    if not run.answers:
        return DatedRow(name, task.track, ours, dict.fromkeys(METRICS), None, None, dict.fromkeys(CROSSING), None, None)
    intervals = dict(zip(METRICS, bootstrap_queries(_values(run), np.random.default_rng(seed)), strict=True))
    coverage, gini = exposure(run.answers, size)
    crossing = traits.crossing(task.askers, run.answers)
    each = 1000 * run.score_seconds / len(run.answers)
    return DatedRow(name, task.track, ours, intervals, coverage, gini, crossing, run.train_seconds, each)


def _versus(track: Track, runs: Sequence[Run], seed: int, metric: str = "ndcg_at_10") -> dict[str, Interval]:
    """Ours minus each other method, paired by query; names of the tracks but warm begin with the track."""
    at = METRICS.index(metric)
    ours = next(_values(run)[:, at] for run in runs if run.method.ours)
    others = [run for run in runs if run.answers and not run.method.ours]
    differences = np.stack([ours - _values(run)[:, at] for run in others], axis=1)
    names = [run.method.name if track == "warm" else f"{track}: {run.method.name}" for run in others]
    return dict(zip(names, bootstrap_queries(differences, np.random.default_rng(seed)), strict=True))
