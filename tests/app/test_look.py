"""What the pieces of a card say."""

from __future__ import annotations

import pytest

from passerelle.i18n import speak
from passerelle.look import already, both_gain, reasons
from passerelle.views import Fact, Reason, SourceRef
from recommender.answers import Gains, Text
from recommender.gains import NOTHING

SOMETHING = Text("Un savoir-faire.", "A skill.")
FACT = Fact("f1", (SourceRef("s", "Le rapport", "https://example.org/r", "2024"),), None, "stated", "verified")


def reason(signal: str) -> Reason:
    return Reason(signal, Text("Sujets proches", "Close subjects"), 1.0, SOMETHING, None, (FACT,))


@pytest.mark.parametrize("signal", ["meaning", "words", "distance"])
def test_what_the_tool_computed_is_not_called_read_in_a_source(signal: str) -> None:
    shown = reasons([reason(signal)])
    assert "Calculé" in shown and "Lu dans une source" not in shown
    assert "https://example.org/r" in shown and "Le rapport" in shown, "the sources stay"
    speak("en")
    assert "Computed" in reasons([reason(signal)])


def test_what_a_source_says_keeps_its_certainty() -> None:
    assert "Lu dans une source" in reasons([reason("need")]) and "Calculé" not in reasons([reason("need")])


def test_two_unknown_gains_are_said_once() -> None:
    shown = both_gain(Gains(NOTHING, NOTHING), "Alstom", "FEMTO-ST")
    assert shown.count("Rien d’attesté") == 1 and "à demander aux deux" in shown and "Alstom" not in shown
    assert both_gain(Gains(NOTHING, NOTHING), None, "FEMTO-ST").count("Rien d") == 1
    assert "demander aux deux" not in both_gain(Gains(NOTHING, NOTHING), None, "FEMTO-ST"), "an idea cannot be asked"


def test_one_known_gain_keeps_both_sides() -> None:
    shown = both_gain(Gains(SOMETHING, NOTHING), "Alstom", "FEMTO-ST <b>")
    assert "Pour Alstom" in shown and "Pour FEMTO-ST &lt;b&gt;" in shown
    assert "Pour votre idée" in both_gain(Gains(SOMETHING, NOTHING), None, "FEMTO-ST")


def test_a_relation_that_exists_is_said_with_its_label_once() -> None:
    shown = already(Text("Déjà en relation : A est membre de B <i>.", "Already in touch: A is a member of B <i>."))
    assert shown.count("Déjà en relation") == 1 and "A est membre de B &lt;i&gt;." in shown
    speak("en")
    assert "</span> A is a member of B." in already(Text("x", "A is a member of B."))
    assert already(None) == ""
