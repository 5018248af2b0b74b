"""A snapshot as quads, one graph per source and one for where the facts come from; text terms, no RDF library.

Stated facts stand as direct triples in the graph of every source that their record cites. Every fact, stated or inferred, is a
`psr:Statement` in the graph of provenance. An inferred fact is a hypothesis: it has no direct triple anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graph_builder.rdf.terms import attribute_value, edtf, iri, is_decimal, literal, name, xsd
from graph_builder.snapshot import Snapshot
from ontology.model import Basis, Confidence, ParticipationRole, RelationRole
from ontology.model import NeedType as Need
from ontology.namespaces import (
    BASE,
    PREFIXES,
    entity_iri,
    graph_iri,
    package_iri,
    predicate_iri,
    record_iri,
    statement_iri,
    value_iri,
)

Quad = tuple[str, str, str, str]
"""Subject, predicate, object and graph, as N-Quads writes them."""

_Row = Mapping[str, str | None]

CLASSES_ALSO: Mapping[str, tuple[str, ...]] = {
    "Organization": ("org:Organization",),
    "Project": ("foaf:Project",),
    "Skill": ("skos:Concept",),
    "Sector": ("skos:Concept",),
    "ActorKind": ("skos:Concept",),
    "StrategyItem": ("skos:Concept",),
    "Place": ("dcterms:Location",),
    "Event": ("schema:Event",),
    "Dataset": ("dcat:Dataset",),
    "Source": ("prov:Entity",),
}
"""Classes of public vocabularies that are written beside ours, for readers that do not infer."""

SCHEMES: Mapping[str, str] = {"Skill": "psr:Skills", "Sector": "psr:Sectors", "ActorKind": "psr:ActorKinds", "StrategyItem": "psr:Strategy"}
"""The concept scheme of each kind that is a concept."""

PROPERTIES_ALSO: Mapping[str, tuple[str, ...]] = {
    "name": ("rdfs:label",),
    "name_fr": ("rdfs:label",),
    "name_en": ("rdfs:label",),
    "label_fr": ("skos:prefLabel", "rdfs:label"),
    "label_en": ("skos:prefLabel", "rdfs:label"),
    "title": ("dcterms:title", "rdfs:label"),
    "alt_name": ("skos:altLabel",),
    "acronym": ("skos:altLabel",),
    "description_fr": ("dcterms:description",),
    "description_en": ("dcterms:description",),
    "website": ("foaf:homepage",),
    "kind": ("org:classification",),
    "operatesInSector": ("org:classification",),
    "memberOf": ("org:memberOf",),
    "partOf": ("org:subOrganizationOf",),
    "about": ("dcterms:subject",),
    "broader": ("skos:broader",),
    "lat": ("wgs84:lat",),
    "lon": ("wgs84:long",),
}
"""Properties of public vocabularies that are written beside ours; the vocabulary says that ours are narrower."""

_TYPE = name("rdf:type")
_NAF_DIVISION = "http://id.insee.fr/codes/nafr2/division/"
_DIVISION = re.compile(r"[0-9]{2}", re.ASCII)
_SEEN_FROM = {key: iri(predicate_iri(key)) for key in ("basis", "confidence", "since", "until", "word", "amount", "date_basis", "need_type")}


def quads(snapshot: Snapshot, base: str = BASE) -> Iterator[Quad]:
    """Every quad of a snapshot: packages, records, attributes, relations; in the order of its tables, repetitions possible."""
    return _Writer(snapshot, base).quads()


@dataclass(frozen=True)
class _Writer:
    """What is looked up while the rows of one snapshot are written."""

    snapshot: Snapshot
    base: str

    @cached_property
    def graph(self) -> str:
        return iri(graph_iri("provenance", self.base))

    @cached_property
    def graphs(self) -> Mapping[str, tuple[str, ...]]:
        """Record -> the graphs of its sources, or of its package when it cites none."""
        columns = (self.snapshot.records[column].to_pylist() for column in ("record", "sources"))
        return {record: tuple(self._graphs(record, sources or ())) for record, sources in zip(*columns, strict=True)}

    def _graphs(self, record: str, sources: Iterable[str]) -> list[str]:
        found = [self.entity(source) for source in sources]
        return found or [iri(package_iri(record.split("/", maxsplit=1)[0], self.base))]

    def entity(self, key: str) -> str:
        return iri(entity_iri(key, self.base))

    def quads(self) -> Iterator[Quad]:
        yield from self._packages()
        yield from self._records()
        for row in self.snapshot.attributes.to_pylist():
            obj = attribute_value(row["predicate"], row["value"], row["lang"], self.base)
            yield from self._fact(row, obj)
            if row["basis"] == Basis.STATED:
                yield from self._extras(row, obj)
        for row in self.snapshot.relations.to_pylist():
            yield from self._fact(row, self.entity(row["object"]))
            yield from self._details(row, row["qualifiers"] or ())

    def _packages(self) -> Iterator[Quad]:
        for package in self.snapshot.manifest.packages:
            subject = iri(package_iri(package["name"], self.base))
            for kind in ("psr:Package", "dcat:Dataset", "prov:Entity"):
                yield subject, _TYPE, name(kind), self.graph
            for lang in ("fr", "en"):
                title = package["title_fr"] if lang == "fr" else package["title_en"]
                yield subject, name("dcterms:title"), literal(title, lang=lang), self.graph
            yield subject, name("dcterms:issued"), xsd(package["created"], "date"), self.graph
            yield subject, name("owl:versionInfo"), literal(package["version"]), self.graph
            if package["licences"]:
                yield subject, iri(predicate_iri("licence")), literal(package["licences"]), self.graph

    def _records(self) -> Iterator[Quad]:
        columns = (self.snapshot.records[column].to_pylist() for column in ("record", "published"))
        for record, published in zip(*columns, strict=True):
            subject = iri(record_iri(record, self.base))
            yield subject, _TYPE, name("psr:Record"), self.graph
            yield subject, name("dcterms:isPartOf"), iri(package_iri(record.split("/")[0], self.base)), self.graph
            for origin in self.graphs[record]:
                yield subject, name("prov:wasDerivedFrom"), origin, self.graph
            if published:
                yield subject, name("dcterms:issued"), edtf(published), self.graph

    def _fact(self, row: _Row, obj: str) -> Iterator[Quad]:
        """The direct triple of a stated fact in the graph of each source, and the statement about it."""
        predicate, key, record = _required(row, "predicate"), _required(row, "statement"), _required(row, "record")
        subject, prop = self.entity(_required(row, "subject")), iri(predicate_iri(predicate))
        if row["basis"] == Basis.STATED:
            for graph in self.graphs[record]:
                yield subject, prop, obj, graph
                for other in PROPERTIES_ALSO.get(predicate, ()):
                    yield subject, name(other), obj, graph
        statement = iri(statement_iri(key, self.base))
        yield statement, _TYPE, name("psr:Statement"), self.graph
        if row["basis"] != Basis.STATED:
            yield statement, _TYPE, name("psr:Hypothesis"), self.graph
        yield statement, name("rdf:subject"), subject, self.graph
        yield statement, name("rdf:predicate"), prop, self.graph
        yield statement, name("rdf:object"), obj, self.graph
        yield statement, name("prov:wasDerivedFrom"), iri(record_iri(record, self.base)), self.graph
        yield statement, _SEEN_FROM["basis"], iri(value_iri(Basis(_required(row, "basis")))), self.graph
        yield statement, _SEEN_FROM["confidence"], iri(value_iri(Confidence(_required(row, "confidence")))), self.graph

    def _details(self, row: _Row, qualifiers: Iterable[tuple[str, str]]) -> Iterator[Quad]:
        """Dates and qualifiers of a relation."""
        statement = iri(statement_iri(_required(row, "statement"), self.base))
        for key in ("since", "until"):
            if date := row[key]:
                yield statement, _SEEN_FROM[key], edtf(date), self.graph
        for key, value in qualifiers:
            prop, obj = qualifier(_required(row, "predicate"), key, value)
            yield statement, prop, obj, self.graph

    def _extras(self, row: _Row, obj: str) -> Iterator[Quad]:
        """What other vocabularies make of an attribute: classes, schemes, mappings and geometry."""
        predicate, key, value = _required(row, "predicate"), _required(row, "subject"), _required(row, "value")
        subject, triples = self.entity(key), []
        if predicate == "type":
            triples = self._classes(key, value)
        elif predicate == "esco_uri" and obj.startswith("<"):
            triples = [(subject, name("skos:exactMatch" if key in self._same_label else "skos:closeMatch"), obj)]
        elif predicate == "naf_divisions" and _DIVISION.fullmatch(value):
            triples = [(subject, name("skos:relatedMatch"), iri(_NAF_DIVISION + value))]
        elif predicate == "lat":
            triples = self._geometry(key, value)
        for graph in self.graphs[_required(row, "record")]:
            for triple in triples:
                yield *triple, graph

    def _classes(self, key: str, kind: str) -> list[tuple[str, str, str]]:
        subject = self.entity(key)
        triples = [(subject, _TYPE, name(other)) for other in CLASSES_ALSO.get(kind, ())]
        if kind in SCHEMES:
            triples.append((subject, name("skos:inScheme"), name(SCHEMES[kind])))
            if key not in self.snapshot.values("broader"):
                triples.append((subject, name("skos:topConceptOf"), name(SCHEMES[kind])))
        return triples

    @cached_property
    def _same_label(self) -> frozenset[str]:
        """Skills whose English label is that of the ESCO skill: only these are called an exact match."""
        labels, esco = self.snapshot.lists("label_en"), self.snapshot.values("esco_label")
        return frozenset(key for key, label in esco.items() if label.casefold() in {text.casefold() for text in labels.get(key, ())})

    def _geometry(self, key: str, lat: str) -> list[tuple[str, str, str]]:
        """A point, when there is a longitude as well and both are numbers."""
        lon = self.snapshot.values("lon").get(key, "")
        if not (is_decimal(lat) and is_decimal(lon) and self.snapshot.values("lat")[key] == lat):
            return []
        geometry = iri(entity_iri(key, self.base) + "#geometry")
        point = literal(f"POINT({lon} {lat})", PREFIXES["geo"] + "wktLiteral")
        return [(self.entity(key), name("geo:hasGeometry"), geometry), (geometry, _TYPE, name("geo:Geometry")), (geometry, name("geo:asWKT"), point)]


def qualifier(predicate: str, key: str, value: str) -> tuple[str, str]:
    """Property and value of a qualifier of a relation; a role is that of a participation or of a relation between actors."""
    if key == "role":
        terms = ParticipationRole if predicate == "participatesIn" else RelationRole
        prop = iri(predicate_iri("participation_role" if predicate == "participatesIn" else "relation_role"))
        return prop, iri(value_iri(terms(value))) if value in set(terms) else literal(value)
    if key == "need_type":
        return _SEEN_FROM[key], iri(value_iri(Need(value))) if value in set(Need) else literal(value)
    lang = key[-2:] if key.startswith("paraphrase_") else None
    return iri(predicate_iri(key)), literal(value, lang=lang)


def _required(row: _Row, column: str) -> str:
    value = row[column]
    if value is None:
        raise ValueError(f"a fact without {column}; canonical tables have none")
    return value
