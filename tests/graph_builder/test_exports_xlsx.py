"""The workbook, read back by openpyxl."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from graph_builder.exports import write_export, xlsx
from graph_builder.exports.plain_text import cleaned
from graph_builder.exports.rows import ENTITY_SHEETS, RELATION_SHEETS
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler
from tests.graph_builder.hostile import NAMES, hostile
from tests.graph_builder.tiny import Info, seed


def exported(snapshot: Snapshot, tmp_path: Path) -> Workbook:
    return load_workbook(write_export("xlsx", snapshot, tmp_path / "out.xlsx").path)


@pytest.fixture(scope="module")
def seed_book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return exported(seed(), tmp_path_factory.mktemp("seed"))


def column(page: Worksheet, name: str) -> list[object]:
    head = [cell.value for cell in page[1]]
    return [row[head.index(name)] for row in page.iter_rows(min_row=2, values_only=True)]


def test_one_sheet_per_kind_and_one_to_read_first(seed_book: Workbook) -> None:
    book = seed_book
    assert book.sheetnames[:4] == ["Lisez-moi - Read me", "Acteurs - Actors", "Projets - Projects", "Compétences - Skills"]
    assert book["Acteurs - Actors"].max_row == 281 and book["Sources - Sources"].max_row == 290
    assert book["Savoir-faire - Offers"].max_row == 622
    text = " ".join(str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell)
    for wanted in ("Nord Franche-Comté", "2026-11-24", "Licence", seed().digest, "Data of", "Données du"):
        assert wanted in text
    assert {str(book.properties.created), str(book.properties.modified)} == {"2026-11-24 00:00:00"}


def test_sheets_are_laid_out_for_people(seed_book: Workbook) -> None:
    for page in seed_book.worksheets[1:]:
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref == page.dimensions
        assert page["A1"].font.bold and page["A1"].fill.fgColor.rgb == "001F3A4D"
        assert 9 <= page.column_dimensions["A"].width <= 60


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    book = exported(hostile(), tmp_path)
    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    page = book["Acteurs - Actors"]
    # XML reads a carriage return as a line feed, and a cell of Excel has no other line ends
    expected = {key: cleaned(name).replace("\r\n", "\n").replace("\r", "\n") for key, name in NAMES.items()}
    assert dict(zip(column(page, "id"), column(page, "name"), strict=True)) == expected
    cells = {cell.value: cell for row in page.iter_rows() for cell in row}
    for key in ("formula", "minus", "at", "plus"):
        assert cells[NAMES[key]].data_type == "s" and cells[NAMES[key]].number_format == "@"
    assert column(page, "lat")[1:3] == [47.3, None]  # controls, formula


def test_addresses_are_links(seed_book: Workbook) -> None:
    page = seed_book["Acteurs - Actors"]
    place = [cell.value for cell in page[1]].index("website")
    sites = [row[place] for row in page.iter_rows(min_row=2) if row[place].value]
    assert len(sites) == 88 and all(cell.hyperlink is not None and cell.hyperlink.target == cell.value for cell in sites)


def test_limits_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filler = Filler()
    for number in range(12):
        record = filler.record(f"tiny/actors/{number:02}")
        filler.attribute(f"a{number:02}", "type", "Organization", record)
        filler.attribute(f"a{number:02}", "description_fr", ("🚄é" * 20_000)[: 40_000 if number else 21_844], record)
    monkeypatch.setattr(xlsx, "MAX_ROWS", 10)
    monkeypatch.setattr(xlsx, "MAX_LINKS", 1)
    page = exported(in_memory(filler.tables(), [Info()]), tmp_path)["Acteurs - Actors"]
    assert page.max_row == 10
    assert column(page, "id")[-1] == "4 lignes de plus dans l'export CSV (actors.csv) / 4 more rows in the CSV export"
    assert column(page, "id")[-2] == "a07"
    texts = [str(text) for text in column(page, "description_fr")]
    assert texts[0] == "🚄é" * 10_922, "32,766 units of UTF-16 fit"
    assert all(len(text.encode("utf-16-le")) // 2 <= 32_767 and text.endswith(xlsx.CUT) for text in texts[1:-1])


def test_rows_that_just_fit_are_all_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 9)
    page = exported(hostile(), tmp_path)["Acteurs - Actors"]
    assert sorted(str(key) for key in column(page, "id")) == sorted(NAMES)


def test_nothing_in_the_file_tells_when_it_was_written(tmp_path: Path) -> None:
    with ZipFile(write_export("xlsx", hostile(), tmp_path / "out.xlsx").path) as book:
        assert {entry.date_time for entry in book.infolist()} == {(2026, 3, 1, 0, 0, 0)}
        assert book.testzip() is None


def test_withheld_facts_are_in_no_sheet(tmp_path: Path) -> None:
    book = exported(hostile(redistribution={"c": "none"}), tmp_path)
    assert "Projets - Projects" not in book.sheetnames
    assert not [cell for page in book for row in page.iter_rows(values_only=True) for cell in row if cell and "source:c" in str(cell)]


def test_the_names_of_sheets_are_whole() -> None:
    titles = [(fr, en) for _, fr, en in ENTITY_SHEETS.values()] + [(sheet.title["fr"], sheet.title["en"]) for sheet in RELATION_SHEETS]
    names = [f"{fr} - {en}" for fr, en in titles]
    assert [name for name in names if len(name) > 31] == [], "Excel allows no more characters"
    assert len(set(names)) == len(names)


def test_the_longest_names_are_in_the_book(seed_book: Workbook) -> None:
    assert {"Sortes d'acteurs - Actor kinds", "Sujets des projets - Topics"} <= set(seed_book.sheetnames)


def test_an_actor_of_elsewhere_is_marked(tmp_path: Path) -> None:
    filler = Filler()
    for actor, outside in (("away", "yes"), ("here", "")):
        record = filler.record(f"tiny/actors/{actor}")
        filler.attribute(actor, "type", "Organization", record)
        filler.attribute(actor, "outside", outside, record)
    page = exported(in_memory(filler.tables(), [Info()]), tmp_path)["Acteurs - Actors"]
    assert column(page, "outside") == ["yes", None]
