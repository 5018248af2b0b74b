"""The stages of a build, in order, and nothing else: read, identify, publish."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from graph_builder.identity import check_identities
from graph_builder.sources import Source, open_source
from graph_builder.store import build_lock, publish_locked, refusals, replace_file
from graph_builder.tables import Tables, concatenate
from ontology.errors import Finding, InputError, QueryError

RUN = "run.json"

Progress = Callable[[str], None]


@runtime_checkable
class Validating(Protocol):
    """A source that tells its findings, warnings included, before it yields its tables."""

    def validate(self) -> list[Finding]:
        """Everything that is wrong or doubtful."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did. `changed` is False when the same snapshot was in use already; `seconds` are those of each stage."""

    digest: str
    changed: bool
    counts: Mapping[str, int]
    warnings: list[Finding] = field(default_factory=list)
    seconds: Mapping[str, float] = field(default_factory=dict)


def build(specs: Sequence[str | Path], home: Path, progress: Progress | None = None) -> BuildReport:
    """Build one snapshot from these sources (a path, or `format:path`) and put it in use; see `build_sources`."""
    if not specs:
        raise QueryError("no source to build from; give the folder of a data package")
    return build_sources([open_source(spec) for spec in specs], home, progress)


def build_sources(sources: Sequence[Source], home: Path, progress: Progress | None = None) -> BuildReport:
    """Build one snapshot from opened sources, put it in use and write `run.json`.

    Raises InputError with the findings of all sources, BuildLocked at once, StorageError; the previous snapshot then stays in use.
    """
    tell: Progress = progress or (lambda _: None)
    seconds: dict[str, float] = {}
    with build_lock(home):
        with _timed("read", seconds):
            parts, warnings = _read(sources, tell)
        with _timed("identify", seconds):
            _identify(sources, parts, tell)
        with _timed("publish", seconds):
            tell("writing the snapshot")
            published = publish_locked(home, concatenate(parts), [source.info for source in sources], warnings=len(warnings))
        report = BuildReport(published.digest, published.changed, published.manifest.counts, warnings, seconds)
        _write_run(home, sources, report)
    tell(f"snapshot {report.digest} is in use" if report.changed else f"nothing changed, snapshot {report.digest} stays in use")
    return report


def read_sources(sources: Sequence[Source], tell: Progress) -> tuple[Tables, list[Finding]]:
    """The tables of all sources as one, and the warnings; InputError when one has errors or two packages use the same id."""
    parts, warnings = _read(sources, tell)
    _identify(sources, parts, tell)
    return concatenate(parts), warnings


def _read(sources: Sequence[Source], tell: Progress) -> tuple[list[Tables], list[Finding]]:
    """The tables of every source and all warnings; InputError with the errors of all sources together."""
    parts, findings = [], []
    for source in sources:
        tell(f"reading {source.name}")
        found = source.validate() if isinstance(source, Validating) else []
        findings += found
        if not any(finding.severity == "error" for finding in found):
            parts.append(source.tables())
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise InputError(_summary(errors, "in the sources"), errors)
    return parts, findings


def _identify(sources: Sequence[Source], parts: Sequence[Tables], tell: Progress) -> None:
    """Refuse ids that clash. Ids stay as the packages give them: aliases are looked up when somebody asks."""
    tell("comparing identities")
    errors = check_identities([(source.info.name, tables) for source, tables in zip(sources, parts, strict=True)])
    if errors:
        raise InputError(_summary(errors, "between the packages"), errors)


def _summary(errors: Sequence[Finding], where: str) -> str:
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{len(errors)} error{'s' if len(errors) > 1 else ''} {where}, nothing was changed; first: {errors[0].line()}{more}"


@contextmanager
def _timed(stage: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] = round(time.perf_counter() - start, 3)


def _write_run(home: Path, sources: Sequence[Source], report: BuildReport) -> None:
    run = {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "sources": [source.name for source in sources],
        **asdict(report),
        "warnings": len(report.warnings),
    }
    with refusals(home):
        replace_file(home / RUN, (json.dumps(run, ensure_ascii=False, indent=1) + "\n").encode())
