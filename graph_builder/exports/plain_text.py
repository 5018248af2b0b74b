"""Texts that a file format cannot hold as they are: control characters, and cells that a spreadsheet would run as formulas."""

from __future__ import annotations

import re

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 forbids, section 2.2 (surrogates cannot stand in a snapshot, which is UTF-8)."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters of a cell that a spreadsheet may run as a formula. Source: OWASP, CSV injection."""


def cleaned(text: str) -> str:
    """The text without control characters; tabs and line ends stay."""
    return CONTROL.sub("", text)


def controls(text: str) -> int:
    """How many characters `cleaned` takes out."""
    return len(CONTROL.findall(text))


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may run this cell when it is not told that it is text."""
    return text.startswith(FORMULA)


def safe_cell(text: str) -> str:
    """The text for a CSV that people open in a spreadsheet: an apostrophe goes before what would be run as a formula."""
    return f"'{text}" if is_formula(text) else text
