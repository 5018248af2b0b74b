"""Rare words that both texts use, quoted."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.answers import Evidence, Text
from recommender.context import Context
from recommender.query import Query
from recommender.signals.shared_skills import shared_skills
from recommender.text import words_of
from recommender.wording import labels_of, listed

COMMON = 0.04
"""Share of the actors from which a word is too common to be a reason."""
MOST_WORDS = 3
SAY_NOTHING = frozenset(
    "million millions milliard milliards euro euros annee annees year years salarie salaries employee employees emploi emplois jobs personne "
    "personnes people site sites partir environ plan plans activite activites activity activities membre membres member members acteur acteurs "
    "laureat laureats winner winners selected created cree creee fonde fondee founded ouvert ouverte opened propose proposes nouveau nouvelle "
    "new date dates donnee donnees precise precisee precises preciser reste restent given known unknown connue connu".split()
)
"""Folded words of money, time, number and habit: two texts that share them have nothing in common."""


class SimilarWords:
    """Feature: TF-IDF cosine of the profiles, doubled, at most 1; NaN where a side has no known word."""

    name = "words"
    feature_names = ("term_cosine",)

    def features(self, context: Context, query: Query, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
        cosine = context.profiles.terms.cosine(terms_of(context, query), candidates)
        return np.asarray(np.minimum(2 * cosine, 1.0), dtype=float)[:, None]

    def explain(self, context: Context, query: Query, candidate: int) -> Evidence | None:
        theirs = context.profiles.statement[candidate]
        mine = "" if query.actor is None else context.profiles.statement[query.actor]
        french, english = (said_by_both(context, query, candidate, lang) for lang in (0, 1))
        if query.text is not None:
            french, english = french or english, english or french
        if not french or not english or not theirs or (query.actor is not None and not mine):
            return None
        fr, en = listed([f"« {w} »" for w in french], "et"), listed([f"“{w}”" for w in english], "and")
        if query.text is not None:
            text = Text(f"Sa description reprend des mots de votre idée : {fr}.", f"Its description uses words of your idea: {en}.")
        else:
            text = Text(f"Leurs descriptions parlent toutes deux de {fr}.", f"Both descriptions speak of {en}.")
        return Evidence(self.name, 0.0, text, tuple(s for s in (theirs, mine) if s))


def said_by_both(context: Context, query: Query, candidate: int, lang: int) -> list[str]:
    """Rare words that both descriptions use, at most three, lang 0 for French and 1 for English.

    Names, common words and the labels of skills that both state are left out: they are said elsewhere, or say nothing. One word
    alone is no subject: a pair of words, or two words, are.
    """
    index = context.profiles.subjects[lang]
    mine = index.transform([query.text]) if query.text is not None else index.matrix[[query.actor]]
    known = _label_words(context, query, candidate) | SAY_NOTHING
    most = max(2, int(COMMON * context.size))
    found = [t for t in index.shared_terms(mine, index.matrix[[candidate]], k=8) if index.holders(t) <= most and not set(words_of(t)) & known]
    pair = any(len(words_of(t)) > 1 for t in found)
    return found[:MOST_WORDS] if pair or len(found) > 1 else []


def _label_words(context: Context, query: Query, candidate: int) -> set[str]:
    labels = [labels_of(context.snapshot).of(context.vocabulary.skills[s]) for s in shared_skills(context, query, candidate)]
    return {w for label in labels for text in (label.fr, label.en) for w in words_of(text)}


@lru_cache(maxsize=32)
def terms_of(context: Context, query: Query) -> sparse.csr_array:
    """TF-IDF row of the query: of its text when it has one, else of the actor's profile."""
    if query.text is not None:
        return context.profiles.terms.transform([query.text])
    return context.profiles.terms.matrix[[query.actor]]
