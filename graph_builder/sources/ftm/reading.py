"""What is shared while one FollowTheMoney file is read: its entities, the ids given, records, and who may be a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph_builder.normalise import fold
from graph_builder.sources.entities.ids import ascii_slug, short_hash
from graph_builder.sources.entities.info import plain_date
from graph_builder.sources.entities.ledger import Ledger, Record
from graph_builder.sources.ftm.lines import Entity
from ontology.errors import Finding
from ontology.model import EntityKind

LEGAL_SIGNS = ("registrationNumber", "legalForm", "vatCode", "leiCode", "dunsCode", "incorporationDate")
"""A LegalEntity "may be a person or a company": one of these says that it is no person."""

_SOLE = re.compile(
    r"\b(?:entrepreneur(?:e)? individuel(?:le)?|entreprise individuelle|personne physique|micro ?entrepreneur|sole (?:trader|proprietor\w*)|1000)\b"
)
PERSON = "natural persons and what hangs on them", "they are left out: no personal data is stored"
"""How persons are counted among what is left out."""


@dataclass
class FtmReading:
    """One file while it is read."""

    entities: Mapping[str, Entity]
    ledger: Ledger
    source: str
    published: str | None
    actors: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    read: set[tuple[str, str]] = field(default_factory=set)
    """(schema, property) pairs that were asked for."""

    def record(self, table: str, entity: Entity) -> Record:
        """The record of an entity, with the sources that it names and the newest of its dates."""
        publishers = entity.all("publisher")
        cited = [self._cited(address, publishers) for address in entity.all("sourceUrl")]
        dates = [date for text in entity.all("modifiedAt", "last_change", "retrievedAt") if (date := plain_date(text))]
        published = max(dates, default=self.published)
        return self.ledger.record(table, entity.id, where=f":{entity.line}", sources=[self.source, *cited], published=published)

    def _cited(self, address: str, publishers: list[str]) -> str:
        subject = f"{self.source}-{ascii_slug(address)[-30:].strip('-')}-{short_hash(address)}"
        record = self.ledger.record("sources", address, sources=[subject])
        self.ledger.entity(subject, EntityKind.SOURCE, record)
        self.ledger.attribute(subject, "title", address, record)
        self.ledger.attribute(subject, "url", address, record)
        self.ledger.attribute(subject, "redistribution", "none", record)
        if len(publishers) == 1:
            self.ledger.attribute(subject, "publisher", publishers[0], record)
        return subject

    def take(self, entity: Entity, names: str) -> None:
        """Note that these properties are read of entities of this schema; the others are reported."""
        self.read.update((entity.schema, name) for name in names.split())

    def warn(self, entity: Entity, column: str | None, found: str, accepted: str) -> None:
        """Add a warning on the line of an entity."""
        self.findings.append(Finding(self.ledger.file, entity.line, column, found, accepted, "warning"))


def may_be_person(entity: Entity) -> bool:
    """Whether a legal entity is or may be a natural person: a sole trader, or nothing that says otherwise."""
    if any(_SOLE.search(fold(text)) for text in entity.all("legalForm")):
        return True
    return entity.schema == "LegalEntity" and not any(entity.properties.get(name) for name in LEGAL_SIGNS)
