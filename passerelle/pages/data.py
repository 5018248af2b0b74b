"""Données: where the facts come from, lists brought in, duplicates to review, every fact with its provenance, every file to take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from passerelle import address
from passerelle.ecosystem import Ecosystem
from passerelle.i18n import say
from passerelle.look import header
from passerelle.pieces.data_duplicates import duplicates
from passerelle.pieces.data_facts import facts
from passerelle.pieces.data_files import files
from passerelle.pieces.data_import import bring_in
from passerelle.pieces.data_sources import sources

VIEWS: Mapping[str, Callable[[Ecosystem], None]] = MappingProxyType(
    {"sources": sources, "import": bring_in, "doublons": duplicates, "faits": facts, "fichiers": files}
)
"""The parts of the page by their word in the address, the first one is shown first."""


def page(ecosystem: Ecosystem) -> None:
    """One part at a time, chosen above."""
    header(say("d_title"), say("d_lead"))
    view = address.read("vue")
    view = view if view in VIEWS else next(iter(VIEWS))
    address.show_in("vue", view)
    st.segmented_control(
        say("d_view"),
        list(VIEWS),
        key="vue",
        format_func=lambda name: say("d_view_" + name),
        required=True,
        label_visibility="collapsed",
        on_change=lambda: address.write(vue=st.session_state.vue),
    )
    VIEWS[view](ecosystem)
