"""Facts from files of other vocabularies (RDF, FollowTheMoney): cleaned, each told once, and what was left out counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graph_builder.normalise import clean_url, edtf_ok, has_email, has_phone
from graph_builder.tables import Filler, Tables
from ontology.errors import Finding
from ontology.model import ATTRIBUTES, PREDICATES, Confidence, EntityKind, OrgKind, Partner, Role

MAX_TEXT = 20_000
CONFIDENCE = Confidence.LIKELY
"""A file says so as a whole; its facts are not attested one by one."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]+")


class Record(NamedTuple):
    """A record that is written when a first fact cites it."""

    key: str
    locator: str
    sources: tuple[str, ...]
    published: str | None


class Told(NamedTuple):
    """What qualifies a relation."""

    since: str = ""
    until: str = ""
    role: str = ""
    need_type: str = ""


@dataclass
class Ledger:
    """Facts of one package on their way into tables, with a count of everything that did not become a fact."""

    package: str
    file: str
    fill: Filler = field(default_factory=Filler)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    _records: set[str] = field(default_factory=set)
    _facts: set[tuple[str, ...]] = field(default_factory=set)

    def record(self, table: str, key: str, *, where: str = "", sources: Iterable[str] = (), published: str | None = None) -> Record:
        """The record of one thing of the file; `where` is shown only."""
        return Record(f"{self.package}/{table}/{key}", f"{self.file}{where}", tuple(sources), published)

    def skip(self, what: str, consequence: str, count: int = 1) -> None:
        """Count something that becomes no fact, for the warnings."""
        self.left_out[what, consequence] += count

    def entity(self, subject: str, kind: EntityKind, record: Record) -> None:
        """Say what an entity is."""
        self.attribute(subject, "type", kind.value, record)

    def first_time(self, entity: str) -> bool:
        """Whether an entity is met for the first time, so that one description of it is enough."""
        return self._first("met", entity)

    def attribute(self, subject: str, predicate: str, value: str, record: Record) -> None:
        """Add a literal fact in the form of its type; a value that has not this form is left out and counted."""
        attribute = ATTRIBUTES[predicate]
        text = " ".join(_CONTROL.sub(" ", value).split())
        match attribute.type:
            case "url":
                text = self._address(text, predicate)
            case "edtf":
                text = text if edtf_ok(text) else ""
            case "number" | "yes_no" | "kind":
                pass
            case _:
                text = self._text(text)
        if text and self._first("attribute", subject, predicate, text):
            self.fill.attribute(subject, predicate, text, self._written(record), lang=attribute.lang, confidence=CONFIDENCE)

    def relation(self, subject: str, predicate: str, obj: str, record: Record, told: Told | None = None) -> None:
        """Add a fact between two entities; one to itself is left out and counted, one that was told already is not told again."""
        if subject == obj:
            self.skip(f"relations '{predicate}' of something to itself", "they are left out")
            return
        told = told or Told()
        pair = sorted((subject, obj)) if PREDICATES[predicate].symmetric else (subject, obj)
        if self._first("relation", predicate, *pair, told.role, told.need_type):
            since, until = (date if edtf_ok(date) else None for date in (told.since, told.until))
            qualifiers = {"role": told.role, "need_type": told.need_type}
            self.fill.relation(subject, predicate, obj, self._written(record), since=since, until=until, qualifiers=qualifiers, confidence=CONFIDENCE)

    def tables(self) -> Tables:
        """Everything that was told."""
        return self.fill.tables()

    def warnings(self) -> list[Finding]:
        """One warning for each sort of thing that was left out, with its count."""
        ordered = sorted(self.left_out.items(), key=lambda item: (item[0][1], -item[1], item[0][0]))
        return [Finding(self.file, None, None, f"{count} {what}", consequence, "warning") for (what, consequence), count in ordered]

    def _written(self, record: Record) -> str:
        if record.key not in self._records:
            self._records.add(record.key)
            self.fill.record(record.key, locator=record.locator, sources=record.sources, published=record.published)
        return record.key

    def _first(self, *fact: str) -> bool:
        new = fact not in self._facts
        self._facts.add(fact)
        return new

    def _address(self, text: str, predicate: str) -> str:
        address = clean_url(text) or ""
        if text and not address and not text.startswith("urn:"):
            self.skip(f"values of '{predicate}' that are no web address", "they are left out")
        return address

    def _text(self, text: str) -> str:
        if has_email(text) or has_phone(text):
            self.skip("texts with an e-mail address or a telephone number", "they are left out: contact details are not stored")
            return ""
        if len(text) > MAX_TEXT:
            self.skip(f"texts of more than {MAX_TEXT:,} characters", "they are left out")
            return ""
        return text


# kinds of actor ------------------------------------------------------------------------------------------------------


class ActorKindText(NamedTuple):
    """A kind of actor as a package describes it."""

    fr: str
    en: str
    org_kind: OrgKind | None
    role: Role
    offers: tuple[str, ...] = ()


KINDS: Mapping[str, ActorKindText] = {
    "company": ActorKindText("Entreprise", "Company", OrgKind.COMPANY, Role.COMPANY, ("supplier",)),
    "research": ActorKindText("Organisme de recherche", "Research body", OrgKind.LABORATORY, Role.RESEARCH, ("rd",)),
    "training": ActorKindText(
        "Établissement d'enseignement", "Educational institution", OrgKind.UNIVERSITY_SCHOOL, Role.TRAINING, ("recruit", "train")
    ),
    "public": ActorKindText("Organisme public", "Public body", OrgKind.PUBLIC_AUTHORITY, Role.PUBLIC),
    "association": ActorKindText("Association ou ONG", "Association or NGO", OrgKind.ASSOCIATION, Role.CITIZEN),
    "organisation": ActorKindText("Organisation (genre non précisé)", "Organisation (kind not told)", None, Role.SUPPORT),
}
"""The kinds of actor that a class of another vocabulary can tell; the last one claims nothing and answers no need by itself."""


def add_kind(ledger: Ledger, prefix: str, kind: str, source: str) -> str:
    """The id of a kind of actor (`kind:rdf_company`), which is described with it."""
    subject, text = f"kind:{prefix}_{kind}", KINDS[kind]
    record = ledger.record("kinds", kind, sources=[source])
    ledger.entity(subject, EntityKind.ACTOR_KIND, record)
    values = [("label_fr", text.fr), ("label_en", text.en), ("role", text.role.value), ("partner", Partner.YES.value)]
    values += [("org_kind", text.org_kind.value)] if text.org_kind else []
    for predicate, value in [*values, *(("offers_by_default", offer) for offer in text.offers)]:
        ledger.attribute(subject, predicate, value, record)
    return subject
