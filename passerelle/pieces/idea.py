"""The start from an idea: the text, examples, and the skills recognised in it, which can be taken away or added."""

from __future__ import annotations

import re
import zlib

import streamlit as st

from passerelle import address
from passerelle.ecosystem import Ecosystem
from passerelle.i18n import number, say, tell
from passerelle.look import html, notice, plain, quiet
from passerelle.views import Answer

LONGEST = 100_000
"""Characters of a text that is still read."""

_KEY, _LONG, _ADDED = "idea_text", "long_idea", "skill_added"
_NONE = "-"


def idea() -> str:
    """The text asked about: the one of the address, else a long one kept in the session."""
    return address.read("idee") or str(st.session_state.get(_LONG, ""))


def idea_form() -> str:
    """Draw the form with its examples; the text to answer, '' when there is none or it cannot be read."""
    text = idea()
    address.show_in(_KEY, text)
    with st.form("idea-form", border=False):
        st.text_area(say("i_label"), key=_KEY, height=150, placeholder=say("i_placeholder"))
        sent = st.form_submit_button(say("i_go"), type="primary", icon=":material/search:", on_click=_sent)
    if not re.search(r"\w", text):
        if sent or text:
            notice(say("i_empty"))
        with st.container(gap="small", key="examples-idea"):
            html(quiet(say("i_try")))
            for key in ("idea_1", "idea_2", "idea_3", "idea_4"):
                st.button(say(key), key=f"try-{key}", on_click=ask, args=(say(key),))
        return ""
    if len(text) > LONGEST:
        notice(say("i_long", n=number(len(text)), max=number(LONGEST)))
        return ""
    return text


def _sent() -> None:
    """Callback of the form."""
    ask(str(st.session_state[_KEY]))


def ask(text: str) -> None:
    """Callback: ask about a text; a short one goes into the address, a long one stays in the session."""
    address.write(pour="idee", idee=keep(text), competences=None, tout=None)


def keep(text: str) -> str:
    """Keep a long text in the session; what goes into the address, '' for a long text."""
    asked = text.strip()
    short = asked if len(asked) <= address.LONGEST else ""
    st.session_state[_LONG] = "" if short else asked
    return short


def chosen_skills(ecosystem: Ecosystem) -> tuple[str, ...] | None:
    """The skills of the address that exist; None when the text decides."""
    asked, known = address.read_list("competences"), dict(ecosystem.skills())
    return tuple(skill for skill in asked if skill in known) if asked else None


def skill_pills(ecosystem: Ecosystem, recognised: Answer, text: str) -> None:
    """The skills recognised in the text and those added, each of which can be taken away; and a box to add one."""
    labels = {key: tell(label) for key, label in ecosystem.skills()} | {key: tell(label) for key, label in recognised.skills}
    found = [key for key, _ in recognised.skills]
    chosen = chosen_skills(ecosystem)
    now = found if chosen is None else list(chosen)
    options = list(dict.fromkeys((*found, *now)))
    if options:
        key = f"skills-{zlib.crc32(text.encode())}-{len(options)}"
        address.show_in(key, now)
        st.pills(
            say("i_skills"),
            options,
            selection_mode="multi",
            wrap=True,
            format_func=lambda skill: plain(labels[skill]),
            key=key,
            on_change=_pruned,
            args=(key,),
        )
    else:
        notice(say("i_no_skill"))
    rest = sorted((key for key in labels if key not in options), key=lambda key: labels[key].casefold())
    st.selectbox(
        say("i_add"),
        rest,
        index=None,
        key=_ADDED,
        placeholder=say("i_add_placeholder"),
        format_func=lambda skill: labels[skill],
        on_change=_add,
        args=(tuple(now),),
    )


def _pruned(key: str) -> None:
    """Callback of the pills."""
    address.write(competences=",".join(st.session_state[key]) or _NONE, tout=None)


def _add(now: tuple[str, ...]) -> None:
    """Callback of the box that adds a skill."""
    added = st.session_state[_ADDED]
    st.session_state[_ADDED] = None
    if added:
        address.write(competences=",".join((*now, added)), tout=None)
