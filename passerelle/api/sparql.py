"""The SPARQL 1.1 endpoint: the query operation of the protocol, and nothing that writes.

Source: SPARQL 1.1 Protocol, W3C Recommendation of 21 March 2013, section 2.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from graph_builder.sparql import Answer, Busy, Formats, NotOffered, QueryService, ReadOnly, TimeOver
from graph_builder.sparql.check import MOST_BYTES
from ontology.errors import PasserelleError, TryAgain
from passerelle.api import pages
from passerelle.api.current import Current
from passerelle.api.negotiation import best
from passerelle.api.problems import line
from passerelle.api.service_description import description

router = APIRouter(include_in_schema=False)

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
LARGEST_BODY = 4 * MOST_BYTES
"""Bytes of a body that are read: a form writes three bytes for some letters."""

HTML = "text/html"
SOLUTIONS: Mapping[str, str] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
BOOLEANS: Mapping[str, str] = {media: name for media, name in SOLUTIONS.items() if name in ("json", "xml")}
GRAPHS: Mapping[str, str] = {
    "text/turtle": "turtle",
    "application/n-triples": "n-triples",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "rdf-xml",
}


class Refused(Exception):
    """A request that the protocol does not allow, with its status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Operation:
    """A query with the dataset that the request names."""

    query: str
    default_graphs: Sequence[str]
    named_graphs: Sequence[str]


@router.get("/sparql")
async def by_get(request: Request) -> Response:
    """The answer to `?query=`; without it the service description, or a page for browsers."""
    given = request.query_params.multi_items()
    if not any(key in ("query", "update") for key, _ in given):
        return await _described(request)
    try:
        operation = _operation(given, too_long=414)
    except Refused as refusal:
        return line(refusal.status, str(refusal))
    return await _answered(request, operation)


@router.post("/sparql")
async def by_post(request: Request) -> Response:
    """The answer to a query in a form, or as the body itself."""
    try:
        operation = await _posted(request)
    except Refused as refusal:
        return line(refusal.status, str(refusal))
    return await _answered(request, operation)


async def _posted(request: Request) -> Operation:
    media, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    media, charset = media.strip(), parameters.replace('"', "").partition("charset=")[2].split(";")[0].strip()
    if media == UPDATE:
        raise Refused(403, "updates are refused: the graph is read only; ask with a query")
    if media not in (FORM, QUERY):
        raise Refused(415, f"a query comes as {FORM} or as {QUERY}; found {media[:80] or 'no Content-Type'}")
    if charset not in ("", "utf-8", "utf8"):
        raise Refused(415, f"a query is written in UTF-8; found charset {charset[:40]}")
    text = await _body(request)
    if media == QUERY:
        return _operation([*request.query_params.multi_items(), ("query", text)], too_long=413)
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=1_000, errors="strict")
    except ValueError as error:
        raise Refused(400, "the form cannot be read; send query=... percent-encoded in UTF-8") from error
    return _operation([*request.query_params.multi_items(), *pairs], too_long=413)


async def _body(request: Request) -> str:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST_BODY:
            raise Refused(413, f"the body has more than {LARGEST_BODY:,} bytes; send a shorter query")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, f"byte {error.start + 1} of the body is no UTF-8; write the query in UTF-8") from error


def _operation(given: Sequence[tuple[str, str]], *, too_long: int) -> Operation:
    """The query of a request. Parameters that the protocol does not know are ignored: public clients add some."""
    if any(key == "update" for key, _ in given):
        raise Refused(403, "updates are refused: the graph is read only; ask with a query")
    queries = [value for key, value in given if key == "query"]
    if len(queries) != 1:
        raise Refused(400, f"one query is answered at a time, found {len(queries)}; give the parameter query once")
    if len(queries[0].encode(errors="replace")) > MOST_BYTES:
        raise Refused(too_long, f"the query has more than {MOST_BYTES:,} bytes; send a shorter one")
    default, named = ([value for key, value in given if key == name] for name in ("default-graph-uri", "named-graph-uri"))
    return Operation(queries[0], default, named)


async def _answered(request: Request, operation: Operation) -> Response:
    accept = request.headers.get("accept")
    offers = {kind: best(accept, [*medias, HTML]) for kind, medias in (("select", SOLUTIONS), ("ask", BOOLEANS), ("graph", GRAPHS))}
    current: Current = request.app.state.current
    try:
        answer = await run_in_threadpool(_ask, current, operation, offers)
    except NotOffered as error:
        known = ", ".join(dict.fromkeys([*SOLUTIONS, *GRAPHS]))
        return line(406, f"{error}; send an Accept header with one of: {known}")
    except ReadOnly as error:
        return line(403, str(error))
    except TimeOver as error:
        return line(504, str(error))
    except TryAgain as error:
        return line(503, str(error), {"Retry-After": "5"})
    except PasserelleError as error:
        return line(400, str(error))
    media = offers["select" if answer.form == "select" else "ask" if answer.form == "ask" else "graph"] or ""
    vary = {"Vary": "Accept"}
    if media == HTML:
        return HTMLResponse(pages.answered(operation.query, answer), headers=vary)
    text = media.startswith("text/")
    return Response(answer.body, media_type=f"{media}; charset=utf-8" if text else media, headers=vary)


def _ask(current: Current, operation: Operation, offers: Mapping[str, str | None]) -> Answer:
    """The answer in the formats that the client takes; a page is made of JSON or Turtle."""
    formats = Formats(
        solutions=_format(offers["select"], SOLUTIONS, "json"),
        boolean=_format(offers["ask"], BOOLEANS, "json"),
        graph=_format(offers["graph"], GRAPHS, "turtle"),
    )
    queries: QueryService = current.get().queries
    return queries.answer(operation.query, formats, default_graphs=operation.default_graphs, named_graphs=operation.named_graphs)


def _format(media: str | None, known: Mapping[str, str], for_page: str) -> str | None:
    return None if media is None else known.get(media, for_page)


def _graphs(current: Current) -> Sequence[str]:
    return current.get().queries.graphs()


async def _described(request: Request) -> Response:
    current: Current = request.app.state.current
    media = best(request.headers.get("accept"), [*GRAPHS, HTML])
    if media is None:
        return line(406, f"the service description comes as {', '.join(GRAPHS)}, or as a page in {HTML}")
    headers = {"Vary": "Accept"}
    if media == HTML:
        return HTMLResponse(pages.sparql(current.limits), headers=headers)
    try:
        graphs = await run_in_threadpool(_graphs, current)
    except Busy as error:
        return line(503, str(error), {"Retry-After": "5"})
    body = description(str(request.url.replace(query="", fragment="")), graphs, GRAPHS[media])
    return Response(body, media_type=f"{media}; charset=utf-8" if media.startswith("text/") else media, headers=headers)
