"""The downloaded table opens in a spreadsheet and runs nothing there."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.table import csv_bytes


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_it_has_what_a_french_spreadsheet_expects() -> None:
    data = csv_bytes([{"Nom": "Société d'été", "Rang": 1}, {"Nom": "a;b", "Rang": None}])
    assert data == '\ufeffNom;Rang\r\nSociété d\'été;1\r\n"a;b";\r\n'.encode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_is_read_as_text(start: str) -> None:
    cell = f"{start}cmd|' /C calc'!A0"
    assert read(csv_bytes([{"Nom": cell}])) == [{"Nom": "'" + cell}]


def test_a_formula_in_a_header_is_read_as_text() -> None:
    assert read(csv_bytes([{"=A1": "x"}])) == [{"'=A1": "x"}]


def test_numbers_stay_numbers() -> None:
    assert csv_bytes([{"km": -3.5}]).endswith(b"-3.5\r\n")


def test_no_rows() -> None:
    assert csv_bytes([]) == b"\xef\xbb\xbf"


def test_a_row_with_another_key_is_refused() -> None:
    with pytest.raises(ValueError, match="b"):
        csv_bytes([{"a": 1}, {"b": 2}])


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
def test_every_text_comes_back(cells: list[str]) -> None:
    back = [row["x"] for row in read(csv_bytes([{"x": cell, "y": "z"} for cell in cells]))]
    assert [text.removeprefix("'") if not cell.startswith("'") else text for text, cell in zip(back, cells, strict=True)] == cells
