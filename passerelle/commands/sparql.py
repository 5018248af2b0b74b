"""`passerelle sparql`: one query in SPARQL 1.1 on the graph in use, as a table or as a document."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import InputError, QueryError

if TYPE_CHECKING:
    from graph_builder.sparql import Answer, Formats

SECONDS = 60.0
"""Time limit of a query when none is given."""
LONGEST_CELL = 60
"""Characters of a value that a table shows."""

_FORMATS: Mapping[str, tuple[str | None, str | None, str | None]] = {
    "table": ("json", "json", "turtle"),
    "json": ("json", "json", "json-ld"),
    "csv": ("csv", None, None),
    "tsv": ("tsv", None, None),
    "xml": ("xml", "xml", "rdf-xml"),
    "turtle": (None, None, "turtle"),
}


def add(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("query", metavar="QUERY|FILE", help="a SPARQL 1.1 query, a file that holds one, or - for standard input")
    parser.add_argument("--format", choices=tuple(_FORMATS), default=None, help="form of the answer (default: table)")
    parser.add_argument("--limit-seconds", type=float, default=SECONDS, metavar="N", help="stop the query after so many seconds (default: 60)")


def run(args: argparse.Namespace) -> int:
    """Answer the query and return 0. Raises QueryError, InputError, NoSnapshot."""
    from graph_builder.snapshot import open_current
    from graph_builder.sparql import PREFIXES, Limits, open_queries
    from graph_builder.sparql.check import check_text

    form = _form(args.format, as_json=args.json)
    if not 0 < args.limit_seconds <= 86_400:
        raise QueryError(f"the time limit is {args.limit_seconds:g} s; give more than 0 and at most 86400")
    text = query_text(args.query)
    check_text(text, PREFIXES)  # a query that may not run is told before the graph is opened
    with open_queries(open_current(args.home), limits=Limits(seconds=args.limit_seconds)) as queries:
        answer = queries.answer(text, formats(form))
    document = answer.body.decode()
    sys.stdout.write(table(answer) if form == "table" else _for_output(document) if answer.format in ("json", "json-ld") else document)
    return 0


def formats(form: str) -> Formats:
    """The formats of the three kinds of answer behind one word of `--format`."""
    from graph_builder.sparql import Formats

    return Formats(*_FORMATS[form])


def query_text(given: str) -> str:
    """The query itself: `-` reads standard input; the name of a file that exists reads it; anything else is the query.

    Raises InputError for a file that cannot be read, or that is missing where no query can be meant.
    """
    from graph_builder.sparql.check import MOST_BYTES

    if given == "-":
        stream = getattr(sys.stdin, "buffer", None)
        return _decoded(stream.read(MOST_BYTES + 1), "standard input") if stream else sys.stdin.read(MOST_BYTES + 1)
    if not given.strip():
        raise QueryError("the query is empty; give a SELECT, ASK, CONSTRUCT or DESCRIBE query")
    path = Path(given)
    try:
        if path.is_dir():
            raise InputError(f"{given}: is a folder; give a file with a query, a query, or - for standard input")
        if path.is_file():
            with path.open("rb") as file:
                return _decoded(file.read(MOST_BYTES + 1), given)
    except OSError as error:
        if not _is_query(given):
            raise InputError(f"{given[:100]}: cannot be read ({error.strerror or error}); give a file with a query, or the query") from error
    except ValueError:  # a NUL: no name of a file
        pass
    if not _is_query(given):
        raise InputError(f"{given[:100]}: no such file, and no query either; give a file with a query, a query, or - for standard input")
    return given


def _is_query(text: str) -> bool:
    """Whether a text can be meant as a query: every query has a brace, or is DESCRIBE of something."""
    return "{" in text or len(text.split()) > 1


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: byte {error.start + 1} is no UTF-8; save the query as UTF-8") from error


def _form(given: str | None, *, as_json: bool) -> str:
    if as_json and given not in (None, "json"):
        raise QueryError(f"--json and --format {given} ask for two documents; give one of them")
    return "json" if as_json else given or "table"


def _for_output(document: str) -> str:
    """JSON in letters that the output has: ASCII where it is not Unicode."""
    if (sys.stdout.encoding or "utf-8").lower().startswith("utf"):
        return document if document.endswith("\n") else document + "\n"
    return json.dumps(json.loads(document)) + "\n"


def table(answer: Answer) -> str:
    """A SELECT as columns with short IRIs, an ASK as yes or no, triples as Turtle."""
    if answer.format == "turtle":
        return answer.body.decode()
    document = json.loads(answer.body)
    if answer.form == "ask":
        return "yes\n" if document["boolean"] else "no\n"
    names: list[str] = document["head"]["vars"]
    rows = [[_cell(row.get(name)) for name in names] for row in document["results"]["bindings"]]
    return "\n".join([*_columns(names, rows), _count(len(rows))]) + "\n"


def _count(rows: int) -> str:
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [list(names), ["-" * len(name) for name in names], *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    lines[1] = ["-" * width for width in widths]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _cell(term: Mapping[str, str] | None) -> str:
    if term is None:
        return ""
    text = short(term["value"]) if term["type"] == "uri" else f"_:{term['value']}" if term["type"] == "bnode" else term["value"]
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST_CELL or term["type"] == "uri" else line[: LONGEST_CELL - 1] + "…"


def short(iri: str) -> str:
    """The IRI with the longest prefix that fits, where what remains is a plain local name; else the IRI itself."""
    from graph_builder.sparql import PREFIXES

    fitting = [(len(start), prefix) for prefix, start in PREFIXES.items() if iri.startswith(start) and len(iri) > len(start)]
    if not fitting:
        return iri
    length, prefix = max(fitting)
    local = iri[length:]
    return f"{prefix}:{local}" if all(c.isalnum() or c in "_-.:%" for c in local) else iri
