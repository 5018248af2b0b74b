"""From the rows of a list to companies: natural persons dropped, rows of one company joined, counts of what became of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph_builder.normalise import fold, has_phone, slug
from graph_builder.sources.company_list.cells import Cells, commune_of, departement, kind_of, literals, other_names, siren_of, status_of
from graph_builder.sources.company_list.guess import truth
from graph_builder.sources.company_list.headers import names_of_persons
from graph_builder.sources.company_list.mapping import ListMapping
from graph_builder.sources.company_list.persons import LEGAL_FORMS, REASONS, UNDISCLOSED, person_reason, refused
from graph_builder.sources.company_list.sheet import Sheet, SheetRow
from graph_builder.sources.findings import shown
from ontology.errors import Finding
from ontology.model import Status

FILLED_IN = ("naf", "legal_form", "website", "description_fr", "description_en")
"""What another row of the same company may tell where the chosen one is silent; place and address stay together."""


@dataclass(frozen=True)
class Company:
    """A company as it will be described: its id, attributes, other names, commune (name, INSEE code), and the line of its row."""

    line: int
    id: str
    values: Mapping[str, str]
    other_names: tuple[str, ...]
    commune: str
    insee: str
    kind: str
    status: Status
    head_office: bool

    @property
    def name(self) -> str:
        """The name."""
        return self.values["name"]

    @property
    def closed(self) -> bool:
        """Whether it has ceased."""
        return self.status is Status.CLOSED


@dataclass
class Reading:
    """What came of a list: companies by id, rows by fate, natural persons by reason, and the findings."""

    companies: list[Company] = field(default_factory=list)
    rows: int = 0
    unnamed: int = 0
    filtered: int = 0
    joined: int = 0
    undisclosed: int = 0
    persons: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by what became of them; `rows` is the sum of the next six, `closed` counts among the actors."""
        return {
            "rows": self.rows,
            "actors": len(self.companies),
            "persons": self.persons.total(),
            "undisclosed": self.undisclosed,
            "joined": self.joined,
            "filtered": self.filtered,
            "unnamed": self.unnamed,
            "closed": sum(company.closed for company in self.companies),
        }


def read_companies(sheet: Sheet, mapping: ListMapping) -> Reading:
    """Every row of the list by what becomes of it; `findings` holds errors when the list cannot be used as it is."""
    reading = Reading()
    places = {column: place for place, column in reversed(list(enumerate(sheet.columns)))}
    fields = {key: [(column, places[column]) for column in named] for key, named in mapping.columns.items()}
    person = [places[column] for column in names_of_persons(sheet.columns)]
    rows: dict[str, list[Company]] = {}
    for row in sheet.rows():
        if isinstance(row, Finding):
            reading.findings.append(row)
            continue
        reading.rows += 1
        held = {key: [(column, row.cells[place]) for column, place in named if row.cells[place]] for key, named in fields.items()}
        cells = Cells(sheet.file, row.line, mapping.columns, held, reading.findings)
        company = _company(cells, mapping, reading, person_filled=_any(row, person))
        if company is not None:
            rows.setdefault(company.id, []).append(company)
    for key in sorted(rows):
        reading.companies += _joined(sheet.file, mapping, rows[key], reading)
    reading.findings += _summaries(sheet.file, reading)
    return reading


def _any(row: SheetRow, places: Sequence[int]) -> bool:
    return any(row.cells[place] for place in places)


def _company(cells: Cells, mapping: ListMapping, reading: Reading, *, person_filled: bool) -> Company | None:
    """The company of a row, None when the row is dropped, which is counted."""
    name, status = cells.first("name"), next((cell for cell in cells.all("status") if refused(cell)), "")
    reason = person_reason(name, legal_form=cells.first("legal_form"), diffusion=status, person_filled=person_filled)
    if reason == UNDISCLOSED:
        reading.undisclosed += 1
        return None
    if reason is not None:
        reading.persons[reason] += 1
        return None
    before = len(reading.findings)
    commune, insee = commune_of(cells)
    values = literals(cells, name)
    if not _kept(mapping, values.get("naf", ""), departement(insee, values.get("postcode", ""))):
        del reading.findings[before:]  # what stands in a row that nobody wants is not told
        reading.filtered += 1
        return None
    if not fold(name) or "@" in name or has_phone(name):
        column = mapping.columns["name"][0]
        reading.findings.append(Finding(cells.file, cells.line, column, "the row names no company", "it is left out; write the name", "warning"))
        reading.unnamed += 1
        return None
    siren = siren_of(cells)
    if siren:
        values["siren"] = siren
    return Company(
        line=cells.line,
        id=f"siren:{siren}" if siren else f"{mapping.name}:{slug(name)}--{slug(commune or insee)}",
        values=values,
        other_names=tuple(other_names(cells, name)),
        commune=commune,
        insee=insee,
        kind=kind_of(cells, mapping.kind),
        status=status_of(cells),
        head_office=truth(cells.first("head_office")) is True,
    )


