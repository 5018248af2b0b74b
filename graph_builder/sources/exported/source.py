"""A package that `passerelle export csv` wrote, read back: the same facts give the same digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from graph_builder.canonical import canonical, digest, package_entries
from graph_builder.exports.package_format import MARK, PACKAGE_FORMAT, STATEMENT_TABLES
from graph_builder.sources.descriptor import DESCRIPTOR, MAX_BYTES, read_descriptor
from graph_builder.sources.exported.checks import CHECKS, Read, changed
from graph_builder.sources.exported.rows import read_statements
from graph_builder.sources.findings import capped, refusal
from graph_builder.sources.source import PackageInfo
from graph_builder.tables import ATTRIBUTES, RECORDS, RELATIONS, Tables
from ontology.errors import Finding

_SCHEMAS = {"records": RECORDS, "attributes": ATTRIBUTES, "relations": RELATIONS}
_ENTRY = ("name", "title_fr", "title_en", "created", "version")


@dataclass(frozen=True)
class _Opened:
    """What datapackage.json says: of itself, of the packages the facts came from, its digest, and the files of the tables."""

    info: PackageInfo | None
    infos: tuple[PackageInfo, ...]
    digest: str
    files: Mapping[str, Path]
    findings: tuple[Finding, ...]


class ExportedPackage:
    """The exported package in `folder`. Each call reads the folder anew, so that a corrected file is seen."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @property
    def name(self) -> str:
        """Name of the package; that of its folder when datapackage.json cannot be read."""
        infos, findings = _packages(_mark(self.folder / DESCRIPTOR))
        if len(infos) == 1 and not findings:
            return infos[0].name
        info = self._open().info
        return info.name if info else self.folder.name

    @property
    def info(self) -> PackageInfo:
        """The package that was exported, or all of them as one; raises InputError when datapackage.json cannot be read."""
        opened = self._open()
        if opened.info is None:
            raise refusal(self.folder, opened.findings)
        return opened.info

    @property
    def infos(self) -> tuple[PackageInfo, ...]:
        """Every package that the facts came from; a build that names them all gives the digest of the export. Raises InputError."""
        opened = self._open()
        if opened.info is None:
            raise refusal(self.folder, opened.findings)
        return opened.infos

    def validate(self) -> list[Finding]:
        """Everything that is wrong or doubtful, by file and row; no finding of severity `error` means that it can be used."""
        return self._checked()[1]

    def tables(self) -> Tables:
        """The facts exactly as they were exported, or as they were corrected since; raises InputError with all findings."""
        tables, findings = self._checked()
        if tables is None or any(finding.severity == "error" for finding in findings):
            raise refusal(self.folder, findings)
        return tables

    def _open(self) -> _Opened:
        descriptor = read_descriptor(self.folder, tuple(STATEMENT_TABLES))
        mark = _mark(self.folder / DESCRIPTOR)
        infos, findings = _packages(mark)
        info = descriptor.info if not findings else None
        if info is not None and len(infos) == 1:
            info = infos[0]
        return _Opened(info, infos, str(mark.get("digest")), descriptor.files, (*descriptor.findings, *findings))

    def _checked(self) -> tuple[Tables | None, list[Finding]]:
        """The tables, None when they cannot be used, and every finding."""
        opened = self._open()
        findings = list(opened.findings)
        read = {name: read_statements(name, path.name, path) for name, path in opened.files.items()}
        findings += [finding for table in read.values() for finding in table.findings]
        if findings:
            return None, capped(findings)
        findings += [finding for check in CHECKS for finding in check(read)]
        if any(finding.severity == "error" for finding in findings):
            return None, capped(findings)
        tables = _tables(read)
        return tables, capped([*findings, *_since_export(opened, read, tables)])


def is_exported(path: Path) -> bool:
    """Whether the folder, or the datapackage.json, is that of an exported package."""
    return bool(_mark(path if path.is_file() and path.name == DESCRIPTOR else path / DESCRIPTOR))


def open_exported(path: Path) -> ExportedPackage:
    """The exported package in a folder, or beside its datapackage.json; reads nothing yet."""
    return ExportedPackage(path.parent if path.is_file() else path)


def _mark(path: Path) -> Mapping[str, object]:
    """What the export wrote of itself in datapackage.json; empty when there is no such thing."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return {}
        loaded = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    mark = loaded.get(MARK) if isinstance(loaded, dict) else None
    return mark if isinstance(mark, dict) else {}


def _fault(found: str, accepted: str, column: str) -> Finding:
    return Finding(DESCRIPTOR, None, f"{MARK}/{column}", found, accepted)


def _packages(mark: Mapping[str, object]) -> tuple[tuple[PackageInfo, ...], list[Finding]]:
    """The packages that the mark names, and what is wrong with it."""
    if not isinstance(mark.get("format"), int) or mark["format"] != PACKAGE_FORMAT:
        return (), [_fault("a format that this version does not read", f"{PACKAGE_FORMAT}: export again, or upgrade passerelle", "format")]
    listed = mark.get("packages")
    infos = [_package(entry) for entry in listed] if isinstance(listed, list) else []
    known = tuple(info for info in infos if info is not None)
    if not known or len(known) < len(infos):
        return (), [_fault("a package without name, titles, version or date", f"a list of objects with {', '.join(_ENTRY)}", "packages")]
    return known, []


def _package(entry: object) -> PackageInfo | None:
    if not isinstance(entry, dict):
        return None
    values = [entry.get(key) for key in _ENTRY]
    texts = [value for value in values if isinstance(value, str) and value.isprintable()]
    licences = entry.get("licences")
    if len(texts) < len(_ENTRY) or not texts[0]:
        return None
    name, fr, en, created, version = texts
    try:
        return PackageInfo(name, fr, en, date.fromisoformat(created), version, licences if isinstance(licences, str) else "")
    except ValueError:
        return None


def _tables(read: Read) -> Tables:
    columns = {name: {key: read[name].columns[key] for key in schema.names} for name, schema in _SCHEMAS.items()}
    return Tables(*(pa.table(columns[name], schema=schema) for name, schema in _SCHEMAS.items()))


def _since_export(opened: _Opened, read: Read, tables: Tables) -> list[Finding]:
    """What was changed since the export: one warning for the whole, and one for each changed row."""
    rows = canonical(tables)
    now = digest(rows, package_entries(opened.infos))
    if now == opened.digest:
        return []
    found = f"the tables were changed since the export: digest {now}, not {opened.digest[:40]}"
    whole = Finding(DESCRIPTOR, None, f"{MARK}/digest", found, "nothing to do if that was meant; else export again", "warning")
    return [whole, *changed(read, rows)]
