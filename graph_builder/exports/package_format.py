"""The exported package: what its files and columns are, for the module that writes it and the one that reads it back.

A folder with `datapackage.json` (Frictionless), which carries a mark with the digest, and three tables that hold every fact exactly:
`records.csv`, `attributes.csv` and `relations.csv`. Other tables in the folder are for people and are not read back.
"""

from __future__ import annotations

from collections.abc import Mapping

MARK = "passerelle"
"""Key of datapackage.json that tells an exported package from others: format, digest, packages."""

PACKAGE_FORMAT = 1

STATEMENT_TABLES: Mapping[str, tuple[str, ...]] = {
    "records": ("record", "sources", "published", "locator", "retrieved"),
    "attributes": ("statement", "subject", "predicate", "value", "lang", "basis", "confidence", "record"),
    "relations": ("statement", "subject", "predicate", "object", "since", "until", "basis", "confidence", "qualifiers", "record"),
}
"""Columns of the three tables. `sources` is a JSON list, `qualifiers` a JSON object; an empty cell is an empty one, or "not told"."""

REQUIRED = frozenset({"record", "subject", "predicate", "value", "object", "basis", "confidence"})
"""Columns that are never empty."""

JSON_COLUMNS: Mapping[str, str] = {"sources": "array", "qualifiers": "object"}
"""Columns of JSON text, and their Frictionless type."""
