"""SPARQL on the bundled territory: rdflib beside Oxigraph, which `passerelle sparql` and `passerelle serve` use.

python benchmarks/sparql.py                      time to load, memory, and time of the six queries of docs/queries, with the ratio
python benchmarks/sparql.py SOURCE ...           the same on other data packages (a query may need other ids to find something)
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from graph_builder.pipeline import build
from graph_builder.rdf import dataset, nquads
from graph_builder.snapshot import open_current
from graph_builder.sparql import APART, PREFIXES, Formats, open_queries
from graph_builder.sparql.store import Ask, Graphs

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "data_seeds" / "nord-franche-comte"
QUERIES = ROOT / "docs" / "queries"
ROUNDS = 3
PATIENCE = 60
"""Seconds after which a query is given up: the limit of `passerelle sparql`."""

Rows = list[list[str]]


def seconds(run: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def rdflib_engine(home: Path) -> Callable[[str], Rows]:
    """Answers with rdflib: the default graph holds the stated facts, as with the other engine."""
    import rdflib

    graphs = dataset(open_current(home))
    stated = graphs.graph(rdflib.URIRef("urn:x-rdflib:default"))
    for graph in list(graphs.graphs()):
        if str(graph.identifier) not in (*APART, "urn:x-rdflib:default"):
            for triple in graph:
                stated.add(triple)

    def answer(text: str) -> Rows:
        return [["" if term is None else str(term) for term in row] for row in graphs.query(text, initNs=dict(PREFIXES))]  # type: ignore[union-attr]

    return answer


def oxigraph_engine(home: Path) -> Callable[[str], Rows]:
    """Answers with Oxigraph, checked by rdflib's parser as in the product; JSON is written and read back."""
    graphs = Graphs("\n".join(nquads(open_current(home))).encode(), APART)

    def answer(text: str) -> Rows:
        found = json.loads(graphs.answer(Ask(text, PREFIXES, "json", "json", "turtle", 100_000, 50_000_000)).body)
        return [[row.get(name, {}).get("value", "") for name in found["head"]["vars"]] for row in found["results"]["bindings"]]

    return answer


ENGINES = {"rdflib": rdflib_engine, "oxigraph": oxigraph_engine}


def measure(engine: str, home: Path) -> None:
    """Print what one engine takes, as JSON; in a process of its own, so that the peak of memory is its own."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    answer = ENGINES[engine](home)
    loaded = time.perf_counter() - start
    times, rows = {}, {}
    for path in sorted(QUERIES.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        try:
            first = limited(lambda text=text: answer(text))  # type: ignore[misc]
        except TimeoutError:
            times[path.stem], rows[path.stem] = float(PATIENCE), None
            continue
        again = [seconds(lambda text=text: answer(text)) for _ in range(ROUNDS - 1)] if first < 5 else []  # type: ignore[misc]
        times[path.stem] = median([first, *again])
        rows[path.stem] = sorted(sorted(", ".join(sorted(cell.split(", "))) for cell in row) for row in answer(text))
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps({"load": loaded, "megabytes": peak, "times": times, "rows": rows}))


def limited(run: Callable[[], object]) -> float:
    """Wall time of one call; TimeoutError after `PATIENCE` seconds."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        return seconds(run)
    finally:
        signal.alarm(0)


def service(home: Path) -> None:
    """What a user of the product waits: the process starts and loads, then answers."""
    snapshot = open_current(home)
    with open_queries(snapshot) as queries:
        first = seconds(lambda: queries.answer("ASK { ?s ?p ?o }"))
        second = seconds(lambda: queries.answer("ASK { ?s ?p ?o }"))
        everything = "SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 90000"
        many = {form: seconds(lambda form=form: queries.answer(everything, Formats(solutions=form))) for form in ("json", "csv")}  # type: ignore[misc]
    print(f"query process: started, loaded and first answer {first:.2f} s; next answer {1000 * second:.1f} ms")
    print(f"90,000 rows of three columns: JSON {many['json']:.2f} s, CSV {many['csv']:.2f} s")


def union(home: Path) -> None:
    """Why the default graph is stored: the same query with the graphs of all sources named in it."""
    graphs = Graphs("\n".join(nquads(open_current(home))).encode(), APART)
    named = sorted(graphs.names - set(APART))
    text = (QUERIES / "developer-2-shared-needs.rq").read_text(encoding="utf-8")
    stored, listed = (
        median(seconds(lambda d=default: graphs.answer(Ask(text, PREFIXES, "json", "json", "turtle", 100_000, 50_000_000, d))) for _ in range(ROUNDS))  # type: ignore[misc]
        for default in ((), named)
    )
    print(f"developer-2 on the stored union {1000 * stored:.0f} ms, on {len(named)} named graphs {1000 * listed:.0f} ms, ratio {listed / stored:.0f}")


def compare(home: Path) -> None:
    """Both engines, their ratio, and whether they agree."""
    found = {}
    for engine in ENGINES:
        command = [sys.executable, __file__, "--engine", engine, "--home", str(home)]
        found[engine] = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
    peer, ours = found["rdflib"], found["oxigraph"]
    print(f"{'':45}{'rdflib':>12}{'oxigraph':>12}{'ratio':>8}")
    print(f"{'load, from the opened snapshot (s)':45}{peer['load']:12.2f}{ours['load']:12.2f}{peer['load'] / ours['load']:8.1f}")
    print(
        f"{'memory beyond the imports, peak (MB)':45}{peer['megabytes']:12.0f}{ours['megabytes']:12.0f}{peer['megabytes'] / ours['megabytes']:8.1f}"
    )
    for name, time_ours in ours["times"].items():
        given_up = ">" if peer["rows"][name] is None else ""
        theirs, ratio = f"{given_up}{1000 * peer['times'][name]:.1f}", f"{given_up}{peer['times'][name] / time_ours:.1f}"
        print(f"{name + ' (ms)':45}{theirs:>12}{1000 * time_ours:12.1f}{ratio:>8}")
    differing = [name for name in ours["rows"] if peer["rows"][name] is not None and ours["rows"][name] != peer["rows"][name]]
    print(f"same rows from both, where both answered: {'yes' if not differing else 'no, see ' + ', '.join(differing)}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", metavar="SOURCE")
    parser.add_argument("--engine", choices=sorted(ENGINES), help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.engine:
        measure(args.engine, args.home)
        return
    sources = args.sources or [str(SEED)]
    with tempfile.TemporaryDirectory() as folder:
        home = args.home or Path(folder)
        if args.home is None:
            build(sources, home)
        snapshot = open_current(home)
        print(f"machine: {platform.machine()}, {platform.system()}, Python {platform.python_version()}")
        print(f"data: {', '.join(Path(s).name for s in sources)}, snapshot {snapshot.digest[:12]}, {sum(1 for _ in nquads(snapshot)):,} quads")
        compare(home)
        union(home)
        service(home)


if __name__ == "__main__":
    main()
