"""What a source of data is: a name, its package information, and three Arrow tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from graph_builder.tables import Tables

UNDATED = date.min
"""The `created` of a file that tells no date: older than any other package, so that it moves no reference year."""


@dataclass(frozen=True)
class PackageInfo:
    """What a source says about itself. `created` sets the reference year of its facts, `UNDATED` when none is told.

    `licences` is text, "" when not told.
    """

    name: str
    title_fr: str
    title_en: str
    created: date
    version: str
    licences: str


class Source(Protocol):
    """A place where facts come from. Its name stands at the head of the key of every record that it yields."""

    @property
    def name(self) -> str:
        """Name of the package, also when the package is broken."""
        ...

    @property
    def info(self) -> PackageInfo:
        """What the source says about itself; raises InputError when it cannot be read."""
        ...

    def tables(self) -> Tables:
        """Every record, attribute and relation; raises InputError with all the findings."""
        ...
