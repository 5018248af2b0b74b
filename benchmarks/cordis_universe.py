"""How close the CORDIS source comes to the universe and the new pairs of a benchmark window (docs/cordis.md tells what they are).

python benchmarks/cordis_universe.py ZIP [ZIP ...] --benchmark FOLDER [--from 2024-01-01] [--to 2025-01-01]

FOLDER has universe.parquet (actor), new_pairs.parquet (a, b) and queries.parquet (actor), all PICs. The facts of the source are all
that is used, so a deviation is one of reading or of entity resolution.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from graph_builder.sources.cordis.source import Cordis
from graph_builder.tables import Tables

LARGEST = 50
Pairs = NDArray[np.int64]


class Events:
    """Who takes part in what, as numbers: `actor` and `event` of each participation, and the `day` of each event as text."""

    def __init__(self, tables: Tables) -> None:
        rows = tables.relations.filter(pc.equal(tables.relations["predicate"], "participatesIn"))
        rows = rows.filter(pc.is_valid(rows["since"]))
        actors, events = (pc.dictionary_encode(rows[name].combine_chunks()) for name in ("subject", "object"))
        self.ids: list[str] = actors.dictionary.to_pylist()
        self.names: list[str] = events.dictionary.to_pylist()
        both = np.stack([np.asarray(actors.indices), np.asarray(events.indices)], axis=1).astype(np.int64)
        _, first = np.unique(both, axis=0, return_index=True)
        self.actor, self.event = both[first].T
        self.day = np.asarray(rows["since"].to_pylist(), dtype=object)[np.unique(both[:, 1], return_index=True)[1]]
        signed = np.asarray([dict(pairs)["date_basis"] == "signature" for pairs in rows["qualifiers"].to_pylist()])
        self.horizon = signed[np.unique(both[:, 1], return_index=True)[1]]

    def universe(self, start: str) -> NDArray[np.int64]:
        """Actors with at least two events before a day, one of them in Horizon Europe."""
        past = self.day[self.event] < start
        events = np.bincount(self.actor[past], minlength=len(self.ids))
        horizon = np.bincount(self.actor[past & self.horizon[self.event]], minlength=len(self.ids))
        return np.flatnonzero((events >= 2) & (horizon >= 1))

    def pairs(self, chosen: NDArray[np.bool_], actors: NDArray[np.int64], *, capped: bool) -> set[tuple[int, int]]:
        """Pairs of these actors in the chosen events, smaller number first."""
        sizes = np.bincount(self.event, minlength=len(self.names))
        rows = chosen[self.event] & np.isin(self.actor, actors)
        rows &= ((sizes >= 2) & (sizes <= LARGEST))[self.event] | (not capped)
        order = np.flatnonzero(rows)[np.argsort(self.event[rows], kind="stable")]
        groups = np.split(self.actor[order], np.flatnonzero(np.diff(self.event[order])) + 1)
        return {pair for group in groups for pair in combinations(sorted(group.tolist()), 2)}


def numbers_of(tables: Tables, events: Events) -> dict[int, int]:
    """PIC -> number of the actor that bears it, merged PICs included."""
    index = {actor: number for number, actor in enumerate(events.ids)}
    found = {int(actor.partition(":")[2]): number for actor, number in index.items()}
    aliases = tables.attributes.filter(pc.equal(tables.attributes["predicate"], "alias"))
    for actor, alias in zip(aliases["subject"].to_pylist(), aliases["value"].to_pylist(), strict=True):
        found[int(alias.partition(":")[2])] = index[actor]
    return found


def column(folder: Path, name: str, field: str) -> list[int]:
    """One column of a file of the benchmark."""
    table: pa.Table = pq.read_table(folder / f"{name}.parquet")
    return [int(value) for value in table[field].to_pylist()]


def compare(name: str, ours: set[object], theirs: set[object]) -> None:
    """Print how two sets differ."""
    print(f"{name}: ours {len(ours):,}, benchmark {len(theirs):,}; only ours {len(ours - theirs):,}, only benchmark {len(theirs - ours):,}")


def main() -> None:
    """Print the deviation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("zips", nargs="+", type=Path)
    parser.add_argument("--benchmark", type=Path, required=True)
    parser.add_argument("--from", dest="start", default="2024-01-01")
    parser.add_argument("--to", dest="end", default="2025-01-01")
    chosen = parser.parse_args()
    tables = Cordis(*chosen.zips).tables()
    events = Events(tables)
    number = numbers_of(tables, events)
    merged = len(number) - len(events.ids)
    print(f"organisations: {len(events.ids):,}, {merged} of their PICs merged into another; projects with participants: {len(events.names):,}")
    universe = events.universe(chosen.start)
    listed = column(chosen.benchmark, "universe", "actor")
    compare("universe", set(universe.tolist()), {number.get(pic, -pic) for pic in listed})
    past = events.pairs(events.day < chosen.start, universe, capped=False)
    now = events.pairs((events.day >= chosen.start) & (events.day < chosen.end), universe, capped=True)
    rows = zip(column(chosen.benchmark, "new_pairs", "a"), column(chosen.benchmark, "new_pairs", "b"), strict=True)
    theirs = {tuple(sorted((number.get(a, -a), number.get(b, -b)))) for a, b in rows}
    compare("new pairs", set(now - past), set(theirs))
    queries = column(chosen.benchmark, "queries", "actor")
    print(f"queries: {sum(number.get(pic, -1) in set(universe.tolist()) for pic in queries):,} of {len(queries):,} in the universe")


if __name__ == "__main__":
    main()
