"""The scene of the network: islands, known links, numbered missing bridges; and the component that draws it.

The component is one SVG (Streamlit components v2): no library, no build step, no request. Names reach the browser as
data and are written as text nodes, never as HTML.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import streamlit as st

from passerelle.i18n import say, some, tell
from passerelle.scene.hull import hull_path
from passerelle.views import ActorRef, Network

WIDTH, HEIGHT = 1000, 860
"""The frame of `Network.positions`."""

LABELLED = 34
"""How many of the best linked actors are named on the picture."""

_BRACKETED_END = re.compile(r"\s+\([^()]*\)\s*$")
_FOLDER = Path(__file__).parent
_HTML = '<div class="scene"><div class="tools"></div><div class="tip" hidden></div><div class="live" aria-live="polite"></div></div>'


class Island(TypedDict):
    """A cluster: its outline (and the one of the turned picture of a phone), the lines of its name, and its box (left, top, right, bottom)."""

    outline: str
    turned: str
    name: list[str]
    lone: bool
    box: tuple[float, float, float, float]


class Dot(TypedDict):
    """An actor: place, radius, family, the name beside it ('' for none) and the sentence shown on hover."""

    id: str
    x: float
    y: float
    r: float
    family: str
    quiet: bool
    name: str
    short: str
    title: str


class Line(TypedDict):
    """A known link; `far` when it joins two islands, `tie` when it is a working tie."""

    a: str
    b: str
    far: bool
    tie: bool


class Bridge(TypedDict):
    """A missing bridge with its number in the list."""

    a: str
    b: str
    id: str
    number: int
    title: str


class Scene(TypedDict):
    """All that the component draws."""

    width: int
    height: int
    label: str
    zoom: list[str]
    islands: list[Island]
    dots: list[Dot]
    lines: list[Line]
    bridges: list[Bridge]
    chosen: str | None


def draw(scene: Scene, *, key: str, on_pick: Callable[[str | None], None]) -> None:
    """Draw a scene. A click calls `on_pick` with 'node:ID', 'link:A~B', or None for the empty ground."""

    def picked() -> None:
        choice = st.session_state[key].get("picked")
        on_pick(str(choice) if choice and choice != "none" else None)

    mount = st.components.v2.component(
        "passerelle_scene",
        html=_HTML,
        css=(_FOLDER / "scene.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "scene.js").read_text(encoding="utf-8"),
    )
    mount(key=key, data=scene, on_picked_change=picked)


def network_scene(network: Network, missing: Sequence[tuple[ActorRef, ActorRef]], chosen: str | None) -> Scene:
    """The scene of a network with these missing bridges, numbered as in the list. `chosen` as in `draw`."""
    cluster_of = {actor.id: cluster for actor, cluster, _ in network.nodes}
    bridges = [_bridge(number, a, b) for number, (a, b) in enumerate(missing, 1) if a.id in cluster_of and b.id in cluster_of]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "label": say("net_label"),
        "zoom": [say("zoom_in"), say("zoom_out"), say("zoom_all")],
        "islands": _islands(network),
        "dots": _dots(network, {end for bridge in bridges for end in (bridge["a"], bridge["b"])}),
        "lines": [{"a": a, "b": b, "far": cluster_of[a] != cluster_of[b], "tie": is_tie} for a, b, is_tie in network.links],
        "bridges": bridges,
        "chosen": chosen,
    }


def _bridge(number: int, a: ActorRef, b: ActorRef) -> Bridge:
    """A numbered bridge between two actors."""
    return {"a": a.id, "b": b.id, "id": f"{a.id}~{b.id}", "number": number, "title": f"{number}. {a.name} – {b.name}"}


def _islands(network: Network) -> list[Island]:
    """Outlines and names of the clusters; the actors without a known link stand together without an outline."""
    names = {cluster.id: tell(cluster.name) for cluster in network.clusters}
    members: dict[int, list[tuple[float, float]]] = {}
    for (_, cluster, degree), place in zip(network.nodes, network.positions, strict=True):
        if cluster in names or degree == 0:  # pairs outside every cluster need no name
            members.setdefault(cluster if cluster in names else -1, []).append(place)
    return [_island(places, names.get(cluster, say("net_alone")), lone=cluster not in names) for cluster, places in sorted(members.items())]


def _island(places: list[tuple[float, float]], name: str, *, lone: bool) -> Island:
    """One island around these places; the turned picture swaps x and y."""
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return {
        "outline": hull_path(places),
        "turned": hull_path([(y, x) for x, y in places]),
        "name": name.split("|"),
        "lone": lone,
        "box": (min(xs), min(ys), max(xs), max(ys)),
    }


def _dots(network: Network, ends: set[str]) -> list[Dot]:
    """The actors; the best linked and the ends of bridges carry their name."""
    order = sorted(range(len(network.nodes)), key=lambda i: (-network.nodes[i][2], network.nodes[i][0].id))
    named = {network.nodes[i][0].id for i in order[:LABELLED]} | ends
    return [
        {
            "id": actor.id,
            "x": round(x, 1),
            "y": round(y, 1),
            "r": round(2.6 + 1.25 * math.sqrt(degree), 2),
            "family": actor.family,
            "quiet": degree == 0,
            "name": short_name(actor.name) if actor.id in named else "",
            "short": short_name(actor.name),
            "title": f"{actor.name} · {tell(actor.kind_label)} · {actor.place or say('nowhere')} · {some('net_links', degree)}",
        }
        for (actor, _, degree), (x, y) in zip(network.nodes, network.positions, strict=True)
    ]


def short_name(name: str, longest: int = 26) -> str:
    """The name without a bracketed end, cut to `longest` characters."""
    head = _BRACKETED_END.sub("", name)
    return head if len(head) <= longest else head[: longest - 1].rstrip() + "…"
