"""Questions in SPARQL 1.1 to a snapshot, each answered in a process of its own that is killed when its time is over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import cast

from graph_builder.rdf import nquads
from graph_builder.rdf.files import prefixes
from graph_builder.snapshot import Snapshot
from graph_builder.sparql.check import Form, ReadOnly, check_length
from graph_builder.sparql.frames import Header
from graph_builder.sparql.process import Ended, Worker
from graph_builder.sparql.results import TooLarge
from graph_builder.sparql.store import Answer, Ask, NotOffered
from ontology.errors import QueryError, TryAgain
from ontology.namespaces import GRAPH, graph_iri

__all__ = ["PREFIXES", "Answer", "Busy", "Formats", "Limits", "NotOffered", "QueryService", "ReadOnly", "TimeOver", "TooLarge", "open_queries"]

PREFIXES: Mapping[str, str] = {**prefixes(), "graph": GRAPH}
"""Prefixes that a query need not declare; its own declarations come first."""

APART = tuple(graph_iri(name) for name in ("provenance", "predictions"))
"""Named graphs that are no part of the default graph: where facts come from, and what is predicted."""


class TimeOver(QueryError):
    """A query that was stopped at its time limit."""


class Busy(TryAgain):
    """Too many queries wait already, or the query process cannot be started."""


@dataclass(frozen=True)
class Limits:
    """What one query may take: seconds, rows, bytes of the answer, bytes of memory beside the graph; and seconds to load the graph."""

    seconds: float = 10.0
    rows: int = 100_000
    answer_bytes: int = 50_000_000
    memory_bytes: int = 1_500_000_000
    load_seconds: float = 300.0


@dataclass(frozen=True)
class Formats:
    """The format wanted for each kind of answer; None refuses that kind with NotOffered.

    `solutions`: json, xml, csv, tsv. `boolean`: json, xml. `graph`: turtle, n-triples, json-ld, rdf-xml.
    """

    solutions: str | None = "json"
    boolean: str | None = "json"
    graph: str | None = "turtle"


def open_queries(snapshot: Snapshot, *, workers: int = 1, waiting: int = 8, limits: Limits | None = None) -> QueryService:
    """What answers queries on a snapshot: stated facts of all sources as default graph; GRAPH reaches each source and `graph:provenance`."""
    return QueryService(lambda: "\n".join(nquads(snapshot)).encode(), apart=APART, prefixes=PREFIXES, workers=workers, waiting=waiting, limits=limits)


class QueryService:
    """Answers queries on one graph with at most `workers` processes, started when they are needed, replaced when they were killed.

    `quads` gives the graph as N-Quads, once; `apart` names the graphs that are no part of the default graph. Close it, or use it in a `with`.
    """

    def __init__(
        self,
        quads: Callable[[], bytes],
        *,
        apart: Sequence[str] = (),
        prefixes: Mapping[str, str] | None = None,
        workers: int = 1,
        waiting: int = 8,
        limits: Limits | None = None,
    ) -> None:
        self._quads, self._apart, self._prefixes = quads, list(apart), dict(prefixes or {})
        self._limits = limits or Limits()
        self._places = threading.Semaphore(workers)
        self._queue = threading.Semaphore(workers + waiting)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._data: bytes | None = None
        self._closed, self._retired = False, False

    def answer(
        self,
        text: str,
        formats: Formats | None = None,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """The answer to one SELECT, ASK, CONSTRUCT or DESCRIBE query. Safe to call from several threads.

        `default_graphs` and `named_graphs`, where given, take the place of the query's own FROM and FROM NAMED (SPARQL 1.1 Protocol, 2.1.4).
        Raises QueryError for a query that may not run, ReadOnly for an update, TimeOver, TooLarge, NotOffered, Busy.
        """
        check_length(text)
        wanted, limits = formats or Formats(), self._limits
        ask = Ask(
            text,
            self._prefixes,
            wanted.solutions,
            wanted.boolean,
            wanted.graph,
            limits.rows,
            limits.answer_bytes,
            list(default_graphs),
            list(named_graphs),
        )
        if not self._queue.acquire(blocking=False):
            raise Busy("too many queries wait already; ask again in a moment")
        try:
            if not self._places.acquire(timeout=limits.seconds):
                raise Busy(f"other queries took the {limits.seconds:g} s that a query may wait; ask again in a moment")
            try:
                return self._ask(ask)
            finally:
                self._places.release()
        finally:
            self._queue.release()

    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs, sorted. Raises Busy when the query process cannot be started."""
        worker = self._worker()
        self._give_back(worker)
        return worker.graphs

    def retire(self) -> None:
        """End each process as soon as it has answered: what is under way or already asked is still answered."""
        with self._lock:
            self._retired = True
            idle, self._idle = self._idle, []
        for worker in idle:
            self._drop(worker)

    def close(self) -> None:
        """End all processes; queries under way are told Busy."""
        with self._lock:
            self._closed = True
            workers, self._all, self._idle = list(self._all), set(), []
        for worker in workers:
            worker.close()

    def __enter__(self) -> QueryService:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, ask: Ask) -> Answer:
        worker = self._worker()
        try:
            header, body = worker.ask({"ask": asdict(ask), "seconds": self._limits.seconds}, b"", self._limits.seconds)
        except Ended as end:
            self._drop(worker)
            raise self._why(end) from end
        except BaseException:  # Ctrl-C in the middle of a message: what the worker says next is no answer to the next query
            self._drop(worker)
            raise
        self._give_back(worker)
        return _read(header, body)

    def _why(self, end: Ended) -> Exception:
        if end.expired:
            return TimeOver(f"the query was stopped after {self._limits.seconds:g} s; ask for less: a more precise pattern, fewer crossed patterns")
        if self._closed:
            return Busy("the service is closing; ask again when it is back")
        return QueryError("the query process ended: the query needs more memory or deeper nesting than it may take; ask for less")

    def _worker(self) -> Worker:
        """An idle worker, or a new one."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            if self._data is None:
                self._data = self._quads()
            if self._closed:
                raise Busy("the service is closing; ask again when it is back")
            worker = Worker()
            self._all.add(worker)
        try:
            worker.load(self._data, self._apart, self._limits.memory_bytes, self._limits.load_seconds)
        except Ended as end:
            self._drop(worker)
            raise Busy("the query process could not load the graph; free memory or time, then ask again") from end
        return worker

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            keep = not (self._closed or self._retired)
            if keep:
                self._idle.append(worker)
        if not keep:
            self._drop(worker)

    def _drop(self, worker: Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.close()


def _read(header: Header, body: bytes) -> Answer:
    if "error" in header:
        kinds = {"size": TooLarge, "format": NotOffered, "update": ReadOnly}
        raise kinds.get(str(header["kind"]), QueryError)(str(header["error"]))
    return Answer(cast(Form, header["form"]), str(header["format"]), cast(int, header["rows"]), body)
