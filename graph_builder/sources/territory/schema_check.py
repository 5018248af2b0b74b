"""What Frictionless finds in the cells of a table, in plain words: values that are needed, closed lists, forms, numbers, keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from graph_builder.sources.findings import shown
from graph_builder.sources.territory.csv_file import Table
from graph_builder.sources.territory.schema import Column, Schema
from ontology.errors import Finding

_WORD = r"[A-Za-z0-9][A-Za-z0-9_.\-]*"
FORMS: Mapping[str, str] = {
    f"^{_WORD}$": "an identifier: letters, digits, _ . and -, without spaces",
    f"^{_WORD}(;{_WORD})*$": "identifiers separated by ; without spaces",
    r"^[0-9][0-9AB][0-9]{3}$": "an INSEE commune code such as 90010",
    r"^\d{4}(-\d{2}(-\d{2})?)?~?$": "a date such as 2019, 2019-09, 2019-09-30 or 2019~",
    r"^\d{4}$": "a year in four digits",
    r"^\d{9}$": "a SIREN number: nine digits without spaces",
    r"^https?://\S+$": "an address that starts with http:// or https://",
    r"^(https?://|urn:)\S+$": "an address that starts with http://, https:// or urn:",
    r"^\d{2}(;\d{2})*$": "NAF divisions of two digits, separated by ;",
    r"^[A-N]\d{4}$": "a ROME code such as M1805",
    r"^[A-Z]{2}$": "a country code of two capital letters, such as FR",
    r"^(\d{2}|2[AB]|97\d)$": "a département code such as 90, 2A or 974",
}
"""The patterns of the schemas, in words."""


def check_schema(table: Table, schema: Schema) -> list[Finding]:
    """Faults of single cells, and keys that are there twice; the order of the columns in the file plays no part."""
    from frictionless import Resource
    from frictionless import Schema as FrictionlessSchema

    if not table.rows:
        return []
    data = [list(table.columns), *([row.cells[column] for column in table.columns] for row in table.rows)]
    # references are checked by `references`, which also knows the cells that are lists
    descriptor = {key: value for key, value in schema.items() if key != "foreignKeys"}
    report = Resource(data=data, schema=FrictionlessSchema.from_descriptor(descriptor)).validate(limit_errors=1_000_000)
    columns = {column["name"]: column for column in schema["fields"]}
    findings: dict[tuple[int, str | None], Finding] = {}
    for number, column, kind, note in report.flatten(["rowNumber", "fieldName", "type", "note"]):
        line = table.rows[number - 2].line if number else None
        if kind == "primary-key":
            found = _duplicate(table, schema, number, note)
        elif column in columns:
            found = _cell(table, number, columns[column], note)
        else:
            found = Finding(table.file, line, column, "an empty or broken row", "remove it, or fill it like the other rows")
        if found is not None:
            findings.setdefault((found.row or 0, found.column), found)
    return list(findings.values())


def _duplicate(table: Table, schema: Schema, number: int, note: str) -> Finding | None:
    """The second row of a key; None when the key is empty, which is told for each of its cells."""
    first = re.search(r"position (\d+)", note)
    if first is None:
        return None
    row, key = table.rows[number - 2], schema["primaryKey"]
    value = shown(" ".join(row.cells[column] for column in key if row.cells[column]))
    found = f"{value} is there already on line {table.rows[int(first[1]) - 2].line}"
    return Finding(table.file, row.line, "+".join(key), found, "each row must differ from the others here: change it or remove one")


def _cell(table: Table, number: int, column: Column, note: str) -> Finding:
    row = table.rows[number - 2]
    broken = re.search(r'constraint "(\w+)"', note)
    accepted = _accepted(column, broken[1] if broken else "type")
    return Finding(table.file, row.line, column["name"], shown(row.cells[column["name"]]), accepted)


def _accepted(column: Column, broken: str) -> str:
    """What the column takes, in words."""
    constraints = column.get("constraints", {})
    if broken == "required":
        return "a value is needed here"
    if broken == "enum":
        return f"one of: {', '.join(constraints['enum'])}"
    if broken == "pattern":
        return f"write {FORMS[form]}" if (form := constraints["pattern"]) in FORMS else _described(column)
    if broken in ("minimum", "maximum"):
        return f"a number from {constraints['minimum']} to {constraints['maximum']}"
    return "a number such as 47.64, with a point" if column["type"] == "number" else _described(column)


def _described(column: Column) -> str:
    """The list of need types, or else the description of the column."""
    choices = re.fullmatch(r"\^\(([a-z_|]+)\)\(;\(\1\)\)\*\$", column.get("constraints", {}).get("pattern", ""))
    if choices:
        return f"one or more of these, separated by ; : {choices[1].replace('|', ', ')}"
    return f"write what the column is for: {column.get('description_en', column['name'])}"


def spaces(table: Table, schema: Schema) -> Iterator[Finding]:
    """Cells of spaces where a value is needed, and spaces or line ends around a value that has a form."""
    for column in schema["fields"]:
        rules = column.get("constraints", {})
        formed = "pattern" in rules or "enum" in rules or column["type"] == "number"
        for row in table.rows:
            cell = row.cells[column["name"]]
            if cell == cell.strip():
                continue
            if not cell.strip() and rules.get("required"):
                yield Finding(table.file, row.line, column["name"], "a cell of spaces", "a value is needed here")
            elif formed:
                yield Finding(table.file, row.line, column["name"], f"spaces around {shown(cell)}", "remove the spaces and line ends around it")
