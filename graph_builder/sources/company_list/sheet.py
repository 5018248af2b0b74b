"""Reading a list that anybody made, CSV or XLSX, row by row within bounded memory: header, rows, and what is wrong with the file."""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from graph_builder.sources.findings import shown
from ontology.errors import Finding

MAX_FILE_BYTES = 50_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 300
MAX_CELL = 100_000

ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15")
"""Encodings that a mapping may name. Without one: UTF-8, UTF-16 with its mark, else Windows-1252 with a warning."""

DELIMITERS = (",", ";", "\t", "|")
SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
"""Endings of the files that are taken for lists; the last three are refused with what to do."""

_HEAD = 64_000
_TITLES = 10
_BLOCK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class SheetRow(NamedTuple):
    """One row: the line on which it starts (the first line of the file is 1) and its cells, one per column."""

    line: int
    cells: tuple[str, ...]


Rows = Iterator[SheetRow | Finding]


@dataclass(frozen=True)
class Sheet:
    """A list that can be read: its file's name, its columns as they are written, the line of the header.

    `rows` starts the reading anew each time; what it cannot read comes as a finding among the rows. `findings` are warnings.
    """

    file: str
    columns: tuple[str, ...]
    line: int
    rows: Callable[[], Rows]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Options:
    """What a mapping may say of the file itself."""

    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None


def is_list(path: Path) -> bool:
    """Whether a path looks like a list: a file with the ending of a table or a workbook."""
    return path.is_file() and path.suffix.lower() in SUFFIXES


def open_sheet(path: Path, options: Options | None = None) -> tuple[Sheet | None, list[Finding]]:
    """The list in `path`, None when it cannot be used at all, and what is wrong with the file; reads the header only."""
    options = options or Options()
    file = path.name
    head = _head(file, path)
    if isinstance(head, Finding):
        return None, [head]
    if head.startswith(b"PK\x03\x04") or path.suffix.lower() in (".xlsx", ".xlsm"):
        from graph_builder.sources.company_list.sheet_xlsx import xlsx_rows

        raw: Callable[[], Rows] | Finding = xlsx_rows(file, path, options.sheet)
        findings: list[Finding] = []
    else:
        raw, findings = _csv(file, path, head, options)
    if isinstance(raw, Finding):
        return None, [raw]
    return _with_header(file, raw, findings)


def error(file: str, found: str, accepted: str, row: int | None = None) -> Finding:
    """An error about a file, or a line of it."""
    return Finding(file, row, None, found, accepted)


def clean(cell: str) -> str:
    """The text of a cell on one line, without control characters and spaces around it."""
    text = cell if cell.isprintable() else "".join(c if c.isprintable() else " " for c in cell)
    return " ".join(text.split())


def _head(file: str, path: Path) -> bytes | Finding:
    """The first bytes of the file, or why it cannot be read as a list."""
    try:
        if not path.is_file():
            found = "it is a folder" if path.is_dir() else "there is no such file"
            return error(file, found, "give a CSV or XLSX file")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            accepted = f"a list may have {MAX_FILE_BYTES // 1_000_000} MB and {MAX_ROWS:,} rows: keep the rows of the territory, or split the file"
            return error(file, f"the file has {size:,} bytes", accepted)
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as fault:
        return error(file, f"the file cannot be read ({fault.strerror or 'input error'})", "make it readable")
    suffix = path.suffix.lower()
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        return error(file, "the file is empty", "give a list with a header line and rows")
    if head.startswith(_OLE) or suffix in (".xls", ".xlsb"):
        return error(file, "an old Excel workbook, a binary one, or one with a password", "save it as XLSX without a password, or as CSV")
    if suffix == ".ods" or (head.startswith(b"PK\x03\x04") and b"opendocument" in head[:200]):
        return error(file, "an OpenDocument spreadsheet", "save it as XLSX or as CSV (UTF-8)")
    return head


# CSV -----------------------------------------------------------------------------------------------------------------


def _csv(file: str, path: Path, head: bytes, options: Options) -> tuple[Callable[[], Rows] | Finding, list[Finding]]:
    encoding, findings = _encoding(file, path, head, options.encoding)
    if encoding is None:
        return findings[0], []
    sample = head.decode(encoding, "replace")
    stated = re.match(r"sep=(.)\r?\n", sample.lstrip("\ufeff"))
    skip = 1 if stated else 0
    delimiter = options.delimiter or (stated.group(1) if stated else _sniff(sample, whole=len(head) < _HEAD))
    return (lambda: _csv_rows(file, path, encoding, delimiter, skip)), findings


def _encoding(file: str, path: Path, head: bytes, stated: str | None) -> tuple[str | None, list[Finding]]:
    """The encoding in which the whole file can be read; None with the fault when there is none."""
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    wanted = marked or stated or "utf-8"
    fault = _undecodable(path, wanted)
    if fault is None:
        return wanted, []
    if isinstance(fault, str):
        return None, [error(file, f"the file cannot be read ({fault})", "make it readable")]
    if fault.nul:
        return None, [error(file, "a NUL byte: the file is damaged, or UTF-16 without its mark", "save it as CSV UTF-8", fault.line)]
    if marked is None and stated is None and _undecodable(path, "windows-1252") is None:
        accepted = "read as Windows-1252; if accents look wrong, save the file as UTF-8 or name its encoding in the mapping"
        return "windows-1252", [Finding(file, fault.line, None, "the file is not UTF-8", accepted, "warning")]
    return None, [error(file, f"bytes that are no {wanted}", "save it as CSV UTF-8, or name its encoding in the mapping", fault.line)]


