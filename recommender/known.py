"""Which facts are known at a date, and which are held out: the one gate between a snapshot and ranking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph_builder.normalise import latest_day
from graph_builder.snapshot import Snapshot
from ontology.model import Basis, Confidence

WEIGHT_OF_CONFIDENCE: Mapping[str, float] = {
    Confidence.VERIFIED: 1.0,
    Confidence.LIKELY: 0.8,
    Confidence.KNOWN: 0.7,
    Confidence.UNCERTAIN: 0.5,
}
"""How much a fact weighs in a feature, [0, 1]; expert judgement."""


@dataclass(frozen=True)
class Facts:
    """Known relations of one predicate, column by column; position k is one fact.

    `subject` and `object` are positions in the lists of ids given; -1 where the id is not among them.
    """

    subject: NDArray[np.int64]
    object: NDArray[np.int64]
    statement: tuple[str, ...]
    stated: NDArray[np.bool_]
    weight: NDArray[np.float64]
    qualifiers: tuple[Mapping[str, str], ...]
    record: tuple[str, ...]
    since: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.statement)


class Known:
    """The relations of a snapshot dated strictly before `as_of` and not in `without`.

    A fact's date is the latest possible day of its own `since`, else of its record's `published`; a fact without a
    date is unknown as soon as `as_of` is given, and counted in `undated`. With `as_of` None all facts are known.
    """

    def __init__(self, snapshot: Snapshot, as_of: date | None = None, without: frozenset[str] = frozenset()) -> None:
        self.snapshot, self.as_of, self.without = snapshot, as_of, without
        relations = snapshot.relations
        keep = np.ones(len(relations), dtype=bool)
        self.undated = 0
        if as_of is not None:
            days = relation_days(snapshot)
            self.undated = int((days == _NEVER).sum())
            keep &= (days != _NEVER) & (days < as_of.toordinal())
        if without:
            held = pc.is_in(relations["statement"], value_set=pa.array(sorted(without), pa.string()))
            keep &= ~np.asarray(held.to_numpy(zero_copy_only=False), dtype=bool)
        self.relations: pa.Table = relations if keep.all() else relations.filter(pa.array(keep))

    @property
    def stated(self) -> pa.Table:
        """The known relations that a source states: what ties, groups and features may rest on."""
        return self.relations.filter(pc.equal(self.relations["basis"], Basis.STATED.value))

    def has(self, statement: str) -> bool:
        """Whether this relation is known."""
        return statement in self.statements

    @cached_property
    def statements(self) -> frozenset[str]:
        """Ids of the known relations."""
        return frozenset(self.relations["statement"].to_pylist())

    def knows_attribute(self, statement: str, record: str) -> bool:
        """Whether a literal fact (a description) is known: not held out, and its record dated before `as_of`."""
        if statement in self.without:
            return False
        if self.as_of is None:
            return True
        day = latest_day(self.snapshot.published(record) or "")
        return day is not None and day < self.as_of

    def facts(self, predicate: str, subjects: Mapping[str, int], objects: Mapping[str, int], *, stated: bool = False) -> Facts:
        """Known relations of a predicate whose two ends are among the ids given; only those a source states when `stated`."""
        known = self.stated if stated else self.relations
        rows = known.filter(pc.equal(known["predicate"], predicate))
        subject = _positions(rows["subject"], subjects)
        obj = _positions(rows["object"], objects)
        inside = (subject >= 0) & (obj >= 0)
        rows = rows.filter(pa.array(inside))
        return Facts(
            subject[inside],
            obj[inside],
            tuple(rows["statement"].to_pylist()),
            np.asarray([b == "stated" for b in rows["basis"].to_pylist()], dtype=bool),
            np.asarray([WEIGHT_OF_CONFIDENCE[c] for c in rows["confidence"].to_pylist()], dtype=float),
            tuple(dict(q or ()) for q in rows["qualifiers"].to_pylist()),
            tuple(rows["record"].to_pylist()),
            tuple(rows["since"].to_pylist()),
        )


_NEVER = -1


def relation_days(snapshot: Snapshot) -> NDArray[np.int64]:
    """Day number (proleptic ordinal) of each relation of the snapshot, -1 where no date is told."""
    published = {r: p for r, p in zip(snapshot.records["record"].to_pylist(), snapshot.records["published"].to_pylist(), strict=True) if p}
    since = snapshot.relations["since"].to_pylist()
    records = snapshot.relations["record"].to_pylist()
    return np.asarray([_day(s or published.get(r, "")) for s, r in zip(since, records, strict=True)], dtype=np.int64)


@lru_cache(maxsize=100_000)
def _day(edtf: str) -> int:
    day = latest_day(edtf) if edtf else None
    return _NEVER if day is None else day.toordinal()


def _positions(column: pa.ChunkedArray, index: Mapping[str, int]) -> NDArray[np.int64]:
    keys = pa.array(list(index), pa.string())
    found = pc.index_in(column, value_set=keys)
    order = np.asarray(list(index.values()), dtype=np.int64)
    place = np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
    return np.where(place >= 0, order[place] if len(order) else -1, -1)
