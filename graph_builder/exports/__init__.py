"""The graph as files for others: formats in `EXPORTS`, one function that writes any of them whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from graph_builder.exports.placing import placed_file, placed_folder
from graph_builder.exports.redistribution import WITHHELD, Withheld, check_shareable, shareable, write_withheld
from graph_builder.snapshot import Snapshot
from ontology.errors import QueryError

__all__ = ["EXPORTS", "Export", "Withheld", "Written", "shareable", "write_export"]


@dataclass(frozen=True)
class Export:
    """A format: its name on the command line, the suffix of its file ("" for a folder), its label by language, and what writes it.

    `write` receives the path of a file to create, or an empty folder, and raises OSError when the disk refuses.
    """

    name: str
    suffix: str
    folder: bool
    label: Mapping[str, str]
    write: Callable[[Snapshot, Path], None]


@dataclass(frozen=True)
class Written:
    """What an export wrote: the file or folder, every file in it, and what could not be redistributed."""

    path: Path
    files: tuple[Path, ...]
    withheld: Withheld


def _later(module: str, function: str) -> Callable[[Snapshot, Path], None]:
    """A writer whose module, with its library, is imported on first use."""

    def write(snapshot: Snapshot, path: Path) -> None:
        getattr(import_module(module), function)(snapshot, path)

    return write


def _export(name: str, suffix: str, label: tuple[str, str], module: str, function: str) -> Export:
    return Export(name, suffix, not suffix, {"fr": label[0], "en": label[1]}, _later(module, function))


_ROWS = (
    _export("turtle", ".ttl", ("RDF, Turtle", "RDF, Turtle"), "graph_builder.rdf", "write_turtle"),
    _export("json-ld", ".jsonld", ("RDF, JSON-LD", "RDF, JSON-LD"), "graph_builder.rdf", "write_jsonld"),
    _export("n-quads", ".nq", ("RDF, N-Quads, un graphe par source", "RDF, N-Quads, one graph per source"), "graph_builder.rdf", "write_nquads"),
    _export(
        "graphml", ".graphml", ("Réseau, GraphML (Gephi, yEd)", "Network, GraphML (Gephi, yEd)"), "graph_builder.exports.graphml", "write_graphml"
    ),
    _export("gexf", ".gexf", ("Réseau daté, GEXF (Gephi)", "Dated network, GEXF (Gephi)"), "graph_builder.exports.gexf", "write_gexf"),
    _export(
        "csv",
        "",
        ("Tables CSV, que Passerelle relit", "CSV tables that Passerelle reads back"),
        "graph_builder.exports.tables_package",
        "write_package",
    ),
    _export("xlsx", ".xlsx", ("Classeur (Excel, LibreOffice)", "Workbook (Excel, LibreOffice)"), "graph_builder.exports.xlsx", "write_xlsx"),
    _export("geojson", ".geojson", ("Carte des acteurs, GeoJSON", "Map of the actors, GeoJSON"), "graph_builder.exports.geojson", "write_geojson"),
    _export("ftm", ".ftm.json", ("FollowTheMoney, lignes JSON", "FollowTheMoney, JSON lines"), "graph_builder.exports.ftm", "write_ftm"),
)

EXPORTS: Mapping[str, Export] = MappingProxyType({row.name: row for row in _ROWS})
"""Every format of facts, by name. Predicted links are no facts: `graph_builder.exports.predicted` writes them apart."""


def write_export(name: str, snapshot: Snapshot, out: Path) -> Written:
    """Write the facts that may be redistributed to `out` in one format; a file, or a folder that also lists what was left out.

    Raises QueryError for an unknown format, a place that cannot be written to, a snapshot of no package or one that leaves nothing to
    write, StorageError when the disk refuses; after an error everything is as it was before.
    """
    if name not in EXPORTS:
        raise QueryError(f"no export format {name[:40]!r}; choose one of {', '.join(EXPORTS)}")
    export = EXPORTS[name]
    shared, withheld = shareable(snapshot)
    check_shareable(shared, withheld)
    if not export.folder:
        with placed_file(out) as path:
            export.write(shared, path)
        return Written(out, (out,), withheld)
    from graph_builder.exports.tables_package import is_package

    with placed_folder(out, is_package) as folder:
        export.write(shared, folder)
        if withheld.sources:
            write_withheld(withheld, folder / WITHHELD)
    return Written(out, tuple(sorted(path for path in out.rglob("*") if path.is_file())), withheld)
