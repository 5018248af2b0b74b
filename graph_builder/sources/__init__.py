"""Where facts come from: one module per data format, one line per format in `SOURCES`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph_builder.sources.company_list.sheet import is_list
from graph_builder.sources.cordis.archive import recognised as is_cordis
from graph_builder.sources.descriptor import DESCRIPTOR
from graph_builder.sources.exported.source import is_exported, open_exported
from graph_builder.sources.rdf_file.looks import FTM, RDF, is_ftm, is_rdf
from graph_builder.sources.source import PackageInfo, Source
from graph_builder.sources.territory.source import TerritoryPackage
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


def _is_cordis(path: Path) -> bool:
    return is_cordis(path.parent if path.name == DESCRIPTOR else path)


def _open_cordis(path: Path) -> Source:
    from graph_builder.sources.cordis.source import Cordis

    return Cordis(path.parent if path.name == DESCRIPTOR else path)


def _open_list(path: Path) -> Source:
    from graph_builder.sources.company_list.source import CompanyList

    return CompanyList(path)


def _open_ftm(path: Path) -> Source:
    from graph_builder.sources.ftm.source import open_ftm

    return open_ftm(path)


def _open_rdf(path: Path) -> Source:
    from graph_builder.sources.rdf_file.source import open_rdf

    return open_rdf(path)


SOURCES: list[Format] = [
    Format("cordis", "a CSV download of CORDIS as a zip, or a folder with its project.csv and organization.csv", _is_cordis, _open_cordis),
    Format("exported", "a folder that passerelle export csv wrote", is_exported, open_exported),
    Format("territory", f"a folder with {DESCRIPTOR}", _is_package, _open_package),
    Format("ftm", FTM, is_ftm, _open_ftm),
    Format("rdf", RDF, is_rdf, _open_rdf),
    Format("list", "a list of companies: a .csv, .tsv, .txt or .xlsx file", is_list, _open_list),
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
