"""The words of the interface: one table of messages per language, with the same keys.

The language belongs to one run of a page: `speak` sets it, `say` and `tell` read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date
from types import MappingProxyType
from typing import Literal

from passerelle.i18n import en, fr
from recommender.answers import Text

Language = Literal["fr", "en"]

LANGUAGES: tuple[Language, ...] = ("fr", "en")
"""The languages of the interface, the first one is the default."""

MESSAGES: Mapping[Language, Mapping[str, str]] = MappingProxyType({"fr": fr.MESSAGES, "en": en.MESSAGES})
"""Messages by language and key."""

_spoken: ContextVar[Language] = ContextVar("language", default="fr")

_NO_BREAK = "\u00a0"
_FRENCH_AFTER = re.compile(r" ([:;?!%»])")
_FRENCH_BEFORE = re.compile(r"« ")


def speak(language: Language) -> None:
    """Choose the language of the current run."""
    _spoken.set(language)


def language() -> Language:
    """The language of the current run; French unless another one was chosen."""
    return _spoken.get()


def typeset(text: str) -> str:
    """The text with the spaces of its language: in French a sign such as ':' never starts a line."""
    if language() == "en":
        return text
    return _FRENCH_BEFORE.sub("«" + _NO_BREAK, _FRENCH_AFTER.sub(_NO_BREAK + r"\1", text))


def say(key: str, **values: object) -> str:
    """The message of a key in the current language, its {names} filled in."""
    return typeset(MESSAGES[language()][key].format(**values))


def some(key: str, n: int) -> str:
    """A message that counts: the key ending in _0 or _1 when there is one, else the key itself, with {n}."""
    exact = f"{key}_{n}"
    return say(exact if exact in MESSAGES[language()] else key, n=number(n))


def tell(text: Text) -> str:
    """A text of the data in the current language."""
    return typeset(text.of(language()))


def number(value: float, digits: int = 0) -> str:
    """A number with the separators of the language."""
    text = f"{value:,.{digits}f}"
    return text if language() == "en" else text.replace(",", "\u202f").replace(".", ",")


def day(value: date) -> str:
    """A day as the language writes it."""
    return value.isoformat() if language() == "en" else value.strftime("%d/%m/%Y")
