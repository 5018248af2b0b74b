"""EASE: a linear model that predicts each actor's ties from all its other ties, fields and words; closed form, one symmetric inverse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.temporal.asked import Asked, warm
from recommender.temporal.baselines import Score, Scores
from recommender.temporal.events import Ints
from recommender.temporal.history import History
from recommender.temporal.text import unit

PENALTY, BY_FREQUENCY = 100.0, 0.5
"""Ridge penalty, and the power of a column's relative size by which it grows."""
WORDS = 2_500
"""Words that stand in most past texts: these are columns."""
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Ease:
    """Learnt weights (columns, universe): a score is the input row times these, an exact sum over partners, topics, fields and words.

    Columns: the universe (strength of ties), then, in the augmented model, marks of calls, fields of science and frequent words.
    Source: Steck 2019, Embarrassingly Shallow Autoencoders for Sparse Data, doi:10.1145/3308558.3313710.
    """

    weights: NDArray[np.float32]
    words: Ints | None

    @classmethod
    def fit(cls, history: History, *, augmented: bool = True, without: Ints | None = None) -> Ease:
        """Learn from all actors of the history but those `without`, whose ties are hidden."""
        kept = np.setdiff1d(np.arange(len(history.actors)), [] if without is None else without)
        words = frequent_words(history) if augmented else None
        return cls(solve(columns(warm(history, kept), words), history.size), words)

    def score(self, asked: Asked) -> Scores:
        """Scores of the universe, (b, n)."""
        return np.asarray(columns(asked, self.words) @ self.weights, dtype=np.float32)


def frequent_words(history: History) -> Ints:
    """The words that stand in most past texts, ascending; of equal ones, those that come first."""
    holding = np.bincount(history.words.counts.indices, minlength=history.words.counts.shape[1])
    return np.sort(np.argsort(-holding, kind="stable")[:WORDS])


def columns(asked: Asked, words: Ints | None) -> sparse.csr_matrix:
    """The input of the model for these askers: their ties, and with `words` also their topics, fields and frequent words."""
    if words is None:
        return sparse.csr_matrix(asked.strength, dtype=np.float32)
    return sparse.csr_matrix(sparse.hstack([asked.strength, asked.topics, asked.fields, unit(asked.text[:, words])]), dtype=np.float32)


def solve(users: sparse.csr_matrix, targets: int) -> NDArray[np.float32]:
    """The weights that predict the first `targets` columns from all others, (columns, targets), zero from a column to itself."""
    from scipy.linalg import lapack

    gram = _lower_gram(users)
    diagonal = np.diag_indices_from(gram)
    frequency = gram[diagonal] + 1
    gram[diagonal] += PENALTY * (frequency / frequency.mean()) ** BY_FREQUENCY
    factor, failed = lapack.spotrf(gram, lower=1, overwrite_a=1, clean=0)
    inverse, also = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or also:
        raise ArithmeticError("the matrix of ties and words has no inverse")  # cannot happen: it is positive definite by its penalty
    for k in range(0, len(inverse), _BLOCK):  # only the lower triangle is filled
        block = np.tril(inverse[k : k + _BLOCK, k : k + _BLOCK])
        inverse[k : k + _BLOCK, k : k + _BLOCK] = block + np.tril(block, -1).T
        inverse[k : k + _BLOCK, k + _BLOCK :] = inverse[k + _BLOCK :, k : k + _BLOCK].T
    scale = -1 / inverse[diagonal][:targets]
    weights = np.ascontiguousarray(inverse[:, :targets])
    weights *= scale
    weights[diagonal[0][:targets], diagonal[1][:targets]] = 0
    return weights


def _lower_gram(users: sparse.csr_matrix) -> NDArray[np.float32]:
    """Products of the columns with each other, (columns, columns) in column order; only the lower triangle is filled."""
    by_column = sparse.csc_matrix(users, dtype=np.float32)
    size = by_column.shape[1]
    gram = np.zeros((size, size), dtype=np.float32, order="F")
    for k in range(0, size, _BLOCK):
        gram[k:, k : k + _BLOCK] = (by_column[:, k:].T @ by_column[:, k : k + _BLOCK]).toarray()
    return gram


def ease(history: History) -> Score:
    """EASE over the decayed ties alone."""
    return Ease.fit(history, augmented=False).score


def augmented_ease(history: History) -> Score:
    """EASE over the decayed ties, with calls, fields of science and words as further columns."""
    return Ease.fit(history).score
