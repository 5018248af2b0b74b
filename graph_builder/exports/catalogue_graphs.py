"""Small RDF graphs as files that are always the same: their prefixes, the IRIs of what a package describes, Turtle and JSON-LD."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from graph_builder.exports.catalogue_rights import Publication

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def turtle(graph: Graph) -> bytes:
    """The graph as Turtle, sorted. It must have no blank nodes."""
    return graph.serialize(format="turtle", encoding="utf-8")


def json_ld(graph: Graph) -> bytes:
    """The graph as JSON-LD, sorted; its context is inside, nothing is fetched."""
    context = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
    used = {prefix: context[prefix] for prefix in sorted(context) if prefix in PREFIXES or prefix in ("void", "psr")}
    document = json.loads(graph.serialize(format="json-ld", context=used, auto_compact=True))
    return (json.dumps(_sorted(document), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def new_graph() -> Graph:
    """An empty graph that knows the prefixes of the catalogue and no others."""
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def here(terms: Publication, name: str) -> URIRef:
    """IRI of a thing that the package describes: the same in all its files."""
    from rdflib import URIRef

    return URIRef(f"{terms.base or './'}#{quote(name, safe='/:.')}")


def file_at(terms: Publication, path: str) -> URIRef:
    """IRI of a file of the package."""
    from rdflib import URIRef

    return URIRef(terms.base + quote(path))
