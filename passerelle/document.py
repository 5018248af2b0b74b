"""What the page tells the browser: its language (for screen readers), when to go back to its top, when to show the panel."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from passerelle.i18n import language


def document(subject: str, picked: str) -> None:
    """Set the language of the document; scroll to the top when `subject` is no longer the one shown before.

    When something else is `picked` on the network, a phone scrolls to its panel, which stands below the network there.
    """
    script = Path(__file__).with_name("document.js").read_text(encoding="utf-8")
    mount = st.components.v2.component("passerelle_document", js=script)
    mount(key="document", data={"lang": language(), "subject": subject, "picked": picked})
