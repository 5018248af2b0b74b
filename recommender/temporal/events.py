"""The dated events of a graph as columns: who takes part in which project from which day, and what is told of projects and actors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph_builder.normalise import latest_day
from graph_builder.snapshot import Snapshot
from ontology.errors import QueryError
from ontology.model import TIE_ROLES, EntityKind, ParticipationRole

Days = NDArray[np.datetime64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PROGRAMME = "source:cordis-horizon"
"""Where a graph cites it, an actor is eligible only with an event of it: Horizon Europe, by the source of the participation."""

OF_EVENTS = ("name", "name_en", "keywords", "description_en", "description_fr", "topic", "call", "funding_scheme", "euroscivoc_path")
"""What is read of a project; status, end and money are not: they may be those of a later day."""
OF_ACTORS = ("name", "alt_name", "kind", "country", "sme")
"""What is read of an actor; names only to take them out of the texts of ideas."""


@dataclass(frozen=True, eq=False)
class Told:
    """One attribute as rows: `of` (r,) number of the project or actor, `day` (r,) from which it is known, `value` (r,) texts."""

    of: Ints
    day: Days
    value: NDArray[np.object_]

    def before(self, day: np.datetime64) -> Told:
        """What is dated strictly before a day; what is not dated is not."""
        kept = self.day < day
        return Told(self.of[kept], self.day[kept], self.value[kept])

    def first(self) -> Mapping[int, str]:
        """Number -> its value of the earliest day; of several on that day, the smallest."""
        found: dict[int, str] = {}
        for k in np.lexsort((self.value.astype(str), self.day, self.of)):
            found.setdefault(int(self.of[k]), self.value[k])
        return found


@dataclass(frozen=True, eq=False)
class Events:
    """Participations in projects, one row each: `actor`, `event` (numbers), `day` from which it is known, `lead`, `eligible`, all (p,).

    `actors` and `events` are the ids that numbers stand for; an `eligible` row is one of the programme that an actor must have been in.
    `undated` counts the participations that were left out, because nothing tells their day.
    """

    actors: tuple[str, ...]
    events: tuple[str, ...]
    actor: Ints
    event: Ints
    day: Days
    lead: Flags
    eligible: Flags
    of_events: Mapping[str, Told]
    of_actors: Mapping[str, Told]
    programme: str | None = None
    undated: int = 0

    def before(self, day: np.datetime64) -> Events:
        """The same with nothing that is dated on that day or later: the one door to the past, for features of every sort."""
        kept = self.day < day
        return replace(
            self,
            actor=self.actor[kept],
            event=self.event[kept],
            day=self.day[kept],
            lead=self.lead[kept],
            eligible=self.eligible[kept],
            of_events={name: told.before(day) for name, told in self.of_events.items()},
            of_actors={name: told.before(day) for name, told in self.of_actors.items()},
        )

    @property
    def newest(self) -> np.datetime64:
        """The day of the newest participation."""
        newest: np.datetime64 = self.day.max()
        return newest


def read_events(snapshot: Snapshot) -> Events:
    """The dated events of a snapshot: projects and those who take part in them as partners (roles that make ties).

    The day of a fact is its `since`, else that of its record; of a vague date, the latest day counts. Rows of one actor in one project
    are one participation of the earliest day. Raises QueryError when no participation has a day.
    """
    rows = _participations(snapshot)
    published = _published(snapshot)
    days = _days(pc.coalesce(rows["since"], _at(published, rows["record"])))
    dated = ~np.isnat(days)
    if not dated.any():
        found = f"none of the {rows.num_rows:,} participations in projects is dated" if rows.num_rows else "no actor takes part in a project"
        raise QueryError(f"{found}, so nothing can be held out by date; give a source with dates, or leave out --train-to and --test-from")
    rows, days = rows.filter(pa.array(dated)), days[dated]
    actors, actor = _numbered(rows["subject"])
    events, event = _numbered(rows["object"])
    cited = _cites(snapshot, rows, PROGRAMME)
    pair, first, same = np.unique(event * len(actors) + actor, return_index=True, return_inverse=True)
    day = np.full(len(pair), np.datetime64("9999-12-31"))
    np.minimum.at(day, same, days)
    earliest = days == day[same]  # a later row of the same pair tells nothing of that day
    lead = np.asarray(pc.equal(rows["role"], ParticipationRole.LEAD.value)) & earliest
    return Events(
        actors,
        events,
        actor[first],
        event[first],
        day,
        np.bincount(same, lead) > 0,
        np.bincount(same, (cited | (not cited.any())) & earliest) > 0,
        _told(snapshot, OF_EVENTS, events, published),
        _told(snapshot, OF_ACTORS, actors, published),
        PROGRAMME if cited.any() else None,
        int((~dated).sum()),
    )


def _participations(snapshot: Snapshot) -> pa.Table:
    """Rows of participatesIn in projects with a role that makes a tie, and the column `role`."""
    rows = snapshot.relations.filter(pc.equal(snapshot.relations["predicate"], "participatesIn"))
    rows = rows.filter(pc.is_in(rows["object"], value_set=pa.array(snapshot.entities(EntityKind.PROJECT), pa.string())))
    roles = [dict(pairs or ()).get("role", "") for pairs in rows["qualifiers"].to_pylist()]
    rows = rows.append_column("role", pa.array(roles, pa.string()))
    return rows.filter(pc.is_in(rows["role"], value_set=pa.array(sorted(role.value for role in TIE_ROLES))))


def _published(snapshot: Snapshot) -> tuple[pa.Array, pa.Array]:
    """Keys of the records, and their dates as text."""
    return snapshot.records["record"].combine_chunks(), snapshot.records["published"].combine_chunks()


def _at(published: tuple[pa.Array, pa.Array], records: pa.ChunkedArray) -> pa.ChunkedArray:
    return published[1].take(pc.index_in(records, value_set=published[0]))


def _cites(snapshot: Snapshot, rows: pa.Table, source: str) -> Flags:
    """Whether the record of each row cites a source, (r,)."""
    lists = snapshot.records["sources"].combine_chunks()
    at = pc.list_parent_indices(lists).filter(pc.equal(pc.list_flatten(lists), source))
    citing = snapshot.records["record"].combine_chunks().take(at)
    return np.asarray(pc.is_in(rows["record"], value_set=citing), dtype=bool)


def _days(column: pa.ChunkedArray | pa.Array) -> Days:
    """The latest day of each EDTF text; NaT where there is none."""
    encoded = pc.dictionary_encode(column)
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    known = [None if text is None else latest_day(text) for text in encoded.dictionary.to_pylist()]
    days: Days = np.asarray([*known, None], dtype="datetime64[D]")[np.asarray(pc.fill_null(encoded.indices, len(known)))]
    return days


def _numbered(column: pa.ChunkedArray) -> tuple[tuple[str, ...], Ints]:
    """The distinct texts, sorted, and the number of each row."""
    texts = pc.unique(column).sort()
    return tuple(texts.to_pylist()), np.asarray(pc.index_in(column, value_set=texts), dtype=np.int64)


def _told(snapshot: Snapshot, predicates: tuple[str, ...], ids: tuple[str, ...], published: tuple[pa.Array, pa.Array]) -> Mapping[str, Told]:
    """The attributes of these entities, rows sorted by number, day and value."""
    out: dict[str, Told] = {}
    for predicate in predicates:
        rows = snapshot.attributes.filter(pc.equal(snapshot.attributes["predicate"], predicate))
        of = pc.index_in(rows["subject"], value_set=pa.array(ids, pa.string()))
        rows, of = rows.filter(pc.is_valid(of)), pc.drop_null(of)
        day = _days(_at(published, rows["record"]))
        out[predicate] = Told(np.asarray(of, dtype=np.int64), day, np.asarray(rows["value"].to_pylist(), dtype=object))
    return MappingProxyType(out)
