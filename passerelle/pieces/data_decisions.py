"""Every decision on the data, the latest first, each with its undo."""

from __future__ import annotations

from datetime import datetime
from html import escape

import streamlit as st

from graph_builder.journal import Entry
from passerelle.i18n import day, say, some
from passerelle.look import html, quiet
from passerelle.pieces.data_saying import carry_out
from passerelle.stewarding import Decided, Steward, standing

FULL = 20
"""Decisions that are listed."""


def decisions(steward: Steward) -> None:
    """The decisions of this home."""
    entries = steward.history()
    st.header(say("d_history"), anchor=False)
    if not entries:
        html(quiet(say("d_history_none")))
    held = {entry.id for entry in standing(reversed(entries)).values()}
    for entry in entries[:FULL]:
        _decision(steward, entry, in_force=entry.id in held)
    if entries[FULL:]:
        html(quiet(some("d_history_more", len(entries) - FULL)))


def _decision(steward: Steward, entry: Entry, *, in_force: bool) -> None:
    """One decision: what, when, whether it still counts; in force, it can be taken back."""
    with st.container(border=True, key=f"card-decision-{entry.id}", gap="small"):
        if in_force:
            html(f"<p>{escape(told(entry))}</p>{quiet(_moment(entry.at))}")
            if st.button(say("d_undo"), key=f"undo-{entry.id}", icon=":material/undo:"):
                _undo(steward, entry)
        else:
            state = say("d_undone" if entry.undone else "d_replaced")
            html(quiet(told(entry)) + quiet(f"{_moment(entry.at)} · {state}"))


def _undo(steward: Steward, entry: Entry) -> None:
    def act() -> Decided:
        return steward.undo(entry.id)

    carry_out(act, lambda _: say("d_done_undo", what=told(entry)))


def told(entry: Entry) -> str:
    """A decision in one line."""
    payload = entry.payload
    if entry.kind == "import":
        return say("d_entry_import", file=str(payload["filename"]), name=str(payload["name"]))
    names = payload["names"]
    first, second = (str(name) for name in names) if isinstance(names, list) else ("", "")
    verdict = str(payload["verdict"])
    return say("d_entry_judgement", a=first, b=second, verdict=say("d_verdict_" + verdict))


def _moment(at: str) -> str:
    """Day and minute, in the time of this machine."""
    moment = datetime.fromisoformat(at).astimezone()
    return say("d_moment", day=day(moment.date()), time=f"{moment:%H:%M}")
