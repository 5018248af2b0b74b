"""An answer: partners and supports in two lists of reasoned cards, and the same as a table to download."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import streamlit as st

from passerelle import address
from passerelle.i18n import say, some, tell
from passerelle.look import empty, html, quiet
from passerelle.pieces import refine
from passerelle.pieces.card import partner_card
from passerelle.table import csv_bytes
from passerelle.views import ActorRef, Answer, Card, Filters

FULL = 5
"""Cards shown before one asks for the others."""

ASKED = 10
"""Cards asked for in each list."""


def answer_lists(answer: Answer, *, restricted: Filters, on_profile: Callable[[str], None]) -> None:
    """Draw both lists, each under its tab, with what to do when one is empty."""
    titles = (say("tab_partners", n=len(answer.recommendations)), say("tab_supports", n=len(answer.supports)))
    partners, supports = st.tabs(titles)
    any_restriction = restricted != Filters()
    with partners:
        html(quiet(say("tab_partners_help")))
        _cards("lead", answer.recommendations, answer.subject, on_profile)
        if not answer.recommendations:
            _nothing("none", restricted=any_restriction)
    with supports:
        html(quiet(say("tab_supports_help")))
        _cards("support", answer.supports, answer.subject, on_profile)
        if not answer.supports:
            _nothing("none_supports", restricted=any_restriction)


def download(answer: Answer) -> None:
    """The button that gives the answer as a table."""
    about = answer.subject.id.replace(":", "-") if answer.subject else "idee"
    st.download_button(
        say("download"),
        csv_bytes(rows(answer)),
        file_name=f"{say('t_file')}-{about}.csv",
        mime="text/csv",
        key="download",
        icon=":material/download:",
        help=say("download_help"),
        on_click="ignore",
        disabled=not (answer.recommendations or answer.supports),
    )


def rows(answer: Answer) -> list[Mapping[str, object]]:
    """The answer as rows of a table, in the current language."""
    lists: tuple[tuple[str, Sequence[Card]], ...] = (("t_partners", answer.recommendations), ("t_supports", answer.supports))
    subject = answer.subject.name if answer.subject else say("t_idea")
    return [{say("t_for"): subject, **_row(say(name), card)} for name, cards in lists for card in cards]


def _row(name: str, card: Card) -> Mapping[str, object]:
    """One card as a row."""
    return {
        say("t_list"): name,
        say("t_rank"): card.rank,
        say("t_name"): card.partner.name,
        say("t_kind"): tell(card.partner.kind_label),
        say("t_place"): card.partner.place,
        say("t_km"): None if card.km is None else round(card.km),
        say("t_band"): say("band_" + card.band),
        say("t_reasons"): " | ".join(tell(reason.text) for reason in card.reasons),
        say("t_gain_subject"): tell(card.gains.subject),
        say("t_gain_partner"): tell(card.gains.partner),
        say("t_missing"): " | ".join(tell(text) for text in (card.missing, card.to_check, *card.questions) if text),
        say("t_sources"): " | ".join(dict.fromkeys(_addresses(card))),
    }


def _addresses(card: Card) -> Iterator[str]:
    """The sources of a card: address, else title."""
    for reason in card.reasons:
        for fact in reason.facts:
            for source in fact.sources:
                yield source.url or source.title


def _cards(name: str, cards: Sequence[Card], subject: ActorRef | None, on_profile: Callable[[str], None]) -> None:
    """The first cards of a list, and the button that shows the others."""
    opened = name in address.read_list("tout")
    for card in cards if opened else cards[:FULL]:
        partner_card(card, subject, key=f"{name}-{card.rank}", on_profile=on_profile)
    if not opened and len(cards) > FULL:
        st.button(some("more_cards", len(cards) - FULL), key=f"more-{name}", on_click=_open, args=(name,))


def _open(name: str) -> None:
    """Callback: show all cards of a list."""
    address.write(tout=",".join(dict.fromkeys((*address.read_list("tout"), name))))


def _nothing(key: str, *, restricted: bool) -> None:
    """Why a list is empty, and what to do next."""
    with st.container(border=True, key=f"card-{key}", horizontal_alignment="center"):
        if restricted:
            empty(say("none_filtered_title"), say("none_filtered_body"))
            st.button(say("reset"), key=f"reset-{key}", type="primary", on_click=refine.clear)
        else:
            empty(say(f"{key}_title"), say(f"{key}_body"))
