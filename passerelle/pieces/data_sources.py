"""The sources of the data: licence, age, what rests on them; and what is known of how many actors."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from passerelle.ecosystem import Ecosystem
from passerelle.i18n import number, say, some, tell
from passerelle.look import empty, html, quiet
from passerelle.provenance import Coverage, SourceRow
from passerelle.table import csv_bytes

SHOWN = 25
"""Sources that are listed before the reader asks for all."""
_NOBODY = "none"
"""How the territory's package writes that a source has no publisher."""


def sources(ecosystem: Ecosystem) -> None:
    """Coverage on the right, the table of sources on the left."""
    rows, known = _told(ecosystem, ecosystem.digest)
    left, right = st.columns([0.66, 0.34], gap="medium")
    with right:
        st.header(say("d_coverage"), anchor=False)
        with st.container(border=True, key="card-coverage"):
            html(quiet(say("d_coverage_lead")) + "".join(_bar(part) for part in known))
    with left:
        st.header(say("d_sources"), anchor=False)
        html(quiet(_summary(rows)))
        _list(rows)


@st.cache_data(max_entries=2, show_spinner=False)
def _told(_ecosystem: Ecosystem, digest: str) -> tuple[tuple[SourceRow, ...], tuple[Coverage, ...]]:  # noqa: ARG001 - part of the key
    """Sources and coverage; `digest` is the key."""
    return _ecosystem.sources(), _ecosystem.coverage()


def _summary(rows: Sequence[SourceRow]) -> str:
    """How many sources, how many of them dated and with a stated licence."""
    read = [row for row in rows if not row.rule]
    dated, licensed = sum(row.age is not None for row in read), sum(bool(row.licence) for row in read)
    return say("d_sources_lead", n=number(len(read)), dated=number(dated), licensed=number(licensed))


def _list(rows: Sequence[SourceRow]) -> None:
    """The sources that answer to the search, as a table, and the same to take away."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        asked = st.text_input(say("d_source_find"), key="source-find", placeholder=say("d_source_find_hint"))
        st.download_button(
            say("download"),
            lambda: csv_bytes([_cells(row) for row in rows]),
            file_name="sources.csv",
            mime="text/csv",
            key="sources-csv",
            icon=":material/download:",
            on_click="ignore",
        )
    words = asked.casefold().split()
    found = [row for row in rows if all(word in _searched(row) for word in words)]
    if not found:
        empty(say("d_source_none"), say("d_source_none_body"))
        return
    html(_table(found[:SHOWN]))
    if found[SHOWN:]:
        html(f'<details class="rest"><summary>{escape(some("d_source_more", len(found) - SHOWN))}</summary>{_table(found[SHOWN:])}</details>')


def _searched(row: SourceRow) -> str:
    return " ".join(filter(None, (row.source.title, row.source.publisher, row.source.url, row.licence, row.source.year, row.package))).casefold()


def _table(rows: Sequence[SourceRow]) -> str:
    """Title and publisher, age, licence, what rests on it; on a phone the rows stack."""
    names = [escape(say("d_col_" + name)) for name in ("source", "year", "licence", "facts")]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "".join(f"<tr>{_row(row, names)}</tr>" for row in rows)
    return f'<table class="stack sources"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(row: SourceRow, names: Sequence[str]) -> str:
    cells = (_title(row), _age(row), _licence(row), f'{number(row.facts)} <span class="quiet">{escape(some("d_actors", row.actors))}</span>')
    kinds = ("wide", "when", "licence", "n")
    return "".join(f'<td class="{kind}" data-label="{name}">{cell}</td>' for kind, name, cell in zip(kinds, names, cells, strict=True))


def _title(row: SourceRow) -> str:
    source = row.source
    title = escape(source.title)
    if source.url:
        title = f'<a href="{escape(source.url)}" target="_blank" rel="noopener noreferrer">{title}</a>'
    known = source.publisher if source.publisher != _NOBODY else None
    return title + (f'<br><span class="quiet">{escape(known)}</span>' if known else "")


def _age(row: SourceRow) -> str:
    if row.rule:
        return f'<span class="quiet">{escape(say("d_rule"))}</span>'
    if row.age is None:
        return f'<span class="quiet">{escape(say("undated"))}</span>'
    return f'{escape((row.source.year or "")[:4])} <span class="quiet">{escape(some("age", max(0, row.age)))}</span>'


def _licence(row: SourceRow) -> str:
    told = escape(licence(row))
    return told if row.licence else f'<span class="quiet">{told}</span>'


def licence(row: SourceRow) -> str:
    """The licence of a source; without one, what may be given on."""
    if row.rule:
        return "—"
    return row.licence or say("d_given_" + (row.redistribution or "facts"))


def _cells(row: SourceRow) -> dict[str, object]:
    source = row.source
    return {
        "id": source.key,
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "year": source.year,
        "licence": row.licence,
        "redistribution": row.redistribution,
        "facts": row.facts,
        "actors": row.actors,
        "package": row.package,
    }


def _bar(part: Coverage) -> str:
    """One share as words and a bar."""
    share = part.known / part.of if part.of else 0.0
    told = say("d_coverage_row", n=number(part.known), of=number(part.of))
    return (
        f'<div class="cover"><p><span>{escape(tell(part.label))}</span><span class="quiet">{escape(told)}</span></p>'
        f'<div class="track" aria-hidden="true"><i style="width:{100 * share:.0f}%"></i></div></div>'
    )
