"""The TF-IDF channel: which words two profiles share, and what to call them in a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.stopwords import STOP_WORDS

_WORD = re.compile(r"[^\W_]+")
_INSIDE_A_TERM = re.compile(r"[\w \t\u00a0\u202f'\u2019\-]{1,16}")
_COMPOUND = re.compile(r"[^\W_]+(?:[-\u2011][^\W_]+)+")
_SHORT_TERMS = frozenset({"ia", "3d", "4d", "5g", "h2", "vr"})
_SHORTEST = 3
_SURFACE_TEXTS = 30
_COMMON_START = 5
_COMMON_SHARE = 0.6


@dataclass(frozen=True)
class _Term:
    """One word or pair of words as it stands in a text: the folded key, and the words as written."""

    key: str
    surface: str


@dataclass(frozen=True, eq=False)
class TermIndex:
    """Profile texts as TF-IDF vectors over words and pairs of neighbouring words, French and English mixed.

    Words lose case and accents; stop words of both languages, numbers and words under 3 characters are left out (save
    `ia`, `5g`, `h2` and their like). A pair may span stop words ("usinage de précision") but no punctuation or line end, and
    counts only when two texts hold it. Weight = (1 + ln tf) * (1 + ln((1 + n) / (1 + df))), rows of norm 1: a dot product is a
    cosine in [0, 1], higher is closer. The order of the texts changes nothing but the order of the rows. To word
    reasons in one language, fit one index on the texts of that language.
    Source: Manning, Raghavan, Schütze 2008, Introduction to Information Retrieval, ch. 6, doi:10.1017/CBO9780511809071.
    """

    matrix: sparse.csr_matrix
    terms: tuple[str, ...]
    _idf: NDArray[np.float32] = field(repr=False)
    _columns: dict[str, int] = field(repr=False)
    _texts: tuple[str, ...] = field(repr=False)
    _surfaces: dict[int, str] = field(default_factory=dict, repr=False)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> TermIndex:
        """The index of these texts; row i of `matrix` (n, terms) is text i, a zero row where it holds no term."""
        kept = tuple(texts)
        counts = [Counter(_keys(text)) for text in kept]
        found = Counter(term for row in counts for term in row)
        terms = tuple(sorted(term for term, number in found.items() if number > 1 or " " not in term))
        columns = {term: column for column, term in enumerate(terms)}
        frequency = np.array([found[term] for term in terms], dtype=np.float64)
        idf = (1 + np.log((1 + len(kept)) / (1 + frequency))).astype(np.float32)
        return cls(_weigh(counts, columns, idf), terms, idf, columns, kept)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """The vectors of other texts, (m, terms) csr of norm 1; a zero row where no term is known."""
        return _weigh([Counter(_keys(text)) for text in texts], self._columns, self._idf)

    def cosine(self, query_vec: sparse.csr_matrix, rows: NDArray[np.int64] | Sequence[int] | None = None) -> NDArray[np.float32]:
        """The cosine of one vector (1, terms) with these rows of `matrix` (None: all), [0, 1]; NaN where a side has no term."""
        chosen = self.matrix if rows is None else self.matrix[np.asarray(rows, dtype=np.int64)]
        cosine = (chosen @ query_vec.T).toarray().ravel().astype(np.float32)
        cosine[np.diff(chosen.indptr) == 0] = np.nan
        return cosine if query_vec.nnz else np.full_like(cosine, np.nan)

    def shared_terms(self, i_vec: sparse.csr_matrix, j_vec: sparse.csr_matrix, k: int = 3) -> list[str]:
        """At most k terms that make up most of the cosine of two vectors (1, terms), as they are most often written.

        A pair of words takes the share of its words and stands for them; a term that repeats a word already given, or
        one nearly like it (hydrogène, hydrogen), is passed over. Fewer than k, or none, when no more are shared.
        """
        product = i_vec.multiply(j_vec).tocsr()
        shares = {self.terms[column]: float(share) for column, share in zip(product.indices, product.data, strict=True) if share > 0}
        pairs = [term for term in shares if " " in term]
        parts = {word for term in pairs for word in term.split()}
        weights = {term: shares[term] + sum(shares.get(word, 0.0) for word in term.split()) for term in pairs}
        weights.update({term: share for term, share in shares.items() if " " not in term and term not in parts})
        chosen: list[str] = []
        written: dict[str, str] = {}
        for term in sorted(weights, key=lambda term: (-round(weights[term], 6), term)):
            if len(written) >= k:
                break
            if not any(_alike(word, other) for word in term.split() for given in chosen for other in given.split()):
                surface = self.surface(term)
                written.setdefault(surface.casefold(), surface)
                chosen.append(term)
        return list(written.values())

    def holders(self, surface: str) -> int:
        """How many texts hold a term, given as it is written; 0 when none does."""
        column = self._columns.get(" ".join(words_of(surface)))
        return 0 if column is None else int(self.matrix.getcol(column).count_nonzero())

    def surface(self, term: str) -> str:
        """How the first texts that hold a term write it most often, accents included. Raises KeyError if unknown."""
        column = self._columns[term]
        if column not in self._surfaces:
            holders = np.sort(self.matrix.getcol(column).nonzero()[0])[:_SURFACE_TEXTS]
            found = Counter(item.surface for row in holders for item in _terms(self._texts[row]) if item.key == term)
            self._surfaces[column] = min(found, key=lambda surface: (-found[surface], surface.lower() != surface, surface))
        return self._surfaces[column]


def words_of(text: str) -> list[str]:
    """The folded words of a text that count as terms, in their order."""
    return [key for key in _keys(text) if " " not in key]


def char_tfidf(texts: Sequence[str]) -> sparse.csr_matrix:
    """The baseline: TF-IDF of character 3- to 5-grams inside words, accents folded, (n, n-grams) csr, rows of norm 1.

    A text without any n-gram gives a zero row; no n-gram at all gives (n, 0).
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    folded = [" ".join(fold(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))) for text in texts]
    if not any(folded):
        return sparse.csr_matrix((len(folded), 0), dtype=np.float32)
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
    return sparse.csr_matrix(vectorizer.fit_transform(folded))


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """The word in lower case, without accents or ligatures: Œuvré -> oeuvre."""
    plain = unicodedata.normalize("NFKD", word.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _terms(text: str) -> Iterable[_Term]:
    """The words and pairs of neighbouring words of a text, in order."""
    written = unicodedata.normalize("NFC", text)
    words = [(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(written)]
    kept = [word for word in words if _counts(word[0])]
    first, last = _compound_ends(written)
    for key, start, end in kept:
        yield _Term(key, written[first.get(start, start) : last.get(end, end)])
    for (left, start, gap_start), (right, gap_end, end) in pairwise(kept):
        if _INSIDE_A_TERM.fullmatch(written, gap_start, gap_end):
            yield _Term(f"{left} {right}", " ".join(written[first.get(start, start) : last.get(end, end)].split()))


def _compound_ends(text: str) -> tuple[dict[int, int], dict[int, int]]:
    """Where the hyphenated compounds around words begin and end, so that Franche-Comté is never written Franche."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for compound in _COMPOUND.finditer(text):
        for word in _WORD.finditer(text, compound.start(), compound.end()):
            first[word.start()], last[word.end()] = compound.start(), compound.end()
    return first, last


def _keys(text: str) -> Iterable[str]:
    return (term.key for term in _terms(text))


def _counts(word: str) -> bool:
    if len(word) < _SHORTEST:
        return word in _SHORT_TERMS
    return word not in STOP_WORDS and not word.isdigit()


def _weigh(counts: Sequence[Counter[str]], columns: dict[str, int], idf: NDArray[np.float32]) -> sparse.csr_matrix:
    """The counts as TF-IDF rows of norm 1; terms without a column are left out."""
    indptr: list[int] = [0]
    indices: list[int] = []
    data: list[int] = []
    for row in counts:
        known = sorted((columns[term], number) for term, number in row.items() if term in columns)
        indices.extend(column for column, _ in known)
        data.extend(number for _, number in known)
        indptr.append(len(indices))
    column_of = np.array(indices, dtype=np.int32)
    weights = (1 + np.log(np.array(data, dtype=np.float32))) * idf[column_of]
    row_of = np.repeat(np.arange(len(counts)), np.diff(indptr))
    norms = np.sqrt(np.bincount(row_of, weights=weights.astype(np.float64) ** 2, minlength=len(counts)))
    unit = (weights / norms[row_of]).astype(np.float32)
    return sparse.csr_matrix((unit, column_of, np.array(indptr, dtype=np.int32)), shape=(len(counts), len(columns)))


def _alike(word: str, other: str) -> bool:
    """Whether two folded words read as one in a list: the same, or a common start of 5 letters that is most of the longer."""
    if word == other:
        return True
    common = next((place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return common >= _COMMON_START and common >= _COMMON_SHARE * max(len(word), len(other))
