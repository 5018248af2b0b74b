"""The packages that come with the product."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

SEEDS = ("nord-franche-comte", "cordis-franche-comte")
"""What is built when nothing else is named, the territory first: it owns the words that both use."""


def default_sources(given: Sequence[str]) -> list[str]:
    """The sources named, or the packages that come with the product."""
    return list(given) or [str(files("data_seeds") / seed) for seed in SEEDS]
