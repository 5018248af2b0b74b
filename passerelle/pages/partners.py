"""Partenaires: one answer (reasoned cards) from two starts, an actor or an idea."""

from __future__ import annotations

from html import escape

import streamlit as st

from ontology.errors import AmbiguousActor, QueryError, UnknownActor
from passerelle import address
from passerelle.ecosystem import Ecosystem
from passerelle.figures import GONE
from passerelle.i18n import say, tell
from passerelle.look import empty, header, html, notice, plain, quiet
from passerelle.pieces import idea, refine
from passerelle.pieces.answer import ASKED, answer_lists, download
from passerelle.pieces.profile import cautions, profile_card
from passerelle.pieces.search_box import name_buttons
from passerelle.scene.scene import short_name
from passerelle.views import Answer, Profile

_STARTS = ("actor", "idea")
_LEADS = "pistes"
"""Where the leads begin; on a phone the profile stands before them."""


def page(ecosystem: Ecosystem) -> None:
    """Choose the start, then read the cards."""
    header(say("p_title"), say("p_lead"))
    start = "idea" if address.read("pour") == "idee" or (address.read("idee") and not address.read("acteur")) else "actor"
    address.show_in("start", start)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(say("p_mode"), _STARTS, key="start", format_func=lambda mode: say("p_" + mode), required=True, on_change=_started)
        html(quiet(say("p_call")))
    if start == "idea":
        _from_idea(ecosystem)
    else:
        _from_actor(ecosystem)


def _started() -> None:
    """Callback of the choice of a start; what was chosen in the other one stays in the address."""
    from_idea = st.session_state.start == "idea"
    address.write(pour="idee" if from_idea else None, idee=address.read("idee") if from_idea else None, tout=None)


def _open(actor: str) -> None:
    """Callback: the page of another actor."""
    address.write(acteur=actor, pour=None, idee=None, competences=None, tout=None)


def _chosen() -> None:
    """Callback of the list of actors."""
    address.write(acteur=st.session_state.acteur, tout=None)


def _from_actor(ecosystem: Ecosystem) -> None:
    """The profile on the left, the cards on the right."""
    asked = address.read("acteur")
    actor, fault = _find(ecosystem, asked)
    profile = ecosystem.profile(actor) if actor else None
    left, right = st.columns([0.34, 0.66], gap="large")
    with left:
        _actor_list(ecosystem, actor)
        if profile:
            if profile.status not in GONE:
                with st.container(key="jump"):
                    html(f'<a href="#{_LEADS}">{escape(say("p_jump"))}</a>')
            profile_card(profile, year=ecosystem.created.year)
            if st.button(say("see_network"), key="see-network", icon=":material/hub:", type="tertiary"):
                address.go("overview", acteur=profile.actor.id)
    with right:
        if fault is not None:
            _not_found(fault)
        elif profile is None:
            _no_actor(ecosystem)
        elif profile.status in GONE:
            _no_more(profile, ecosystem.recommend(actor=profile.actor.id, k=ASKED))
        else:
            restricted = refine.filters(ecosystem, of_actor=True)
            answer = ecosystem.recommend(actor=profile.actor.id, k=ASKED, filters=restricted, explore=refine.boldness())
            refine.refine(ecosystem, of_actor=True)
            _result(say("p_for", name=profile.actor.name), answer, ecosystem, of_actor=True)


def _no_more(profile: Profile, answer: Answer) -> None:
    """An actor that is closed or merged: what became of it, in place of leads."""
    st.header(plain(profile.actor.name), anchor=False)
    with st.container(border=True, key="card-gone"):
        html(cautions(profile))
        for note in answer.notes:
            notice(tell(note))


def _find(ecosystem: Ecosystem, asked: str) -> tuple[str | None, UnknownActor | AmbiguousActor | None]:
    """The id of the actor that the address names, or why there is none."""
    if not asked:
        return None, None
    try:
        return ecosystem.find(asked), None
    except (UnknownActor, AmbiguousActor) as error:
        return None, error
    except QueryError:  # a project's id, or nothing but signs
        return None, UnknownActor(asked)


def _actor_list(ecosystem: Ecosystem, actor: str | None) -> None:
    """All actors, to choose one."""
    names = {ref.id: f"{ref.name} · {ref.place}" if ref.place and ref.place not in ref.name else ref.name for ref in ecosystem.actors()}
    address.show_in("acteur", actor)
    st.selectbox(
        say("p_find"),
        list(names),
        index=None,
        key="acteur",
        placeholder=say("p_find_placeholder"),
        format_func=lambda i: names.get(i, i),
        on_change=_chosen,
    )


def _no_actor(ecosystem: Ecosystem) -> None:
    """Nobody chosen yet: how to start, and some actors to start from."""
    with st.container(border=True, key="card-start", horizontal_alignment="center"):
        empty(say("p_start_title"), say("p_start_body"))
        name_buttons([(fact.actor.id, short_name(fact.actor.name)) for fact in ecosystem.recent(6)], _open, centred=True)


def _not_found(fault: UnknownActor | AmbiguousActor) -> None:
    """A name that matches nobody, or several: the nearest ones."""
    names = fault.nearest if isinstance(fault, UnknownActor) else fault.matches
    text = fault.text[:80]
    with st.container(border=True, key="card-unknown", horizontal_alignment="center"):
        if isinstance(fault, AmbiguousActor):
            empty(say("p_several_title", text=text), say("p_several_body"))
        else:
            empty(say("p_unknown_title", text=text), say("p_unknown_body" if names else "p_unknown_none"))
        name_buttons(names, _open, centred=True)


def _from_idea(ecosystem: Ecosystem) -> None:
    """The text and its skills on the left, the cards on the right."""
    left, right = st.columns([0.34, 0.66], gap="large")
    with left:
        text = idea.idea_form()
    if not text:
        with right, st.container(border=True, key="card-start"):
            empty(say("i_start_title"), say("i_start_body"))
        return
    try:
        recognised = ecosystem.recommend(text=text, k=ASKED, filters=refine.filters(ecosystem, of_actor=False))
        with left:
            idea.skill_pills(ecosystem, recognised, text)
        skills = idea.chosen_skills(ecosystem)
        answer = recognised
        if skills is not None:
            restricted = refine.filters(ecosystem, of_actor=False)
            answer = ecosystem.recommend(text=text, skills=skills, k=ASKED, filters=restricted)
    except QueryError as error:
        with right:
            notice(str(error))
        return
    with right:
        refine.refine(ecosystem, of_actor=False)
        _result(say("p_for_idea"), answer, ecosystem, of_actor=False)


def _result(title: str, answer: Answer, ecosystem: Ecosystem, *, of_actor: bool) -> None:
    """The title, remarks on the question, the two lists."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(plain(title), anchor=_LEADS)
        download(answer)
    for note in answer.notes:
        notice(tell(note))
    answer_lists(answer, restricted=refine.filters(ecosystem, of_actor=of_actor), on_profile=_open)
