"""The graph as nodes and edges, for the formats of network software: actors, projects, skills, sectors, places and their relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import quoteattr

from graph_builder.exports.about import created, title
from graph_builder.exports.entities import Entities
from graph_builder.exports.plain_text import cleaned, controls
from graph_builder.exports.rows import BATCH, JOINT
from graph_builder.graph import CONTEXT_WEIGHT
from graph_builder.snapshot import Snapshot
from ontology.model import PREDICATES, TIE_PREDICATES, EntityKind

NODE_KINDS = (EntityKind.ORGANIZATION, EntityKind.PROJECT, EntityKind.SKILL, EntityKind.SECTOR, EntityKind.PLACE)

Type = Literal["string", "double", "boolean"]

NODE_FIELDS: Mapping[str, Type] = {
    "label_en": "string",
    "kind": "string",
    "actor_kind": "string",
    "role": "string",
    "outside": "boolean",
    "status": "string",
    "website": "string",
    "lat": "double",
    "lon": "double",
    "sources": "string",
}
EDGE_FIELDS: Mapping[str, Type] = {
    "predicate": "string",
    "basis": "string",
    "confidence": "string",
    "since": "string",
    "until": "string",
    "role": "string",
    "need_type": "string",
    "sources": "string",
}
"""What nodes and edges carry beside id, label and weight, and its type; `outside` is told of actors alone."""

Values = Mapping[str, str | float]


@dataclass(frozen=True)
class Node:
    """An entity with its label in French; `values` are the fields of NODE_FIELDS that are known."""

    id: str
    label: str
    values: Values


@dataclass(frozen=True)
class Edge:
    """A fact between two nodes, its id the statement's; `weight` is 1 for a tie and 0.5 for any other relation."""

    id: str
    source: str
    target: str
    label: str
    weight: float
    values: Values


class Network:
    """Nodes and edges of a snapshot, read anew at each call, in the same order every time."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._entities = Entities(snapshot)

    def nodes(self) -> Iterator[Node]:
        """Every entity of the five kinds, kind by kind, sorted by id."""
        status, website, entities = self.snapshot.values("status"), self.snapshot.values("website"), self._entities
        for kind in NODE_KINDS:
            for entity in self.snapshot.entities(kind):
                lat, lon = entities.coordinates.get(entity, (None, None))
                actor_kind = entities.actor_kind(entity)
                told: dict[str, str | float | None] = {
                    "label_en": entities.name(entity, "en"),
                    "kind": kind.value,
                    "actor_kind": entities.name(actor_kind) if actor_kind else None,
                    "role": entities.role(entity),
                    "outside": str(entities.outside(entity)).lower() if kind is EntityKind.ORGANIZATION else None,
                    "status": status.get(entity),
                    "website": website.get(entity),
                    "lat": lat,
                    "lon": lon,
                    "sources": JOINT.join(entities.sources(entity)),
                }
                yield Node(entity, entities.name(entity), _known(told))

    def edges(self) -> Iterator[Edge]:
        """Every relation of which both ends are nodes."""
        kinds = frozenset(kind.value for kind in NODE_KINDS)
        nodes = {entity for entity, kind in self._entities.kind.items() if kind in kinds}
        for batch in self.snapshot.relations.to_batches(max_chunksize=BATCH):
            for fact in batch.to_pylist():
                if fact["subject"] in nodes and fact["object"] in nodes:
                    told = dict(fact["qualifiers"] or ())
                    values = {**told, **fact, "sources": JOINT.join(self.snapshot.record_sources(fact["record"]))}
                    predicate = PREDICATES[fact["predicate"]]
                    yield Edge(
                        fact["statement"],
                        fact["subject"],
                        fact["object"],
                        predicate.label["fr"],
                        1.0 if predicate.name in TIE_PREDICATES else CONTEXT_WEIGHT,
                        _known({name: values.get(name) for name in EDGE_FIELDS}),
                    )

    def description(self) -> str:
        """What the file is, its date, its digest, and how many characters XML forbids were taken out of it."""
        removed = sum(_controls(node.id, node.label, node.values) for node in self.nodes())
        removed += sum(_controls(edge.source, edge.target, edge.values) for edge in self.edges())
        text = (
            f"{title(self.snapshot)}; data of {created(self.snapshot).isoformat()}; digest {self.snapshot.digest}; weight: 1 tie, 0.5 other relation"
        )
        return f"{text}; {removed} control characters removed" if removed else text


def quoted(value: str | float) -> str:
    """A value as an XML attribute with its quotes, without control characters; line ends and tabs stay what they are."""
    return quoteattr(cleaned(value)) if isinstance(value, str) else f'"{value!r}"'


def _known(values: Mapping[str, str | float | None]) -> Values:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _controls(first: str, second: str, values: Values) -> int:
    return controls(first) + controls(second) + sum(controls(value) for value in values.values() if isinstance(value, str))
