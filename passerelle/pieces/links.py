"""Real links to a page with what is to be shown there: one step of the history, so that Back returns to where the reader was."""

from __future__ import annotations

import streamlit as st

from passerelle.address import Place
from passerelle.i18n import LANGUAGES, language


def link_to(place: Place, label: str, icon: str | None = None, **values: str) -> None:
    """A link to a page with these parameters; the language is kept. `label` is read as Markdown."""
    kept = {"lang": language()} if language() != LANGUAGES[0] else {}
    st.page_link(st.session_state["places"][place], label=label, icon=icon, query_params={**values, **kept})
