"""The graph in the query engine (Oxigraph, in memory), and one query on it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph_builder.sparql.check import Checked, Form, check_query, refuse_foreign
from graph_builder.sparql.results import Gauge, write_boolean, write_solutions
from ontology.errors import QueryError

if TYPE_CHECKING:
    from pyoxigraph import Store, Triple


class NotOffered(QueryError):
    """None of the asked formats can say this answer."""


@dataclass(frozen=True)
class Ask:
    """A query and how it is to be answered: a format for each kind of answer (None: refused), limits, and the dataset where the caller chose one."""

    text: str
    prefixes: Mapping[str, str]
    solutions: str | None
    boolean: str | None
    graph: str | None
    most_rows: int
    most_bytes: int
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()


@dataclass(frozen=True)
class Answer:
    """A document with the form of its query and the name of its format; `rows` counts rows or triples, 1 for ASK."""

    form: Form
    format: str
    rows: int
    body: bytes


class Graphs:
    """The named graphs of a snapshot and, as default graph, the union of those of them that are not `apart`."""

    def __init__(self, quads: bytes, apart: Collection[str]) -> None:
        from pyoxigraph import RdfFormat, Store

        self._store = Store()
        self._store.load(quads, format=RdfFormat.N_QUADS)
        _unite(self._store, apart)
        self.names = frozenset(graph.value for graph in self._store.named_graphs())

    def __len__(self) -> int:
        """How many quads are held, those of the default graph included."""
        return len(self._store)

    def answer(self, ask: Ask) -> Answer:
        """The answer to a query. Raises QueryError when it may not run, TooLarge beyond the limits, NotOffered for a format that cannot say it."""
        checked = check_query(ask.text, ask.prefixes, self.names)
        refuse_foreign([*ask.default_graphs, *ask.named_graphs], self.names)
        form = checked.form
        chosen = ask.solutions if form == "select" else ask.boolean if form == "ask" else ask.graph
        if chosen is None:
            raise NotOffered(f"{form.upper()} has no answer in that format; {_OFFERED[form]}")
        try:
            return self._run(checked, chosen, ask)
        except (SyntaxError, ValueError, OSError) as error:
            raise QueryError(f"the query cannot be answered: {_first_words(str(error))}; write it otherwise") from error

    def _run(self, checked: Checked, chosen: str, ask: Ask) -> Answer:
        from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QueryBoolean, QuerySolutions

        default: list[NamedNode | BlankNode | DefaultGraph] | None = [NamedNode(name) for name in ask.default_graphs]
        named: list[NamedNode | BlankNode] | None = [NamedNode(name) for name in ask.named_graphs]
        if not default and not named:
            default = named = None  # the dataset of the query itself, else the default graph and all named graphs
        found = self._store.query(checked.text, prefixes=dict(ask.prefixes), default_graph=default, named_graphs=named)
        gauge = Gauge(ask.most_rows, ask.most_bytes)
        if isinstance(found, QuerySolutions):
            variables = [variable.value for variable in found.variables]
            if checked.all_variables:
                variables.sort(key=lambda name: _position(name, checked.text))
            body = write_solutions(chosen, variables, ([solution[name] for name in variables] for solution in found), gauge)
            return Answer(checked.form, chosen, gauge.rows, body)
        if isinstance(found, QueryBoolean):
            return Answer(checked.form, chosen, 1, write_boolean(chosen, answer=bool(found)))
        return Answer(checked.form, chosen, *_triples(chosen, found, ask.prefixes, gauge))


_OFFERED: Mapping[Form, str] = {
    "select": "use json, xml, csv or tsv",
    "ask": "use json or xml",
    "construct": "use turtle, n-triples, json-ld or RDF/XML",
    "describe": "use turtle, n-triples, json-ld or RDF/XML",
}


def _unite(store: Store, apart: Collection[str]) -> None:
    """Copy every named graph that is not apart into the default graph, each triple once: naming all in a query is slower (benchmarks/sparql.py)."""
    from pyoxigraph import NamedNode

    others = ", ".join(str(NamedNode(name)) for name in sorted(apart))
    chosen = f"FILTER(?g NOT IN ({others}))" if others else ""
    store.update(f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {chosen} }}")


def _position(variable: str, text: str) -> int:
    """Where a variable is first written: the order of the columns of SELECT *."""
    found = re.search(rf"[?$]{re.escape(variable)}\b", text)
    return found.start() if found else len(text)


def _triples(form: str, found: Iterator[Triple], prefixes: Mapping[str, str], gauge: Gauge) -> tuple[int, bytes]:
    """How many triples, and the document: each triple once, sorted, so that the same graph reads the same."""
    from pyoxigraph import RdfFormat, serialize

    formats = {"turtle": RdfFormat.TURTLE, "n-triples": RdfFormat.N_TRIPLES, "json-ld": RdfFormat.JSON_LD, "rdf-xml": RdfFormat.RDF_XML}
    triples = set()
    for triple in found:
        if triple not in triples:
            gauge.row()
            triples.add(triple)
    used = {} if form == "json-ld" else dict(prefixes)
    body = serialize(sorted(triples, key=str), format=formats[form], prefixes=used)
    gauge.weigh(len(body or b""))
    return gauge.rows, body or b""


def _first_words(text: str) -> str:
    """The beginning of an engine's message, in one line."""
    return " ".join(text.split())[:160]
