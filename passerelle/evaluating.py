"""`passerelle evaluate`: sources in, one table or one document out; nothing is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from graph_builder.pipeline import assemble, open_sources
from graph_builder.snapshot import in_memory
from passerelle.documents import Json
from recommender.encoders import open_encoder
from recommender.encoders.cache import cached
from recommender.evaluation.metrics import METRICS, Interval
from recommender.evaluation.temporal import CROSSING, DatedEvaluation, DatedRow, Dates, evaluate_dates
from recommender.evaluation.territory import Evaluation, Row, evaluate_territory
from recommender.temporal.queries import read_pics
from recommender.temporal.tasks import Track


def evaluate_sources(specs: Sequence[str], home: Path, encoder: str | None, tell: Callable[[str], None]) -> Evaluation:
    """Read the sources and measure the ranking on them. Vectors are kept in the home; the snapshot in use stays."""
    made = assemble(open_sources(specs), tell)
    snapshot = in_memory(made.tables, made.packages)
    corpus = list(snapshot.values("description_fr").values())
    engine = cached(open_encoder(encoder, corpus), home)
    return evaluate_territory(snapshot, engine, progress=tell)


def evaluate_dated_sources(
    specs: Sequence[str], dates: Dates, tracks: Sequence[Track], queries: Path | None, tell: Callable[[str], None]
) -> DatedEvaluation:
    """Read the sources, learn what precedes the dates and measure on what follows. The query file is read first; nothing is kept."""
    pics = None if queries is None else read_pics(queries)
    made = assemble(open_sources(specs), tell)
    tell("measuring: putting the graph together")
    return evaluate_dates(in_memory(made.tables, made.packages), dates, tracks=tracks, pics=pics, progress=tell)


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


def dated_document(e: DatedEvaluation) -> Json:
    """What `evaluate --json` prints for a hold-out by date: the same keys, null where a figure is undefined."""
    return {
        "digest": e.digest,
        "protocol": dict(e.protocol),
        "results": [_dated_row(row) for row in e.rows],
        "versus": {name: _interval(difference) for name, difference in e.versus.items()},
        "calibration": {"calibrated": False, "reason": "an untrained score: its size is no probability, none is shown", "brier_skill": None},
    }


def _dated_row(row: DatedRow) -> Json:
    return {
        "name": row.name,
        "track": row.track,
        "ours": row.ours,
        **{name: None if (value := row.metrics[name]) is None else _interval(value) for name in METRICS},
        "coverage": _rounded(row.coverage),
        "gini": _rounded(row.gini),
        **{name: _rounded(row.crossing[name]) for name in CROSSING},
        "train_seconds": _rounded(row.train_seconds, 3),
        "milliseconds_per_query": _rounded(row.milliseconds_per_query, 3),
    }


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


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


def dated_table(e: DatedEvaluation) -> str:
    """The figures of a hold-out by date as tables, one for each track, and what was skipped."""
    p = e.protocol
    dates: Mapping[str, str] = p["dates"]  # type: ignore[assignment]
    lines = [
        f"{p['data']}: known to {dates['train_to']}, asked about {dates['test_from']} to {dates['test_to']} (that day left out)",
        f"universe {p['universe']:,}, new pairs {p['new_pairs']:,}, events {p['events']:,}, candidates on average {p['candidates']:,.0f}",
        f"{p['method']}",
        *(f"note: {note}" for note in e.notes),
    ]
    for track in dict.fromkeys(row.track for row in e.rows):
        lines += ["", *_track_table(e, track)]
    return "\n".join([*lines, "", "type, field, ctry: share of the top tens of another type, main field of science or country than who asks"])


def _track_table(e: DatedEvaluation, track: Track) -> list[str]:
    title = f"{track}: {e.protocol[f'queries_{track}']:,} queries"
    lines = [f"{title:34}{'hits@10':>22}{'recall@50':>22}{'MRR':>7}{'NDCG@10':>22}{'cover':>7}{'Gini':>6}{'type':>6}{'field':>6}{'ctry':>6}"]
    for row in (row for row in e.rows if row.track == track):
        m = row.metrics
        lines.append(
            f"{'> ' if row.ours else '  '}{row.name:32}{_told(m['hits_at_10']):>22}{_told(m['recall_at_50']):>22}"
            f"{_plain(m['mrr'].value if m['mrr'] else None, 3):>7}{_told(m['ndcg_at_10']):>22}"
            f"{_plain(row.coverage):>7}{_plain(row.gini):>6}{''.join(f'{_plain(row.crossing[name]):>6}' for name in CROSSING)}"
        )
    prefix = "" if track == "warm" else f"{track}: "
    own = {name.removeprefix(prefix): d for name, d in e.versus.items() if name.startswith(prefix) and (prefix or ": " not in name[:6])}
    lines += ["difference of NDCG@10 to each other method, paired, 95 % interval"]
    return lines + [f"  {name:32}{_shown(d, sign=True):>24}" for name, d in own.items()]


def _told(i: Interval | None) -> str:
    return "-" if i is None else _shown(i)


def _plain(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
