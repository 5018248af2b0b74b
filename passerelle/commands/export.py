"""`passerelle export FORMAT OUT`: the facts as files for others; with `open-data`, all of them as one folder to publish."""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import QueryError
from passerelle.documents import Json

if TYPE_CHECKING:
    from graph_builder.exports import Written
    from graph_builder.snapshot import Snapshot

OPEN_DATA = "open-data"
FORMATS = ("turtle", "json-ld", "n-quads", "graphml", "gexf", "csv", "xlsx", "geojson", "ftm", OPEN_DATA)
"""What can be asked for, in the order of the help; `ftm` where the product has it. A test compares with `EXPORTS`."""

PREDICTED = 100
"""Predicted links of a folder of open data, unless -k says otherwise."""

FONTS: Mapping[str, str] = {
    "Bricolage Grotesque": "bricolage-grotesque-latin-wght-normal.woff2",
    "Public Sans": "public-sans-latin-wght-normal.woff2",
}
"""The fonts of the app, which the page of the folder carries inside."""

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "turtle": (".ttl",),
    "json-ld": (".jsonld", ".json"),
    "n-quads": (".nq",),
    "graphml": (".graphml",),
    "gexf": (".gexf",),
    "xlsx": (".xlsx",),
    "geojson": (".geojson", ".json"),
    "ftm": (".jsonl", ".json"),
}
"""Endings by which programs know a file of each format."""

_ONLY_OPEN_DATA = ("k", "base", "publisher", "licence")


def add(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("format", metavar="FORMAT", help=f"one of {', '.join(FORMATS)}")
    parser.add_argument(
        "out", type=Path, metavar="OUT", help="file to write, named as its format is (graph.ttl, graph.xlsx); for csv and open-data a folder"
    )
    parser.add_argument("-k", type=int, metavar="N", help=f"open-data: how many predicted links, apart from the facts (default: {PREDICTED})")
    parser.add_argument("--base", metavar="URL", help="open-data: address where the folder will be published; without it links are relative")
    parser.add_argument("--publisher", metavar="NAME", help="open-data: who publishes (default: Passerelle)")
    parser.add_argument("--licence", metavar="NAME", help="open-data: licence of the whole, by SPDX name (default: etalab-2.0)")


def run(args: argparse.Namespace) -> int:
    """Write the export and say what was written."""
    from passerelle.cli import output

    _check(args)
    written, snapshot = _open_data(args) if args.format == OPEN_DATA else _one_format(args)
    return output(args, document(args.format, written, snapshot), lambda: table(args.format, written, snapshot))


def _check(args: argparse.Namespace) -> None:
    from graph_builder.exports import EXPORTS

    if args.format not in (*EXPORTS, OPEN_DATA):
        raise QueryError(
            f"no export format {args.format[:40]!r}; choose one of {', '.join(name for name in FORMATS if name in (*EXPORTS, OPEN_DATA))}"
        )
    given = [name for name in _ONLY_OPEN_DATA if getattr(args, name) is not None]
    if args.format != OPEN_DATA and given:
        option = "-k" if given[0] == "k" else f"--{given[0]}"
        raise QueryError(f"{option} goes with open-data only; drop it, or run: passerelle export open-data DIR")
    if args.k is not None and args.k < 0:
        raise QueryError(f"-k {args.k} is negative; give the number of predicted links, 0 for none")


def _one_format(args: argparse.Namespace) -> tuple[Written, Snapshot]:
    from graph_builder.exports import shareable, write_export
    from graph_builder.snapshot import open_current

    snapshot = open_current(args.home)
    return write_export(args.format, snapshot, args.out), shareable(snapshot)[0]


def _open_data(args: argparse.Namespace) -> tuple[Written, Snapshot]:
    from graph_builder.exports import shareable
    from graph_builder.exports.catalogue_rights import publication
    from graph_builder.exports.open_data import write_open_data
    from graph_builder.snapshot import open_current

    terms = publication(publisher=args.publisher, licence=args.licence, base=args.base)
    wanted = PREDICTED if args.k is None else args.k
    snapshot, table = open_current(args.home), None
    if wanted:
        from passerelle.ecosystem import Ecosystem
        from recommender.predictions import predictions

        ecosystem = Ecosystem.open(args.home, args.encoder)
        snapshot, table = ecosystem.snapshot, predictions(ecosystem.recommender, wanted)
    written = write_open_data(snapshot, args.out, predictions=table, terms=terms, fonts=fonts())
    return written, shareable(snapshot)[0]


def fonts() -> Mapping[str, bytes]:
    """The fonts of the app by family; without those that are not there the page uses those of the reader's system."""
    from passerelle.serving import app_script

    static = app_script().parent / "static"
    return {family: (static / name).read_bytes() for family, name in FONTS.items() if (static / name).is_file()}


def document(form: str, written: Written, snapshot: Snapshot) -> Json:
    """What `export --json` prints. `digest` is that of the facts that were written, after what may not be redistributed was left out."""
    withheld = written.withheld
    return {
        "format": form,
        "path": str(written.path),
        "files": [_file(path) for path in written.files],
        "withheld": {
            "facts": withheld.facts,
            "sources": [{"id": source.id, "title": source.title, "facts": source.facts} for source in withheld.sources],
        },
        "digest": snapshot.digest,
    }


def _file(path: Path) -> Json:
    with path.open("rb") as file:
        return {"path": str(path), "bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def table(form: str, written: Written, snapshot: Snapshot) -> str:
    """The same for people."""
    size = sum(path.stat().st_size for path in written.files)
    several = f"{len(written.files)} files, " if len(written.files) > 1 else ""
    facts = snapshot.attributes.num_rows + snapshot.relations.num_rows
    lines = [f"wrote {written.path} ({form}, {several}{_size(size)})", f"  {facts:,} facts of the graph {snapshot.digest[:12]}"]
    if written.withheld.sources:
        count, facts, citing = len(written.withheld.sources), written.withheld.facts, written.withheld.citing
        sources = f"{count} source{'s that forbid' if count > 1 else ' that forbids'} redistribution"
        lines.append(f"  left out: {facts:,} facts, {citing:,} that cite {sources} and {facts - citing:,} that depended on them")
    if predicted := _predicted(written.path):
        lines.append(f"  apart: {predicted:,} predicted links, which are hypotheses and no facts")
    if form == OPEN_DATA:
        lines.append(f"  start with {written.path / 'index.html'}")
    if form in SUFFIXES and written.path.suffix.lower() not in SUFFIXES[form]:
        lines.append(f"  note: programs know such a file by a name that ends in {SUFFIXES[form][0]}; rename it before you open it")
    return "\n".join(lines)


def _predicted(out: Path) -> int:
    """How many predicted links an export has: those that rest on facts left out are not among them."""
    path = out / "predictions" / "predictions.csv"
    if not path.is_file():
        return 0
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def _size(count: int) -> str:
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"
