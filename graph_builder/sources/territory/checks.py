"""Rules of the domain that a table schema cannot express. Each check yields findings; `CHECKS` lists those for errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from graph_builder.normalise import clean_url, earliest_day, edtf_ok, has_email, has_phone, latest_day, place_id, siren_ok
from graph_builder.sources.findings import shown
from graph_builder.sources.territory.csv_file import Row, Table
from ontology.errors import Finding
from ontology.model import PREDICATES

Tables = Mapping[str, Table]

DATES = ("since", "until", "start", "end", "status_since", "year", "source_year")
ORDERED = (("since", "until"), ("start", "end"))
ADDRESSES = ("url", "website", "esco_uri")
CODES = frozenset({"id", "insee", "siren", "epci_code", "lat", "lon", *ADDRESSES, *DATES})
"""Columns of digits, in which a telephone number is not looked for."""

_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")

BASIS = {"needs": "stated", "needs_inferred": "inferred"}


def _cells(tables: Tables, *columns: str) -> Iterator[tuple[Table, Row, str, str]]:
    """Every cell with a value of `columns`, in whatever table has them."""
    for table in tables.values():
        for column in (c for c in table.columns if c in columns):
            for row in table.rows:
                if row.cells[column].strip():
                    yield table, row, column, row.cells[column]


def dates(tables: Tables) -> Iterator[Finding]:
    """Dates that no calendar has, and ends before their start."""
    for table, row, column, cell in _cells(tables, *DATES):
        if not edtf_ok(cell):
            yield Finding(table.file, row.line, column, f"{shown(cell)} is no date", "write a date that exists, such as 2019, 2019-09 or 2019~")
    for table in tables.values():
        for start, end in ORDERED:
            if start in table.columns:
                yield from _order(table, start, end)


def _order(table: Table, start: str, end: str) -> Iterator[Finding]:
    for row in table.rows:
        first, last = earliest_day(row.cells[start]), latest_day(row.cells[end])
        if first and last and first > last:
            found = f"{shown(row.cells[end])} is before {start} {shown(row.cells[start])}"
            yield Finding(table.file, row.line, end, found, "correct one of the two dates")


def identifiers(tables: Tables) -> Iterator[Finding]:
    """SIREN numbers with a wrong check digit, and addresses that could not be opened safely."""
    for table, row, column, cell in _cells(tables, "siren"):
        if not siren_ok(cell):
            yield Finding(table.file, row.line, column, f"{shown(cell)} has a wrong check digit", "copy the SIREN again from an official source")
    for table, row, column, cell in _cells(tables, *ADDRESSES):
        if not clean_url(cell) and not (column == "url" and cell.startswith("urn:")):
            accepted = "a plain http or https address, without spaces, user name or password"
            yield Finding(table.file, row.line, column, f"{shown(cell)} is no web address", accepted)


def coordinates(tables: Tables) -> Iterator[Finding]:
    """Positions of which one half is missing."""
    for table, row, column, cell in _cells(tables, "lat", "lon"):
        other = "lon" if column == "lat" else "lat"
        if not row.cells[other].strip():
            yield Finding(table.file, row.line, other, f"an empty cell beside {column} {shown(cell)}", "give both coordinates, or neither")


def places(tables: Tables) -> Iterator[Finding]:
    """Two places that would be one, places without a usable name, and actors whose INSEE code is not that of their place."""
    if "places" not in tables:
        return
    table, seen = tables["places"], dict[str, int]()
    for row in table.rows:
        key = place_id(row.cells["place"], row.cells["insee"])
        column = "insee" if row.cells["insee"] else "place"
        if key == "place:" and row.cells["place"].strip():
            yield Finding(table.file, row.line, "place", f"{shown(row.cells['place'])} has no letters", "write the name of the place")
        elif key in seen:
            found = f"{shown(row.cells[column])} is the same place as line {seen[key]}"
            yield Finding(table.file, row.line, column, found, "give each place once, or tell the two apart by their INSEE codes")
        seen.setdefault(key, row.line)
    codes = {row.cells["place"]: row.cells["insee"] for row in table.rows}
    for row in tables["actors"].rows if "actors" in tables else ():
        code = codes.get(row.cells["commune"], row.cells["insee"])
        if row.cells["insee"] and row.cells["insee"] != code:
            found = f"{shown(row.cells['insee'])} is not the code of {shown(row.cells['commune'])}"
            accepted = f"write {code} as in {table.file}" if code else f"empty it, or write the code in {table.file} too"
            yield Finding(tables["actors"].file, row.line, "insee", found, accepted)


def words(tables: Tables) -> Iterator[Finding]:
    """Relation words that relation_types.csv reads in another way, or not at all."""
    if "relation_types" not in tables or "relations" not in tables:
        return
    read: dict[str, list[str]] = {}
    for row in tables["relation_types"].rows:
        read.setdefault(row.cells["word"], []).append(row.cells["predicate"])
    types = tables["relation_types"].file
    for row in tables["relations"].rows:
        word, predicate = row.cells["word"], row.cells["predicate"]
        if word and word not in read:
            yield Finding(tables["relations"].file, row.line, "word", f"{shown(word)} is not in {types}", "add the word there, or correct it")
        elif word and predicate not in read[word]:
            found = f"{shown(predicate)} for the word {shown(word)}"
            yield Finding(tables["relations"].file, row.line, "predicate", found, f"{types} reads this word as {' or '.join(sorted(read[word]))}")


def relation_types(tables: Tables) -> Iterator[Finding]:
    """Rows of relation_types.csv that contradict the ontology."""
    for row in tables["relation_types"].rows if "relation_types" in tables else ():
        predicate = PREDICATES.get(row.cells["predicate"])
        if predicate is None:
            continue
        file, said = tables["relation_types"].file, row.cells["is_tie"]
        if said and said != ("yes" if predicate.is_tie else "no"):
            truth = f"{predicate.name} is {'a tie' if predicate.is_tie else 'no tie'}"
            yield Finding(file, row.line, "is_tie", shown(said), f"{truth}: write {'yes' if predicate.is_tie else 'no'}")
        if row.cells["inverse"] == "yes" and predicate.symmetric:
            yield Finding(file, row.line, "inverse", "'yes'", f"{predicate.name} reads the same both ways: write no")


def bases(tables: Tables) -> Iterator[Finding]:
    """Hypotheses among the stated needs, or the reverse."""
    for name, basis in BASIS.items():
        for row in tables[name].rows if name in tables else ():
            if row.cells["basis"] in BASIS.values() and row.cells["basis"] != basis:
                yield Finding(tables[name].file, row.line, "basis", shown(row.cells["basis"]), f"every row of this table is {basis}")


def contacts(tables: Tables) -> Iterator[Finding]:
    """E-mail addresses and telephone numbers, which are personal data: the product stores none."""
    for table in tables.values():
        for row in table.rows:
            for column, cell in row.cells.items():
                found = ["an e-mail address"] if has_email(cell) else []
                found += ["a telephone number"] if column not in CODES and has_phone(cell) else []
                if found:
                    what = f"{' and '.join(found)} in {shown(cell)}"
                    yield Finding(table.file, row.line, column, what, "remove it: contact details are not stored")


def controls(tables: Tables) -> Iterator[Finding]:
    """Control characters, which files made from the graph (XML, RDF) cannot hold."""
    for table in tables.values():
        for row in table.rows:
            for column, cell in row.cells.items():
                sign = _CONTROL.search(cell)
                if sign:
                    found = f"a control character (U+{ord(sign.group()):04X}) in {shown(cell)}"
                    yield Finding(table.file, row.line, column, found, "remove it")


def doubtful(tables: Tables, created: date | None) -> Iterator[Finding]:
    """Warnings, one per file and matter: what is missing or odd without making the rest wrong."""

    def count(name: str, column: str, wanted: Callable[[Row], bool], found: str, accepted: str) -> Iterator[Finding]:
        rows = tables[name].rows if name in tables else ()
        number = sum(wanted(row) for row in rows)
        if number:
            yield Finding(tables[name].file, None, column, f"{number} of {len(rows)} {found}", accepted, "warning")

    def late(column: str) -> Callable[[Row], bool]:
        return lambda row: created is not None and row.cells[column] > str(created.year)

    yield from count("actors", "lat", lambda r: not r.cells["lat"], "actors have no coordinates", "they are left off the map")
    yield from count("actors", "source_year", lambda r: not r.cells["source_year"], "actors have no dated source", "they are marked as to be checked")
    yield from count("sources", "year", lambda r: not r.cells["year"], "sources have no year", "facts that rest on them alone are undated")
    later = "are later than the package itself", "check them, or bring created in datapackage.json up to date"
    yield from count("sources", "year", late("year"), f"source years {later[0]}", later[1])
    yield from count("actors", "source_year", late("source_year"), f"source years {later[0]}", later[1])


CHECKS: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    dates,
    identifiers,
    coordinates,
    places,
    words,
    relation_types,
    bases,
    contacts,
    controls,
)
"""Every check that looks for errors."""