def _kept(mapping: ListMapping, naf: str, place: str) -> bool:
    by_activity = not mapping.keep_naf or naf.replace(".", "").startswith(mapping.keep_naf)
    wanted = mapping.keep_departement
    return by_activity and (not wanted or place in wanted or (place == "20" and bool({"2A", "2B"} & set(wanted))))


# rows of one company -------------------------------------------------------------------------------------------------


def _joined(file: str, mapping: ListMapping, rows: Sequence[Company], reading: Reading) -> list[Company]:
    """The company of several rows: an open head office first, else an open site, the first in the order of their texts.

    Rows of one SIREN that bear different names are an error and stay apart.
    """
    ordered = sorted(rows, key=lambda c: (c.closed, not c.head_office, sorted(c.values.items()), c.commune, c.insee, c.kind, c.other_names))
    chosen = ordered[0]
    if len(rows) == 1:
        return [chosen]
    other = _named_otherwise(ordered)
    if other is not None:
        column = _column(mapping)
        first, second = sorted((chosen, other), key=lambda c: c.line)
        found = f"the SIREN {chosen.values['siren']} stands for {shown(first.name)} (line {first.line}) and {shown(second.name)} (line {second.line})"
        reading.findings.append(Finding(file, second.line, column, found, "correct one of the two numbers, or give both rows the same name"))
        return ordered
    reading.joined += len(rows) - 1
    lines = sorted(row.line for row in rows)
    listed = ", ".join(map(str, lines[:10])) + (f" and {len(lines) - 10} more" if len(lines) > 10 else "")
    what = "establishments of one company" if "siren" in chosen.values else "the same name and commune"
    found = f"{shown(chosen.name)} stands on the lines {listed}: {what}"
    reading.findings.append(Finding(file, lines[1], None, found, f"read as one actor, described by line {chosen.line}", "warning"))
    filled = {key: next(v for row in ordered if (v := row.values.get(key))) for key in FILLED_IN if any(key in row.values for row in ordered)}
    names = {name for row in ordered for name in (row.name, *row.other_names) if _bare(name) != _bare(chosen.name)}
    return [replace(chosen, values={**filled, **chosen.values}, other_names=tuple(sorted(names)), status=_best(rows))]


def _best(rows: Sequence[Company]) -> Status:
    """Active when a row says so, closed when all do, else unknown."""
    told = {row.status for row in rows}
    return Status.ACTIVE if Status.ACTIVE in told else told.pop() if len(told) == 1 else Status.UNKNOWN


def _column(mapping: ListMapping) -> str | None:
    return next((mapping.columns[key][0] for key in ("siren", "siret", "vat") if key in mapping.columns), None)


def _named_otherwise(rows: Sequence[Company]) -> Company | None:
    """The first row that shares no name with the first one, nor with a row that does; None when all bear one name.

    Legal forms, accents, case and spaces apart, a name or another name in common is enough.
    """
    known, left = _names(rows[0]), list(rows[1:])
    while left:
        found = [row for row in left if known & _names(row)]
        if not found:
            return left[0]
        known |= {name for row in found for name in _names(row)}
        left = [row for row in left if row not in found]
    return None


def _names(company: Company) -> set[str]:
    return {_bare(name) for name in (company.name, *company.other_names)}


def _bare(name: str) -> str:
    words = fold(name).split()
    return "".join([word for word in words if word not in LEGAL_FORMS] or words)


def _summaries(file: str, reading: Reading) -> Iterator[Finding]:
    """Warnings on the whole list: persons and rows that may not be published dropped, nothing left."""
    if reading.persons:
        told = ", ".join(f"{count}: {REASONS[reason][1]}" for reason, count in sorted(reading.persons.items()))
        total = reading.persons.total()
        found = f"{total} row{'s' if total > 1 else ''} of natural persons ({told})"
        yield Finding(file, None, None, found, "left out: organisations only", "warning")
    if reading.undisclosed:
        found = f"{reading.undisclosed} row{'s' if reading.undisclosed > 1 else ''} not to be published ({REASONS[UNDISCLOSED][1]})"
        yield Finding(file, None, None, found, "left out, whether a person's or an organisation's", "warning")
    if any(finding.severity == "error" for finding in reading.findings):
        return
    if not reading.rows:
        yield Finding(file, None, None, "a header and no rows", "add rows")
    elif not reading.companies:
        yield Finding(file, None, None, "no row is left", "look at what was dropped and at keep in the mapping")


def every_place(companies: Iterable[Company]) -> dict[tuple[str, str], str]:
    """Communes (INSEE code, or "" and the slug of the name) with the name that most rows write, the first in order where several do."""
    spellings: dict[tuple[str, str], Counter[str]] = {}
    for company in companies:
        if company.insee or company.commune:
            key = (company.insee, "" if company.insee else slug(company.commune))
            spellings.setdefault(key, Counter())[company.commune or company.insee] += 1
    return {key: min(counts, key=lambda name: (-counts[name], name)) for key, counts in sorted(spellings.items())}
