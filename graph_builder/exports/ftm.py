"""The actors, the projects and their links as FollowTheMoney entities, one JSON object per line.

Only stated facts are written; a hypothesis is no fact for others. What the model has no place for is lost (docs/rdf-in.md lists it);
the CSV package is the lossless way. Source of the model: see `graph_builder.sources.ftm.schemas`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow.compute as pc

from graph_builder.exports.entities import Entities
from graph_builder.snapshot import Snapshot
from graph_builder.sources.ftm.schemas import EDGES, ftm_date, ftm_id
from ontology.errors import QueryError
from ontology.model import Basis, EntityKind, Role

SCHEMA_OF_ROLE: Mapping[str, str] = {Role.COMPANY: "Company", Role.PUBLIC: "PublicBody"}
"""Role of an actor's kind -> schema; every other actor is an Organization."""

CLASSIFICATION: Mapping[str, str] = {
    Role.COMPANY: "company",
    Role.RESEARCH: "research",
    Role.TRAINING: "training",
    Role.PUBLIC: "public",
    Role.CITIZEN: "association",
    Role.SUPPORT: "organisation",
}
"""Role -> the word in `classification` by which the kind is known again when the file is read."""

LINKS: Mapping[str, str] = {predicate: schema for schema, (_, predicate, _) in EDGES.items() if schema != "Directorship"}
"""Relation -> schema of its link; the other relations between actors are an UnknownLink whose role names them."""

PLAIN_LINKS = frozenset(
    """collaboratesWith supplies partOf founded governs supports sameGroupAs spunOffFrom interestedIn funds hosts trainsFor owns locatedIn
    """.split()
)

Properties = dict[str, list[str]]


def write_ftm(snapshot: Snapshot, path: Path) -> None:
    """Write the entities, sorted by id; the same bytes for the same snapshot. Raises QueryError when there are none, OSError."""
    if not has_entities(snapshot):
        raise QueryError(f"the snapshot {snapshot.digest} has no actor and no project, and FollowTheMoney knows nothing else; choose another format")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for entity in ftm_entities(snapshot):
            file.write(json.dumps(entity, ensure_ascii=False, sort_keys=True) + "\n")


def has_entities(snapshot: Snapshot) -> bool:
    """Whether there is anything to write: an actor or a project."""
    return bool(snapshot.entities(EntityKind.ORGANIZATION) or snapshot.entities(EntityKind.PROJECT))


def ftm_entities(snapshot: Snapshot) -> list[dict[str, object]]:
    """The entities that `write_ftm` writes, sorted by id: `{"id", "schema", "properties": {name: [texts]}}`."""
    writer = _Writer(snapshot)
    found = [*writer.actors(), *writer.addresses(), *writer.projects(), *writer.links()]
    return sorted(found, key=lambda entity: str(entity["id"]))


