"""How an answered need is said, by type of need, in French and in English."""

from __future__ import annotations

from collections.abc import Mapping

from ontology.model import NeedType
from recommender.answers import Text

_ANSWERED: Mapping[str, tuple[str, str]] = {
    NeedType.RECRUIT: (
        "{who} recrute : {skills}. {by} forme dans ce domaine.",
        "{who} is hiring: {skills}. {by} trains people in this field.",
    ),
    NeedType.TRAIN: (
        "{who} cherche une offre de formation : {skills}. {by} l'enseigne.",
        "{who} is looking for training: {skills}. {by} teaches it.",
    ),
    NeedType.TEST_EQUIPMENT: (
        "{who} cherche des moyens d'essai : {skills}. {by} en dispose.",
        "{who} needs test equipment: {skills}. {by} has it.",
    ),
    NeedType.RD: (
        "{who} cherche un appui de recherche : {skills}. {by} travaille sur ce sujet.",
        "{who} needs research support: {skills}. {by} works on this subject.",
    ),
    NeedType.SUPPLIER: (
        "{who} cherche un fournisseur : {skills}. {by} a ce savoir-faire.",
        "{who} is looking for a supplier: {skills}. {by} has this skill.",
    ),
    NeedType.DIGITAL: (
        "{who} cherche un appui numérique : {skills}. {by} le propose.",
        "{who} needs digital support: {skills}. {by} offers it.",
    ),
    NeedType.FUNDING: (
        "{who} cherche un financement : {skills}. {by} finance dans ce domaine.",
        "{who} is looking for funding: {skills}. {by} funds in this field.",
    ),
    NeedType.PREMISES: (
        "{who} cherche des locaux : {skills}. {by} peut en proposer.",
        "{who} is looking for premises: {skills}. {by} may have some.",
    ),
    NeedType.PARTNERS: (
        "{who} cherche des partenaires : {skills}. {by} met en réseau sur ce sujet.",
        "{who} is looking for partners: {skills}. {by} runs a network on this subject.",
    ),
    NeedType.OTHER: (
        "{who} cherche : {skills}. {by} a ce savoir-faire et pourrait aider.",
        "{who} needs: {skills}. {by} has this skill and might help.",
    ),
}

_GAIN_OF_NEEDER: Mapping[str, tuple[str, str]] = {
    NeedType.RECRUIT: (
        "Un vivier de recrutement : {skills}.",
        "A pool of recruits: {skills}.",
    ),
    NeedType.TRAIN: (
        "Une offre de formation : {skills}.",
        "Training on offer: {skills}.",
    ),
    NeedType.TEST_EQUIPMENT: (
        "Des moyens d'essai : {skills}.",
        "Test equipment: {skills}.",
    ),
    NeedType.RD: (
        "Un appui de recherche : {skills}.",
        "Research support: {skills}.",
    ),
    NeedType.SUPPLIER: (
        "Un fournisseur : {skills}.",
        "A supplier: {skills}.",
    ),
    NeedType.DIGITAL: (
        "Un appui numérique : {skills}.",
        "Digital support: {skills}.",
    ),
    NeedType.FUNDING: (
        "Une piste de financement : {skills}.",
        "A funding lead: {skills}.",
    ),
    NeedType.PREMISES: (
        "Une piste de locaux : {skills}.",
        "A lead for premises: {skills}.",
    ),
    NeedType.PARTNERS: (
        "Une entrée dans un réseau : {skills}.",
        "A way into a network: {skills}.",
    ),
    NeedType.OTHER: (
        "Une aide possible : {skills}.",
        "Possible help: {skills}.",
    ),
}

