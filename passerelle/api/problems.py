"""Refusals as documents: RFC 9457 problem details for the API, one line of text for SPARQL."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from ontology.errors import AmbiguousActor, EncoderError, PasserelleError, TryAgain, UnknownActor

PROBLEM = "application/problem+json"
UNKNOWN = "unknown_parameter"
"""Type of the fault that is a parameter the address does not know; its message says everything."""
TEXT = "text/plain; charset=utf-8"


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A problem document of one line."""
    document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": one_line(detail)}
    return JSONResponse(document, status, dict(headers or {}), PROBLEM)


def line(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """One line of plain text."""
    return PlainTextResponse(one_line(text) + "\n", status, dict(headers or {}))


def status_of(error: PasserelleError) -> int:
    """Status of a refusal: 404 unknown actor, 409 several actors, 503 the same call may succeed later, 422 anything the caller must change."""
    if isinstance(error, UnknownActor):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, AmbiguousActor):
        return HTTPStatus.CONFLICT
    if isinstance(error, TryAgain | EncoderError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.UNPROCESSABLE_ENTITY


async def refused(_: Request, error: Exception) -> Response:
    """What a PasserelleError becomes."""
    status = status_of(error) if isinstance(error, PasserelleError) else HTTPStatus.INTERNAL_SERVER_ERROR
    detail = str(error)
    if isinstance(error, UnknownActor) and not error.nearest:
        detail = f"no actor is called {error.text[:80]!r}; try: /api/search?q=TEXT"
    return problem(status, detail, {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None)


async def bad_parameter(_: Request, error: Exception) -> Response:
    """What a parameter that cannot be read becomes: the first fault, and how many there are."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    first = faults[0] if faults else {"loc": ("query",), "msg": str(error)}
    if first.get("type") == UNKNOWN:
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(first["msg"]))
    name = ".".join(str(part) for part in first["loc"][1:]) or "the request"
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"parameter {name[:80]!r}: {first['msg']}{more}; the parameters are in /docs")


async def no_route(request: Request, error: Exception) -> Response:
    """What an unknown address or a method that it does not take becomes."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    words = {
        HTTPStatus.NOT_FOUND: "there is nothing at this address; the addresses are in /docs",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method[:20]} is not answered here; the service is read only: see /docs",
    }
    return problem(status, words.get(HTTPStatus(status), str(getattr(error, "detail", ""))), headers)


def one_line(text: str) -> str:
    """The text in one printable line of at most 2,000 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())
