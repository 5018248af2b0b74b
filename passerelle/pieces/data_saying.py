"""Taking a decision on the data page: words while the graph is built, what was done afterwards, and what refuses, with nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TypeVar

import streamlit as st

from ontology.errors import BuildLocked, InputError, PasserelleError, StorageError
from passerelle.i18n import language, say
from passerelle.look import html, notice

_SAID = "data-said"
"""What the last decision did, shown once, with what to do next."""

_Done = TypeVar("_Done")


def carry_out(act: Callable[[], _Done], done: Callable[[_Done], str]) -> None:
    """Take a decision and build, saying so meanwhile; then draw the page again with what `done` tells. A refusal is said in place."""
    try:
        with st.spinner(say("d_building")):
            told = done(act())
            st.session_state[_SAID] = told
    except PasserelleError as error:
        refused(error)
    else:
        st.rerun()


def tell_once() -> str:
    """What the last decision did, on top; who stands further down sees that there is something to read. '' when there is nothing new."""
    said = str(st.session_state.pop(_SAID, ""))
    if said:
        notice(said)
        st.toast(say("d_toast"), icon=":material/check:")
    return said


def refused(error: PasserelleError) -> None:
    """That nothing has changed and what to do, in the language of the reader; the words of the error below, which are English."""
    kinds = {BuildLocked: "lock", StorageError: "disk", InputError: "input"}
    kind = next((word for sort, word in kinds.items() if isinstance(error, sort)), "other")
    html(f'<div class="caution" role="alert"><b>{escape(say("d_refused_" + kind))}</b>{detail(str(error))}</div>')


def detail(text: str) -> str:
    """A text of the core as it is, marked as English where the reader reads French."""
    lang = "" if language() == "en" else ' lang="en"'
    return f"<p{lang}>{escape(text)}</p>"
