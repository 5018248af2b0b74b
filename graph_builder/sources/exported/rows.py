"""Reading one of the three exact tables of an exported package, row by row: its header, its cells, what is wrong with them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from graph_builder.exports.package_format import REQUIRED, STATEMENT_TABLES
from graph_builder.normalise import clean_url, edtf_ok
from graph_builder.sources.findings import shown
from ontology.errors import Finding
from ontology.model import ATTRIBUTES, PREDICATES, QUALIFIERS, Basis, Confidence, EntityKind

MAX_FILE_BYTES = 2_000_000_000
MAX_CELL = 1_000_000
MAX_FAULTS = 1_000
"""Faults of one table after which the rest of it is not read."""

_IDS = frozenset({"record", "subject", "object"})


@dataclass
class ReadTable:
    """A table that was read: its columns as Arrow takes them, the line on which each row starts, and its faults."""

    name: str
    file: str
    columns: dict[str, list[object]]
    lines: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def texts(self, column: str) -> list[str]:
        """A column of text that is never empty, or whose empty cells are ""."""
        return [str(value or "") for value in self.columns[column]]

    def texts_at(self, column: str, position: int) -> str:
        """One cell of such a column."""
        return str(self.columns[column][position] or "")


def read_statements(name: str, file: str, path: Path) -> ReadTable:
    """The table `name` in `path`; rows with a fault are left out and told in `findings`, which call the file `file`."""
    columns = STATEMENT_TABLES[name]
    table = ReadTable(name, file, {column: [] for column in columns})
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            table.findings.append(Finding(file, None, None, "the file is too large", f"at most {MAX_FILE_BYTES:,} bytes"))
            return table
        with path.open(encoding="utf-8-sig", newline="") as content:
            _read(table, content)
    except OSError as error:
        table.findings.append(Finding(file, None, None, f"the file cannot be read ({error.strerror or 'input error'})", "make it readable"))
    return table


def _read(table: ReadTable, content: TextIO) -> None:
    rows = _records(table, content)
    header = next(rows, (1, []))[1]
    table.findings += [] if table.findings else _header(table, header)
    if table.findings:
        return
    for line, cells in rows:
        if len(cells) != len(header):
            found = f"{len(cells)} cells where the header has {len(header)}"
            table.findings.append(Finding(table.file, line, None, found, "one cell per column; put a text that holds commas between quotes"))
        else:
            _row(table, line, dict(zip(header, cells, strict=True)))
        if len(table.findings) >= MAX_FAULTS:
            table.findings.append(Finding(table.file, None, None, "too many faults, the rest was not read", "correct these first, or export again"))
            return


def _records(table: ReadTable, content: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Lines and cells; stops at the first byte or quote that cannot be read and says so."""
    if csv.field_size_limit() < MAX_CELL:
        csv.field_size_limit(MAX_CELL)  # the limit of the whole process
    reader = csv.reader(content, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError:
            table.findings.append(Finding(table.file, None, None, f"the file is not UTF-8 (after line {start})", "save it as UTF-8"))
            return
        except csv.Error as error:
            accepted = f"close every quote, write a quote inside a text as two, and keep cells under {MAX_CELL:,} characters"
            table.findings.append(Finding(table.file, start, None, f"the row cannot be read ({error})", accepted))
            return
        if cells:
            yield start, cells


def _header(table: ReadTable, header: Sequence[str]) -> list[Finding]:
    """Columns that are missing, unknown or there twice; cells that are separated by another sign."""
    columns = STATEMENT_TABLES[table.name]
    if len(header) == 1 and any(sign in header[0] for sign in ";\t|"):
        return [Finding(table.file, 1, None, "cells are not separated by commas", "separate them by commas")]
    missing = [Finding(table.file, 1, name, "the column is missing", "add it, or export again") for name in columns if name not in header]
    others = [name for name in header if name not in columns]
    unknown = [Finding(table.file, 1, name[:60] or None, f"an unknown column {shown(name)}", f"columns: {', '.join(columns)}") for name in others]
    twice = sorted({name for name in header if header.count(name) > 1 and name in columns})
    return [*missing, *unknown, *(Finding(table.file, 1, name, "the column is there twice", "keep one of them") for name in twice)]


def _row(table: ReadTable, line: int, cells: Mapping[str, str]) -> None:
    """Add the row to the columns, or its first fault to the findings."""
    values: dict[str, object] = {}
    for column in table.columns:
        try:
            values[column] = _value(table.name, column, cells)
        except ValueError as error:
            table.findings.append(Finding(table.file, line, column, shown(cells[column]), str(error)))
            return
    table.lines.append(line)
    for column, value in values.items():
        table.columns[column].append(value)


def _value(table: str, column: str, cells: Mapping[str, str]) -> object:
    """The cell as the Arrow table has it, None when it is empty; ValueError says what is accepted instead."""
    cell = cells[column]
    if not cell:
        if column in REQUIRED:
            raise ValueError("a value is needed here")
        return [] if column in _LISTS else None
    if column in _IDS and not cell.strip():
        raise ValueError("an identifier is needed here")
    if column == "predicate":
        _one_of(cell, ATTRIBUTES if table == "attributes" else PREDICATES)
    if column == "value" and cells["predicate"] in ATTRIBUTES:
        _literal(cells["predicate"], cell)
    return _READERS[column](cell) if column in _READERS else cell


def _literal(predicate: str, cell: str) -> None:
    """Refuse a value that has not the form of its predicate."""
    if predicate == "type":
        _one_of(cell, [kind.value for kind in EntityKind])
    accepted, ok = _FORMS.get(ATTRIBUTES[predicate].type, ("", bool))
    if not ok(cell):
        raise ValueError(f"{predicate} takes {accepted}")


def _number_ok(cell: str) -> bool:
    try:
        return abs(float(cell)) < float("inf")
    except ValueError:
        return False


_FORMS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "number": ("a number such as 47.64", _number_ok),
    "yes_no": ("yes or no", lambda cell: cell in ("yes", "no")),
    "edtf": ("a date such as 2019, 2019-09 or 2019~", edtf_ok),
    "url": ("a plain http or https address, or a urn", lambda cell: cell.startswith("urn:") or clean_url(cell) is not None),
}


