"""Errors and findings.

PasserelleError                 anything this product refuses; `exit_code` 2 unless said otherwise
|-- InputError                  a source cannot be used as it is; carries its findings
|-- UnknownActor                a name that matches nobody; carries the nearest names
|-- AmbiguousActor              a name that matches several actors; carries them
|-- QueryError                  an argument, a text or a filter that cannot be answered
|   |-- TimeOver                a SPARQL query that takes longer than its limit (graph_builder.sparql)
|   |-- TooLarge                an answer that passes the limit of rows or bytes (graph_builder.sparql.results)
|   `-- NotOffered              an update, a federated or a remote query (graph_builder.sparql.store)
|-- EncoderError                a text encoder that is absent or does not fit the stored vectors
`-- TryAgain (exit_code 1)      the same call may succeed later
    |-- NoSnapshot              nothing was built yet in this home
    |-- BuildLocked             another build holds the lock
    |-- Busy                    too many queries wait already (graph_builder.sparql)
    `-- StorageError            the disk refused: full, read-only, not permitted

A message says what was found, where, and what to do, in one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of a source: where it stands, what was found there and what would be accepted.

    `row` is the line number in the file (header = 1), None when the whole file is meant.
    """

    file: str
    row: int | None
    column: str | None
    found: str
    accepted: str
    severity: Severity = "error"

    def line(self) -> str:
        """The finding as one line of text."""
        where = self.file
        if self.row is not None:
            where += f", line {self.row}"
        if self.column:
            where += f", column {self.column}"
        return " ".join(f"{self.severity}: {where}: {self.found}; {self.accepted}".split())


class PasserelleError(Exception):
    """Base of every error of this product. The message is one line: what, where, what to do."""

    exit_code: int = 2


class InputError(PasserelleError):
    """A source that cannot be used as it is; nothing was changed."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings: tuple[Finding, ...] = tuple(findings)


class UnknownActor(PasserelleError):
    """A name that matches nobody; `nearest` are (id, name) pairs, the closest first."""

    def __init__(self, text: str, nearest: Sequence[tuple[str, str]] = ()) -> None:
        self.text, self.nearest = text, tuple(nearest)
        near = ", ".join(f"{key} ({name})" for key, name in self.nearest)
        hint = f"did you mean {near}?" if near else "try: passerelle search TEXT"
        super().__init__(f"no actor is called {text[:80]!r}; {hint}")


class AmbiguousActor(PasserelleError):
    """A name that several actors share; `matches` are (id, name) pairs."""

    def __init__(self, text: str, matches: Sequence[tuple[str, str]]) -> None:
        self.text, self.matches = text, tuple(matches)
        listed = ", ".join(f"{key} ({name})" for key, name in self.matches[:10])
        super().__init__(f"{text[:80]!r} names {len(self.matches)} actors: {listed}; use one of these ids")


class QueryError(PasserelleError):
    """An argument, a text or a filter that cannot be answered."""


class EncoderError(PasserelleError):
    """A text encoder that is absent, unknown, or does not fit the vectors on disk."""


class TryAgain(PasserelleError):
    """The same call may succeed later."""

    exit_code = 1


class NoSnapshot(TryAgain):
    """Nothing was built yet in this home."""


class BuildLocked(TryAgain):
    """Another build holds the lock of this home."""


class StorageError(TryAgain):
    """The disk refused: full, read-only or not permitted."""
