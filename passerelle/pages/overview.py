"""Aperçu: where the territory stands, its network, its strongest missing bridges."""

from __future__ import annotations

import streamlit as st

from ontology.errors import AmbiguousActor, QueryError, UnknownActor
from passerelle import address
from passerelle.ecosystem import Ecosystem
from passerelle.figures import GONE
from passerelle.i18n import say, tell
from passerelle.look import header, html, key_figures, legend, need_row, quiet
from passerelle.pieces.panels import actor_panel, bridge_list, bridge_panel, gone_panel
from passerelle.pieces.search_box import search_box
from passerelle.scene import draw, network_scene
from passerelle.views import ActorRef, Card, Filters, Link, Network

BRIDGES, MORE = 5, 12
"""How many missing bridges are drawn and listed, at first and on request."""

LEADS = 4
"""How many leads of a chosen actor are drawn and listed."""

_FURTHER = 60
"""How far down the lists a bridge of the address is looked for."""

_FILTERS = ("sectors", "clusters", "research")

Pairs = list[tuple[ActorRef, ActorRef]]
"""Missing bridges, in the order of their numbers."""


def page(ecosystem: Ecosystem) -> None:
    """The box, the figures, the network beside the list that explains its numbers, recent facts."""
    network = ecosystem.network()
    header(say("home_title", title=tell(ecosystem.title)), say("home_lead"))
    search_box(ecosystem, on_actor=_show_actor)
    key_figures(ecosystem.figures())
    left, right = st.columns([0.64, 0.36], gap="medium")
    with right:
        drawn, chosen = _beside(ecosystem, network)
    with left:
        st.header(say("net_title"), anchor=False)
        legend()
        draw(network_scene(network, drawn, chosen), key="network", on_pick=_show)
        html(quiet(say("net_hint")))
    _recent(ecosystem)


def _beside(ecosystem: Ecosystem, network: Network) -> tuple[Pairs, str | None]:
    """The panel that the address asks for; the missing bridges to draw, and what is chosen on the picture."""
    if bridge := address.read("passerelle"):
        return _bridge(ecosystem, bridge)
    if actor := address.read("acteur"):
        return _actor(ecosystem, actor, network)
    return _list(ecosystem), None


def _show(target: str | None) -> None:
    """Callback: show an actor, a bridge, or (None) the list."""
    kind, _, what = (target or "").partition(":")
    address.write(acteur=what if kind == "node" else None, passerelle=what if kind == "link" else None, q=None)


def _show_actor(actor: str) -> None:
    """Callback: show an actor on the network."""
    _show(f"node:{actor}")


def _list(ecosystem: Ecosystem) -> Pairs:
    """The strongest missing bridges, and what they are restricted to."""
    st.header(say("strongest"), anchor=False)
    address.show_in("filtres", [name for name in address.read_list("filtres") if name in _FILTERS])
    st.pills(
        say("bridges_show"),
        _FILTERS,
        selection_mode="multi",
        wrap=True,
        key="filtres",
        format_func=lambda name: say("bridges_" + name),
        on_change=_filtered,
    )
    links = ecosystem.links(k=_count(), filters=_filters())
    bridge_list(links, _show)
    if len(links) == BRIDGES:
        st.button(say("bridges_more"), key="more-bridges", icon=":material/expand_more:", type="tertiary", on_click=_more)
    return [(link.a, link.b) for link in links]


def _count() -> int:
    """How many missing bridges the address asks for."""
    return MORE if address.read("plus") else BRIDGES


def _more() -> None:
    """Callback: list more of them."""
    address.write(plus="1")


def _filtered() -> None:
    """Callback of the restrictions."""
    address.write(filtres=",".join(st.session_state.filtres))


def _filters() -> Filters:
    """The restrictions of the address."""
    asked = address.read_list("filtres")
    return Filters(cross_sector="sectors" in asked, cross_cluster="clusters" in asked, research_industry="research" in asked)


def _bridge(ecosystem: Ecosystem, pair: str) -> tuple[Pairs, str | None]:
    """The panel of one bridge; drawn with the others of the list when it is one of them."""
    links = ecosystem.links(k=_count(), filters=_filters())
    drawn = [(link.a, link.b) for link in links]
    link = next((link for link in links if f"{link.a.id}~{link.b.id}" == pair), None)
    if link is None:
        link = _look_for(ecosystem, *pair.partition("~")[::2])
        drawn = [(link.a, link.b)] if link else drawn
    if link is None:
        gone_panel()
    else:
        bridge_panel(link)
    _back()
    return drawn, f"link:{pair}" if link else None


def _look_for(ecosystem: Ecosystem, a: str, b: str) -> Link | None:
    """The bridge between two actors, from the leads of the first; None when it is not suggested."""
    try:
        answer = ecosystem.recommend(actor=a, k=_FURTHER)
    except QueryError:
        return None
    card = next((card for card in (*answer.recommendations, *answer.supports) if card.partner.id == b), None)
    return _as_link(answer.subject, card) if card and answer.subject else None


def _as_link(subject: ActorRef, card: Card) -> Link:
    """A card as the missing link between its two sides."""
    return Link(card.rank, subject, card.partner, card.km, card.score, card.band, card.gains, card.reasons, card.missing)


def _actor(ecosystem: Ecosystem, actor: str, network: Network) -> tuple[Pairs, str | None]:
    """The panel of one actor and its own leads."""
    try:
        actor = ecosystem.find(actor)
    except (UnknownActor, AmbiguousActor, QueryError):
        address.write(acteur=None, q=actor)
        st.rerun()
    profile = ecosystem.profile(actor)
    drawn = any(ref.id == actor for ref, _, _ in network.nodes)
    degree = len({tie.partner.id for tie in (*profile.ties, *profile.context)}) if drawn else None
    answer = ecosystem.recommend(actor=actor, k=LEADS)
    actor_panel(profile, degree, answer, _show)
    _back()
    leads = () if profile.status in GONE else answer.recommendations
    return [(profile.actor, card.partner) for card in leads], f"node:{actor}"


def _back() -> None:
    """The way back to the list."""
    st.button(say("back"), key="back", icon=":material/arrow_back:", type="tertiary", on_click=_show, args=(None,))


def _recent(ecosystem: Ecosystem) -> None:
    """The newest needs that a source states."""
    facts = ecosystem.recent(3)
    if not facts:
        return
    st.header(say("recent"), anchor=False)
    for box, fact in zip(st.columns(3, gap="small"), facts, strict=False):
        with box, st.container(border=True, key=f"card-recent-{fact.actor.id}", height="stretch"):
            html(need_row(f"{fact.actor.name} · {tell(fact.need.label)}", fact.need))
            if st.button(say("profile"), key=f"recent-{fact.actor.id}", type="tertiary"):
                address.go("partners", acteur=fact.actor.id)
