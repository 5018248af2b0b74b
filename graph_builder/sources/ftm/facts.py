"""FollowTheMoney entities as facts: actors, places, projects and links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from graph_builder.normalise import place_id, slug, vat_fr_ok
from graph_builder.sources.entities.circles import circles
from graph_builder.sources.entities.ids import ascii_slug, choose_sirens, short_hash, sirens_in
from graph_builder.sources.entities.info import plain_date
from graph_builder.sources.entities.ledger import KINDS, Record, add_kind
from graph_builder.sources.findings import shown
from graph_builder.sources.ftm.lines import Entity
from graph_builder.sources.ftm.links import add_links
from graph_builder.sources.ftm.reading import PERSON, FtmReading, may_be_person
from graph_builder.sources.ftm.schemas import ACTORS, EDGES, PERSONS, SCHEMATA, own_id
from ontology.errors import Finding
from ontology.model import EntityKind, Status

IDENTIFIERS = ("registrationNumber", "taxNumber", "vatCode", "idNumber")
MOST_PARTNERS = 9
"""A project of more partners is a programme: it makes nobody the partner of anybody. The rule of the first territory."""

_META = frozenset("modifiedAt retrievedAt createdAt last_change last_seen first_seen publisher publisherUrl sourceUrl alephUrl proof".split())
_CONTACT = frozenset({"email", "phone"})


def fill(reading: FtmReading) -> list[Finding]:
    """Fill the ledger from the entities; returns the errors."""
    actors, projects = _sorted_out(reading)
    if not actors:
        return [Finding(reading.ledger.file, None, "schema", "no organisation with a name", f"looked for {', '.join(ACTORS)} with a name")]
    _name(reading, actors, projects)
    for entity in actors:
        _actor(reading, entity)
    links = [entity for entity in reading.entities.values() if entity.schema in EDGES or entity.schema == "UnknownLink"]
    partners = add_links(reading, links)
    for entity in projects:
        _project(reading, entity, partners[entity.id])
    _report_unread(reading)
    above = {reading.actors[e.id]: [reading.actors[parent] for parent in e.all("parent") if parent in reading.actors] for e in actors}
    return circles(reading.ledger.file, above, "parent", "a part belongs to a whole, never round: remove one of these links")


def _sorted_out(reading: FtmReading) -> tuple[list[Entity], list[Entity]]:
    """The actors and the projects; everything else that is no link or address is counted."""
    actors: list[Entity] = []
    projects: list[Entity] = []
    for entity in reading.entities.values():
        schema = entity.schema
        if schema in PERSONS or (schema in ACTORS and may_be_person(entity)):
            reading.ledger.skip(*PERSON)
        elif schema not in SCHEMATA:
            reading.ledger.skip(f"entities of the schema {shown(schema)}", "this schema is not read")
        elif schema in ACTORS or schema == "Project":
            if not entity.first("name"):
                reading.warn(entity, "name", f"{schema} without a name", "it is left out")
            else:
                (projects if schema == "Project" else actors).append(entity)
    return actors, projects


def _name(reading: FtmReading, actors: list[Entity], projects: list[Entity]) -> None:
    found = {}
    for entity in actors:
        pairs = [sirens_in(text) for text in entity.all(*IDENTIFIERS)]
        own = own_id(entity.id) or ""
        plain = [own.removeprefix("siren:")] if own.startswith("siren:") else [number for numbers, _ in pairs for number in numbers]
        found[entity.id] = (plain, [number for _, numbers in pairs for number in numbers])
    chosen, shared = choose_sirens(found, frozenset())
    for siren, ids in shared.items():
        reading.ledger.skip(f"organisations that share the SIREN {siren}", "none of them keeps it: give each its own, or join them", len(ids))
    wanted = {entity.id: own_id(entity.id) or ascii_slug(entity.id) for entity in [*actors, *projects]}
    count = Counter(wanted.values())
    unique = {key: text if text and count[text] == 1 else f"{text or 'n'}-{short_hash(key)}" for key, text in wanted.items()}
    names = {key: f"{reading.ledger.package}:{text}" for key, text in unique.items()}
    reading.actors = {entity.id: f"siren:{chosen[entity.id]}" if entity.id in chosen else names[entity.id] for entity in actors}
    reading.projects = {entity.id: names[entity.id] for entity in projects}


# actors --------------------------------------------------------------------------------------------------------------


def _actor(reading: FtmReading, entity: Entity) -> None:
    actor, record, ledger = reading.actors[entity.id], reading.record("entities", entity), reading.ledger
    ledger.entity(actor, EntityKind.ORGANIZATION, record)
    told = next((text for text in entity.all("classification") if text in KINDS), ACTORS[entity.schema])
    ledger.attribute(actor, "kind", add_kind(ledger, "ftm", told, reading.source), record)
    for predicate, value in _attributes(reading, entity, actor):
        ledger.attribute(actor, predicate, value, record)
    for label in entity.all("sector"):
        _sector(reading, actor, label, record)
    for parent in entity.all("parent"):
        if parent in reading.actors:
            ledger.relation(actor, "partOf", reading.actors[parent], record)
    _place(reading, entity, actor, record)
    reading.take(entity, "name alias previousName weakAlias description summary notes website keywords vatCode legalForm classification sector")
    reading.take(entity, "parent address addressEntity dissolutionDate registrationNumber taxNumber status country jurisdiction")


def _attributes(reading: FtmReading, entity: Entity, actor: str) -> Iterator[tuple[str, str]]:
    name, *others = entity.all("name")
    yield "name", name
    yield from (("alt_name", other) for other in dict.fromkeys([*others, *entity.all("alias", "previousName", "weakAlias")]) if other != name)
    yield "description_fr", entity.first("description", "summary", "notes")
    yield "website", entity.first("website")
    yield from (("keywords", word) for word in entity.all("keywords"))
    yield "siren", actor.removeprefix("siren:") if actor.startswith("siren:") else ""
    yield from (("vat", text) for text in entity.all("vatCode") if not text.upper().startswith("FR") or vat_fr_ok(text))
    yield "legal_form", entity.first("legalForm")
    closed = plain_date(entity.first("dissolutionDate"))
    yield "status", "closed" if closed else next((text for text in entity.all("status") if text in set(Status)), "")
    yield "status_since", closed
    yield from (("alias", alias) for alias in dict.fromkeys([own_id(entity.id) or entity.id]) if alias != actor)


def _sector(reading: FtmReading, actor: str, label: str, record: Record) -> None:
    key = ascii_slug(label)
    if key and len(label) <= 100:
        described = reading.ledger.record("sectors", key, sources=[reading.source], published=reading.published)
        if reading.ledger.first_time(f"sector:{key}"):
            reading.ledger.entity(f"sector:{key}", EntityKind.SECTOR, described)
            reading.ledger.attribute(f"sector:{key}", "label_fr", label, described)
        reading.ledger.relation(actor, "operatesInSector", f"sector:{key}", record)


def _place(reading: FtmReading, entity: Entity, actor: str, record: Record) -> None:
    """The place, address and coordinates of an actor, from its Address or from plain text."""
    addresses = [found for key in entity.all("addressEntity") if (found := reading.entities.get(key)) and found.schema == "Address"]
    ledger = reading.ledger
    street = next((text for address in addresses for text in address.all("street", "full")), entity.first("address"))
    ledger.attribute(actor, "address", street, record)
    for address in addresses[:1]:
        reading.take(address, "full street city postalCode latitude longitude country")
        ledger.attribute(actor, "postcode", address.first("postalCode"), record)
        city = address.first("city")
        if slug(city):
            place = place_id(city)
            described = ledger.record("places", place.removeprefix("place:"), sources=[reading.source], published=reading.published)
            if ledger.first_time(place):
                ledger.entity(place, EntityKind.PLACE, described)
                ledger.attribute(place, "name", city, described)
                ledger.attribute(place, "country", (address.first("country") or entity.first("country")).upper(), described)
            ledger.relation(actor, "locatedIn", place, record)
        for predicate, value in zip(("lat", "lon"), _point(address), strict=False):
            ledger.attribute(actor, predicate, value, record)


def _point(address: Entity) -> tuple[str, ...]:
    try:
        lat, lon = float(address.first("latitude")), float(address.first("longitude"))
    except ValueError:
        return ()
    inside = abs(lat) <= 90 and abs(lon) <= 180
    return (repr(lat).removesuffix(".0"), repr(lon).removesuffix(".0")) if inside else ()


# projects ------------------------------------------------------------------------------------------------------------


def _project(reading: FtmReading, entity: Entity, partners: set[str]) -> None:
    project, record, ledger = reading.projects[entity.id], reading.record("entities", entity), reading.ledger
    ledger.entity(project, EntityKind.PROJECT, record)
    name, *others = entity.all("name")
    values = [("name", name), *(("alt_name", other) for other in dict.fromkeys([*others, *entity.all("alias")]) if other != name)]
    values += [("description_fr", entity.first("description", "summary", "notes"))]
    values += [("start", plain_date(entity.first("startDate", "date"))), ("end", plain_date(entity.first("endDate")))]
    values += [("counts_as_tie", "yes" if 2 <= len(partners) <= MOST_PARTNERS else "no")]
    values += [("alias", alias) for alias in (own_id(entity.id) or entity.id, entity.first("projectId")) if alias != project]
    values += [("keywords", word) for word in entity.all("keywords")]
    for predicate, value in values:
        ledger.attribute(project, predicate, value, record)
    reading.take(entity, "name alias description summary notes startDate endDate date projectId keywords")


# what was not read -------------------------------------------------------------------------------------------------


def _report_unread(reading: FtmReading) -> None:
    left: Counter[tuple[str, str]] = Counter()
    for entity in reading.entities.values():
        if entity.schema in SCHEMATA and entity.schema not in PERSONS:
            for name, values in entity.properties.items():
                if name in _CONTACT:
                    reading.ledger.skip("contact details", "they are left out: contact details are not stored", len(values))
                elif name not in _META and (entity.schema, name) not in reading.read:
                    left[entity.schema, name] += len(values)
    for (schema, name), count in left.items():
        reading.ledger.skip(f"values of {schema}.{name}", "this property is not read", count)
