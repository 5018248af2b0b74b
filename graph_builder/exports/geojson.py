"""The actors on the map as GeoJSON, one feature per line. Source: RFC 7946."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from graph_builder.exports.about import created, title
from graph_builder.exports.entities import Entities
from graph_builder.exports.rows import stated
from graph_builder.snapshot import Snapshot
from ontology.model import EntityKind

Json = dict[str, object]

PLACE = "place"
"""Precision of a point that is that of the place of the actor."""


def write_geojson(snapshot: Snapshot, path: Path) -> None:
    """Write the actors that have a position as points; the same bytes for the same snapshot. Raises QueryError, OSError."""
    head: Json = {"title": title(snapshot), "created": created(snapshot).isoformat(), "digest": snapshot.digest}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"type": "FeatureCollection",\n"passerelle": {_json(head)},\n"features": [')
        for number, feature in enumerate(features(snapshot)):
            file.write(",\n" if number else "\n")
            file.write(_json(feature))
        file.write("\n]}\n")


def features(snapshot: Snapshot) -> Iterator[Json]:
    """One feature per actor with coordinates or in a place that has some, sorted by id.

    The point of a place is told by `geo_precision`: "place". Names of skills and sectors are in French; stated facts only.
    """
    entities = Entities(snapshot)
    sectors, skills = stated(snapshot, "operatesInSector"), stated(snapshot, "offersSkill")
    places = stated(snapshot, "locatedIn")
    website, precision, name_en = snapshot.values("website"), snapshot.values("geo_precision"), snapshot.values("name_en")
    for actor in snapshot.entities(EntityKind.ORGANIZATION):
        point, own = entities.coordinates.get(actor), actor in entities.coordinates
        for place in places.get(actor, ()):
            if point is None and entities.kind.get(place) == EntityKind.PLACE:
                point = entities.coordinates.get(place)
        if point is None:
            continue
        lat, lon = point
        kind = entities.actor_kind(actor)
        yield {
            "type": "Feature",
            "id": actor,
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {
                "id": actor,
                "name": entities.name(actor),
                "name_en": name_en.get(actor),
                "kind": entities.name(kind) if kind else None,
                "role": entities.role(actor),
                "sectors": [entities.name(sector) for sector in sectors.get(actor, ())],
                "skills": [entities.name(skill) for skill in skills.get(actor, ())],
                "outside": entities.outside(actor),
                "website": website.get(actor),
                "geo_precision": precision.get(actor) if own else PLACE,
                "sources": list(entities.sources(actor)),
            },
        }


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
