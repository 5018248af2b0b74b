"""The table of predicted links: its Arrow schema. The recommender fills it; exports read it, apart from the facts."""

from __future__ import annotations

import pyarrow as pa

_TEXT = pa.string()

PREDICTIONS = pa.schema(
    [
        pa.field("subject", _TEXT, nullable=False),
        pa.field("object", _TEXT, nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("band", _TEXT, nullable=False),
        pa.field("basis", _TEXT, nullable=False),
        pa.field("text_fr", _TEXT, nullable=False),
        pa.field("text_en", _TEXT, nullable=False),
        pa.field("statements", pa.list_(_TEXT), nullable=False),
    ]
)
"""One predicted link between two actors, the strongest first.

`score` is in [0, 1], higher is stronger; `band` is strong, serious or explore; `basis` says on what the score rests ("expert": weights
that a person set, no probability). The texts are the reasons; `statements` are the ids of the facts behind them.
"""
