"""Publication: tables become a snapshot on disk that is whole or absent, whatever happens meanwhile.

A snapshot is written to `snapshots/<digest>.partial`, synced, renamed, and only then named by `CURRENT`, which is replaced in one
step. Killed at any moment, a build leaves the previous snapshot in use; the next build removes what it left.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import filelock
import pyarrow as pa
import pyarrow.parquet as pq

from graph_builder.canonical import PackageLike
from graph_builder.graph import Graph
from graph_builder.manifest import MANIFEST, Manifest
from graph_builder.snapshot import CURRENT, SNAPSHOTS, TABLES, Snapshot, checksum, in_memory, open_snapshot, read_current
from graph_builder.tables import Tables
from ontology.errors import BuildLocked, PasserelleError, QueryError, StorageError

LOCK = "build.lock"
PARTIAL = ".partial"
KEPT = 3
"""Snapshots that stay, the current one included."""


@dataclass(frozen=True)
class Published:
    """What a publication did; `changed` is False when the same snapshot was in use already, and then nothing was written."""

    digest: str
    changed: bool
    manifest: Manifest


@contextmanager
def build_lock(home: Path) -> Iterator[None]:
    """Hold the lock of a home, which is created; raises BuildLocked at once when another build holds it.

    The system frees the lock of a process that ends, however it ends.
    """
    with refusals(home):
        if home.exists() and not home.is_dir():
            raise QueryError(f"{home} is not a folder; choose another --home")
        home.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(home / LOCK, timeout=0)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise BuildLocked(f"another build is running in {home}; wait for it to end, then build again") from error
    try:
        yield
    finally:
        lock.release()


def publish(home: Path, tables: Tables, packages: Sequence[PackageLike], *, warnings: int = 0) -> Published:
    """Make these tables the snapshot in use, under the lock of the home.

    Raises InputError when the tables contradict themselves (see `canonical`), BuildLocked, StorageError when the disk
    refuses; after an error the previous snapshot is in use.
    """
    with build_lock(home):
        return publish_locked(home, tables, packages, warnings=warnings)


def publish_locked(home: Path, tables: Tables, packages: Sequence[PackageLike], *, warnings: int = 0) -> Published:
    """`publish` for a caller that holds `build_lock` already."""
    snapshot = in_memory(tables, packages, warnings=warnings)
    with refusals(home):
        folder = home / SNAPSHOTS / snapshot.digest
        sweep(home)
        stored = _intact(folder)
        if stored is not None and _current_or_none(home) == snapshot.digest:
            return Published(snapshot.digest, changed=False, manifest=stored)
        if stored is None:
            discard(folder)
            stored = write_snapshot(folder, snapshot)
        _stamp(folder)
        replace_file(home / CURRENT, f"{snapshot.digest}\n".encode())
        prune(home, snapshot.digest)
    return Published(snapshot.digest, changed=True, manifest=stored)


def write_snapshot(folder: Path, snapshot: Snapshot) -> Manifest:
    """Write a snapshot to a folder that does not exist yet and return its manifest; on an error nothing stays. Raises OSError."""
    partial = folder.with_name(folder.name + PARTIAL)
    try:
        partial.mkdir(parents=True)
        files = {}
        for name in TABLES:
            content = _parquet(getattr(snapshot, name))
            files[f"{name}.parquet"] = checksum(content)
            write_file(partial / f"{name}.parquet", content)
        counts = {**snapshot.manifest.counts, "ties": Graph(snapshot).tie_matrix().nnz // 2}
        built = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = replace(snapshot.manifest, counts=counts, built=built, files=files)
        write_file(partial / MANIFEST, manifest.to_json().encode())
        _sync_folder(partial)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    _sync_folder(folder.parent)
    return manifest


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file in one step: readers see the old content or the new one, whole. Raises OSError."""
    partial = path.with_name(path.name + PARTIAL)
    try:
        write_file(partial, content)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_file(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it. Raises OSError."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sweep(home: Path) -> None:
    """Remove what a killed build left; the caller holds the lock."""
    for folder in (home / SNAPSHOTS).glob(f"*{PARTIAL}"):
        shutil.rmtree(folder)
    (home / f"{CURRENT}{PARTIAL}").unlink(missing_ok=True)


def prune(home: Path, current: str) -> None:
    """Remove all but the last snapshots, in the order of their publication; one that cannot be removed stays until the next build."""
    folders = [folder for folder in (home / SNAPSHOTS).iterdir() if folder.name != current and folder.is_dir()]
    folders.sort(key=lambda folder: (folder.stat().st_mtime_ns, folder.name), reverse=True)
    for folder in folders[KEPT - 1 :]:
        with suppress(OSError):
            discard(folder)


def discard(folder: Path) -> None:
    """Remove a snapshot so that a half-removed one is never taken for whole; nothing happens when there is none. Raises OSError."""
    if folder.exists():
        partial = folder.with_name(folder.name + PARTIAL)
        folder.rename(partial)
        shutil.rmtree(partial)


def _intact(folder: Path) -> Manifest | None:
    """The manifest of a whole snapshot; None when it is absent, damaged or of another format."""
    try:
        return open_snapshot(folder).manifest
    except StorageError:
        raise
    except PasserelleError:
        return None


def _current_or_none(home: Path) -> str | None:
    """The digest in use, None when CURRENT is absent or damaged: the build replaces it."""
    try:
        return read_current(home)
    except StorageError:
        raise
    except PasserelleError:
        return None


def _stamp(folder: Path) -> None:
    """Make this snapshot the last published one, even where the clock went back."""
    others = [f.stat().st_mtime_ns for f in folder.parent.iterdir() if f != folder]
    moment = max([time.time_ns(), *(other + 1 for other in others)])
    os.utime(folder, ns=(moment, moment))


def _parquet(table: pa.Table) -> bytes:
    """The table as Parquet, in memory: the same bytes for the same rows and the same version of Arrow."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def _sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def refusals(home: Path) -> Iterator[None]:
    """Turn what the disk refuses in a home into a StorageError."""
    try:
        yield
    except OSError as error:
        place = error.filename or home
        reason = error.strerror or str(error)
        raise StorageError(f"cannot write {place}: {reason}; the previous snapshot stays in use; free space, or choose another --home") from error
