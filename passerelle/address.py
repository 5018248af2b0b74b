"""The address bar holds what the reader chose: actor, bridge, idea, filters.

One rule keeps page and address together: a widget is given the value of the address before it is drawn (`show_in`),
and its callback writes the address (`write`). Deep links, reload and the Back button then work by themselves.

Parameters: `lang`; `q`, `filtres`, `plus`, `passerelle` (overview); `acteur`; `pour`, `idee`, `competences`, `familles`,
`secteur`, `km`, `ailleurs`, `audace`, `tout` (partners); `vue`, `fait` (data).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from passerelle.i18n import LANGUAGES, Language, language, speak

Place = Literal["overview", "partners", "data", "method"]

LONGEST = 1500
"""Characters of an idea that still go into the address; longer ones stay in the session."""

_PLACES = "places"
_LANG = "lang"


def read(name: str) -> str:
    """The value of a parameter, '' when absent."""
    return str(st.query_params.get(name, "")).strip()


def read_list(name: str) -> tuple[str, ...]:
    """The values of a parameter that holds a list separated by commas."""
    return tuple(part for part in read(name).split(",") if part)


def write(**values: str | None) -> None:
    """Set parameters, all in one step of the history; None or '' removes one."""
    before = st.query_params.to_dict()
    after = {name: value for name, value in {**before, **values}.items() if value}
    if after != before:
        st.query_params.from_dict(after)


def show_in(key: str, value: object) -> None:
    """Give the widget `key` its value, before it is drawn."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def choose_language() -> Language:
    """The language of this run: the one of the address, else the one chosen earlier in the session, else French."""
    asked = read(_LANG)
    state = st.session_state
    chosen: Language = "en" if asked == "en" else "fr" if asked == "fr" else state.get(_LANG, LANGUAGES[0])
    show_in(_LANG, chosen)
    speak(chosen)
    if chosen != LANGUAGES[0]:
        write(lang=chosen)
    return chosen


def language_switched() -> None:
    """Callback of the language switch."""
    write(lang=st.session_state[_LANG])


def remember(places: Mapping[Place, st.Page]) -> None:
    """Keep the pages of this run, so that `go` and `link` find them."""
    st.session_state[_PLACES] = dict(places)


def go(place: Place, **values: str) -> None:
    """Open another page with these parameters; the language is kept. Not inside a callback."""
    kept = {_LANG: language()} if language() != LANGUAGES[0] else {}
    st.switch_page(st.session_state[_PLACES][place], query_params={**values, **kept})
