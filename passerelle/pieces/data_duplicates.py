"""Actors that may be the same: the pairs to review, and those that were merged."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

import streamlit as st

from graph_builder.resolution import Clue, Pair, Verdict
from passerelle.ecosystem import Ecosystem
from passerelle.i18n import LANGUAGES, language, number, say, some, tell
from passerelle.look import empty, html, plain, quiet
from passerelle.packages import titles
from passerelle.pieces.data_decisions import decisions
from passerelle.pieces.data_saying import carry_out, tell_once
from passerelle.stewarding import Decided, Steward
from recommender.answers import Text

VERDICTS: tuple[Verdict, ...] = ("same", "different", "unsure")
FULL = 12
"""Pairs of a list that are shown before the reader asks for all."""


def duplicates(ecosystem: Ecosystem) -> None:
    """Pairs to review on the left; merges and decisions on the right."""
    if ecosystem.home is None:
        empty(say("d_no_home"), say("d_no_home_body"))
        return
    steward, origins = Steward(ecosystem.home), titles(ecosystem.snapshot)
    review = steward.review()
    tell_once()
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        st.header(say("d_review"), anchor=False)
        html(quiet(say("d_review_lead")))
        if not review.pairs:
            empty(say("d_review_none"), say("d_review_none_body"))
        for pair in _first(review.pairs, "review"):
            _pair(steward, pair, origins)
    with right:
        st.header(say("d_merged"), anchor=False)
        html(quiet(some("d_merged_lead", len(review.merged))))
        for pair in _first(review.merged, "merged"):
            _merged(steward, pair, origins)
        decisions(steward)


def _first(pairs: tuple[Pair, ...], name: str) -> tuple[Pair, ...]:
    """The first pairs; all of them once the reader asks for them."""
    if len(pairs) <= FULL or st.toggle(say("d_pairs_all", n=number(len(pairs))), key=f"all-{name}"):
        return pairs
    return pairs[:FULL]


def _pair(steward: Steward, pair: Pair, origins: Mapping[str, Text]) -> None:
    """Both names, what speaks for and against, three buttons."""
    with st.container(border=True, key=f"card-pair-{pair.a}-{pair.b}"):
        html(_names(pair, origins, "≟") + quiet(_likeness(pair)) + _clues(pair))
        if pair.verdict:
            html(quiet(say("d_judged", verdict=say("d_verdict_" + pair.verdict))))
        chosen = None
        with st.container(horizontal=True, gap="small"):
            for verdict in VERDICTS:
                if st.button(
                    say("d_verdict_" + verdict),
                    key=f"{verdict}-{pair.a}-{pair.b}",
                    disabled=pair.verdict == verdict,
                    help=plain(say("d_verdict_help_" + verdict)),
                ):
                    chosen = verdict
        if chosen:
            _judge(steward, pair, chosen)


def _merged(steward: Steward, pair: Pair, origins: Mapping[str, Text]) -> None:
    """What was merged, why on request, and the button that takes it apart."""
    with st.container(border=True, key=f"card-merged-{pair.a}-{pair.b}", gap="small"):
        why = f'<details class="more"><summary>{escape(say("d_why"))}</summary>{_clues(pair)}</details>'
        html(_names(pair, origins, "="))
        with st.container(horizontal=True, gap="small", wrap=False):
            html(why)
            parted = st.button(
                say("d_part"), key=f"part-{pair.a}-{pair.b}", icon=":material/call_split:", help=plain(say("d_verdict_help_different"))
            )
        if parted:
            _judge(steward, pair, "different")


def _judge(steward: Steward, pair: Pair, verdict: Verdict) -> None:
    def act() -> Decided:
        return steward.judge(pair.a, pair.b, verdict)

    carry_out(act, lambda _: say("d_done_" + verdict, a=pair.names[0], b=pair.names[1]))


def _names(pair: Pair, origins: Mapping[str, Text], sign: str) -> str:
    """The two names, one below the other, each with its data set and a way to its facts; a sign between them."""
    sides = zip((pair.a, pair.b), pair.names, pair.records, strict=True)
    first, second = (
        _side(actor, name, tell(origins[package]) if (package := record.partition("/")[0]) in origins else package, linked=sign != "=")
        for actor, name, record in sides
    )
    return f'<div class="twins"><span class="sign" aria-hidden="true">{sign}</span><div>{first}{second}</div></div>'


def _side(actor: str, name: str, origin: str, *, linked: bool) -> str:
    title = f'<a href="{escape(facts_address(actor))}" target="_self">{escape(name)}</a>' if linked else escape(name)
    return f'<p class="pair">{title}</p><p class="quiet">{escape(origin)} · <span class="code">{escape(actor)}</span></p>'


def facts_address(entity: str) -> str:
    """The address of the facts about an actor or a project, from this page."""
    told = {"vue": "faits", "fait": entity}
    return "?" + urlencode(told if language() == LANGUAGES[0] else {**told, "lang": language()})


def _likeness(pair: Pair) -> str:
    """How likely it is that the two are one, in words."""
    level = "high" if pair.probability >= 0.7 else "even" if pair.probability >= 0.3 else "low"
    return say("d_likeness_" + level)


def _clues(pair: Pair) -> str:
    """What speaks for it and against it, the strongest first; what forbids the merge apart."""
    blocked = pair.reason_blocked.text if pair.reason_blocked else None
    ordered = sorted((clue for clue in pair.clues if clue.text != blocked), key=lambda clue: -abs(clue.weight))
    rows = "".join(f"<li>{_clue(clue)}</li>" for clue in ordered)
    stop = f'<p class="caution">{escape(tell(Text(blocked.fr, blocked.en)))}</p>' if blocked else ""
    return f'<ul class="clues">{rows}</ul>{stop}'


def _clue(clue: Clue) -> str:
    sign, word = ("+", say("d_for")) if clue.weight > 0 else ("−", say("d_against"))
    return f'<span class="sign" role="img" aria-label="{escape(word)}">{sign}</span><span>{escape(tell(Text(clue.text.fr, clue.text.en)))}</span>'
