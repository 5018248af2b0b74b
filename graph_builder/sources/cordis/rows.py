"""The rows of CORDIS files as clean columns: dated projects, one row per participation, fields of science; and what was left out, counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph_builder.normalise import edtf_ok
from graph_builder.sources.cordis.layout import FIELDS, ORGANIZATION, PARTS, PROJECT, ROLES, THIRD_PARTY
from graph_builder.sources.cordis.names import amount
from graph_builder.sources.cordis.reading import LINE
from graph_builder.sources.findings import shown
from graph_builder.sources.territory.facts import plain_number
from ontology.errors import Finding
from ontology.model import ParticipationRole

SIGNATURE, START = "signature", "start"
"""What the date of a project is: its grant was signed, or, where that is not told, it starts."""


@dataclass(frozen=True)
class Rows:
    """Clean columns of one download; text columns have "" for what is not told.

    `projects`: the used columns of project.csv, and `date` ("" when unknown), `date_basis`, `locator`.
    `participations`: the used columns of organization.csv but one row per project and PIC, and `part` (lead, partner, or beneficiary for
    a third party), `date`, `date_basis`, `locator`; sorted by date (unknown ones last), project and PIC.
    `fields`: project, path and code, and `date`, `locator`.
    """

    projects: pa.Table
    participations: pa.Table
    fields: pa.Table
    findings: tuple[Finding, ...]


def clean(tables: Mapping[str, pa.Table], label: Callable[[str], str], *, third_parties: bool = False) -> Rows:
    """The rows of the files that were read, by file name, and everything that is wrong or was left out; `label` names a file.

    Third parties are left out unless they are asked for.
    """
    projects, findings = _projects(tables[PROJECT.name], label(PROJECT.name))
    participations, more = _participations(tables[ORGANIZATION.name], projects, label(ORGANIZATION.name), third_parties=third_parties)
    findings += more
    fields = tables.get(FIELDS.name)
    if fields is None:
        fields = pa.table({name: pa.array([], pa.string()) for name in FIELDS.columns} | {LINE: pa.array([], pa.int64())})
    fields, more = _fields(fields, projects, label(FIELDS.name))
    return Rows(projects, participations, fields, (*findings, *more))


def integers(column: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """The codes of a text column: equal texts have equal codes, (n,)."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.asarray(pc.dictionary_encode(array).indices, dtype=np.int64)


