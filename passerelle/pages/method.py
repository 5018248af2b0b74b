"""Méthode: how leads are found, what was measured, what the tool must not be used for, data and licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from types import MappingProxyType
from typing import get_args

import streamlit as st

from passerelle.ecosystem import Ecosystem
from passerelle.i18n import day, number, say, tell
from passerelle.look import computed, confidence, deck, header, html, quiet
from passerelle.presenting import REASON_LABELS
from passerelle.views import LEVELS, SourceRef
from recommender.answers import Band
from recommender.ranking import WEIGHTS, ExpertWeight

_METHODS: Mapping[str, str] = MappingProxyType(
    {
        "passerelle (expert weights)": "m_by_passerelle",
        "passerelle, order served": "m_by_served",
        "random": "m_by_random",
        "degree": "m_by_degree",
        "adamic-adar": "m_by_adamic_adar",
        "resource allocation": "m_by_resource_allocation",
        "character TF-IDF": "m_by_tfidf",
        "text vectors": "m_by_vectors",
    }
)
"""What the measured methods are called here, by their name in the measurement."""

_ALONE = "signal alone: "


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
    """The weights, the heaviest first; what counts for the same reason stands together under its name."""
    heaviest: dict[str, float] = {}
    for weight in WEIGHTS.values():
        heaviest[weight.signal] = max(weight.weight, heaviest.get(weight.signal, weight.weight))
    rows = sorted(WEIGHTS.values(), key=lambda weight: (-heaviest[weight.signal], list(heaviest).index(weight.signal), -weight.weight))
    head = "".join(f'<th scope="col">{escape(say(key))}</th>' for key in ("m_reason", "m_why", "m_weight"))
    body = "".join(_group(signal, list(group)) for signal, group in groupby(rows, key=lambda weight: weight.signal))
    return f'<div class="scroll" tabindex="0"><table class="grouped"><thead><tr>{head}</tr></thead>{body}</table></div>'


def _group(signal: str, weights: Sequence[ExpertWeight]) -> str:
    """The weights of one reason."""
    name = f'<th scope="rowgroup" rowspan="{len(weights)}">{escape(_label(signal))}</th>'
    rows = [f"<td>{escape(tell(weight.why))}</td><td>{number(weight.weight, 1)}</td>" for weight in weights]
    return f"<tbody><tr>{name}{'</tr><tr>'.join(rows)}</tr></tbody>"


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
    tables = "".join(_track(track, [row for row in found.results if row["track"] == track]) for track in tracks)
    return f'{_prose(say("m_measured_body"))}{tables}<p class="prose below">{escape(say("m_measured_needs"))}</p>'


def _method(name: str) -> str:
    """What a measured method is called; an unknown one keeps its name."""
    if name in _METHODS:
        return say(_METHODS[name])
    signal = name.removeprefix(_ALONE)
    named = name.startswith(_ALONE) and signal in {weight.signal for weight in WEIGHTS.values()}
    return say("m_by_signal", label=_label(signal)) if named else name


def _track(track: str, rows: Sequence[Mapping[str, object]]) -> str:
    """The methods of one track, the best first; ours stands out."""
    known = [(row, metric) for row in rows if (metric := _hits(row)) is not None]
    known.sort(key=lambda pair: -pair[1][0])
    cells = [
        (_method(str(row["name"])), say("m_between", low=_share(low), high=_share(high)), say("m_percent", n=_share(value)))
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
    """The degrees of certainty with their meaning, then the label of what is computed."""
    rows = "".join(f"<div><span>{confidence(level)}</span>{quiet(say(f'c_{level}_help'))}</div>" for level in LEVELS)
    rows += f"<div><span>{computed()}</span>{quiet(say('c_computed_help'))}</div>"
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
