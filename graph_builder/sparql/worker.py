"""The process that answers queries: `python -m graph_builder.sparql.worker`, messages on its standard streams.

It exists to be killed: no engine can be stopped inside a thread. Once the graph is loaded it gives up the right to open files and
sockets and to take much more memory, where the system knows such limits, so that even a query that fooled the check reaches nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from graph_builder.sparql.check import ReadOnly, check_query
from graph_builder.sparql.frames import Header, read_frame, write_frame
from graph_builder.sparql.results import TooLarge
from graph_builder.sparql.store import Ask, Graphs, NotOffered
from ontology.errors import QueryError

GRACE_SECONDS = 5.0
"""How much later than its caller, who kills it, the worker ends itself: nobody may be there any more to do it."""
DEPTH = 5_000
"""Calls inside calls that the parser may make: about a hundred brackets inside brackets."""
KINDS: Mapping[type[QueryError], str] = {TooLarge: "size", NotOffered: "format", ReadOnly: "update"}
"""Words for the refusals that the caller tells apart; the others are "query"."""
WARM = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"


def main() -> int:
    """Answer until the other side ends. Returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's affair
    reader, writer = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), sys.stdout.fileno())  # whatever prints does not garble the messages
    try:
        graphs = _load(reader, writer)
        while True:
            header, _ = read_frame(reader)
            _alarm(cast(float, header["seconds"]) + GRACE_SECONDS)
            said, body = _answer(graphs, cast("dict[str, Any]", header["ask"]))
            _alarm(0)
            write_frame(writer, said, body)
    except (EOFError, OSError):
        return 0


def _load(reader: IO[bytes], writer: IO[bytes]) -> Graphs:
    header, quads = read_frame(reader)
    sys.setrecursionlimit(DEPTH)
    graphs = Graphs(quads, cast("list[str]", header["apart"]))
    del quads
    check_query(WARM, {}, ())  # the parser is imported now: later no file can be opened
    _lock_down(cast(int, header["most_memory"]))
    write_frame(writer, {"quads": len(graphs), "graphs": sorted(graphs.names)})
    return graphs


def _answer(graphs: Graphs, ask: dict[str, Any]) -> tuple[Header, bytes]:
    try:
        found = asdict(graphs.answer(Ask(**ask)))
    except QueryError as error:
        return {"error": str(error), "kind": KINDS.get(type(error), "query")}, b""
    except MemoryError:
        return {"error": "the answer needs more memory than a query may take; ask for less", "kind": "size"}, b""
    except RecursionError:
        return {"error": "the query is nested too deeply; write it with fewer brackets inside brackets", "kind": "query"}, b""
    body = found.pop("body")
    return found, body


def _alarm(seconds: float) -> None:
    """End this process after so many seconds, 0: not any more. Without effect on systems without alarms."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _lock_down(most_memory: int) -> None:
    """No new file, no socket, no core dump, and at most so many bytes of address space beyond those in use; where the system knows such limits."""
    try:
        import resource
    except ImportError:
        return
    with Path(os.devnull).open("rb") as probe:
        free = probe.fileno()
    limits = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, free)]
    used = Path("/proc/self/statm")
    if used.is_file():
        pages = int(used.read_text().split()[0])
        limits.insert(0, (resource.RLIMIT_AS, pages * resource.getpagesize() + most_memory))
    for limit, value in limits:
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))


if __name__ == "__main__":
    sys.exit(main())
