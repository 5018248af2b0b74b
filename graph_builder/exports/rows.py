"""The graph as tables for people: one per kind of entity, one per kind of relation, names beside ids; read by CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.exports.entities import Entities, number
from graph_builder.snapshot import Snapshot
from ontology.model import ATTRIBUTES, PREDICATES, QUALIFIERS, TIE_PREDICATES, Basis, EntityKind

Cell = str | float | None

BATCH = 10_000
JOINT = " | "
"""Between the items of a list in one cell."""


@dataclass(frozen=True)
class Column:
    """A column of a table for people; `url` columns hold web addresses."""

    name: str
    type: Literal["string", "number", "url"] = "string"


@dataclass(frozen=True)
class Sheet:
    """One table: `rows` reads it anew at each call, `count` is their number, `title` is by language."""

    name: str
    title: Mapping[str, str]
    columns: tuple[Column, ...]
    count: int
    rows: Callable[[], Iterator[tuple[Cell, ...]]]


ENTITY_SHEETS: Mapping[EntityKind, tuple[str, str, str]] = {
    EntityKind.ORGANIZATION: ("actors", "Acteurs", "Actors"),
    EntityKind.PROJECT: ("projects", "Projets", "Projects"),
    EntityKind.SKILL: ("skills", "Compétences", "Skills"),
    EntityKind.SECTOR: ("sectors", "Secteurs", "Sectors"),
    EntityKind.PLACE: ("places", "Lieux", "Places"),
    EntityKind.EVENT: ("events", "Événements", "Events"),
    EntityKind.CALL: ("calls", "Appels à projets", "Calls"),
    EntityKind.DATASET: ("datasets", "Jeux de données", "Datasets"),
    EntityKind.ACTOR_KIND: ("kinds", "Sortes d'acteurs", "Actor kinds"),
    EntityKind.STRATEGY_ITEM: ("strategy", "Stratégie", "Strategy"),
    EntityKind.SOURCE: ("sources", "Sources", "Sources"),
}
"""Name of the table of each kind, and its title in French and in English: as "fr - en" the two fit the 31 characters of a sheet's name."""


@dataclass(frozen=True)
class Relating:
    """The table of some predicates: what its two ends are called."""

    name: str
    predicates: frozenset[str]
    ends: tuple[str, str]
    title: Mapping[str, str]


def _relating(name: str, predicates: frozenset[str], ends: tuple[str, str], title: tuple[str, str]) -> Relating:
    return Relating(name, predicates, ends, {"fr": title[0], "en": title[1]})


_APART = frozenset({"offersSkill", "needsSkill", "participatesIn", "operatesInSector", "locatedIn", "about", "broader"})

RELATION_SHEETS: tuple[Relating, ...] = (
    _relating("offers", frozenset({"offersSkill"}), ("actor", "skill"), ("Savoir-faire", "Offers")),
    _relating("needs", frozenset({"needsSkill"}), ("actor", "skill"), ("Besoins", "Needs")),
    _relating("participations", frozenset({"participatesIn"}), ("actor", "project"), ("Participations", "Participations")),
    _relating("ties", TIE_PREDICATES, ("actor", "other"), ("Liens de travail", "Ties")),
    _relating("links", frozenset(PREDICATES) - TIE_PREDICATES - _APART, ("actor", "other"), ("Autres liens", "Other links")),
    _relating("activities", frozenset({"operatesInSector"}), ("actor", "sector"), ("Activités", "Activities")),
    _relating("locations", frozenset({"locatedIn"}), ("actor", "place"), ("Implantations", "Locations")),
    _relating("topics", frozenset({"about"}), ("project", "topic"), ("Sujets des projets", "Topics")),
    _relating("hierarchy", frozenset({"broader"}), ("narrower", "broader"), ("Hiérarchie", "Hierarchy")),
)
"""The tables of relations; each predicate is in one of them."""

SUMMARIES: Mapping[EntityKind, Mapping[str, str]] = {
    EntityKind.ORGANIZATION: {"locatedIn": "place", "operatesInSector": "sectors"},
    EntityKind.PROJECT: {"about": "topics"},
    EntityKind.SKILL: {"broader": "broader"},
    EntityKind.SECTOR: {"broader": "broader"},
}
"""Stated relations that a table of entities repeats in a column, with the names beside."""

_FIRST = ("name", "name_fr", "name_en", "acronym", "label_fr", "label_en", "title", "alt_name", "kind")
_LABELLED = ("skill", "sector", "topic", "narrower")


def sheets(snapshot: Snapshot) -> Iterator[Sheet]:
    """Every table that has rows: entities in the order of their kinds, then relations."""
    entities = Entities(snapshot)
    for kind in ENTITY_SHEETS:
        members = snapshot.entities(kind)
        if members:
            yield _entity_sheet(entities, kind, members)
    for relating in RELATION_SHEETS:
        chosen = pc.is_in(snapshot.relations["predicate"], value_set=pa.array(sorted(relating.predicates)))
        table = snapshot.relations.filter(chosen)
        if table.num_rows:
            yield _relation_sheet(entities, relating, table)


# entities ------------------------------------------------------------------------------------------------------------


