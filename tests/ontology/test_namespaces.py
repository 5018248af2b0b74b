"""IRIs and the way back: by hand, and for every text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.model import ATTRIBUTES, PREDICATES, QUALIFIERS, EntityKind, NeedType
from ontology.namespaces import (
    BASE,
    ENTITY,
    GRAPH,
    PACKAGE,
    PREFIXES,
    RECORD,
    STATEMENT,
    VALUE_LISTS,
    VOCABULARY,
    class_iri,
    entity_id,
    entity_iri,
    graph_iri,
    list_iri,
    local_name,
    package_iri,
    predicate_iri,
    prediction_iri,
    record_iri,
    statement_iri,
    value_iri,
)

# what RFC 3986 allows in a path, percent-encoding included
SAFE = re.compile(r"(?:[A-Za-z0-9._~:/-]|%[0-9A-F]{2})*")


@pytest.mark.parametrize(
    ("key", "iri"),
    [
        ("utbm", "https://w3id.org/passerelle/id/utbm"),
        ("skill:hydrogen", "https://w3id.org/passerelle/id/skill:hydrogen"),
        ("a b/é", "https://w3id.org/passerelle/id/a%20b%2F%C3%A9"),
        ("100%|<x>", "https://w3id.org/passerelle/id/100%25%7C%3Cx%3E"),
        ("..", "https://w3id.org/passerelle/id/%2E%2E"),
        ("a.b", "https://w3id.org/passerelle/id/a.b"),
    ],
)
def test_entities_by_hand(key: str, iri: str) -> None:
    assert entity_iri(key) == iri
    assert entity_id(iri) == key


@given(st.text(), st.sampled_from([BASE, "https://data.example.org/"]))
def test_an_entity_comes_back(key: str, base: str) -> None:
    iri = entity_iri(key, base)
    assert entity_id(iri, base) == key
    assert SAFE.fullmatch(iri.removeprefix(base + "id/"))


@given(st.text(), st.text())
def test_two_ids_have_two_iris(one: str, other: str) -> None:
    assert (entity_iri(one) == entity_iri(other)) == (one == other)
    assert (record_iri(one) == record_iri(other)) == (one == other)
    assert (prediction_iri(one, other) == prediction_iri(other, one)) == (one == other)


@pytest.mark.parametrize(
    "iri", ["", "https://example.org/id/utbm", ENTITY + "%41", ENTITY + "a#geometry", ENTITY + "%FF", ENTITY + "a b", RECORD + "a"]
)
def test_other_texts_are_no_entities(iri: str) -> None:
    assert entity_id(iri) is None


def test_bases() -> None:
    assert (statement_iri(""), record_iri(""), package_iri(""), graph_iri("")) == (STATEMENT, RECORD, PACKAGE, GRAPH)
    assert record_iri("tiny/needs/a|b") == RECORD + "tiny/needs/a%7Cb"
    assert record_iri("k", "https://x.org/") == "https://x.org/record/k"


def test_properties_and_classes() -> None:
    assert predicate_iri("collaboratesWith") == VOCABULARY + "collaboratesWith"
    assert predicate_iri("suppliedBy") == VOCABULARY + "suppliedBy"
    assert predicate_iri("max_contribution") == VOCABULARY + "maxContribution"
    assert predicate_iri("description_fr") == predicate_iri("description_en") == VOCABULARY + "description"
    assert predicate_iri("type") == PREFIXES["rdf"] + "type"
    assert class_iri(EntityKind.STRATEGY_ITEM) == VOCABULARY + "StrategyItem"
    assert value_iri(NeedType.TEST_EQUIPMENT) == VOCABULARY + "NeedType-test_equipment"


def test_local_names_do_not_clash() -> None:
    """Only the languages of one attribute, and a qualifier that means what the attribute means, share a property."""
    names: dict[str, set[str]] = {}
    for name in [*PREDICATES, *ATTRIBUTES, *QUALIFIERS, *(p.inverse for p in PREDICATES.values() if p.inverse)]:
        names.setdefault(local_name(name), set()).add(re.sub(r"_(fr|en)$", "", name))
    assert {name: found for name, found in names.items() if len(found) > 1} == {}
    assert not set(names) & set(PREFIXES)
    terms = [class_iri(kind) for kind in EntityKind] + [list_iri(values) for values in VALUE_LISTS]
    terms += [value_iri(value) for values in VALUE_LISTS for value in values]
    assert len(set(terms)) == len(terms)
