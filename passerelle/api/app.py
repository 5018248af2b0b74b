"""The web service as an ASGI app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from ontology.errors import PasserelleError
from passerelle import __version__
from passerelle.api import pages, problems, routes, sparql
from passerelle.api.current import Current
from passerelle.api.guard import Guard
from passerelle.api.openapi import describe


def create_app(current: Current) -> FastAPI:
    """The app over a snapshot in use, which it closes when it ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        current.close()

    app = FastAPI(title="Passerelle", version=__version__, openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.current = current
    app.include_router(routes.router)
    app.include_router(sparql.router)
    app.add_api_route("/", home, include_in_schema=False)
    app.add_api_route("/docs", lambda: HTMLResponse(pages.docs(describe(app))), include_in_schema=False)
    app.add_api_route("/openapi.json", lambda: JSONResponse(describe(app)), include_in_schema=False)
    app.add_exception_handler(PasserelleError, problems.refused)
    app.add_exception_handler(RequestValidationError, problems.bad_parameter)
    app.add_exception_handler(HTTPException, problems.no_route)
    app.add_middleware(Guard)
    return app


def home() -> Response:
    """The first page."""
    return HTMLResponse(pages.home())
