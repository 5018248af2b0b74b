"""What sort of actor each is, by what was first seen before a day: kind, country, main field of science."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.evaluation.metrics import Ranked
from recommender.temporal.events import Ints
from recommender.temporal.history import History
from recommender.temporal.topics import Marks, field_marks

TRAITS = {"cross_type": "kind", "cross_country": "country"}
_LEVEL = 2


@dataclass(frozen=True, eq=False)
class Traits:
    """Codes of each row of a history, -1 where nothing tells it: `cross_type` (kind), `cross_field`, `cross_country`."""

    codes: Mapping[str, Ints]

    @classmethod
    def of(cls, history: History) -> Traits:
        """First-seen kind and country; the field of the second level of EuroSciVoc that most past events bear."""
        found = {name: _codes(history, predicate) for name, predicate in TRAITS.items()}
        return cls({"cross_type": found["cross_type"], "cross_field": _fields(history), "cross_country": found["cross_country"]})

    def crossing(self, askers: Ints, answers: Sequence[Ranked]) -> Mapping[str, float | None]:
        """Share of the top tens that differ from the asker, among the pairs of which both are told; None where there is no such pair."""
        who = np.repeat(askers, [len(answer.top) for answer in answers])
        shown = np.concatenate([answer.top for answer in answers])
        return {name: _share(np.where(who < 0, -1, codes[who]), codes[shown]) for name, codes in self.codes.items()}


def _share(of_asker: Ints, of_shown: Ints) -> float | None:
    told = (of_asker >= 0) & (of_shown >= 0)
    return float((of_asker != of_shown)[told].mean()) if told.any() else None


def _codes(history: History, predicate: str) -> Ints:
    told = history.events.of_actors.get(predicate)
    first = {} if told is None else told.first()
    number = {value: k for k, value in enumerate(sorted(set(first.values())))}
    return np.asarray([number[first[actor]] if actor in first else -1 for actor in history.actors.tolist()], dtype=np.int64)


def _fields(history: History) -> Ints:
    every = field_marks(history.events)
    marks = [[mark for mark in every[event] if mark.count("/") == _LEVEL - 1] for event in history.past]
    columns = tuple(sorted({mark for row in marks for mark in row}))
    if not columns:
        return np.full(len(history.actors), -1, dtype=np.int64)
    times = history.incidence @ Marks(columns, np.ones(len(columns), dtype=np.float32)).bearing(marks)
    most = np.asarray(times.argmax(axis=1)).ravel().astype(np.int64)
    return np.where(np.diff(times.tocsr().indptr) > 0, most, -1)
