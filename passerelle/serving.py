"""Serving on this machine only: the port that a command takes, and the app (Streamlit) with the home and the encoder of the command line."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from ontology.errors import QueryError, TryAgain

LOOPBACK = "127.0.0.1"
LAST_PORT = 65535


def serve(home: Path, port: int, encoder: str | None) -> int:
    """Serve the app on this machine only, until it is interrupted. Returns the exit code of the server.

    Raises QueryError for an impossible port, TryAgain when the port is taken.
    """
    bound(port, "app").close()  # free: Streamlit takes it itself
    script = app_script()
    environment = {**os.environ, "PASSERELLE_HOME": str(home.absolute())}
    if encoder:
        environment["PASSERELLE_ENCODER"] = encoder
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address", LOOPBACK, "--server.port", str(port)]
    sys.stdout.write(f"Passerelle is on http://localhost:{port} (Ctrl-C stops it)\n")
    sys.stdout.flush()
    server = subprocess.Popen(command, env=environment, cwd=script.parent)  # noqa: S603 -- our own interpreter and script
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stopped command leaves no server behind
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        return 0


def app_script() -> Path:
    """The script that Streamlit runs: app.py of a clone, else the copy that an installed wheel carries."""
    package = Path(__file__).parent
    places = (package.parent / "app.py", package / "served" / "app.py")
    return next((p for p in places if p.is_file()), places[0])


def bound(port: int, command: str) -> socket.socket:
    """A socket that listens on a port of this machine for `passerelle COMMAND`: from now on nobody else takes it. The caller closes it.

    Raises QueryError for an impossible port, TryAgain when the port is taken.
    """
    if not 1 <= port <= LAST_PORT:
        raise QueryError(f"{port} is no port; give one between 1 and {LAST_PORT}")
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        listening.listen()
    except OSError as error:
        listening.close()
        other = port + 1 if port < LAST_PORT else port - 1
        raise TryAgain(f"port {port} of this machine is in use; stop what uses it or give another: passerelle {command} --port {other}") from error
    return listening
