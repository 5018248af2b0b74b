"""The two languages say the same things."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import passerelle
from passerelle.i18n import LANGUAGES, MESSAGES, day, number, say, some, speak, tell, typeset
from recommender.answers import Text

SHARED = {"km", "SIREN", "Sources", "Passerelle", "Distance", "Distance (km", "Commune", "description", "Source", "Licence"}
"""Words that both languages write alike."""

FACE = Path(passerelle.__file__).parent


@pytest.fixture(autouse=True)
def french_again() -> Iterator[None]:
    speak("fr")
    yield
    speak("fr")


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(MESSAGES["fr"]) == set(MESSAGES["en"])


def test_both_languages_fill_in_the_same_values() -> None:
    assert {key for key, message in MESSAGES["fr"].items() if fields(message) != fields(MESSAGES["en"][key])} == set()


def test_no_message_is_empty_or_left_in_the_other_language() -> None:
    same = {key for key, message in MESSAGES["fr"].items() if message == MESSAGES["en"][key]}
    assert all(message.strip() for table in MESSAGES.values() for message in table.values())
    assert {re.sub(r"\{\w+\}", "", MESSAGES["fr"][key]).strip(" ()") for key in same} <= SHARED


def literals(tree: ast.AST) -> Iterator[str]:
    """First arguments of say() and some(), as far as they are written out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"say", "some", "over"} and node.args:
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def test_every_message_that_the_code_asks_for_exists() -> None:
    asked = {key for path in FACE.rglob("*.py") if "i18n" not in path.parts for key in literals(ast.parse(path.read_text("utf-8")))}
    keys = set(MESSAGES["fr"])
    unknown = {key for key in asked if key not in keys and not any(name.startswith(key) or name.endswith(key) for name in keys)}
    assert unknown == set()


def test_french_signs_never_start_a_line() -> None:
    assert typeset("Pourquoi eux ? « Oui » : 8 % !") == "Pourquoi eux\u00a0? «\u00a0Oui\u00a0»\u00a0: 8\u00a0%\u00a0!"
    assert not re.search(r" [:;?!%»]", say("p_start_title"))
    assert tell(Text("Vrai ?", "True?")) == "Vrai\u00a0?"


def test_english_is_left_as_it_is() -> None:
    speak("en")
    assert tell(Text("Vrai ?", "True ?")) == "True ?"


@pytest.mark.parametrize(("language", "expected"), [("fr", "1\u202f234,5"), ("en", "1,234.5")])
def test_numbers_and_days_follow_the_language(language: str, expected: str) -> None:
    speak("en" if language == "en" else "fr")
    assert number(1234.5, 1) == expected
    assert day(date(2026, 9, 1)) == ("2026-09-01" if language == "en" else "01/09/2026")


def test_counting_messages_know_none_and_one() -> None:
    assert [some("net_links", n) for n in (0, 1, 12)] == ["sans lien connu", "1 lien connu", "12 liens connus"]


def test_french_is_the_default() -> None:
    assert LANGUAGES[0] == "fr" and say("nav_overview") == "Aperçu"
