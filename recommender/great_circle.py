"""Distances on the sphere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0


def kilometres_between(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distance of each row of `a` to the same row of `b`, (n,), km; rows are latitude and longitude in degrees, (n, 2).

    One of the two may be a single row. NaN where a coordinate is. Source: haversine formula, Sinnott (1984), Sky and Telescope 68, 159.
    """
    first, second = np.radians(np.atleast_2d(a)), np.radians(np.atleast_2d(b))
    half = (second - first) / 2
    inner = np.sin(half[:, 0]) ** 2 + np.cos(first[:, 0]) * np.cos(second[:, 0]) * np.sin(half[:, 1]) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(inner, 0, 1))), dtype=float)
