"""The snapshot that is served: opened at the start, and again when a build put another one in use."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph_builder.snapshot import read_current
from graph_builder.sparql import Limits, QueryService, open_queries
from ontology.errors import NoSnapshot, PasserelleError
from passerelle.ecosystem import Ecosystem

logger = logging.getLogger(__name__)

Opener = Callable[[Path, "str | None"], Ecosystem]


@dataclass(frozen=True)
class Held:
    """One snapshot, as ecosystem and as what answers SPARQL. A request keeps the one it began with."""

    ecosystem: Ecosystem
    queries: QueryService


class Current:
    """The snapshot in use of one home. Opening raises what `Ecosystem.open` raises; safe to use from several threads."""

    def __init__(
        self, home: Path, encoder: str | None = None, *, limits: Limits | None = None, workers: int = 2, opener: Opener = Ecosystem.open
    ) -> None:
        self._home, self._encoder, self._opener = home, encoder, opener
        self._limits, self._workers = limits or Limits(), workers
        self._opening = threading.Lock()
        self._failed: str | None = None
        self._held = self._open()

    @property
    def limits(self) -> Limits:
        """What one query may take."""
        return self._limits

    def get(self) -> Held:
        """The snapshot that CURRENT names; while another request opens it, or when it cannot be opened, the one before."""
        named = self._named()
        held = self._held
        if named in (held.ecosystem.digest, self._failed, None) or not self._opening.acquire(blocking=False):
            return held
        try:
            return self._replace(named)
        finally:
            self._opening.release()

    def close(self) -> None:
        """End the query processes."""
        self._held.queries.close()

    def _named(self) -> str | None:
        try:
            return read_current(self._home)
        except PasserelleError:
            return None

    def _replace(self, named: str | None) -> Held:
        before = self._held
        if before.ecosystem.digest == named:  # another request was quicker
            return before
        try:
            self._held = self._open()
        except PasserelleError as error:
            self._failed = named
            logger.warning("the snapshot %s cannot be opened, %s stays in use: %s", named, before.ecosystem.digest, error)
            return before
        before.queries.retire()
        return self._held

    def _open(self) -> Held:
        ecosystem = self._opener(self._home, self._encoder)
        if not ecosystem.snapshot.manifest.packages:
            raise NoSnapshot(f"the snapshot {ecosystem.digest} names no package; run: passerelle build")
        return Held(ecosystem, open_queries(ecosystem.snapshot, workers=self._workers, limits=self._limits))
