"""The organisations of an RDF file: who they are, and what the file says of each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from graph_builder.normalise import siren_ok, vat_fr_ok
from graph_builder.sources.entities.ids import ascii_slug, choose_sirens, short_hash, sirens_in
from graph_builder.sources.entities.info import plain_date
from graph_builder.sources.entities.ledger import Ledger, Record
from graph_builder.sources.rdf_file import terms
from graph_builder.sources.rdf_file.about import Texts
from graph_builder.sources.rdf_file.graph import BLANK, RdfGraph
from graph_builder.sources.rdf_file.ids import slugs
from ontology.model import ATTRIBUTES, EntityKind
from ontology.namespaces import VOCABULARY, entity_id

_NAF = ("http://id.insee.fr/codes/nafr2/sousClasse/", "http://id.insee.fr/codes/nafr2/classe/")
_OWN_MARKS: Mapping[str, str] = MappingProxyType({"recommendable": "psr:recommendable", "outside": "psr:outside", "why_not": "psr:whyNot"})
_YES_NO = frozenset({"recommendable", "outside"})
_TRUTH: Mapping[str, str] = MappingProxyType({"true": "yes", "1": "yes", "false": "no", "0": "no"})
_UNNAMED = "organisations without a name", "they are left out: give each one a name (skos:prefLabel, foaf:name, schema:name)"


@dataclass
class Reading:
    """One file while it is read: its graph, where its facts go, and the ids that were given."""

    graph: RdfGraph
    ledger: Ledger
    texts: Texts
    source: str
    published: str | None
    actors: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    """Nodes of which something was asked: their other properties are reported."""
    told: set[tuple[str, str]] = field(default_factory=set)
    """Places and words that are described already, with the attribute."""

    def record(self, table: str, node: str) -> Record:
        """The record of what the file says of a node, with the sources that the node itself names."""
        key = entity_id(node) or node
        dates = [date for literal in self.graph.literals(node, terms.MODIFIED[:4]) if (date := plain_date(literal.text))]
        cited = [self._cited(address) for address in self.graph.nodes(node, terms.CITED) if address.startswith("http")]
        where = "" if node.startswith(BLANK) else f" {node}"
        return self.ledger.record(table, key, where=where, sources=[self.source, *cited], published=max(dates, default=self.published))

    def _cited(self, address: str) -> str:
        """The id of a source that a node names, described here."""
        head = self.source.removeprefix("source:")
        subject = f"source:{head}-{ascii_slug(address)[-30:].strip('-')}-{short_hash(address)}"
        record = self.ledger.record("sources", address, sources=[subject])
        self.ledger.entity(subject, EntityKind.SOURCE, record)
        title = next(iter(self.texts.names(address, terms.LABELS)), address)
        for predicate, value in (("title", title), ("url", address), ("redistribution", "none")):
            self.ledger.attribute(subject, predicate, value, record)
        self.read.add(address)
        return subject


def name_actors(reading: Reading) -> None:
    """Give every organisation of the file its id: `siren:...`, else the package and a slug. Those without a name are left out."""
    graph, ledger = reading.graph, reading.ledger
    found = [node for node in graph.of_class(terms.KIND_OF) if graph.classes(node).isdisjoint(terms.PROJECTS)]
    names = {node: reading.texts.names(node, terms.NAMES)[:1] for node in found}
    unnamed = [node for node in found if not names[node]]
    if unnamed:
        ledger.skip(*_UNNAMED, len(unnamed))
    named = {node: texts[0] for node, texts in names.items() if texts}
    units = frozenset(node for node in named if not graph.classes(node).isdisjoint(terms.UNITS))
    chosen, shared = choose_sirens({node: _sirens(reading, node) for node in named}, units)
    for siren in shared:
        ledger.skip(f"organisations that share the SIREN {siren}", "none of them keeps it: give each its own, or join them", len(shared[siren]))
    for node, text in slugs(named).items():
        reading.actors[node] = f"siren:{chosen[node]}" if node in chosen else f"{ledger.package}:{text}"


def _sirens(reading: Reading, node: str) -> tuple[list[str], list[str]]:
    plain: list[str] = []
    heads: list[str] = []
    for text in _identifiers(reading, node):
        found, begun = sirens_in(text)
        plain += found
        heads += begun
        digits = text.replace(" ", "")
        if len(digits) == 9 and digits.isdigit() and not siren_ok(digits):
            reading.ledger.skip("identifiers of nine digits with a wrong check digit", "they are not taken as a SIREN: copy them again")
    return plain, heads


def _identifiers(reading: Reading, node: str) -> list[str]:
    graph = reading.graph
    structured = graph.nodes(node, terms.IDENTIFIERS)
    reading.read.update(structured)
    values = [text for inner in structured for text in graph.texts(inner, terms.IDENTIFIER_VALUES)]
    return [*graph.texts(node, terms.IDENTIFIERS), *values, *graph.texts(node, terms.VAT)]


def add_actors(reading: Reading, kinds: Mapping[str, str]) -> None:
    """Add what the file says of each organisation; `kinds` gives the id of the kind of each."""
    for node, actor in reading.actors.items():
        record = reading.record("organisations", node)
        reading.read.add(node)
        reading.ledger.entity(actor, EntityKind.ORGANIZATION, record)
        reading.ledger.attribute(actor, "kind", kinds[node], record)
        for predicate, value in _attributes(reading, node, actor):
            reading.ledger.attribute(actor, predicate, value, record)


def _attributes(reading: Reading, node: str, actor: str) -> list[tuple[str, str]]:
    graph, texts = reading.graph, reading.texts
    name, *others = texts.names(node, terms.NAMES)
    rows = [("name", name)]
    rows += [("alt_name", other) for other in dict.fromkeys([*others, *texts.names(node, terms.OTHER_NAMES)]) if other != name]
    rows += descriptions(reading, node)
    rows += [("website", text) for text in graph.texts(node, terms.WEBSITES)[:1]]
    rows += [("keywords", word) for literal in graph.literals(node, terms.KEYWORDS) for word in literal.text.split(",")]
    rows += [("siren", actor.removeprefix("siren:"))] if actor.startswith("siren:") else []
    rows += [("vat", text) for text in graph.texts(node, terms.VAT) if not text.upper().startswith("FR") or vat_fr_ok(text)]
    rows += [("naf", text.removeprefix(head)) for text in graph.texts(node, terms.ACTIVITY) for head in _NAF if text.startswith(head)]
    rows += [("alias", alias) for alias in aliases(node)]
    rows += _own_marks(reading, node)
    closed = [date for literal in graph.literals(node, terms.CLOSED) if (date := plain_date(literal.text))]
    return [*rows, *([("status", "closed"), ("status_since", max(closed))] if closed else [])]


def _own_marks(reading: Reading, node: str) -> list[tuple[str, str]]:
    """What only this product says of an actor: whether it may be recommended, and why not; whether it is known only as a partner."""
    told = [(key, text) for key, name in _OWN_MARKS.items() for text in reading.graph.texts(node, terms.iris(name))[:1]]
    words = [(key, _TRUTH.get(text, "") if key in _YES_NO else text) for key, text in told]
    return [(key, word) for key, word in words if word]


def aliases(node: str) -> list[str]:
    """What else a thing answers to: its IRI, and the id behind it where this product gave the IRI."""
    own = entity_id(node)
    return [*([node] if node.startswith(("http:", "https:", "urn:")) else []), *([own] if own else [])]


def descriptions(reading: Reading, node: str) -> list[tuple[str, str]]:
    """The first description in French and in English; those in other languages are left out and counted."""
    told = reading.texts.by_language(node, terms.DESCRIPTIONS)
    other = sum(len(listed) for lang, listed in told.items() if lang not in ("fr", "en"))
    if other:
        reading.ledger.skip("descriptions in other languages than French and English", "they are left out", other)
    return [(f"description_{lang}", told[lang][0]) for lang in ("fr", "en") if lang in told]


# kinds ---------------------------------------------------------------------------------------------------------------


def class_kind(graph: RdfGraph, node: str) -> str:
    """What the classes of an organisation say it is: one of `KINDS`."""
    told = {terms.KIND_OF[name] for name in graph.classes(node) if name in terms.KIND_OF}
    return next(kind for kind in terms.KIND_ORDER if kind in told)


def own_kind(reading: Reading, node: str) -> str | None:
    """The id of the kind that a file of this product gives an organisation (psr:kind), described as the file does; None for others."""
    for address in reading.graph.nodes(node, terms.iris("psr:kind")):
        kind = entity_id(address)
        if kind and kind.startswith("kind:") and VOCABULARY + EntityKind.ACTOR_KIND.value in reading.graph.classes(address):
            _describe_kind(reading, address, kind)
            return kind
    return None


def _describe_kind(reading: Reading, address: str, kind: str) -> None:
    record = reading.record("kinds", address)
    reading.read.add(address)
    reading.ledger.entity(kind, EntityKind.ACTOR_KIND, record)
    for lang, labels in reading.texts.by_language(address, terms.LABELS).items():
        if f"label_{lang}" in ATTRIBUTES:
            reading.ledger.attribute(kind, f"label_{lang}", labels[0], record)
    values = {"org_kind": "psr:orgKind", "role": "psr:role", "partner": "psr:partner", "offers_by_default": "psr:offersByDefault"}
    for predicate, name in values.items():
        for term in reading.graph.texts(address, terms.iris(name)):
            reading.ledger.attribute(kind, predicate, term.rsplit("-", 1)[-1], record)
