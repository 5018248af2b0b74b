"""What a file that is no data package says about itself: name, title, date, licence; the same rules for RDF and FollowTheMoney."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph_builder.normalise import earliest_day, edtf_ok, fold, slug
from graph_builder.sources.entities.ledger import Ledger
from graph_builder.sources.source import UNDATED, PackageInfo
from ontology.errors import Finding
from ontology.model import EntityKind

RESERVED = frozenset({"skill", "sector", "place", "source", "kind", "strategy", "siren", "pic", "cordis"})
"""Heads of ids that mean something else; no package takes such a name."""

MAX_NAME = 60
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:([-_]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01]))?)?(?!\d)", re.ASCII)
_DATE = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_OPEN: tuple[str, ...] = (
    *("cc0", "cc by 4", "cc by 3", "cc by sa", "licenses by 4", "licenses by 3", "licenses by sa", "publicdomain", "etalab", "licence ouverte"),
    *("open licence", "odbl", "odc by", "pddl", "licence cc by", "licence cc by sa", "opendatacommons", "open government licence"),
)
_CLOSED = ("by nc", "by nd", "sa nc", "noncommercial")


@dataclass(frozen=True)
class About:
    """What a file says of itself; "" where it says nothing. `dates` are EDTF, in any order."""

    title_fr: str = ""
    title_en: str = ""
    publisher: str = ""
    licence: str = ""
    url: str = ""
    version: str = ""
    dates: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    """Dates of what happened, as the facts tell it: the file cannot be older than the newest."""


def plain_date(text: str) -> str:
    """The date in a text as EDTF, without time and zone; "" when there is none."""
    match = _DATE.fullmatch(text.strip())
    found = match[1] if match else text.strip()
    return found if edtf_ok(found) and "/" not in found else ""


def package_name(path: Path, title: str) -> str:
    """A name for the package: from its title, else from its file name."""
    for text in (title, path.name.split(".")[0], "data"):
        ascii_only = re.sub(r"[^a-z0-9]+", "-", slug(text)).strip("-")
        name = ascii_only[:MAX_NAME].strip("-")
        if name:
            return f"{name}-data" if name in RESERVED else name
    return "data"


def date_in_name(path: Path) -> str:
    """The last date in the name of a file ("members-2026-03-01.ttl"), "" when there is none."""
    found = ["-".join(filter(None, (year, month, day))) for year, _, month, day in _IN_NAME.findall(path.name)]
    return next((text for text in reversed(found) if edtf_ok(text)), "")


def package_info(path: Path, about: About, created: date | None = None) -> tuple[PackageInfo, list[Finding]]:
    """What is known of the file, with warnings on its date.

    The date sets the reference year and enters the digest, so it never comes from the file system, where a copy changes it. In
    this order: `created`; the newest date that the file states of itself; the date in its name; the newest event it tells
    (a warning). Of a year or month alone the first day counts. Without any of them it is `UNDATED` (a warning).
    """
    title_fr, title_en = about.title_fr or about.title_en, about.title_en or about.title_fr
    name = package_name(path, title_fr)
    day, findings = created or _newest(about.dates) or _newest([date_in_name(path)]), []
    if day is None:
        day = _newest(about.told)
        if day is not None:
            found = f"no date of its own; taken as {day.isoformat()}, the newest event that it tells"
            findings.append(Finding(path.name, None, None, found, f"state it in the file, or in its name: {_example(path, day)}", "warning"))
    if day is None:
        day = UNDATED
        how = f"say when the data were put together, in the file (dcterms:modified, modifiedAt) or in its name: {_example(path, None)}"
        findings.append(Finding(path.name, None, None, "no date anywhere in the file", f"its facts are undated; {how}", "warning"))
    return PackageInfo(name, title_fr or path.name, title_en or path.name, day, about.version, about.licence), findings


def stated_date(path: Path, about: About, created: date | None = None) -> str | None:
    """The date at which the file's facts were published, EDTF; None where it is not stated."""
    if created:
        return created.isoformat()
    newest = max(((day, text) for text in about.dates if (day := earliest_day(text))), default=None)
    return newest[1] if newest else date_in_name(path) or None


def add_source(ledger: Ledger, info: PackageInfo, about: About, published: str | None) -> str:
    """The id of the file as a source, which is described with it. Its facts may be given on where its licence is an open one."""
    subject = f"source:{info.name}"
    record = ledger.record("sources", info.name, sources=[subject], published=published)
    ledger.entity(subject, EntityKind.SOURCE, record)
    values = {"title": info.title_fr, "name_fr": about.title_fr, "name_en": about.title_en, "publisher": about.publisher, "licence": about.licence}
    values |= {"year": (published or "")[:4], "url": about.url, "redistribution": redistribution(about.licence)}
    for predicate, value in values.items():
        ledger.attribute(subject, predicate, value, record)
    return subject


def redistribution(licence: str) -> str:
    """What may be given on under a licence: `texts` when it is known to be open, else `none`."""
    words = fold(licence)
    closed = any(text in words for text in _CLOSED)
    return "texts" if not closed and any(text in words for text in _OPEN) else "none"


def _newest(dates: Iterable[str]) -> date | None:
    return max((day for text in dates if text and (day := earliest_day(text))), default=None)


def _example(path: Path, day: date | None) -> str:
    return f"{path.name.split('.')[0]}-{(day or date(2026, 11, 24)).isoformat()}{path.suffix}"
