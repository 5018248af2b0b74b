"""Facts collected column by column: each call adds one predicate for many entities, and no loop runs over statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.tables import ATTRIBUTES, RECORDS, RELATIONS, Filler, Tables, concatenate
from ontology.model import ATTRIBUTES as VOCABULARY
from ontology.model import Basis, Confidence

Column: TypeAlias = pa.Array | pa.ChunkedArray


class Columns:
    """What is being filled: whole columns, and `rows`, a `Filler` for the few facts that come one by one. An empty value is no fact."""

    def __init__(self) -> None:
        self.rows = Filler()
        self._parts: list[Tables] = []

    def records(self, keys: Column, sources: Column, published: Column, locators: Column) -> None:
        """Add one record for each key, each citing one source; "" as `published` is an unknown date."""
        number = len(keys)
        cited = pa.ListArray.from_arrays(pa.array(np.arange(number + 1), type=pa.int32()), _whole(sources))
        columns = {
            "record": keys,
            "locator": locators,
            "sources": cited,
            "published": _told(published),
            "retrieved": pa.nulls(number, RECORDS.field("retrieved").type),
        }
        self._add(records=pa.table(columns, schema=RECORDS))

    def attribute(self, predicate: str, subjects: Column, values: Column, records: Column, *, confidence: Confidence = Confidence.VERIFIED) -> None:
        """Add one attribute of many entities; its language is that of the vocabulary."""
        self.text(predicate, subjects, values, records, lang=VOCABULARY[predicate].lang, confidence=confidence)

    def text(
        self,
        predicate: str,
        subjects: Column,
        values: Column,
        records: Column,
        *,
        lang: str | None,
        confidence: Confidence = Confidence.VERIFIED,
    ) -> None:
        """`attribute` in a stated language."""
        number = len(subjects)
        columns = {
            "subject": subjects,
            "predicate": pa.repeat(predicate, number),
            "value": values,
            "lang": pa.repeat(pa.scalar(lang, pa.string()), number),
            "basis": pa.repeat(Basis.STATED.value, number),
            "confidence": pa.repeat(confidence.value, number),
            "record": records,
        }
        table = pa.table(columns, schema=ATTRIBUTES)
        self._add(attributes=table.filter(pc.not_equal(table["value"], "")))

    def relation(
        self,
        predicate: str,
        ends: tuple[Column, Column],
        records: Column,
        *,
        since: Column | None = None,
        qualifiers: Sequence[tuple[str, Column]] = (),
    ) -> None:
        """Add one relation between many (subject, object) pairs; where an object is "" there is no fact, where a qualifier is "" it is not told."""
        subjects, objects = ends
        number = len(subjects)
        columns = {
            "subject": subjects,
            "predicate": pa.repeat(predicate, number),
            "object": objects,
            "since": pa.nulls(number, pa.string()) if since is None else _told(since),
            "until": pa.nulls(number, pa.string()),
            "basis": pa.repeat(Basis.STATED.value, number),
            "confidence": pa.repeat(Confidence.VERIFIED.value, number),
            "qualifiers": _pairs(number, sorted(qualifiers)),
            "record": records,
        }
        table = pa.table(columns, schema=RELATIONS)
        self._add(relations=table.filter(pc.not_equal(table["object"], "")))

    def tables(self) -> Tables:
        """Everything that was added."""
        return concatenate([self.rows.tables(), *self._parts])

    def _add(self, **tables: pa.Table) -> None:
        empty = Tables(RECORDS.empty_table(), ATTRIBUTES.empty_table(), RELATIONS.empty_table())
        self._parts.append(empty._replace(**tables))


def _whole(column: Column) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _told(column: Column) -> Column:
    told: Column = pc.if_else(pc.equal(column, ""), None, column)
    return told


def _pairs(number: int, qualifiers: Sequence[tuple[str, Column]]) -> pa.Array:
    """The qualifiers of each row as a map, without the empty ones; names ascending."""
    width = len(qualifiers)
    if not width:
        return pa.MapArray.from_arrays(pa.array(np.zeros(number + 1), type=pa.int32()), pa.array([], pa.string()), pa.array([], pa.string()))
    # values of all columns, interleaved so that those of a row follow each other
    order = pa.array(np.arange(number * width).reshape(width, number).T.ravel())
    values = pa.concat_arrays([_whole(column) for _, column in qualifiers]).take(order)
    names = pa.array([name for name, _ in qualifiers], type=pa.string()).take(pa.array(np.tile(np.arange(width), number)))
    told = pc.not_equal(values, "")
    counts = np.asarray(told).reshape(number, width).sum(axis=1)
    offsets = pa.array(np.concatenate(([0], np.cumsum(counts))), type=pa.int32())
    return pa.MapArray.from_arrays(offsets, names.filter(told), values.filter(told))
