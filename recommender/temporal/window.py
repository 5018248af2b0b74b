"""The test window: pairs that meet for the first time between two days, and who is asked about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ontology.errors import QueryError
from recommender.temporal.events import Events, Flags, Ints
from recommender.temporal.history import History, together

SMALLEST, LARGEST = 2, 50
"""Participants of an event whose pairs count as meetings; larger ones are hardly a choice of partner."""


@dataclass(frozen=True, eq=False)
class Window:
    """What happens in [start, end), over the universe of a history, (n, n) csr of ones with sorted indices.

    `known`: pairs that met before `start`, in an event of any size. `new`: pairs that meet for the first time in the window, in an
    event of 2 to 50 participants. `events` are the numbers of the latter events.
    """

    start: np.datetime64
    end: np.datetime64
    known: sparse.csr_matrix
    new: sparse.csr_matrix
    events: Ints

    @classmethod
    def of(cls, events: Events, history: History, start: np.datetime64, end: np.datetime64) -> Window:
        """The window of uncut events. Raises QueryError when nothing happens in it."""
        past, until = events.before(start), events.before(end)
        touched = np.unique(until.event[until.day >= start])
        if not len(touched):
            newest = f"the newest event is of {events.newest}"
            raise QueryError(f"no event from {start} to {end}: {newest}; choose --test-from and --test-to within the data, or add a later source")
        size = np.bincount(until.event, minlength=len(events.events))
        counted = touched[(size[touched] >= SMALLEST) & (size[touched] <= LARGEST)]
        known = _pairs(past, history, np.ones(len(past.event), dtype=bool))
        met = _pairs(until, history, np.isin(until.event, counted))
        new = sparse.csr_matrix(met - met.multiply(known))
        new.eliminate_zeros()
        new.sort_indices()
        return cls(start, end, known, new, counted)

    @property
    def askers(self) -> Ints:
        """Rows of the universe that meet somebody new, ascending."""
        return np.flatnonzero(np.diff(self.new.indptr))


def _pairs(events: Events, history: History, rows: Flags) -> sparse.csr_matrix:
    """Pairs of the universe that share an event, by these rows of participations, (n, n) csr of ones."""
    at = history.rows_of(events.actor)
    kept = rows & (at >= 0) & (at < history.size)
    shape = (history.size, len(events.events))
    found = together(sparse.csr_matrix((np.ones(int(kept.sum()), np.float32), (at[kept], events.event[kept])), shape=shape), np.ones(shape[1]))
    found.data[:] = 1
    return found


def row(matrix: sparse.csr_matrix, k: int) -> Ints:
    """Columns of one row of a csr matrix."""
    return np.asarray(matrix.indices[matrix.indptr[k] : matrix.indptr[k + 1]], dtype=np.int64)
