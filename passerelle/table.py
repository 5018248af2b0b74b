"""A table as CSV bytes that a French spreadsheet opens without a question."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _cell(value: object) -> object:
    """The value; a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def csv_bytes(rows: Sequence[Mapping[str, object]]) -> bytes:
    """The rows as CSV: UTF-8 with a byte order mark, semicolons, CRLF, the keys of the first row as header.

    The mark and the semicolon are what Excel expects in French; other tools read them too. None becomes an empty
    cell. Raises ValueError when a row has a key that the first one lacks. No rows: only the mark.
    Source: OWASP, CSV injection, for the neutralised first characters.
    """
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), delimiter=";", lineterminator="\r\n")
        writer.writerow({name: _cell(name) for name in rows[0]})
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")