_GAIN_OF_HELPER: Mapping[str, tuple[str, str]] = {
    NeedType.RECRUIT: (
        "Des débouchés pour les personnes qu'il forme : {skills}.",
        "Jobs for the people it trains: {skills}.",
    ),
    NeedType.TRAIN: (
        "Un public pour ses formations : {skills}.",
        "An audience for its courses: {skills}.",
    ),
    NeedType.TEST_EQUIPMENT: (
        "Un utilisateur pour ses équipements : {skills}.",
        "A user for its equipment: {skills}.",
    ),
    NeedType.RD: (
        "Un cas réel pour ses travaux : {skills}.",
        "A real case for its work: {skills}.",
    ),
    NeedType.SUPPLIER: (
        "Un client possible : {skills}.",
        "A possible customer: {skills}.",
    ),
    NeedType.DIGITAL: (
        "Un utilisateur pour son savoir-faire : {skills}.",
        "A user for its skills: {skills}.",
    ),
    NeedType.FUNDING: (
        "Un projet à financer dans son domaine : {skills}.",
        "A project to fund in its field: {skills}.",
    ),
    NeedType.PREMISES: (
        "Un occupant possible : {skills}.",
        "A possible occupant: {skills}.",
    ),
    NeedType.PARTNERS: (
        "Un membre possible pour son réseau : {skills}.",
        "A possible member for its network: {skills}.",
    ),
    NeedType.OTHER: (
        "Une demande concrète pour ce qu'il sait faire : {skills}.",
        "A real request for what it can do: {skills}.",
    ),
}

TYPE_LABEL: Mapping[str, Text] = {
    NeedType.RECRUIT: Text("Recrutement", "Hiring"),
    NeedType.TRAIN: Text("Formation", "Training"),
    NeedType.TEST_EQUIPMENT: Text("Moyens d'essai", "Test equipment"),
    NeedType.RD: Text("Recherche", "Research"),
    NeedType.SUPPLIER: Text("Fournisseur", "Supplier"),
    NeedType.DIGITAL: Text("Numérique", "Digital"),
    NeedType.FUNDING: Text("Financement", "Funding"),
    NeedType.PREMISES: Text("Locaux", "Premises"),
    NeedType.PARTNERS: Text("Partenaires", "Partners"),
    NeedType.OTHER: Text("Appui", "Support"),
}
"""What sort of answer a need calls for, as a label."""


_PAST = (
    (("{who} recrute", "{who} recrutait"), ("{who} cherche", "{who} cherchait")),
    (("{who} is hiring", "{who} was hiring"), ("{who} is looking", "{who} was looking"), ("{who} needs", "{who} needed")),
)


def _past(text: str, lang: int, year: str) -> str:
    """The sentence told in the past, with its year."""
    for now, then in _PAST[lang]:
        text = text.replace(now, then)
    return f"{'En' if lang == 0 else 'In'} {year}, {text}"


def need_answered(need_type: str, who: Text, by: Text, skills: Text, *, past: str = "") -> Text:
    """The sentence: "Alstom Belfort recrute : soudage. Lycée Follereau forme dans ce domaine."."""
    fr, en = _ANSWERED[need_type]
    if past:
        fr, en = _past(fr, 0, past), _past(en, 1, past)
    return Text(fr.format(who=who.fr, by=by.fr, skills=skills.fr), en.format(who=who.en, by=by.en, skills=skills.en))


def idea_answers(who: Text, skills: Text) -> Text:
    """The sentence: "Alstom Belfort cherche : vision industrielle. C'est un sujet de votre idée."."""
    return Text(f"{who.fr} cherche : {skills.fr}. C'est un sujet de votre idée.", f"{who.en} needs: {skills.en}. Your idea is about this.")


def gain_of_needer(need_type: str, skills: Text) -> Text:
    """What the one who needs gains."""
    fr, en = _GAIN_OF_NEEDER[need_type]
    return Text(fr.format(skills=skills.fr), en.format(skills=skills.en))


def gain_of_helper(need_type: str, skills: Text) -> Text:
    """What the one who answers gains."""
    fr, en = _GAIN_OF_HELPER[need_type]
    return Text(fr.format(skills=skills.fr), en.format(skills=skills.en))
