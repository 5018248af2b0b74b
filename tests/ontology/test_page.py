"""docs/ontology.md: its queries give answers on the seed, and what it names is in the vocabulary."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import Graph, URIRef

from graph_builder.rdf import nquads
from graph_builder.rdf.files import prefixes
from ontology.namespaces import GRAPH, VOCABULARY, graph_iri
from tests.graph_builder.tiny import seed

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ontology.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sparql\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.bulk_load("\n".join(nquads(seed())).encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    return store


@pytest.mark.parametrize("number", range(2))
def test_queries(store: pyoxigraph.Store, number: int) -> None:
    assert len(QUERIES) == 2
    named = "".join(f"PREFIX {prefix}: <{address}>\n" for prefix, address in {**prefixes(), "graph": GRAPH}.items())
    facts = [graph for graph in store.named_graphs() if graph.value != graph_iri("provenance")]
    answer = store.query(named + QUERIES[number], default_graph=facts)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    assert len(list(answer)) > 1


def test_terms() -> None:
    vocabulary = Graph().parse(ROOT / "ontology" / "passerelle.ttl")
    named = set(re.findall(r"psr:([A-Za-z][A-Za-z_]*(?:-[a-z_]+)?)", PAGE))
    assert len(named) > 40
    assert [term for term in sorted(named) if (URIRef(VOCABULARY + term), None, None) not in vocabulary] == []
