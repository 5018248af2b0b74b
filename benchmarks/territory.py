"""Time, memory and ranking quality on the bundled territory, with the machine and the peer beside each figure.

python benchmarks/territory.py            prints the figures
python benchmarks/territory.py --write    also stores the evaluation as passerelle/measured.json, which the app shows
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import networkx as nx
import numpy as np

from graph_builder.pipeline import build
from passerelle.ecosystem import Ecosystem
from passerelle.evaluating import evaluate_sources, evaluation_document, evaluation_table
from passerelle.sources import default_sources
from recommender.context import Context
from recommender.signals.common_partners import neighbour_scores

ROOT = Path(__file__).resolve().parents[1]
SEEDS = default_sources(())
MEASURED = ROOT / "passerelle" / "measured.json"
IDEAS = (
    "suivre l'usure de machines d'usinage avec des capteurs et de l'intelligence artificielle",
    "digital health at home for elderly people",
    "capteurs et analyse de données pour une collectivité",
    "augmented reality to visit an industrial museum",
    "diagnostic du vieillissement d'une pile à combustible",
)


def milliseconds(run: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def speed(home: Path) -> None:
    """Build, opening, answers, and neighbourhood scores beside networkx."""
    data = ", ".join(Path(seed).name for seed in SEEDS)
    print(f"machine: {platform.machine()}, {platform.system()}, Python {platform.python_version()}; data: {data}")
    print(f"build, first: {milliseconds(lambda: build(SEEDS, home)) / 1000:.2f} s; again: {milliseconds(lambda: build(SEEDS, home)) / 1000:.2f} s")
    start = time.perf_counter()
    ecosystem = Ecosystem.open(home)
    print(f"opening, texts encoded for the first time: {time.perf_counter() - start:.2f} s")
    start = time.perf_counter()
    ecosystem = Ecosystem.open(home)
    print(f"opening, vectors kept: {time.perf_counter() - start:.2f} s")
    print(f"all pairs scored, once per opening: {milliseconds(lambda: ecosystem.recommender.adjustment) / 1000:.2f} s")
    actors = [a.id for a in ecosystem.actors()]
    top = [milliseconds(lambda a=a: ecosystem.recommend(actor=a)) for a in actors]  # type: ignore[misc]
    print(f"top 10 with evidence, {len(top)} actors: median {median(top):.1f} ms, 95 % under {np.quantile(top, 0.95):.1f} ms")
    ideas = [milliseconds(lambda t=t: ecosystem.recommend(text=t)) for t in IDEAS]  # type: ignore[misc]
    print(f"a new idea, {len(ideas)} texts: median {median(ideas):.0f} ms")
    peer(ecosystem.context)
    print(f"largest share of all top tens that one actor holds: {ecosystem.largest_share():.3f}")
    print(f"memory, peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def peer(context: Context) -> None:
    """Adamic-Adar of all pairs, ours and networkx, equal to 1e-9."""
    ours_start = time.perf_counter()
    ours = np.vstack([neighbour_scores(context.ties.matrix, a)[0] for a in range(context.size)])
    ours_time = time.perf_counter() - ours_start
    graph = nx.from_scipy_sparse_array(context.ties.matrix)
    start = time.perf_counter()
    theirs = {(u, v): s for u, v, s in nx.adamic_adar_index(graph, [(u, v) for u in graph for v in graph if u < v])}
    peer_time = time.perf_counter() - start
    worst = max(abs(ours[u, v] - s) for (u, v), s in theirs.items())
    times = f"{1000 * ours_time:.0f} ms, networkx {1000 * peer_time:.0f} ms, ratio {peer_time / ours_time:.1f}"
    print(f"Adamic-Adar, all pairs: {times}; worst difference {worst:.1e}")


def main() -> None:
    """Print the figures; store the evaluation when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        speed(Path(folder))
        report = evaluate_sources(SEEDS, Path(folder), None, lambda line: print(line, end="\r", file=sys.stderr))
    print(evaluation_table(report))
    if write:
        MEASURED.write_text(json.dumps(evaluation_document(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"written: {MEASURED.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
