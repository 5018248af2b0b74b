"""One possible partner: who, how solid the lead is, why, what each side gains, what is missing to be sure."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from passerelle.i18n import say
from passerelle.look import already, both_gain, deck, doubts, html, over, reasons, who
from passerelle.views import ActorRef, Card


def partner_card(card: Card, subject: ActorRef | None, *, key: str, on_profile: Callable[[str], None]) -> None:
    """Draw the card. `subject` is None for an idea; `on_profile` receives the id of the partner."""
    with st.container(border=True, key=f"card-{key}", gap="small"):
        title = who(card.partner, card.km) + already(card.known)
        html(f'<div class="row spread"><div class="grow">{title}</div>{deck(card.band)}</div>')
        html(over("why") + reasons(card.reasons))
        html(over("gains") + both_gain(card.gains, subject.name if subject else None, card.partner.name))
        doubt = doubts(card.missing, card.questions, card.to_check)
        if doubt:
            html(doubt)
        st.button(say("profile"), key=f"{key}-see", on_click=on_profile, args=(card.partner.id,))
