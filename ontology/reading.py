"""Reading an RDF file that may come from anywhere: nothing is fetched, no entity is expanded, and its size has a limit."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ontology.errors import InputError
from ontology.namespaces import BASE

if TYPE_CHECKING:
    from rdflib import Graph

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        ".ttl": "turtle",
        ".turtle": "turtle",
        ".trig": "trig",
        ".jsonld": "json-ld",
        ".json-ld": "json-ld",
        ".nq": "nquads",
        ".nt": "nt",
        ".rdf": "xml",
        ".owl": "xml",
    }
)
"""Suffix of an RDF file -> the format as rdflib calls it; every reader of RDF goes by this table."""

SHARED_FORMATS: Mapping[str, str] = MappingProxyType({".json": "json-ld", ".xml": "xml"})
"""Suffixes that other files have too -> the format that such a file has when it is RDF."""

MAX_BYTES = 200_000_000
"""Largest file that is read."""

_BOM = b"\xef\xbb\xbf"
_NAMES = {"turtle": "Turtle", "trig": "TriG", "json-ld": "JSON-LD", "nquads": "N-Quads", "nt": "N-Triples", "xml": "RDF/XML"}


def read_rdf(path: Path) -> Graph:
    """The triples of a file, its named graphs as one; relative IRIs are resolved against the base of this product.

    InputError when the suffix is unknown, the file cannot be read or parsed, is larger than `MAX_BYTES`, or `content_faults` finds a fault.
    """
    suffix = path.suffix.lower()
    kind = FORMATS.get(suffix) or SHARED_FORMATS.get(suffix)
    if kind is None:
        raise InputError(f"{path}: not a suffix of RDF; give one of {', '.join(FORMATS)}")
    content = _content(path)
    for fault in content_faults(kind, content):
        where = f"line {fault.line}: " if fault.line else ""
        raise InputError(f"{path}: {where}{fault.found}; {fault.accepted}")
    return _parsed(path, kind, content)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: {path.stat().st_size} bytes; at most {MAX_BYTES} are read, split the file")
        return path.read_bytes().removeprefix(_BOM)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; give a readable file") from error


def _parsed(path: Path, kind: str, content: bytes) -> Graph:
    from rdflib import Dataset, Graph

    target = Dataset() if kind in ("nquads", "trig", "json-ld") else Graph()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own parsers use what rdflib deprecates
            target.parse(data=content, format=kind, publicID=BASE)
    except Exception as error:
        # the parsers of rdflib raise whatever went wrong inside them: SyntaxError, ValueError, AttributeError, SAXParseException, ...
        reason = " ".join(str(error).split())[:160] or type(error).__name__
        raise InputError(f"{path}: not {_NAMES[kind]}: {reason}; give a file that its suffix describes") from error
    if not isinstance(target, Dataset):
        return target
    graph = Graph()
    for subject, prop, obj, _ in target.quads():
        graph.add((subject, prop, obj))
    return graph


# what is refused before a parser sees it ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """What is wrong in the content of a file: the line where it is known, what was found, and what to do."""

    line: int | None
    found: str
    accepted: str


def content_faults(kind: str, content: bytes) -> list[Fault]:
    """Why a content must not be parsed as a format of `FORMATS`; empty when nothing forbids it.

    RDF/XML: a DTD, entities, or faults of form. JSON-LD: a context that lies elsewhere, an IRI with a space, or faults of form.
    """
    match kind:
        case "xml":
            return _xml_faults(content)
        case "json-ld":
            return _json_ld_faults(content)
        case _:
            return []


def _xml_faults(content: bytes) -> list[Fault]:
    from xml.sax import SAXException, SAXParseException
    from xml.sax.handler import ContentHandler

    from defusedxml import DefusedXmlException
    from defusedxml.sax import parseString

    accepted = "remove the DOCTYPE and write every IRI in full, or save the file as Turtle"
    try:
        parseString(content, ContentHandler(), forbid_dtd=True)
    except DefusedXmlException:
        sign = re.search(rb"<!(?:DOCTYPE|ENTITY)", content)
        line = content[: sign.start()].count(b"\n") + 1 if sign else None
        return [Fault(line, "a DTD or an entity declaration, which is never read", accepted)]
    except SAXParseException as error:
        found = f"broken XML near column {(error.getColumnNumber() or 0) + 1}: {_told(error.getMessage())}"
        return [Fault(error.getLineNumber(), found, "correct it")]
    except (SAXException, ValueError, LookupError) as error:
        return [Fault(None, f"broken XML: {_told(str(error))}", "correct it")]
    return []


def _json_ld_faults(content: bytes) -> list[Fault]:
    try:
        document = json.loads(content)
    except json.JSONDecodeError as error:
        return [Fault(error.lineno, f"broken JSON near column {error.colno}: {_told(error.msg)}", "correct it")]
    except UnicodeDecodeError:
        return [Fault(None, "the file is not UTF-8", "save it as UTF-8")]
    except (RecursionError, ValueError):
        return [Fault(None, "JSON nested too deep, or a number with too many digits", "write plain JSON-LD")]
    return list(dict.fromkeys(_document_faults(document)))


def _document_faults(document: object) -> Iterator[Fault]:
    pending: list[object] = [document]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending += item
        elif isinstance(item, dict):
            pending += [value for key, value in item.items() if key != "@value"]
            yield from _remote_contexts(item)
            node = item.get("@id")
            if isinstance(node, str) and re.search(r"\s", node.strip()):
                yield Fault(None, f"'{_told(node)}' is no IRI: it has a space in it", "write %20 for a space")


def _remote_contexts(item: Mapping[str, object]) -> Iterator[Fault]:
    """The contexts of one JSON object that lie elsewhere."""
    accepted = "write its terms into @context of this file"
    context, imported = item.get("@context"), item.get("@import")
    for value in context if isinstance(context, list) else [context]:
        if isinstance(value, str):
            yield Fault(None, f"the context '{_told(value)}' lies elsewhere and is never fetched", accepted)
    if isinstance(imported, str):
        yield Fault(None, f"@import of the context '{_told(imported)}', which is never fetched", accepted)


def _told(text: str) -> str:
    """A text of the file on one line, without control characters, cut at 80 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:80]).split())
