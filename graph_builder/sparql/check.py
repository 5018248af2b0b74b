"""What may be asked: one SELECT, ASK, CONSTRUCT or DESCRIBE, within the graph; decided on the parsed query, before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ontology.errors import QueryError

MOST_BYTES = 100_000
"""Longest query that is read, in bytes of UTF-8."""

Form = Literal["select", "ask", "construct", "describe"]

_FORMS: Mapping[str, Form] = {"SelectQuery": "select", "AskQuery": "ask", "ConstructQuery": "construct", "DescribeQuery": "describe"}


@dataclass(frozen=True)
class Checked:
    """A query that may run: its form, and its text with escaped letters written out so that every parser reads the same.

    `all_variables` tells SELECT *, whose columns are in no order of their own.
    """

    form: Form
    text: str
    all_variables: bool = False


class ReadOnly(QueryError):
    """An update where a query is asked: the graph is read only."""


def check_length(text: str) -> None:
    """Nothing for a query of acceptable length; QueryError for an empty one, one that is too long or no Unicode."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise QueryError(f"the query holds half a letter at character {error.start + 1}; write it in UTF-8") from error
    if size > MOST_BYTES:
        raise QueryError(f"the query has {size:,} bytes; give at most {MOST_BYTES:,}")
    if not text.strip():
        raise QueryError("the query is empty; give a SELECT, ASK, CONSTRUCT or DESCRIBE query")


def check_query(text: str, prefixes: Mapping[str, str], graphs: Collection[str]) -> Checked:
    """The query, when it may run over the named graphs `graphs`; `prefixes` need no declaration in it.

    Raises QueryError for a syntax error (with line and column), SERVICE at any depth, or a graph that is not there; ReadOnly for an update.
    """
    try:
        checked, clauses = _read(text, prefixes)
    except RecursionError as error:
        raise QueryError("the query is nested too deeply to be read; write it with fewer brackets inside brackets") from error
    _refuse_foreign_graphs(clauses, graphs)
    return checked


def check_text(text: str, prefixes: Mapping[str, str]) -> None:
    """Nothing when the text may be a query, before any graph is opened; raises as `check_query`, except for the graphs, which are not known yet.

    What is nested too deeply to be read here is left for the process that answers, which may read deeper.
    """
    try:
        _read(text, prefixes)
    except RecursionError:
        return


def _read(text: str, prefixes: Mapping[str, str]) -> tuple[Checked, Collection[Mapping[str, object]]]:
    """The query that may run, and its FROM clauses. Raises RecursionError when it is nested deeper than this process may read."""
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    check_length(text)
    written = _written_out(text)
    try:
        parsed = parseQuery(written)
        query = translateQuery(parsed, initNs=dict(prefixes))
    except ParseBaseException as error:
        raise _syntax_error(written, error.lineno, error.column) from error
    except RecursionError:
        raise
    except Exception as error:  # rdflib raises plain Exception for an unknown prefix, a variable out of scope, a bad aggregate
        raise QueryError(f"the query cannot be read: {_one_line(str(error))}; declare the prefix or correct the expression") from error
    form = _FORMS.get(query.algebra.name)
    if form is None:
        raise QueryError("only SELECT, ASK, CONSTRUCT and DESCRIBE are answered")
    _refuse_services(parsed)
    _refuse_services(query.algebra)
    return Checked(form, written, form == "select" and "projection" not in parsed[1]), query.algebra.get("datasetClause") or ()


def refuse_foreign(names: Collection[str], graphs: Collection[str]) -> None:
    """Nothing when every name is a graph of the snapshot; QueryError for the first that is not. Nothing is ever fetched."""
    unknown = [name for name in names if name not in graphs]
    if unknown:
        found = f"the graph <{_one_line(unknown[0])}> is not in the snapshot and nothing is fetched"
        raise QueryError(f"{found}; list those that are: SELECT DISTINCT ?g {{ GRAPH ?g {{}} }}")


def _written_out(text: str) -> str:
    r"""The text with \u escapes as letters, as SPARQL 1.1 (19.2) reads them."""
    from rdflib.plugins.sparql.parser import expandUnicodeEscapes

    try:
        written = expandUnicodeEscapes(text)
    except ValueError as error:
        raise QueryError("the query has a \\U escape beyond the last letter of Unicode; correct it") from error
    check_length(written)
    return written


def _syntax_error(text: str, line: int, column: int) -> QueryError:
    if _is_update(text):
        return ReadOnly("the query is an update; the graph is read only: give SELECT, ASK, CONSTRUCT or DESCRIBE")
    rows = text.splitlines() or [""]
    rest = rows[min(line, len(rows)) - 1][column - 1 : column + 29].strip()
    found = f"found {rest!r}" if rest else "the query ends too early or a line lacks something"
    return QueryError(f"syntax error in the query, line {line}, column {column}: {found}; correct it (SPARQL 1.1)")


def _is_update(text: str) -> bool:
    """Whether the text reads as SPARQL Update (INSERT, DELETE, LOAD, CLEAR, ...)."""
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseUpdate

    try:
        return "request" in parseUpdate(text)
    except (ParseBaseException, RecursionError, ValueError):
        return False


def _refuse_services(part: object) -> None:
    if "ServiceGraphPattern" in _names(part):
        raise QueryError("SERVICE is refused: nothing outside this graph is asked; leave that part out")


def _names(part: object) -> Iterator[str]:
    """Names of all operators in a parsed query or its algebra, at any depth."""
    from rdflib.plugins.sparql.parserutils import CompValue

    waiting, seen = [part], set()
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, CompValue):
            yield item.name
            waiting += [*item.values(), *vars(item).values()]
        elif isinstance(item, Mapping):
            waiting += item.values()
        elif not isinstance(item, str) and hasattr(item, "__iter__"):
            waiting += list(item)


def _refuse_foreign_graphs(clauses: Collection[Mapping[str, object]], graphs: Collection[str]) -> None:
    refuse_foreign([str(value) for clause in clauses for kind, value in clause.items() if kind in ("default", "named")], graphs)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text[:200]).split())
