"""A territory as a Frictionless data package: a folder with datapackage.json and fourteen CSV tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from graph_builder.sources.descriptor import Descriptor, read_descriptor
from graph_builder.sources.findings import capped, refusal
from graph_builder.sources.source import PackageInfo
from graph_builder.sources.territory.checks import CHECKS, doubtful
from graph_builder.sources.territory.csv_file import Table, read_table
from graph_builder.sources.territory.entities import ENTITY_TABLES, add_entities, add_inference_sources
from graph_builder.sources.territory.facts import Facts
from graph_builder.sources.territory.references import circles, dangling, shared_ids, to_itself
from graph_builder.sources.territory.relations import RELATION_TABLES, add_relations
from graph_builder.sources.territory.schema import column_names, territory_schemas
from graph_builder.sources.territory.schema_check import check_schema, spaces
from graph_builder.tables import Tables
from ontology.errors import Finding, Severity

NOT_EMPTY = frozenset({"actors", "kinds", "sources"})
"""Tables without which there is no territory; any other may have a header alone, which is a warning."""


class TerritoryPackage:
    """The territory package in `folder`. Each call reads the folder anew, so that a corrected file is seen."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @property
    def name(self) -> str:
        """Name of the package; that of its folder when datapackage.json cannot be read."""
        info = self._descriptor().info
        return info.name if info else self.folder.name

    @property
    def info(self) -> PackageInfo:
        """What datapackage.json says of the package; raises InputError when it cannot be read."""
        descriptor = self._descriptor()
        if descriptor.info is None:
            raise refusal(self.folder, descriptor.findings)
        return descriptor.info

    def validate(self) -> list[Finding]:
        """Everything that is wrong or doubtful, by file and row; no finding of severity `error` means that it can be used."""
        return self._checked()[2]

    def tables(self) -> Tables:
        """The package as records, attributes and relations; raises InputError with all findings when one is an error."""
        info, tables, findings = self._checked()
        if info is None or any(f.severity == "error" for f in findings):
            raise refusal(self.folder, findings)
        return facts_of(info.name, tables)[0]

    def _descriptor(self) -> Descriptor:
        return read_descriptor(self.folder, tuple(territory_schemas()))

    def _checked(self) -> tuple[PackageInfo | None, Mapping[str, Table], list[Finding]]:
        """The package's information, the tables that could be read, and every finding."""
        descriptor = self._descriptor()
        findings, tables = list(descriptor.findings), dict[str, Table]()
        for name, path in descriptor.files.items():
            table, faults = read_table(name, path.relative_to(self.folder).as_posix(), path, column_names(territory_schemas()[name]))
            findings += faults
            if table is not None:
                tables[name] = table
        created = descriptor.info.created if descriptor.info else None
        findings += [*_only_header(tables), *_faults(tables), *doubtful(tables, created)]
        return descriptor.info, tables, capped(findings)


def _only_header(tables: Mapping[str, Table]) -> Iterator[Finding]:
    for name, table in tables.items():
        if not table.rows:
            severity: Severity = "error" if name in NOT_EMPTY else "warning"
            accepted = "add rows" if name in NOT_EMPTY else "add rows if the territory has any"
            yield Finding(table.file, None, None, "the file has a header and no rows", accepted, severity)


def _faults(tables: Mapping[str, Table]) -> list[Finding]:
    """Faults of cells, then of references and of the domain; one finding per cell, the first."""
    schemas = territory_schemas()
    found: list[Finding] = []
    for name, table in tables.items():
        found += [*check_schema(table, schemas[name]), *spaces(table, schemas[name])]
    found += [*dangling(tables, schemas), *to_itself(tables), *circles(tables), *shared_ids(tables)]
    for check in CHECKS:
        found += check(tables)
    first: dict[tuple[str, int | None, str | None], Finding] = {}
    for finding in found:
        first.setdefault((finding.file, finding.row, finding.column), finding)
    return list(first.values())


def facts_of(package: str, tables: Mapping[str, Table]) -> tuple[Tables, frozenset[tuple[str, str]]]:
    """Checked tables as facts, and the (table, column) pairs that no fact was made of, of which there should be none."""
    facts = Facts(package, tables)
    for name in ENTITY_TABLES:
        add_entities(facts, name)
    for name in RELATION_TABLES:
        add_relations(facts, name)
    add_inference_sources(facts)
    return facts.fill.tables(), frozenset(facts.unread)
