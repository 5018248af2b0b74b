"""What a signal is."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.answers import Evidence
from recommender.context import Context
from recommender.query import Query


class Signal(Protocol):
    """One reason to meet, under a name, with one or more features."""

    @property
    def name(self) -> str:
        """What the signal is called in contributions and evidence."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the columns of `features`."""

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        """Features (m, f) of m candidates: NaN where the signal knows nothing, else in [0, 1], higher speaks for a meeting."""

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        """The reason for one candidate, its contribution still 0; None where there is nothing to say."""
