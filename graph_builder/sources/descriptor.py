"""Reading a datapackage.json that may be broken or hostile: what it says of itself, and the file of each table."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph_builder.sources.findings import shown
from graph_builder.sources.source import PackageInfo
from ontology.errors import Finding

DESCRIPTOR = "datapackage.json"
MAX_BYTES = 5_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Descriptor:
    """What could be read: `info` is None when it could not, `files` lacks the tables whose path cannot be used."""

    info: PackageInfo | None
    files: Mapping[str, Path]
    findings: tuple[Finding, ...]


def read_descriptor(folder: Path, tables: Collection[str]) -> Descriptor:
    """The descriptor of the package in `folder`, of which `tables` are the names of the resources that must be there."""
    loaded = _load(folder / DESCRIPTOR)
    if isinstance(loaded, Finding):
        return Descriptor(None, {}, (loaded,))
    info, findings = _info(loaded)
    files, more = _files(folder, loaded.get("resources"), tables)
    return Descriptor(info, files, (*findings, *more))


def _fault(found: str, accepted: str, column: str | None = None) -> Finding:
    return Finding(DESCRIPTOR, None, column, found, accepted)


def _load(path: Path) -> dict[str, object] | Finding:
    try:
        if not path.is_file():
            return _fault("the file is missing", "describe the package in a file of this name")
        if path.stat().st_size > MAX_BYTES:
            return _fault(f"larger than {MAX_BYTES:,} bytes", "describe the tables only; data belongs in CSV files")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _fault("not UTF-8", "save it as UTF-8")
    except OSError as error:
        return _fault(f"cannot be read ({error.strerror or 'input error'})", "put a readable datapackage.json in the folder")
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError as error:
        return Finding(DESCRIPTOR, error.lineno, None, "broken JSON", f"correct it near character {error.colno} of this line")
    except (RecursionError, ValueError):
        return _fault("JSON nested too deep, or a number with too many digits", "write a plain data package descriptor")
    if not isinstance(loaded, dict):
        return _fault("not a JSON object", "write an object with name, created and resources")
    return loaded


# what the package says of itself -------------------------------------------------------------------------------------


def _text(loaded: Mapping[str, object], *keys: str) -> str:
    """The first of the texts `keys` that is there, on one line."""
    for key in keys:
        value = loaded.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.encode("utf-8", "replace").decode().split())
    return ""


def _created(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _rights(loaded: Mapping[str, object]) -> str:
    """The licences of the package, then the sources that it credits."""
    parts = (_licences(loaded.get("licenses")), _licences(loaded.get("sources")))
    return " ; ".join(part for part in parts if part)


def _licences(value: object) -> str:
    listed = value if isinstance(value, list) else []
    return "; ".join(filter(None, (_text(item, "title", "name") for item in listed if isinstance(item, dict))))


def _info(loaded: Mapping[str, object]) -> tuple[PackageInfo | None, list[Finding]]:
    findings = []
    name, created = loaded.get("name"), _created(loaded.get("created"))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        found = shown(name) if isinstance(name, str) else "no text"
        findings.append(_fault(found, "give the package a name of small letters, digits, hyphens and dots", "name"))
    if created is None:
        findings.append(_fault("no date", "say when the data was put together, such as 2026-11-24", "created"))
    if findings or not isinstance(name, str) or created is None:
        return None, findings
    title_fr, title_en = _text(loaded, "title_fr", "title") or name, _text(loaded, "title_en", "title") or name
    return PackageInfo(name, title_fr, title_en, created, _text(loaded, "version"), _rights(loaded)), []


# where its tables are ------------------------------------------------------------------------------------------------


def _files(folder: Path, resources: object, tables: Collection[str]) -> tuple[dict[str, Path], list[Finding]]:
    if not isinstance(resources, list) or not resources:
        return {}, [_fault("no resources", f"list one resource per table: {', '.join(tables)}", "resources")]
    files: dict[str, Path] = {}
    findings: list[Finding] = []
    seen: set[str] = set()
    for number, resource in enumerate(resources, 1):
        name = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(resource, dict) or not isinstance(name, str):
            findings.append(_fault(f"resource {number} has no name", "give each resource a name and a path", "resources"))
            continue
        if name in seen:
            findings.append(_fault(f"two resources called {shown(name)}", "keep one of them", "resources"))
        seen.add(name)
        path = _safe_path(folder, name, resource.get("path"))
        if isinstance(path, Finding):
            findings.append(path)
        elif name in tables:
            files[name] = path
    findings += [_fault(f"no resource called '{name}'", f"add the table {name}.csv and list it", "resources") for name in tables if name not in seen]
    return files, findings


def _safe_path(folder: Path, name: str, path: object) -> Path | Finding:
    """The file of a resource, or why it cannot be used: a package reads nothing outside its own folder."""
    where = f"resources/{name}" if _NAME.fullmatch(name) else "resources"
    if not isinstance(path, str) or not path.strip():
        return _fault("no path, or a list of paths", "give one file name", where)
    if "://" in path:
        return _fault(f"the path {shown(path)} is an address", "put a copy of the file in the package's folder", where)
    parts = path.replace("\\", "/").split("/")
    if "\0" in path or ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", path) or path.startswith("~"):
        return _fault(f"the path {shown(path)} leads outside the package's folder", "give a file name inside the folder", where)
    file = folder / path
    try:
        inside = file.resolve().is_relative_to(folder.resolve())
        if not inside:
            return _fault(f"{shown(path)} is a link to a file outside the package's folder", "put the file itself in the folder", where)
        if not file.is_file():
            found = "it is not a file" if file.exists() else "the file is missing"
            return Finding(shown(path).strip("'"), None, None, found, f"add it to the folder, or correct its path in {DESCRIPTOR}")
    except (OSError, RuntimeError, ValueError) as error:
        return _fault(f"the path {shown(path)} cannot be opened ({type(error).__name__})", "give a short plain file name", where)
    return file
