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
    named = [*_named_actors(presenter, names, text, folded), *_labelled(presenter, folded)]
    yield from named
    for actor in () if named or len(folded.split()) > 4 else names.nearest(text):
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
    """Actors, sectors, skills and projects of whose name or label the text is a part; of each kind, the one that has least beside it first."""
    if len(folded) < 3:
        return
    labels = presenter.labels
    kinds = ((EntityKind.ORGANIZATION, "part"), (EntityKind.SECTOR, "sector"), (EntityKind.SKILL, "skill"), (EntityKind.PROJECT, "part"))
    for kind, how in kinds:
        named = {entity: labels.name(entity) if how == "part" else labels.of(entity) for entity in presenter.snapshot.entities(kind)}
        for entity, label in sorted(named.items(), key=lambda item: (len(item[1].fr), item[0])):
            called = (fold(label.fr), fold(label.en))
            if any(f" {folded}" in f" {name}" for name in called):
                yield Hit(entity, label.fr, kind.value, "name" if how == "part" and folded in called else how)


def _speaking_of(presenter: Presenter, text: str) -> Iterator[Hit]:
    context = presenter.context
    query, everyone = Query(text=text), np.arange(context.size)
    parts = [np.nan_to_num(s.features(context, query, everyone))[:, 0] for s in (SimilarWords(), SimilarMeaning())]
    close = parts[0] + parts[1]
    for i in np.argsort(-close, kind="stable")[:10]:
        if close[i] >= CLOSE_TEXT:
            yield Hit(context.ids[i], context.actors.name[i], EntityKind.ORGANIZATION.value, "text")
