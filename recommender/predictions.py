"""The strongest missing links as the table of predictions that exports read."""

from __future__ import annotations

from typing import Literal

import pyarrow as pa

from graph_builder.predictions import PREDICTIONS
from recommender.answers import MissingLink
from recommender.landscape.missing_links import KeepPair, missing_links
from recommender.recommend import Recommender

BASIS = "expert"
"""On what the scores rest: weights that an expert set. They are no probabilities."""


def predictions(recommender: Recommender, k: int = 20, keep: KeepPair | None = None) -> pa.Table:
    """The k strongest missing links as rows of PREDICTIONS, in their order; deterministic. See `missing_links`."""
    return prediction_table(missing_links(recommender, k, keep))


def prediction_table(links: tuple[MissingLink, ...]) -> pa.Table:
    """These missing links as rows of PREDICTIONS, in their order."""
    columns = {
        "subject": [link.a for link in links],
        "object": [link.b for link in links],
        "score": [link.score for link in links],
        "band": [link.band for link in links],
        "basis": [BASIS] * len(links),
        "text_fr": [_reasons(link, "fr") for link in links],
        "text_en": [_reasons(link, "en") for link in links],
        "statements": [sorted({statement for evidence in link.evidence for statement in evidence.statements}) for link in links],
    }
    return pa.table(columns, schema=PREDICTIONS)


def _reasons(link: MissingLink, lang: Literal["fr", "en"]) -> str:
    """Every reason as a sentence, then what is missing to be sure."""
    sentences = [evidence.text.of(lang) for evidence in link.evidence]
    sentences += [link.missing.of(lang)] if link.missing else []
    return " ".join(sentences)
