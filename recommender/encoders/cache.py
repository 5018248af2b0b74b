"""Vectors kept by text: an encoder that encodes each text once, in memory and under the home folder."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ontology.errors import EncoderError
from recommender.encoders import Encoder, QueryEncoder, encode_queries
from recommender.encoders.vectors import KEY_BYTES, Stamp, VectorCache

_BLOCK = 2048
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


class CachedEncoder:
    """The same vectors as the encoder inside, which sees each text once. Several threads may share it."""

    def __init__(self, inner: Encoder, store: VectorCache) -> None:
        self.name, self.version, self.dim = inner.name, inner.version, inner.dim
        self._inner, self._store, self._lock = inner, store, threading.Lock()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of documents, (n, dim); missing ones are encoded in the order given and kept."""
        if isinstance(texts, str):
            raise TypeError("encode takes a list of texts, found one string; write [text]")
        keys = [_key(text) if text.strip() else None for text in texts]
        with self._lock:
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key is not None and key not in self._store}
            todo = list(missing.items())
            for start in range(0, len(todo), _BLOCK):
                block = todo[start : start + _BLOCK]
                self._store.add([key for key, _ in block], self._inner.encode([text for _, text in block]))
            return self._store.rows(keys)

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of questions, (n, dim); what people type is never kept."""
        if isinstance(self._inner, QueryEncoder):
            with self._lock:
                return encode_queries(self._inner, texts)
        keys = [_key(text) if text.strip() else None for text in texts]
        with self._lock:
            if all(key is None or key in self._store for key in keys):
                return self._store.rows(keys)
            return self._inner.encode(texts)


def cached(encoder: Encoder, home: Path | None, *, rewrite: bool = False) -> CachedEncoder:
    """The encoder with its vectors kept in `home/vectors/<name>/`; in memory only when `home` is None.

    An encoder fitted on its corpus (`corpus_bound`: LSA) is kept in memory only. Vectors stored by another version or
    dimension raise EncoderError; with `rewrite` (a build) they are thrown away instead. A home that cannot be written
    is reported in the log, and memory is used.
    """
    if not _NAME.fullmatch(encoder.name):
        raise EncoderError(f"encoder name {encoder.name[:80]!r} is no folder name; use a-z, 0-9, dot, dash, underscore")
    stamp = Stamp(encoder.name, encoder.version, encoder.dim)
    if home is None or getattr(encoder, "corpus_bound", False):
        return CachedEncoder(encoder, VectorCache(None, stamp))
    return CachedEncoder(encoder, VectorCache(home / "vectors" / encoder.name, stamp, rewrite=rewrite))


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]
