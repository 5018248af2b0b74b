"""The methods of each track, run over its queries: every candidate is ranked, ties stand at random, nothing is sampled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from recommender.evaluation.metrics import Ranked, rank_row
from recommender.temporal import baselines, ease
from recommender.temporal.baselines import Ranking, Score
from recommender.temporal.events import Ints
from recommender.temporal.history import History
from recommender.temporal.tasks import Task, Track

OURS = "passerelle (untrained)"


@dataclass(frozen=True)
class Method:
    """A ranking as a row of the report; `by_ties` needs the asker's ties, so that it is undefined where they are hidden."""

    name: str
    ranking: Ranking
    by_ties: bool = False

    @property
    def ours(self) -> bool:
        """Whether this is what the product ranks with."""
        return self.name == OURS


@dataclass
class Run:
    """What a method answered: one `Ranked` for each query, none where it is undefined; seconds of learning and of scoring."""

    method: Method
    answers: list[Ranked] = field(default_factory=list)
    train_seconds: float = 0.0
    score_seconds: float = 0.0


BASELINES: tuple[Method, ...] = (
    Method("random", baselines.chance),
    Method("popularity, 24 months", baselines.popularity),
    Method("common neighbours", baselines.common_neighbours, by_ties=True),
    Method("Adamic-Adar", baselines.adamic_adar, by_ties=True),
    Method("resource allocation", baselines.resource_allocation, by_ties=True),
    Method("TF-IDF profiles", baselines.text_profiles),
    Method("more like this, 12 terms", baselines.more_like_this),
    Method("R0: ln RA + 3 TF-IDF", baselines.r0, by_ties=True),
    Method("EASE, ties alone", ease.ease, by_ties=True),
)
"""What stands beside ours on every track."""


def methods(track: Track, hidden: Ints) -> tuple[Method, ...]:
    """Ours and the baselines of a track. `hidden` are the rows whose ties nothing may be learnt from (those who ask, where they are cold)."""
    if track == "warm":
        return (Method(OURS, ease.augmented_ease), *BASELINES)
    if track == "cold":
        return (Method(OURS, baselines.text_and_popularity), *BASELINES, Method("EASE with words", lambda h: ease.Ease.fit(h, without=hidden).score))
    return (Method(OURS, baselines.similar_projects), *BASELINES, Method("EASE with words", ease.augmented_ease))


def run(history: History, task: Task, method: Method, seed: int) -> Run:
    """Learn, score every query and rank every candidate; equal scores stand in the same random order for every method."""
    done = Run(method)
    if method.by_ties and task.track == "cold":
        return done
    start = time.perf_counter()
    score = method.ranking(history)
    done.train_seconds = time.perf_counter() - start
    done.answers, done.score_seconds = answers(task, score, np.random.default_rng(seed))
    return done


def answers(task: Task, score: Score, rng: np.random.Generator) -> tuple[list[Ranked], float]:
    """The answer to each query, and the seconds that scoring took."""
    out: list[Ranked] = []
    seconds = 0.0
    for block in task.asked.blocks():
        start = time.perf_counter()
        scores = score(block)
        seconds += time.perf_counter() - start
        for row in scores:
            k = len(out)
            out.append(rank_row(row, task.hidden[k], task.relevant[k], task.names[k], rng))
    return out, seconds


def run_all(history: History, task: Task, seed: int, tell: Callable[[str], None]) -> list[Run]:
    """Every method of a track, ours first."""
    hidden = task.askers if task.track == "cold" else np.zeros(0, dtype=np.int64)
    out = []
    for method in methods(task.track, hidden):
        tell(f"measuring {task.track}: {method.name}")
        out.append(run(history, task, method, seed))
    return out
