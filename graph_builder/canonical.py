"""One form for the tables of a build: statement ids, sorted rows without repetition, and the digest of the whole.

Two inputs that say the same have the same ids and the same digest, whatever the order of their rows and columns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.tables import ATTRIBUTES, RECORDS, RELATIONS, Tables
from ontology.errors import InputError

FORMAT = 2
"""Version of the layout on disk; it enters the digest."""

STATEMENT_BYTES = 16


class PackageLike(Protocol):
    """What a build keeps of a source: who it is and when its data were fixed."""

    @property
    def name(self) -> str:
        """Identifier of the package."""

    @property
    def title_fr(self) -> str:
        """Title in French."""

    @property
    def title_en(self) -> str:
        """Title in English."""

    @property
    def created(self) -> date:
        """Day at which the data were fixed; the newest one gives the reference year."""

    @property
    def version(self) -> str:
        """Version as the package states it."""

    @property
    def licences(self) -> str:
        """Licences and attributions as the package states them, "" when it states none."""


class PackageEntry(TypedDict):
    """A package as the manifest shows it; `created` is an ISO date."""

    name: str
    title_fr: str
    title_en: str
    created: str
    version: str
    licences: str


def package_entries(packages: Sequence[PackageLike]) -> tuple[PackageEntry, ...]:
    """The packages as plain entries, sorted by name."""
    entries = [
        PackageEntry(name=p.name, title_fr=p.title_fr, title_en=p.title_en, created=p.created.isoformat(), version=p.version, licences=p.licences)
        for p in packages
    ]
    return tuple(sorted(entries, key=lambda e: (e["name"], e["created"], e["version"])))


def canonical(tables: Tables) -> Tables:
    """The tables in canonical form: columns in schema order, a first column `statement` in the facts, rows sorted, repetitions collapsed.

    Facts are sorted by predicate, subject, value or object, statement. Raises InputError when a fact cites a record that
    is not there, when a record key stands for two different records, or when a required cell is empty.
    """
    records = _records(_in_order(tables.records, RECORDS, "records"))
    attributes = _in_order(tables.attributes, ATTRIBUTES, "attributes")
    relations = _in_order(tables.relations, RELATIONS, "relations")
    pairs = [sorted(set(row or ())) for row in relations["qualifiers"].to_pylist()]
    relations = _with_column(relations, "qualifiers", pa.array(pairs, type=RELATIONS.field("qualifiers").type))
    written = pa.array([_netstring([text for pair in row for text in pair]) for row in pairs], type=pa.string())
    attribute_ids = _hashes(b"attribute", [attributes[name] for name in ATTRIBUTES.names])
    relation_ids = _hashes(b"relation", [written if name == "qualifiers" else relations[name] for name in RELATIONS.names])
    for table, kind in ((attributes, "attribute"), (relations, "relation")):
        _refuse_orphans(table, records, kind)
    return Tables(records, _facts(attributes, attribute_ids, "value"), _facts(relations, relation_ids, "object"))


def digest(tables: Tables, packages: Sequence[PackageEntry]) -> str:
    """Identity of a build, 32 hex characters: SHA-256 of the canonical rows (no locator, no retrieved), the packages and the format."""
    hasher = hashlib.sha256()
    parameters = {"format": FORMAT, "packages": list(packages)}
    hasher.update(json.dumps(parameters, sort_keys=True, ensure_ascii=False).encode())
    columns = {
        "records": _record_texts(tables.records),
        "attributes": tables.attributes["statement"].to_pylist(),
        "relations": tables.relations["statement"].to_pylist(),
    }
    for name, texts in columns.items():
        hasher.update(f"\n{name} {len(texts)}\n".encode())
        for text in texts:
            hasher.update(text.encode() + b"\n")
    return hasher.hexdigest()[:32]


def _in_order(table: pa.Table, schema: pa.Schema, name: str) -> pa.Table:
    """The table with the columns of the schema, in that order; refuses other columns and empty required cells."""
    if sorted(table.column_names) != sorted(schema.names):
        raise InputError(f"the table {name!r} has the columns {table.column_names}; a source must yield {schema.names}")
    for field in schema:
        if not field.nullable and table[field.name].null_count:
            raise InputError(f"{table[field.name].null_count} rows of {name!r} have no {field.name}; every row needs one")
    return table.select(schema.names).cast(schema).combine_chunks()


def _records(table: pa.Table) -> pa.Table:
    """The records sorted by key, each once; the first locator in alphabetical order stays."""
    sources = [sorted(set(row or ())) for row in table["sources"].to_pylist()]
    table = _with_column(table, "sources", pa.array(sources, type=RECORDS.field("sources").type))
    table = table.sort_by([("record", "ascending"), ("locator", "ascending"), ("retrieved", "ascending")])
    keys, texts = table["record"].to_pylist(), _record_texts(table)
    first = [i for i, key in enumerate(keys) if i == 0 or key != keys[i - 1]]
    for i, key in enumerate(keys):
        if i and key == keys[i - 1] and texts[i] != texts[i - 1]:
            raise InputError(f"the record {key!r} stands twice with different sources or dates; give each row of a source its own key")
    return table.take(pa.array(first, type=pa.int64()))


def _record_texts(records: pa.Table) -> list[str]:
    columns = (records[name].to_pylist() for name in ("record", "published", "sources"))
    return [_netstring([key, published or "", *sources]) for key, published, sources in zip(*columns, strict=True)]


def _netstring(texts: Sequence[str]) -> str:
    """The texts joined so that no two lists read the same."""
    return ",".join(f"{len(text)}:{text}" for text in texts)


def _hashes(kind: bytes, columns: Sequence[pa.ChunkedArray | pa.Array]) -> list[str]:
    """One hash per row; an absent cell differs from every text."""
    parts = []
    for column in columns:
        size = pc.cast(pc.utf8_length(column), pa.string())
        parts.append(pc.fill_null(pc.binary_join_element_wise(size, column, ":"), "-"))
    rows = pc.binary_join_element_wise(*parts, ",").to_pylist()
    return [hashlib.blake2b(row.encode(), digest_size=STATEMENT_BYTES, person=kind).hexdigest() for row in rows]


def _facts(table: pa.Table, statements: Sequence[str], target: str) -> pa.Table:
    """The facts with their ids, sorted, each once."""
    column = pa.array(statements, type=pa.string())
    table = table.add_column(0, pa.field("statement", pa.string(), nullable=False), column)
    table = table.sort_by([(name, "ascending") for name in ("predicate", "subject", target, "statement")])
    ids = np.asarray(table["statement"].to_pylist(), dtype=object)
    fresh = np.ones(len(ids), dtype=bool)
    fresh[1:] = ids[1:] != ids[:-1]
    return table.filter(pa.array(fresh)).combine_chunks()


def _refuse_orphans(table: pa.Table, records: pa.Table, kind: str) -> None:
    orphans = table.filter(pc.invert(pc.is_in(table["record"], value_set=records["record"].combine_chunks())))
    if orphans.num_rows:
        row = orphans.slice(0, 1).to_pylist()[0]
        raise InputError(
            f"{orphans.num_rows} rows of kind {kind!r} cite a record that the source does not have, "
            f"first {row['record']!r} ({row['subject']} {row['predicate']}); add the record or drop the fact"
        )


def _with_column(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    position = table.column_names.index(name)
    return table.set_column(position, table.schema.field(name), column)
