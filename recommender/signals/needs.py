"""A stated need answered by a stated offer of the right type, in both directions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ontology.model import NeedType
from recommender.actors import FRESH_YEARS
from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.query import Query
from recommender.signals.need_words import idea_answers, need_answered
from recommender.skills import NeedFact
from recommender.wording import labels_of

MIGHT_HELP = 0.6
"""Weight of an answer to a need of type `other`: the offer fits, the sort of help is not told."""

FOR_AN_IDEA = frozenset({NeedType.RD, NeedType.DIGITAL, NeedType.TEST_EQUIPMENT, NeedType.SUPPLIER, NeedType.PARTNERS, NeedType.OTHER})
"""Need types that a project on the needed skill may answer."""


def answers(context: Context, actor: int, need: NeedFact) -> float:
    """How well an actor answers a need, [0, 1]; 0 when its kind does not answer that type or it does not offer the skill.

    Who is hiring for a skill has none to spare: it answers no need of that skill.
    """
    other = need.need_type == NeedType.OTHER
    if not other and need.need_type not in context.actors.answers[actor]:
        return 0.0
    if any(own.skill == need.skill and own.need_type == NeedType.RECRUIT for own in context.needs.of_actor.get(actor, ())):
        return 0.0
    offered = context.offers.by_actor[actor].get(need.skill, 0.0)
    return offered * need.weight * (MIGHT_HELP if other else 1.0) * (0.5 + 0.5 * float(context.offers.rarity[need.skill]))


def answerers(context: Context, need: NeedFact) -> tuple[tuple[int, float], ...]:
    """Actors that answer a need, with how well, in the order of their positions."""
    offering = context.offer_columns.indices[context.offer_columns.indptr[need.skill] : context.offer_columns.indptr[need.skill + 1]]
    found = ((int(a), answers(context, int(a), need)) for a in sorted(offering))
    return tuple((a, w) for a, w in found if w > 0 and a != need.actor)


class NeedMet:
    """The candidate offers what the subject says it needs. Feature: 1 - prod(1 - weight) over the skills it answers with."""

    name = "need"
    feature_names = ("need_met",)

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        needs = needs_of(context, query.actor)
        if not needs:
            return np.full((len(candidates), 1), np.nan)
        best: dict[tuple[int, int], float] = {}
        for need in needs:
            for actor, weight in answerers(context, need):
                best[actor, need.skill] = max(weight, best.get((actor, need.skill), 0.0))
        lack = np.ones(context.size)
        for (actor, _), weight in best.items():
            lack[actor] *= 1 - weight
        return (1 - lack)[candidates][:, None]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        met = met_needs(context, query.actor, candidate)
        if query.actor is None or not met:
            return None
        return _evidence(context, self.name, met, helper=candidate)


class NeedServed:
    """The subject, or the idea, offers what the candidate says it needs."""

    name = "offer"
    feature_names = ("need_served",)

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        out = np.full(context.size, np.nan)
        out[list(context.needs.of_actor)] = 0.0
        for actor in asked_of(context, query):
            lack = 1.0
            for _, weight in served_needs(context, query, actor):
                lack *= 1 - weight
            out[actor] = 1 - lack
        return out[candidates][:, None]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        served = served_needs(context, query, candidate)
        if not served:
            return None
        if query.actor is None:
            return _idea_evidence(context, self.name, served)
        return _evidence(context, self.name, served, helper=query.actor)


def needs_of(context: Context, actor: int | None) -> tuple[NeedFact, ...]:
    """Stated needs of an actor; none for an idea."""
    return () if actor is None else context.needs.of_actor.get(actor, ())


def met_needs(context: Context, actor: int | None, helper: int) -> list[tuple[NeedFact, float]]:
    """Needs of an actor that a helper answers, the best answered first, one per skill."""
    return _best((need, answers(context, helper, need)) for need in needs_of(context, actor))


def served_needs(context: Context, query: Query, candidate: int) -> list[tuple[NeedFact, float]]:
    """Needs of a candidate that the subject (or the idea) answers, the best answered first, one per skill."""
    if query.actor is not None:
        return met_needs(context, candidate, query.actor)
    skills = {context.vocabulary.skill_index[s] for s in query.skills}
    rarity = context.offers.rarity
    return _best(
        (need, need.weight * MIGHT_HELP * (0.5 + 0.5 * float(rarity[need.skill])))
        for need in context.needs.of_actor.get(candidate, ())
        if need.skill in skills and need.need_type in FOR_AN_IDEA
    )


def asked_of(context: Context, query: Query) -> list[int]:
    """Actors that need a skill of the subject or of the idea."""
    skills = context.vocabulary.skill_index
    own = [skills[s] for s in query.skills] if query.actor is None else context.offers.by_actor[query.actor]
    return sorted({need.actor for s in own for need in context.needs.of_skill.get(s, ()) if need.actor != query.actor})


def _best(pairs: Iterable[tuple[NeedFact, float]]) -> list[tuple[NeedFact, float]]:
    found: dict[int, tuple[NeedFact, float]] = {}
    for need, weight in pairs:
        if weight > 0 and (need.skill not in found or weight > found[need.skill][1]):
            found[need.skill] = (need, weight)
    return sorted(found.values(), key=lambda pair: (-pair[1], pair[0].skill))


def _evidence(context: Context, name: str, met: list[tuple[NeedFact, float]], *, helper: int) -> Evidence:
    """The reason for the best answered need (and those of the same type beside it)."""
    first = met[0][0]
    same = [need for need, _ in met if need.need_type == first.need_type][:3]
    words = labels_of(context.snapshot)
    skills = words.inside([context.vocabulary.skills[need.skill] for need in same])
    statements = [x for need in same for x in (need.statement, context.offers.statement[helper, need.skill])]
    who, by = words.name(context.ids[first.actor]), words.name(context.ids[helper])
    return Evidence(
        name, 0.0, need_answered(first.need_type, who, by, skills, past=old_year(context, first)), tuple(dict.fromkeys(statements)), note_of(same)
    )


def _idea_evidence(context: Context, name: str, served: list[tuple[NeedFact, float]]) -> Evidence:
    needs = [need for need, _ in served[:3]]
    words = labels_of(context.snapshot)
    skills = words.inside([context.vocabulary.skills[need.skill] for need in needs])
    who = words.name(context.ids[needs[0].actor])
    return Evidence(name, 0.0, idea_answers(who, skills), tuple(need.statement for need in needs), note_of(needs))


def old_year(context: Context, need: NeedFact) -> str:
    """The year of a need that is more than five years old, which is then told in the past; '' otherwise."""
    return need.year if need.year and context.actors.reference_year - int(need.year) > FRESH_YEARS else ""


def note_of(needs: list[NeedFact]) -> Text | None:
    """What the source says, in the paraphrase of the first need that has one."""
    for need in needs:
        if need.paraphrase_fr:
            return Text(need.paraphrase_fr, need.paraphrase_en or need.paraphrase_fr)
    return None
