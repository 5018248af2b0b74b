"""What a snapshot speaks of: its title, its date, how much it holds, where and when, and the sources behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from graph_builder.exports.about import packages
from graph_builder.snapshot import Snapshot
from ontology.errors import QueryError
from ontology.model import EntityKind

TEXTS = "texts"
"""Value of `redistribution` of a source whose texts may be passed on."""

_YEAR = re.compile(r"\d{4}")
_COUNTED = (EntityKind.ORGANIZATION, EntityKind.PROJECT, EntityKind.SKILL, EntityKind.SECTOR, EntityKind.PLACE, EntityKind.SOURCE)


class Words(NamedTuple):
    """A text in French and in English."""

    fr: str
    en: str


class Box(NamedTuple):
    """A rectangle in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class SourceNote:
    """A source as a reader of the package wants it: what it is, who published it, what it allows. "" where the package does not say."""

    id: str
    title: str
    publisher: str
    year: str
    licence: str
    redistribution: str
    url: str


@dataclass(frozen=True)
class Coverage:
    """What a snapshot covers. `created` is the day of its newest package; `counts` has entities by kind, `attributes` and `relations`,
    and `outside`: the actors that are known only as partners of somebody here.
    """

    packages: tuple[str, ...]
    title: Words
    created: date
    version: str
    digest: str
    counts: Mapping[str, int]
    box: Box | None
    years: tuple[int, int] | None
    sources: tuple[SourceNote, ...]


def coverage(snapshot: Snapshot) -> Coverage:
    """What this snapshot covers; QueryError when it names no package, because it then has neither a title nor a date."""
    told = packages(snapshot)
    if not told:
        raise QueryError(f"the snapshot {snapshot.digest} names no package, so it has no title and no date; build it from a data package")
    counts = {kind.value: len(snapshot.entities(kind)) for kind in _COUNTED}
    counts |= {"attributes": snapshot.attributes.num_rows, "relations": snapshot.relations.num_rows}
    outside = snapshot.values("outside")
    counts["outside"] = sum(outside.get(actor) == "yes" for actor in snapshot.entities(EntityKind.ORGANIZATION))
    return Coverage(
        packages=tuple(entry["name"] for entry in told),
        title=Words(_listed([entry["title_fr"] for entry in told], "et"), _listed([entry["title_en"] for entry in told], "and")),
        created=max(date.fromisoformat(entry["created"]) for entry in told),
        version=", ".join(dict.fromkeys(entry["version"] for entry in told if entry["version"])),
        digest=snapshot.digest,
        counts=MappingProxyType(counts),
        box=bounding_box(snapshot),
        years=_years(snapshot),
        sources=source_notes(snapshot),
    )


def bounding_box(snapshot: Snapshot) -> Box | None:
    """The rectangle around the places inside the territory, around all that has a position where no place is inside; None without positions."""
    latitudes, longitudes, inside = snapshot.values("lat"), snapshot.values("lon"), snapshot.values("inside")
    placed = [key for key in latitudes if key in longitudes]
    chosen = [key for key in placed if key.startswith("place:") and inside.get(key) == "yes"] or placed
    if not chosen:
        return None
    lats, lons = [float(latitudes[key]) for key in chosen], [float(longitudes[key]) for key in chosen]
    return Box(min(lons), min(lats), max(lons), max(lats))


def source_notes(snapshot: Snapshot) -> tuple[SourceNote, ...]:
    """Every source of the snapshot, by title."""
    columns = [snapshot.values(name) for name in ("title", "publisher", "year", "licence", "redistribution", "url")]
    notes = [SourceNote(key, *(column.get(key, "") for column in columns)) for key in snapshot.entities(EntityKind.SOURCE)]
    return tuple(sorted(notes, key=lambda note: (note.title.casefold(), note.id)))


def with_texts(sources: Iterable[SourceNote]) -> tuple[SourceNote, ...]:
    """The sources whose texts may be passed on, and stand here as they wrote them."""
    return tuple(note for note in sources if note.redistribution == TEXTS)


def _years(snapshot: Snapshot) -> tuple[int, int] | None:
    """First and last year of the dated facts: their own date, else that of their record."""
    texts = (snapshot.relations["since"].to_pylist(), snapshot.records["published"].to_pylist(), snapshot.values("start").values())
    years = [int(found[0]) for column in texts for found in _heads(column)]
    return (min(years), max(years)) if years else None


def _heads(column: Iterable[str | None]) -> Iterable[re.Match[str]]:
    return (found for text in column if text and (found := _YEAR.match(text)))


def _listed(titles: list[str], last: str) -> str:
    """The titles as one: `A`, `A et B`, `A, B et C`."""
    each = list(dict.fromkeys(titles))
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} {last} {each[-1]}"
