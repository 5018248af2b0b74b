"""Time and memory of building CORDIS to a snapshot, stage by stage, beside a naive reading of the same files.

python benchmarks/build.py ZIP [ZIP ...]

Each figure comes from a process of its own, so that the peak memory is that of one thing. The naive reading loads every row of the
same files into a dict with the csv module and counts who takes part in what: no facts, no ids, no snapshot.
"""

from __future__ import annotations

import csv
import io
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

FILES = ("project.csv", "organization.csv", "euroSciVoc.csv")


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Print the wall and processor seconds of a stage, and the peak memory so far."""
    wall, processor = time.perf_counter(), time.process_time()
    yield
    seconds = f"{time.perf_counter() - wall:7.2f} s, {time.process_time() - processor:7.2f} cpu-s"
    print(f"  {name:<34} {seconds}, peak so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB", flush=True)


def stages(paths: list[str]) -> None:
    """The stages of a build, one by one; publication repeats `canonical`, because it is one step of the product."""
    with stage("start (imports)"):
        from graph_builder.canonical import canonical, digest, package_entries
        from graph_builder.sources.cordis.source import Cordis
        from graph_builder.store import publish
    source = Cordis(*paths)
    with stage("read and clean"):
        warnings = [finding for finding in source.validate() if finding.severity == "warning"]
    with stage("facts"):
        tables = source.tables()
    print(f"  {', '.join(f'{table.num_rows:,} {name}' for name, table in zip(tables._fields, tables, strict=True))}; {len(warnings)} warnings")
    with stage("canonical form alone"):
        rows = canonical(tables)
    with stage("digest alone"):
        digest(rows, package_entries([source.info]))
    del rows
    with tempfile.TemporaryDirectory() as home, stage("publish (canonical, digest, write)"):
        published = publish(Path(home), tables, [source.info], warnings=len(warnings))
    counts = published.manifest.counts
    print(f"  {counts['Organization']:,} organisations, {counts['Project']:,} projects, {counts['ties']:,} pairs tied; digest {published.digest}")


def whole(paths: list[str]) -> None:
    """The build as the command does it, from files to the snapshot in use."""
    from graph_builder.pipeline import build_sources
    from graph_builder.sources.cordis.source import Cordis

    with tempfile.TemporaryDirectory() as home, stage("build, whole"):
        report = build_sources([Cordis(*paths)], Path(home))
    print(f"  stages as run.json has them: {dict(report.seconds)}")


def naive(paths: list[str]) -> None:
    """Every row as a dict, and the projects of each organisation."""
    with stage("naive reading (csv module)"):
        tables: dict[str, list[dict[str, str]]] = defaultdict(list)
        for path in paths:
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    if PurePosixPath(member).name in FILES:
                        text = io.TextIOWrapper(archive.open(member), encoding="utf-8", newline="")
                        tables[PurePosixPath(member).name] += csv.DictReader(text, delimiter=";")
        projects: dict[str, set[str]] = defaultdict(set)
        for row in tables["organization.csv"]:
            projects[row["organisationID"]].add(row["projectID"])
    print(f"  {', '.join(f'{len(rows):,} rows of {name}' for name, rows in tables.items())}; {len(projects):,} PICs")


PARTS = {"stages": stages, "whole": whole, "naive": naive}


def main() -> None:
    """Print the machine, the data and every figure."""
    paths = sys.argv[1:]
    if not paths:
        sys.exit((__doc__ or "").splitlines()[2])
    if paths[0] in PARTS:
        PARTS[paths[0]](paths[1:])
        return
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    print("data: " + ", ".join(f"{Path(path).name} ({Path(path).stat().st_size / 1e6:.1f} MB)" for path in paths), flush=True)
    seconds = {}
    for part in PARTS:
        print(part, flush=True)
        start = time.perf_counter()
        subprocess.run([sys.executable, __file__, part, *paths], check=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])})
        seconds[part] = time.perf_counter() - start
    print(f"a whole build takes {seconds['whole'] / seconds['naive']:.1f} times the naive reading (process start to end, both)")


if __name__ == "__main__":
    main()
