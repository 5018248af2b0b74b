"""Where facts come from: one module per data format, one line per format in `SOURCES`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph_builder.sources.descriptor import DESCRIPTOR
from graph_builder.sources.source import PackageInfo, Source
from graph_builder.sources.territory import TerritoryPackage
from ontology.errors import InputError

__all__ = ["SOURCES", "Format", "PackageInfo", "Source", "open_source"]


@dataclass(frozen=True)
class Format:
    """A data format: its name in `name:path`, what it looks like, how a path is recognised and opened."""

    name: str
    looks_like: str
    recognises: Callable[[Path], bool]
    open: Callable[[Path], Source]


def _is_package(path: Path) -> bool:
    return path.name == DESCRIPTOR if path.is_file() else (path / DESCRIPTOR).is_file()


def _open_package(path: Path) -> Source:
    return TerritoryPackage(path.parent if path.is_file() else path)


SOURCES: list[Format] = [
    Format("territory", f"a folder with {DESCRIPTOR}", _is_package, _open_package),
]
"""Every format, in the order in which a path is tried."""


def open_source(spec: str | Path) -> Source:
    """The source that `spec` names: a path whose format is recognised, or `format:path`. Raises InputError; reads no data yet."""
    text = str(spec)
    head, colon, rest = text.partition(":")
    known = {form.name: form for form in SOURCES}
    forced = known.get(head) if colon else None
    path = Path(rest if forced else text)
    try:
        there = bool(text.strip()) and path.exists()
    except (OSError, ValueError):
        there = False
    if not there:
        raise InputError(f"{_one_line(text)}: no such file or folder; give a path, or FORMAT:PATH with FORMAT one of {', '.join(known)}")
    if forced:
        return forced.open(path)
    for form in SOURCES:
        if form.recognises(path):
            return form.open(path)
    looks = "; ".join(f"{form.name}: {form.looks_like}" for form in SOURCES)
    raise InputError(f"{_one_line(text)}: not a known kind of data; give one of these ({looks})")


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text[:300]).split()) or "an empty path"
