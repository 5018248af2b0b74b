"""`passerelle serve`: the JSON API and the SPARQL endpoint, on this machine only, until it is interrupted."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from passerelle import serving

if TYPE_CHECKING:
    from fastapi import FastAPI

PORT = 8502
LONGEST_REQUEST = 500_000
"""Bytes of a request's first lines that are read, so that a query that is too long gets its own refusal."""


def add(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("--port", type=int, default=PORT, help=f"port on this machine (default: {PORT})")


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C and return 0. Raises QueryError for an impossible port, TryAgain when it is taken, NoSnapshot."""
    with serving.bound(args.port, "serve") as listening:
        from passerelle.api.app import create_app
        from passerelle.api.current import Current

        current = Current(args.home, args.encoder)
        sys.stdout.write(f"Passerelle answers on http://localhost:{args.port} (Ctrl-C stops it)\n")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stopped command leaves no process behind
        try:
            serve_on(listening, create_app(current), current.close)
        except KeyboardInterrupt:
            pass
        finally:
            current.close()
    return 0


def serve_on(listening: socket.socket, app: FastAPI, stopping: Callable[[], None]) -> None:
    """Answer on a bound socket until a signal comes; `stopping` is then called at once, so that queries under way end too."""
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            threading.Thread(target=stopping).start()  # not here: a signal may come in the middle of anything
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        limit_concurrency=100,
        h11_max_incomplete_event_size=LONGEST_REQUEST,
    )
    Server(config).run([listening])
