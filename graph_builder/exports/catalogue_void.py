"""The make-up of the exported graph in VoID: how many triples, of which classes and properties, and where to get them.

Source: W3C Interest Group Note "Describing Linked Datasets with the VoID Vocabulary", https://www.w3.org/TR/void/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph_builder.exports.catalogue_coverage import Coverage
from graph_builder.exports.catalogue_graphs import file_at, here, new_graph
from graph_builder.exports.catalogue_rights import Publication
from graph_builder.exports.catalogue_texts import facts_text
from ontology.namespaces import BASE

if TYPE_CHECKING:
    from rdflib import Graph

VOID = "http://rdfs.org/ns/void#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FEATURES = {
    "passerelle.ttl": "http://www.w3.org/ns/formats/Turtle",
    "passerelle.jsonld": "http://www.w3.org/ns/formats/JSON-LD",
    "passerelle.nq": "http://www.w3.org/ns/formats/N-Quads",
}
_NAMESPACE = re.compile(r"^(.*[/#])[^/#]*$")


@dataclass(frozen=True)
class MakeUp:
    """What a graph is made of: distinct triples, subjects and objects; entities of each class; triples of each property."""

    triples: int
    subjects: int
    objects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]


def make_up(path: Path) -> MakeUp:
    """The make-up of a Turtle file, read back by another library than the one that wrote it. Raises OSError."""
    import pyoxigraph

    triples = {(t.subject, t.predicate, t.object) for t in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)}
    classes = Counter(obj.value for _, predicate, obj in triples if predicate.value == RDF_TYPE and isinstance(obj, pyoxigraph.NamedNode))
    properties = Counter(predicate.value for _, predicate, _ in triples)
    return MakeUp(len(triples), len({s for s, _, _ in triples}), len({o for _, _, o in triples}), classes, properties)


def void_graph(covered: Coverage, terms: Publication, made: MakeUp, files: Sequence[str]) -> Graph:
    """The VoID description of the facts; `files` are the dumps that the package has."""
    from rdflib import DCTERMS, FOAF, RDF, Literal, Namespace, URIRef

    void, graph, facts, document = Namespace(VOID), new_graph(), here(terms, "facts"), file_at(terms, "void.ttl")
    graph.bind("void", void)
    graph.add((document, RDF.type, void.DatasetDescription))
    graph.add((document, FOAF.primaryTopic, facts))
    graph.add((facts, RDF.type, void.Dataset))
    for language, words in zip(("fr", "en"), facts_text(covered)[0], strict=True):
        graph.add((facts, DCTERMS.title, Literal(words, lang=language)))
    graph.add((facts, DCTERMS.license, URIRef(terms.licence.iri)))
    graph.add((facts, void.uriSpace, Literal(BASE)))
    for path, feature in FEATURES.items():
        if path in files:
            graph.add((facts, void.dataDump, file_at(terms, path)))
            graph.add((facts, void.feature, URIRef(feature)))
    for vocabulary in sorted({_namespace(name) for name in (*made.classes, *made.properties)}):
        graph.add((facts, void.vocabulary, URIRef(vocabulary)))
    counted = {"triples": made.triples, "distinctSubjects": made.subjects, "distinctObjects": made.objects}
    counted |= {"classes": len(made.classes), "properties": len(made.properties)}
    for name, count in counted.items():
        graph.add((facts, void[name], Literal(count)))
    for kind, counts, measure in (("class", made.classes, "entities"), ("property", made.properties, "triples")):
        for number, name in enumerate(sorted(counts), 1):
            part = here(terms, f"{kind}-{number}")
            graph.add((facts, void[f"{kind}Partition"], part))
            graph.add((part, void[kind], URIRef(name)))
            graph.add((part, void[measure], Literal(counts[name])))
    return graph


def _namespace(iri: str) -> str:
    """The namespace of a class or property: all up to its last `#` or `/`."""
    found = _NAMESPACE.match(iri)
    return found[1] if found else iri
