"""The one facade that the command line, the app and notebooks use: questions in, views out."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

from graph_builder.graph import Graph
from graph_builder.identity import Names
from graph_builder.snapshot import Snapshot, open_current
from ontology.errors import QueryError
from ontology.model import EntityKind
from passerelle.figures import GONE, Measured, figures, measured
from passerelle.filtering import keep_actor, keep_pair
from passerelle.presenting import Presenter
from passerelle.profiling import profile
from passerelle.provenance import Coverage, FactRow, SourceRow, coverage, facts_about, source_rows
from passerelle.searching import search
from passerelle.views import ActorRef, Answer, Cluster, Figure, Filters, Hit, Link, Network, Profile, Recent
from recommender.answers import Text
from recommender.context import Context
from recommender.encoders import Encoder, open_encoder
from recommender.encoders.cache import cached
from recommender.landscape.clusters import ALONE, cluster_names, louvain
from recommender.landscape.layout import island_layout
from recommender.landscape.missing_links import missing_links
from recommender.predictions import predictions
from recommender.query import Query
from recommender.ranking import ExpertRanker
from recommender.recognise import recognise, skill_labels
from recommender.recommend import Recommender

MOST_CHARACTERS = 100_000
"""Longest text that is read."""

LONGEST_WORD = 80
"""Letters of a word that are read: nobody writes longer ones, and an encoder takes minutes over them."""

ONE_WORD = Text(
    "Un seul mot : la réponse est large. Une phrase sur la technique, le métier ou le but la précisera.",
    "A single word gives a wide answer. A sentence about the technique, the trade or the aim will sharpen it.",
)
NO_DIAL = Text(
    "Le curseur d'audace ne joue pas pour une idée : elle n'a ni secteur, ni îlot, ni rôle dont s'éloigner.",
    "The dial has no effect for an idea: it has no sector, cluster or role to move away from.",
)
NOTHING_TOLD = Text(
    "Aucune source ne dit ce que fait cet acteur ni ce qu'il cherche : une description, un savoir-faire ou un projet suffirait à le relier.",
    "No source tells what this actor does or looks for: a description, a skill or a project would be enough to place it.",
)
NO_SKILL = Text(
    "Aucun savoir-faire n'est reconnu dans ce texte : la réponse repose sur la seule ressemblance des textes.",
    "No skill is recognised in this text: the answer rests on the likeness of the texts alone.",
)


class Ecosystem:
    """A territory that answers. Open it once; it never changes: a later build is another snapshot."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder | None = None, home: Path | None = None) -> None:
        self.snapshot, self._encoder, self.home = snapshot, encoder, home
        self.context = Context.at(snapshot, encoder=encoder)
        self._present = Presenter(snapshot, self.context)
        self._names = Names(snapshot)

    @classmethod
    def open(cls, home: Path, encoder: str | None = None, *, rewrite: bool = False) -> Ecosystem:
        """The snapshot in use in a home. Raises NoSnapshot when nothing was built, EncoderError for an unusable encoder.

        `rewrite` throws away vectors that another version of the encoder left: a build does so, a question refuses.
        """
        snapshot = open_current(home)
        corpus = list(snapshot.values("description_fr").values())
        ecosystem = cls(snapshot, cached(open_encoder(encoder, corpus), home, rewrite=rewrite), home)
        if rewrite:
            skill_labels(snapshot, ecosystem._encoder)
        return ecosystem

    @property
    def digest(self) -> str:
        """Digest of the snapshot."""
        return self.snapshot.digest

    @cached_property
    def title(self) -> Text:
        """Name of the territory: of the packages that say which places are inside; of all of them when none does."""
        inside = {self.snapshot.statement(s).record.partition("/")[0] for s in self._inside()}
        packages = [p for p in self.snapshot.manifest.packages if p["name"] in inside] or self.snapshot.manifest.packages
        fr, en = (", ".join(p[key] for p in packages) for key in ("title_fr", "title_en"))
        return Text(fr, en)

    def _inside(self) -> list[str]:
        """Statements that say that a place is inside the territory."""
        rows = self.snapshot.attributes
        told = rows.filter(pc.and_(pc.equal(rows["predicate"], "inside"), pc.equal(rows["value"], "yes")))
        found: list[str] = told["statement"].to_pylist()
        return found

    @property
    def created(self) -> date:
        """Day at which the newest package was made."""
        return date.fromisoformat(max(p["created"] for p in self.snapshot.manifest.packages)[:10])

    def find(self, text: str) -> str:
        """Id of the actor that a text names. Raises UnknownActor, AmbiguousActor, QueryError."""
        found = self._names.find(text)
        if found not in self.context.index:
            raise QueryError(f"{found} is a project, not an actor; give an actor")
        return found

    def search(self, text: str, k: int = 8) -> tuple[Hit, ...]:
        """Actors, projects, skills and sectors that a text names or speaks of, the surest first."""
        return search(self._present, self._names, check_text(text), k)

    def actors(self) -> tuple[ActorRef, ...]:
        """Every actor but those outside, in the order of the names."""
        return self._actors

    @cached_property
    def _actors(self) -> tuple[ActorRef, ...]:
        return tuple(sorted((self._present.actor(a) for a in (self.context.ids[i] for i in self.drawn)), key=lambda a: (a.name.casefold(), a.id)))

    def sectors(self) -> tuple[tuple[str, Text], ...]:
        """Every sector with its label, in the order of the French labels."""
        return self._labelled(EntityKind.SECTOR)

    def skills(self) -> tuple[tuple[str, Text], ...]:
        """Every skill with its label, in the order of the French labels."""
        return self._labelled(EntityKind.SKILL)

    def _labelled(self, kind: EntityKind) -> tuple[tuple[str, Text], ...]:
        pairs = ((e, self._present.labels.of(e)) for e in self.snapshot.entities(kind))
        return tuple(sorted(pairs, key=lambda p: p[1].fr.casefold()))

    def profile(self, actor: str) -> Profile:
        """All that is known about an actor."""
        return profile(self._present, actor)

    def recommend(
        self,
        *,
        actor: str | None = None,
        text: str | None = None,
        skills: tuple[str, ...] | None = None,
        k: int = 10,
        filters: Filters | None = None,
        explore: float = 0.0,
    ) -> Answer:
        """Partners and supports for an actor, or for an idea in French or English; at most k of each.

        `skills` None recognises them in the text. Raises QueryError for an empty or oversized text, a bad k or dial.
        """
        _check_numbers(k, explore)
        if actor is not None and (gone := self._gone(actor)) is not None:
            return Answer(self._present.actor(actor), (), (), (), (gone,))
        query, notes = self._query(actor, text, skills)
        keep = keep_actor(self.context, query, filters or Filters(), self._present)
        partners, supports = self.recommender.recommend(query, k, keep=keep, explore=explore)
        return Answer(
            subject=None if actor is None else self._present.actor(actor),
            recommendations=tuple(self._present.card(r) for r in partners),
            supports=tuple(self._present.card(r) for r in supports),
            skills=tuple((s, self._present.labels.of(s)) for s in query.skills),
            notes=notes + ((NO_DIAL,) if actor is None and explore > 0 else ()),
        )

    def _gone(self, actor: str) -> Text | None:
        """What to say of an actor that closed or was taken over: there is nobody to introduce; None for any other."""
        if self.snapshot.values("status").get(actor) not in GONE:
            return None
        name, successor = self._present.labels.name(actor), self.snapshot.values("succeededBy").get(actor)
        if successor is None:
            return Text(f"{name.fr} n'est plus en activité : aucune rencontre à proposer.", f"{name.en} is no longer active: no meeting to suggest.")
        after = self._present.labels.name(successor)
        return Text(
            f"{name.fr} n'est plus en activité. Repris par : {after.fr}. Voyez plutôt sa fiche.",
            f"{name.en} is no longer active. Taken over by: {after.en}. See its profile instead.",
        )

    def _query(self, actor: str | None, text: str | None, skills: tuple[str, ...] | None) -> tuple[Query, tuple[Text, ...]]:
        if actor is not None:
            if actor not in self.context.index:
                raise QueryError(f"no actor has the id {actor[:80]!r}; use the id that `passerelle search` gives")
            return Query(actor=self.context.index[actor]), self._silence(self.context.index[actor])
        checked = check_text(text or "")
        if skills is not None and (unknown := [s for s in skills if s not in self.context.vocabulary.skill_index]):
            raise QueryError(f"no skill has the id {unknown[0][:80]!r}; use the ids that the graph has")
        found = recognise(self.snapshot, self._encoder, checked) if skills is None else skills
        notes = ((ONE_WORD,) if len(checked.split()) == 1 else ()) + (() if found else (NO_SKILL,))
        return Query(text=checked, skills=found), notes

    def _silence(self, actor: int) -> tuple[Text, ...]:
        """What to say of an actor of which no source tells what it does, with whom or what it needs."""
        context = self.context
        told = context.profiles.statement[actor] or len(context.offers.by_actor[actor]) or context.needs.of_actor.get(actor)
        return () if told or context.ties.of_actor[actor] else (NOTHING_TOLD,)

    def links(self, *, k: int = 20, filters: Filters | None = None) -> tuple[Link, ...]:
        """The strongest missing links of the territory, diverse, each with reasons."""
        _check_numbers(k, 0.0)
        chosen = filters or Filters()
        if (k, chosen) not in self._links:
            keep = keep_pair(self.context, self.labels, chosen)
            self._links[k, chosen] = tuple(self._present.link(m) for m in missing_links(self.recommender, k, keep))
        return self._links[k, chosen]

    @cached_property
    def _links(self) -> dict[tuple[int, Filters], tuple[Link, ...]]:
        return {}

    @cached_property
    def recommender(self) -> Recommender:
        """The recommender of this snapshot."""
        return Recommender(self.context, self.labels, ExpertRanker())

    @cached_property
    def graph(self) -> Graph:
        """The snapshot as matrices."""
        return Graph(self.snapshot)

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """Cluster of each actor of `context.ids`, below 0 for those in none: alone, in a small group, or outside."""
        drawn = self.drawn
        labels = np.full(self.context.size, ALONE, dtype=np.int64)
        labels[drawn] = louvain(sparse.csr_array(self.graph.picture_matrix[drawn][:, drawn]))
        return labels

    @cached_property
    def drawn(self) -> NDArray[np.int64]:
        """Positions of the actors that the picture shows: all but those outside."""
        return np.flatnonzero(~self.context.actors.outside)

    def clusters(self) -> tuple[Cluster, ...]:
        """Clusters, the largest first, named by what is most characteristic of them."""
        return self._clusters

    @cached_property
    def _clusters(self) -> tuple[Cluster, ...]:
        c, labels = self.context, self._present.labels
        skills, sectors = c.vocabulary.skills, c.vocabulary.sectors
        names = cluster_names(self.labels, c.sectors, [labels.of(s) for s in sectors], c.offers.matrix, [labels.of(s) for s in skills])
        members = [tuple(c.ids[i] for i in np.flatnonzero(self.labels == k)) for k in range(len(names))]
        return tuple(
            Cluster(k, Text("|".join(p.fr for p in n.parts), "|".join(p.en for p in n.parts)), n.sectors, n.skills, members[k])
            for k, n in enumerate(names)
        )

    def network(self) -> Network:
        """The picture: actors as islands, known links between them."""
        return self._network

    @cached_property
    def _network(self) -> Network:
        drawn = self.drawn
        picture = sparse.csr_array(self.graph.picture_matrix[drawn][:, drawn])
        ids, labels = [self.context.ids[i] for i in drawn], self.labels[drawn]
        degree = np.diff(picture.indptr)
        half = picture.tocoo()
        links = tuple((ids[a], ids[b], bool(w == 1)) for a, b, w in zip(half.row, half.col, half.data, strict=True) if a < b)
        nodes = tuple((self._present.actor(a), int(labels[i]), int(degree[i])) for i, a in enumerate(ids))
        places = island_layout(picture, labels)
        return Network(nodes, links, self.clusters(), tuple((float(x), float(y)) for x, y in places))

    def figures(self) -> tuple[Figure, ...]:
        """The four key figures of the territory."""
        return figures(self._present, self.graph)

    def recent(self, k: int = 3) -> tuple[Recent, ...]:
        """Stated needs that were read most recently in a source, one per actor."""
        needs = [n for n in self.context.needs.facts if n.paraphrase_fr and n.year]
        newest: dict[int, str] = {}
        for need in sorted(needs, key=lambda n: (-int(n.year), n.actor, -n.weight, n.skill)):
            newest.setdefault(need.actor, need.statement)
        chosen = list(newest.items())[:k]
        return tuple(
            Recent(self._present.actor(self.context.ids[a]), next(n for n in self.profile(self.context.ids[a]).needs if n.fact.id == s))
            for a, s in chosen
        )

    def sources(self) -> tuple[SourceRow, ...]:
        """Every source with its licence, its age and what rests on it, the most cited first."""
        return source_rows(self._present)

    def coverage(self) -> tuple[Coverage, ...]:
        """What is known of how many actors."""
        return coverage(self._present)

    def facts_about(self, entity: str) -> tuple[FactRow, ...]:
        """Every fact about an actor, a project or any other entity, each with its provenance. Raises QueryError for an unknown one."""
        return facts_about(self._present, entity)

    def projects(self) -> tuple[tuple[str, Text], ...]:
        """Every project with its name, in the order of the French names."""
        pairs = ((p, self._present.labels.name(p)) for p in self.context.project_ids)
        return tuple(sorted(pairs, key=lambda pair: pair[1].fr.casefold()))

    def predictions(self, k: int = 100) -> pa.Table:
        """The strongest predicted links as a table (`graph_builder.predictions`): leads with score and reasons, no facts."""
        return predictions(self.recommender, k)

    def largest_share(self) -> float:
        """Largest share of all top tens of partners that one actor holds, [0, 1]."""
        return self.recommender.largest_share

    def measured(self) -> Measured | None:
        """What was measured on the territory whose snapshot this is; None when it was not measured."""
        return measured(self.digest)


def check_text(text: str) -> str:
    """A text that can be read, spaces tidied; QueryError when it is empty or too long."""
    if len(text) > MOST_CHARACTERS:
        raise QueryError(f"the text has {len(text):,} characters; give at most {MOST_CHARACTERS:,}")
    tidy = re.sub(r"\s+", " ", text.replace("\x00", " ")).strip()
    tidy = re.sub(rf"(\w{{{LONGEST_WORD}}})\w+", r"\1", tidy)
    if not re.search(r"\w", tidy):
        raise QueryError("the text is empty; describe the idea, the need or the project in a few words")
    return tidy


def _check_numbers(k: int, explore: float) -> None:
    if k < 1:
        raise QueryError(f"{k} answers were asked for; ask for 1 or more")
    if not 0 <= explore <= 1:
        raise QueryError(f"the dial stands at {explore}; it goes from 0 (closest) to 1 (most bridging)")
