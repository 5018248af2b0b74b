"""The encoder that is always there: latent semantic analysis over character n-grams of the corpus itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.rows import encode_distinct

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

_DIM = 256
_TERMS = 50_000
_FITTED_TEXTS = 10_000
_RECIPE = "1"


class LsaEncoder:
    """Vectors from the letters that texts share: spelling variants meet, two languages do not.

    TF-IDF of character 3- to 5-grams inside words, reduced by a truncated SVD to min(256, texts, n-grams) columns. The
    result depends on the set of corpus texts, not on their order, and `version` carries its hash: `corpus_bound` says
    that stored vectors would be stale as soon as one profile changes. A text without any known n-gram gives a zero row.
    Source: Deerwester et al. 1990, doi:10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9.
    """

    name = "lsa"
    corpus_bound = True

    def __init__(self, version: str, vectorizer: TfidfVectorizer | None, axes: NDArray[np.float32]) -> None:
        self.version, self._vectorizer, self._axes = version, vectorizer, axes

    @property
    def dim(self) -> int:
        """The number of columns: at most 256, fewer for a small corpus, at least 1."""
        return int(self._axes.shape[1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors, (n, dim) float32 of norm 1; a blank text or one without known n-gram gives a zero row."""
        return encode_distinct(texts, self.dim, self._project)

    def _project(self, texts: list[str]) -> NDArray[np.float32]:
        if self._vectorizer is None:
            return np.zeros((len(texts), self.dim), dtype=np.float32)
        return np.asarray(self._vectorizer.transform(texts) @ self._axes, dtype=np.float32)


def open_lsa(argument: str, corpus: Sequence[str]) -> LsaEncoder:
    """The encoder fitted on the distinct, non-blank texts of `corpus`; above 10,000, on an even sample of them.

    A corpus without any text gives an encoder of one column that answers zero rows. It takes no argument.
    """
    texts = sorted({text.encode("utf-8", "replace").decode("utf-8") for text in corpus if text.strip()})
    version = f"{_RECIPE}+{hashlib.sha256(chr(0).join(texts).encode()).hexdigest()[:16]}"
    sample = texts[:: -(-len(texts) // _FITTED_TEXTS)] if texts else []
    if not sample:
        return LsaEncoder(version, None, np.zeros((0, 1), dtype=np.float32))
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.utils.extmath import randomized_svd

    vectorizer = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 5),
        sublinear_tf=True,
        strip_accents="unicode",
        max_features=_TERMS,
        dtype=np.float32,
    )
    weights = vectorizer.fit_transform(sample)
    dim = min(_DIM, *weights.shape)
    _, _, axes = randomized_svd(weights, dim, n_iter=4, random_state=0)
    return LsaEncoder(version, vectorizer, np.ascontiguousarray(axes.T, dtype=np.float32))
