"""The fourteen tables of a territory package: their Frictionless schemas, the same for every territory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict, cast


class Constraints(TypedDict, total=False):
    """What the cells of a column must be."""

    required: bool
    enum: list[str]
    pattern: str
    minimum: float
    maximum: float


class Column(TypedDict):
    """One column."""

    name: str
    type: str
    description_en: NotRequired[str]
    constraints: NotRequired[Constraints]


class Reference(TypedDict):
    """The table and columns that a foreign key points to; resource "" is the table itself."""

    resource: str
    fields: list[str]


class ForeignKey(TypedDict):
    """Columns whose cells are keys of another table."""

    fields: list[str]
    reference: Reference


class Schema(TypedDict):
    """A Frictionless table schema, as far as this product uses it."""

    fields: list[Column]
    primaryKey: list[str]
    foreignKeys: NotRequired[list[ForeignKey]]


@cache
def territory_schemas() -> Mapping[str, Schema]:
    """The schema of each table by name, in a fixed order. The result is shared: not to be changed."""
    text = files("graph_builder.sources.territory").joinpath("tables.json").read_text(encoding="utf-8")
    return {name: cast(Schema, table["schema"]) for name, table in json.loads(text)["tables"].items()}


def column_names(schema: Schema) -> tuple[str, ...]:
    """The columns of a table in the order of its schema."""
    return tuple(column["name"] for column in schema["fields"])
