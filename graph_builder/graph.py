"""A snapshot as a networkx graph and as sparse matrices over its actors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import networkx as nx
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from graph_builder.groups import same_group_pairs
from graph_builder.snapshot import Snapshot
from ontology.model import TIE_PREDICATES, TIE_ROLES, Basis, EntityKind, ParticipationRole

CONTEXT_WEIGHT = 0.5
"""Weight in the picture of a pair that has a relation but no tie."""

NAMES = ("name", "label_fr", "label_en", "title")


@dataclass(frozen=True)
class TieEvent:
    """One occasion at which actors worked together: a tie relation of two, or a shared project that counts as a tie.

    `id` is the statement of the relation, or the project. `actors` are indices, ascending. `statements` are the facts it
    rests on, sorted: the relation itself, or the participations with a role that makes a tie. `since` is EDTF: the
    relation's own date; for a project its earliest participation, else its `start`.
    """

    id: str
    kind: Literal["relation", "project"]
    actors: tuple[int, ...]
    statements: tuple[str, ...]
    since: str | None


class Graph:
    """The actors of a snapshot, by index, and how they are connected.

    `relations` limits what is known, for example to the facts before a date: a part of the rows of `snapshot.relations`.
    What is inferred is a hypothesis: it ties nobody and is left out here.
    Everything is computed once, on first use. Matrices are `scipy.sparse.csr_array` of float64, n x n, symmetric, with a
    zero diagonal.
    """

    def __init__(self, snapshot: Snapshot, relations: pa.Table | None = None) -> None:
        self.snapshot = snapshot
        rows = snapshot.relations if relations is None else relations
        self.relations: pa.Table = rows.filter(pc.equal(rows["basis"], Basis.STATED.value))
        self.actors: tuple[str, ...] = tuple(snapshot.entities(EntityKind.ORGANIZATION))
        self.index: Mapping[str, int] = MappingProxyType({actor: i for i, actor in enumerate(self.actors)})

    @cached_property
    def tie_events(self) -> tuple[TieEvent, ...]:
        """All events, relations first, each kind sorted by id."""
        return (*self._relation_events(), *self._project_events())

    def tie_matrix(self, events: Iterable[TieEvent] | None = None) -> sparse.csr_array:
        """1 where two actors share an event (all events by default), else 0."""
        chosen = self.tie_events if events is None else tuple(events)
        rows = np.repeat(np.arange(len(chosen)), [len(e.actors) for e in chosen])
        columns = np.fromiter((i for e in chosen for i in e.actors), dtype=np.int64)
        incidence = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(chosen), len(self.actors)))
        return _binary(incidence.T @ incidence)

    @cached_property
    def context_matrix(self) -> sparse.csr_array:
        """1 where a relation that is no tie leads from one actor to another, in either direction, else 0."""
        others = pc.invert(pc.is_in(self.relations["predicate"], value_set=pa.array(sorted(TIE_PREDICATES))))
        pairs = self._actor_pairs(self.relations.filter(others))
        return self._symmetric(pairs)

    @cached_property
    def picture_matrix(self) -> sparse.csr_array:
        """What the picture and its clusters use: 1 for a tie, 0.5 for another relation, else 0."""
        return sparse.csr_array(self.tie_matrix().maximum(self.context_matrix * CONTEXT_WEIGHT))

    @cached_property
    def same_group_matrix(self) -> sparse.csr_array:
        """1 where two actors belong to the same group (see `graph_builder.groups`), else 0."""
        pairs = same_group_pairs(self.relations, frozenset(self.actors))
        return self._symmetric([(self.index[a], self.index[b]) for a, b in pairs])

    def _relation_events(self) -> list[TieEvent]:
        ties = self.relations.filter(pc.is_in(self.relations["predicate"], value_set=pa.array(sorted(TIE_PREDICATES))))
        events = []
        columns = (ties[name].to_pylist() for name in ("statement", "subject", "object", "since"))
        for statement, subject, obj, since in zip(*columns, strict=True):
            a, b = self.index.get(subject), self.index.get(obj)
            if a is not None and b is not None and a != b:
                events.append(TieEvent(statement, "relation", (min(a, b), max(a, b)), (statement,), since))
        return sorted(events, key=lambda e: e.id)

    def _project_events(self) -> list[TieEvent]:
        counting = {project for project, value in self.snapshot.values("counts_as_tie").items() if value == "yes"}
        parts: dict[str, list[tuple[int, str, str | None]]] = defaultdict(list)
        table = self.relations.filter(pc.equal(self.relations["predicate"], "participatesIn"))
        columns = (table[name].to_pylist() for name in ("statement", "subject", "object", "since", "qualifiers"))
        for statement, actor, project, since, qualifiers in zip(*columns, strict=True):
            if project in counting and actor in self.index and makes_tie(dict(qualifiers or ()).get("role")):
                parts[project].append((self.index[actor], statement, since))
        starts = self.snapshot.values("start")
        events = [_project_event(project, parts[project], starts.get(project)) for project in sorted(parts)]
        return [event for event in events if len(event.actors) > 1]

    def _actor_pairs(self, table: pa.Table) -> list[tuple[int, int]]:
        columns = (table[name].to_pylist() for name in ("subject", "object"))
        return [(self.index[a], self.index[b]) for a, b in zip(*columns, strict=True) if a in self.index and b in self.index]

    def _symmetric(self, pairs: Sequence[tuple[int, int]]) -> sparse.csr_array:
        size = len(self.actors)
        ends = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
        half = sparse.csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
        return _binary(half + half.T)


def makes_tie(role: str | None) -> bool:
    """Whether this role of participation makes a participant a partner of the others; no role told counts as partner."""
    return (role or ParticipationRole.PARTNER) in TIE_ROLES


def to_networkx(snapshot: Snapshot) -> nx.MultiDiGraph[str]:
    """Every entity as a node (kind, name), every relation as an edge whose key is its statement; the order is always the same.

    Edges have predicate, statement, basis, confidence, record, and since, until and the qualifiers where they are told. An object that
    is no entity of the snapshot becomes a node of kind "unknown".
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(digest=snapshot.digest)
    labels = [snapshot.values(predicate) for predicate in NAMES]
    kinds = snapshot.values("type")
    for entity in sorted(kinds):
        name = next((names[entity] for names in labels if entity in names), entity)
        graph.add_node(entity, kind=kinds[entity], name=name)
    for row in snapshot.relations.to_pylist():
        for end in (row["subject"], row["object"]):
            if end not in graph:
                graph.add_node(end, kind="unknown", name=end)
        told = {key: value for key, value in row.items() if key not in ("subject", "object", "qualifiers") and value is not None}
        graph.add_edge(row["subject"], row["object"], key=row["statement"], **told, **dict(row["qualifiers"] or ()))
    return graph


def _project_event(project: str, parts: Sequence[tuple[int, str, str | None]], start: str | None) -> TieEvent:
    since = min((date for _, _, date in parts if date), default=start)
    actors = tuple(sorted({actor for actor, _, _ in parts}))
    return TieEvent(project, "project", actors, tuple(sorted(statement for _, statement, _ in parts)), since)


def _binary(matrix: sparse.csr_array) -> sparse.csr_array:
    """The matrix with a zero diagonal and ones elsewhere it is not zero, indices sorted."""
    pattern = sparse.coo_array(matrix)
    apart = pattern.row != pattern.col
    ends = (pattern.row[apart], pattern.col[apart])
    return sparse.csr_array((np.ones(int(apart.sum())), ends), shape=matrix.shape)
