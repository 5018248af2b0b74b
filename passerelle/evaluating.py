"""`passerelle evaluate`: sources in, one table or one document out; nothing is published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from graph_builder.pipeline import read_sources
from graph_builder.snapshot import in_memory
from graph_builder.sources import open_source
from passerelle.documents import Json
from recommender.encoders import open_encoder
from recommender.encoders.cache import cached
from recommender.evaluation.metrics import Interval
from recommender.evaluation.territory import Evaluation, Row, evaluate_territory


def evaluate_sources(specs: Sequence[str], home: Path, encoder: str | None, tell: Callable[[str], None]) -> Evaluation:
    """Read the sources and measure the ranking on them. Vectors are kept in the home; the snapshot in use stays."""
    sources = [open_source(spec) for spec in specs]
    tables, _ = read_sources(sources, tell)
    snapshot = in_memory(tables, [source.info for source in sources])
    corpus = list(snapshot.values("description_fr").values())
    engine = cached(open_encoder(encoder, corpus), home)
    return evaluate_territory(snapshot, engine, progress=tell)


def evaluation_document(e: Evaluation) -> Json:
    """What `evaluate --json` prints."""
    return {
        "digest": e.digest,
        "protocol": dict(e.protocol),
        "results": [_row(row) for row in e.rows],
        "versus": {name: _interval(difference) for name, difference in e.versus.items()},
        "calibration": {"calibrated": False, "reason": "expert weights: scores are words, no probability is shown", "brier_skill": None},
    }


def _row(row: Row) -> Json:
    return {
        "name": row.name,
        "track": row.track,
        "ours": row.ours,
        **{name: _interval(value) for name, value in row.metrics.items()},
        "coverage": round(row.coverage, 4),
        "gini": round(row.gini, 4),
        "train_seconds": row.train_seconds,
        "milliseconds_per_query": round(row.milliseconds_per_query, 3),
    }


def _interval(i: Interval) -> Json:
    return {"value": round(i.value, 4), "low": round(i.low, 4), "high": round(i.high, 4)}


def evaluation_table(e: Evaluation) -> str:
    """The figures as a table, and what to read out of them."""
    p = e.protocol
    lines = [
        f"{p['data']}: {p['queries']} queries over {p['events']} events, {p['candidates']} candidates on average",
        f"{p['method']}",
        "",
        f"{'':34}{'hits@10':>22}{'recall@10':>11}{'recall@50':>11}{'MRR':>7}{'NDCG@10':>22}{'cover':>7}{'Gini':>6}",
    ]
    for row in e.rows:
        m = row.metrics
        lines.append(
            f"{'> ' if row.ours else '  '}{row.name:32}{_shown(m['hits_at_10']):>22}{m['recall_at_10'].value:>11.3f}"
            f"{m['recall_at_50'].value:>11.3f}{m['mrr'].value:>7.3f}{_shown(m['ndcg_at_10']):>22}{row.coverage:>7.2f}{row.gini:>6.2f}"
        )
    lines += ["", "difference of NDCG@10 to each baseline, paired, 95 % interval"]
    lines += [f"  {name:32}{_shown(d, sign=True):>24}" for name, d in e.versus.items()]
    lines.append("small data: read the intervals, not the third digit; the score is not calibrated, so no probability is shown")
    return "\n".join(lines)


def _shown(i: Interval, *, sign: bool = False) -> str:
    form = "+.3f" if sign else ".3f"
    return f"{i.value:{form}} [{i.low:{form}}, {i.high:{form}}]"
