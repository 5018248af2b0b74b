"""What is known of those who ask: an actor with its past, an actor whose ties are hidden, or the text of an idea with its coordinator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from recommender.temporal.events import Ints
from recommender.temporal.history import History
from recommender.temporal.text import unit


@dataclass(frozen=True, eq=False)
class Asked:
    """A block of b askers. A row without a value is unknown: rankings read nothing else of who asks.

    `partners` (b, rows): ones; `strength` (b, universe): see History.strength; `text` (b, words), `topics` (b, marks), `fields`
    (b, fields): rows of norm 1.
    """

    partners: sparse.csr_matrix
    strength: sparse.csr_matrix
    text: sparse.csr_matrix
    topics: sparse.csr_matrix
    fields: sparse.csr_matrix

    def __len__(self) -> int:
        return int(self.partners.shape[0])

    def blocks(self, size: int = 250) -> Iterator[Asked]:
        """The askers in their order, at most `size` at a time."""
        for k in range(0, len(self), size):
            yield Asked(*(part[k : k + size] for part in (self.partners, self.strength, self.text, self.topics, self.fields)))


def warm(history: History, rows: Ints) -> Asked:
    """Actors (rows of the history) with all of their past."""
    took = history.incidence[rows]
    text, topics, fields = history.profiles[rows], unit(took @ history.topics), unit(took @ history.fields)
    return Asked(history.adjacency[rows], history.strength[rows], text, topics, fields)


def cold(history: History, rows: Ints) -> Asked:
    """The same actors by their texts, topics and fields alone: their ties are hidden."""
    known = warm(history, rows)
    return Asked(_nothing(known.partners), _nothing(known.strength), known.text, known.topics, known.fields)


def ideas(history: History, texts: Sequence[str], calls: Sequence[Sequence[str]], coordinators: Ints) -> Asked:
    """Texts of ideas, the marks of the calls they answer, and the ties of their coordinators (rows; -1: one without past)."""
    some, there = np.maximum(coordinators, 0), sparse.diags((coordinators >= 0).astype(np.float32))
    partners, strength = (sparse.csr_matrix(there @ matrix[some]) for matrix in (history.adjacency, history.strength))
    for matrix in (partners, strength):
        matrix.eliminate_zeros()
    fields = sparse.csr_matrix((len(texts), len(history.sciences.columns)), dtype=np.float32)
    return Asked(partners, strength, history.words.vectors(texts), history.calls.vectors(calls), fields)


def _nothing(like: sparse.csr_matrix) -> sparse.csr_matrix:
    return sparse.csr_matrix(like.shape, dtype=np.float32)
