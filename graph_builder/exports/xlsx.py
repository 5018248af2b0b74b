"""The graph as one workbook: a sheet to read first, then one per kind of entity and of relation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from graph_builder.exports.about import created, notes, title
from graph_builder.exports.plain_text import cleaned, is_formula
from graph_builder.exports.rows import Sheet, sheets
from graph_builder.normalise import clean_url
from graph_builder.snapshot import Snapshot

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

READ_ME = "Lisez-moi - Read me"
"""Name of the first sheet; Excel allows no slash in it."""

MAX_CHARACTERS = 32_767
MAX_ROWS = 1_048_576
MAX_LINKS = 65_530
"""Limits of a cell (in UTF-16 units), of a sheet, and of the links of a sheet. Source: Microsoft, Excel specifications and limits."""

CUT = " […] coupé ici, le texte entier est dans l'export CSV / cut here, the whole text is in the CSV export"

_FILL, _LINK = "1F3A4D", "0B5394"
_WIDEST, _NARROWEST, _LOOKED_AT = 60, 9, 200


def write_xlsx(snapshot: Snapshot, path: Path) -> None:
    """Write the workbook, dated by its data; the same bytes for the same snapshot. Raises QueryError (no package), OSError."""
    from openpyxl import Workbook

    raw = path.with_name(path.name + ".raw")
    book = Workbook(write_only=True)
    moment = datetime.combine(created(snapshot), time())
    book.properties.title, book.properties.creator = title(snapshot), "Passerelle"
    try:
        _read_me(book, snapshot)
        for sheet in sheets(snapshot):
            _sheet(book, sheet)
        book.save(raw)
        book.properties.created = book.properties.modified = moment
        _settle(raw, path, book, moment)
    finally:
        raw.unlink(missing_ok=True)


def _read_me(book: Workbook, snapshot: Snapshot) -> None:
    from openpyxl.styles import Alignment, Font

    page = book.create_sheet(READ_ME)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 18, 110
    head = _text(page, title(snapshot))
    head.font = Font(bold=True, size=14)
    page.append([head])
    for label, text in notes(snapshot):
        cells = [_text(page, label), _text(page, text)]
        cells[0].font, cells[1].alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        page.append(cells)


def _sheet(book: Workbook, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(f"{sheet.title['fr']} - {sheet.title['en']}")
    rows = min(sheet.count, MAX_ROWS - 1)
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{rows + 1}"
    for number, width in enumerate(_widths(sheet), 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_head(page, column.name) for column in sheet.columns])
    left = MAX_LINKS
    shown = rows if sheet.count <= rows else rows - 1
    for row in islice(sheet.rows(), shown):
        cells: list[SheetCell | float | None] = []
        for column, value in zip(sheet.columns, row, strict=True):
            if not isinstance(value, str):
                cells.append(value)
                continue
            cell = _text(page, value)
            if column.type == "url" and left and clean_url(value) == value:
                _link(cell, value)
                left -= 1
            cells.append(cell)
        page.append(cells)
    if shown < sheet.count:
        more = sheet.count - shown
        page.append([_text(page, f"{more} lignes de plus dans l'export CSV ({sheet.name}.csv) / {more} more rows in the CSV export")])


def _widths(sheet: Sheet) -> Iterator[float]:
    """Widths that fit the header and the first rows, within bounds."""
    longest = [len(column.name) + 3 for column in sheet.columns]
    for row in islice(sheet.rows(), _LOOKED_AT):
        longest = [max(length, len(str(cell or ""))) for length, cell in zip(longest, row, strict=True)]
    return (float(min(max(length, _NARROWEST), _WIDEST)) for length in longest)


# cells ---------------------------------------------------------------------------------------------------------------


def _text(page: WriteOnlyWorksheet, value: str) -> SheetCell:
    """A cell of text, whatever it looks like; what a spreadsheet could take for a formula has the format "text" as well."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(page, _fitting(cleaned(value)))
    cell.data_type = "s"
    if is_formula(value):
        cell.number_format = "@"
    return cell


def _fitting(text: str) -> str:
    """The text, cut with a note where it is longer than a cell may be."""
    if len(text) <= MAX_CHARACTERS // 2 or len(text.encode("utf-16-le")) // 2 <= MAX_CHARACTERS:
        return text
    kept = text.encode("utf-16-le")[: 2 * (MAX_CHARACTERS - len(CUT))]
    return kept.decode("utf-16-le", "ignore") + CUT


def _head(page: WriteOnlyWorksheet, name: str) -> SheetCell:
    from openpyxl.styles import Font, PatternFill

    cell = _text(page, name)
    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=_FILL)
    return cell


def _link(cell: SheetCell, url: str) -> None:
    from openpyxl.styles import Font

    cell.hyperlink = url
    cell.font = Font(color=_LINK, underline="single")


# the file ------------------------------------------------------------------------------------------------------------


def _settle(raw: Path, path: Path, book: Workbook, moment: datetime) -> None:
    """Copy the workbook with the date of its data in the place of every hour at which it was written."""
    from openpyxl.xml.constants import ARC_CORE
    from openpyxl.xml.functions import tostring

    with ZipFile(raw) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = ZipInfo(entry.filename, (max(moment.year, 1980), moment.month, moment.day, 0, 0, 0))
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
            with target.open(info, "w") as out:
                if entry.filename == ARC_CORE:
                    out.write(tostring(book.properties.to_tree()))
                else:
                    with source.open(entry) as content:
                        while block := content.read(1 << 20):
                            out.write(block)
