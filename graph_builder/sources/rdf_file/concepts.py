"""The skills and sectors of an RDF file: SKOS concepts, defined terms and plain words that organisations and projects point to."""

from __future__ import annotations

import re
from collections import deque

from graph_builder.sources.entities.circles import circles
from graph_builder.sources.entities.ids import ascii_slug
from graph_builder.sources.rdf_file import terms
from graph_builder.sources.rdf_file.actors import Reading
from graph_builder.sources.rdf_file.graph import Literal, Term
from ontology.errors import Finding
from ontology.model import EntityKind
from ontology.namespaces import entity_id

PREFIX = {EntityKind.SKILL: "skill:", EntityKind.SECTOR: "sector:"}

_ESCO = "http://data.europa.eu/esco/skill/"
_NAF = re.compile(r"http://id\.insee\.fr/codes/nafr2/division/([0-9]{2})", re.ASCII)
_BROADER = terms.iris("skos:broader skos:broaderTransitive")
_UNDESCRIBED = "concepts that are named and not described", "they are left out: give their labels (skos:prefLabel) in the same file"


class Concepts:
    """The concepts that were met so far, by what they are used as; described once, with those above them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._ids: dict[tuple[EntityKind, str], str | None] = {}
        self._subjects: set[str] = set()

    def ids(self, node: str, predicates: tuple[str, ...], kind: EntityKind) -> list[str]:
        """The ids of the skills or sectors that a node names by these properties, each described."""
        graph = self._reading.graph
        found: list[Term] = [*graph.nodes(node, predicates), *graph.literals(node, predicates)]
        listed = [self.word(term, kind) if isinstance(term, Literal) else self.concept(term, kind) for term in found]
        return list(dict.fromkeys(text for text in listed if text))

    def word(self, literal: Literal, kind: EntityKind) -> str | None:
        """The id of a skill or sector that is named by a plain word."""
        label = " ".join(literal.text.split())
        if not ascii_slug(label) or len(label) > 100:
            return None
        subject = PREFIX[kind] + ascii_slug(label)
        reading = self._reading
        record = reading.ledger.record("concepts", subject, sources=[reading.source], published=reading.published)
        reading.ledger.entity(subject, kind, record)
        lang = "en" if (literal.lang or reading.texts.untagged).startswith("en") else "fr"
        if (subject, f"label_{lang}") not in reading.told:
            reading.told.add((subject, f"label_{lang}"))
            reading.ledger.attribute(subject, f"label_{lang}", label, record)
        return subject

    def concept(self, node: str, kind: EntityKind) -> str | None:
        """The id of a concept, described with the concepts above it; None for what is an actor, a project or not described."""
        reading = self._reading
        own = entity_id(node) or ""
        if node in reading.actors or node in reading.projects or (own and not own.startswith(PREFIX[kind])):
            return None
        waiting = deque([node])
        while waiting:
            here = waiting.popleft()
            if (kind, here) not in self._ids:
                self._ids[kind, here] = self._described(here, kind)
                waiting += [above for above in reading.graph.nodes(here, _BROADER) if self._ids[kind, here]]
        return self._ids[kind, node]

    def relate(self) -> list[Finding]:
        """Add what is broader than what; an error for each circle, since a broader term leads up."""
        reading, above = self._reading, dict[str, list[str]]()
        for (kind, node), subject in self._ids.items():
            for broader in reading.graph.nodes(node, _BROADER) if subject else ():
                target = self._ids.get((kind, broader))
                if subject and target and target != subject:
                    reading.ledger.relation(subject, "broader", target, reading.record("concepts", node))
                    above.setdefault(subject, []).append(target)
        return circles(reading.ledger.file, above, "broader", "a broader term leads up, never round: remove one of these links")

    def _described(self, node: str, kind: EntityKind) -> str | None:
        reading = self._reading
        labels = reading.texts.by_language(node, terms.LABELS)
        names = reading.texts.names(node, terms.LABELS)
        own = (entity_id(node) or "").removeprefix(PREFIX[kind])
        key = own or ascii_slug(names[0] if names else "")
        if not names or not key:
            reading.ledger.skip(*_UNDESCRIBED)
            return None
        subject, record = PREFIX[kind] + key, reading.record("concepts", node)
        if subject in self._subjects:
            return subject
        self._subjects.add(subject)
        reading.read.add(node)
        reading.ledger.entity(subject, kind, record)
        told = {lang: labels[lang][0] for lang in ("fr", "en") if lang in labels} or {"fr": names[0]}
        for lang, label in told.items():
            reading.ledger.attribute(subject, f"label_{lang}", label, record)
        for address in [node, *reading.graph.nodes(node, terms.MATCHES)]:
            if kind is EntityKind.SKILL and address.startswith(_ESCO):
                reading.ledger.attribute(subject, "esco_uri", address, record)
            elif kind is EntityKind.SECTOR and (match := _NAF.fullmatch(address)):
                reading.ledger.attribute(subject, "naf_divisions", match[1], record)
        return subject
