"""The three Arrow tables that every source yields, and the helper that fills them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from ontology.model import Basis, Confidence

_TEXT = pa.string()

RECORDS = pa.schema(
    [
        pa.field("record", _TEXT, nullable=False),
        pa.field("locator", _TEXT),
        pa.field("sources", pa.list_(_TEXT)),
        pa.field("published", _TEXT),
        pa.field("retrieved", pa.date32()),
    ]
)
"""One row of a source: its key, where it stands (shown, never hashed), the sources it cites, its EDTF date."""

ATTRIBUTES = pa.schema(
    [
        pa.field("subject", _TEXT, nullable=False),
        pa.field("predicate", _TEXT, nullable=False),
        pa.field("value", _TEXT, nullable=False),
        pa.field("lang", _TEXT),
        pa.field("basis", _TEXT, nullable=False),
        pa.field("confidence", _TEXT, nullable=False),
        pa.field("record", _TEXT, nullable=False),
    ]
)
"""Literal facts. A value is text in canonical form (numbers as they would print); a list is one row per item."""

RELATIONS = pa.schema(
    [
        pa.field("subject", _TEXT, nullable=False),
        pa.field("predicate", _TEXT, nullable=False),
        pa.field("object", _TEXT, nullable=False),
        pa.field("since", _TEXT),
        pa.field("until", _TEXT),
        pa.field("basis", _TEXT, nullable=False),
        pa.field("confidence", _TEXT, nullable=False),
        pa.field("qualifiers", pa.map_(_TEXT, _TEXT)),
        pa.field("record", _TEXT, nullable=False),
    ]
)
"""Facts between two entities. Dates are EDTF level 0 or 1; null means "not told"."""


class Tables(NamedTuple):
    """What a source yields, and nothing else."""

    records: pa.Table
    attributes: pa.Table
    relations: pa.Table


class Filler:
    """Collects rows column by column and turns them into `Tables`."""

    def __init__(self) -> None:
        self._records: dict[str, list[object]] = {name: [] for name in RECORDS.names}
        self._attributes: dict[str, list[object]] = {name: [] for name in ATTRIBUTES.names}
        self._relations: dict[str, list[object]] = {name: [] for name in RELATIONS.names}

    def record(
        self,
        key: str,
        *,
        locator: str | None = None,
        sources: Iterable[str] = (),
        published: str | None = None,
        retrieved: date | None = None,
    ) -> str:
        """Add a record and return its key."""
        _append(self._records, (key, locator, sorted(set(sources)), published or None, retrieved))
        return key

    def attribute(
        self,
        subject: str,
        predicate: str,
        value: str,
        record: str,
        *,
        lang: str | None = None,
        basis: Basis = Basis.STATED,
        confidence: Confidence = Confidence.VERIFIED,
    ) -> None:
        """Add a literal fact; an empty value is no fact and is left out."""
        if value:
            _append(self._attributes, (subject, predicate, value, lang, basis.value, confidence.value, record))

    def relation(
        self,
        subject: str,
        predicate: str,
        obj: str,
        record: str,
        *,
        since: str | None = None,
        until: str | None = None,
        basis: Basis = Basis.STATED,
        confidence: Confidence = Confidence.VERIFIED,
        qualifiers: Mapping[str, str] | None = None,
    ) -> None:
        """Add a fact between two entities; empty qualifiers are left out."""
        pairs = sorted((k, v) for k, v in (qualifiers or {}).items() if v)
        _append(self._relations, (subject, predicate, obj, since or None, until or None, basis.value, confidence.value, pairs, record))

    def tables(self) -> Tables:
        """Everything collected so far, as Arrow tables."""
        return Tables(
            pa.table(self._records, schema=RECORDS),
            pa.table(self._attributes, schema=ATTRIBUTES),
            pa.table(self._relations, schema=RELATIONS),
        )


def _append(columns: dict[str, list[object]], row: tuple[object, ...]) -> None:
    for column, value in zip(columns.values(), row, strict=True):
        column.append(value)


def concatenate(parts: Iterable[Tables]) -> Tables:
    """Tables of several sources as one."""
    rows = list(parts)
    return Tables(
        pa.concat_tables([t.records for t in rows] or [RECORDS.empty_table()]),
        pa.concat_tables([t.attributes for t in rows] or [ATTRIBUTES.empty_table()]),
        pa.concat_tables([t.relations for t in rows] or [RELATIONS.empty_table()]),
    )
