"""Rows of an XLSX workbook: sizes and entity declarations are checked before openpyxl opens it; macros and formulas never run."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from xml.etree.ElementTree import ParseError

from graph_builder.sources.company_list.sheet import MAX_COLUMNS, Rows, SheetRow, error
from graph_builder.sources.findings import shown
from ontology.errors import Finding

MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 200
"""How many times larger than its packed form a part may be; real sheets reach 10 to 50, a bomb 1,000."""

MAX_PARTS = 5_000
LAST_LINE = 1_048_576
_SMALL = 1_000_000
_FORMULA_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    AttributeError,
    IndexError,
    KeyError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What openpyxl and zipfile raise on a workbook that is damaged or was not made by a spreadsheet."""


class _Worksheet(Protocol):
    """The part of openpyxl's read-only worksheet that is used here."""

    def iter_rows(self, *, min_row: int, max_row: int, min_col: int, max_col: int, values_only: bool) -> Iterator[tuple[object, ...]]: ...


def xlsx_rows(file: str, path: Path, sheet: str | None = None) -> Callable[[], Rows] | Finding:
    """A function that reads the rows of the named sheet, the first without a name; or why the workbook is refused."""
    try:
        fault = _fault(file, path)
        if fault is not None:
            return fault
        names = _sheets(path)
    except OSError as refused:
        return error(file, f"the file cannot be read ({refused.strerror or 'input error'})", "make it readable")
    except _BROKEN as broken:
        return _damaged(file, broken)
    if not names:
        return error(file, "a workbook without a sheet of cells", "save the list as a sheet of an XLSX workbook, or as CSV")
    if sheet is not None and sheet not in names:
        return error(file, f"no sheet called {shown(sheet)}", f"name one of: {', '.join(names[:20])}")
    return lambda: _rows(file, path, sheet or names[0])


def _damaged(file: str, fault: Exception, line: int | None = None) -> Finding:
    return error(file, f"the workbook is damaged, or no XLSX ({type(fault).__name__})", "open it in a spreadsheet and save it again as XLSX", line)


def _fault(file: str, path: Path) -> Finding | None:
    """Why the archive is not opened: what it would unpack to, what it declares. Nothing is unpacked but the start of each part."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        total = sum(part.file_size for part in parts)
        if total > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS:
            found = f"{len(parts):,} parts that unpack to {total:,} bytes"
            return error(
                file, found, f"at most {MAX_UNPACKED_BYTES // 1_000_000} MB in {MAX_PARTS:,} parts: keep the rows of the territory, or save as CSV"
            )
        for part in parts:
            if part.file_size > _SMALL and part.file_size > MAX_RATIO * max(1, part.compress_size):
                found = f"{shown(part.filename)} unpacks to more than {MAX_RATIO} times its size"
                return error(file, found, "a spreadsheet does not do this: save the list again from where it came, or as CSV")
            if part.flag_bits & 1:
                return error(file, "a workbook with a password", "save it without a password")
            if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                with archive.open(part) as stream:
                    try:
                        next(iterparse(stream, events=("start",), forbid_dtd=True), None)
                    except DefusedXmlException:
                        found = f"{shown(part.filename)} declares a document type or entities"
                        return error(file, found, "a spreadsheet does not do this: save the list again from where it came")
        if "xl/workbook.xml" not in archive.namelist():
            return error(file, "an archive that is no XLSX workbook", "give a CSV or XLSX file")
    return None


def _sheets(path: Path) -> list[str]:
    import openpyxl

    with path.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        return [sheet.title for sheet in book.worksheets]


def _rows(file: str, path: Path, sheet: str) -> Rows:
    import openpyxl

    line = 0
    try:
        with path.open("rb") as stream:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            chosen: _Worksheet = book[sheet]
            for line, cells in _values(chosen):
                yield SheetRow(line, cells)
    except OSError as refused:
        yield error(file, f"the file cannot be read ({refused.strerror or 'input error'})", "make it readable")
    except _BROKEN as broken:
        yield _damaged(file, broken, line + 1)


def _values(sheet: _Worksheet) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line and texts of every row that is not blank, all as wide as the widest of the first lines, or the row itself where it is wider.

    Both bounds are given each time, so that the size that a workbook claims decides nothing.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first = [_texts(row) for row in sheet.iter_rows(min_row=1, max_row=20, min_col=1, max_col=MAX_COLUMNS + 1, values_only=True)]
    width = max((len(texts) for texts in first), default=0)
    rows = iter(sheet.iter_rows(min_row=1, max_row=LAST_LINE, min_col=1, max_col=width + 1, values_only=True))
    line = 0
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            row = next(rows, None)
        if row is None:
            return
        line += 1
        texts = _texts(row)
        if texts:
            yield line, texts + ("",) * (width - len(texts))


def _texts(row: Sequence[object]) -> tuple[str, ...]:
    """The cells as texts, without the empty ones at the end."""
    texts = [_text(value) for value in row]
    while texts and not texts[-1].strip():
        texts.pop()
    return tuple(texts)


def _text(value: object) -> str:
    """A cell as a person would type it: whole numbers without a point, dates as 2026-11-24, formula errors as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return "" if text in _FORMULA_ERRORS else text
