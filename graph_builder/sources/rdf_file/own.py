"""What a file that this product wrote tells in its statements: roles, needs and dates of relations. Other files have none."""

from __future__ import annotations

from collections.abc import Mapping

from graph_builder.sources.entities.info import plain_date
from graph_builder.sources.entities.ledger import Told
from graph_builder.sources.rdf_file.graph import RdfGraph
from graph_builder.sources.rdf_file.terms import iri, iris
from ontology.model import NeedType, ParticipationRole, RelationRole
from ontology.namespaces import VOCABULARY

STATEMENTS = frozenset(iris("psr:Statement psr:Hypothesis psr:Record psr:Prediction"))
"""Classes by which such a file says where its facts come from: read here only as far as relations need it."""

OWN_PACKAGE = frozenset(iris("psr:Package"))
"""Class of a package that such a file was made of."""

_SUBJECT, _PREDICATE, _OBJECT = iri("rdf:subject"), iri("rdf:predicate"), iri("rdf:object")
_ROLES = iris("psr:participationRole psr:relationRole")
_KNOWN = frozenset([*ParticipationRole, *RelationRole, *NeedType])

Fact = tuple[str, str, str]


def own_statements(graph: RdfGraph) -> Mapping[Fact, Told]:
    """Subject, property and object of each relation of such a file -> what qualifies it."""
    told: dict[Fact, Told] = {}
    for node in graph.of_class({iri("psr:Statement")}):
        parts = [graph.nodes(node, (name,)) for name in (_SUBJECT, _PREDICATE, _OBJECT)]
        if all(parts) and parts[1][0].startswith(VOCABULARY):
            since, until = (_date(graph, node, iri(name)) for name in ("psr:since", "psr:until"))
            qualified = Told(since, until, _term(graph, node, _ROLES), _term(graph, node, iris("psr:needType")))
            if any(qualified):
                told[parts[0][0], parts[1][0], parts[2][0]] = qualified
    return told


def _date(graph: RdfGraph, node: str, predicate: str) -> str:
    return next((date for literal in graph.literals(node, (predicate,)) if (date := plain_date(literal.text))), "")


def _term(graph: RdfGraph, node: str, predicates: tuple[str, ...]) -> str:
    """The value of a closed list that a statement names (psr:ParticipationRole-lead), "" for any other."""
    names = (address.rsplit("-", 1)[-1] for address in graph.nodes(node, predicates))
    return next((name for name in names if name in _KNOWN), "")
