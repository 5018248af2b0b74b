"""CORDIS, the European Union's research projects: the official CSV download as a zip, or a folder with its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.sources.cordis.archive import label, read_files, recognised
from graph_builder.sources.cordis.facts import facts
from graph_builder.sources.cordis.layout import FILES, PROJECT
from graph_builder.sources.cordis.package import NAME, About, about_download, read_focus, together
from graph_builder.sources.cordis.reading import read_rows
from graph_builder.sources.cordis.rows import Rows, clean, one_of_each
from graph_builder.sources.descriptor import DESCRIPTOR
from graph_builder.sources.findings import capped, refusal
from graph_builder.sources.source import PackageInfo, Source
from graph_builder.tables import Tables
from ontology.errors import Finding, InputError

__all__ = ["Cordis", "read_together", "recognised"]

_Stamp = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True)
class _Loaded:
    """What was read: of each download what it says of itself, and the rows of all."""

    abouts: tuple[About, ...]
    rows: Rows


class Cordis:
    """The CORDIS data in one zip or folder, or in several that are read as one.

    Several downloads (Horizon 2020 and Horizon Europe, or a later state) belong together, because one organisation takes part in all
    of them: its PICs are compared over all, and a project that is in two of them is read from the first. Nothing is kept between calls
    but what `validate` read, until `tables` takes it; a corrected file is seen.
    """

    def __init__(self, path: str | Path, *more: str | Path) -> None:
        self.paths: tuple[Path, ...] = tuple(Path(one) for one in (path, *more))
        self._kept: tuple[_Stamp, _Loaded] | None = None
        self._info: tuple[_Stamp, PackageInfo] | None = None

    @property
    def name(self) -> str:
        """Name of the package: `cordis-horizon`, `cordis-h2020`, `cordis` for several programmes, or what datapackage.json says."""
        try:
            return self.info.name
        except InputError:
            return self.paths[0].name if (self.paths[0] / DESCRIPTOR).is_file() else NAME

    @property
    def info(self) -> PackageInfo:
        """What the data says of itself; `created` is the day of the newest project, or that of datapackage.json. Raises InputError."""
        stamp = self._stamp()
        if self._info is None or self._info[0] != stamp:
            loaded = self._kept[1] if self._kept and self._kept[0] == stamp else None
            abouts = loaded.abouts if loaded else [_part(path)[0] for path in self.paths]
            self._info = (stamp, together([about.info for about in abouts]))
        return self._info[1]

    def validate(self) -> list[Finding]:
        """Everything that is wrong, or that was left out, by file; no finding of severity `error` means that it can be used."""
        stamp = self._stamp()
        try:
            loaded = _load(self.paths)
        except InputError as error:
            self._kept = None
            return list(error.findings)
        self._kept = (stamp, loaded)
        return list(loaded.rows.findings)

    def tables(self) -> Tables:
        """The data as records, attributes and relations; raises InputError with the findings when it cannot be used."""
        stamp, kept = self._stamp(), self._kept
        self._kept = None
        loaded = kept[1] if kept and kept[0] == stamp else _load(self.paths)
        self._info = (stamp, together([about.info for about in loaded.abouts]))
        downloads = {about.download.source: about.download for about in sorted(loaded.abouts, key=lambda about: about.download.year)}
        return facts(self.name, loaded.rows, list(downloads.values()), loaded.abouts[0].focus)

    def _stamp(self) -> _Stamp:
        """Size and time of every file that may be read, to see that one was changed."""
        files = [path / name for path in self.paths for name in (DESCRIPTOR, *(file.name for file in FILES))]
        return tuple(_size_and_time(file) for file in (*self.paths, *files))


def read_together(sources: Sequence[Source]) -> list[Source]:
    """The sources with all downloads of CORDIS joined into one, at the place of the first; a folder that is a package of its own stays."""
    plain = [source for source in sources if isinstance(source, Cordis) and not any((path / DESCRIPTOR).is_file() for path in source.paths)]
    if len(plain) < 2:
        return list(sources)
    joined = Cordis(*(path for source in plain for path in source.paths))
    kept = [joined if source is plain[0] else source for source in sources]
    return [source for source in kept if source not in plain]


def _size_and_time(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except (OSError, ValueError):
        return None
    return state.st_size, state.st_mtime_ns


def _part(path: Path) -> tuple[About, Rows]:
    """One download, read and cleaned, each table with the column `source`; raises InputError with every fault of its files."""
    content = read_files(path)
    tables, findings = {}, list[Finding]()
    for file in FILES:
        if file.name in content:
            table, faults = read_rows(label(path, file.name), content[file.name], file)
            findings += faults
            if table is not None:
                tables[file.name] = table
    if findings:
        raise refusal(path, findings)
    focus = read_focus(path)
    rows = clean(tables, partial(label, path), third_parties=focus is not None)
    errors = [finding for finding in rows.findings if finding.severity == "error"]
    if errors:
        raise refusal(path, capped(rows.findings))
    about = about_download(path, rows.projects, focus)
    return about, _cited(rows, about.download.source)


def _cited(rows: Rows, source: str) -> Rows:
    def with_source(table: pa.Table) -> pa.Table:
        return table.append_column("source", pa.repeat(source, table.num_rows))

    return Rows(with_source(rows.projects), with_source(rows.participations), with_source(rows.fields), rows.findings)


def _load(paths: Sequence[Path]) -> _Loaded:
    parts = [_part(path) for path in paths]
    abouts = tuple(about for about, _ in parts)
    if len(parts) == 1:
        return _Loaded(abouts, parts[0][1])
    return _Loaded(abouts, _joined([rows for _, rows in parts], paths))


def _joined(parts: Sequence[Rows], paths: Sequence[Path]) -> Rows:
    """The rows of several downloads as one; of a project that two of them have, those of the first stay."""
    known: set[str] = set()
    kept: list[Rows] = []
    findings: list[Finding] = []
    for rows, path in zip(parts, paths, strict=True):
        findings += rows.findings
        ids = rows.projects["id"].to_pylist()
        again = sorted(known.intersection(ids))
        if again:
            found = f"{len(again):,} projects that another download has too, first '{again[0]}'"
            findings.append(Finding(label(path, PROJECT.name), None, "id", found, "each project once: these were left out here", "warning"))
        kept.append(_without(rows, pa.array(again, pa.string())))
        known.update(ids)
    projects = pa.concat_tables([rows.projects for rows in kept]).combine_chunks()
    participations = one_of_each(pa.concat_tables([rows.participations for rows in kept]))
    return Rows(projects, participations, pa.concat_tables([rows.fields for rows in kept]).combine_chunks(), tuple(findings))


def _without(rows: Rows, projects: pa.Array) -> Rows:
    if not len(projects):
        return rows

    def others(table: pa.Table, column: str) -> pa.Table:
        return table.filter(pc.invert(pc.is_in(table[column], value_set=projects)))

    return Rows(others(rows.projects, "id"), others(rows.participations, "projectID"), others(rows.fields, "projectID"), rows.findings)
