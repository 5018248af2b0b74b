"""Merges applied to the tables: ids, names, single and multiple values, outside actors, relations, records."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from graph_builder.canonical import canonical
from graph_builder.resolution.merging import FOLLOWS, SEVERAL, merge
from graph_builder.tables import Filler, Tables
from ontology.model import ATTRIBUTES, Confidence


def part(name: str, actors: Mapping[str, Mapping[str, str]], links: tuple[tuple[str, str, str], ...] = ()) -> tuple[str, Tables]:
    filler = Filler()
    for key, values in actors.items():
        record = filler.record(f"{name}/{key}", sources=[f"source:{name}"])
        filler.attribute(key, "type", "Organization", record)
        for predicate, value in values.items():
            for item in value.split(";"):
                filler.attribute(key, predicate, item, record, confidence=Confidence.LIKELY)
    for subject, predicate, obj in links:
        filler.relation(subject, predicate, obj, filler.record(f"{name}/{subject}|{predicate}|{obj}"))
    return name, filler.tables()


def values(tables: Tables, subject: str, predicate: str) -> list[tuple[str, str]]:
    """Values with their records, sorted."""
    rows = tables.attributes.to_pylist()
    return sorted((row["value"], row["record"]) for row in rows if (row["subject"], row["predicate"]) == (subject, predicate))


def relations(tables: Tables) -> list[tuple[str, str, str]]:
    return sorted((row["subject"], row["predicate"], row["object"]) for row in tables.relations.to_pylist())


def test_without_merges_nothing_changes() -> None:
    parts = [part("one", {"a": {"name": "A"}}), part("two", {"b": {"name": "B"}})]
    merged = merge(parts, {})
    assert merged.conflicts == () and merged.tables.attributes.num_rows == 4


def test_names_ids_and_single_values() -> None:
    one = part("one", {"a": {"name": "Énergie", "kind": "kind:pme", "alt_name": "E"}, "z": {"name": "Other", "kind": "kind:z"}})
    two = part("two", {"pic:1": {"name": "ENERGIE SA", "kind": "kind:prc", "country": "FR", "pic": "1", "alt_name": "E;EN", "sme": "no"}})
    three = part("three", {"siren:2": {"name": "energie", "country": "DE", "sme": "no"}})
    merged = merge([one, two, three], {"pic:1": "a", "siren:2": "a"})
    tables = merged.tables
    assert values(tables, "a", "name") == [("Énergie", "one/a")]
    assert values(tables, "a", "alt_name") == [
        ("E", "one/a"),
        ("E", "two/pic:1"),
        ("EN", "two/pic:1"),
        ("ENERGIE SA", "two/pic:1"),
    ]  # "energie" folds to the name
    assert values(tables, "a", "alias") == [("pic:1", "two/pic:1"), ("siren:2", "three/siren:2")]
    assert values(tables, "a", "kind") == [("kind:pme", "one/a")]  # the one that stays
    assert values(tables, "a", "country") == [("FR", "two/pic:1")]  # else the first package
    assert values(tables, "a", "sme") == [("no", "three/siren:2"), ("no", "two/pic:1")]  # said twice alike: both sources stay
    assert values(tables, "a", "pic") == [("1", "two/pic:1")]
    assert values(tables, "z", "kind") == [("kind:z", "one/z")]
    assert {row["subject"] for row in tables.attributes.to_pylist()} == {"a", "z"}
    assert sorted((c.predicate, c.kept, c.dropped) for c in merged.conflicts) == [("country", "FR", "DE"), ("kind", "kind:pme", "kind:prc")]
    assert tables.records.num_rows == 4
    canonical(tables)  # every fact has its record


def test_what_belongs_together_comes_from_one_record() -> None:
    one = part("one", {"a": {"lat": "47.1", "lon": "6.1", "geo_precision": "commune_point", "website": "https://a.fr"}})
    two = part(
        "two",
        {"b": {"lat": "48.9", "lon": "2.3", "website": "https://b.fr", "website_confidence": "known", "recommendable": "no", "why_not": "closed"}},
    )
    tables = merge([one, two], {"b": "a"}).tables
    assert [values(tables, "a", name) for name in ("lat", "lon")] == [[("47.1", "one/a")], [("6.1", "one/a")]]
    assert values(tables, "a", "website_confidence") == []  # that of the other address
    assert values(tables, "a", "why_not") == [("closed", "two/b")]  # nobody else says it


@pytest.mark.parametrize("stays", ["a", "pic:1"])
def test_an_outside_partner_takes_nothing_from_an_actor_of_the_territory(stays: str) -> None:
    one = part("one", {"a": {"name": "A", "recommendable": "yes"}})
    two = part("two", {"pic:1": {"name": "A", "outside": "yes", "recommendable": "no", "why_not": "outside"}})
    gone = {"a", "pic:1"} - {stays}
    tables = merge([one, two], {gone.pop(): stays}).tables
    assert values(tables, stays, "outside") == values(tables, stays, "why_not") == []
    assert values(tables, stays, "recommendable") == [("yes", "one/a")]


def test_two_outside_actors_stay_outside_and_no_wins_over_yes() -> None:
    row = {"outside": "yes", "recommendable": "no", "why_not": "outside"}
    tables = merge([part("one", {"a": row}), part("two", {"b": row})], {"b": "a"}).tables
    assert [value for value, _ in values(tables, "a", "outside")] == ["yes", "yes"]
    tables = merge([part("one", {"a": row}), part("two", {"b": {"outside": "no"}})], {"b": "a"}).tables
    assert values(tables, "a", "outside") == [("no", "two/b")]
    assert values(tables, "a", "recommendable") == []


def test_relations_are_rewritten_on_both_sides_and_loops_fall() -> None:
    one = part("one", {"a": {}, "x": {}}, (("a", "memberOf", "x"), ("x", "owns", "a"), ("a", "collaboratesWith", "c")))
    two = part("two", {"b": {}, "c": {}}, (("b", "memberOf", "c"), ("c", "owns", "b"), ("b", "partOf", "a"), ("x", "supports", "x")))
    merged = merge([one, two], {"b": "a", "c": "x"})
    assert relations(merged.tables) == [
        *[("a", "collaboratesWith", "x"), ("a", "memberOf", "x"), ("a", "memberOf", "x")],
        *[("x", "owns", "a"), ("x", "owns", "a"), ("x", "supports", "x")],  # a loop that the source states is not ours to hide
    ]
    assert [(c.kind, c.subject, c.predicate, c.kept, c.dropped) for c in merged.conflicts] == [("self_relation", "a", "partOf", "b", "a")]


def test_an_actor_keeps_one_place_on_the_map() -> None:
    one = part("one", {"a": {}, "n": {}}, (("a", "locatedIn", "place:1"), ("a", "locatedIn", "park"), ("n", "locatedIn", "place:5")))
    two = part("two", {"b": {}, "m": {}}, (("b", "locatedIn", "place:2"), ("b", "locatedIn", "place:1"), ("m", "locatedIn", "place:3")))
    merged = merge([one, two], {"b": "a"})
    places = [
        ("a", "locatedIn", "park"),
        ("a", "locatedIn", "place:1"),
        ("a", "locatedIn", "place:1"),
        ("m", "locatedIn", "place:3"),
        ("n", "locatedIn", "place:5"),
    ]
    assert relations(merged.tables) == places
    assert [(c.predicate, c.kept, c.dropped) for c in merged.conflicts] == [("locatedIn", "place:1", "place:2")]
    without = part("one", {"a": {}})
    assert relations(merge([without, part("two", {"b": {}}, (("b", "locatedIn", "place:2"),))], {"b": "a"}).tables) == [("a", "locatedIn", "place:2")]


def test_the_lists_name_attributes_of_the_vocabulary() -> None:
    assert set(ATTRIBUTES) >= SEVERAL
    assert set(ATTRIBUTES) >= {*FOLLOWS, *FOLLOWS.values()}
