"""Clean rows of CORDIS as facts: projects, participations, fields, organisations and their places, each citing the row that tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph_builder.sources.cordis.columns import Columns
from graph_builder.sources.cordis.layout import KINDS, LARGEST_EVENT, PUBLISHER, URL
from graph_builder.sources.cordis.names import amount, without_contacts
from graph_builder.sources.cordis.organisations import Focus, Organisations, add_organisations, organisations
from graph_builder.sources.cordis.rows import Rows, mapped
from graph_builder.tables import Tables
from ontology.model import TIE_ROLES, EntityKind

PROJECT_TYPE = "projet"
"""The type of every project of CORDIS in the words of a territory's projects.csv."""

_CONTACT = r"@|[(\[{]\s?(?i:at|arobase)\s?[)\]}]|\+\s?[0-9]|0[ .\-/]?[0-9]|\(0\)"
"""Signs without which a text holds no e-mail address and no telephone number: the rest is not searched."""


@dataclass(frozen=True)
class Download:
    """One download as the graph cites it: the id of its source, its titles, the year of its newest project, its licence."""

    source: str
    title_fr: str
    title_en: str
    year: int
    licence: str


def facts(package: str, rows: Rows, downloads: Sequence[Download], focus: Focus | None = None) -> Tables:
    """The facts of clean rows, whose tables have a column `source`; record keys begin with the name of the package.

    With a focus, organisations outside it are marked so and not recommended.
    """
    columns = Columns()
    for download in downloads:
        _source(columns, package, download)
    _kinds(columns, package, [download.source for download in downloads])
    found = organisations(rows.participations)
    _projects(columns, package, rows, _sizes(rows, found))
    _fields(columns, package, rows.fields)
    _participations(columns, package, rows.participations, found)
    add_organisations(columns, _records(package, "organization", rows.participations, "organisationID"), found, focus)
    return columns.tables()


def _records(package: str, table: str, rows: pa.Table, second: str = "") -> pa.Array:
    """The record key of each row."""
    project = rows["projectID"] if "projectID" in rows.column_names else rows["id"]
    key = pc.binary_join_element_wise(project, rows[second], "|") if second else project
    joined = pc.binary_join_element_wise(pa.scalar(f"{package}/{table}"), key, "/")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _source(columns: Columns, package: str, download: Download) -> None:
    fill, subject, year = columns.rows, download.source, str(download.year)
    record = fill.record(f"{package}/source/{subject.partition(':')[2]}", sources=[subject], published=year)
    texts = {
        "type": EntityKind.SOURCE.value,
        "title": download.title_fr,
        "name_fr": download.title_fr,
        "name_en": download.title_en,
        "url": URL,
        "publisher": PUBLISHER,
        "licence": download.licence,
        "redistribution": "texts",
        "year": year,
    }
    for predicate, value in texts.items():
        lang = {"name_fr": "fr", "name_en": "en"}.get(predicate)
        fill.attribute(subject, predicate, value, record, lang=lang)


def _kinds(columns: Columns, package: str, sources: list[str]) -> None:
    fill = columns.rows
    for code, kind in KINDS.items():
        subject = f"kind:cordis_{code.lower()}"
        record = fill.record(f"{package}/kind/{code.lower()}", sources=sources)
        fill.attribute(subject, "type", EntityKind.ACTOR_KIND.value, record)
        fill.attribute(subject, "label_fr", kind.label_fr, record, lang="fr")
        fill.attribute(subject, "label_en", kind.label_en, record, lang="en")
        for predicate, value in (("org_kind", kind.org_kind), ("role", kind.role), ("partner", kind.partner)):
            fill.attribute(subject, predicate, value.value, record)
        for need in kind.offers:
            fill.attribute(subject, "offers_by_default", need.value, record)


def _sizes(rows: Rows, found: Organisations) -> NDArray[np.int64]:
    """How many organisations are partners in each project, (n,); third parties are not."""
    at = np.asarray(pc.index_in(rows.participations["projectID"], value_set=rows.projects["id"].combine_chunks()), dtype=np.int64)
    partners = np.asarray(pc.is_in(rows.participations["part"], value_set=pa.array(sorted(role.value for role in TIE_ROLES))))
    pairs = np.unique(np.stack([at, found.of_row], axis=1)[partners].reshape(-1, 2), axis=0)
    return np.bincount(pairs[:, 0], minlength=rows.projects.num_rows)


