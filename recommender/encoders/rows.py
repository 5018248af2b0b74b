"""What every encoder does with its texts: repeated and blank texts, characters no engine reads, unit rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

_SMALLEST_NORM = 1e-6


def encode_distinct(texts: Sequence[str], dim: int, encode: Callable[[list[str]], NDArray[np.float32]]) -> NDArray[np.float32]:
    """(n, dim) unit rows: `encode` sees each distinct text once, in order of appearance; a blank text gives a zero row.

    Raises TypeError for a single string, which would be read as a list of letters.
    """
    if isinstance(texts, str):
        raise TypeError("encode takes a list of texts, found one string; write [text]")
    readable = [_readable(text) for text in texts]
    distinct = {text: row for row, text in enumerate(dict.fromkeys(text for text in readable if text.strip()))}
    vectors = np.zeros((len(readable), dim), dtype=np.float32)
    if not distinct:
        return vectors
    encoded = unit_rows(np.asarray(encode(list(distinct)), dtype=np.float32))
    filled = [row for row, text in enumerate(readable) if text.strip()]
    vectors[filled] = encoded[[distinct[readable[row]] for row in filled]]
    return vectors


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows scaled to norm 1; a row shorter than 1e-6 becomes a zero row."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    known = norms > _SMALLEST_NORM
    return np.where(known, vectors / np.where(known, norms, 1), 0).astype(np.float32)


def _readable(text: str) -> str:
    """The text without lone surrogates (a badly decoded command line), which no engine accepts."""
    return text.encode("utf-8", "replace").decode("utf-8")
