"""The app: navigation, language, theme and the list of pages. Started by `app.py` at the top of the project."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ontology.errors import NoSnapshot, PasserelleError
from passerelle import address, look
from passerelle.address import Place
from passerelle.document import document
from passerelle.ecosystem import Ecosystem
from passerelle.i18n import LANGUAGES, day, say, tell
from passerelle.pages import data, method, overview, partners, unbuilt

STATIC = Path(__file__).parent / "static"
PAGE_WIDTH = 1180
"""Pixels of the text column; network and cards need them, longer lines would not read well."""


@dataclass(frozen=True)
class Entry:
    """A page of the navigation: its key, its URL path, what draws it."""

    key: Place
    url_path: str
    draw: Callable[[Ecosystem], None]


PAGES: tuple[Entry, ...] = (
    Entry("overview", "apercu", overview.page),
    Entry("partners", "partenaires", partners.page),
    Entry("data", "donnees", data.page),
    Entry("method", "methode", method.page),
)
"""The pages, in the order of the navigation; the first one is the front page."""


def home() -> Path:
    """The folder of the built data: PASSERELLE_HOME, else .passerelle in the current folder."""
    return Path(os.environ.get("PASSERELLE_HOME") or ".passerelle")


def ecosystem() -> Ecosystem:
    """The ecosystem of the snapshot that CURRENT names now; a rebuild shows at the next click.

    The encoder is the one of PASSERELLE_ENCODER, else the default. Raises NoSnapshot, EncoderError.
    """
    folder = home()
    try:
        current = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except OSError:
        current = ""
    return _opened(str(folder), current, os.environ.get("PASSERELLE_ENCODER"))


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(folder: str, current: str, encoder: str | None) -> Ecosystem:  # noqa: ARG001 - part of the key
    """The ecosystem of a home; `current` is part of the key, so that a new snapshot is opened."""
    return Ecosystem.open(Path(folder), encoder)


def main() -> None:
    """Draw one run of the app."""
    address.choose_language()
    st.set_page_config("Passerelle", page_icon=str(STATIC / "icon.png"), layout="wide")
    look.style()
    st.logo(str(STATIC / f"logo-{st.context.theme.type or 'light'}.svg"), size="medium")
    pages = {entry.key: st.Page(_runner(entry), title=say("nav_" + entry.key), url_path=entry.url_path, default=entry is PAGES[0]) for entry in PAGES}
    address.remember(pages)
    current = st.navigation(list(pages.values()), position="top")
    st.set_page_config(f"{current.title} · Passerelle")
    with st.container(key="lang-switch"):
        st.segmented_control(
            say("language"),
            LANGUAGES,
            key="lang",
            format_func=str.upper,
            required=True,
            label_visibility="collapsed",
            on_change=address.language_switched,
        )
        document(_subject(current), _picked(current))
    with st.container(horizontal_alignment="center"), st.container(width=PAGE_WIDTH, key="page"):
        current.run()


def _runner(entry: Entry) -> Callable[[], None]:
    """What runs when a page is shown: the page itself, or the page that says why there is nothing to show."""

    def run() -> None:
        try:
            with st.spinner(say("opening")):
                known = ecosystem()
        except NoSnapshot:
            unbuilt.page(home())
            return
        except PasserelleError as error:
            unbuilt.problem(error)
            return
        try:
            entry.draw(known)
        except PasserelleError as error:
            look.notice(str(error))
        look.html(look.quiet(say("footer", title=tell(known.title), date=day(known.created))))

    return run


def _subject(page: st.Page) -> str:
    """What the page is about: when it changes, the reader is brought to the top. The front page never scrolls by itself."""
    about = address.read("acteur") + address.read("idee") if page.url_path == PAGES[1].url_path else ""
    return f"{page.url_path} {about}"


def _picked(page: st.Page) -> str:
    """What is picked on the network of the front page; '' elsewhere, and when nothing is."""
    return address.read("passerelle") or address.read("acteur") if page.url_path != PAGES[1].url_path else ""
