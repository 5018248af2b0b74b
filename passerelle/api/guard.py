"""What stands before every request: only names of this machine are answered, and nothing that fails shows its inside."""

from __future__ import annotations

import asyncio
import logging
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from passerelle.api.problems import problem

logger = logging.getLogger(__name__)

_HOST = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
"""Headers of every answer. No CORS header: pages of other sites cannot read the answers."""


class Guard:
    """An ASGI layer: refuses other host names (a page elsewhere could point its own name at this machine), adds headers, hides faults."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", ()), *((k.lower().encode(), v.encode()) for k, v in HEADERS.items())]
            await send(message)

        hosts = [value.decode("latin-1") for key, value in scope["headers"] if key == b"host"]
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            refusal = problem(400, "this service answers on this machine only; ask http://localhost or http://127.0.0.1 with its port")
            await refusal(scope, receive, with_headers)
            return
        try:
            await self._app(scope, receive, with_headers)
        except asyncio.CancelledError:  # the service stops and waits no longer
            if not begun:
                await problem(503, "the service is stopping; ask again when it is back")(scope, receive, with_headers)
        except Exception as error:  # noqa: BLE001 -- the last layer: whatever failed, the client gets one line and the log another
            what = " ".join(f"{type(error).__name__}: {error}".split())
            logger.error("%s %s failed: %s", scope["method"], scope["path"][:200], what[:300])
            if not begun:
                await problem(500, "the question could not be answered; the log of passerelle serve says why")(scope, receive, with_headers)
