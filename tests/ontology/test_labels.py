"""Labels of predicates, attributes, values and qualifiers come from passerelle.ttl, in both languages."""

from __future__ import annotations

import pytest

from ontology.labels import labels, qualifier_label, value_label
from ontology.model import ATTRIBUTES, PREDICATES, QUALIFIERS, NeedType, ParticipationRole, RelationRole
from ontology.namespaces import LISTED_ATTRIBUTES


def test_every_predicate_and_attribute_is_named_in_both_languages() -> None:
    told = labels()
    assert set(told) == {*ATTRIBUTES, *PREDICATES}
    silent = {name for name, label in told.items() if name in (label.fr, label.en) and "_" in name}
    assert silent == set(), "the ontology has no label"
    assert (told["needsSkill"], told["siren"].fr) == (("cherche", "needs"), "numéro SIREN")


def test_labels_of_relations_are_those_of_the_model() -> None:
    assert {name: tuple(labels()[name]) for name in PREDICATES} == {name: (p.label["fr"], p.label["en"]) for name, p in PREDICATES.items()}


@pytest.mark.parametrize(("attribute", "value"), [(a, member.value) for a, listed in LISTED_ATTRIBUTES.items() for member in listed])
def test_every_value_of_a_closed_list_is_named(attribute: str, value: str) -> None:
    label = value_label(attribute, value)
    assert label.fr and label.en and "_" not in label.fr + label.en


def test_other_values_stay_as_they_are() -> None:
    assert value_label("name", "company") == ("company", "company")
    assert value_label("status", "no such status") == ("no such status", "no such status")


@pytest.mark.parametrize(
    ("predicate", "key", "value"),
    [("participatesIn", "role", role.value) for role in ParticipationRole]
    + [("governs", "role", role.value) for role in RelationRole]
    + [("needsSkill", "need_type", need.value) for need in NeedType],
)
def test_every_role_and_sort_of_need_is_named(predicate: str, key: str, value: str) -> None:
    label = qualifier_label(predicate, key, value)
    assert label.fr and label.en and "_" not in label.fr + label.en
    assert label.fr != value or value == label.en.lower(), "a French label of its own"


def test_a_role_is_named_after_its_relation() -> None:
    assert qualifier_label("participatesIn", "role", "lead") != qualifier_label("governs", "role", "no such role")
    assert qualifier_label("governs", "role", "shareholder").fr == "Actionnaire"
    assert qualifier_label("participatesIn", "role", "shareholder") == ("shareholder", "shareholder"), "no role in a project"


def test_other_qualifiers_stay_as_they_are() -> None:
    assert {key: qualifier_label("governs", key, "lead") for key in QUALIFIERS - {"role", "need_type"}} == dict.fromkeys(
        QUALIFIERS - {"role", "need_type"}, ("lead", "lead")
    )
