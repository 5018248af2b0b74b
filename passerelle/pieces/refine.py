"""What restricts an answer: families, sector, distance, other sectors, and how bold it may be. All of it in the address."""

from __future__ import annotations

import streamlit as st

from passerelle import address
from passerelle.ecosystem import Ecosystem
from passerelle.i18n import number, say, tell
from passerelle.views import FAMILIES, Filters

DISTANCES = ("10", "20", "30", "50", "100", "")
"""Choices of distance in km; '' is no limit."""

BOLDNESS = ("0", "0.25", "0.5", "0.75", "1")
"""Choices of `explore`."""

_NAMES = ("familles", "secteur", "km", "ailleurs")


def filters(ecosystem: Ecosystem, *, of_actor: bool) -> Filters:
    """The restrictions of the address; distance and other sectors only make sense from an actor."""
    asked = address.read("secteur")
    distance = address.read("km")
    return Filters(
        families=frozenset(_families()),
        sector=asked if asked in dict(ecosystem.sectors()) else None,
        max_km=float(distance) if of_actor and distance in DISTANCES[:-1] else None,
        cross_sector=of_actor and address.read("ailleurs") == "1",
    )


def boldness() -> float:
    """How bold the answer may be, in [0, 1]."""
    return float(_bold())


def clear() -> None:
    """Callback: no restriction any more."""
    address.write(**dict.fromkeys((*_NAMES, "audace")))


def refine(ecosystem: Ecosystem, *, of_actor: bool) -> None:
    """Draw the restrictions: families in sight, the others one click away."""
    address.show_in("familles", _families())
    st.pills(
        say("f_family"),
        FAMILIES,
        selection_mode="multi",
        wrap=True,
        key="familles",
        format_func=lambda f: say("fam_" + f),
        on_change=_changed,
        args=("familles",),
    )
    set_now = sum(bool(address.read(name)) for name in (*_NAMES[1:], "audace"))
    title = say("filters_on", n=set_now) if set_now else say("filters")
    with st.expander(title, icon=":material/tune:", key="refine"):
        if of_actor:
            _boldness()
        left, right = st.columns(2, gap="medium")
        with left:
            _sector(ecosystem)
        if of_actor:
            with right:
                _distance()
            address.show_in("ailleurs", address.read("ailleurs") == "1")
            st.toggle(say("f_cross"), key="ailleurs", on_change=_changed, args=("ailleurs",))


def _families() -> list[str]:
    """The families of the address."""
    return [family for family in address.read_list("familles") if family in FAMILIES]


def _bold() -> str:
    """The boldness of the address, one of BOLDNESS."""
    asked = address.read("audace")
    return asked if asked in BOLDNESS else BOLDNESS[0]


def _boldness() -> None:
    """The dial from the closest to the boldest."""
    address.show_in("audace", _bold())
    st.select_slider(
        say("f_explore"),
        BOLDNESS,
        key="audace",
        format_func=lambda step: say(f"explore_{BOLDNESS.index(step)}"),
        help=say("f_explore_help"),
        on_change=_changed,
        args=("audace",),
    )


def _sector(ecosystem: Ecosystem) -> None:
    """The choice of a sector."""
    labels = {key: tell(label) for key, label in ecosystem.sectors()}
    asked = address.read("secteur")
    address.show_in("secteur", asked if asked in labels else None)
    keys = sorted(labels, key=lambda key: labels[key].casefold())
    st.selectbox(
        say("f_sector"),
        keys,
        index=None,
        key="secteur",
        placeholder=say("f_sector_all"),
        format_func=lambda key: labels[key],
        on_change=_changed,
        args=("secteur",),
    )


def _distance() -> None:
    """The choice of a distance."""
    asked = address.read("km")
    address.show_in("km", asked if asked in DISTANCES else "")
    st.select_slider(
        say("f_distance"),
        DISTANCES,
        key="km",
        format_func=lambda km: say("f_within", n=number(int(km))) if km else say("f_anywhere"),
        on_change=_changed,
        args=("km",),
    )


def _changed(name: str) -> None:
    """Callback: what a widget holds goes into the address."""
    value = st.session_state[name]
    if isinstance(value, list):
        value = ",".join(value)
    elif isinstance(value, bool):
        value = "1" if value else ""
    elif name == "audace" and value == BOLDNESS[0]:
        value = ""
    address.write(**{name: value, "tout": None})
