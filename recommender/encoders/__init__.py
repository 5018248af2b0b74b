"""Text encoders: from texts to unit vectors. One line in `ENCODERS` per engine; each engine is imported only when used."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ontology.errors import EncoderError
from recommender.encoders.lsa import open_lsa
from recommender.encoders.sentence import open_sentence
from recommender.encoders.use import open_use

logger = logging.getLogger(__name__)


class Encoder(Protocol):
    """Text to vectors. `name` is also a folder name; `version` changes whenever the vectors of the same text would.

    `encode` gives (n, dim) float32: one row per text in the order given, each of norm 1, so that a dot product is a
    cosine in [-1, 1], higher is closer. An empty or blank text, or one that the encoder knows nothing of, gives a zero
    row: its cosine is unknown, not 0. A row depends on its text alone (to 1e-5), never on the other texts of the call.
    Cosines of two encoders are not comparable: a threshold belongs to one encoder.
    """

    @property
    def name(self) -> str:
        """The engine, in characters fit for a folder name: `use-multilingual-3`."""

    @property
    def version(self) -> str:
        """What makes vectors comparable beside the name: the release, the weights, the fitted corpus."""

    @property
    def dim(self) -> int:
        """The number of columns."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of documents (profiles, project texts), (n, dim)."""

    def __hash__(self) -> int:
        """Encoders are told apart by identity, so that what they encoded can be kept."""


@runtime_checkable
class QueryEncoder(Protocol):
    """What an encoder has on top when a question and a document are encoded differently (e5)."""

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of questions, (n, dim)."""


@dataclass(frozen=True)
class EncoderKind:
    """One entry of the registry: how its spec is written, and what opens it (text after the colon, corpus)."""

    form: str
    open: Callable[[str, Sequence[str]], Encoder]


ENCODERS: Mapping[str, EncoderKind] = {
    "use": EncoderKind("use", open_use),
    "lsa": EncoderKind("lsa", open_lsa),
    "st": EncoderKind("st:FOLDER_OR_HUB_ID", open_sentence),
}


def open_encoder(spec: str | None, corpus: Sequence[str]) -> Encoder:
    """The encoder that `spec` names: `use`, `lsa` or `st:FOLDER_OR_HUB_ID`.

    None takes `use` and, where its package is not installed, `lsa` fitted on `corpus`, with a warning logged once.
    Only `lsa` looks at `corpus`. Raises EncoderError for an unknown spec, an absent engine or an unreadable model.
    """
    if spec is None:
        return _default(corpus)
    name, colon, argument = spec.strip().partition(":")
    kind = ENCODERS.get(name)
    if kind is None or bool(argument.strip()) != (":" in kind.form) or (colon and not argument.strip()):
        accepted = ", ".join(entry.form for entry in ENCODERS.values())
        raise EncoderError(f"unknown encoder {spec[:80]!r}; accepted: {accepted}")
    return kind.open(argument.strip(), corpus)


def encode_queries(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """The vectors of questions or ideas, (n, dim): the encoder's own query side when it has one, else `encode`."""
    if isinstance(encoder, QueryEncoder):
        return encoder.encode_query(texts)
    return encoder.encode(texts)


def _default(corpus: Sequence[str]) -> Encoder:
    try:
        return open_use("", corpus)
    except EncoderError as error:
        _warn_once(str(error))
        return open_lsa("", corpus)


@cache
def _warn_once(reason: str) -> None:
    logger.warning("%s; texts are compared with lsa (letters only, one language at a time)", reason)
