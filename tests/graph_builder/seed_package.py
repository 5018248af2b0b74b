"""Copies of the seed territory, and ways to change them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

SEED = Path(__file__).parents[2] / "data_seeds" / "nord-franche-comte"

Cells = list[list[str]]


def copy_seed(to: Path) -> Path:
    """A copy of the seed package in the new folder `to`."""
    return Path(shutil.copytree(SEED, to))


def read_csv(path: Path) -> Cells:
    """Every row of a CSV file, header first."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_csv(path: Path, rows: Cells) -> None:
    """Write rows as a CSV file with LF line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def edit(path: Path, change: Callable[[Cells], object]) -> None:
    """Change the rows of a CSV file in place."""
    rows = read_csv(path)
    change(rows)
    write_csv(path, rows)


def set_cell(path: Path, line: int, column: str, value: str) -> None:
    """Write `value` in one cell; `line` as findings count (header = 1)."""

    def change(rows: Cells) -> None:
        rows[line - 1][rows[0].index(column)] = value

    edit(path, change)


def get_cell(path: Path, line: int, column: str) -> str:
    """The text of one cell."""
    rows = read_csv(path)
    return rows[line - 1][rows[0].index(column)]
