"""Reading one CSV file strictly: UTF-8, commas, the columns that are expected in any order, one cell per column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from graph_builder.sources.findings import shown
from ontology.errors import Finding

MAX_FILE_BYTES = 50_000_000
MAX_CELL = 100_000
_UTF8 = "save it as UTF-8"


OPTIONAL = frozenset({"recommendable", "why_not"})
"""Columns that a package may leave out altogether: status and kind then decide who may be recommended."""


class Row(NamedTuple):
    """One row: the line on which it starts (header = 1) and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A file that was read: its columns in the order of the schema, and the rows that have the right number of cells.

    `complete` is False when some rows could not be read, so that nothing can be said about what the file lacks.
    """

    name: str
    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    complete: bool = True


def read_table(name: str, file: str, path: Path, columns: Sequence[str]) -> tuple[Table | None, list[Finding]]:
    """The table in `path`, None when it cannot be used at all, with what is wrong with the file, which findings call `file`."""
    text = _decode(file, path)
    if isinstance(text, Finding):
        return None, [text]
    lines, findings = _records(file, text)
    if not lines:
        return None, findings or [Finding(file, None, None, "the file is empty", f"write a header: {','.join(columns)}")]
    header = lines[0][1]
    findings += _header(file, header, columns)
    if any(f.row in (None, 1) for f in findings):
        return None, findings
    rows = []
    for line, cells in lines[1:]:
        fault = _row(file, line, cells, header)
        if fault is None:
            by_name = dict(zip(header, cells, strict=True))
            rows.append(Row(line, {column: by_name.get(column, "") for column in columns}))
        else:
            findings.append(fault)
    return Table(name, file, tuple(columns), tuple(rows), complete=not findings), findings


def _decode(file: str, path: Path) -> str | Finding:
    """The text of the file without its byte order mark, or what is wrong with its bytes."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        return Finding(file, None, None, f"the file cannot be read ({error.strerror or 'input error'})", "make it readable")
    if size > MAX_FILE_BYTES:
        return Finding(file, None, None, f"the file has {size:,} bytes", f"at most {MAX_FILE_BYTES:,}: split the territory")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Finding(file, 1, None, "the file is UTF-16, not UTF-8", _UTF8)
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        return Finding(file, line, None, "a NUL byte: the file is damaged, or UTF-16 and not UTF-8", f"remove it, or {_UTF8}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return Finding(file, line, None, "the file is not UTF-8 (perhaps Latin-1 or Windows-1252)", _UTF8)


def _records(file: str, text: str) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    """The records of the file with the line on which each starts; blank lines are left out. Stops at a broken quote."""
    if csv.field_size_limit() < MAX_FILE_BYTES:
        csv.field_size_limit(MAX_FILE_BYTES)  # the limit of the whole process; `_row` has one of its own
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return records, []
        except csv.Error:
            return records, [_broken(file, text, start, reader.line_num)]
        if cells:
            records.append((start, cells))


def _broken(file: str, text: str, start: int, end: int) -> Finding:
    """What is wrong with the quotes of the record that starts on line `start` and that could not be read past line `end`."""
    opened = None
    for number, line in _numbered(text, start, end):
        if line.count('"') % 2:
            opened = None if opened else number
    if end > start or opened:
        return Finding(file, opened or start, None, "a quote opens here and is not closed", 'close it with "; write a quote inside a text as ""')
    return Finding(file, start, None, "text after a closing quote", 'put the whole cell between quotes; write a quote inside a text as ""')


def _numbered(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if number > end:
            return
        if number >= start:
            yield number, line


def _header(file: str, header: Sequence[str], columns: Sequence[str]) -> list[Finding]:
    """Wrong delimiter, or columns that are missing, unknown or there twice."""
    if len(header) == 1 and len(columns) > 1:
        for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if sign in header[0]:
                return [Finding(file, 1, None, f"cells are separated by {name}", "separate them by commas")]
    missing = [column for column in columns if column not in header and column not in OPTIONAL]
    findings = [Finding(file, 1, column, "the column is missing", "add it; write every column, also those without a value") for column in missing]
    hint = f"remove it, or rename it to a missing one: {', '.join(missing)}" if missing else "remove it"
    for number, column in enumerate(header, 1):
        if column not in columns:
            what = f"an unknown column {shown(column)}" if column.strip() else f"column {number} has no name"
            findings.append(Finding(file, 1, column[:60] or None, what, hint))
        elif column in header[: number - 1]:
            findings.append(Finding(file, 1, column, "the column is there twice", "keep one of them"))
    return findings


def _row(file: str, line: int, cells: Sequence[str], header: Sequence[str]) -> Finding | None:
    """A row with too few or too many cells, or with a cell that is too long."""
    for number, cell in enumerate(cells):
        if len(cell) > MAX_CELL:
            column = header[number] if number < len(header) else None
            return Finding(file, line, column, f"a cell of {len(cell):,} characters", f"at most {MAX_CELL:,}: shorten it")
    if len(cells) != len(header):
        found = f"{len(cells)} cells where the header has {len(header)}"
        return Finding(file, line, None, found, "one cell per column; put a text that holds commas between quotes")
    return None
