"""The stages of a build, in order, and nothing else: read, identify, resolve, infer, publish."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from graph_builder.identity import check_identities
from graph_builder.imports import imported_sources
from graph_builder.inference import infer
from graph_builder.journal import Journal
from graph_builder.resolution import Judgement, Resolution, resolve
from graph_builder.review import write_review
from graph_builder.sources import PackageInfo, Source, open_source
from graph_builder.sources.cordis.source import read_together
from graph_builder.sources.cordis.topics import about
from graph_builder.store import build_lock, publish_locked, replace_file
from graph_builder.tables import Tables, concatenate
from graph_builder.vocabulary import dangling, one_gazetteer, one_vocabulary
from ontology.errors import Finding, InputError, QueryError, StorageError

RUN = "run.json"

Progress = Callable[[str], None]


@runtime_checkable
class Validating(Protocol):
    """A source that tells its findings, warnings included, before it yields its tables."""

    def validate(self) -> list[Finding]:
        """Everything that is wrong or doubtful."""


@runtime_checkable
class Several(Protocol):
    """A source that holds several packages: what was exported of a snapshot made of several."""

    @property
    def infos(self) -> Sequence[PackageInfo]:
        """What each of its packages says about itself."""


@dataclass(frozen=True)
class Assembled:
    """The tables of all sources as one, the packages they come from, warnings, and what was merged on the way."""

    tables: Tables
    packages: tuple[PackageInfo, ...]
    warnings: list[Finding]
    resolution: Resolution


@dataclass(frozen=True)
class BuildReport:
    """What a build did. `changed` is False when the same snapshot was in use already; `seconds` are those of each stage.

    `merged` counts the actors that were joined with one of another package, `review` the pairs that a person should look at.
    """

    digest: str
    changed: bool
    counts: Mapping[str, int]
    warnings: list[Finding] = field(default_factory=list)
    seconds: Mapping[str, float] = field(default_factory=dict)
    merged: int = 0
    review: int = 0


def build(specs: Sequence[str | Path], home: Path, progress: Progress | None = None) -> BuildReport:
    """Build one snapshot from these sources (a path, or `format:path`) and the lists imported in this home; see `build_sources`."""
    if not specs:
        raise QueryError("no source to build from; give the folder of a data package")
    return build_sources(open_sources(specs), home, progress, specs=[absolute(spec) for spec in specs])


def open_sources(specs: Sequence[str | Path]) -> list[Source]:
    """The sources that these name; several downloads of CORDIS are read as one. Raises InputError."""
    return read_together([open_source(spec) for spec in specs])


def absolute(spec: str | Path) -> str:
    """A source as it can be opened again from any folder."""
    head, colon, rest = str(spec).partition(":")
    return f"{head}:{Path(rest).absolute()}" if colon and not Path(spec).exists() else str(Path(spec).absolute())


def build_sources(sources: Sequence[Source], home: Path, progress: Progress | None = None, *, specs: Sequence[str] = ()) -> BuildReport:
    """Build one snapshot from opened sources and the imported lists, put it in use and write `run.json`.

    What people decided (the journal of the home) is replayed. Raises InputError with the findings of all sources, BuildLocked at
    once, StorageError; the previous snapshot then stays in use.
    """
    tell: Progress = progress or (lambda _: None)
    seconds: dict[str, float] = {}
    with build_lock(home):
        journal = Journal.open(home)
        every = [*sources, *imported_sources(home, journal)]
        made = assemble(every, tell, journal.judgements(), seconds=seconds)
        with _timed("publish", seconds):
            tell("writing the snapshot")
            published = publish_locked(home, made.tables, made.packages, warnings=len(made.warnings))
        found = made.resolution
        report = BuildReport(
            published.digest,
            published.changed,
            published.manifest.counts,
            made.warnings,
            seconds,
            merged=len(found.merges),
            review=sum(pair.verdict is None for pair in found.review),
        )
        with _afterwards(home, report.digest):
            write_review(home, published.digest, found)
            _write_run(home, every, specs, report)
    tell(f"snapshot {report.digest} is in use" if report.changed else f"nothing changed, snapshot {report.digest} stays in use")
    return report


def assemble(
    sources: Sequence[Source], tell: Progress, judgements: Iterable[Judgement] = (), *, seconds: dict[str, float] | None = None
) -> Assembled:
    """What a build of these sources would publish; InputError when one has errors or two packages use the same id."""
    spent: dict[str, float] = {} if seconds is None else seconds
    with _timed("read", spent):
        parts, warnings = _read(sources, tell)
    named = [(source.info.name, tables) for source, tables in zip(sources, parts, strict=True)]
    with _timed("identify", spent):
        tell("comparing identities")
        _refuse(check_identities(named), "between the packages")
        named, differing = one_vocabulary(one_gazetteer(named))
        _refuse(dangling(named), "between the packages")
    with _timed("resolve", spent):
        resolution = resolve(named, judgements)
    with _timed("infer", spent):
        tables = concatenate([resolution.tables, about(resolution.tables)])
        tables = concatenate([tables, infer(tables)])
    packages = tuple(info for source in sources for info in infos(source))
    return Assembled(tables, packages, [*warnings, *differing], resolution)


def infos(source: Source) -> tuple[PackageInfo, ...]:
    """The packages that a source holds: itself, unless it holds several."""
    return tuple(source.infos) if isinstance(source, Several) else (source.info,)


def last_specs(home: Path) -> tuple[str, ...]:
    """The sources of the last build in a home, without the imported lists; none when there was no build from paths."""
    try:
        found = json.loads((home / RUN).read_text(encoding="utf-8")).get("specs", ())
    except (OSError, ValueError, AttributeError):
        return ()
    return tuple(spec for spec in found if isinstance(spec, str))


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


def _refuse(errors: Sequence[Finding], where: str) -> None:
    if errors:
        raise InputError(_summary(errors, where), errors)


def _summary(errors: Sequence[Finding], where: str) -> str:
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{len(errors)} error{'s' if len(errors) > 1 else ''} {where}, nothing was changed; first: {errors[0].line()}{more}"


@contextmanager
def _afterwards(home: Path, digest: str) -> Iterator[None]:
    """Turn what the disk refuses once the snapshot is in use into a StorageError that says so."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(
            f"the snapshot {digest} is in use, but {error.filename or home} cannot be written: {reason}; free space and build again"
        ) from error


@contextmanager
def _timed(stage: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] = round(time.perf_counter() - start, 3)


def _write_run(home: Path, sources: Sequence[Source], specs: Sequence[str], report: BuildReport) -> None:
    run = {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "sources": [source.name for source in sources],
        "specs": list(specs),
        **asdict(report),
        "warnings": len(report.warnings),
    }
    replace_file(home / RUN, (json.dumps(run, ensure_ascii=False, indent=1) + "\n").encode())
