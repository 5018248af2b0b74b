"""A part of a CORDIS download as a small data package: the organisations of a region, their projects, and all partners in these.

python -m graph_builder.sources.cordis.extract ZIP OUT

writes project.csv, organization.csv and euroSciVoc.csv in the official layout, without the columns that know the future and streets;
and datapackage.json. LICENSE.md and README.md of the package are written by hand.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph_builder.sources.cordis.archive import label, read_files
from graph_builder.sources.cordis.extract_schema import FIELDS_SCHEMA, ORGANIZATION_SCHEMA, PROJECT_SCHEMA, descriptor
from graph_builder.sources.cordis.layout import COUNTRIES, FILES, ORGANIZATION, PROJECT
from graph_builder.sources.cordis.layout import FIELDS as SCIENCE
from graph_builder.sources.cordis.organisations import Focus
from graph_builder.sources.cordis.reading import read_rows
from graph_builder.sources.findings import refusal
from ontology.errors import Finding, PasserelleError, QueryError

FRANCHE_COMTE = Focus("FR", ("FRC2",), ("25", "39", "70", "90"))
"""NUTS 2 region FRC2, and the postcodes of its four departments for rows without NUTS code."""

SCHEMAS: Mapping[str, Mapping[str, object]] = {PROJECT.name: PROJECT_SCHEMA, ORGANIZATION.name: ORGANIZATION_SCHEMA, SCIENCE.name: FIELDS_SCHEMA}


def extract(download: Path, folder: Path, focus: Focus = FRANCHE_COMTE) -> Mapping[str, int]:
    """Write the part of a download that a focus names to `folder`, and return the number of rows of each file.

    Rows keep their order and their text. Raises InputError when the download cannot be used, QueryError when it has nothing there.
    """
    tables = _read(download)
    rows = tables[ORGANIZATION.name]
    projects = rows.filter(pa.array(in_focus(rows, focus)))["projectID"].combine_chunks().unique()
    if not len(projects):
        raise QueryError(f"{download} has no organisation in {focus}; give another download")
    parts = {
        PROJECT.name: _of(tables[PROJECT.name], "id", projects),
        ORGANIZATION.name: _of(rows, "projectID", projects),
        SCIENCE.name: _of(tables[SCIENCE.name], "projectID", projects),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in parts.items():
        _write(folder / name, [field["name"] for field in _fields(name)], table)
    newest = date.fromisoformat(max(parts[PROJECT.name]["ecSignatureDate"].to_pylist()))
    text = json.dumps(descriptor(newest, focus), ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    return {name: table.num_rows for name, table in parts.items()}


def in_focus(rows: pa.Table, focus: Focus) -> NDArray[np.bool_]:
    """Rows of organization.csv that stand in the focus, (n,)."""
    country = pc.index_in(rows["country"], value_set=pa.array([focus.country, *(a for a, b in COUNTRIES.items() if b == focus.country)]))
    here = np.zeros(rows.num_rows, dtype=bool)
    for column, starts in (("nutsCode", focus.nuts), ("postCode", focus.postcodes)):
        for start in starts:
            here |= np.asarray(pc.starts_with(rows[column], start))
    return np.asarray(here & np.asarray(pc.is_valid(country)), dtype=bool)


def _read(download: Path) -> dict[str, pa.Table]:
    content, tables, findings = read_files(download), dict[str, pa.Table](), list[Finding]()
    for file in FILES:
        if file.name not in content:
            findings.append(Finding(label(download, file.name), None, None, "the file is missing", "the full download of Horizon Europe"))
            continue
        table, faults = read_rows(label(download, file.name), content[file.name], file)
        findings += faults
        if table is not None:
            tables[file.name] = table
    if findings:
        raise refusal(download, findings)
    return tables


def _of(table: pa.Table, column: str, projects: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table[column], value_set=projects))


def _fields(name: str) -> Sequence[Mapping[str, str]]:
    fields: Sequence[Mapping[str, str]] = SCHEMAS[name]["fields"]  # type: ignore[assignment]
    return fields


def _write(path: Path, columns: Iterable[str], table: pa.Table) -> None:
    names = list(columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(zip(*(table[name].to_pylist() for name in names), strict=True))


def main(arguments: Sequence[str]) -> int:
    """Run the extraction for Franche-Comté; exit code 0, or 2 with one line on stderr."""
    if len(arguments) != 2:
        sys.stderr.write(f"{(__doc__ or '').splitlines()[2]}\n")
        return 2
    try:
        counts = extract(Path(arguments[0]), Path(arguments[1]))
    except PasserelleError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("".join(f"{name}: {number} rows\n" for name, number in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
