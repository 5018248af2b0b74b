"""Méthode: how leads are found, what was measured, what the tool must not be used for, data and licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import get_args

import streamlit as st

from passerelle.ecosystem import Ecosystem
from passerelle.i18n import day, number, say, tell
from passerelle.look import LEVELS, confidence, deck, header, html, quiet
from passerelle.presenting import REASON_LABELS
from passerelle.views import SourceRef
from recommender.answers import Band
from recommender.ranking import WEIGHTS


def page(ecosystem: Ecosystem) -> None:
    """Eight short sections: how it works on the left, how far to trust it on the right."""
    header(say("m_title"), say("m_lead"))
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        _section("how", _prose(say("m_how_body")))
        _section("bands", _prose(say("m_bands_body")) + _bands())
        _section("weights", _prose(say("m_weights_body")) + _weights())
        _section("measured", _measured(ecosystem))
    with right:
        _section("not", '<ul class="never">' + "".join(f"<li>{escape(say(f'm_not_{n}'))}</li>" for n in range(1, 5)) + "</ul>")
        _section("confidence", _prose(say("m_confidence_body")) + _scale())
        _section("age", _ages(_cited(ecosystem, ecosystem.digest)))
        _section("data", _prose(say("m_data_body", title=tell(ecosystem.title), date=day(ecosystem.created), digest=ecosystem.digest[:12])))


def _prose(text: str) -> str:
    """A paragraph of running text."""
    return f'<p class="prose">{escape(text)}</p>'


def _section(name: str, body: str) -> None:
    """A titled card."""
    st.header(say("m_" + name), anchor=False)
    with st.container(border=True, key=f"card-{name}"):
        html(body)


def _bands() -> str:
    """The three words with their drawing."""
    rows = "".join(f"<div>{deck(band)}{quiet(say(f'band_{band}_help'))}</div>" for band in get_args(Band))
    return f'<div class="bands" style="margin-top:1rem">{rows}</div>'


def _weights() -> str:
    """The weights, the heaviest first."""
    rows = sorted(WEIGHTS.values(), key=lambda weight: -weight.weight)
    cells = [(_label(row.signal), tell(row.why), number(row.weight, 1)) for row in rows]
    return _table((say("m_reason"), say("m_why"), say("m_weight")), cells)


def _label(signal: str) -> str:
    """What a reason is called; those that no card shows have a message of their own."""
    return tell(REASON_LABELS[signal]) if signal in REASON_LABELS else say("m_signal_" + signal)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]], *, ours: int | None = None) -> str:
    """A table whose last column holds figures; the row `ours` stands out."""
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    body = "".join(
        f'<tr class="{"ours" if n == ours else ""}">' + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for n, row in enumerate(rows)
    )
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _measured(ecosystem: Ecosystem) -> str:
    """What was measured, one table per track, or that nothing was."""
    found = ecosystem.measured()
    if found is None:
        return _prose(say("m_measured_none"))
    tracks = dict.fromkeys(str(row["track"]) for row in found.results)
    return _prose(say("m_measured_body")) + "".join(_track(track, [row for row in found.results if row["track"] == track]) for track in tracks)


def _track(track: str, rows: Sequence[Mapping[str, object]]) -> str:
    """The methods of one track, the best first; ours stands out."""
    known = [(row, metric) for row in rows if (metric := _hits(row)) is not None]
    known.sort(key=lambda pair: -pair[1][0])
    cells = [
        (str(row["name"]), say("m_between", low=_share(low), high=_share(high)), say("m_percent", n=_share(value)))
        for row, (value, low, high) in known
    ]
    ours = next((n for n, (row, _) in enumerate(known) if row.get("ours")), None)
    table = _table((say("m_method"), say("m_interval"), say("m_hits")), cells, ours=ours)
    return f'<p class="over" style="margin-top:1rem">{escape(say("m_track_" + track))}</p>{table}'


def _hits(row: Mapping[str, object]) -> tuple[float, float, float] | None:
    """Value, low and high of hits at 10; None where it is not defined."""
    metric = row.get("hits_at_10")
    if not isinstance(metric, Mapping) or metric.get("value") is None:
        return None
    value = float(metric["value"])
    low, high = (metric.get(end) for end in ("low", "high"))
    return value, value if low is None else float(low), value if high is None else float(high)


def _share(value: float) -> str:
    """A share in hundredths."""
    return number(100 * value)


def _scale() -> str:
    """The degrees of certainty with their meaning."""
    rows = "".join(f"<div><span>{confidence(level)}</span>{quiet(say(f'c_{level}_help'))}</div>" for level in LEVELS)
    return f'<div class="scale" style="margin-top:1rem">{rows}</div>'


@st.cache_data(max_entries=2, show_spinner=False)
def _cited(_ecosystem: Ecosystem, digest: str) -> tuple[SourceRef, ...]:
    """The sources of all profiles, each once; `digest` is the key."""
    found = {source.key: source for actor in _ecosystem.actors() for source in _ecosystem.profile(actor.id).sources}
    return tuple(found.values())


def _ages(sources: Sequence[SourceRef]) -> str:
    """How old the sources are: a sentence, and bars by year."""
    years = sorted(int(source.year[:4]) for source in sources if source.year and source.year[:4].isdigit())
    if not years:
        return quiet(say("sources_none"))
    told = say("m_age_body", n=number(len(sources)), dated=number(len(years)), median=years[len(years) // 2])
    count = Counter(years)
    span = range(max(years[0], years[-1] - 24), years[-1] + 1)
    top = max(count.values())
    bars = "".join(f'<i style="height:{100 * count[year] / top:.0f}%" title="{year}: {count[year]}"></i>' for year in span)
    return (
        f"{_prose(told + ' ' + say('m_age_old'))}"
        f'<div class="years" role="img" aria-label="{escape(say("m_age_chart"))}" style="margin-top:1rem">{bars}</div>'
        f'<div class="ends quiet"><span>{span[0]}</span><span>{span[-1]}</span></div>'
    )