def _entity_sheet(entities: Entities, kind: EntityKind, members: list[str]) -> Sheet:
    snapshot = entities.snapshot
    told = [name for name in _in_order() if any(member in snapshot.values(name) for member in members)]
    columns = [Column("id")]
    readers: list[Callable[[str], Cell]] = [lambda entity: entity]
    for name in told:
        columns.append(Column(name, _column_type(name)))
        readers.append(_attribute(entities, name))
        if name == "kind":
            columns += [Column("kind_fr"), Column("kind_en"), Column("role")]
            readers += [_kind_name(entities, "fr"), _kind_name(entities, "en"), entities.role]
    for predicate, name in SUMMARIES.get(kind, {}).items():
        objects = stated(snapshot, predicate)
        columns += [Column(name), Column(f"{name}_names_fr"), Column(f"{name}_names_en")]
        readers += [_joined(objects, str), _joined(objects, entities.name), _joined(objects, lambda entity: entities.name(entity, "en"))]
    columns.append(Column("sources"))
    readers.append(lambda entity: JOINT.join(entities.sources(entity)) or None)
    name, fr, en = ENTITY_SHEETS[kind]

    def rows() -> Iterator[tuple[Cell, ...]]:
        return (tuple(read(member) for read in readers) for member in members)

    return Sheet(name, {"fr": fr, "en": en}, tuple(columns), len(members), rows)


def _in_order() -> list[str]:
    """Attributes in the order of their columns; `type` is the table itself, `role` of an actor is that of its kind."""
    return [*_FIRST, *(name for name in ATTRIBUTES if name not in _FIRST and name != "type")]


def _column_type(name: str) -> Literal["string", "number", "url"]:
    kind = ATTRIBUTES[name].type
    return "number" if kind == "number" else "url" if kind == "url" else "string"


def _attribute(entities: Entities, name: str) -> Callable[[str], Cell]:
    snapshot = entities.snapshot
    if name in ("lat", "lon"):
        half = ("lat", "lon").index(name)
        return lambda entity: entities.coordinates[entity][half] if entity in entities.coordinates else None
    if ATTRIBUTES[name].type == "number":
        return lambda entity: number(snapshot.values(name).get(entity))
    return _joined(snapshot.lists(name), str)


def _kind_name(entities: Entities, lang: str) -> Callable[[str], Cell]:
    def read(entity: str) -> Cell:
        kind = entities.actor_kind(entity)
        return entities.name(kind, lang) if kind else None

    return read


def _joined(values: Mapping[str, tuple[str, ...]], shown: Callable[[str], str]) -> Callable[[str], Cell]:
    return lambda entity: JOINT.join(shown(value) for value in values.get(entity, ())) or None


def stated(snapshot: Snapshot, predicate: str) -> Mapping[str, tuple[str, ...]]:
    """Subject -> objects of the stated facts of one predicate, in their order, each once."""
    table = snapshot.relations
    table = table.filter(pc.and_(pc.equal(table["predicate"], predicate), pc.equal(table["basis"], Basis.STATED.value)))
    found: dict[str, tuple[str, ...]] = {}
    for subject, obj in zip(table["subject"].to_pylist(), table["object"].to_pylist(), strict=True):
        if obj not in found.get(subject, ()):
            found[subject] = (*found.get(subject, ()), obj)
    return found


# relations -----------------------------------------------------------------------------------------------------------


def _relation_sheet(entities: Entities, relating: Relating, table: pa.Table) -> Sheet:
    """The table of some predicates; the qualifiers that occur are columns of their own."""
    told = {key for pairs in table["qualifiers"].to_pylist() for key, _ in pairs or ()}
    qualifiers = [name for name in _QUALIFIERS if name in told]
    first, second = relating.ends
    labelled, several = second in _LABELLED or first in _LABELLED, len(relating.predicates) > 1
    names = [first, f"{first}_name", *(["predicate", "predicate_fr", "predicate_en"] if several else []), second, f"{second}_name"]
    names += [f"{second}_name_en"] if labelled else []
    names += [*qualifiers, "since", "until", "basis", "confidence", "sources", "published", "statement"]

    def row(fact: Mapping[str, object]) -> tuple[Cell, ...]:
        subject, predicate, obj, record = (str(fact[key]) for key in ("subject", "predicate", "object", "record"))
        label = PREDICATES[predicate].label
        between: list[Cell] = [predicate, label["fr"], label["en"]] if several else []
        after: list[Cell] = [entities.name(obj, "en")] if labelled else []
        told = _pairs(fact["qualifiers"])
        after += [told.get(name) for name in qualifiers]
        after += [_text(fact[name]) for name in ("since", "until", "basis", "confidence")]
        sources, published = entities.snapshot.record_sources(record), entities.snapshot.published(record)
        return (
            subject,
            entities.name(subject),
            *between,
            obj,
            entities.name(obj),
            *after,
            JOINT.join(sources) or None,
            published,
            str(fact["statement"]),
        )

    def rows() -> Iterator[tuple[Cell, ...]]:
        for batch in table.to_batches(max_chunksize=BATCH):
            yield from map(row, batch.to_pylist())

    return Sheet(relating.name, relating.title, tuple(map(Column, names)), table.num_rows, rows)


_QUALIFIERS = ("role", "need_type", *sorted(QUALIFIERS - {"role", "need_type"}))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _pairs(qualifiers: object) -> Mapping[str, str]:
    return dict(qualifiers) if isinstance(qualifiers, list) else {}