def _projects(columns: Columns, package: str, rows: Rows, sizes: NDArray[np.int64]) -> None:
    table = rows.projects
    records, subjects = _records(package, "project", table), pc.binary_join_element_wise(pa.scalar("cordis"), table["id"], ":")
    columns.records(records, table["source"], table["date"], table["locator"])
    number = table.num_rows
    plain = {
        "type": pa.repeat(EntityKind.PROJECT.value, number),
        "acronym": table["acronym"],
        "start": table["startDate"],
        "end": table["endDate"],
        "funding_scheme": table["fundingScheme"],
        "call": table["masterCall"],
        "max_contribution": mapped(table["ecMaxContribution"], amount),
        "project_type": pa.repeat(PROJECT_TYPE, number),
        "counts_as_tie": pa.array(np.where((sizes > 1) & (sizes <= LARGEST_EVENT), "yes", "no")),
        "url": pc.binary_join_element_wise(pa.scalar(f"{URL}/project/id"), table["id"], "/"),
    }
    for predicate, values in plain.items():
        columns.attribute(predicate, subjects, values, records)
    inner = pc.if_else(pc.equal(table["subCall"], table["masterCall"]), "", table["subCall"])
    columns.attribute("call", subjects, inner, records)
    _topics(columns, subjects, table["topics"], records)
    called = pc.if_else(pc.equal(table["acronym"], ""), pc.binary_join_element_wise(pa.scalar("CORDIS"), table["id"], " "), table["acronym"])
    titles = _clean_text(table["title"])
    columns.text("name", subjects, pc.if_else(pc.equal(titles, ""), called, titles), records, lang="en")
    columns.text("keywords", subjects, _clean_text(table["keywords"]), records, lang="en")
    columns.attribute("description_en", subjects, _clean_text(table["objective"]), records)


def _topics(columns: Columns, subjects: pa.ChunkedArray, topics: pa.ChunkedArray, records: pa.Array) -> None:
    """The topics of each project, which stand in one cell, separated by semicolons."""
    lists = pc.split_pattern(topics, ";")
    whole = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    at, each = pc.list_parent_indices(whole), pc.utf8_trim_whitespace(pc.list_flatten(whole))
    columns.attribute("topic", subjects.take(at), each, records.take(at))


def _clean_text(column: pa.ChunkedArray) -> pa.Array:
    """Texts on one line, without the sentences that hold an address or a telephone number."""
    text = pc.utf8_trim_whitespace(pc.replace_substring_regex(column, r"\s+", " "))
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    doubtful = pc.match_substring_regex(text, _CONTACT)
    cleaned = pa.array([without_contacts(value) for value in text.filter(doubtful).to_pylist()], type=pa.string())
    return pc.replace_with_mask(text, doubtful, cleaned)


def _fields(columns: Columns, package: str, table: pa.Table) -> None:
    records = _records(package, "euroscivoc", table, "code")
    columns.records(records, table["source"], table["date"], table["locator"])
    subjects = pc.binary_join_element_wise(pa.scalar("cordis"), table["projectID"], ":")
    columns.attribute("euroscivoc_path", subjects, table["euroSciVocPath"], records)


def _participations(columns: Columns, package: str, table: pa.Table, found: Organisations) -> None:
    records = _records(package, "organization", table, "organisationID")
    columns.records(records, table["source"], table["date"], table["locator"])
    columns.relation(
        "participatesIn",
        (found.ids.take(pa.array(found.of_row)), pc.binary_join_element_wise(pa.scalar("cordis"), table["projectID"], ":")),
        records,
        since=table["date"],
        qualifiers=[
            ("role", table["part"]),
            ("date_basis", pc.if_else(pc.equal(table["date"], ""), "", table["date_basis"])),
            ("amount", table["ecContribution"]),
        ],
    )
