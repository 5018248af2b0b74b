"""Words that packages share: who describes them, what is warned of, what is refused."""

from __future__ import annotations

from graph_builder.identity import check_identities
from graph_builder.snapshot import in_memory
from graph_builder.tables import Filler, Tables, concatenate
from graph_builder.vocabulary import dangling, one_gazetteer, one_vocabulary


def package(name: str, *, commune: str = "Belfort", role: str = "company", described: bool = True) -> Tables:
    """One actor of a kind in a commune; `described` says whether the package describes the commune and the kind itself."""
    fill = Filler()
    source = fill.record(f"{name}/sources/s", sources=[f"source:{name}"])
    fill.attribute(f"source:{name}", "type", "Source", source)
    actor = fill.record(f"{name}/actors/{name}", sources=[f"source:{name}"])
    fill.attribute(name, "type", "Organization", actor)
    fill.attribute(name, "kind", "kind:firm", actor)
    fill.relation(name, "locatedIn", "place:90010", actor)
    if described:
        place = fill.record(f"{name}/places/{commune}", sources=[f"source:{name}"])
        kind = fill.record(f"{name}/kinds/firm", sources=[f"source:{name}"])
        rule = fill.record(f"{name}/inference/offer", sources=["source:inference-offer"])
        fill.attribute("place:90010", "type", "Place", place)
        fill.attribute("place:90010", "name", commune, place)
        fill.attribute("kind:firm", "type", "ActorKind", kind)
        fill.attribute("kind:firm", "role", role, kind)
        fill.attribute("source:inference-offer", "type", "Source", rule)
    return fill.tables()


def test_the_first_package_describes() -> None:
    parts = [("a", package("a")), ("b", package("b", commune="BELFORT"))]
    assert check_identities(parts) == []
    united, warnings = one_vocabulary(parts)
    assert warnings == []
    snapshot = in_memory(concatenate(tables for _, tables in united))
    assert snapshot.lists("name")["place:90010"] == ("Belfort",)
    assert set(snapshot.lists("locatedIn")) == {"a", "b"}
    cited = {*snapshot.attributes["record"].to_pylist(), *snapshot.relations["record"].to_pylist()}
    assert set(snapshot.records["record"].to_pylist()) == cited, "no record is left without a fact"
    other, _ = one_vocabulary(parts[::-1])
    assert in_memory(concatenate(tables for _, tables in other)).values("name")["place:90010"] == "BELFORT"


def test_a_kind_that_means_something_else() -> None:
    _, (warning,) = one_vocabulary([("a", package("a")), ("b", package("b", role="public"))])
    assert (warning.severity, warning.file, warning.column) == ("warning", "b", "role")
    assert warning.found == "'kind:firm' has role 'public' here and 'company' in 'a'"


def test_a_word_of_another_package() -> None:
    parts = [("a", package("a")), ("b", package("b", described=False))]
    assert dangling(parts) == []
    place, kind = dangling(parts[1:])
    assert (place.file, place.found) == ("b", "'place:90010' is named but not described")
    assert kind.found == "the kind 'kind:firm' is not described"
    assert {place.severity, kind.severity} == {"error"}


def test_an_actor_is_no_word() -> None:
    findings = check_identities([("a", package("a")), ("b", concatenate([package("b"), package("a")]))])
    assert [finding.found for finding in findings] == ["'a' is in the package 'a' too", "'source:a' is in the package 'a' too"]


def places(name: str, *rows: tuple[str, str, str]) -> Tables:
    """Places (id, name, country), each with one actor in it."""
    fill = Filler()
    for place, called, country in rows:
        record = fill.record(f"{name}/places/{place}", sources=[f"source:{name}"])
        fill.attribute(f"place:{place}", "type", "Place", record)
        fill.attribute(f"place:{place}", "name", called, record)
        fill.attribute(f"place:{place}", "country", country, record)
        fill.relation(f"{name}-{place}", "locatedIn", f"place:{place}", record)
    return fill.tables()


def test_a_place_without_a_code_is_the_known_one_of_its_name() -> None:
    territory = places(
        "a", ("25056", "Besançon", "FR"), ("vesoul", "Vesoul", "FR"), ("70520", "Saint-Sauveur", "FR"), ("sauveur", "Saint Sauveur", "FR")
    )
    later = places(
        "b", ("besancon-fr", "Besancon", "FR"), ("besancon-ch", "Besancon", "CH"), ("25999", "Vesoul", "FR"), ("saint", "Saint-Sauveur", "FR")
    )
    (_, first), (_, second) = one_gazetteer([("a", territory), ("b", later)])
    assert first.relations["object"].to_pylist() == ["place:25056", "place:vesoul", "place:70520", "place:sauveur"]
    told = second.relations["object"].to_pylist()
    assert told == ["place:25056", "place:besancon-ch", "place:25999", "place:saint"], "another country, a code of its own, two of that name"
