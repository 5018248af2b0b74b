"""Opening what CORDIS data comes in, a zip or a folder, without trusting it: members by name, size limits, one finding per fault."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from graph_builder.sources.cordis.layout import FILES, ORGANIZATION, PROJECT
from graph_builder.sources.findings import refusal, shown
from ontology.errors import Finding, InputError

MAX_BYTES = 1_000_000_000
"""Bytes that the files that are read may have together, unpacked. The largest official zip has about 150 million."""

MAX_RATIO = 200
"""How many times its packed size a member may have; CORDIS texts have 3 to 8."""

_ENCRYPTED = 0x1
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def recognised(path: Path) -> bool:
    """Whether this is CORDIS data: a zip with organization.csv somewhere inside, or a folder with project.csv and organization.csv."""
    if path.is_dir():
        return (path / PROJECT.name).is_file() and (path / ORGANIZATION.name).is_file()
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(PurePosixPath(name).name == ORGANIZATION.name for name in archive.namelist())
    except _DAMAGED:
        return "cordis" in path.name.lower()  # a damaged download is named as such, not called an unknown kind of data


def read_files(path: Path) -> Mapping[str, bytes]:
    """The content of each file of the layout that is there, by its name; raises InputError with the findings."""
    return _from_folder(path) if path.is_dir() else _from_zip(path)


def label(path: Path, name: str) -> str:
    """How findings and locators call a file: with the zip that holds it."""
    return name if path.is_dir() else f"{path.name}/{name}"


def _fault(file: str, found: str, accepted: str) -> Finding:
    return Finding(file, None, None, found, accepted)


def _missing(path: Path, name: str) -> Finding:
    return _fault(label(path, name), "the file is missing", "take the CSV download of a framework programme from cordis.europa.eu")


def _wanted() -> list[str]:
    return [file.name for file in FILES]


def _needed() -> set[str]:
    return {file.name for file in FILES if file.needed}


def _from_folder(folder: Path) -> dict[str, bytes]:
    content: dict[str, bytes] = {}
    findings, total = [], 0
    for name in _wanted():
        path = folder / name
        try:
            if not path.is_file():
                if name in _needed():
                    findings.append(_missing(folder, name))
                continue
            if not path.resolve().is_relative_to(folder.resolve()):
                findings.append(_fault(name, "it is a link to a file outside the folder", "put the file itself in the folder"))
                continue
            total += path.stat().st_size
            content[name] = path.read_bytes() if total <= MAX_BYTES else b""
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or "input error"
            findings.append(_fault(name, f"the file cannot be read ({reason})", "make it readable"))
    if total > MAX_BYTES:
        findings.append(_too_large(folder.name, total))
    if findings:
        raise refusal(folder, findings)
    return content


def _from_zip(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            members, findings = _members(path, archive.infolist())
            if findings:
                raise refusal(path, findings)
            return {name: archive.read(members[name]) for name in _wanted() if name in members}
    except InputError:
        raise
    except _DAMAGED as error:
        reason = str(error) or type(error).__name__
        found = f"the zip is damaged or cut short ({shown(reason)[1:-1]})"
        raise refusal(path, [_fault(path.name, found, "download it again")]) from error


def _members(path: Path, entries: list[zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], list[Finding]]:
    """The member of each file of the layout, and what is wrong with the archive; nothing is unpacked yet."""
    findings = [
        _fault(path.name, f"the member {shown(entry.filename)} leads outside the archive", "do not use this file: it is no CORDIS download")
        for entry in entries
        if _leads_outside(entry.filename)
    ]
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = PurePosixPath(entry.filename).name
        if entry.is_dir() or name not in _wanted():
            continue
        if name in members:
            findings.append(_fault(label(path, name), "the zip has two files of this name", "keep one of them"))
        members[name] = entry
    findings += [_missing(path, name) for name in _wanted() if name in _needed() - set(members)]
    findings += [fault for name, entry in members.items() if (fault := _entry_fault(label(path, name), entry))]
    total = sum(entry.file_size for entry in members.values())
    if total > MAX_BYTES:
        findings.append(_too_large(path.name, total))
    return members, findings


def _entry_fault(file: str, entry: zipfile.ZipInfo) -> Finding | None:
    if entry.flag_bits & _ENCRYPTED:
        return _fault(file, "the file is encrypted", "give a zip without a password")
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1) and entry.file_size > 1_000_000:
        ratio = entry.file_size // max(entry.compress_size, 1)
        return _fault(file, f"it unpacks to {ratio} times its size", f"at most {MAX_RATIO} times: this is no CORDIS download")
    return None


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in name


def _too_large(file: str, total: int) -> Finding:
    return _fault(file, f"{total:,} bytes to read", f"at most {MAX_BYTES:,}: split the data by framework programme")
