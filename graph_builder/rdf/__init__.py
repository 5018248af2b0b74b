"""A snapshot as RDF: named graphs per source with their provenance, Turtle, JSON-LD and N-Quads; a projection, never read back as the truth.

The text writers need no RDF library; `dataset` and `graph` are for rdflib. All of them say the same (a test compares them).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from graph_builder.rdf.facts import Quad, quads
from graph_builder.rdf.files import json_ld, literal_parts, prefixes, turtle
from graph_builder.rdf.predictions import predicted_quads
from graph_builder.snapshot import Snapshot
from ontology.errors import StorageError
from ontology.namespaces import BASE

if TYPE_CHECKING:
    import pyarrow as pa
    import rdflib
    from rdflib.term import Identifier


def nquads(snapshot: Snapshot, *, base: str = BASE) -> Iterator[str]:
    """Lines of N-Quads, without line ends, each once: a graph per source and one for provenance."""
    return (f"{subject} {prop} {obj} {graph} ." for subject, prop, obj, graph in dict.fromkeys(quads(snapshot, base)))


def ntriples(snapshot: Snapshot, *, base: str = BASE) -> Iterator[str]:
    """Lines of N-Triples, without line ends, each once: all graphs as one."""
    return (f"{subject} {prop} {obj} ." for subject, prop, obj in dict.fromkeys(quad[:3] for quad in quads(snapshot, base)))


def write_nquads(snapshot: Snapshot, target: Path | TextIO, *, base: str = BASE) -> None:
    """Write N-Quads to a file, or to an open text stream. Raises StorageError."""
    _write(target, nquads(snapshot, base=base))


def write_turtle(snapshot: Snapshot, target: Path | TextIO, *, base: str = BASE) -> None:
    """Write Turtle, all graphs as one, subjects in order. Raises StorageError."""
    _write(target, turtle((quad[:3] for quad in quads(snapshot, base)), base))


def write_jsonld(snapshot: Snapshot, target: Path | TextIO, *, base: str = BASE) -> None:
    """Write JSON-LD 1.1 with its context inside, all graphs as one. Raises StorageError."""
    _write(target, json_ld((quad[:3] for quad in quads(snapshot, base)), base))


def dataset(snapshot: Snapshot, *, base: str = BASE) -> rdflib.Dataset:
    """An rdflib dataset with the quads of `nquads`; its default graph is empty, a query sees the union when the dataset is asked for it."""
    import rdflib

    result = rdflib.Dataset()
    _bind(result, base)
    terms = _Terms()
    graphs: dict[str, rdflib.Graph] = {}
    for subject, prop, obj, name in quads(snapshot, base):
        if name not in graphs:
            graphs[name] = result.graph(rdflib.URIRef(name[1:-1]))
        graphs[name].add((terms.of(subject), terms.of(prop), terms.of(obj)))
    return result


def graph(snapshot: Snapshot, *, base: str = BASE) -> rdflib.Graph:
    """An rdflib graph with the triples of `ntriples`: stated facts, and every fact as a statement with its provenance."""
    return _graph(quads(snapshot, base), base)


def predictions_graph(table: pa.Table, *, base: str = BASE) -> rdflib.Graph:
    """An rdflib graph of predicted links alone; columns as `predicted_quads`."""
    return _graph(predicted_quads(table, base), base)


def write_predicted_turtle(table: pa.Table, target: Path | TextIO, *, base: str = BASE) -> None:
    """Write predicted links as Turtle, in a file of their own. Raises StorageError."""
    _write(target, turtle((quad[:3] for quad in predicted_quads(table, base)), base))


def _graph(rows: Iterable[Quad], base: str) -> rdflib.Graph:
    import rdflib

    result = rdflib.Graph()
    _bind(result, base)
    terms = _Terms()
    for subject, prop, obj, _ in rows:
        result.add((terms.of(subject), terms.of(prop), terms.of(obj)))
    return result


def _bind(target: rdflib.Graph, base: str) -> None:
    for prefix, address in prefixes(base).items():
        target.bind(prefix, address, replace=True)


class _Terms:
    """Turns the text of a term into rdflib's object, each text once."""

    def __init__(self) -> None:
        self._seen: dict[str, Identifier] = {}

    def of(self, text: str) -> Identifier:
        """The term; literals keep their spelling."""
        if text not in self._seen:
            self._seen[text] = self._made(text)
        return self._seen[text]

    @staticmethod
    def _made(text: str) -> Identifier:
        from rdflib import Literal, URIRef

        if text.startswith("<"):
            return URIRef(text[1:-1])
        parts = literal_parts(text)
        return Literal(parts.text, lang=parts.lang, datatype=parts.datatype and URIRef(parts.datatype), normalize=False)


def _write(target: Path | TextIO, lines: Iterable[str]) -> None:
    if isinstance(target, Path):
        with _replaced(target) as stream:
            _write(stream, lines)
    else:
        target.writelines(f"{line}\n" for line in lines)


@contextmanager
def _replaced(path: Path) -> Iterator[TextIO]:
    """A stream whose content takes the place of the file when it is complete."""
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as stream:
            yield stream
        partial.replace(path)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}; free space, or choose another file") from error
    finally:
        partial.unlink(missing_ok=True)
