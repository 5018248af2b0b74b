"""The JSON API: the documents of the command line with --json, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from passerelle import __version__, documents
from passerelle.api.current import Current
from passerelle.api.parameters import ActorQuestion, IdeaQuestion, Known, LinksQuestion, SearchQuestion, each_once
from passerelle.ecosystem import Ecosystem

router = APIRouter(dependencies=[Depends(each_once)])

ActorId = Annotated[str, Path(min_length=1, max_length=300, description="Id, name or alias of an actor, as `/api/search` gives it")]

_PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The Host header is not a name of this machine", **_PROBLEM},
    422: {"description": "A parameter is unknown, missing, repeated or out of range, or cannot be answered", **_PROBLEM},
    503: {"description": "The same request may succeed later", **_PROBLEM},
}
_ACTOR_REFUSALS: dict[int | str, dict[str, Any]] = {
    404: {"description": "No actor is called so; the nearest names are told", **_PROBLEM},
    409: {"description": "Several actors are called so; their ids are told", **_PROBLEM},
}


def document(name: str, words: str, *, actor: bool = False) -> dict[int | str, dict[str, Any]]:
    """The answers of an address whose document is the schema `name`."""
    good = {"description": words, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
    return {200: good, **_REFUSALS, **(_ACTOR_REFUSALS if actor else {})}


def ecosystem(request: Request) -> Ecosystem:
    """The ecosystem in use when the request came."""
    current: Current = request.app.state.current
    return current.get().ecosystem


Opened = Annotated[Ecosystem, Depends(ecosystem)]


@router.get("/api/search", summary="Find actors, projects, skills and sectors", responses=document("search", "What a text names or speaks of"))
def search(opened: Opened, asked: Annotated[SearchQuestion, Query()]) -> Response:
    """What a text names or speaks of, the surest first."""
    return JSONResponse(documents.search_document(opened.search(asked.q, asked.k)))


@router.get("/api/actors/{actor}", summary="All that is known about an actor", responses=document("show", "An actor's profile", actor=True))
def show(opened: Opened, actor: ActorId, _: Annotated[Known, Query()]) -> Response:
    """Offers, needs, ties and sources of one actor; hypotheses apart."""
    return JSONResponse(documents.show_document(opened.profile(opened.find(actor))))


@router.get(
    "/api/actors/{actor}/recommendations",
    summary="Partners and supports for an actor, with reasons",
    responses=document("recommend", "Partners and supports", actor=True),
)
def recommend_to_actor(opened: Opened, actor: ActorId, asked: Annotated[ActorQuestion, Query()]) -> Response:
    """Whom this actor could meet, and why."""
    answer = opened.recommend(actor=opened.find(actor), k=asked.k, filters=asked.filters(), explore=asked.explore)
    return JSONResponse(documents.recommend_document(answer))


@router.get(
    "/api/recommendations", summary="Partners and supports for an idea, with reasons", responses=document("recommend", "Partners and supports")
)
def recommend_to_idea(opened: Opened, asked: Annotated[IdeaQuestion, Query()]) -> Response:
    """Whom somebody with this idea could meet, and why."""
    return JSONResponse(documents.recommend_document(opened.recommend(text=asked.text, k=asked.k, filters=asked.filters())))


@router.get("/api/links", summary="The strongest missing links of the territory", responses=document("links", "Missing links"))
def links(opened: Opened, asked: Annotated[LinksQuestion, Query()]) -> Response:
    """Pairs that do not work together yet and have reasons to."""
    return JSONResponse(documents.links_document(opened.links(k=asked.k, filters=asked.filters())))


@router.get("/health", summary="Whether the service answers, and from which snapshot", responses=document("health", "It answers"))
def health(opened: Opened, _: Annotated[Known, Query()]) -> Response:
    """That the service answers, its version and the digest of the snapshot."""
    return JSONResponse({"status": "ok", "version": __version__, "digest": opened.digest})
