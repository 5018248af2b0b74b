"""The measured figures as the method page shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast

import pytest

import passerelle
from passerelle.ecosystem import Ecosystem
from passerelle.figures import Measured
from passerelle.i18n import say, speak
from passerelle.pages.method import _label, _measured, _method, _scale, _weights
from recommender.ranking import WEIGHTS


class Stub:
    def __init__(self, measured: Measured | None) -> None:
        self._measured = measured

    def measured(self) -> Measured | None:
        return self._measured


def shown(measured: Measured | None) -> str:
    return _measured(cast("Ecosystem", Stub(measured)))


def row(name: str, value: float | None, *, track: str = "event", ours: bool = False) -> dict[str, object]:
    metric = None if value is None else {"value": value, "low": value - 0.05, "high": value + 0.05}
    return {"name": name, "track": track, "ours": ours, "hits_at_10": metric}


def test_nothing_measured_is_said() -> None:
    assert "Aucune mesure" in shown(None)


def test_methods_stand_in_order_with_their_interval_and_ours_stands_out() -> None:
    results = (row("popularity", 0.21), row("ours <b>", 0.42, ours=True), row("undefined", None), row("other", 0.3, track="idea"))
    html = shown(Measured("x", {}, results))
    cells = re.findall(r"<td>([^<]*)</td>", html)
    assert cells == ["ours &lt;b&gt;", "37 à 47", "42\u00a0%", "popularity", "16 à 26", "21\u00a0%", "other", "25 à 35", "30\u00a0%"]
    assert html.count('class="ours"') == 1 and html.count("<table>") == 2
    assert "trop peu nombreux" in html.rpartition("</table>")[2]


@pytest.mark.parametrize(
    ("name", "fr", "en"),
    [
        ("passerelle (expert weights)", "Passerelle (poids d’expert)", "Passerelle (expert weights)"),
        ("degree", "nombre de liens (popularité)", "number of links (popularity)"),
        ("signal alone: roles", "seulement\u00a0: Rôles", "only: Roles"),
        ("signal alone: common", "seulement\u00a0: Partenaires communs", "only: Common partners"),
        ("signal alone: nobody", "signal alone: nobody", "signal alone: nobody"),
        ("another", "another", "another"),
    ],
)
def test_measured_methods_have_a_readable_name(name: str, fr: str, en: str) -> None:
    assert _method(name) == fr
    speak("en")
    assert _method(name) == en


def test_every_method_of_the_measurement_has_a_name() -> None:
    measurement = json.loads((Path(passerelle.__file__).parent / "measured.json").read_text("utf-8"))
    speak("fr")
    assert [row["name"] for row in measurement["results"] if _method(row["name"]) == row["name"]] == []


def test_each_reason_stands_once_among_the_weights() -> None:
    shown = _weights()
    names = re.findall(r'<th scope="rowgroup" rowspan="\d">([^<]*)</th>', shown)
    assert len(names) == len(set(names)) == len({weight.signal for weight in WEIGHTS.values()})
    assert shown.count("<tr>") == len(WEIGHTS) + 1 and "log-cote" not in say("m_weights_body")


def test_the_scale_explains_what_is_computed() -> None:
    assert "Calculé" in _scale() and "Rapprochement calculé par l’outil" in _scale()


def test_every_weight_has_a_name_in_both_languages() -> None:
    for language in ("fr", "en"):
        speak("en" if language == "en" else "fr")
        assert all(_label(weight.signal) for weight in WEIGHTS.values())
