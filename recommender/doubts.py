"""What is missing to be sure, and the questions that hypotheses raise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ontology.model import Confidence, NeedType, Role
from recommender.actors import FRESH_YEARS
from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.query import Query
from recommender.signals.common_partners import common_partners
from recommender.signals.needs import needs_of
from recommender.signals.sectors import columns_of
from recommender.signals.shared_skills import shared_skills
from recommender.wording import joined, labels_of

FAR_KM = 40.0
MOST = 3
"""Doubts said on one card, the gravest first."""


def missing(context: Context, query: Query, candidate: int, evidence: Sequence[Evidence], km: float | None, *, both: bool = False) -> Text | None:
    """What is missing to be sure of one recommendation, at most three sentences; None when nothing is.

    `both` doubts the subject as well as the candidate: of a link between two others, either may have to be checked.
    """
    subject = _check(context, query.actor) if both and query.actor is not None else iter(())
    return joined([*subject, *_doubts(context, query, candidate, evidence, km)][:MOST])


def _doubts(context: Context, query: Query, candidate: int, evidence: Sequence[Evidence], km: float | None) -> Iterator[Text]:
    yield from _check(context, candidate)
    yield from _ages(context, query, candidate, evidence)
    if _rivals(context, query, candidate, evidence):
        yield Text("Peut-être concurrents : à aborder avec prudence.", "Perhaps competitors: to be approached with care.")
    if len(evidence) == 1:
        yield Text("Une seule raison connue.", "Only one reason is known.")
    confidences = {context.snapshot.statement(s).confidence for e in evidence for s in e.statements}
    if Confidence.UNCERTAIN in confidences:
        yield Text("Un des faits cités est incertain.", "One of the facts cited is uncertain.")
    if query.actor is not None and not common_partners(context, query.actor, candidate):
        yield Text("Aucun partenaire commun connu pour les présenter.", "No known common partner to introduce them.")
    if km is not None and km > FAR_KM:
        yield Text(f"{km:.0f} km les séparent.", f"They are {km:.0f} km apart.")


def _rivals(context: Context, query: Query, candidate: int, evidence: Sequence[Evidence]) -> bool:
    """Whether both are companies of one sector with a skill in common, and neither meets a need of the other."""
    if query.actor is None or {context.actors.role[query.actor], context.actors.role[candidate]} != {Role.COMPANY.value}:
        return False
    same_sector = bool(set(columns_of(context, query.actor)) & set(columns_of(context, candidate)))
    return same_sector and bool(shared_skills(context, query, candidate)) and not {"need", "offer"} & {e.signal for e in evidence}


def to_check(context: Context, actor: int) -> Text | None:
    """Why an actor itself is to be checked; None when its newest source is recent and its activity known."""
    name, year = labels_of(context.snapshot).name(context.ids[actor]), context.actors.newest_year[actor][:4]
    return {
        "": None,
        "status": Text(f"L'activité actuelle est à vérifier : {name.fr}.", f"Present activity to be checked: {name.en}."),
        "undated": Text(f"Aucune source datée : {name.fr}.", f"No dated source: {name.en}."),
        "old": Text(f"La source la plus récente date de {year} : {name.fr}.", f"The newest source dates from {year}: {name.en}."),
    }[context.actors.to_check[actor]]


def _check(context: Context, actor: int) -> Iterator[Text]:
    doubt = to_check(context, actor)
    if doubt is not None:
        yield doubt


def _ages(context: Context, query: Query, candidate: int, evidence: Sequence[Evidence]) -> Iterator[Text]:
    """Age of the oldest need that the reasons rest on."""
    cited = {statement for e in evidence for statement in e.statements}
    needs = [need for need in (*needs_of(context, query.actor), *needs_of(context, candidate)) if need.statement in cited]
    old = [need.year for need in needs if need.year and context.actors.reference_year - int(need.year) > FRESH_YEARS]
    if old:
        yield Text(f"Le besoin cité date de {min(old)} : existe-t-il encore ?", f"The need cited dates from {min(old)}: is it still there?")
    elif any(not need.year for need in needs):
        yield Text("Le besoin cité n'est pas daté : est-il toujours actuel ?", "The need cited has no date: is it still current?")


def questions(context: Context, query: Query, candidate: int) -> tuple[Text, ...]:
    """Hypotheses worded as questions: a need that a rule guessed and that the other side answers; one in each direction at most."""
    if query.actor is None:
        return ()
    found = [_question(context, needer, helper) for needer, helper in ((query.actor, candidate), (candidate, query.actor))]
    return tuple(q for q in found if q is not None)


def _question(context: Context, needer: int, helper: int) -> Text | None:
    offered = set(context.offers.of(helper).tolist())
    kinds = context.actors.answers[helper]
    guessed = [
        need
        for need in context.guessed_needs.of_actor.get(needer, ())
        if need.skill in offered and (need.need_type == NeedType.OTHER or need.need_type in kinds)
    ]
    if not guessed:
        return None
    best = max(guessed, key=lambda need: (context.offers.rarity[need.skill], -need.skill))
    words = labels_of(context.snapshot)
    who, by, skill = words.name(context.ids[needer]), words.name(context.ids[helper]), words.inside([context.vocabulary.skills[best.skill]])
    return Text(
        f"Ce savoir-faire de {by.fr} serait-il utile à {who.fr} : {skill.fr} ? Hypothèse à vérifier avec l'intéressé.",
        f"Would this skill of {by.en} be useful to {who.en}: {skill.en}? A hypothesis, to be checked with them.",
    )
