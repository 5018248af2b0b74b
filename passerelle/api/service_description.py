"""What the SPARQL endpoint says of itself. Source: SPARQL 1.1 Service Description, W3C Recommendation of 21 March 2013."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Triple as _Triple

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML")
TITLE = ("Passerelle : graphe de connaissances d'un territoire, en lecture seule", "Passerelle: knowledge graph of a territory, read only")


def description(endpoint: str, graphs: Iterable[str], form: str) -> bytes:
    """The service description in turtle, n-triples, json-ld or rdf-xml: language, result formats, default and named graphs."""
    from pyoxigraph import RdfFormat, serialize

    formats = {"turtle": RdfFormat.TURTLE, "n-triples": RdfFormat.N_TRIPLES, "json-ld": RdfFormat.JSON_LD, "rdf-xml": RdfFormat.RDF_XML}
    prefixes = {} if form == "json-ld" else {"sd": SD, "dcterms": "http://purl.org/dc/terms/"}
    from_triples = serialize(_triples(endpoint, graphs), format=formats[form], prefixes=prefixes)
    return from_triples or b""


def _triples(endpoint: str, graphs: Iterable[str]) -> Iterator[_Triple]:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    a = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    service, dataset, default = BlankNode("service"), BlankNode("dataset"), BlankNode("default")

    def sd(name: str) -> NamedNode:
        return NamedNode(SD + name)

    yield Triple(service, a, sd("Service"))
    yield Triple(service, sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, sd("supportedLanguage"), sd("SPARQL11Query"))
    for name in RESULTS:
        yield Triple(service, sd("resultFormat"), NamedNode(FORMATS + name))
    yield Triple(service, sd("defaultDataset"), dataset)
    yield Triple(dataset, a, sd("Dataset"))
    for title, lang in zip(TITLE, ("fr", "en"), strict=True):
        yield Triple(dataset, NamedNode("http://purl.org/dc/terms/title"), Literal(title, language=lang))
    yield Triple(dataset, sd("defaultGraph"), default)
    yield Triple(default, a, sd("Graph"))
    for position, graph in enumerate(graphs):
        named = BlankNode(f"named{position}")
        yield Triple(dataset, sd("namedGraph"), named)
        yield Triple(named, a, sd("NamedGraph"))
        yield Triple(named, sd("name"), NamedNode(graph))
