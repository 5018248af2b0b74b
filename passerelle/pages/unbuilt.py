"""What is shown when there is nothing to show: no data built yet, or a fault."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from ontology.errors import PasserelleError
from passerelle.i18n import say
from passerelle.look import header, html, notice


def page(home: Path) -> None:
    """How to build the data, in two lines."""
    header(say("unbuilt_title"), say("unbuilt_lead"))
    with st.container(border=True, key="card-unbuilt"):
        html(f"<p>{escape(say('unbuilt_how'))}</p>")
        st.code(f"passerelle build --home {home}", language=None)
        html(f"<p>{escape(say('unbuilt_then'))}</p>")
        st.button(say("unbuilt_again"), type="primary")


def problem(error: PasserelleError) -> None:
    """A fault that the facade reports, in its own words."""
    header(say("problem_title"), say("problem_lead"))
    notice(str(error))
