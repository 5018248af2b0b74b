"""Where the organisations of an RDF file are: commune, address, coordinates, in the ways that ORG, vCard, LOCN and schema.org say it."""

from __future__ import annotations

import re

from graph_builder.normalise import insee_ok, place_id, slug
from graph_builder.sources.rdf_file import terms
from graph_builder.sources.rdf_file.actors import Reading
from graph_builder.sources.rdf_file.graph import BLANK
from ontology.model import EntityKind
from ontology.namespaces import entity_id

MAX_STEPS = 4
"""How far an address may lie from its organisation: site, address, locality, geometry."""

_INSEE = re.compile(r"https?://(?:id|rdf)\.insee\.fr/geo/commune/([0-9AB]{5})(?:/.*)?", re.ASCII)
_POINT = re.compile(r"\s*(?:<([^>]*)>\s*)?POINT\s*\(\s*(-?[0-9.]+)\s+(-?[0-9.]+)\s*\)\s*", re.IGNORECASE | re.ASCII)
_LAT_FIRST = "http://www.opengis.net/def/crs/EPSG/0/4326"


def add_places(reading: Reading) -> None:
    """Add the place, the address and the coordinates of every organisation."""
    for node, actor in reading.actors.items():
        around = _around(reading, node)
        record = reading.record("organisations", node)
        fallback = next((name for inner in around for name in _localities(reading, inner)), "")
        place = next((found for inner in around if (found := _place(reading, inner, fallback))), None)
        if place:
            reading.ledger.relation(actor, "locatedIn", place, record)
        for predicate, wanted in (("postcode", terms.POSTCODE), ("address", terms.STREET)):
            text = next((literal.text for inner in around for literal in reading.graph.literals(inner, wanted)), "")
            reading.ledger.attribute(actor, predicate, text, record)
        point = next((pair for inner in around if (pair := _point(reading, inner))), None)
        for predicate, value in zip(("lat", "lon"), point or (), strict=False):
            reading.ledger.attribute(actor, predicate, value, record)


def _around(reading: Reading, node: str) -> list[str]:
    """The organisation and the nodes that say where it is, the nearest first; other organisations are not among them."""
    steps = (*terms.SITES, *terms.WHERE, *terms.LOCALITY, *terms.GEOMETRY)
    found, level = [node], [node]
    for _ in range(MAX_STEPS):
        level = [
            inner
            for outer in level
            for inner in reading.graph.nodes(outer, steps)
            if inner not in reading.actors and inner not in found and (reading.graph.describes(inner) or not inner.startswith(BLANK))
        ]
        level = list(dict.fromkeys(level))
        found += level
    reading.read.update(inner for inner in found if inner.startswith(BLANK) or inner in reading.actors)
    return found


def _localities(reading: Reading, node: str) -> list[str]:
    texts = (" ".join(text.split()) for text in reading.graph.texts(node, terms.LOCALITY))
    return [text for text in texts if slug(text) and not text.startswith("http")]


def _place(reading: Reading, node: str, fallback: str) -> str | None:
    """The id of the place that a node is or names, described here; None when it tells none. `fallback` names a commune without a label."""
    match, own = _INSEE.fullmatch(node), entity_id(node) or ""
    if match and insee_ok(match[1]):
        return _described(reading, node, match[1], next(iter(reading.texts.names(node, terms.NAMES)), fallback))
    if own.startswith("place:"):
        code = own.removeprefix("place:")
        return _described(reading, node, code if insee_ok(code) else "", "")
    for name in _localities(reading, node)[:1]:
        return _described(reading, node, "", name)
    return None


def _described(reading: Reading, node: str, insee: str, name: str) -> str | None:
    graph, ledger = reading.graph, reading.ledger
    name = name or next(iter(reading.texts.names(node, terms.NAMES)), insee)
    if not slug(name):
        return None
    subject = place_id(name, insee)
    record = ledger.record("places", subject.removeprefix("place:"), sources=[reading.source], published=reading.published)
    ledger.entity(subject, EntityKind.PLACE, record)
    if (subject, "name") not in reading.told:
        reading.told.add((subject, "name"))
        ledger.attribute(subject, "name", name, record)
        ledger.attribute(subject, "insee", insee, record)
        country = next((text for text in graph.texts(node, terms.COUNTRY) if re.fullmatch("[A-Z]{2}", text)), "FR" if insee else "")
        ledger.attribute(subject, "country", country, record)
        for predicate, value in zip(("lat", "lon"), _point(reading, node) or () if insee else (), strict=False):
            ledger.attribute(subject, predicate, value, record)
    return subject


def _point(reading: Reading, node: str) -> tuple[str, str] | None:
    """Latitude and longitude that a node has, as text; None when it has none that are right."""
    for lat, lon in [*_pairs(reading, node), *_wkt(reading, node)]:
        try:
            values = float(lat), float(lon)
        except ValueError:
            values = (999.0, 999.0)
        if abs(values[0]) <= 90 and abs(values[1]) <= 180:
            return repr(values[0]).removesuffix(".0"), repr(values[1]).removesuffix(".0")
        reading.ledger.skip("coordinates that are no latitude and longitude", "they are left out: give degrees, WGS 84")
    return None


def _pairs(reading: Reading, node: str) -> list[tuple[str, str]]:
    lats, lons = (reading.graph.literals(node, wanted) for wanted in (terms.LAT, terms.LON))
    return [(lats[0].text, lons[0].text)] if lats and lons else []


def _wkt(reading: Reading, node: str) -> list[tuple[str, str]]:
    pairs = []
    for literal in reading.graph.literals(node, terms.WKT):
        match = _POINT.fullmatch(literal.text)
        if match:
            lat_first = (match[1] or "").rstrip("/") == _LAT_FIRST
            pairs.append((match[2], match[3]) if lat_first else (match[3], match[2]))
    return pairs
