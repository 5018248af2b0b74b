"""Untrained rankings on CORDIS: who met for the first time in a year, beside reference figures of an earlier, independent implementation.

python benchmarks/baselines.py ZIP [ZIP ...] [--benchmark FOLDER] [--train-to DATE] [--test-from DATE] [--test-to DATE] [--track TRACK ...]

FOLDER has universe.parquet (actor), new_pairs.parquet (a, b) and queries.parquet (actor), all PICs: the fixed queries of the window.
The reference figures are those of the year 2024 (known to 2023-12-31), so deviations are printed for that window alone.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from graph_builder.pipeline import assemble, open_sources
from graph_builder.snapshot import Snapshot, in_memory
from passerelle.commands.evaluate import dates_of
from passerelle.evaluating import dated_table
from recommender.evaluation.temporal import DatedEvaluation, Dates, evaluate_dates
from recommender.temporal.events import read_events
from recommender.temporal.history import History
from recommender.temporal.protocol import OURS
from recommender.temporal.queries import actors_by_pic, read_pics
from recommender.temporal.tasks import TRACKS
from recommender.temporal.window import Window

FIGURES = ("hits_at_10", "recall_at_50", "mrr", "ndcg_at_10", "gini", "coverage")
WARM_2024: Mapping[str, tuple[float, ...]] = {
    "random": (0.013, 0.004, 0.010, 0.002, 0.83, 0.20),
    "popularity, 24 months": (0.401, 0.119, 0.189, 0.069, 0.998, 0.016),
    "TF-IDF profiles": (0.442, 0.147, 0.199, 0.080, 0.94, 0.21),
    "common neighbours": (0.486, 0.150, 0.241, 0.092, 0.99, 0.04),
    "Adamic-Adar": (0.487, 0.152, 0.242, 0.092, 0.99, 0.04),
    "resource allocation": (0.465, 0.152, 0.239, 0.090, 0.97, 0.11),
    "R0: ln RA + 3 TF-IDF": (0.491, 0.162, 0.249, 0.097, 0.98, 0.12),
    "EASE, ties alone": (0.514, 0.175, 0.254, 0.103, 0.98, 0.09),
    OURS: (0.533, 0.175, 0.260, 0.107, 0.98, 0.09),
}
"""Reference figures of the window 2024, track warm, 1,500 fixed queries, in the order of FIGURES (`OURS` is EASE with words)."""
NOISE = 0.003
"""Deviation of NDCG@10 that the reference allows."""


def main() -> None:
    """Print the machine, the data, the check of universe and new pairs, every figure, seconds, and the deviations."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("zips", nargs="+", type=Path)
    parser.add_argument("--benchmark", type=Path)
    parser.add_argument("--train-to", default="2023-12-31")
    parser.add_argument("--test-from", default="2024-01-01")
    parser.add_argument("--test-to")
    parser.add_argument("--track", action="append", choices=TRACKS)
    chosen = parser.parse_args()
    dates = dates_of(chosen.train_to, chosen.test_from, chosen.test_to)
    threads = os.environ.get("OMP_NUM_THREADS", "not set")
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores (OMP_NUM_THREADS {threads}), {platform.system()}, Python {platform.python_version()}"
    )
    print("data: " + ", ".join(f"{path.name} ({path.stat().st_size / 1e6:.1f} MB)" for path in chosen.zips), flush=True)
    start = time.perf_counter()
    made = assemble(open_sources(chosen.zips), _say)
    snapshot = in_memory(made.tables, made.packages)
    print(f"read: {time.perf_counter() - start:.1f} s, digest {snapshot.digest}", flush=True)
    if chosen.benchmark:
        _check(snapshot, dates, chosen.benchmark)
    wall, processor = time.perf_counter(), time.process_time()
    pics = read_pics(chosen.benchmark / "queries.parquet") if chosen.benchmark else None
    found = evaluate_dates(snapshot, dates, tracks=chosen.track or TRACKS[:1], pics=pics, progress=_say)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(dated_table(found))
    _seconds(found)
    print(f"evaluation: {wall:.0f} s, {processor:.0f} cpu-s; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")
    if chosen.benchmark and "warm" in (chosen.track or TRACKS[:1]) and dates == dates_of("2023-12-31", "2024-01-01", "2025-01-01"):
        _deviations(found)


def _say(message: str) -> None:
    print(f"  {message}", file=sys.stderr, flush=True)


def _check(snapshot: Snapshot, dates: Dates, folder: Path) -> None:
    """Print how universe and new pairs differ from those of the benchmark."""
    events = read_events(snapshot)
    history = History.before(events, dates.history_end)
    window = Window.of(events, history, np.datetime64(dates.test_from), np.datetime64(dates.test_to))
    number = actors_by_pic(snapshot, events)
    listed = {number.get(pic, -pic) for pic in read_pics(folder / "universe.parquet")}
    universe = set(history.actors[: history.size].tolist())
    print(f"universe: {len(universe):,}, benchmark {len(listed):,}, differing {len(universe ^ listed):,}")
    table = pq.read_table(folder / "new_pairs.parquet")
    theirs = {frozenset((number.get(a, -a), number.get(b, -b))) for a, b in zip(table["a"].to_pylist(), table["b"].to_pylist(), strict=True)}
    a, b = window.new.nonzero()
    ours = {frozenset(pair) for pair in zip(history.actors[a].tolist(), history.actors[b].tolist(), strict=True)}
    print(f"new pairs: {len(ours):,}, benchmark {len(theirs):,}, differing {len(ours ^ theirs):,}", flush=True)


def _seconds(found: DatedEvaluation) -> None:
    print("\nseconds of learning, milliseconds per query")
    for row in found.rows:
        if row.train_seconds is not None and row.milliseconds_per_query is not None:
            print(f"  {row.track:5}{row.name:32}{row.train_seconds:>8.2f}{row.milliseconds_per_query:>8.2f}")


def _deviations(found: DatedEvaluation) -> None:
    """Print measured minus reference, and which NDCG@10 deviates by more than the noise."""
    print(f"\nmeasured minus reference, window 2024, warm (noise of NDCG@10: {NOISE})")
    print("Equal scores: the reference drew one random order for a block of queries, here each query has its own. Random, and the long ties")
    print("of resource allocation, cover more actors here; hits, recall, MRR and NDCG have the same expectation.")
    print(f"{'':32}" + "".join(f"{name:>14}" for name in FIGURES))
    for row in (row for row in found.rows if row.track == "warm" and row.name in WARM_2024):
        values = [interval.value if (interval := row.metrics.get(name)) else getattr(row, name, None) for name in FIGURES]
        apart = [0.0 if value is None else value - there for value, there in zip(values, WARM_2024[row.name], strict=True)]
        beyond = "" if abs(apart[FIGURES.index("ndcg_at_10")]) <= NOISE else "  beyond the noise"
        print(f"{row.name:32}" + "".join(f"{value:>+14.4f}" for value in apart) + beyond)


if __name__ == "__main__":
    main()
