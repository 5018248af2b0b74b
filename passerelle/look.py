"""The visual pieces that are read. Each is one function: text in, escaped HTML out; `html` puts it on the page.

Streamlit draws what can be clicked. `look.css` holds the tokens and the rules; colour never speaks alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Literal

import streamlit as st

from passerelle.i18n import number, say, some, tell
from passerelle.views import COMPUTED, FAMILIES, LEVELS, ActorRef, Fact, Figure, Need, Reason, SourceRef, level_of
from recommender.answers import Band, Gains, Text
from recommender.gains import NOTHING

_MARKDOWN = re.compile(r"([\\`*_\[\]~$#<>|])|(:)(?=[a-zA-Z])")


def plain(text: str) -> str:
    """A text of the data for a label of Streamlit, which would read it as Markdown."""
    return _MARKDOWN.sub(lambda sign: "\\" + sign.group(), text)


def style() -> None:
    """Load the tokens and the rules, once per run."""
    st.html(Path(__file__).with_name("look.css"))


def html(body: str, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """Put a piece on the page, inside the scope of look.css. `body` is already escaped."""
    st.html(f'<div class="pl">{body}</div>', width=width)


def header(title: str, lead: str = "") -> None:
    """The one h1 of a page, and a sentence that says what the page answers."""
    st.title(plain(title), anchor=False)
    if lead:
        html(f'<p class="lead">{escape(lead)}</p>')


def over(key: str) -> str:
    """A quiet heading inside a card."""
    return f'<p class="over">{escape(say(key))}</p>'


def quiet(text: str) -> str:
    """A paragraph in the quiet ink."""
    return f'<p class="quiet">{escape(text)}</p>'


def chip(text: str, level: str = "") -> str:
    """A small label. `level` is one of LEVELS or ''."""
    return f'<span class="chip {level}">{escape(text)}</span>'


def confidence(level: str) -> str:
    """How sure: tick on green, green outline, grey, question mark on yellow, dashed outline. The words carry the meaning."""
    known = level if level in LEVELS else "uncertain"
    return chip(say("c_" + known), known)


def family_mark(family: str) -> str:
    """Shape and colour of a family of actors: disc, square, diamond, triangle."""
    return f'<i class="fam {family if family in FAMILIES else "public"}" aria-hidden="true"></i>'


def place_of(actor: ActorRef, km: float | None = None) -> str:
    """Commune, and the distance where it is known."""
    where = actor.place or say("nowhere")
    if km is None:
        return where
    return f"{where} · {say('km', n=number(round(km)))}" if km >= 1.5 else where


def who(actor: ActorRef, km: float | None = None, *, level: int = 3) -> str:
    """Name, family, kind and place of an actor, as a heading of this level."""
    about = f"{escape(tell(actor.kind_label))} · {escape(place_of(actor, km))}"
    return f'<h{level} class="head name">{escape(actor.name)}</h{level}><p class="quiet">{family_mark(actor.family)} {about}</p>'


def deck(band: Band, *, small: bool = False) -> str:
    """A lead in words and as a bridge: the solid part of the deck is what is already there. Never a number."""
    size = " small" if small else ""
    return f'<div class="span{size}"><b>{escape(say("band_" + band))}</b><div class="deck {band}" aria-hidden="true"><i></i></div></div>'


def source_line(source: SourceRef, published: str | None = None) -> str:
    """Title and year of a source, linked when it has a public address."""
    year = (source.year or published or "")[:4]
    title = escape(source.title)
    text = title if year and year in title else f"{title}, {escape(year) if year else escape(say('undated'))}"
    if source.url and source.url.startswith(("http://", "https://")):
        return f'<a class="quiet" href="{escape(source.url)}" target="_blank" rel="noopener noreferrer">{text}</a>'
    return f'<span class="quiet">{text}, {escape(say("own_page"))}</span>'


def computed() -> str:
    """The neutral label of what the tool computed."""
    return chip(say("c_computed"))


def sources_of(facts: Sequence[Fact], label: str = "") -> str:
    """How sure, the first source with its year, and all of them on request when there are several. `label` stands for how sure."""
    lines = list(dict.fromkeys(source_line(source, fact.published) for fact in facts for source in fact.sources))
    first = lines[0] if lines else f'<span class="quiet">{escape(say("sources_none"))}</span>'
    every = ""
    if len(lines) > 1:
        items = "".join(f"<li>{line}</li>" for line in lines)
        every = f'<details class="more"><summary>{escape(say("from_sources", n=len(lines)))}</summary><ul>{items}</ul></details>'
    return f'<div class="foot">{label or confidence(level_of(facts))}{first}{every}</div>'


def reasons(items: Sequence[Reason]) -> str:
    """Reasons, strongest first: sort, sentence, note of the source, confidence (or that it was computed), source and year."""
    rows = "".join(
        f'<li><div class="what">{escape(tell(reason.label))}</div><div><p>{escape(tell(reason.text))}</p>'
        + (quiet(tell(reason.note)) if reason.note else "")
        + f"{sources_of(reason.facts, computed() if reason.signal in COMPUTED else '')}</div></li>"
        for reason in items
    )
    return f'<div class="fit"><ul class="reasons">{rows}</ul></div>'


def already(known: Text | None) -> str:
    """That two actors are in touch already, and how; '' when they are not."""
    if known is None:
        return ""
    label = say("already")
    how = tell(known).removeprefix(label).lstrip(" \u00a0:")
    return f'<p class="quiet already">{chip(label)} {escape(how)}</p>'


def both_gain(gains: Gains, subject: str | None, partner: str) -> str:
    """What each side gains, side by side; one line when nothing is attested. The headings: `subject`, None for an idea, and `partner`."""
    if gains.subject == gains.partner == NOTHING:
        return quiet(say("gain_none") if subject else tell(NOTHING))
    sides = ((subject, gains.subject), (partner, gains.partner))
    cells = "".join(
        f"<div>{quiet(say('gain_for', name=name) if name else say('gain_for_idea'))}<p>{escape(tell(gain))}</p></div>" for name, gain in sides
    )
    return f'<div class="fit"><div class="gains">{cells}</div></div>'


def doubts(missing: Text | None, questions: Sequence[Text], to_check: Text | None = None) -> str:
    """What is missing to be sure, and the questions to ask; '' when nothing is."""
    lines = [tell(missing)] if missing else []
    if to_check and not (missing and to_check.fr in missing.fr):
        lines.append(tell(to_check))
    out = over("lacking") + '<ul class="doubt quiet">' + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>" if lines else ""
    if questions:
        asked = "".join(f"<li>{escape(tell(question))}</li>" for question in questions)
        out += over("ask") + f'<ul class="ask">{asked}</ul>'
    return out


def bridge_row(rank: int, pair: tuple[str, str] | str, reason: str, band: Band) -> str:
    """A missing bridge in a list: its number on the network, the pair (or the partner alone), the first reason, the lead."""
    names = (pair,) if isinstance(pair, str) else pair
    title = ' <span class="dash" aria-hidden="true">╌╌</span> '.join(escape(name) for name in names)
    why = f'<p class="quiet clamp">{escape(reason)}</p>'
    body = f'<div class="grow"><p class="pair">{title}</p>{why}{deck(band, small=True)}</div>'
    return f'<div class="bridge row"><span class="num">{rank}</span>{body}</div>'


def need_row(title: str, need: Need, answers: str = "") -> str:
    """A stated need: what, in the words of the source, who can meet it, how sure, where it was read."""
    note = quiet(tell(need.paraphrase)) if need.paraphrase else ""
    able = f'<p class="quiet able">{escape(answers)}</p>' if answers else ""
    return f'<div class="need"><p class="skill">{escape(title)}</p>{note}{able}{sources_of((need.fact,))}</div>'


def fold_rest(rows: Sequence[str], shown: int, key: str) -> str:
    """Rows, those after the first `shown` behind a line that tells how many there are."""
    rest = rows[shown:]
    if not rest:
        return "".join(rows)
    return "".join(rows[:shown]) + f'<details class="rest"><summary>{escape(some(key, len(rest)))}</summary>{"".join(rest)}</details>'


def key_figures(figures: Sequence[Figure]) -> None:
    """Row of figures: label, value, definition (help) and a second reading. Two by two on a phone."""
    with st.container(horizontal=True, gap="small", key="figures"):
        for figure in figures:
            with st.container(border=True, key=f"card-figure-{figure.key}", height="stretch", gap=None):
                st.metric(tell(figure.label), number(figure.value), help=tell(figure.meaning))
                html(quiet(tell(figure.second)))


def legend() -> None:
    """What the shapes, the colours and the lines of the network mean."""
    parts = [f"<span>{family_mark(family)}{escape(say('fam_' + family))}</span>" for family in FAMILIES]
    parts += [f'<span><i class="line {name}" aria-hidden="true"></i>{escape(say(name))}</span>' for name in ("known_link", "missing_link")]
    html(f'<div class="legend">{"".join(parts)}</div>')


def empty(title: str, body: str) -> None:
    """Nothing to show: why, and what to do next. Buttons may follow."""
    html(
        '<div class="empty"><div class="gapped" aria-hidden="true"><i></i><i></i><i></i></div>'
        f'<p class="head name">{escape(title)}</p><p class="quiet">{escape(body)}</p></div>'
    )


def notice(body: str) -> None:
    """A remark on what was asked, read aloud when it appears."""
    html(f'<p class="notice" role="status">{escape(body)}</p>')
