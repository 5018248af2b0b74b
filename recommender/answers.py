"""What the recommender answers: texts in both languages, evidence, recommendations, missing links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Band = Literal["strong", "serious", "explore"]


@dataclass(frozen=True)
class Text:
    """The same words in French and in English."""

    fr: str
    en: str

    def of(self, lang: str) -> str:
        """The text in 'en', or in French for every other code."""
        return self.en if lang == "en" else self.fr


@dataclass(frozen=True)
class Evidence:
    """One reason to meet: the sentence, the statements it rests on, and its share of the log-odds.

    `note` quotes the source in its own paraphrase, when the fact has one.
    """

    signal: str
    contribution: float
    text: Text
    statements: tuple[str, ...]
    note: Text | None = None


@dataclass(frozen=True)
class Gains:
    """What each side gets out of the meeting; None where nothing certain can be said."""

    subject: Text
    partner: Text


@dataclass(frozen=True)
class Recommendation:
    """One possible partner. `score` = logistic(log-odds) in [0, 1]; `rank` starts at 1.

    `probability` is None unless it was calibrated on the same population; `basis` says on what the score rests.
    `missing` says what is missing to be sure; `known` says what they already are to each other without working together.
    `km` is None when a commune is unknown.
    """

    subject: str | None
    partner: str
    rank: int
    score: float
    band: Band
    probability: float | None
    basis: str
    gains: Gains
    evidence: tuple[Evidence, ...]
    missing: Text | None
    km: float | None = None
    questions: tuple[Text, ...] = ()
    known: Text | None = None


@dataclass(frozen=True)
class MissingLink:
    """One link that is missing between two actors `a` and `b`; gains.subject is for `a`, gains.partner for `b`."""

    rank: int
    a: str
    b: str
    score: float
    band: Band
    gains: Gains
    evidence: tuple[Evidence, ...]
    missing: Text | None
    km: float | None = None
