"""A file of described entities as a source: what RDF and FollowTheMoney files have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from pathlib import Path

from graph_builder.sources.entities.info import package_name
from graph_builder.sources.findings import refusal
from graph_builder.sources.source import PackageInfo
from graph_builder.tables import Tables
from ontology.errors import Finding

Outcome = tuple[PackageInfo | None, Tables | None, list[Finding]]
"""What came of a file: what it says of itself, its facts (None when an error forbids them), and the findings."""


class EntityFile(ABC):
    """The entities of one file. It is read anew when it has changed. `created` dates a file that states no date of its own."""

    def __init__(self, path: str | Path, *, created: date | None = None) -> None:
        self.path, self._created = Path(path), created
        self._last: tuple[tuple[int, int], Outcome] | None = None

    @property
    def name(self) -> str:
        """Name of the package: of the title that the file states, else of the file, also when the file is broken."""
        info = self._read()[0]
        return info.name if info else package_name(self.path, "")

    @property
    def info(self) -> PackageInfo:
        """What the file says of itself; raises InputError when it cannot be read."""
        info, _, findings = self._read()
        if info is None:
            raise refusal(self.path, findings)
        return info

    def validate(self) -> list[Finding]:
        """Everything that is wrong or doubtful; no finding of severity `error` means that the file can be used."""
        return list(self._read()[2])

    def tables(self) -> Tables:
        """The file as records, attributes and relations; raises InputError with all findings when one is an error."""
        _, tables, findings = self._read()
        if tables is None:
            raise refusal(self.path, findings)
        return tables

    def _read(self) -> Outcome:
        """The file, read anew when it has changed since the last call."""
        stamp = _stamp(self.path)
        if self._last is None or self._last[0] != stamp:
            self._last = stamp, self._read_now()
        return self._last[1]

    @abstractmethod
    def _read_now(self) -> Outcome:
        """The file, read once."""


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when a file changes: its size and the time of its last change; zeros when it cannot be seen."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