class _Undecodable(NamedTuple):
    line: int
    nul: bool


def _undecodable(path: Path, encoding: str) -> _Undecodable | str | None:
    """The line of the first bytes that are not in this encoding, or of a NUL; a text when the disk refuses; None when all is well."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                text = decoder.decode(block)
                if "\0" in text:
                    return _Undecodable(line + text[: text.index("\0")].count("\n"), nul=True)
                line += text.count("\n")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as fault:
        return _Undecodable(line + fault.object[: fault.start].count(b"\n"), nul=False)
    except OSError as fault:
        return fault.strerror or "input error"
    return None


def _sniff(sample: str, *, whole: bool) -> str:
    """The delimiter by which the first rows have most columns in common; a comma when no sign separates anything."""
    lines = sample.splitlines(keepends=True)
    lines = lines if whole or len(lines) < 2 else lines[:-1]
    best, most = ",", 0.0
    for sign in DELIMITERS:
        try:
            widths = [len(row) for row in itertools.islice(csv.reader(lines, delimiter=sign), 50) if row]
        except csv.Error:
            continue
        width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
        score = (width - 1) * times / max(1, len(widths))
        if score > most:
            best, most = sign, score
    return best


def _csv_rows(file: str, path: Path, encoding: str, delimiter: str, skip: int) -> Rows:
    """Every row that is not blank; stops at a fault after which nothing could be read rightly."""
    start = skip + 1
    try:
        with path.open(encoding=encoding, newline="") as stream:
            for _ in range(skip):
                next(stream)
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            try:
                for cells in reader:
                    if any(cell.strip() for cell in cells):
                        yield SheetRow(start, tuple(cells))
                    start = skip + reader.line_num + 1
            except csv.Error as fault:
                what = "a quote that is not closed, or text after a closing quote" if "limit" not in str(fault) else "a cell that is too long"
                yield error(file, what, 'close each quote; write a quote inside a text as ""', start)
    except (OSError, UnicodeDecodeError) as fault:
        yield error(file, f"the file cannot be read to its end ({type(fault).__name__})", "copy it again and keep it still while it is read")


# header and shape ----------------------------------------------------------------------------------------------------


def _with_header(file: str, raw: Callable[[], Rows], findings: list[Finding]) -> tuple[Sheet | None, list[Finding]]:
    """The sheet below its header; lines above it that have one cell are a title, which is told."""
    first: list[SheetRow] = []
    for row in itertools.islice(raw(), _TITLES):
        if isinstance(row, Finding):
            if not first:
                return None, [row]
            break
        first.append(row)
    if not first:
        return None, [*findings, error(file, "the file is empty", "give a list with a header line and rows")]
    header = next((row for row in first if _filled(row.cells) > 1), first[0])
    if header is not first[0]:
        accepted = f"the columns are read from line {header.line}"
        findings.append(Finding(file, first[0].line, None, f"a title above the columns: {shown(first[0].cells[0])}", accepted, "warning"))
    columns = _names(header.cells)
    if len(columns) > MAX_COLUMNS:
        return None, [error(file, f"{len(columns)} columns", f"at most {MAX_COLUMNS}: remove those that are not needed", header.line)]
    return Sheet(file, columns, header.line, lambda: _shaped(file, raw(), columns, header.line), tuple(findings)), findings


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns up to the last that has one; a column without a name is called by its number."""
    names = [clean(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(name or f"(column {number})" for number, name in enumerate(names, 1))


def _shaped(file: str, raw: Rows, columns: Sequence[str], header: int) -> Rows:
    """The rows below the header, each with as many cells as there are columns; what has another shape as a finding."""
    width, count = len(columns), 0
    for row in raw:
        if isinstance(row, Finding) or row.line > header:
            count += 1
            if count > MAX_ROWS:
                yield error(file, f"more than {MAX_ROWS:,} rows", "keep the rows of the territory, or split the file")
                return
            yield row if isinstance(row, Finding) else _fitted(file, row, columns, width)


def _fitted(file: str, row: SheetRow, columns: Sequence[str], width: int) -> SheetRow | Finding:
    cells = row.cells
    if len(cells) < width or _filled(cells[width:]):
        found = f"{len(cells)} cells where the header has {width}"
        return error(file, found, "one cell per column; put a text that holds the separator between quotes", row.line)
    for column, cell in zip(columns, cells, strict=False):
        if len(cell) > MAX_CELL:
            return Finding(file, row.line, column, f"a cell of {len(cell):,} characters", f"at most {MAX_CELL:,}: shorten it")
    return SheetRow(row.line, tuple(clean(cell) for cell in cells[:width]))
