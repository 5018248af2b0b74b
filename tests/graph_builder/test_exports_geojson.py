"""GeoJSON, checked against RFC 7946 without a library of maps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_builder.exports import write_export
from graph_builder.exports.entities import Entities
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler
from ontology.model import Basis, EntityKind
from tests.graph_builder.hostile import NAMES, hostile
from tests.graph_builder.tiny import Info, seed


def exported(snapshot: Snapshot, tmp_path: Path) -> dict[str, object]:
    text = write_export("geojson", snapshot, tmp_path / "out.geojson").path.read_text(encoding="utf-8")

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    loaded: dict[str, object] = json.loads(text, parse_constant=refuse)
    return loaded


@pytest.mark.parametrize("snapshot", [hostile(), seed()], ids=["hostile", "seed"])
def test_rfc_7946(snapshot: Snapshot, tmp_path: Path) -> None:
    collection = exported(snapshot, tmp_path)
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection and not {"coordinates", "geometry", "properties"} & set(collection)  # sections 4 and 7.1
    features = collection["features"]
    assert isinstance(features, list) and features
    lat, lon = snapshot.values("lat"), snapshot.values("lon")
    assert {feature["id"] for feature in features} == {actor for actor in snapshot.entities(EntityKind.ORGANIZATION) if actor in lat}
    assert {feature["properties"]["outside"] for feature in features} == {False}
    for feature in features:
        assert feature["type"] == "Feature" and set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["geometry"] == {"type": "Point", "coordinates": [float(lon[feature["id"]]), float(lat[feature["id"]])]}
        assert feature["properties"]["id"] == feature["id"]
        assert {"name", "kind", "role", "sectors", "skills", "website", "sources"} <= set(feature["properties"])


def test_properties_of_an_actor(tmp_path: Path) -> None:
    features = exported(hostile(), tmp_path)["features"]
    assert isinstance(features, list)
    by_id = {feature["id"]: feature["properties"] for feature in features}
    assert {actor: properties["name"] for actor, properties in by_id.items()} == {key: name for key, name in NAMES.items() if key != "formula"}
    assert by_id["scripts"]["sectors"] == ['Sector à l\'été; "x"']
    assert by_id["scripts"]["skills"] == [], "what a rule infers is no property of an actor"
    assert by_id["scripts"]["sources"] == ["source:a", "source:b"]


def test_longitude_of_belfort_comes_first(tmp_path: Path) -> None:
    features = exported(seed(), tmp_path)["features"]
    assert isinstance(features, list)
    inside = [feature["geometry"]["coordinates"] for feature in features if feature["id"] == "utbm"]
    assert inside == [[6.86992, 47.58923]]  # data_seeds/nord-franche-comte/actors.csv


def test_both_halves_come_from_one_record_and_lie_on_the_globe() -> None:
    filler = Filler()
    for number, (lat, lon) in enumerate([("47", ""), ("48.5", "6.5"), ("40", "1")]):
        record = filler.record(f"tiny/actors/{number}")
        filler.attribute("a", "lat", lat, record)
        filler.attribute("a", "lon", lon, record)
    for actor, lat, lon in (("b", "91", "0"), ("c", "0", "181"), ("d", "nan", "0"), ("e", "x", "0"), ("f", "-90", "180")):
        record = filler.record(f"tiny/actors/{actor}")
        filler.attribute(actor, "lat", lat, record)
        filler.attribute(actor, "lon", lon, record)
    assert Entities(in_memory(filler.tables(), [Info()])).coordinates == {"a": (48.5, 6.5), "f": (-90.0, 180.0)}


def test_an_actor_without_a_position_stands_at_its_place_and_says_so(tmp_path: Path) -> None:
    filler = Filler()
    places = filler.record("tiny/places")
    for key, kind, lat in (("place:1", "Place", "47.5"), ("place:2", "Place", ""), ("host", "Organization", "40.0")):
        filler.attribute(key, "type", kind, places)
        filler.attribute(key, "lat", lat, places)
        filler.attribute(key, "lon", lat and "6.8", places)
    for actor, where in (("own", "place:1"), ("firm", "place:1"), ("lost", "place:2"), ("guest", "host"), ("nowhere", "")):
        record = filler.record(f"tiny/actors/{actor}")
        filler.attribute(actor, "type", "Organization", record)
        filler.attribute(actor, "geo_precision", "street" if actor == "own" else "none", record)
        if actor == "own":
            filler.attribute(actor, "lat", "47.1", record)
            filler.attribute(actor, "lon", "6.1", record)
        if where:
            filler.relation(actor, "locatedIn", where, record)
    filler.relation("nowhere", "locatedIn", "place:1", filler.record("tiny/guess"), basis=Basis.INFERRED)
    features = exported(in_memory(filler.tables(), [Info()]), tmp_path)["features"]
    assert isinstance(features, list)
    points = {feature["id"]: (feature["geometry"]["coordinates"], feature["properties"]["geo_precision"]) for feature in features}
    assert points == {"firm": ([6.8, 47.5], "place"), "own": ([6.1, 47.1], "street"), "host": ([6.8, 40.0], None)}


def test_an_actor_of_elsewhere_is_marked(tmp_path: Path) -> None:
    filler = Filler()
    for actor, outside in (("away", "yes"), ("here", ""), ("said", "no")):
        record = filler.record(f"tiny/actors/{actor}")
        for name, value in (("type", "Organization"), ("outside", outside), ("lat", "47"), ("lon", "6")):
            filler.attribute(actor, name, value, record)
    features = exported(in_memory(filler.tables(), [Info()]), tmp_path)["features"]
    assert isinstance(features, list)
    assert {feature["id"]: feature["properties"]["outside"] for feature in features} == {"away": True, "here": False, "said": False}
