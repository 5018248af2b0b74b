"""The whole graph as one folder of open data: every format, the catalogue, the licence of each source, checksums, a page for people.

The folder is whole or absent, and a function of the snapshot and of the options alone: no clock, no place, no order of a set enters it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from graph_builder.exports import EXPORTS, Written, write_export
from graph_builder.exports.about import packages
from graph_builder.exports.catalogue import catalogue_graph
from graph_builder.exports.catalogue_coverage import Coverage, coverage
from graph_builder.exports.catalogue_files import PREDICTIONS_FOLDER, TABLES_FOLDER, Packed, packed_below
from graph_builder.exports.catalogue_graphs import json_ld, turtle
from graph_builder.exports.catalogue_rights import Publication, licence_document
from graph_builder.exports.catalogue_void import make_up, void_graph
from graph_builder.exports.ftm import has_entities
from graph_builder.exports.index_page import Page, index_page
from graph_builder.exports.placing import BEGUN, placed_folder
from graph_builder.exports.predicted import write_predictions
from graph_builder.exports.redistribution import WITHHELD, Withheld, check_shareable, shareable, write_withheld
from graph_builder.snapshot import Snapshot

OPEN_DATA = "open-data"
CHECKSUMS = "checksums.txt"
INDEX = "index.html"
LICENCE = "LICENCE.md"
CATALOGUE = "catalogue.ttl"
VOID = "void.ttl"

PATHS: Mapping[str, str] = MappingProxyType(
    {
        "turtle": "passerelle.ttl",
        "json-ld": "passerelle.jsonld",
        "n-quads": "passerelle.nq",
        "graphml": "passerelle.graphml",
        "gexf": "passerelle.gexf",
        "xlsx": "passerelle.xlsx",
        "geojson": "actors.geojson",
        "csv": TABLES_FOLDER,
        "ftm": "passerelle.ftm.jsonl",
    }
)
"""Where each format stands in the folder."""

ONTOLOGY = ("passerelle.ttl", "shapes.ttl")


def write_open_data(
    snapshot: Snapshot,
    out: Path,
    *,
    predictions: pa.Table | None = None,
    terms: Publication | None = None,
    fonts: Mapping[str, bytes] = MappingProxyType({}),
) -> Written:
    """Write the folder of open data and return what was written; facts that may not be redistributed are left out and listed.

    `predictions` is the table of `graph_builder.predictions`; without it the package has no predicted links. `fonts` are WOFF2 files by
    font family that the page carries. Raises QueryError when the snapshot names no package, nothing of it may be passed on or `out` may
    not be replaced, StorageError when the disk refuses; then nothing stays of the folder.
    """
    shared, withheld = shareable(snapshot)
    check_shareable(shared, withheld)
    covered, published = coverage(shared), terms or Publication()
    with placed_folder(out, is_open_data) as folder:
        for name, path in PATHS.items():
            if name in EXPORTS and (name != "ftm" or has_entities(shared)):
                write_export(name, shared, folder / path)
        if predictions is not None:
            _write_predictions(predictions, shared, folder)
        _describe(folder, shared, covered, published, withheld)
        page = Page(covered, published, withheld, predictions is not None, fonts)
        (folder / INDEX).write_bytes(index_page(page, _packed(folder)).encode())
        _write_checksums(folder)
    listed = tuple(file.path for file in packed_below(out))
    return Written(out, tuple(out / path for path in listed), withheld)


def is_open_data(folder: Path) -> bool:
    """Whether an export wrote all that lies in this folder: it has a list of checksums, which names every file."""
    try:
        lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    known = {CHECKSUMS, *(line[66:] for line in lines)}
    return (folder / CATALOGUE).is_file() and all(
        file.relative_to(folder).as_posix() in known for file in folder.rglob("*") if not file.is_dir() or file.is_symlink()
    )


def _describe(folder: Path, snapshot: Snapshot, covered: Coverage, terms: Publication, withheld: Withheld) -> None:
    """Everything about the data that is not for people alone: vocabulary, licence, what was left out, VoID, catalogue."""
    (folder / "ontology").mkdir()
    for name in ONTOLOGY:
        (folder / "ontology" / name).write_bytes((files("ontology") / name).read_bytes())
    stated = {entry["name"]: entry["licences"] for entry in packages(snapshot)}
    (folder / LICENCE).write_text(licence_document(covered, terms, stated), encoding="utf-8", newline="\n")
    write_withheld(withheld, folder / WITHHELD)
    dumps = [path for name, path in PATHS.items() if name in EXPORTS]
    (folder / VOID).write_bytes(turtle(void_graph(covered, terms, make_up(folder / PATHS["turtle"]), dumps)))
    graph = catalogue_graph(covered, terms, _packed(folder))
    (folder / CATALOGUE).write_bytes(turtle(graph))
    (folder / "catalogue.jsonld").write_bytes(json_ld(graph))


def _write_predictions(predictions: pa.Table, snapshot: Snapshot, folder: Path) -> None:
    (folder / PREDICTIONS_FOLDER).mkdir()
    write_predictions(predictions, snapshot, folder / PREDICTIONS_FOLDER)


def _packed(folder: Path) -> tuple[Packed, ...]:
    """The files of the package so far; the mark of an export that is being written is none of them."""
    return tuple(file for file in packed_below(folder) if file.path != BEGUN)


def _write_checksums(folder: Path) -> None:
    """Write what `sha256sum -c` reads: the checksum of every file but this list."""
    lines = [f"{file.sha256}  {file.path}\n" for file in _packed(folder) if file.path != CHECKSUMS]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8", newline="\n")
