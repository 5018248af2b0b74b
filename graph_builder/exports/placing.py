"""Putting an export in its place: written beside it, renamed when whole; an error leaves what was there before."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ontology.errors import QueryError, StorageError

PARTIAL = ".partial"
OLD = ".old"
BEGUN = ".passerelle-export"
"""Empty file in a folder that is being written, so that the rest of a killed export is known for what it is."""

Ours = Callable[[Path], bool]


@contextmanager
def placed_file(out: Path) -> Iterator[Path]:
    """The path to write a file to; it takes the place of `out` in one step when the block ends without an error.

    Raises QueryError when `out` cannot be a file, StorageError when the disk refuses.
    """
    with refusals(out):
        _check_parent(out)
        if out.is_dir():
            raise QueryError(f"{out} is a folder, and this export is one file; give the name of a file")
        partial = out.with_name(out.name + PARTIAL)
        try:
            yield partial
            partial.replace(out)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def placed_folder(out: Path, ours: Ours) -> Iterator[Path]:
    """An empty folder to write to; it takes the place of `out` when the block ends without an error.

    A folder that is there is replaced when it is empty or `ours` tells that an export wrote all of it. Raises QueryError when it may
    not be replaced, StorageError when the disk refuses.
    """
    with refusals(out):
        _check_parent(out)
        _check_folder(out, ours)
        partial, old = out.with_name(out.name + PARTIAL), out.with_name(out.name + OLD)
        _sweep(partial)
        partial.mkdir()
        try:
            (partial / BEGUN).touch()
            yield partial
            (partial / BEGUN).unlink()
            _swap(partial, out, old)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _check_parent(out: Path) -> None:
    if not out.name or out.name == "..":
        raise QueryError(f"{out} names no file or folder of its own; give the name of the export to write")
    if not out.parent.is_dir():
        raise QueryError(f"{out.parent} is not a folder that exists; create it first, or write the export elsewhere")


def _check_folder(out: Path, ours: Ours) -> None:
    if not out.exists():
        return
    if not out.is_dir() or out.is_symlink():
        raise QueryError(f"{out} is not a folder, and this export is one; give the name of a new folder")
    if any(out.iterdir()) and not ours(out):
        raise QueryError(f"{out} holds files that no export wrote; give a new or an empty folder")


def _sweep(partial: Path) -> None:
    """Remove what a killed export left; anything else of that name stays and is refused."""
    if (partial / BEGUN).is_file():
        shutil.rmtree(partial)
    elif partial.exists() and (not partial.is_dir() or any(partial.iterdir())):
        raise QueryError(f"{partial} is in the way and no export wrote it; move it, or write the export elsewhere")
    elif partial.exists():
        partial.rmdir()


def _swap(partial: Path, out: Path, old: Path) -> None:
    """The new folder in the place of the old one, which comes back when that fails."""
    if not out.exists():
        partial.rename(out)
        return
    if old.exists():
        raise QueryError(f"{old} is in the way: an earlier export was interrupted; keep what you need of it and remove it")
    out.rename(old)
    try:
        partial.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old)


@contextmanager
def refusals(out: Path) -> Iterator[None]:
    """Turn what the disk refuses into a StorageError."""
    try:
        yield
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise StorageError(f"cannot write {out}: {found}; free some space, check its permissions or write elsewhere") from error
