"""One CORDIS file as an Arrow table of text columns: semicolons, quotes, UTF-8, columns by name in any order, and what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from graph_builder.sources.cordis.layout import File
from graph_builder.sources.findings import shown
from ontology.errors import Finding

LINE = "line"
"""The column that tells on which line of the file a row starts (header = 1); null where it cannot be told."""

_BLOCK = 1 << 23
_OTHER_SIGNS = ((",", "commas"), ("\t", "tabs"), ("|", "bars"))
_UTF8 = "take the UTF-8 file from cordis.europa.eu, unchanged"


def read_rows(file: str, content: bytes, layout: File) -> tuple[pa.Table | None, list[Finding]]:
    """The used columns of a file, trimmed, "" where a column or a value is absent, and `line`; None with findings when it cannot be used."""
    fault = _bytes_fault(file, content)
    if fault is not None:
        return None, [fault]
    header = _header(content)
    findings = _header_faults(file, header, layout)
    if findings:
        return None, findings
    try:
        table = _parse(content, header)
    except pa.ArrowInvalid as error:
        return None, [_diagnose(file, content, header, str(error))]
    if content.count(b'"') % 2:
        return None, [_diagnose(file, content, header, "")]
    if not table.num_rows and layout.needed:
        return None, [Finding(file, None, None, "the file has a header and no rows", "give the file with its rows")]
    return _used(table, layout, content), []


def _bytes_fault(file: str, content: bytes) -> Finding | None:
    if not content.strip():
        return Finding(file, None, None, "the file is empty", "give the file with its header and rows")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Finding(file, 1, None, "the file is UTF-16, not UTF-8", _UTF8)
    if b"\0" in content:
        return Finding(file, content[: content.index(b"\0")].count(b"\n") + 1, None, "a NUL byte: the file is damaged", "download it again")
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return Finding(file, content[: error.start].count(b"\n") + 1, None, "the bytes are not UTF-8", _UTF8)
    return None


def _header(content: bytes) -> list[str]:
    line = content[: content.find(b"\n") + 1 or None].decode("utf-8-sig").strip()
    return next(csv.reader([line], delimiter=";"), [])


def _header_faults(file: str, header: Sequence[str], layout: File) -> list[Finding]:
    """Another delimiter, columns that are missing, or one that is used and there twice."""
    if len(header) == 1:
        for sign, name in _OTHER_SIGNS:
            if sign in header[0]:
                return [Finding(file, 1, None, f"cells are separated by {name}", "semicolons, as in the CSV downloads of CORDIS")]
    missing = [column for column in layout.required if column not in header]
    if missing:
        found = f"the columns {', '.join(missing)} are missing" if len(missing) > 1 else f"the column {missing[0]} is missing"
        has = ", ".join(header[:6])
        return [Finding(file, 1, None, found, f"the layout of CORDIS since Horizon 2020; this file has {shown(has)}")]
    twice = [column for column in layout.columns if list(header).count(column) > 1]
    return [Finding(file, 1, column, "the column is there twice", "keep one of them") for column in twice]


def _parse(content: bytes, header: Sequence[str]) -> pa.Table:
    names = [f"{number}" for number in range(len(header))]
    return arrow_csv.read_csv(
        pa.BufferReader(content),
        read_options=arrow_csv.ReadOptions(block_size=_BLOCK, column_names=names, skip_rows=1),
        parse_options=arrow_csv.ParseOptions(delimiter=";", newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )


def _used(table: pa.Table, layout: File, content: bytes) -> pa.Table:
    header = _header(content)
    columns = {}
    for name in layout.columns:
        if name in header:
            columns[name] = pc.utf8_trim_whitespace(table.column(header.index(name)).combine_chunks())
        else:
            columns[name] = pa.repeat("", table.num_rows)
    return pa.table({**columns, LINE: _lines(table, content)})


def _lines(table: pa.Table, content: bytes) -> pa.Array:
    """The line on which each row starts: the lines before it, and the line breaks inside their cells; null when the count does not add up."""
    breaks = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        breaks += pc.count_substring(column, "\n").to_numpy()
    starts = 2 + np.arange(table.num_rows) + np.concatenate(([0], np.cumsum(breaks)[:-1])) if table.num_rows else np.zeros(0, dtype=np.int64)
    total = content.rstrip(b"\r\n").count(b"\n")
    if int(breaks.sum()) + table.num_rows != total:
        return pa.nulls(table.num_rows, pa.int64())
    return pa.array(starts, type=pa.int64())


def _diagnose(file: str, content: bytes, header: Sequence[str], reason: str) -> Finding:
    """Where the file stops making sense, found with a slow and strict reader."""
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
    start = 1
    try:
        for cells in reader:
            if cells and len(cells) != len(header):
                found = f"{len(cells)} cells where the header has {len(header)}, or a quote that is not closed before"
                return Finding(file, start, None, found, "download the file again")
            start = reader.line_num + 1
    except csv.Error:
        return Finding(file, start, None, "a quote that opens here is not closed, or text follows a closing quote", "download the file again")
    found = f"the file cannot be read ({shown(reason)[1:-1]})" if reason else "a quote is not closed"
    return Finding(file, None, None, found, "download the file again")
