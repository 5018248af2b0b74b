"""The graph as a Frictionless data package: three exact tables that are read back, and tables for people."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from graph_builder.exports.about import created, licences, notes, title
from graph_builder.exports.package_format import JSON_COLUMNS, MARK, PACKAGE_FORMAT, REQUIRED, STATEMENT_TABLES
from graph_builder.exports.plain_text import safe_cell
from graph_builder.exports.redistribution import WITHHELD
from graph_builder.exports.rows import BATCH, Cell, Column, Sheet, sheets
from graph_builder.normalise import slug
from graph_builder.snapshot import Snapshot
from ontology.model import Basis, Confidence

DESCRIPTOR = "datapackage.json"
READ_ME = "README.md"
_BESIDE = frozenset({DESCRIPTOR, READ_ME, WITHHELD})
_LONGEST_NAME = 80

Json = dict[str, object]

_TITLES = {
    "records": ("Enregistrements : une ligne de source, ses sources, sa date", "Records: one row of a source, its sources, its date"),
    "attributes": ("Faits : une propriété d'une entité", "Facts: a property of an entity"),
    "relations": ("Faits : une relation entre deux entités", "Facts: a relation between two entities"),
}


def write_package(snapshot: Snapshot, folder: Path) -> None:
    """Write the package to an empty folder that exists; the same bytes for the same snapshot.

    Raises QueryError when the snapshot names no package, OSError.
    """
    resources = []
    for name, columns in STATEMENT_TABLES.items():
        write_csv(folder / f"{name}.csv", columns, _exact(getattr(snapshot, name), columns))
        resources.append(_statement_resource(name))
    for sheet in sheets(snapshot):
        write_csv(folder / f"{sheet.name}.csv", [column.name for column in sheet.columns], _guarded(sheet))
        resources.append(_sheet_resource(sheet))
    _write(folder / DESCRIPTOR, json.dumps(_descriptor(snapshot, resources), ensure_ascii=False, indent=1) + "\n")
    _write(folder / READ_ME, _read_me(snapshot))


def is_package(folder: Path) -> bool:
    """Whether an export wrote every file of this folder, so that another export may replace it."""
    try:
        loaded = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    if not isinstance(loaded, dict) or not isinstance(loaded.get(MARK), dict) or not isinstance(loaded.get("resources"), list):
        return False
    listed = {str(resource.get("path")) for resource in loaded["resources"] if isinstance(resource, dict)}
    return all(path.name in listed | _BESIDE and path.is_file() for path in folder.iterdir())


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Iterable[Cell]]) -> None:
    """Write a CSV file as RFC 4180 has it: UTF-8, commas, CRLF; what is not told is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        # CRLF also makes the writer put quotes around a text that holds a line end of either sort
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(list(columns))
        writer.writerows(rows)


def _exact(table: pa.Table, columns: tuple[str, ...]) -> Iterator[list[str | None]]:
    """The rows of one of the three tables; lists and maps as JSON text, empty ones as an empty cell."""
    for batch in table.select(list(columns)).to_batches(max_chunksize=BATCH):
        for row in batch.to_pylist():
            yield [_cell(name, value) for name, value in row.items()]


def _cell(name: str, value: object) -> str | None:
    if name in JSON_COLUMNS:
        content = dict(value) if name == "qualifiers" and isinstance(value, list) else value
        return json.dumps(content, ensure_ascii=False) if content else None
    return None if value is None else str(value)


def _guarded(sheet: Sheet) -> Iterator[tuple[Cell, ...]]:
    """Rows of a table for people, in which no text runs as a formula."""
    return (tuple(safe_cell(cell) if isinstance(cell, str) else cell for cell in row) for row in sheet.rows())


# datapackage.json ----------------------------------------------------------------------------------------------------


def _descriptor(snapshot: Snapshot, resources: list[Json]) -> Json:
    packages = [dict(entry) for entry in snapshot.manifest.packages]
    told = licences(snapshot)
    licence: Json = {"licenses": [{"name": slug(told), "title": told}]} if told else {}
    return {
        "profile": "data-package",
        "name": _name(snapshot),
        "title": title(snapshot),
        "title_fr": title(snapshot),
        "title_en": title(snapshot, "en"),
        "created": f"{created(snapshot).isoformat()}T00:00:00Z",
        "version": str(packages[0]["version"]) if len(packages) == 1 else "",
        **licence,
        MARK: {"format": PACKAGE_FORMAT, "digest": snapshot.digest, "packages": packages},
        "resources": resources,
    }


def _name(snapshot: Snapshot) -> str:
    """Name of the one package, or the names of all as far as they fit."""
    return "--".join(entry["name"] for entry in snapshot.manifest.packages)[:_LONGEST_NAME]


def _resource(name: str, titles: tuple[str, str], fields: list[Json], more: Json) -> Json:
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "title": titles[0],
        "title_en": titles[1],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"csv": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True}},
        "schema": {"fields": fields, **more},
    }


def _statement_resource(name: str) -> Json:
    key = STATEMENT_TABLES[name][0]
    more: Json = {"primaryKey": [key]}
    if name != "records":
        more["foreignKeys"] = [{"fields": ["record"], "reference": {"resource": "records", "fields": ["record"]}}]
    return _resource(name, _TITLES[name], [_statement_field(column) for column in STATEMENT_TABLES[name]], more)


def _statement_field(name: str) -> Json:
    constraints: Json = {"required": True} if name in REQUIRED else {}
    if name in ("basis", "confidence"):
        constraints["enum"] = [item.value for item in (Basis if name == "basis" else Confidence)]
    kind = JSON_COLUMNS.get(name, "date" if name == "retrieved" else "string")
    return {"name": name, "type": kind, **({"constraints": constraints} if constraints else {})}


def _sheet_resource(sheet: Sheet) -> Json:
    fields = [_sheet_field(column) for column in sheet.columns]
    key = sheet.columns[0].name if sheet.columns[0].name == "id" else sheet.columns[-1].name
    return _resource(sheet.name, (sheet.title["fr"], sheet.title["en"]), fields, {"primaryKey": [key]})


def _sheet_field(column: Column) -> Json:
    return {"name": column.name, "type": "number" if column.type == "number" else "string"}


# README.md -----------------------------------------------------------------------------------------------------------


_FILES = (
    (
        "`records.csv`, `attributes.csv` et `relations.csv` contiennent tous les faits, exactement : `passerelle build` les relit et retrouve la "
        "même empreinte. Les autres tables disent la même chose pour être lues, avec les noms à côté des identifiants ; une apostrophe y précède un "
        "texte qu'un tableur prendrait pour une formule. `withheld.csv`, s'il est là, liste les sources dont les faits ne peuvent être rediffusés."
    ),
    (
        "`records.csv`, `attributes.csv` and `relations.csv` hold every fact, exactly: `passerelle build` reads them back and finds the same "
        "digest. The other tables say the same for people, with names beside ids; an apostrophe stands there before a text that a spreadsheet "
        "would take for a formula. `withheld.csv`, where it is there, lists the sources whose facts may not be passed on."
    ),
)


def _read_me(snapshot: Snapshot) -> str:
    lines = [f"# {title(snapshot)}", ""]
    lines += [f"- **{label}** – {text}" for label, text in notes(snapshot)]
    for text in _FILES:
        lines += ["", text]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
