"""How the values of facts are said to a person: terms of closed lists, codes of the package, roles and sorts of need."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from ontology.labels import qualifier_label, value_label
from ontology.model import ATTRIBUTES
from passerelle.profiling import WHY_NOT
from recommender.answers import Text

Group = Literal["about", "skills", "links", "codes"]
"""Where a fact stands among those of one entity: what it is, what it knows, with whom; numbers and codes last."""

GROUPS: tuple[Group, ...] = ("about", "skills", "links", "codes")

_ABOUT = (
    *("name", "name_fr", "name_en", "acronym", "alt_name", "kind", "project_type", "description_fr", "description_en", "keywords"),
    *("status", "status_note", "status_since", "project_status", "start", "end", "address", "website", "recommendable", "why_not"),
)
"""What says what an entity is, in the order in which a person reads it; every other attribute stands among the codes."""

_SKILLS = ("operatesInSector", "offersSkill", "needsSkill", "about", "broader")
_PLACE = "locatedIn"

_YES_NO = MappingProxyType({"yes": Text("oui", "yes"), "no": Text("non", "no")})
_STATUS: Mapping[str, Text] = {
    "annonce": Text("annoncé", "announced"),
    "arrete": Text("arrêté", "stopped"),
    "candidature": Text("candidature", "bid"),
    "en_cours": Text("en cours", "under way"),
    "en_service": Text("en service", "in service"),
    "inconnu": Text("inconnu", "unknown"),
    "proposition": Text("proposition", "proposal"),
    "recurrent": Text("récurrent", "recurrent"),
    "termine": Text("terminé", "finished"),
}
_CODES: Mapping[str, Mapping[str, Text]] = MappingProxyType(
    {
        "why_not": {**WHY_NOT, "outside": Text("Connu seulement comme partenaire d'un acteur d'ici.", "Known only as a partner of somebody here.")},
        "geo_precision": {
            "commune_point": Text("point de la commune", "point of the commune"),
            "commune_centroid": Text("centre de la commune", "centre of the commune"),
            "commune_approx": Text("commune, approchée", "commune, approximate"),
            "none": Text("commune inconnue", "commune unknown"),
        },
        "date_precision": {
            "year": Text("à l'année", "to the year"),
            "month": Text("au mois", "to the month"),
            "day": Text("au jour", "to the day"),
            "approx": Text("approchée", "approximate"),
        },
        "project_type": {
            "chaire": Text("chaire", "chair"),
            "equipement": Text("équipement", "equipment"),
            "evenement": Text("événement", "event"),
            "formation": Text("formation", "training"),
            "investissement": Text("investissement", "investment"),
            "programme": Text("programme", "programme"),
            "projet": Text("projet", "project"),
            "proposition": Text("proposition", "proposal"),
        },
        "project_status": _STATUS,
        "tie_reason": {
            "joint_activity": Text("activité commune", "joint activity"),
            "single_actor": Text("un seul acteur connu", "only one actor known"),
            "over_9_partners": Text("plus de neuf partenaires", "more than nine partners"),
            "lists_many": Text("longue liste d'acteurs", "a long list of actors"),
            "funds_only": Text("financement seul", "funding only"),
            **{f"status_{word}": text for word, text in _STATUS.items()},
        },
    }
)
"""What the codes of the territory's package mean; its README says them too."""


def attribute_text(attribute: str, value: str) -> Text:
    """The value of an attribute in words; the value itself where it is free text or an unknown code."""
    if attribute in ATTRIBUTES and ATTRIBUTES[attribute].type == "yes_no":
        return _YES_NO.get(value, Text(value, value))
    return _CODES.get(attribute, {}).get(value) or Text(*value_label(attribute, value))


def qualifier_text(predicate: str, qualifiers: Mapping[str, str]) -> Text | None:
    """The role or the sort of need of a relation in words, None when it has neither."""
    for key in ("role", "need_type"):
        if value := qualifiers.get(key):
            return Text(*qualifier_label(predicate, key, value))
    return None


def group_of(predicate: str) -> Group:
    """Where a fact stands."""
    if predicate in ATTRIBUTES:
        return "about" if predicate in _ABOUT else "codes"
    if predicate == _PLACE:
        return "about"
    return "skills" if predicate in _SKILLS else "links"


def place_of(predicate: str) -> tuple[int, int, str]:
    """The order of facts: by group, then what a person reads first."""
    rank = _ABOUT.index(predicate) if predicate in _ABOUT else len(_ABOUT)
    return GROUPS.index(group_of(predicate)), _SKILLS.index(predicate) if predicate in _SKILLS else rank, predicate
