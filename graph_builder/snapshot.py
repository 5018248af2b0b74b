"""One immutable state of the graph, read from its folder once: manifest, three tables, and the pivots that readers ask for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graph_builder.canonical import FORMAT, PackageLike, canonical, digest, package_entries
from graph_builder.manifest import MANIFEST, Manifest, ManifestError
from graph_builder.tables import Tables
from ontology.errors import NoSnapshot, PasserelleError, QueryError, StorageError
from ontology.model import ATTRIBUTES, PREDICATES, Basis, Confidence, EntityKind, Statement

CURRENT = "CURRENT"
SNAPSHOTS = "snapshots"
TABLES = ("records", "attributes", "relations")

_Facts = tuple[list[str], list[str], list[str]]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One state of the graph, whole in memory: a build that replaces or prunes it on disk changes nothing here.

    Tables are canonical (see `graph_builder.canonical`); the facts have the column `statement` first. Get one from
    `open_current`, `open_snapshot` or, without disk, `in_memory`.
    """

    manifest: Manifest
    records: pa.Table
    attributes: pa.Table
    relations: pa.Table
    _facts: dict[str, _Facts] = field(default_factory=dict, init=False, repr=False)
    _values: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False, repr=False)
    _lists: dict[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict, init=False, repr=False)
    _cited: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False, repr=False)

    @property
    def digest(self) -> str:
        """Identity of the content, 32 hex characters."""
        return self.manifest.digest

    @property
    def reference_year(self) -> int:
        """Year of the newest package; QueryError when no package is known."""
        if not self.manifest.packages:
            raise QueryError(f"the snapshot {self.digest} names no package, so it has no reference year; build it from a package")
        return max(int(entry["created"][:4]) for entry in self.manifest.packages)

    def entities(self, kind: EntityKind) -> list[str]:
        """Ids of the entities of one kind, sorted."""
        subjects, kinds, _ = self._rows("type")
        return sorted({subject for subject, value in zip(subjects, kinds, strict=True) if value == kind})

    def values(self, predicate: str) -> Mapping[str, str]:
        """Subject -> value of an attribute, or object of a relation; where there are several, the smallest.

        QueryError when neither the vocabulary nor the snapshot has the predicate.
        """
        if predicate not in self._values:
            subjects, values, _ = self._rows(predicate)
            self._values[predicate] = _first_by(subjects, values)
        return self._values[predicate]

    def lists(self, predicate: str) -> Mapping[str, tuple[str, ...]]:
        """Subject -> all values of an attribute, or objects of a relation, sorted, each once."""
        if predicate not in self._lists:
            subjects, values, _ = self._rows(predicate)
            groups = groupby(zip(subjects, values, strict=True), key=itemgetter(0))
            self._lists[predicate] = MappingProxyType({key: tuple(dict.fromkeys(value for _, value in rows)) for key, rows in groups})
        return self._lists[predicate]

    def attribute_statement(self, subject: str, predicate: str) -> str | None:
        """Id of the statement behind `values(predicate)[subject]`, None when there is none."""
        if predicate not in self._cited:
            subjects, _, statements = self._rows(predicate)
            self._cited[predicate] = _first_by(subjects, statements)
        return self._cited[predicate].get(subject)

    def statement(self, statement_id: str) -> Statement:
        """The fact with this id; QueryError when the snapshot does not have it."""
        position = self._positions.get(statement_id)
        if position is None:
            raise QueryError(f"no statement {statement_id[:80]!r} in the snapshot {self.digest}; it may belong to an earlier build")
        offset = position - self.attributes.num_rows
        table, target = (self.attributes, "value") if offset < 0 else (self.relations, "object")
        row = table.slice(position if offset < 0 else offset, 1).to_pylist()[0]
        return Statement(
            id=statement_id,
            subject=row["subject"],
            predicate=row["predicate"],
            object=row[target],
            basis=Basis(row["basis"]),
            confidence=Confidence(row["confidence"]),
            record=row["record"],
            sources=self.record_sources(row["record"]),
            published=self.published(row["record"]),
            since=row.get("since"),
            until=row.get("until"),
            lang=row.get("lang"),
            qualifiers=MappingProxyType(dict(row.get("qualifiers") or ())),
        )

    def record_sources(self, record: str) -> tuple[str, ...]:
        """Ids of the sources that a record cites, sorted; QueryError for an unknown record."""
        return self._record(record)[0]

    def published(self, record: str) -> str | None:
        """EDTF date of a record, None when it is not dated; QueryError for an unknown record."""
        return self._record(record)[1]

    def _record(self, record: str) -> tuple[tuple[str, ...], str | None]:
        if record not in self._records_by_key:
            raise QueryError(f"no record {record[:80]!r} in the snapshot {self.digest}; it may belong to an earlier build")
        return self._records_by_key[record]

    @cached_property
    def _records_by_key(self) -> Mapping[str, tuple[tuple[str, ...], str | None]]:
        columns = (self.records[name].to_pylist() for name in ("record", "sources", "published"))
        return {key: (tuple(sources or ()), published) for key, sources, published in zip(*columns, strict=True)}

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        ids = self.attributes["statement"].to_pylist() + self.relations["statement"].to_pylist()
        return {key: position for position, key in enumerate(ids)}

    def _rows(self, predicate: str) -> _Facts:
        """Subjects, values and statement ids of one predicate, sorted by subject and value."""
        if predicate not in self._facts:
            table, target = (self.relations, "object") if predicate in PREDICATES else (self.attributes, "value")
            table = table.filter(pc.equal(table["predicate"], predicate))
            if not table.num_rows and predicate not in PREDICATES and predicate not in ATTRIBUTES:
                raise QueryError(f"no predicate {predicate[:80]!r}; the vocabulary is in ontology/model.py")
            self._facts[predicate] = (table["subject"].to_pylist(), table[target].to_pylist(), table["statement"].to_pylist())
        return self._facts[predicate]


