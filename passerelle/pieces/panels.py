"""Beside the network: the list of missing bridges, one bridge, or one actor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Literal

import streamlit as st

from passerelle.address import go
from passerelle.figures import GONE
from passerelle.i18n import say, some, tell
from passerelle.look import both_gain, bridge_row, deck, doubts, empty, html, notice, over, plain, quiet, reasons, sources_of, who
from passerelle.pieces.profile import cautions
from passerelle.views import ActorRef, Answer, Link, Profile, Reason

Show = Callable[[str], None]
"""Opens a target of the network: 'node:ID' or 'link:A~B'."""


def bridge_list(links: Sequence[Link], show: Show) -> None:
    """The missing bridges, numbered as on the network."""
    if not links:
        empty(say("bridges_none_title"), say("bridges_none_body"))
    for number, link in enumerate(links, 1):
        pair = (link.a.name, link.b.name)
        row = bridge_row(number, pair, _first(link.reasons), link.band)
        _row(row, pair, f"link:{link.a.id}~{link.b.id}", number=number, show=show)


def bridge_panel(link: Link) -> None:
    """One missing bridge: the pair, the lead, the reasons, the gains, what is missing."""
    with st.container(border=True, key="card-picked", gap="small"):
        html(f'{who(link.a)}<div class="between">{deck(link.band, small=True)}</div>{who(link.b, link.km)}')
        html(over("why_pair") + reasons(link.reasons))
        html(over("gains") + both_gain(link.gains, link.a.name, link.b.name))
        doubt = doubts(link.missing, ())
        if doubt:
            html(doubt)
        _partners_of(link.a, "primary")
        _partners_of(link.b, "secondary")


def _partners_of(actor: ActorRef, kind: Literal["primary", "secondary"]) -> None:
    """The button that opens the partners of an actor."""
    label = plain(say("see_partners_of", name=actor.name))
    if st.button(label, key=f"partners-{actor.id}", type=kind):
        go("partners", acteur=actor.id)


def actor_panel(profile: Profile, degree: int | None, answer: Answer, show: Show) -> None:
    """One actor: what it does, how linked it is, its strongest leads, numbered as on the network; no lead of one that is no more.

    `degree` is None for an actor that the network does not show.
    """
    with st.container(border=True, key="card-picked", gap="small"):
        linked = some("net_links", degree) if degree is not None else say("net_gone")
        told = f'<p style="margin-top:.5rem">{escape(tell(profile.description))}</p>'
        origin = sources_of((profile.description_fact,)) if profile.description_fact else ""
        html(who(profile.actor) + quiet(linked) + cautions(profile) + told + origin)
        for note in answer.notes:
            notice(tell(note))
        if profile.status in GONE:
            return
        html(over("leads_of") + ("" if answer.recommendations else quiet(say("leads_none"))))
        for number, card in enumerate(answer.recommendations, 1):
            names = (profile.actor.name, card.partner.name)
            row = bridge_row(number, card.partner.name, _first(card.reasons), card.band)
            _row(row, names, f"link:{profile.actor.id}~{card.partner.id}", number=number, show=show)
        if st.button(say("see_partners"), key="partners-of", type="primary"):
            go("partners", acteur=profile.actor.id)


def gone_panel() -> None:
    """A bridge that is not suggested any more."""
    with st.container(border=True, key="card-picked"):
        empty(say("bridge_gone_title"), say("bridge_gone_body"))


def _row(body: str, pair: tuple[str, str], target: str, *, number: int, show: Show) -> None:
    """A row of a list that ends with the button that opens it."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"bridge-{number}"):
        html(body)
        st.button(
            say("see", n=number),
            key=f"see-{target}",
            icon=":material/chevron_right:",
            icon_position="right",
            type="tertiary",
            help=plain(say("see_why", a=pair[0], b=pair[1])),
            on_click=show,
            args=(target,),
        )


def _first(why: Sequence[Reason]) -> str:
    """The strongest reason as a sentence."""
    return tell(why[0].text) if why else ""
