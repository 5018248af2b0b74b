"""What predicates, attributes and values of closed lists are called, in French and English: passerelle.ttl is the one place that says it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from ontology.model import ATTRIBUTES, PREDICATES, NeedType, ParticipationRole, RelationRole
from ontology.namespaces import LISTED_ATTRIBUTES, predicate_iri, value_iri


class Label(NamedTuple):
    """A name in both languages."""

    fr: str
    en: str


@cache
def labels() -> Mapping[str, Label]:
    """Label of every predicate and attribute, by its name; the name itself where the ontology is silent."""
    return MappingProxyType({name: _told(predicate_iri(name), name) for name in (*ATTRIBUTES, *PREDICATES)})


def value_label(attribute: str, value: str) -> Label:
    """What a value of a closed list is called; the value itself where the attribute has no such list."""
    listed = LISTED_ATTRIBUTES.get(attribute)
    if listed is None or value not in {member.value for member in listed}:
        return Label(value, value)
    return _told(value_iri(listed(value)), value)


def qualifier_label(predicate: str, key: str, value: str) -> Label:
    """What a value of a qualifier is called on a relation: a role, which `participatesIn` has of its own, or a sort of need.

    The value itself where the lists know nothing of it.
    """
    roles = ParticipationRole if predicate == "participatesIn" else RelationRole
    listed = {"role": roles, "need_type": NeedType}.get(key)
    if listed is None or value not in {member.value for member in listed}:
        return Label(value, value)
    return _told(value_iri(listed(value)), value)


def _told(iri: str, otherwise: str) -> Label:
    told = _texts()
    return Label(told.get((iri, "fr"), otherwise), told.get((iri, "en"), otherwise))


@cache
def _texts() -> Mapping[tuple[str, str], str]:
    """Labels of the ontology by IRI and language."""
    from rdflib import Graph
    from rdflib.namespace import RDFS, SKOS

    graph = Graph().parse(data=(files("ontology") / "passerelle.ttl").read_text(encoding="utf-8"), format="turtle")
    told: dict[tuple[str, str], str] = {}
    for predicate in (SKOS.prefLabel, RDFS.label):
        for subject, label in graph.subject_objects(predicate):
            told[str(subject), str(getattr(label, "language", "") or "")] = str(label)
    return MappingProxyType(told)
