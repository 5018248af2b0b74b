"""Keys of one table that stand in another: every one must exist, in list cells too, and nothing may refer to itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_builder.sources.findings import shown
from graph_builder.sources.territory.csv_file import Table
from graph_builder.sources.territory.schema import Schema
from ontology.errors import Finding

LIST_REFERENCES: Mapping[str, str] = {"sectors": "sectors", "skills": "skills", "sources": "sources", "source": "sources"}
"""Columns whose cells list keys, separated by `;`, and the table of these keys."""

SELF = (
    ("relations", "subject", "object"),
    ("actors", "id", "succeeded_by"),
    ("skills", "id", "broader"),
    ("sectors", "id", "broader"),
)
"""Pairs of columns that must differ within a row."""


def dangling(tables: Mapping[str, Table], schemas: Mapping[str, Schema]) -> Iterator[Finding]:
    """Keys that no row of the other table has. Nothing is said about a table that could not be read to its end."""
    for name, table in tables.items():
        for column, (target, key) in _references(name, schemas[name]).items():
            other = tables.get(target)
            if other is None or not other.complete:
                continue
            known = {row.cells[key] for row in other.rows}
            for row in table.rows:
                listed = row.cells[column].split(";") if column in LIST_REFERENCES else [row.cells[column]]
                unknown = [item for item in dict.fromkeys(listed) if item and item not in known]
                if unknown:
                    yield Finding(
                        table.file,
                        row.line,
                        column,
                        f"{shown(';'.join(unknown))} is not in {other.file}",
                        f"add it there (column {key}), or correct it",
                    )
                elif len(set(listed)) < len(listed):
                    yield Finding(table.file, row.line, column, f"the same item twice in {shown(row.cells[column])}", "list each item once")


def _references(name: str, schema: Schema) -> dict[str, tuple[str, str]]:
    """Column -> (table, column) that it refers to: the foreign keys of the schema, and the columns that are lists of keys."""
    found = {}
    for key in schema.get("foreignKeys", []):
        found[key["fields"][0]] = (key["reference"]["resource"] or name, key["reference"]["fields"][0])
    for column in schema["fields"]:
        if column["name"] in LIST_REFERENCES:
            found[column["name"]] = (LIST_REFERENCES[column["name"]], "id")
    return found


def to_itself(tables: Mapping[str, Table]) -> Iterator[Finding]:
    """Rows that relate a thing to itself."""
    for name, one, other in SELF:
        if name in tables:
            for row in tables[name].rows:
                if row.cells[one] and row.cells[one] == row.cells[other]:
                    found = f"{shown(row.cells[one])} is related to itself"
                    yield Finding(tables[name].file, row.line, other, found, "name another one, or remove the row or the cell")


def circles(tables: Mapping[str, Table]) -> Iterator[Finding]:
    """Skills or sectors that are, through others, broader than themselves; each circle once."""
    for name in ("skills", "sectors"):
        if name not in tables:
            continue
        above = {row.cells["id"]: row.cells["broader"] for row in tables[name].rows}
        lines = {row.cells["id"]: row.line for row in tables[name].rows}
        done: set[str] = set()
        for start in above:
            path: dict[str, None] = {}
            here = start
            while here in above and here not in path and here not in done:
                path[here] = None
                here = above[here]
            if here in path and above[here] != here:
                found = f"{shown(here)} is broader than itself, through {shown(above[here])}"
                yield Finding(tables[name].file, lines[here], "broader", found, "a broader term leads up, never round: empty one of these cells")
            done.update(path)


def shared_ids(tables: Mapping[str, Table]) -> Iterator[Finding]:
    """Identifiers that an actor and a project share."""
    if "actors" in tables and "projects" in tables:
        actors = {row.cells["id"]: row.line for row in tables["actors"].rows if row.cells["id"]}
        for row in tables["projects"].rows:
            if row.cells["id"] in actors:
                found = f"{shown(row.cells['id'])} is also an actor ({tables['actors'].file}, line {actors[row.cells['id']]})"
                yield Finding(tables["projects"].file, row.line, "id", found, "give actors and projects different identifiers")