def in_memory(tables: Tables, packages: Sequence[PackageLike] = (), *, warnings: int = 0) -> Snapshot:
    """The snapshot that a build of these tables would publish, without disk; `built` and `files` are empty."""
    entries = package_entries(packages)
    rows = canonical(tables)
    snapshot = Snapshot(Manifest(digest(rows, entries), entries, warnings=warnings), *rows)
    counts = {name: getattr(rows, name).num_rows for name in TABLES}
    counts |= {kind.value: len(snapshot.entities(kind)) for kind in EntityKind}
    return replace(snapshot, manifest=replace(snapshot.manifest, counts=counts))


def _first_by(keys: Sequence[str], values: Sequence[str]) -> Mapping[str, str]:
    """The first value of each key, in the order of the keys."""
    first: dict[str, str] = {}
    for key, value in zip(keys, values, strict=True):
        first.setdefault(key, value)
    return MappingProxyType(first)


def checksum(content: bytes) -> str:
    """Checksum of a file, as the manifest keeps it."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def read_current(home: Path) -> str | None:
    """The digest that `CURRENT` names, None when nothing was built in this home.

    Raises NoSnapshot when the file holds anything but a digest, StorageError when it cannot be read.
    """
    path = home / CURRENT
    try:
        text = path.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}; check its permissions or choose another --home") from error
    if not re.fullmatch(r"[0-9a-f]{32}", text):
        raise NoSnapshot(f"{path} names no snapshot (found {text[:40]!r}); run: passerelle build")
    return text


def open_current(home: Path) -> Snapshot:
    """The snapshot in use in this home; CURRENT is read once.

    Raises NoSnapshot when nothing usable was built, PasserelleError when a newer version of this product wrote it.
    """
    current = read_current(home)
    if current is None:
        raise NoSnapshot(f"nothing was built in {home} yet; run: passerelle build")
    folder = home / SNAPSHOTS / current
    if not folder.is_dir():
        raise NoSnapshot(f"{home / CURRENT} names the snapshot {current}, which is not in {folder.parent}; run: passerelle build")
    return open_snapshot(folder)


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in a folder, every file compared with its checksum; errors as `open_current`."""
    manifest = _read_manifest(folder)
    tables = {}
    for name in TABLES:
        content = _read(folder, f"{name}.parquet")
        if checksum(content) != manifest.files.get(f"{name}.parquet"):
            raise _damaged(folder, f"{name}.parquet does not match its checksum")
        tables[name] = pq.read_table(pa.BufferReader(content))
    return Snapshot(manifest, **tables)


def _read_manifest(folder: Path) -> Manifest:
    try:
        manifest = Manifest.from_json(_read(folder, MANIFEST))
    except ManifestError as error:
        raise _damaged(folder, f"{MANIFEST} cannot be read ({error})") from error
    if manifest.format > FORMAT:
        raise PasserelleError(
            f"the snapshot {folder} has format {manifest.format}, this version reads {FORMAT}; upgrade passerelle or build in another --home"
        )
    if manifest.format < FORMAT:
        raise NoSnapshot(f"the snapshot {folder} has the old format {manifest.format}, this version reads {FORMAT}; run: passerelle build")
    if manifest.digest != folder.name:
        raise _damaged(folder, f"{MANIFEST} is that of {manifest.digest[:40]!r}")
    return manifest


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise _damaged(folder, f"{name} is missing") from error
    except OSError as error:
        raise StorageError(f"cannot read {folder / name}: {error.strerror}; check its permissions or choose another --home") from error


def _damaged(folder: Path, found: str) -> NoSnapshot:
    return NoSnapshot(f"the snapshot {folder} is damaged: {found}; run: passerelle build")