def _one_of(cell: str, choices: Mapping[str, object] | Sequence[str]) -> str:
    if cell not in choices:
        raise ValueError(f"one of: {', '.join(choices)}")
    return cell


def _edtf(cell: str) -> str:
    if not edtf_ok(cell):
        raise ValueError("a date such as 2019, 2019-09 or 2019~")
    return cell


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise ValueError("a day such as 2019-09-30") from error


def _json(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def _sources(cell: str) -> list[str]:
    found = _json(cell)
    if not isinstance(found, list) or not all(isinstance(item, str) and item.strip() for item in found):
        raise ValueError('a JSON list of source ids such as ["source:a", "source:b"]')
    return found


def _qualifiers(cell: str) -> list[tuple[str, str]]:
    found = _json(cell)
    if not isinstance(found, dict) or not all(isinstance(value, str) and value for value in found.values()):
        raise ValueError('a JSON object of texts such as {"role": "lead"}')
    if not QUALIFIERS.issuperset(found):
        raise ValueError(f"only these keys: {', '.join(sorted(QUALIFIERS))}")
    return sorted(found.items())


_LISTS = frozenset({"sources", "qualifiers"})
_READERS: Mapping[str, Callable[[str], object]] = {
    "sources": _sources,
    "qualifiers": _qualifiers,
    "published": _edtf,
    "since": _edtf,
    "until": _edtf,
    "retrieved": _day,
    "lang": lambda cell: _one_of(cell, ("fr", "en")),
    "basis": lambda cell: _one_of(cell, [item.value for item in Basis]),
    "confidence": lambda cell: _one_of(cell, [item.value for item in Confidence]),
}
