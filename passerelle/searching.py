"""Search over everything that has a name, then over what the texts speak of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from graph_builder.identity import Names
from graph_builder.normalise import fold
from ontology.errors import AmbiguousActor, PasserelleError, UnknownActor
from ontology.model import EntityKind
from passerelle.presenting import Presenter
from passerelle.views import Hit
from recommender.query import Query
from recommender.recognise import recognise
from recommender.signals.similar_meaning import SimilarMeaning
from recommender.signals.similar_words import SimilarWords

CLOSE_TEXT = 0.5
"""Sum of the two text features from which an actor is said to speak of what was typed."""


def search(presenter: Presenter, names: Names, text: str, k: int) -> tuple[Hit, ...]:
    """What a text names or speaks of, each entity once, the surest match first, at most k."""
    found: dict[str, Hit] = {}
    for hit in _hits(presenter, names, text):
        found.setdefault(hit.id, hit)
        if len(found) == k:
            break
    return tuple(found.values())


def _hits(presenter: Presenter, names: Names, text: str) -> Iterator[Hit]:
    folded = fold(text)
    yield from _named_actors(presenter, names, text, folded)
    yield from _labelled(presenter, folded)
    for actor in names.nearest(text) if len(folded.split()) <= 4 else ():
        yield Hit(actor, names.name(actor), EntityKind.ORGANIZATION.value, "near")
    for skill in recognise(presenter.snapshot, presenter.context.profiles.encoder, text):
        yield Hit(skill, presenter.labels.of(skill).fr, EntityKind.SKILL.value, "skill")
    yield from _speaking_of(presenter, text)


def _named_actors(presenter: Presenter, names: Names, text: str, folded: str) -> Iterator[Hit]:
    matches: list[str] = []
    try:
        matches = [names.find(text)]
    except AmbiguousActor as several:
        matches = [actor for actor, _ in several.matches]
    except (UnknownActor, PasserelleError):
        pass
    kinds = presenter.snapshot.values("type")
    for match in matches:
        kind = kinds.get(match, EntityKind.ORGANIZATION.value)
        name = names.name(match)
        how = "id" if match == text.strip() else "name" if fold(name) == folded else _how(presenter, match, folded)
        yield Hit(match, name, kind, how)


def _how(presenter: Presenter, actor: str, folded: str) -> str:
    aliases = {fold(a) for a in (actor, *presenter.snapshot.lists("alt_name").get(actor, ()))} | {presenter.snapshot.values("siren").get(actor, "")}
    return "alias" if folded in aliases else "part"


def _labelled(presenter: Presenter, folded: str) -> Iterator[Hit]:
    """Projects, skills and sectors whose name or label contains the text."""
    if len(folded) < 3:
        return
    for kind, how in ((EntityKind.SECTOR, "sector"), (EntityKind.SKILL, "skill"), (EntityKind.PROJECT, "name")):
        for entity in presenter.snapshot.entities(kind):
            label = presenter.labels.name(entity) if kind == EntityKind.PROJECT else presenter.labels.of(entity)
            if f" {folded}" in f" {fold(label.fr)}" or f" {folded}" in f" {fold(label.en)}":
                yield Hit(entity, label.fr, kind.value, how)


def _speaking_of(presenter: Presenter, text: str) -> Iterator[Hit]:
    context = presenter.context
    query, everyone = Query(text=text), np.arange(context.size)
    parts = [np.nan_to_num(s.features(context, query, everyone))[:, 0] for s in (SimilarWords(), SimilarMeaning())]
    close = parts[0] + parts[1]
    for i in np.argsort(-close, kind="stable")[:10]:
        if close[i] >= CLOSE_TEXT:
            yield Hit(context.ids[i], context.actors.name[i], EntityKind.ORGANIZATION.value, "text")
