"""`passerelle import`: bring a list of companies (or any file of a known format) into the graph, after a look at how it is read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import Finding, QueryError
from passerelle import cli, documents
from passerelle.commands import decisions
from passerelle.documents import Json

if TYPE_CHECKING:
    from graph_builder.sources.company_list.source import Preview
    from passerelle.stewarding import Decided, Steward

MOST_FINDINGS = 30
"""Findings of a preview that are shown one by one."""
MOST_WARNINGS = 5
"""Warnings of an import that are shown one by one: the preview has them all."""
SHOWN = 5
"""Rows of a list that are shown."""

ROWS: Mapping[str, str] = {
    "persons": "natural persons left out",
    "undisclosed": "publication refused, left out",
    "joined": "joined with another row of the same company",
    "unnamed": "without a name",
    "filtered": "outside the filter",
    "closed": "of the actors, closed",
}
"""What else is told about the rows of a list, in this order."""

PERSONS: Mapping[str, str] = {
    "legal_form_code": "legal form of a sole trader",
    "legal_form_words": "sole trader, in words",
    "no_denomination": "a person's name and no company name",
    "name_pattern": "the name is that of a person",
}
"""Why a row speaks of a natural person."""

_FIRST = ("line", "id", "name", "kind", "naf", "commune")
"""What a row of the preview shows; the rest is in the JSON document."""


def add(p: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    p.add_argument("file", type=Path, metavar="FILE", help="a CSV or XLSX list, or a file of another known format")
    p.add_argument(
        "--map", type=Path, metavar="FILE", dest="mapping", help="mapping in YAML (default: the one beside the list, else guessed columns)"
    )
    p.add_argument("--dry-run", action="store_true", help="show how the list would be read, and change nothing")
    p.add_argument("--show-map", action="store_true", help="print the mapping that would be used, to be corrected and given with --map")


def run(args: argparse.Namespace) -> int:
    """Show how a list would be read, or bring it in and build."""
    steward = decisions.steward(args)
    if args.mapping is not None and not args.mapping.is_file():
        raise QueryError(f"{args.mapping}: no such file; give a mapping in YAML (start from: passerelle import {args.file.name} --show-map)")
    if args.dry_run or args.show_map:
        return _look(args, steward)
    decided = decisions.carried_out(args, lambda: steward.import_file(args.file, args.mapping))
    return cli.output(args, import_document(decided), lambda: import_table(decided, args.file))


def _look(args: argparse.Namespace, steward: Steward) -> int:
    """Show the preview or the mapping; exit code 2 when the list has errors."""
    from graph_builder.sources.company_list.mapping import mapping_yaml
    from graph_builder.sources.findings import refusal
    from passerelle.stewarding import LISTS

    if args.file.suffix.lower() not in LISTS:
        raise QueryError(
            f"{args.file}: only a list ({', '.join(sorted(LISTS))}) has a preview; check this file with: passerelle validate {args.file}"
        )
    seen = steward.preview(args.file, args.mapping)
    faults = [finding for finding in seen.findings if finding.severity == "error"]
    if seen.mapping is None or not (seen.columns or args.show_map):
        raise refusal(args.file, seen.findings)
    if args.json or not args.show_map:
        again = f"passerelle import {args.file}{f' --map {args.mapping}' if args.mapping else ''}"
        cli.output(args, preview_document(seen), lambda: preview_table(seen, again))
    else:
        sys.stdout.write(mapping_yaml(seen.mapping))
        sys.stderr.writelines(f"{finding.line()}\n" for finding in faults)
    return cli.FOUND_FAULTS if faults else 0


def import_document(decided: Decided) -> Json:
    """What `import --json` prints: what `build` does, the decision, and what became of the rows of a list."""
    seen = decided.seen
    return {
        **documents.build_document(decided.report),
        "name": str(decided.entry.payload["name"]),
        "entry": decided.entry.id,
        "again": decided.again,
        "rows": dict(seen.counts or {}) if seen else None,
        "persons": dict(seen.persons or {}) if seen else None,
    }


def import_table(decided: Decided, file: Path) -> str:
    """What an import did, for a person."""
    report, entry, seen = decided.report, decided.entry, decided.seen
    name = str(entry.payload["name"])
    done = "is in the graph already" if decided.again else "is in the graph"
    lines = [f"{file.name} {done} as {name!r}: decision {entry.id} (take it back: passerelle undo {entry.id})"]
    lines += [f"  {line}" for line in _rows(seen)] if seen else []
    lines.append(f"  {decisions.outcome(report)}")
    warnings = [finding for finding in report.warnings if finding.file in (file.name, name)]
    lines += [f"  {line}" for line in _some(warnings, MOST_WARNINGS, f"passerelle import {file} --dry-run" if seen else "--json")]
    return "\n".join(lines)


def preview_document(seen: Preview) -> Json:
    """What `import --dry-run --json` and `import --show-map --json` print."""
    from graph_builder.sources.company_list.mapping import mapping_yaml

    return {
        "file": seen.file,
        "name": seen.mapping.name if seen.mapping else None,
        "mapping": mapping_yaml(seen.mapping) if seen.mapping else None,
        "columns": [
            {"field": c.field, "column": c.column, "confidence": c.confidence, "why": {"fr": c.why_fr, "en": c.why_en}} for c in seen.columns
        ],
        "unread": list(seen.unread),
        "personal": list(seen.personal),
        "rows": dict(seen.counts or {}),
        "persons": dict(seen.persons or {}),
        "first": [dict(row) for row in seen.rows],
        "findings": [documents.finding(finding) for finding in seen.findings],
    }


def preview_table(seen: Preview, again: str) -> str:
    """The preview for a person: columns, what becomes of the rows, the first of them, what is doubtful, and the command that brings it in."""
    lines = [f"{seen.file}: how it would be read; nothing was changed", "columns"]
    for field, columns in groupby(seen.columns, key=lambda column: column.field):
        found = list(columns)
        lines.append(
            f"  {field:<14} <- {', '.join(c.column for c in found)}  ({'; '.join(dict.fromkeys(f'{c.why_en}, {c.confidence}' for c in found))})"
        )
    if seen.unread:
        lines.append(f"  not read: {', '.join(seen.unread)}")
    if seen.personal:
        lines.append(f"  about persons, never read: {', '.join(seen.personal)}")
    lines += ["rows", *(f"  {line}" for line in _rows(seen))]
    if seen.rows:
        lines += ["first actors", *(f"  {line}" for line in _columns([[row.get(key, "") for key in _FIRST] for row in seen.rows[:SHOWN]]))]
    if seen.findings:
        ordered = sorted(seen.findings, key=lambda finding: finding.severity != "error")
        lines += ["findings", *(f"  {line}" for line in _some(ordered, MOST_FINDINGS, "--json"))]
    if all(finding.severity != "error" for finding in seen.findings):
        lines.append(f"Bring it in: {again}")
    return "\n".join(lines)


def _rows(seen: Preview) -> Iterator[str]:
    """What becomes of the rows, and why some speak of persons."""
    counts = seen.counts or {}
    rows, actors = counts.get("rows", 0), counts.get("actors", 0)
    told = [f"; {words}: {counts[name]:,}" for name, words in ROWS.items() if counts.get(name)]
    yield f"{rows:,} row{'' if rows == 1 else 's'}: {actors:,} actor{'' if actors == 1 else 's'}{''.join(told)}"
    if seen.persons:
        yield "natural persons: " + ", ".join(f"{PERSONS.get(reason, reason)} ({n})" for reason, n in seen.persons.items())


def _some(found: Sequence[Finding], most: int, where: str) -> Iterator[str]:
    """The first findings, one line each, and where the others are."""
    yield from (finding.line() for finding in found[:most])
    if len(found) > most:
        yield f"and {len(found) - most} more; see them all with {where}"


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as columns of equal width; a column that is empty everywhere is left out."""
    used = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(len, column)) for column in used]
    for row in zip(*used, strict=True):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
