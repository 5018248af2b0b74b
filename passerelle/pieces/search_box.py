"""The one box of the front page: a name opens an actor, a sentence looks for partners."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ontology.errors import AmbiguousActor, QueryError, UnknownActor
from ontology.model import EntityKind
from passerelle import address
from passerelle.ecosystem import Ecosystem
from passerelle.i18n import say, tell
from passerelle.look import html, notice, plain, quiet
from passerelle.pieces.idea import keep
from passerelle.scene.scene import short_name

_SENTENCE = 4
"""From this many words on, what matches no name is an idea."""

_KEY, _LONG = "box", "box_long"


def search_box(ecosystem: Ecosystem, *, on_actor: Callable[[str], None]) -> None:
    """Draw the box, examples, and what was found. `on_actor` receives the id of a chosen actor (it is a callback)."""
    address.show_in(_KEY, address.read("q"))
    with st.form("box-form", border=False), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(say("box_label"), key=_KEY, placeholder=say("box_placeholder"), type="search")
        sent = st.form_submit_button(say("box_go"), type="primary", icon=":material/search:", on_click=_sent)
    if long := st.session_state.pop(_LONG, ""):
        keep(long)
        address.go("partners", pour="idee")
    text = address.read("q")
    if text and address.read("acteur"):
        _as_idea(text)
    elif text:
        _answer(ecosystem, text, on_actor)
    elif sent:
        notice(say("box_empty"))
    else:
        _examples(ecosystem, on_actor)


def _sent() -> None:
    """Callback of the box: what was written goes into the address; a text too long for it is an idea."""
    asked = " ".join(str(st.session_state[_KEY]).split())
    fits = len(asked) <= address.LONGEST
    st.session_state[_LONG] = "" if fits else asked
    address.write(q=asked if fits else None, acteur=None, passerelle=None)


def _examples(ecosystem: Ecosystem, on_actor: Callable[[str], None]) -> None:
    """A name and three ideas to try."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="examples-box"):
        html(quiet(say("box_try")), width="content")
        for fact in ecosystem.recent(1):
            st.button(plain(short_name(fact.actor.name)), key="try-actor", on_click=on_actor, args=(fact.actor.id,))
        for key in ("idea_1", "idea_2"):
            if st.button(say(key), key=f"try-{key}"):
                address.go("partners", pour="idee", idee=say(key))


def _answer(ecosystem: Ecosystem, text: str, on_actor: Callable[[str], None]) -> None:
    """Open the actor, or the idea, or offer the choice."""
    try:
        found = ecosystem.find(text)
    except AmbiguousActor as error:
        notice(say("box_several", text=_cut(text)))
        name_buttons(error.matches, on_actor)
    except (UnknownActor, QueryError):
        if len(text.split()) >= _SENTENCE:
            address.go("partners", pour="idee", idee=text)
        _suggestions(ecosystem, text, on_actor)
    else:
        address.write(acteur=found, q=None if _is_name(ecosystem, found, text) else text)
        st.rerun()
    _as_idea(text)


def _suggestions(ecosystem: Ecosystem, text: str, on_actor: Callable[[str], None]) -> None:
    """What a word that names no actor may stand for: skills first, then actors."""
    try:
        hits = ecosystem.search(text, 16)
    except QueryError:
        notice(say("box_empty"))
        return
    skills = [hit for hit in hits if hit.kind == EntityKind.SKILL and hit.match == "skill"]
    actors = [hit for hit in hits if hit.kind == EntityKind.ORGANIZATION and not (skills and hit.match == "near")]
    notice(say("box_near" if skills or actors else "box_none", text=_cut(text)))
    labels = dict(ecosystem.skills())
    with st.container(horizontal=True, gap="small", key="examples-skills"):
        for hit in skills[:4]:
            label = tell(labels[hit.id])
            if st.button(plain(f"{label} ({say('match_skill')})"), key=f"skill-{hit.id}"):
                address.go("partners", pour="idee", idee=label, competences=hit.id)
    name_buttons([(hit.id, f"{hit.name} ({say('match_' + hit.match)})") for hit in actors[:6]], on_actor)


def _is_name(ecosystem: Ecosystem, actor: str, text: str) -> bool:
    """Whether the text is the whole name of the actor, and not only a part of it."""
    profile = ecosystem.profile(actor)
    return text.casefold() in {actor.casefold(), *(name.casefold() for name in (profile.actor.name, *profile.aliases))}


def _as_idea(text: str) -> None:
    """The way from a name to an idea."""
    if st.button(plain(say("box_as_idea", text=_cut(text))), key="as-idea", icon=":material/arrow_forward:", type="tertiary"):
        address.go("partners", pour="idee", idee=text)


def name_buttons(names: Sequence[tuple[str, str]], on_actor: Callable[[str], None], *, centred: bool = False) -> None:
    """Buttons that open actors: (id, name)."""
    with st.container(horizontal=True, gap="small", key="names-found", horizontal_alignment="center" if centred else "left"):
        for actor, name in names[:10]:
            st.button(plain(name), key=f"name-{actor}", on_click=on_actor, args=(actor,))


def _cut(text: str) -> str:
    """What was written, short enough for a message."""
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
