"""A list of companies, CSV or XLSX, as a source: read by a mapping, or by columns that are guessed and shown in a preview."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from graph_builder.sources.company_list.facts import facts_of
from graph_builder.sources.company_list.guess import ColumnGuess, guess_columns, with_guesses
from graph_builder.sources.company_list.headers import personal
from graph_builder.sources.company_list.mapping import ListMapping, check_columns, mapping_beside, package_name
from graph_builder.sources.company_list.mapping_reader import read_mapping
from graph_builder.sources.company_list.rows import Company, Reading, read_companies
from graph_builder.sources.company_list.sheet import Sheet, SheetRow, open_sheet
from graph_builder.sources.findings import capped, refusal, shown
from graph_builder.sources.source import UNDATED, PackageInfo
from graph_builder.tables import Tables
from ontology.errors import Finding

SAMPLE = 1_000
"""Rows from which columns are guessed."""


@dataclass(frozen=True)
class Preview:
    """How a list will be read, before anything is stored.

    `mapping` is None when the file cannot be used at all. `columns` says what is read as what, and why; `unread` are the other columns,
    `personal` those about persons, which are never read. `rows` are the first actors as they will be described. `counts` says what
    becomes of every row (see `Reading.counts`), `persons` why rows of natural persons are dropped; rows of which publication is
    refused need not be persons, and are counted as `undisclosed`.
    """

    file: str
    mapping: ListMapping | None
    columns: tuple[ColumnGuess, ...] = ()
    unread: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    counts: Mapping[str, int] | None = None
    persons: Mapping[str, int] | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Read:
    mapping: ListMapping | None
    sheet: Sheet | None
    guesses: tuple[ColumnGuess, ...]
    reading: Reading
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


class CompanyList:
    """The list in the file `path`. Each call reads the file anew, so that a corrected one is seen.

    Without a mapping the one beside the file is used (`list.yaml` beside `list.csv`); without that, columns are guessed.
    """

    def __init__(self, path: str | Path, mapping: ListMapping | None = None) -> None:
        self.path = Path(path)
        self._given = mapping

    @property
    def name(self) -> str:
        """Name of the list: that of the mapping, else that of the file."""
        mapping = self._mapping()[0]
        return mapping.name if mapping else package_name(self.path)

    @property
    def info(self) -> PackageInfo:
        """What the mapping says of the list; without a year it is older than any other package."""
        mapping, findings = self._mapping()
        if mapping is None:
            raise refusal(self.path, findings)
        year = mapping.source.year
        title_fr = mapping.title_fr or mapping.source.title or mapping.title_en or self.path.name
        title_en = mapping.title_en or mapping.source.title or title_fr
        return PackageInfo(mapping.name, title_fr, title_en, date(int(year), 1, 1) if year else UNDATED, year, mapping.source.licence)

    def validate(self) -> list[Finding]:
        """Everything that is wrong or doubtful; no finding of severity `error` means that the list can be used."""
        return list(self._read().findings)

    def tables(self) -> Tables:
        """The list as records, attributes and relations; raises InputError with all findings when one is an error."""
        read = self._read()
        if read.mapping is None or read.refused:
            raise refusal(self.path, read.findings)
        return facts_of(self.path.name, read.mapping, read.reading.companies)

    def preview(self, n: int = 20) -> Preview:
        """How the list will be read, with its first `n` actors in the order of the file."""
        read = self._read()
        if read.mapping is None or read.sheet is None:
            return Preview(self.path.name, read.mapping, findings=read.findings)
        never, used = personal(read.sheet.columns), {column for named in read.mapping.columns.values() for column in named}
        return Preview(
            file=self.path.name,
            mapping=read.mapping,
            columns=read.guesses,
            unread=tuple(column for column in read.sheet.columns if column not in used and column not in never),
            personal=tuple(column for column in read.sheet.columns if column in never),
            rows=tuple(_shown(company) for company in sorted(read.reading.companies, key=lambda c: c.line)[: max(0, n)]),
            counts=read.reading.counts,
            persons=dict(sorted(read.reading.persons.items())),
            findings=read.findings,
        )

    def _mapping(self) -> tuple[ListMapping | None, list[Finding]]:
        """The mapping that is given, that lies beside the list, or an empty one; its year is read from the file's name when it has none."""
        beside = None if self._given else mapping_beside(self.path)
        if beside is not None:
            mapping, findings = read_mapping(beside)
        else:
            mapping, findings = self._given or ListMapping(package_name(self.path), {}), []
        if mapping is not None and not mapping.source.year:
            year = re.search(r"(?<![0-9])20[0-9]{2}(?![0-9])", self.path.stem)
            if year:
                accepted = "if that is wrong, write source: {year: ...} in a mapping"
                findings = [
                    *findings,
                    Finding(self.path.name, None, None, f"the year {year.group()} is read from the file's name", accepted, "warning"),
                ]
                mapping = replace(mapping, source=replace(mapping.source, year=year.group()))
        return mapping, findings

    def _read(self) -> _Read:
        mapping, findings = self._mapping()
        sheet, faults = open_sheet(self.path, mapping.options if mapping else None)
        findings = [*findings, *faults]
        if mapping is None or sheet is None:
            return _Read(mapping, sheet, (), Reading(), tuple(capped(findings)))
        guesses = _guesses(mapping, sheet)
        told = mapping.columns
        mapping = mapping if told else with_guesses(mapping, guesses)
        findings += [*check_columns(mapping, sheet.columns, sheet.file, sheet.line), *_persons_asked(mapping, sheet)]
        reading = Reading()
        if not any(finding.severity == "error" for finding in findings):
            reading = read_companies(sheet, mapping)
            findings += [*_unsaid(sheet.file, mapping, guessed=not told), *reading.findings]
        return _Read(mapping, sheet, tuple(guesses), reading, tuple(capped(findings)))


