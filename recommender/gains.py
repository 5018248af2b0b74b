"""What each side gains: the need met, the need it serves, else a stated skill of the other; nothing is invented."""

from __future__ import annotations

import numpy as np

from ontology.model import Role
from recommender.answers import Gains, Text
from recommender.context import Context
from recommender.query import Query
from recommender.signals.complement import best_pair
from recommender.signals.need_words import gain_of_helper, gain_of_needer
from recommender.signals.needs import met_needs, served_needs
from recommender.signals.roles import RESEARCH
from recommender.signals.shared_skills import shared_skills
from recommender.skills import NeedFact
from recommender.wording import labels_of

MISSION = {
    Role.SUPPORT: Text("Un membre ou un bénéficiaire possible.", "A possible member or beneficiary."),
    Role.PUBLIC: Text("Un acteur à associer à ses projets.", "An actor to involve in its projects."),
    Role.CITIZEN: Text("Un acteur à associer à ses projets.", "An actor to involve in its projects."),
}
"""What a body that serves others gains, when no need or skill says it."""
NOTHING = Text("Rien d'attesté pour l'instant : à lui demander.", "Nothing attested so far: ask them.")


def gains(context: Context, query: Query, candidate: int) -> Gains:
    """What the subject (or the idea) and the candidate gain from meeting."""
    if query.actor is None:
        return _idea_gains(context, query, candidate)
    back = Query(actor=candidate)
    return Gains(_side(context, query, candidate), _side(context, back, query.actor))


def _side(context: Context, query: Query, other: int) -> Text:
    """What the actor of a query gains from the other."""
    met, served = met_needs(context, query.actor, other), served_needs(context, query, other)
    if met:
        return _need_words(context, met, needer=True)
    if served:
        return _need_words(context, served, needer=False)
    return _skill_words(context, query, other)


def _need_words(context: Context, pairs: list[tuple[NeedFact, float]], *, needer: bool) -> Text:
    first = pairs[0][0]
    same = [need.skill for need, _ in pairs if need.need_type == first.need_type][:3]
    skills = _skills(context, same)
    return gain_of_needer(first.need_type, skills) if needer else gain_of_helper(first.need_type, skills)


def _skill_words(context: Context, query: Query, other: int) -> Text:
    """A stated skill: one that completes its own, one to go further on together, one it has not."""
    assert query.actor is not None  # noqa: S101 -- ideas are answered apart
    pair = best_pair(context, query, other)
    if pair is not None:
        skill = _skills(context, [pair[1]])
        return Text(f"Un savoir-faire qui complète le sien : {skill.fr}.", f"A skill that completes its own: {skill.en}.")
    shared = shared_skills(context, query, other)[:2]
    if shared:
        return _shared_words(context, query.actor, other, shared)
    theirs = sorted(set(context.offers.of(other).tolist()), key=lambda s: (-context.offers.rarity[s], s))[:2]
    mine = context.actors.role[query.actor]
    if mine in (Role.PUBLIC, Role.CITIZEN, Role.SUPPORT):
        return MISSION[Role(mine)]
    if not theirs:
        return NOTHING
    skill = _skills(context, theirs)
    return Text(f"L'accès à ce que l'autre sait faire : {skill.fr}.", f"Access to what the other can do: {skill.en}.")


def _shared_words(context: Context, actor: int, other: int, shared: list[int]) -> Text:
    skill = _skills(context, shared)
    mine, theirs = context.actors.role[actor], context.actors.role[other]
    if mine in RESEARCH and theirs == Role.COMPANY:
        return Text(f"Un terrain d'application : {skill.fr}.", f"A field of application: {skill.en}.")
    if mine == Role.COMPANY and theirs in RESEARCH:
        return Text(f"Des compétences de recherche et de formation : {skill.fr}.", f"Research and training skills: {skill.en}.")
    return Text(f"Des moyens à mettre en commun : {skill.fr}.", f"Means to share: {skill.en}.")


def _idea_gains(context: Context, query: Query, candidate: int) -> Gains:
    shared, served = shared_skills(context, query, candidate)[:3], served_needs(context, query, candidate)
    if shared:
        skill = _skills(context, shared)
        mine = Text(f"Apporte à l'idée : {skill.fr}.", f"Brings to the idea: {skill.en}.")
    elif served:
        mine = Text("Un terrain : quelqu'un a déjà ce besoin.", "A test ground: someone already has this need.")
    else:
        mine = NOTHING
    if served:
        skill = _skills(context, [need.skill for need, _ in served[:3]])
        return Gains(mine, Text(f"Une réponse à un besoin exprimé : {skill.fr}.", f"An answer to a stated need: {skill.en}."))
    if shared:
        skill = _skills(context, shared)
        return Gains(mine, Text(f"Un projet dans son domaine : {skill.fr}.", f"A project in its field: {skill.en}."))
    return Gains(mine, NOTHING)


def _skills(context: Context, columns: list[int]) -> Text:
    return labels_of(context.snapshot).inside([context.vocabulary.skills[int(c)] for c in np.asarray(columns, dtype=int)])
