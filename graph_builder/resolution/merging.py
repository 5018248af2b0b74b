"""Merges applied to the tables: subjects and objects rewritten by column, and only the rows of merged actors looked at one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.normalise import fold
from graph_builder.resolution.matching import Text
from graph_builder.tables import ATTRIBUTES, Tables, concatenate
from ontology.model import EntityKind

SEVERAL = frozenset(
    "type alt_name alias acronym keywords pic vat naf naf_divisions euroscivoc euroscivoc_path topic call funding_scheme offers_by_default".split()
)
"""Attributes of which an actor may have several values: those of all its records are kept."""

FOLLOWS: Mapping[str, str] = {
    "lon": "lat",
    "geo_precision": "lat",
    "website_confidence": "website",
    "status_since": "status",
    "status_note": "status",
    "why_not": "recommendable",
    "naf_confidence": "naf",
}
"""Attributes that only make sense beside another one: they come from the record that gives that one."""

OUTSIDE = ("outside", "recommendable", "why_not")
"""What an actor known only as an outside partner says of itself, and what an actor of the territory does not take over."""


@dataclass(frozen=True)
class Conflict:
    """What was decided against somebody: `kept` stays, `dropped` does not. `kind`: `value` (two values of one attribute), `self_relation`,
    `two_sirens`, `same_package`, `judged_apart` (a merge left out; kept and dropped are the two actors), `stale_judgement`.
    """

    kind: str
    subject: str
    predicate: str
    kept: str
    dropped: str
    text: Text


@dataclass(frozen=True)
class Merged:
    """The tables of all packages as one, and what was dropped on the way."""

    tables: Tables
    conflicts: tuple[Conflict, ...]


def merge(parts: Sequence[tuple[str, Tables]], merges: Mapping[str, str]) -> Merged:
    """The tables with every old id replaced by the id that stays (`merges`: old -> new).

    Records keep their keys, so each fact keeps its source. Old ids become `alias`, other names `alt_name`. Of an attribute with one value
    that of the id that stays wins, then that of the first package. A relation that would link an actor to itself is dropped.
    """
    whole = concatenate(tables for _, tables in parts)
    if not merges:
        return Merged(whole, ())
    attributes, of_values = _merge_attributes(parts, merges)
    relations, of_relations = _merge_relations(whole.relations, merges)
    return Merged(Tables(whole.records, attributes, relations), (*of_values, *of_relations))


def _renamed(column: pa.ChunkedArray, merges: Mapping[str, str]) -> pa.ChunkedArray:
    """The column with old ids replaced."""
    old = pa.array(list(merges), type=pa.string())
    new = pa.array(list(merges.values()), type=pa.string())
    return pc.coalesce(new.take(pc.index_in(column, value_set=old).combine_chunks()), column.combine_chunks())


def _merge_attributes(parts: Sequence[tuple[str, Tables]], merges: Mapping[str, str]) -> tuple[pa.Table, list[Conflict]]:
    touched = pa.array(sorted({*merges, *merges.values()}), type=pa.string())
    untouched, rows = [], []
    for index, (_, tables) in enumerate(parts):
        mine = pc.is_in(tables.attributes["subject"], value_set=touched)
        untouched.append(tables.attributes.filter(pc.invert(mine)))
        rows += [_Row(index, row) for row in tables.attributes.filter(mine).to_pylist()]
    groups: dict[str, list[_Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: r.key):
        groups[merges.get(row.subject, row.subject)].append(row)
    kept: list[dict[str, str | None]] = []
    conflicts: list[Conflict] = []
    for actor in sorted(groups):
        ours, lost = _one_actor(actor, groups[actor])
        kept += ours
        conflicts += lost
    return pa.concat_tables([*untouched, pa.Table.from_pylist(kept, schema=ATTRIBUTES)]), conflicts


class _Row:
    """One attribute of an actor that is merged: whose it is, in which package, and the row."""

    def __init__(self, package: int, row: dict[str, str | None]) -> None:
        self.package, self.row = package, row
        self.subject, self.predicate, self.value = str(row["subject"]), str(row["predicate"]), str(row["value"])
        self.key = tuple(str(row[name] or "") for name in ATTRIBUTES.names)

    def of(self, actor: str, **changes: str) -> dict[str, str | None]:
        """The row as one of the actor that stays."""
        return {**self.row, "subject": actor, **changes}


def _one_actor(actor: str, rows: Sequence[_Row]) -> tuple[list[dict[str, str | None]], list[Conflict]]:
    """The rows that an actor keeps of those of all who became one with it, and the values it lost."""
    order = sorted({(row.subject != actor, row.package, row.subject) for row in rows})
    rank = {subject: place for place, (_, _, subject) in enumerate(order)}
    rows = _without_outside(rows)
    owners = _owners(rows, rank)
    kept: list[dict[str, str | None]] = []
    conflicts: list[Conflict] = []
    names = {row.value for row in rows if row.predicate == "name" and row.subject == owners.get("name")}
    for row in rows:
        owner = owners.get(FOLLOWS.get(row.predicate, row.predicate), owners.get(row.predicate))
        if row.predicate in SEVERAL or row.subject == owner:
            kept.append(row.of(actor))
        elif row.predicate == "name":
            if fold(row.value) not in {fold(name) for name in names}:
                kept.append(row.of(actor, predicate="alt_name"))
        elif any(other.value == row.value for other in rows if other.predicate == row.predicate and other.subject == owner):
            kept.append(row.of(actor))
        elif row.predicate not in FOLLOWS:
            winner = next(r.value for r in rows if r.predicate == row.predicate and r.subject == owner)
            conflicts.append(_lost_value(actor, row, winner))
    kept += [row.of(actor, predicate="alias", value=old, lang=None) for old, row in _types(rows) if old != actor]  # type: ignore[arg-type]
    return kept, conflicts


def _without_outside(rows: Sequence[_Row]) -> list[_Row]:
    """The rows without what outside partners say of themselves, when somebody of the territory is among those who became one."""
    outside = {row.subject for row in rows if row.predicate == "outside" and row.value == "yes"}
    if outside >= {row.subject for row in rows}:
        return list(rows)
    return [row for row in rows if row.subject not in outside or row.predicate not in OUTSIDE]


def _owners(rows: Sequence[_Row], rank: Mapping[str, int]) -> dict[str, str]:
    """Whose value of each attribute counts: that of the actor that stays, else of the first package."""
    owners: dict[str, str] = {}
    for row in rows:
        if row.predicate not in owners or rank[row.subject] < rank[owners[row.predicate]]:
            owners[row.predicate] = row.subject
    return owners


def _types(rows: Sequence[_Row]) -> Iterator[tuple[str, _Row]]:
    """Each old id once, with the row that says its type."""
    first: dict[str, _Row] = {}
    for row in rows:
        if row.predicate == "type" and row.value == EntityKind.ORGANIZATION:
            first.setdefault(row.subject, row)
    yield from sorted(first.items())


def _lost_value(actor: str, row: _Row, winner: str) -> Conflict:
    text = Text(
        f"{actor} : {row.predicate} « {winner} » l'emporte sur « {row.value} » ({row.subject})",
        f'{actor}: {row.predicate} "{winner}" wins over "{row.value}" ({row.subject})',
    )
    return Conflict("value", actor, row.predicate, winner, row.value, text)


def _merge_relations(relations: pa.Table, merges: Mapping[str, str]) -> tuple[pa.Table, list[Conflict]]:
    old = relations.select(["subject", "predicate", "object"])
    renamed = relations
    for side in ("subject", "object"):
        position = relations.column_names.index(side)
        renamed = renamed.set_column(position, relations.schema.field(side), _renamed(relations[side], merges))
    loops = pc.and_(pc.equal(renamed["subject"], renamed["object"]), pc.not_equal(old["subject"], old["object"]))
    places, lost = _second_places(old, merges)
    conflicts = [_loop(row, merges) for row in old.filter(loops).to_pylist()] + lost
    gone = pc.or_(loops, pa.array(places)) if len(places) else loops
    return renamed.filter(pc.invert(gone)), sorted(conflicts, key=lambda c: (c.subject, c.predicate, c.kept, c.dropped))


def _loop(row: Mapping[str, str], merges: Mapping[str, str]) -> Conflict:
    actor = merges.get(row["subject"], row["subject"])
    text = Text(
        f"{actor} : la relation {row['predicate']} entre {row['subject']} et {row['object']} tombe, c'est le même acteur",
        f"{actor}: the relation {row['predicate']} between {row['subject']} and {row['object']} is dropped, they are one actor",
    )
    return Conflict("self_relation", actor, row["predicate"], row["subject"], row["object"], text)


def _second_places(old: pa.Table, merges: Mapping[str, str]) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], list[Conflict]]:
    """Which rows locate an old actor in a place while the one that stays has a place of its own: an actor keeps one place on the map."""
    gone = np.zeros(old.num_rows, dtype=bool)
    ours = pa.array(sorted({*merges, *merges.values()}), type=pa.string())
    mask = pc.and_(
        pc.and_(pc.equal(old["predicate"], "locatedIn"), pc.starts_with(old["object"], "place:")), pc.is_in(old["subject"], value_set=ours)
    )
    positions = np.flatnonzero(np.asarray(mask.to_pylist(), dtype=bool))
    rows = [(int(i), row["subject"], row["object"]) for i, row in zip(positions, old.take(pa.array(positions)).to_pylist(), strict=True)]
    first: dict[str, tuple[bool, str, str]] = {}
    for _, subject, place in rows:
        actor = merges.get(subject, subject)
        first[actor] = min(first.get(actor, (True, "\U0010ffff", "")), (subject != actor, subject, place))
    lost = []
    for i, subject, place in rows:
        actor = merges.get(subject, subject)
        _, owner, kept = first[actor]
        if subject != owner and place != kept:
            gone[i] = True
            text = Text(f"{actor} reste à {kept}, non à {place}", f"{actor} stays in {kept}, not in {place}")
            lost.append(Conflict("value", actor, "locatedIn", kept, place, text))
    return gone, lost
