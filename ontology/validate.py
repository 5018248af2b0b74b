"""The RDF of a territory against the shapes: SHACL's report as findings. The libraries are imported when they are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import Finding, InputError
from ontology.namespaces import BASE, PREFIXES, VOCABULARY, entity_id
from ontology.reading import read_rdf

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

FILE = "rdf"
"""File name in the findings about a graph that was not read from a file."""

_SH = "http://www.w3.org/ns/shacl#"
_MISSING = frozenset({"MinCountConstraintComponent", "QualifiedMinCountConstraintComponent", "HasValueConstraintComponent"})
_TOO_MANY = frozenset({"MaxCountConstraintComponent", "QualifiedMaxCountConstraintComponent", "UniqueLangConstraintComponent"})


def shacl_findings(graph: Graph, *, base: str = BASE, file: str = FILE) -> list[Finding]:
    """Every violation of `shapes.ttl` and every property of our namespace that `passerelle.ttl` does not declare, sorted.

    A finding says what was found and what is accepted; its column is the local name of the property.

    `base` is the one with which the entities were written: it shortens IRIs to ids in the messages. The graph is not changed.
    """
    import pyshacl
    from rdflib import Graph as RdfGraph
    from rdflib import URIRef

    reader = _Reader(graph, base, file)
    found = set(reader.undeclared())
    conforms, report, text = pyshacl.validate(graph, shacl_graph=_shapes())
    if conforms:
        return sorted(found, key=Finding.line)
    if not isinstance(report, RdfGraph):
        raise InputError(f"{file}: SHACL gave no report: {' '.join(str(text).split())[:160]}; check the graph with another SHACL engine")
    for result in report.objects(None, URIRef(f"{_SH}result")):
        parts = {name: report.value(result, URIRef(_SH + name)) for name in _PARTS}
        found.add(reader.finding(parts))
    return sorted(found, key=Finding.line)


def rdf_findings(path: Path, *, base: str = BASE) -> list[Finding]:
    """The findings of `shacl_findings` on an RDF file, read by its suffix; a file that cannot be read or parsed is a finding too."""
    try:
        graph = read_rdf(path)
    except InputError as error:
        where, _, rest = str(error).removeprefix(f"{path}: ").rpartition("; ")
        return [Finding(path.name, None, None, where, rest)]
    if not len(graph):
        return [Finding(path.name, None, None, "the file has no triple", "the RDF of a territory")]
    return shacl_findings(graph, base=base, file=path.name)


_PARTS = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "resultMessage")


@lru_cache(maxsize=1)
def _shapes() -> Graph:
    return _own("shapes.ttl")


@lru_cache(maxsize=1)
def _declared() -> frozenset[Node]:
    """The properties of the vocabulary."""
    from rdflib.namespace import OWL, RDF

    vocabulary = _own("passerelle.ttl")
    return frozenset(term for kind in (OWL.ObjectProperty, OWL.DatatypeProperty) for term in vocabulary.subjects(RDF.type, kind))


def _own(name: str) -> Graph:
    from rdflib import Graph

    return Graph().parse(data=files("ontology").joinpath(name).read_text(encoding="utf-8"), format="turtle")


@dataclass(frozen=True)
class _Reader:
    """Turns a result of SHACL into a finding that names the entity."""

    graph: Graph
    base: str
    file: str

    def undeclared(self) -> Iterator[Finding]:
        """One finding for each property of our namespace that the vocabulary does not declare: SHACL's shapes look only at what they name."""
        used = {prop for prop in set(self.graph.predicates()) if str(prop).startswith(VOCABULARY)}
        for prop in used - _declared():
            subjects = sorted(set(self.graph.subjects(prop, None)), key=str)
            more = f" and {len(subjects) - 1} others" if len(subjects) > 1 else ""
            column = str(prop).removeprefix(VOCABULARY)[:80]
            yield Finding(self.file, None, column, f"{self._name(subjects[0])}{more} has psr:{column}, not declared", "a property of passerelle.ttl")

    def finding(self, parts: dict[str, Node | None]) -> Finding:
        from rdflib import URIRef

        focus, path, value = parts["focusNode"], parts["resultPath"], parts["value"]
        if focus is not None and str(focus).startswith(VOCABULARY):  # a constraint that runs once names the node in `value`
            focus, value = value, None
        column = _local(str(path)) if isinstance(path, URIRef) else "statement"
        component = _local(str(parts["sourceConstraintComponent"]))
        found = self._name(focus)
        values = [value] if value is not None else self._values(focus, path)
        if component in _MISSING:
            found += f" has no {column}" if not values else f" has {column} {self._listed(values)}"
        elif component in _TOO_MANY:
            found += f" has {column} {self._listed(self._values(focus, path) or values)}"
        else:
            found += f" has {column} {self._listed(values)}"
        return Finding(self.file, None, column, found, str(parts["resultMessage"]))

    def _values(self, focus: Node | None, path: Node | None) -> list[Node]:
        from rdflib import URIRef

        return sorted(self.graph.objects(focus, path), key=str) if focus is not None and isinstance(path, URIRef) else []

    def _listed(self, values: list[Node]) -> str:
        texts = [self._name(value) for value in values[:5]]
        return ", ".join(texts) + (", ..." if len(values) > 5 else "")

    def _name(self, node: Node | None) -> str:
        """An id for an entity, a prefixed name for a term; a statement or a record by its key."""
        from rdflib import Literal, URIRef
        from rdflib.namespace import RDF

        if not isinstance(node, URIRef):
            return repr(str(node)[:80]) if isinstance(node, Literal) else str(node)[:80]
        text = str(node)
        for kind in ("statement", "record"):
            if text.startswith(f"{self.base}{kind}/"):
                about = self.graph.value(node, RDF.subject)
                key = text[len(self.base) + len(kind) + 1 :]
                return f"the {kind} {key}" + (f" about {entity_id(str(about), self.base) or about}" if about is not None else "")
        short = next(
            (f"{prefix}:{text[len(address) :]}" for prefix, address in PREFIXES.items() if prefix != "id" and text.startswith(address)), None
        )
        return entity_id(text, self.base) or short or text[:160]


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
