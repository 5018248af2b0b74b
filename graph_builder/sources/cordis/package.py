"""What a CORDIS download says of itself: its programme and newest day, or, for a folder that has one, its datapackage.json."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from graph_builder.normalise import slug
from graph_builder.sources.cordis.archive import label
from graph_builder.sources.cordis.facts import Download
from graph_builder.sources.cordis.layout import LICENCE, PROGRAMMES, PROJECT
from graph_builder.sources.cordis.organisations import Focus
from graph_builder.sources.descriptor import DESCRIPTOR, read_descriptor
from graph_builder.sources.findings import refusal
from graph_builder.sources.source import PackageInfo
from ontology.errors import Finding

NAME = "cordis"
RESOURCES = ("project", "organization")
_FOCUS = '{"country": "FR", "nuts": ["FRC2"], "postcodes": ["25"]}'


@dataclass(frozen=True)
class About:
    """A download: what it says of itself, how its source is cited, and the part of it that it is about, if it is about a part."""

    info: PackageInfo
    download: Download
    focus: Focus | None


def about_download(path: Path, projects: pa.Table, focus: Focus | None) -> About:
    """What a zip or folder says of itself, whose projects are given (columns frameworkProgramme, date); raises InputError."""
    programme = _programme(projects)
    name = f"{NAME}-{slug(programme)}" if slug(programme) else NAME
    title_fr, title_en = PROGRAMMES.get(programme, (f"CORDIS, {programme}".rstrip(", "), f"CORDIS, {programme}".rstrip(", ")))
    days = [day for day in projects["date"].to_pylist() if day]
    if not days:
        wanted = "at least one ecSignatureDate or startDate such as 2024-03-01"
        raise refusal(path, [Finding(label(path, PROJECT.name), None, "startDate", "no project has a date", wanted)])
    newest = date.fromisoformat(max(days))
    download = Download(f"source:{name}", title_fr, title_en, newest.year, LICENCE)
    if not (path / DESCRIPTOR).is_file():
        return About(PackageInfo(name, title_fr, title_en, newest, "", LICENCE), download, None)
    descriptor = read_descriptor(path, RESOURCES)
    if descriptor.info is None or descriptor.findings:
        raise refusal(path, descriptor.findings)
    return About(descriptor.info, download, focus)


def together(infos: Sequence[PackageInfo]) -> PackageInfo:
    """One description of several downloads: that of the only one, else the newest day and a name that all of them share."""
    newest = max(infos, key=lambda info: (info.created, info.name))
    if len({info.name for info in infos}) == 1:
        return newest
    titles = [(info.title_fr, info.title_en) for info in sorted({info.name: info for info in infos}.values(), key=lambda info: info.name)]
    fr, en = (" ; ".join(side) for side in zip(*titles, strict=True))
    return PackageInfo(NAME, fr, en, newest.created, newest.version, newest.licences)


def _programme(projects: pa.Table) -> str:
    """The framework programme of most projects, "" when the file does not tell it."""
    counts = Counter(code for code in projects["frameworkProgramme"].to_pylist() if code)
    return min(counts, key=lambda code: (-counts[code], code)) if counts else ""


def read_focus(folder: Path) -> Focus | None:
    """`passerelle.focus` of a folder's descriptor; None where there is none (or no readable descriptor, which is told elsewhere).

    Raises InputError when it is there and makes no sense.
    """
    try:
        loaded = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    own = loaded.get("passerelle") if isinstance(loaded, dict) else None
    told = own.get("focus") if isinstance(own, dict) else None
    if told is None:
        return None
    found = "not a country with beginnings of NUTS codes or postcodes"
    wrong = refusal(folder, [Finding(DESCRIPTOR, None, "passerelle.focus", found, f"such as {_FOCUS}")])
    if not isinstance(told, dict) or not isinstance(told.get("country"), str):
        raise wrong
    starts = [told.get(key, []) for key in ("nuts", "postcodes")]
    if not all(isinstance(start, list) and all(isinstance(text, str) and text for text in start) for start in starts) or not any(starts):
        raise wrong
    return Focus(told["country"], tuple(starts[0]), tuple(starts[1]))