@dataclass(frozen=True)
class _Writer:
    """What is looked up while one snapshot is written."""

    snapshot: Snapshot

    def actors(self) -> Iterator[dict[str, object]]:
        for actor in self.snapshot.entities(EntityKind.ORGANIZATION):
            role = self.entities.role(actor) or Role.SUPPORT
            closed = self._texts(actor, "status") == ["closed"]
            properties = {
                **self._described(actor),
                "website": self._texts(actor, "website"),
                "legalForm": self._texts(actor, "legal_form"),
                "registrationNumber": self._texts(actor, "siren"),
                "vatCode": self._texts(actor, "vat"),
                "status": self._texts(actor, "status"),
                "classification": [CLASSIFICATION[Role(role)]] if role in set(Role) else [],
                "sector": self._names(actor, "operatesInSector"),
                "keywords": [*self._texts(actor, "keywords"), *self._names(actor, "offersSkill")],
                "country": [country.lower() for place in self._objects(actor, "locatedIn") for country in self._texts(place, "country")],
                "dissolutionDate": [date for text in self._texts(actor, "status_since") if closed and (date := ftm_date(text))],
                "addressEntity": [_address_id(actor)] if self._address(actor) else [],
            }
            yield _entity(ftm_id(actor), SCHEMA_OF_ROLE.get(role, "Organization"), properties)

    def addresses(self) -> Iterator[dict[str, object]]:
        for actor in self.snapshot.entities(EntityKind.ORGANIZATION):
            if properties := self._address(actor):
                yield _entity(_address_id(actor), "Address", properties)

    def projects(self) -> Iterator[dict[str, object]]:
        for project in self.snapshot.entities(EntityKind.PROJECT):
            dates = {name: [date for text in self._texts(project, of) if (date := ftm_date(text))] for name, of in _DATES}
            properties = {**self._described(project), **dates, "projectId": [project], "keywords": self._names(project, "about")}
            yield _entity(ftm_id(project), "Project", properties)

    def links(self) -> Iterator[dict[str, object]]:
        relations = self.snapshot.relations
        rows = relations.filter(pc.equal(relations["basis"], Basis.STATED.value))
        for row in rows.select(["statement", "subject", "predicate", "object", "since", "until", "qualifiers", "record"]).to_pylist():
            if row["predicate"] not in LINKS and row["predicate"] not in PLAIN_LINKS:
                continue
            if row["predicate"] == "locatedIn" and self.entities.kind.get(row["object"]) != EntityKind.ORGANIZATION:
                continue  # a place is the address of the actor
            schema = self._schema(row["predicate"], row["object"])
            subject, _, target = EDGES.get(schema, ("subject", "", "object"))
            role, named = dict(row["qualifiers"] or ()).get("role"), schema == "UnknownLink"
            properties = {
                subject: [ftm_id(row["subject"])],
                target: [ftm_id(row["object"])],
                "role": [row["predicate"]] if named else [role] if role else [],
                "status": [role] if role and named else [],
                "startDate": [date] if (date := ftm_date(row["since"])) else [],
                "endDate": [date] if (date := ftm_date(row["until"])) else [],
                **self._sources(self.snapshot.record_sources(row["record"]), [self.snapshot.published(row["record"])]),
            }
            yield _entity(f"psr-link-{row['statement']}", schema, properties)

    def _schema(self, predicate: str, target: str) -> str:
        """Schema of a link; only a Company is an asset that somebody can own."""
        if predicate == "owns" and self.entities.role(target) != Role.COMPANY:
            return "UnknownLink"
        return LINKS.get(predicate, "UnknownLink")

    def _described(self, entity: str) -> Properties:
        names = list(dict.fromkeys([*self._texts(entity, "name"), *self._texts(entity, "name_fr")]))
        others = [text for name in ("alt_name", "name_en", "acronym") for text in self._texts(entity, name)]
        return {
            "name": names[:1] or [entity],
            "alias": list(dict.fromkeys([*names[1:], *others])),
            "description": (self._texts(entity, "description_fr") or self._texts(entity, "description_en"))[:1],
            **self._sources(self.entities.sources(entity), [self.snapshot.published(record) for record in self._records.get(entity, ())]),
        }

    def _sources(self, sources: Iterable[str], published: Iterable[str | None]) -> Properties:
        listed = list(sources)
        dates = [date for text in published if (date := ftm_date(text))]
        return {
            "sourceUrl": sorted({url for source in listed for url in self._texts(source, "url") if url.startswith("http")}),
            "publisher": sorted({text for source in listed for text in self._texts(source, "publisher")}),
            "modifiedAt": [max(dates)] if dates else [],
        }

    def _address(self, actor: str) -> Properties:
        places = [place for place in self._objects(actor, "locatedIn") if self.entities.kind.get(place) == EntityKind.PLACE]
        city, postcode, street = [self.entities.name(place) for place in places[:1]], self._texts(actor, "postcode"), self._texts(actor, "address")
        point = self.entities.coordinates.get(actor)
        if not (city or street or point):
            return {}
        full = ", ".join(filter(None, ("".join(street[:1]), " ".join([*postcode[:1], *city]))))
        return {
            "full": [full] if full else [],
            "city": city,
            "postalCode": postcode[:1],
            "street": street[:1],
            "country": [country.lower() for place in places[:1] for country in self._texts(place, "country")],
            "latitude": [repr(point[0])] if point else [],
            "longitude": [repr(point[1])] if point else [],
        }

    def _texts(self, entity: str, predicate: str) -> list[str]:
        return list(self.snapshot.lists(predicate).get(entity, ()))

    def _objects(self, entity: str, predicate: str) -> list[str]:
        """The objects of the stated relations of an entity."""
        return list(self._stated.get((entity, predicate), ()))

    def _names(self, entity: str, predicate: str) -> list[str]:
        return [self.entities.name(obj) for obj in self._objects(entity, predicate)]

    @cached_property
    def entities(self) -> Entities:
        return Entities(self.snapshot)

    @cached_property
    def _stated(self) -> Mapping[tuple[str, str], list[str]]:
        wanted = ("locatedIn", "operatesInSector", "offersSkill", "about")
        found: dict[tuple[str, str], list[str]] = {}
        table = self.snapshot.relations
        columns = (table[name].to_pylist() for name in ("subject", "predicate", "object", "basis"))
        for subject, predicate, obj, basis in zip(*columns, strict=True):
            if predicate in wanted and basis == Basis.STATED:
                found.setdefault((subject, predicate), []).append(obj)
        return found

    @cached_property
    def _records(self) -> Mapping[str, list[str]]:
        """Entity -> the records that say what it is."""
        rows = self.snapshot.attributes.filter(pc.equal(self.snapshot.attributes["predicate"], "type"))
        found: dict[str, list[str]] = {}
        for subject, record in zip(rows["subject"].to_pylist(), rows["record"].to_pylist(), strict=True):
            found.setdefault(subject, []).append(record)
        return found


_DATES = (("startDate", "start"), ("endDate", "end"))


def _address_id(actor: str) -> str:
    return ftm_id(f"address:{actor}")


def _entity(key: str, schema: str, properties: Mapping[str, list[str]]) -> dict[str, object]:
    """An entity without its empty properties, the values of each sorted and once."""
    kept = {name: sorted(set(values)) for name, values in properties.items() if values}
    return {"id": key, "schema": schema, "properties": kept}
