"""All that ranking may know before a day: who took part in what, with whom, how often of late, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ontology.errors import QueryError
from recommender.temporal.events import Days, Events, Ints
from recommender.temporal.text import Words, texts_of, unit
from recommender.temporal.topics import Marks, field_marks, topic_marks

FEWEST_EVENTS = 2
"""Past events from which an actor is in the universe: it is asked about, and it is a candidate."""
MONTHS = 24
"""Months before the end in which popularity counts events."""
FADING = 3.0
"""Years in which the weight of a past event falls to 1/e."""
_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class History:
    """What is dated strictly before `end`. Actors are rows: the `size` actors of the universe first, then all others that took part.

    `actors` (rows,) and `past` (columns,) are their numbers and those of the past events in `events`, which is cut at `end` as well.
    `incidence` (rows, columns) csr of ones: who took part in what.
    """

    end: np.datetime64
    events: Events
    actors: Ints
    size: int
    past: Ints
    incidence: sparse.csr_matrix

    @classmethod
    def before(cls, events: Events, end: np.datetime64) -> History:
        """The history of a day. Raises QueryError when nobody is in the universe.

        Universe: at least two events, one of them of the programme that makes eligible (any, where the graph has no such programme).
        """
        cut = events.before(end)
        number = np.bincount(cut.actor, minlength=len(cut.actors))
        eligible = np.bincount(cut.actor, cut.eligible, len(cut.actors)) > 0
        inside = (number >= FEWEST_EVENTS) & eligible
        if not inside.any():
            wanted = f"{FEWEST_EVENTS} dated projects" + (f", one of them of {cut.programme}" if cut.programme else "")
            raise QueryError(f"before {end} no actor took part in {wanted}: nothing can be learnt; choose a later --train-to")
        actors = np.concatenate([np.flatnonzero(inside), np.flatnonzero((number > 0) & ~inside)])
        past, column = np.unique(cut.event, return_inverse=True)
        row = np.full(len(cut.actors), -1, dtype=np.int64)
        row[actors] = np.arange(len(actors))
        shape = (len(actors), len(past))
        matrix = sparse.csr_matrix((np.ones(len(column), np.float32), (row[cut.actor], column)), shape=shape)
        return cls(end, cut, actors, int(inside.sum()), past, matrix)

    def rows_of(self, actors: Ints) -> Ints:
        """The row of each actor number, -1 for one without past."""
        row = np.full(len(self.events.actors), -1, dtype=np.int64)
        row[self.actors] = np.arange(len(self.actors))
        return row[actors]

    # events ----------------------------------------------------------------------------------------------------------

    @cached_property
    def participants(self) -> Ints:
        """How many actors each past event has, (columns,)."""
        return np.bincount(self.incidence.indices, minlength=len(self.past))

    @cached_property
    def days(self) -> Days:
        """The day of each past event: that of its latest past participation, (columns,)."""
        day = np.full(len(self.past), np.datetime64("0001-01-01"))
        np.maximum.at(day, np.searchsorted(self.past, self.events.event), self.events.day)
        return day

    @cached_property
    def age(self) -> NDArray[np.float64]:
        """Years from each past event to the end, (columns,), positive."""
        return np.asarray((self.end - self.days) / np.timedelta64(1, "D") / _YEAR, dtype=np.float64)

    # ties ------------------------------------------------------------------------------------------------------------

    @cached_property
    def adjacency(self) -> sparse.csr_matrix:
        """Who took part in an event with whom, (rows, rows) csr of ones, nothing on the diagonal."""
        met = together(self.incidence, np.ones(len(self.past)))
        met.data[:] = 1
        return met

    @cached_property
    def degree(self) -> NDArray[np.float64]:
        """Number of partners of each actor, (rows,)."""
        return np.asarray(np.diff(self.adjacency.indptr), dtype=np.float64)

    @cached_property
    def strength(self) -> sparse.csr_matrix:
        """Square root of the sum over joint events of exp(-age / 3 years) / (participants - 1), (rows, universe) csr."""
        weight = np.exp(-self.age / FADING) / np.maximum(self.participants - 1, 1)
        found = sparse.csr_matrix(together(self.incidence, weight)[:, : self.size])
        found.data = np.sqrt(found.data)
        return found

    @cached_property
    def popularity(self) -> NDArray[np.float32]:
        """Events of at least two actors in the last 24 months, (universe,); equal ones stand by all their events."""
        shared = self.participants >= 2
        weight = (shared & (self.days >= months_before(self.end, MONTHS))) + 1e-3 * shared
        return np.asarray(self.incidence[: self.size] @ weight, dtype=np.float32)

    # words and marks -------------------------------------------------------------------------------------------------

    @cached_property
    def described(self) -> Ints:
        """Columns of the past events that have a text, (t,)."""
        return np.asarray([k for k, text in enumerate(self._texts) if text], dtype=np.int64)

    @cached_property
    def _texts(self) -> list[str]:
        every = texts_of(self.events)
        return [every[event] for event in self.past]

    @cached_property
    def words(self) -> Words:
        """The words of the texts of past events, (t, words)."""
        return Words.fit([self._texts[k] for k in self.described])

    @cached_property
    def documents(self) -> sparse.csr_matrix:
        """TF-IDF of the texts of past events, (t, words) csr, rows of norm 1."""
        return self.words.weigh(self.words.counts)

    @cached_property
    def wrote(self) -> sparse.csr_matrix:
        """Who took part in which event that has a text, (rows, t) csr of ones."""
        return sparse.csr_matrix(self.incidence[:, self.described])

    @cached_property
    def profiles(self) -> sparse.csr_matrix:
        """Sum of the texts of an actor's past events, (rows, words) csr, rows of norm 1."""
        return unit(self.wrote @ self.documents)

    @cached_property
    def calls(self) -> Marks:
        """The marks of calls and funding schemes that past events bear."""
        return Marks.fit(self._of_past(topic_marks(self.events)))

    @cached_property
    def topics(self) -> sparse.csr_matrix:
        """Calls and schemes of each past event, (columns, marks) csr, rows of norm 1."""
        return self.calls.vectors(self._of_past(topic_marks(self.events)))

    @cached_property
    def sciences(self) -> Marks:
        """The fields of science that past events bear."""
        return Marks.fit(self._of_past(field_marks(self.events)))

    @cached_property
    def fields(self) -> sparse.csr_matrix:
        """Fields of science of each past event, (columns, fields) csr, rows of norm 1."""
        return self.sciences.vectors(self._of_past(field_marks(self.events)))

    def _of_past(self, marks: list[list[str]]) -> list[list[str]]:
        return [marks[event] for event in self.past]


def months_before(day: np.datetime64, months: int) -> np.datetime64:
    """The same day of an earlier month, or the day that comes as long after its end."""
    month = day.astype("datetime64[M]")
    earlier: np.datetime64 = (month - np.timedelta64(months, "M")).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    return earlier


def together(incidence: sparse.csr_matrix, weight: NDArray[np.float64]) -> sparse.csr_matrix:
    """Sum of the weights of the events that two actors share, (rows, rows) csr, nothing on the diagonal."""
    found = sparse.csr_matrix(incidence @ sparse.diags(weight.astype(np.float32)) @ incidence.T, dtype=np.float32)
    found.setdiag(0)
    found.eliminate_zeros()
    found.sort_indices()
    return found
