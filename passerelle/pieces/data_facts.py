"""Every fact about one actor or project: what, how sure, from which source, in which row of which file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from ontology.errors import AmbiguousActor, PasserelleError, UnknownActor
from passerelle import address
from passerelle.ecosystem import Ecosystem
from passerelle.fact_words import GROUPS
from passerelle.i18n import language, number, say, some, tell
from passerelle.look import confidence, empty, html, quiet, source_line
from passerelle.packages import name_of
from passerelle.pieces.search_box import name_buttons
from passerelle.provenance import FactRow
from passerelle.table import csv_bytes

FULL = 14
"""Facts of a group that are shown before the reader asks for all; numbers and codes wait until they are asked for."""


def facts(ecosystem: Ecosystem) -> None:
    """Choose an actor or a project, then read its facts."""
    st.header(say("d_facts"), anchor=False)
    html(quiet(say("d_facts_lead")))
    named = dict(_named(ecosystem, ecosystem.digest, language()))
    asked = address.read("fait")
    chosen, fault = _found(ecosystem, named, asked)
    if chosen:
        named.setdefault(chosen, tell(name_of(ecosystem.snapshot, chosen)))
    address.show_in("fait", chosen or None)
    st.selectbox(
        say("d_fact_of"),
        list(named),
        index=None,
        key="fait",
        placeholder=say("d_fact_of_hint"),
        format_func=lambda entity: named.get(entity, entity),
        on_change=lambda: address.write(fait=st.session_state.fait),
    )
    if chosen:
        _facts(chosen, named[chosen], ecosystem.facts_about(chosen))
    elif fault is not None:
        _not_found(asked, fault)
    else:
        empty(say("d_fact_choose"), say("d_fact_choose_body"))


@st.cache_data(max_entries=4, show_spinner=False)
def _named(_ecosystem: Ecosystem, digest: str, lang: str) -> Mapping[str, str]:  # noqa: ARG001 - part of the key
    """Actors, then projects, with the names under which they are chosen; `digest` and the language are the key."""
    names = {ref.id: f"{ref.name} · {ref.place}" if ref.place and ref.place not in ref.name else ref.name for ref in _ecosystem.actors()}
    return {**names, **{project: say("d_project", name=tell(name)) for project, name in _ecosystem.projects()}}


def _found(ecosystem: Ecosystem, named: Mapping[str, str], asked: str) -> tuple[str, PasserelleError | None]:
    """The actor or project that the address names, else why there is none."""
    if not asked or asked in named:
        return asked, None
    try:
        return ecosystem.find(asked), None
    except PasserelleError as error:
        return "", error


def _not_found(asked: str, fault: PasserelleError) -> None:
    """A name that matches nobody, or several: the nearest ones."""
    near = fault.nearest if isinstance(fault, UnknownActor) else fault.matches if isinstance(fault, AmbiguousActor) else ()
    with st.container(border=True, key="card-unknown", horizontal_alignment="center"):
        if isinstance(fault, AmbiguousActor):
            empty(say("p_several_title", text=asked[:80]), say("p_several_body"))
        else:
            empty(say("p_unknown_title", text=asked[:80]), say("p_unknown_body" if near else "p_unknown_none"))
        name_buttons(near, lambda entity: address.write(fait=entity), centred=True)


def _facts(entity: str, name: str, rows: Sequence[FactRow]) -> None:
    """How many, a search, a file; then the groups."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        asked = st.text_input(say("d_fact_find"), key="fact-find", placeholder=say("d_fact_find_hint"))
        st.download_button(
            say("download"),
            lambda: csv_bytes([_cells(row) for row in rows]),
            file_name=f"{entity.replace(':', '-')}-facts.csv",
            mime="text/csv",
            key="facts-csv",
            icon=":material/download:",
            on_click="ignore",
        )
    words = asked.casefold().split()
    found = [row for row in rows if all(word in _searched(row) for word in words)]
    html(quiet(say("d_fact_count", n=number(len(found)), name=name)))
    if not found:
        empty(say("d_fact_none"), say("d_fact_none_body"))
    for group in GROUPS:
        part = [row for row in found if row.group == group]
        if part:
            html(_group(group, part, folded=not words))


def _searched(row: FactRow) -> str:
    parts = (tell(row.what), tell(row.value), row.when, row.record, row.statement, *(f"{s.title} {s.year} {s.url}" for s in row.sources))
    return " ".join(filter(None, parts)).casefold()


def _group(group: str, rows: Sequence[FactRow], *, folded: bool) -> str:
    """Facts of one sort under their heading; a long list, and codes, behind a line that tells how many there are."""
    title = say("d_group_" + group)
    shown = len(rows) if not folded else 0 if group == "codes" else FULL if len(rows) > FULL + 2 else len(rows)
    head = f'<h3 class="over">{escape(title)} <span class="quiet">{number(len(rows))}</span></h3>'
    first = _table(title, rows[:shown]) if shown else ""
    if shown == len(rows):
        return head + first
    key = "d_fact_more" if shown else "d_fact_see"
    return f'{head}{first}<details class="rest"><summary>{escape(some(key, len(rows) - shown))}</summary>{_table(title, rows[shown:])}</details>'


def _table(title: str, rows: Sequence[FactRow]) -> str:
    return f'<table class="facts" aria-label="{escape(title)}"><tbody>{"".join(map(_row, rows))}</tbody></table>'


def _row(row: FactRow) -> str:
    """One fact: what, value and dates, how sure and from where."""
    when = f' <span class="quiet">{escape(_when(row.when))}</span>' if row.when else ""
    value = escape(tell(row.value))
    if value.startswith(("http://", "https://")):
        value = f'<a href="{value}" target="_blank" rel="noopener noreferrer">{value}</a>'
    return f'<tr><th scope="row">{escape(tell(row.what))}</th><td>{value}{when}</td><td>{_origin(row)}</td></tr>'


def _origin(row: FactRow) -> str:
    """How sure, the first source, and on request every source and the row that was read."""
    sure = confidence("inferred" if row.basis == "inferred" else row.confidence)
    lines = [source_line(source, row.published) for source in row.sources]
    first = lines[0] if lines else f'<span class="quiet">{escape(say("sources_none"))}</span>'
    told = (("d_file_row", row.locator or say("d_no_place")), ("d_key", row.record), ("d_statement", row.statement))
    more = "".join(f"<li>{line}</li>" for line in lines[1:])
    more += "".join(f'<li class="quiet">{escape(say(key))} <span class="code">{escape(value)}</span></li>' for key, value in told)
    title = say("d_record") if len(lines) < 2 else say("d_record_and", n=number(len(lines)))
    return f'<div class="foot">{sure}{first}<details class="more"><summary>{escape(title)}</summary><ul>{more}</ul></details></div>'


def _when(edtf: str) -> str:
    """Dates for a reader: `2019~` is about 2019, a slash stands between start and end."""
    parts = [say("d_about_year", year=part.rstrip("~")) if part.endswith("~") else part for part in edtf.split(" / ")]
    return " – ".join(dict.fromkeys(part if part != ".." else "…" for part in parts))


def _cells(row: FactRow) -> dict[str, object]:
    return {
        "statement": row.statement,
        "what": tell(row.what),
        "value": tell(row.value),
        "when": row.when,
        "basis": row.basis,
        "confidence": row.confidence,
        "sources": "; ".join(source.url or source.title for source in row.sources),
        "published": row.published,
        "record": row.record,
        "locator": row.locator,
    }
