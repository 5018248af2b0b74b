"""Marks that a funder gives a project: programme, destination and funding scheme from its call, and fields of science, all levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.temporal.events import Events
from recommender.temporal.text import inverse_frequency, unit

RAREST = 2
"""Events that must bear a mark for it to count."""
_TOPIC = re.compile(r"[A-Z0-9]+-([A-Z0-9]+)-\d{4}-(.*)")


@dataclass(frozen=True, eq=False)
class Marks:
    """The marks that some events bear, sorted, and their inverse document frequency among those events."""

    columns: tuple[str, ...]
    idf: NDArray[np.float32]

    @classmethod
    def fit(cls, rows: Sequence[Sequence[str]]) -> Marks:
        """The marks that at least two of the rows bear; rows without any do not count."""
        found, times = np.unique([mark for row in rows for mark in row] or [""], return_counts=True)
        kept = (times >= RAREST) & (found != "")
        return cls(tuple(str(mark) for mark in found[kept]), inverse_frequency(times[kept], sum(bool(row) for row in rows)))

    def bearing(self, rows: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Which row bears which mark, (rows, marks) csr of ones; marks not known here have no part in it."""
        at = {mark: k for k, mark in enumerate(self.columns)}
        pairs = [(row, at[mark]) for row, own in enumerate(rows) for mark in own if mark in at]
        of, mark = np.asarray(pairs, dtype=np.int64).reshape(-1, 2).T
        return sparse.csr_matrix((np.ones(len(of), np.float32), (of, mark)), shape=(len(rows), len(self.columns)))

    def vectors(self, rows: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """The marks of each row by their inverse document frequency, (rows, marks) csr, rows of norm 1."""
        return unit(self.bearing(rows) @ sparse.diags(self.idf, dtype=np.float32))


def topic_marks(events: Events) -> list[list[str]]:
    """Marks of each event by number: of a topic such as HORIZON-CL5-2022-D2-01-01 the part (CL5), and the part with its destination (D2)."""
    marks: list[set[str]] = [set() for _ in events.events]
    for event, topic in _rows(events, "topic"):
        found = _TOPIC.fullmatch(topic)
        if found:
            destination = re.sub(r"\d{4}", "", found[2].split("-")[0])
            marks[event] |= {f"part:{found[1]}", f"destination:{found[1]}-{destination}"}
        else:
            marks[event].add(f"topic:{topic}")
    for event, scheme in _rows(events, "funding_scheme"):
        marks[event].add(f"scheme:{scheme}")
    return [sorted(row) for row in marks]


def field_marks(events: Events) -> list[list[str]]:
    """Fields of science of each event by number, every level of every path: /a/b gives a and a/b."""
    marks: list[set[str]] = [set() for _ in events.events]
    for event, path in _rows(events, "euroscivoc_path"):
        levels = [level for level in path.split("/") if level]
        marks[event].update("/".join(levels[:k]) for k in range(1, len(levels) + 1))
    return [sorted(row) for row in marks]


def _rows(events: Events, predicate: str) -> list[tuple[int, str]]:
    told = events.of_events.get(predicate)
    return [] if told is None else list(zip(told.of.tolist(), told.value.tolist(), strict=True))
