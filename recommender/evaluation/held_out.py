"""Leave one event out: what would have been recommended to its actors, had nobody told of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph_builder.graph import Graph, TieEvent
from graph_builder.snapshot import Snapshot
from ontology.model import EntityKind
from recommender.context import Context
from recommender.eligibility import linked
from recommender.encoders import Encoder
from recommender.query import Query

CARRIERS = 3
"""Actors that may carry a word of a name for it to tell who is meant."""


@dataclass(frozen=True)
class HeldOut:
    """One query: the context without the event, the actor, the candidates, and those that the event tied to it."""

    event: str
    context: Context
    query: Query
    candidates: NDArray[np.int64]
    relevant: frozenset[int]


def half(event: str) -> str:
    """'choose' or 'report': weights are chosen on one half of the events, figures come from the other."""
    return "choose" if blake2b(event.encode(), digest_size=1).digest()[0] & 1 else "report"


def held_out(
    snapshot: Snapshot, encoder: Encoder | None, which: str | None = None, *, progress: Callable[[str], None] | None = None
) -> Iterator[HeldOut]:
    """All queries of a half (or of both): every actor of every event, the event's facts hidden, names of its parts masked.

    Pairs that another event still ties are neither relevant nor candidates; candidates are all other actors, eligible or not.
    Actors outside (known only as partners of somebody here) are context: no query, no answer, no candidate; an event of which
    they leave fewer than two is passed over.
    """
    outside = outsiders(snapshot)
    events = [e for e in Graph(snapshot).tie_events if (which is None or half(e.id) == which) and int((~outside[list(e.actors)]).sum()) > 1]
    for k, event in enumerate(events):
        if progress and k % 10 == 0:
            progress(f"event {k + 1} of {len(events)}")
        context = Context.at(snapshot, without=facts_of(snapshot, event), masked_names=names_of(snapshot, event), encoder=encoder)
        for actor in (a for a in event.actors if not outside[a]):
            still = linked(context.ties.matrix, actor)
            relevant = frozenset(int(b) for b in event.actors if b != actor and not still[b] and not outside[b])
            if not relevant:
                continue
            free = ~still & ~outside
            free[actor] = False
            yield HeldOut(event.id, context, Query(actor=actor), np.flatnonzero(free), relevant)


def outsiders(snapshot: Snapshot) -> NDArray[np.bool_]:
    """Whether each actor is known only as a partner of somebody here, (n,)."""
    outside = snapshot.values("outside")
    return np.asarray([outside.get(a) == "yes" for a in Graph(snapshot).actors], dtype=bool)


def facts_of(snapshot: Snapshot, event: TieEvent) -> frozenset[str]:
    """Statements that speak of an event: the relation, or everything said of the project and of who takes part in it."""
    if event.kind == "relation":
        return frozenset(event.statements)
    told = pc.or_(pc.equal(snapshot.relations["object"], event.id), pc.equal(snapshot.relations["subject"], event.id))
    relations = snapshot.relations.filter(told)["statement"].to_pylist()
    texts = snapshot.attributes.filter(pc.equal(snapshot.attributes["subject"], event.id))["statement"].to_pylist()
    return frozenset(relations) | frozenset(texts) | frozenset(event.statements)


def names_of(snapshot: Snapshot, event: TieEvent) -> frozenset[str]:
    """Names and aliases of an event's actors, the words that tell who they are, and the event's own name."""
    name, name_en, alias = snapshot.values("name"), snapshot.values("name_en"), snapshot.lists("alt_name")
    actors = snapshot.entities(EntityKind.ORGANIZATION)
    ids = [actors[a] for a in event.actors]
    entities = [*ids, event.id] if event.kind == "project" else ids
    found = {table[e] for e in entities for table in (name, name_en) if e in table} | {a for e in entities for a in alias.get(e, ())}
    return frozenset(found | {w for e in ids for w in telling_words(snapshot).get(e, ())})


@lru_cache(maxsize=4)
def telling_words(snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """Words of each actor's name and aliases that at most three actors carry: alone they may tell who is meant."""
    names, aliases = snapshot.values("name"), snapshot.lists("alt_name")
    words = {
        actor: {w.casefold() for text in (names.get(actor, ""), *aliases.get(actor, ())) for w in re.findall(r"\w{4,}", text)}
        for actor in snapshot.entities(EntityKind.ORGANIZATION)
    }
    carried = Counter(w for own in words.values() for w in own)
    return {actor: tuple(sorted(w for w in own if carried[w] <= CARRIERS)) for actor, own in words.items()}
