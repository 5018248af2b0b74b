"""Cosine of sparse rows weighted by the rarity of their columns: shared skills and shared sectors use it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


def unit_rows(matrix: sparse.csr_array, weights: NDArray[np.float64]) -> sparse.csr_array:
    """The matrix with weighted columns and rows of norm 1; an empty row, or one whose weights are all 0, stays empty."""
    weighted = sparse.csr_array(matrix * weights[None, :])
    norm = np.sqrt(np.asarray(weighted.power(2).sum(axis=1)).ravel())
    scaled = sparse.csr_array(weighted * np.where(norm > 0, 1 / np.where(norm > 0, norm, 1), 0.0)[:, None])
    scaled.eliminate_zeros()
    return scaled


def cosines(units: sparse.csr_array, actor: int) -> NDArray[np.float64]:
    """Cosine of every row with one of them, (n,), in [0, 1]; NaN where either row is empty."""
    own = slice(units.indptr[actor], units.indptr[actor + 1])
    mine = np.zeros(units.shape[1])
    mine[units.indices[own]] = units.data[own]
    found = np.clip(np.asarray(units @ mine, dtype=float), 0, 1)
    found[np.diff(units.indptr) == 0] = np.nan
    return found if mine.any() else np.full(len(found), np.nan)
