"""Who is asked, what is hidden, and what would have been right: actors with their past, actors by their texts alone, ideas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy import sparse

from ontology.errors import QueryError
from recommender.temporal.asked import Asked, cold, ideas, warm
from recommender.temporal.events import Events, Ints
from recommender.temporal.history import History
from recommender.temporal.text import texts_of
from recommender.temporal.topics import topic_marks
from recommender.temporal.window import Window, row

Track: TypeAlias = Literal["warm", "cold", "idea"]
TRACKS: tuple[Track, ...] = ("warm", "cold", "idea")

SHORTEST_NAME = 4
"""Letters from which a name is taken out of the text of an idea."""


@dataclass(frozen=True, eq=False)
class Task:
    """Queries of one track. `askers` (q,) are rows of the history, -1 for one without past; candidates are all of the universe but `hidden`."""

    track: Track
    names: tuple[str, ...]
    asked: Asked
    askers: Ints
    hidden: tuple[Ints, ...]
    relevant: tuple[Ints, ...]


def actor_task(history: History, window: Window, rows: Ints, track: Literal["warm", "cold"]) -> Task:
    """Actors of the universe (rows) and whom they meet for the first time; they themselves and those they know are hidden."""
    asked = warm(history, rows) if track == "warm" else cold(history, rows)
    names = tuple(history.events.actors[actor] for actor in history.actors[rows])
    hidden = tuple(np.append(row(window.known, asker), asker) for asker in rows)
    return Task(track, names, asked, rows, hidden, tuple(row(window.new, asker) for asker in rows))


@dataclass(frozen=True, eq=False)
class _Idea:
    event: int
    lead: int
    members: Ints


def idea_task(events: Events, history: History, window: Window) -> Task:
    """Every project of the window that has a text and a lead, as an idea: who takes part that the lead had not met before?

    The names of those who take part are taken out of the text. The lead and whoever it met before are hidden. Raises QueryError
    when there is no such project.
    """
    until = events.before(window.end)
    texts, names = texts_of(until), _names(events)
    found = [idea for idea in _ideas(until, window.events) if texts[idea.event]]
    met = _met(events.before(window.start), np.asarray([idea.lead for idea in found], dtype=np.int64))
    hidden = [_inside(history, np.append(row(met, k), idea.lead)) for k, idea in enumerate(found)]
    relevant = [np.setdiff1d(_inside(history, idea.members), hidden[k]) for k, idea in enumerate(found)]
    kept = [k for k, rows in enumerate(relevant) if len(rows)]
    if not kept:
        raise QueryError(f"no project from {window.start} to {window.end} has a text, a lead and a partner new to it; choose another --track")
    chosen = [found[k] for k in kept]
    marks, leads = topic_marks(until), history.rows_of(np.asarray([idea.lead for idea in chosen]))
    stripped = [without_names(texts[idea.event], [name for actor in idea.members for name in names.get(int(actor), ())]) for idea in chosen]
    asked = ideas(history, stripped, [marks[idea.event] for idea in chosen], leads)
    ids = tuple(events.events[idea.event] for idea in chosen)
    return Task("idea", ids, asked, leads, tuple(hidden[k] for k in kept), tuple(relevant[k] for k in kept))


def without_names(text: str, names: Sequence[str]) -> str:
    """The text without these names, whatever their case; names under four letters stay, since they may be words."""
    long = sorted({name for name in names if len(name) >= SHORTEST_NAME}, key=lambda name: (-len(name), name))
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, long))})(?!\w)", " ", text, flags=re.IGNORECASE) if long else text


def _ideas(events: Events, chosen: Ints) -> list[_Idea]:
    """The chosen events that somebody leads; of several leads, the first by number."""
    rows = np.flatnonzero(np.isin(events.event, chosen))
    rows = rows[np.lexsort((events.actor[rows], events.event[rows]))]
    groups = np.split(rows, np.flatnonzero(np.diff(events.event[rows])) + 1) if len(rows) else []
    return [
        _Idea(int(events.event[own[0]]), int(events.actor[own][events.lead[own]][0]), events.actor[own]) for own in groups if events.lead[own].any()
    ]


def _met(past: Events, actors: Ints) -> sparse.csr_matrix:
    """Whom each of these actors met before, as actor numbers, (len(actors), all actors) csr."""
    ones = np.ones(len(past.actor), dtype=np.float32)
    took = sparse.csr_matrix((ones, (past.actor, past.event)), shape=(len(past.actors), len(past.events)))
    return sparse.csr_matrix(took[actors] @ took.T)


def _inside(history: History, actors: Ints) -> Ints:
    """Rows of those of the actors that are in the universe, ascending."""
    rows = np.unique(history.rows_of(actors))
    return rows[(rows >= 0) & (rows < history.size)]


def _names(events: Events) -> Mapping[int, tuple[str, ...]]:
    """Every name of each actor, of whatever day: they are only taken out."""
    found: dict[int, tuple[str, ...]] = {}
    for predicate in ("name", "alt_name"):
        told = events.of_actors.get(predicate)
        if told is not None:
            for actor, name in zip(told.of.tolist(), told.value.tolist(), strict=True):
                found[actor] = (*found.get(actor, ()), name)
    return found
