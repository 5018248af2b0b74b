"""The folder of one encoder's vectors: part files that are never changed, and a manifest that says whose they are."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import time
import uuid
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ontology.errors import EncoderError

logger = logging.getLogger(__name__)

KEY_BYTES = 16
_MANY_PARTS = 32
_ABANDONED_SECONDS = 3600
_DAMAGE = (ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Stamp:
    """Whose vectors they are: only vectors of the same name, version and dimension can be compared."""

    name: str
    version: str
    dim: int

    @property
    def digest(self) -> str:
        """The SHA-256 of the three, in hexadecimal; every part carries it."""
        return hashlib.sha256(f"{self.name}\n{self.version}\n{self.dim}".encode()).hexdigest()


class VectorCache:
    """Vectors of one encoder by the hash of their text, in memory and, when there is a folder, on disk.

    A part is written beside, synced and renamed under the hash of its content: a killed writer leaves nothing that is
    read, and two writers never meet. A damaged part is dropped with a warning; its texts are encoded again. Many small
    parts are merged when the folder is opened.
    """

    def __init__(self, folder: Path | None, stamp: Stamp, *, rewrite: bool = False) -> None:
        self._folder, self._stamp = folder, stamp
        self._vectors: dict[bytes, NDArray[np.float32]] = {}
        if folder is None:
            return
        try:
            self._check(folder, rewrite=rewrite)
            self._load(folder)
        except OSError as error:
            self._memory_only(error)

    def __contains__(self, key: bytes) -> bool:
        return key in self._vectors

    def __len__(self) -> int:
        return len(self._vectors)

    def rows(self, keys: Sequence[bytes | None]) -> NDArray[np.float32]:
        """The vectors, (n, dim), a zero row for None. Raises KeyError for a key that is not there."""
        found = np.zeros((len(keys), self._stamp.dim), dtype=np.float32)
        for row, key in enumerate(keys):
            if key is not None:
                found[row] = self._vectors[key]
        return found

    def add(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep these vectors, on disk as one new part. Raises EncoderError for another shape than (keys, dim)."""
        if vectors.shape != (len(keys), self._stamp.dim):
            raise EncoderError(
                f"encoder {self._stamp.name} gave an array of shape {vectors.shape} for {len(keys)} texts; "
                f"({len(keys)}, {self._stamp.dim}) is needed: report it to the maintainers of that encoder"
            )
        kept = np.ascontiguousarray(vectors, dtype=np.float32)
        self._vectors.update(zip(keys, kept, strict=True))
        if self._folder is not None and len(keys):
            try:
                self._write_part(self._folder, keys, kept)
            except OSError as error:
                self._memory_only(error)

    def _memory_only(self, error: OSError) -> None:
        logger.warning("vectors are kept in memory only: %s cannot be used (%s); free it or choose another --home", self._folder, error)
        self._folder = None

    def _check(self, folder: Path, *, rewrite: bool) -> None:
        """Compare the manifest with the encoder: refuse, or throw the other vectors away."""
        found = _read_manifest(folder / "manifest.json")
        if found is None or found == self._stamp:
            return
        if not rewrite:
            raise EncoderError(
                f"{folder} holds vectors of {found.name} {found.version} ({found.dim} columns), but this encoder is "
                f"{self._stamp.name} {self._stamp.version} ({self._stamp.dim} columns); build again or remove that folder"
            )
        for path in sorted(folder.glob("part-*.npz")):
            path.unlink(missing_ok=True)
        (folder / "manifest.json").unlink(missing_ok=True)

    def _load(self, folder: Path) -> None:
        self._sweep(folder)
        read: list[Path] = []
        for path in sorted(folder.glob("part-*.npz")):
            try:
                keys, vectors = _read_part(path, self._stamp)
            except FileNotFoundError:
                continue  # another process merged it meanwhile: its texts are encoded again
            except _DAMAGE as error:
                logger.warning("damaged vectors ignored and removed: %s (%s); their texts are encoded again", path, error)
                _discard(path)
                continue
            for key, vector in zip(keys, vectors, strict=True):
                self._vectors.setdefault(key, vector)
            read.append(path)
        if len(read) > _MANY_PARTS:
            self._merge(folder, read)

    def _merge(self, folder: Path, read: list[Path]) -> None:
        keys = sorted(self._vectors)
        merged = self._write_part(folder, keys, self.rows(keys))
        for path in read:
            if path != merged:
                path.unlink(missing_ok=True)

    def _write_part(self, folder: Path, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "manifest.json").exists():
            content = json.dumps({**asdict(self._stamp), "hash": self._stamp.digest}, indent=1) + "\n"
            _publish(folder / "manifest.json", content.encode())
        joined = b"".join(keys)
        content_hash = hashlib.sha256(self._stamp.digest.encode() + joined + vectors.tobytes()).hexdigest()[:32]
        target = folder / f"part-{content_hash}.npz"
        _publish(
            target,
            {
                "stamp": np.frombuffer(self._stamp.digest.encode(), dtype=np.uint8),
                "keys": np.frombuffer(joined, dtype=np.uint8).reshape(-1, KEY_BYTES),
                "vectors": vectors,
            },
        )
        return target

    @staticmethod
    def _sweep(folder: Path) -> None:
        """Remove what writers killed over an hour ago left behind."""
        for path in folder.glob("*.partial"):
            try:
                if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                    path.unlink()
            except FileNotFoundError:
                continue


def _publish(target: Path, content: bytes | dict[str, NDArray[np.float32] | NDArray[np.uint8]]) -> None:
    """Write beside, sync, rename: the file is there whole or not at all."""
    partial = target.with_name(f"{target.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}.partial")
    try:
        with partial.open("xb") as stream:
            if isinstance(content, bytes):
                stream.write(content)
            else:
                np.savez(stream, allow_pickle=False, **content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _discard(path: Path) -> None:
    """Remove a damaged file where this is allowed; a read-only home keeps it, and it is passed over again."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _read_manifest(path: Path) -> Stamp | None:
    """Whose vectors the folder holds; None when it does not say, and then the parts decide."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Stamp(str(found["name"]), str(found["version"]), int(found["dim"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        logger.warning("damaged manifest ignored and removed: %s (%s)", path, error)
        _discard(path)
        return None


def _read_part(path: Path, stamp: Stamp) -> tuple[list[bytes], NDArray[np.float32]]:
    """The keys and vectors of a part. Raises ValueError where it is not a whole part of this stamp."""
    with path.open("rb") as stream:
        if not zipfile.is_zipfile(stream):
            raise ValueError("not a whole npz file")
        stream.seek(0)
        with np.load(stream, allow_pickle=False) as part:
            owner, keys, vectors = part["stamp"], part["keys"], part["vectors"]
    if owner.tobytes().decode("ascii", "replace") != stamp.digest:
        raise ValueError("vectors of another encoder or version")
    fits = keys.dtype == np.uint8 and vectors.dtype == np.float32 and keys.shape == (len(vectors), KEY_BYTES)
    if not fits or vectors.shape != (len(keys), stamp.dim) or not np.isfinite(vectors).all():
        raise ValueError("unexpected content")
    joined = keys.tobytes()
    return [joined[start : start + KEY_BYTES] for start in range(0, len(joined), KEY_BYTES)], vectors