def first_of_each(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of the first row of each code, in the order of the rows."""
    return np.sort(np.unique(codes, return_index=True)[1])


def mapped(column: pa.ChunkedArray | pa.Array, change: Callable[[str], str]) -> pa.Array:
    """A text column with `change` applied once to each distinct value."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = pc.dictionary_encode(array)
    changed = pa.array([change(text) for text in encoded.dictionary.to_pylist()], type=pa.string())
    return changed.take(encoded.indices)


def _counted(table: pa.Table, wrong: pa.Array, column: str, file: str, accepted: str) -> list[Finding]:
    """One warning for all the rows where `wrong` holds, with the first of them; none when there is none."""
    number = pc.sum(wrong).as_py() or 0
    if not number:
        return []
    first = table.filter(wrong).slice(0, 1).to_pylist()[0]
    many = f" ({number:,} such rows)" if number > 1 else ""
    return [Finding(file, first[LINE], column, f"{shown(first[column])}{many}", accepted, "warning")]


def _locators(file: str, lines: pa.ChunkedArray | pa.Array) -> pa.Array:
    where = pc.binary_join_element_wise(pa.scalar(file), pc.cast(lines, pa.string()), ":")
    return pc.fill_null(where, file)


def _ids_ok(column: pa.ChunkedArray) -> pa.Array:
    return pc.match_substring_regex(column, r"^[0-9A-Za-z][0-9A-Za-z_.\-]{0,39}$")


# projects ------------------------------------------------------------------------------------------------------------


def _projects(table: pa.Table, file: str) -> tuple[pa.Table, list[Finding]]:
    findings = _project_errors(table, file)
    for column in ("startDate", "endDate", "ecSignatureDate"):
        table, more = _dates(table, column, file)
        findings += more
    backwards = pc.and_(pc.less(table["endDate"], table["startDate"]), pc.not_equal(table["endDate"], ""))
    findings += _counted(table, backwards, "endDate", file, "an end after the start: it was left out")
    table = _replaced(table, "endDate", pc.if_else(backwards, "", table["endDate"]))
    signed = pc.not_equal(table["ecSignatureDate"], "")
    date = pc.if_else(signed, table["ecSignatureDate"], table["startDate"])
    undated = pc.equal(date, "")
    findings += _counted(table, undated, "startDate", file, "a date: the project is kept, undated")
    table = table.append_column("date", date).append_column("date_basis", pc.if_else(signed, SIGNATURE, START))
    return table.append_column("locator", _locators(file, table[LINE])), findings


def _project_errors(table: pa.Table, file: str) -> list[Finding]:
    """Ids that are none or are there twice, one error for each sort of fault."""
    bad = pc.invert(_ids_ok(table["id"]))
    if pc.any(bad).as_py():
        row = table.filter(bad).slice(0, 1).to_pylist()[0]
        return [Finding(file, row[LINE], "id", shown(row["id"]), "the number of a grant agreement")]
    first = first_of_each(integers(table["id"]))
    if len(first) == table.num_rows:
        return []
    twice = int(np.setdiff1d(np.arange(table.num_rows), first)[0])
    row = table.slice(twice, 1).to_pylist()[0]
    number = table.num_rows - len(first)
    more = f" ({number:,} rows repeat an id)" if number > 1 else ""
    return [Finding(file, row[LINE], "id", f"the project {shown(row['id'])} is there twice{more}", "one row for each project")]


def _dates(table: pa.Table, column: str, file: str) -> tuple[pa.Table, list[Finding]]:
    """The table with what is no day taken out of a date column."""
    kept = mapped(table[column], lambda text: text if len(text) == 10 and "X" not in text and edtf_ok(text) else "")
    wrong = pc.and_(pc.equal(kept, ""), pc.not_equal(table[column], ""))
    findings = _counted(table, wrong, column, file, "a day such as 2024-03-01: it was left out")
    return _replaced(table, column, kept), findings


def _replaced(table: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


# participations ------------------------------------------------------------------------------------------------------


def _participations(table: pa.Table, projects: pa.Table, file: str, *, third_parties: bool) -> tuple[pa.Table, list[Finding]]:
    findings: list[Finding] = []
    if not third_parties:
        third = pc.is_in(table["role"], value_set=pa.array(sorted(THIRD_PARTY)))
        findings += _counted(table, third, "role", file, "participants: a third party is linked to one of them, and was left out")
        table = table.filter(pc.invert(third))
    table, more = _without_strangers(table, projects, file)
    findings += more
    table = table.append_column("part", mapped(table["role"], _part))
    at = pc.index_in(table["projectID"], value_set=projects["id"].combine_chunks())
    for name in ("date", "date_basis"):
        table = table.append_column(name, projects[name].take(at))
    table = table.append_column("locator", _locators(file, table[LINE]))
    return one_of_each(table), findings


def _part(role: str) -> str:
    return (ParticipationRole.BENEFICIARY if role in THIRD_PARTY else ROLES.get(role, ParticipationRole.PARTNER)).value


def _without_strangers(table: pa.Table, projects: pa.Table, file: str) -> tuple[pa.Table, list[Finding]]:
    """The rows that have a known project and a PIC; a warning for each sort of row that has not, and for roles that are not known."""
    findings: list[Finding] = []
    unknown = pc.invert(pc.is_in(table["projectID"], value_set=projects["id"].combine_chunks()))
    findings += _counted(table, unknown, "projectID", file, "a project of project.csv: the row was left out")
    table = table.filter(pc.invert(unknown))
    no_pic = pc.invert(pc.match_substring_regex(table["organisationID"], r"^[0-9]{1,12}$"))
    findings += _counted(table, no_pic, "organisationID", file, "a participant identification code (digits): the row was left out")
    table = table.filter(pc.invert(no_pic))
    strange = pc.invert(pc.is_in(table["role"], value_set=pa.array(sorted({*ROLES, *THIRD_PARTY}))))
    findings += _counted(table, strange, "role", file, f"one of {', '.join(ROLES)}: it was read as partner")
    return table, findings


def one_of_each(table: pa.Table) -> pa.Table:
    """One row for each project and PIC, sorted by date, project and PIC: the strongest role stays, amounts of the same pair add up."""
    table = _replaced(table, "ecContribution", mapped(table["ecContribution"], amount))
    keys = dict.fromkeys(("late", "projectID", "organisationID", "rank", *ORGANIZATION.columns, "locator"))
    late = table.append_column("late", pc.if_else(pc.equal(table["date"], ""), "9", table["date"]))
    late = late.append_column("rank", pc.index_in(table["part"], value_set=pa.array([part.value for part in PARTS])))
    order = pc.sort_indices(late, sort_keys=[(name, "ascending") for name in keys])
    table = table.take(order).combine_chunks()
    codes = integers(pc.binary_join_element_wise(table["projectID"], table["organisationID"], "|"))
    first = first_of_each(codes)
    if len(first) == table.num_rows:
        return table
    money = np.array([float(text or "nan") for text in table["ecContribution"].to_pylist()])
    told = np.bincount(codes, weights=~np.isnan(money))[codes[first]] > 0
    total = np.round(np.bincount(codes, weights=np.nan_to_num(money))[codes[first]], 2)
    texts = [plain_number(repr(value)) if given else "" for value, given in zip(total.tolist(), told.tolist(), strict=True)]
    return _replaced(table.take(pa.array(first)), "ecContribution", pa.array(texts, type=pa.string()))


# fields of science ---------------------------------------------------------------------------------------------------


def _fields(table: pa.Table, projects: pa.Table, file: str) -> tuple[pa.Table, list[Finding]]:
    """Project, path and last code of each field, each once, sorted by project and path."""
    at = pc.index_in(table["projectID"], value_set=projects["id"].combine_chunks())
    unknown = pc.is_null(at)
    findings = _counted(table, unknown, "projectID", file, "a project of project.csv: the row was left out")
    usable = pc.and_(pc.invert(unknown), pc.and_(pc.not_equal(table["euroSciVocPath"], ""), pc.not_equal(table["euroSciVocCode"], "")))
    table = table.append_column("date", projects["date"].take(at)).filter(usable)
    code = pc.replace_substring_regex(table["euroSciVocCode"], r"^.*/", "")
    table = table.append_column("code", code).append_column("locator", _locators(file, table[LINE]))
    table = table.sort_by([(name, "ascending") for name in ("projectID", "code", "euroSciVocPath", "locator")]).combine_chunks()
    first = first_of_each(integers(pc.binary_join_element_wise(table["projectID"], table["code"], "|")))
    return table.take(pa.array(first)), findings