def preview(path: str | Path, mapping: ListMapping | None = None, n: int = 20) -> Preview:
    """How the list in `path` will be read, with its first `n` actors; raises nothing: what is wrong stands in `findings`."""
    return CompanyList(path, mapping).preview(n)


def _guesses(mapping: ListMapping, sheet: Sheet) -> list[ColumnGuess]:
    """What each column is read as: as the mapping says, else as it looks."""
    if mapping.columns:
        why = "le fichier de correspondance le dit", "the mapping says so"
        return [ColumnGuess(key, column, "sure", *why) for key, named in mapping.columns.items() for column in named]
    rows = (row for row in sheet.rows() if isinstance(row, SheetRow))
    return guess_columns(sheet.columns, [row.cells for row in islice(rows, SAMPLE)])


def _persons_asked(mapping: ListMapping, sheet: Sheet) -> Iterator[Finding]:
    never = personal(sheet.columns)
    for key, named in mapping.columns.items():
        for column in named:
            if column in never:
                found = f"the mapping reads {key} from {shown(column)}, a column about persons"
                accepted = "take it out of the mapping: such columns are never read"
                if key == "name":
                    accepted += "; if no other column names organisations, nothing of the list can be used"
                yield Finding(sheet.file, sheet.line, column, found, accepted)


def _unsaid(file: str, mapping: ListMapping, *, guessed: bool) -> Iterator[Finding]:
    """Warnings: what nobody said and that matters."""
    if guessed:
        yield Finding(file, None, None, "the columns are guessed", "look at the preview, or write a mapping beside the list", "warning")
    if not mapping.source.year:
        yield Finding(file, None, None, "no year is told", "its facts are undated; write source: {year: ...} in a mapping", "warning")
    if mapping.source.redistribution == "none":
        accepted = "its facts stay out of the open data; write source: {redistribution: facts} in a mapping if they may be given on"
        yield Finding(file, None, None, "no right to give the facts on is told", accepted, "warning")


def _shown(company: Company) -> dict[str, str]:
    place = {"commune": company.commune, "insee": company.insee}
    told = {"id": company.id, "line": str(company.line), **company.values, "alt_name": "; ".join(company.other_names), **place, "kind": company.kind}
    return {key: value for key, value in {**told, "status": company.status.value}.items() if value}
