"""Answers as documents: SPARQL 1.1 results in JSON, XML, CSV and TSV, each within a limit of rows and bytes.

Source: W3C Recommendations of 21 March 2013, sparql11-results-json, rdf-sparql-XMLres (second edition), sparql11-results-csv-tsv.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from ontology.errors import QueryError

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

Row: TypeAlias = "Sequence[Term | None]"

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEEDS_QUOTES = re.compile('[",\r\n]')


class TooLarge(QueryError):
    """An answer beyond the limit of rows or bytes."""


class Gauge:
    """Counts the rows and bytes of one answer and refuses those beyond the limits."""

    def __init__(self, rows: int, size: int) -> None:
        self._most_rows, self._most_bytes = rows, size
        self.rows, self.bytes = 0, 0

    def row(self) -> None:
        """Count one row. Raises TooLarge."""
        self.rows += 1
        if self.rows > self._most_rows:
            raise TooLarge(f"the answer has more than {self._most_rows:,} rows; ask for less, for example with LIMIT")

    def join(self, parts: Iterable[str]) -> bytes:
        """The parts as one document in UTF-8. Raises TooLarge."""
        written = []
        for part in parts:
            written.append(part.encode())
            self.weigh(len(written[-1]))
        return b"".join(written)

    def weigh(self, size: int) -> None:
        """Count bytes. Raises TooLarge."""
        self.bytes += size
        if self.bytes > self._most_bytes:
            raise TooLarge(f"the answer has more than {self._most_bytes / 1e6:,.0f} MB; ask for less, for example with LIMIT")


def write_solutions(form: str, variables: Sequence[str], rows: Iterable[Row], gauge: Gauge) -> bytes:
    """The rows of a SELECT as a document of one of `SOLUTIONS`."""
    return gauge.join(SOLUTIONS[form](variables, _counted(rows, gauge)))


def write_boolean(form: str, *, answer: bool) -> bytes:
    """The answer of an ASK as a document of one of `BOOLEANS`."""
    word = "true" if answer else "false"
    if form == "json":
        return f'{{"head":{{}},"boolean":{word}}}'.encode()
    return f"{_XML_HEAD}<head/><boolean>{word}</boolean></sparql>\n".encode()


def _counted(rows: Iterable[Row], gauge: Gauge) -> Iterator[Row]:
    for row in rows:
        gauge.row()
        yield row


# ------------------------------------------------------------------------------------------------------------------ JSON


def _json(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield f'{{"head":{{"vars":{json.dumps(variables)}}},"results":{{"bindings":['
    lead = "\n"
    for row in rows:
        cells = {name: _json_term(term) for name, term in zip(variables, row, strict=True) if term is not None}
        yield lead + json.dumps(cells, ensure_ascii=False)
        lead = ",\n"
    yield "\n]}}\n"


def _json_term(term: Term) -> dict[str, str]:
    from pyoxigraph import BlankNode, NamedNode

    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    value, lang, datatype = _literal(term)
    found = {"type": "literal", "value": value}
    return found | ({"xml:lang": lang} if lang else {"datatype": datatype} if datatype else {})


def _literal(term: Term) -> tuple[str, str | None, str | None]:
    """Value, language, and datatype where it is neither xsd:string nor that of texts with a language."""
    from pyoxigraph import Literal

    if not isinstance(term, Literal):
        raise QueryError("the answer holds a triple as a value, which SPARQL 1.1 results cannot say; ask for its parts")
    datatype = term.datatype.value
    return term.value, term.language, None if datatype in (XSD_STRING, LANG_STRING) else datatype


# ------------------------------------------------------------------------------------------------------------------- XML

_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def _xml(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield _XML_HEAD + "<head>" + "".join(f"<variable name={quoteattr(name)}/>" for name in variables) + "</head>\n<results>\n"
    for row in rows:
        cells = (
            f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>" for name, term in zip(variables, row, strict=True) if term is not None
        )
        yield "<result>" + "".join(cells) + "</result>\n"
    yield "</results>\n</sparql>\n"


def _xml_term(term: Term) -> str:
    from pyoxigraph import BlankNode, NamedNode

    if isinstance(term, NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{_xml_text(term.value)}</bnode>"
    value, lang, datatype = _literal(term)
    attribute = f" xml:lang={quoteattr(lang)}" if lang else f" datatype={quoteattr(datatype)}" if datatype else ""
    return f"<literal{attribute}>{_xml_text(value)}</literal>"


def _xml_text(text: str) -> str:
    """The text for XML 1.0, which has no form for most control characters: they become U+FFFD."""
    return escape(_NO_XML.sub("\ufffd", text), {"\r": "&#xD;"})


# ----------------------------------------------------------------------------------------------------------- CSV and TSV


def _csv(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield ",".join(variables) + "\r\n"
    for row in rows:
        yield ",".join(_csv_cell(term) for term in row) + "\r\n"


def _csv_cell(term: Term | None) -> str:
    from pyoxigraph import BlankNode, NamedNode

    if term is None:
        return ""
    text = f"_:{term.value}" if isinstance(term, BlankNode) else term.value if isinstance(term, NamedNode) else _literal(term)[0]
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _tsv(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in variables) + "\n"
    for row in rows:
        yield "\t".join("" if term is None else str(term) for term in row) + "\n"


SOLUTIONS: Mapping[str, Callable[[Sequence[str], Iterable[Row]], Iterator[str]]] = {"json": _json, "xml": _xml, "csv": _csv, "tsv": _tsv}
"""Writers of the rows of a SELECT, by the name of the format."""
BOOLEANS = ("json", "xml")
"""Formats that can say the answer of an ASK."""
GRAPHS = ("turtle", "n-triples", "json-ld", "rdf-xml")
"""Formats of the triples of a CONSTRUCT or DESCRIBE."""
