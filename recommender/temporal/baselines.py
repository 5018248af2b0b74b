"""Untrained rankings. Each is a function of a history that gives a `Score`: a block of b askers -> (b, universe) float32, higher is better."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.temporal.asked import Asked
from recommender.temporal.history import History

Scores: TypeAlias = NDArray[np.float32]
Score: TypeAlias = Callable[[Asked], Scores]
Ranking: TypeAlias = Callable[[History], Score]

BEST_TERMS = 12
"""Terms of a profile that "more like this" asks with."""
K1, B = 1.2, 0.75
"""Saturation and length of BM25, as Lucene has them."""
SIMILAR = 200
"""Similar projects that vote for those who took part in them."""


def dense(matrix: sparse.csr_matrix) -> Scores:
    """A sparse block as an array."""
    return np.asarray(matrix.toarray(), dtype=np.float32)


def chance(history: History) -> Score:
    """All equal, so that the order is that of the ties: random."""
    return lambda asked: np.zeros((len(asked), history.size), dtype=np.float32)


def popularity(history: History) -> Score:
    """Shared events of the last 24 months."""
    return lambda asked: np.tile(history.popularity, (len(asked), 1))


def common_neighbours(history: History) -> Score:
    """Number of common partners. Source: Liben-Nowell and Kleinberg 2007, doi:10.1002/asi.20591."""
    return _through_partners(history, np.ones(len(history.degree)))


def adamic_adar(history: History) -> Score:
    """Sum of 1 / ln(degree) over common partners. Source: Adamic and Adar 2003, doi:10.1016/S0378-8733(03)00009-1."""
    return _through_partners(history, 1 / np.log(np.maximum(history.degree, 2)))


def resource_allocation(history: History) -> Score:
    """Sum of 1 / degree over common partners. Source: Zhou, Lü and Zhang 2009, doi:10.1140/epjb/e2009-00335-8."""
    return _through_partners(history, 1 / np.maximum(history.degree, 1))


def _through_partners(history: History, weight: NDArray[np.float64]) -> Score:
    to_universe = sparse.csr_matrix(sparse.diags(weight.astype(np.float32)) @ history.adjacency[:, : history.size])
    return lambda asked: dense(asked.partners @ to_universe)


def text_profiles(history: History) -> Score:
    """Cosine of TF-IDF profiles, [0, 1]."""
    universe = sparse.csr_matrix(history.profiles[: history.size].T)
    return lambda asked: dense(asked.text @ universe)


def more_like_this(history: History) -> Score:
    """BM25 of the 12 terms that weigh most in the asker's text, over each actor's past texts as one document.

    What search engines over research organisations offer as "more like this". Source: Robertson and Zaragoza 2009,
    doi:10.1561/1500000019, with the inverse document frequency of Lucene.
    """
    documents = sparse.csr_matrix(history.wrote[: history.size] @ history.words.counts, dtype=np.float32)
    length = np.asarray(documents.sum(axis=1), dtype=np.float64).ravel()
    holding = np.bincount(documents.indices, minlength=documents.shape[1])
    idf = np.log(1 + (history.size - holding + 0.5) / (holding + 0.5))
    rows = np.repeat(np.arange(history.size), np.diff(documents.indptr))
    norm = K1 * (1 - B + B * length / max(length.mean(), 1e-9))
    documents.data = (documents.data / (documents.data + norm[rows]) * idf[documents.indices]).astype(np.float32)
    by_term = sparse.csr_matrix(documents.T)

    def score(asked: Asked) -> Scores:
        terms = strongest(asked.text, BEST_TERMS)
        terms.data[:] = 1
        return dense(terms @ by_term)

    return score


def r0(history: History) -> Score:
    """ln(resource allocation + .001) + 3 * cosine of TF-IDF profiles."""
    shared, texts = resource_allocation(history), text_profiles(history)
    return lambda asked: np.asarray(np.log(shared(asked) + 1e-3) + 3 * texts(asked), dtype=np.float32)


def text_and_popularity(history: History) -> Score:
    """3 * cosine of TF-IDF profiles + .1 * ln(1 + shared events of the last 24 months): for actors whose ties are not known."""
    texts, recent = text_profiles(history), 0.1 * np.log1p(history.popularity)
    return lambda asked: np.asarray(3 * texts(asked) + recent, dtype=np.float32)


def similar_projects(history: History) -> Score:
    """For an idea: votes of the 200 most similar past texts (squared cosine), profiles, half the votes of similar calls, and common partners.

    Each of the four is divided by its best value for the asker.
    """
    by_text, by_topic = sparse.csr_matrix(history.documents.T), sparse.csr_matrix(history.topics[history.described].T)
    members = sparse.csr_matrix(history.wrote[: history.size].T)
    profiles, shared = text_profiles(history), resource_allocation(history)

    def votes(similarity: sparse.csr_matrix) -> Scores:
        nearest = strongest(similarity, SIMILAR)
        nearest.data **= 2
        return dense(nearest @ members)

    def score(asked: Asked) -> Scores:
        texts, topics = votes(asked.text @ by_text), votes(asked.topics @ by_topic)
        return np.asarray(_relative(texts) + _relative(profiles(asked)) + 0.5 * _relative(topics) + _relative(shared(asked)), dtype=np.float32)

    return score


def strongest(rows: sparse.csr_matrix, k: int) -> sparse.csr_matrix:
    """Each row with its k largest values alone; of equal ones at the limit, those that stand first."""
    kept = sparse.csr_matrix(rows, dtype=np.float32, copy=True)
    kept.sort_indices()
    for start, end in zip(kept.indptr[:-1], kept.indptr[1:], strict=True):
        if end - start > k:
            kept.data[start + np.argsort(-kept.data[start:end], kind="stable")[k:]] = 0
    kept.eliminate_zeros()
    return kept


def _relative(scores: Scores) -> Scores:
    best = scores.max(axis=1, keepdims=True)
    return np.asarray(scores / np.maximum(best, 1e-9), dtype=np.float32)
