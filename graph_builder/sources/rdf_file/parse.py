"""From the bytes of an RDF file to its graph, or to what is wrong with it. Nothing is fetched, by construction.

The parser is Oxigraph's: it has no network and no file access of its own. What could ask for more is refused before it sees the
file, by the checks of `ontology.reading`: XML with a DTD or entities, JSON-LD whose context lies elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from graph_builder.sources.rdf_file.graph import BLANK, Literal, RdfGraph, Term, Triple
from ontology.errors import Finding
from ontology.namespaces import PREFIXES
from ontology.reading import FORMATS, SHARED_FORMATS, content_faults

if TYPE_CHECKING:
    import pyoxigraph

MAX_BYTES = 100_000_000
MAX_JSON_BYTES = 30_000_000
MAX_TRIPLES = 1_000_000

_PARSERS: Mapping[str, str] = MappingProxyType(
    {"turtle": "TURTLE", "trig": "TRIG", "nt": "N_TRIPLES", "nquads": "N_QUADS", "json-ld": "JSON_LD", "xml": "RDF_XML"}
)
"""Format of `ontology.reading` -> the parser of Oxigraph."""

BASE = "file:///"
"""Addresses without a host are read as if the file stood alone at the top of a file system: its folder never enters a fact."""

_UTF8 = "save it as UTF-8"
_COUNTED = re.compile(r"Parser error at line (\d+)(?: between columns (\d+) and \d+| column (\d+))?: (.*)", re.DOTALL)
_SCHEMA = re.compile(r"https?://schema\.org/")


def read_graph(path: Path) -> tuple[RdfGraph | None, list[Finding]]:
    """The graph of a file, None when it cannot be read, with what is wrong with it. An unknown ending is read as Turtle."""
    kind = {**FORMATS, **SHARED_FORMATS}.get(path.suffix.lower(), "turtle")
    content = _content(path, MAX_JSON_BYTES if kind == "json-ld" else MAX_BYTES)
    if isinstance(content, Finding):
        return None, [content]
    refused = [Finding(path.name, fault.line, None, fault.found, fault.accepted) for fault in content_faults(kind, content)]
    if refused:
        return None, refused
    faults: list[Finding] = []
    graph = RdfGraph(_triples(path.name, content, _PARSERS[kind], faults))
    return (None, faults) if faults else (graph, [])


def _content(path: Path, limit: int) -> bytes | Finding:
    """The bytes of the file without its byte order mark, or why they cannot be read."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= limit else b""
    except OSError as error:
        return Finding(path.name, None, None, f"the file cannot be read ({error.strerror or 'input error'})", "make it readable")
    if size > limit:
        return Finding(path.name, None, None, f"the file has {size:,} bytes", f"at most {limit:,}: split it")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Finding(path.name, 1, None, "the file is UTF-16, not UTF-8", _UTF8)
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        return Finding(path.name, None, None, "the file is empty", "give a file with organisations in it")
    return _as_utf8(path.name, raw)


def _as_utf8(file: str, raw: bytes) -> bytes | Finding:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return Finding(file, line, None, "the file is not UTF-8 (perhaps Latin-1, or no text at all)", _UTF8)
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        return Finding(file, line, None, "a NUL byte: the file is damaged, or no text", f"give RDF as text, and {_UTF8}")
    return raw


# parsing -------------------------------------------------------------------------------------------------------------


def _triples(file: str, content: bytes, syntax: str, faults: list[Finding]) -> Iterator[Triple]:
    """The triples of all graphs of a file; ends at the first fault, which goes to `faults`."""
    import pyoxigraph

    count = 0
    try:
        for quad in pyoxigraph.parse(content, getattr(pyoxigraph.RdfFormat, syntax), base_iri=BASE + quote(file)):
            count += 1
            if count > MAX_TRIPLES:
                faults.append(Finding(file, None, None, f"more than {MAX_TRIPLES:,} triples", "split the file"))
                return
            subject, obj = _node(quad.subject), _term(quad.object)
            if subject is not None and obj is not None:
                yield subject, _node(quad.predicate) or "", obj
    except (SyntaxError, ValueError) as error:
        faults.append(_syntax_fault(file, str(error)))


def _syntax_fault(file: str, message: str) -> Finding:
    match = _COUNTED.match(re.sub(r" \(line \d+\)$", "", message))
    if match is None:
        return Finding(file, None, None, f"broken syntax: {message[:200]}", "correct it, or save the file as Turtle")
    line, column = int(match[1]), match[2] or match[3]
    where = f" near column {column}" if column else ""
    return Finding(file, line, None, f"broken syntax{where}: {match[4][:200]}", "correct this line; a space in an IRI is written %20")


def _term(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple) -> Term | None:
    import pyoxigraph

    if isinstance(term, pyoxigraph.Literal):
        return Literal(term.value, (term.language or "").lower(), term.datatype.value)
    return _node(term)


def _node(term: object) -> str | None:
    """A node as text, None for a quoted triple. Both spellings of schema.org are one."""
    import pyoxigraph

    if isinstance(term, pyoxigraph.NamedNode):
        return _SCHEMA.sub(PREFIXES["schema"], term.value, count=1) if _SCHEMA.match(term.value) else term.value
    return BLANK + term.value if isinstance(term, pyoxigraph.BlankNode) else None
