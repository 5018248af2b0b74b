"""Words of past projects and what they weigh: counts, TF-IDF, profiles of actors, and the vectors of new texts in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.stopwords import STOP_WORDS
from recommender.temporal.events import Events

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import CountVectorizer

PARTS = ("name", "name_en", "keywords", "description_en", "description_fr")
MANY = 1_000
"""Texts from which rare and common words are dropped."""
RAREST, COMMONEST, MOST_WORDS = 3, 0.3, 60_000
"""Where there are many texts, a word counts that stands in at least 3 and at most 30 % of them; the 60,000 most frequent ones."""


@dataclass(frozen=True, eq=False)
class Words:
    """Word counts of texts (t, words) csr, and the inverse document frequency (words,) of these texts and of no others."""

    counts: sparse.csr_matrix
    idf: NDArray[np.float32]
    _vectorizer: CountVectorizer | None = field(repr=False, default=None)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Words:
        """The words of these texts; stop words of French and English are left out, case and accents are lost."""
        from sklearn.feature_extraction.text import CountVectorizer

        many = len(texts) >= MANY
        vectorizer = CountVectorizer(
            strip_accents="unicode",
            stop_words=sorted(STOP_WORDS),
            min_df=RAREST if many else 1,
            max_df=COMMONEST if many else 1.0,
            max_features=MOST_WORDS,
            dtype=np.float32,
        )
        try:
            counts = vectorizer.fit_transform(texts)
        except ValueError:  # no text, or none that holds a word
            return cls(sparse.csr_matrix((len(texts), 0), dtype=np.float32), np.zeros(0, dtype=np.float32))
        holding = np.bincount(counts.indices, minlength=counts.shape[1])
        return cls(sparse.csr_matrix(counts), inverse_frequency(holding, len(texts)), vectorizer)

    def weigh(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """(1 + ln tf) * idf of counts in these words, rows of norm 1."""
        weights = counts.astype(np.float32)
        weights.data = (1 + np.log(weights.data)).astype(np.float32)
        return unit(weights @ sparse.diags(self.idf, dtype=np.float32))

    def vectors(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """TF-IDF of other texts in these words, (m, words), rows of norm 1; words not known here have no part in it."""
        if self._vectorizer is None:
            return sparse.csr_matrix((len(texts), 0), dtype=np.float32)
        return self.weigh(sparse.csr_matrix(self._vectorizer.transform(texts)))


def inverse_frequency(holding: NDArray[np.int64], documents: int) -> NDArray[np.float32]:
    """1 + ln((1 + documents) / (1 + documents that hold it)). Source: Manning, Raghavan, Schütze 2008, doi:10.1017/CBO9780511809071."""
    return np.asarray(1 + np.log((1 + documents) / (1 + holding)), dtype=np.float32)


def unit(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """The rows with Euclidean norm 1; a zero row stays."""
    norm = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1), dtype=np.float64).ravel())
    norm[norm == 0] = 1
    return sparse.csr_matrix(sparse.diags((1 / norm).astype(np.float32)) @ rows, dtype=np.float32)


def texts_of(events: Events) -> list[str]:
    """The text of each event by number: name, key words and descriptions, "" where there is none. A name that repeats the id is none."""
    parts: list[list[str]] = [[] for _ in events.events]
    nameless = {event.replace(":", " ").casefold() for event in events.events}
    for predicate in PARTS:
        told = events.of_events.get(predicate)
        if told is None:
            continue
        for event, value in zip(told.of.tolist(), told.value.tolist(), strict=True):
            if value.casefold() not in nameless:
                parts[event].append(value)
    return [". ".join(part) for part in parts]
