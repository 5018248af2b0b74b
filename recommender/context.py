"""All that ranking may know at a date: actors, skills, needs, ties, texts. `Context.at` is the only constructor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph_builder.graph import Graph, TieEvent
from graph_builder.snapshot import Snapshot
from ontology.model import EntityKind
from recommender.actors import Actors, read_actors
from recommender.encoders import Encoder
from recommender.known import Facts, Known
from recommender.profiles import Profiles, read_profiles
from recommender.skills import Needs, Offers, read_needs, read_offers


@dataclass(frozen=True)
class Vocabulary:
    """Skills and sectors, in the order of the columns of every matrix."""

    skills: tuple[str, ...]
    sectors: tuple[str, ...]
    skill_index: Mapping[str, int]
    sector_index: Mapping[str, int]
    digital: NDArray[np.bool_]
    excellence: NDArray[np.bool_]


@dataclass(frozen=True)
class Ties:
    """Who works with whom: the events that are known, and the binary symmetric matrix they make, (n, n).

    `degree` counts partners that are not outside: one European project brings forty of those, and makes nobody forty times as active.
    """

    events: tuple[TieEvent, ...]
    matrix: sparse.csr_array
    degree: NDArray[np.float64]
    of_actor: tuple[tuple[int, ...], ...]

    def between(self, a: int, b: int) -> tuple[TieEvent, ...]:
        """Events that two actors share, in the order of their ids."""
        shared = set(self.of_actor[a]) & set(self.of_actor[b])
        return tuple(self.events[k] for k in sorted(shared))


@dataclass(frozen=True, eq=False)
class Context:
    """The world as ranking sees it. Rows of every matrix are the actors of `ids`, in that order."""

    snapshot: Snapshot
    as_of: date | None
    ids: tuple[str, ...]
    index: Mapping[str, int]
    vocabulary: Vocabulary
    actors: Actors
    sectors: sparse.csr_array
    sector_statement: Mapping[tuple[int, int], str]
    offers: Offers
    needs: Needs
    guessed_offers: Offers
    guessed_needs: Needs
    ties: Ties
    group: sparse.csr_array
    project_skills: sparse.csr_array
    project_ids: tuple[str, ...]
    about_statement: Mapping[tuple[int, int], str]
    place_statement: Mapping[int, str]
    profiles: Profiles
    undated: int

    @classmethod
    def at(
        cls,
        snapshot: Snapshot,
        as_of: date | None = None,
        *,
        without: frozenset[str] = frozenset(),
        masked_names: frozenset[str] = frozenset(),
        encoder: Encoder | None = None,
    ) -> Context:
        """The context of a snapshot at a date.

        `without` holds out statements by id; `masked_names` are blanked in every text; without an encoder the
        features that need vectors are NaN. Deterministic.
        """
        known = Known(snapshot, as_of, without)
        graph = Graph(snapshot, known.relations)
        vocabulary = read_vocabulary(snapshot)
        index = graph.index
        skill_index = vocabulary.skill_index
        sector_facts = known.facts("operatesInSector", index, vocabulary.sector_index, stated=True)
        offers = known.facts("offersSkill", index, skill_index)
        needs = known.facts("needsSkill", index, skill_index)
        project_ids = tuple(snapshot.entities(EntityKind.PROJECT))
        about = known.facts("about", {p: i for i, p in enumerate(project_ids)}, skill_index, stated=True)
        places = known.facts("locatedIn", index, {p: i for i, p in enumerate(snapshot.entities(EntityKind.PLACE))})
        actors = read_actors(snapshot, graph.actors, known.relations, as_of)
        return cls(
            snapshot=snapshot,
            as_of=as_of,
            ids=graph.actors,
            index=index,
            vocabulary=vocabulary,
            actors=actors,
            sectors=_matrix(sector_facts.subject, sector_facts.object, (len(graph.actors), len(vocabulary.sectors))),
            sector_statement=_cells(sector_facts),
            offers=read_offers(offers, len(graph.actors), len(vocabulary.skills), stated=True),
            needs=read_needs(snapshot, needs, stated=True, reference_year=actors.reference_year),
            guessed_offers=read_offers(offers, len(graph.actors), len(vocabulary.skills), stated=False),
            guessed_needs=read_needs(snapshot, needs, stated=False, reference_year=actors.reference_year),
            ties=read_ties(graph, actors.outside),
            group=graph.same_group_matrix,
            project_skills=_matrix(about.subject, about.object, (len(project_ids), len(vocabulary.skills))),
            project_ids=project_ids,
            about_statement=_cells(about),
            place_statement={a: s for (a, _), s in _cells(places).items()},
            profiles=read_profiles(snapshot, graph.actors, known, masked_names, encoder),
            undated=known.undated,
        )

    @cached_property
    def offer_columns(self) -> sparse.csc_array:
        """Stated offers by skill, (n, K)."""
        return sparse.csc_array(self.offers.matrix)

    def place_name(self, actor: int) -> str:
        """Name of an actor's commune, '' when unknown."""
        return self.snapshot.values("name").get(self.actors.place[actor], "")

    @property
    def size(self) -> int:
        """Number of actors."""
        return len(self.ids)


def read_vocabulary(snapshot: Snapshot) -> Vocabulary:
    """Skills and sectors of a snapshot; skills under a heading of the domain `yes` are digital."""
    skills, sectors = tuple(snapshot.entities(EntityKind.SKILL)), tuple(snapshot.entities(EntityKind.SECTOR))
    domain, excellence = snapshot.values("domain"), snapshot.values("excellence")
    return Vocabulary(
        skills,
        sectors,
        {s: i for i, s in enumerate(skills)},
        {s: i for i, s in enumerate(sectors)},
        np.asarray([domain.get(s) == "yes" for s in skills], dtype=bool),
        np.asarray([excellence.get(s) == "yes" for s in sectors], dtype=bool),
    )


def read_ties(graph: Graph, outside: NDArray[np.bool_]) -> Ties:
    """Ties that rest on the relations the graph was given."""
    events = graph.tie_events
    of_actor: list[list[int]] = [[] for _ in graph.actors]
    for k, event in enumerate(events):
        for a in event.actors:
            of_actor[a].append(k)
    matrix = graph.tie_matrix()
    degree = np.asarray(matrix @ (~outside).astype(float), dtype=float)
    return Ties(events, matrix, degree, tuple(tuple(x) for x in of_actor))


def _cells(facts: Facts) -> dict[tuple[int, int], str]:
    """The statement behind each cell."""
    return {(int(a), int(b)): s for a, b, s in zip(facts.subject, facts.object, facts.statement, strict=True)}


def _matrix(rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int]) -> sparse.csr_array:
    """Binary matrix with ones at the given cells."""
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    matrix.data[:] = 1.0
    return matrix
