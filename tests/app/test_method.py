"""The measured figures as the method page shows them."""

from __future__ import annotations

import re
from typing import cast

from passerelle.ecosystem import Ecosystem
from passerelle.figures import Measured
from passerelle.i18n import speak
from passerelle.pages.method import _label, _measured
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


def test_every_weight_has_a_name_in_both_languages() -> None:
    for language in ("fr", "en"):
        speak("en" if language == "en" else "fr")
        assert all(_label(weight.signal) for weight in WEIGHTS.values())
