"""The TF-IDF channel: its weights, its shared terms as people write them, and its invariants."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.stopwords import STOP_WORDS
from recommender.text import TermIndex, char_tfidf, fold

PROFILES = [
    "Usinage de précision et décolletage pour l'horlogerie. Precision machining for watchmaking.",
    "Atelier d'usinage de précision, pièces en titane pour l'aéronautique.",
    "Stockage d'hydrogène et pile à combustible. Hydrogen storage and fuel cells.",
    "Laboratoire sur l'hydrogène : pile à combustible, essais. Hydrogen research.",
    "Boulangerie artisanale, pain au levain.",
    "",
]


@pytest.fixture(scope="module")
def index() -> TermIndex:
    return TermIndex.fit(PROFILES)


def shared(index: TermIndex, a: int, b: int, k: int = 3) -> list[str]:
    return index.shared_terms(index.matrix[a], index.matrix[b], k)


def test_weights_by_hand() -> None:
    index = TermIndex.fit(["acier acier zinc", "acier bois"])
    # acier in both texts: idf 1 + ln(3/3) = 1; zinc in one: 1 + ln(3/2); tf of acier twice: 1 + ln 2. No pair is in both.
    acier, zinc = 1 + math.log(2), 1 + math.log(1.5)
    norm = math.hypot(acier, zinc)
    assert index.terms == ("acier", "bois", "zinc")
    np.testing.assert_allclose(index.matrix.toarray()[0], [acier / norm, 0, zinc / norm], rtol=1e-6)


def test_agrees_with_scikit_learn_on_single_words() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["acier zinc acier bois", "bois, cuivre", "cuivre, zinc, zinc, zinc, verre"]
    index = TermIndex.fit(texts)
    single = [column for column, term in enumerate(index.terms) if " " not in term]
    theirs = TfidfVectorizer(sublinear_tf=True, norm="l2").fit_transform(texts).toarray()
    np.testing.assert_allclose(index.matrix.toarray()[:, single], theirs, rtol=1e-5)


def test_rows_have_norm_one_and_a_text_without_terms_is_a_zero_row(index: TermIndex) -> None:
    norms = np.linalg.norm(index.matrix.toarray(), axis=1)
    np.testing.assert_allclose(norms, [1, 1, 1, 1, 1, 0], atol=1e-6)
    assert index.matrix.dtype == np.float32


def test_transform_of_the_fitted_texts_is_the_matrix(index: TermIndex) -> None:
    np.testing.assert_array_equal(index.transform(PROFILES).toarray(), index.matrix.toarray())


def test_cosine_ranks_and_is_unknown_without_terms(index: TermIndex) -> None:
    cosine = index.cosine(index.transform(["USINAGE de precision"]))
    assert cosine.shape == (6,)
    assert set(np.argsort(-cosine[:5])[:2].tolist()) == {0, 1}
    assert cosine[4] == 0 and math.isnan(cosine[5])
    assert np.isnan(index.cosine(index.transform(["xyz 2019"]))).all()
    np.testing.assert_allclose(index.cosine(index.matrix[0], [1, 0]), [cosine_of(index, 0, 1), 1], atol=1e-6)


def cosine_of(index: TermIndex, a: int, b: int) -> float:
    rows = index.matrix.toarray()
    return float(rows[a] @ rows[b])


def test_shared_terms_read_as_they_are_written(index: TermIndex) -> None:
    assert shared(index, 0, 1) == ["usinage de précision"]
    assert set(shared(index, 2, 3)) >= {"pile à combustible"}
    assert shared(index, 0, 4) == []
    assert shared(index, 0, 5) == []


def test_shared_terms_say_a_word_once_across_languages(index: TermIndex) -> None:
    terms = shared(index, 2, 3, k=10)
    assert "pile à combustible" in terms
    assert sum(fold(term).startswith("hydrogen") for term in terms) == 1
    assert "pile" not in terms and "combustible" not in terms


def test_k_bounds_the_list() -> None:
    text = "acier. bois. cuivre. verre. zinc"
    index = TermIndex.fit([text, text, "laine"])
    assert [len(shared(index, 0, 1, k)) for k in (0, 1, 3, 9)] == [0, 1, 3, 5]


def test_the_most_frequent_writing_is_given() -> None:
    index = TermIndex.fit(["Énergie", "énergie", "energie, énergie"])
    assert index.surface("energie") == "énergie"


def test_a_compound_is_written_whole() -> None:
    index = TermIndex.fit(["Pôle du Nord Franche-Comté, tiers-lieux", "Le Nord Franche-Comté et ses tiers-lieux"])
    assert set(shared(index, 0, 1, k=9)) in ({"Nord Franche-Comté", "tiers-lieux"}, {"Franche-Comté", "tiers-lieux"})
    assert index.surface("nord franche") == "Nord Franche-Comté"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("L'Œuvre d'aujourd'hui", {"oeuvre"}),
        ("e\u0301nergie, 2019 et 5G, l'IA", {"energie", "5g", "ia"}),
        ("savoir-faire", {"savoir"}),
        ("the and with les des pour", set()),
        ("co_working", {"working"}),
    ],
)
def test_what_counts_as_a_term(text: str, terms: set[str]) -> None:
    assert set(TermIndex.fit([text]).terms) == terms


def test_a_pair_does_not_cross_punctuation_and_needs_two_texts() -> None:
    assert "acier bois" not in TermIndex.fit(["acier, bois", "acier. Bois", "acier\nbois"]).terms
    assert "acier bois" in TermIndex.fit(["acier bois", "acier et le bois"]).terms
    assert "acier bois" not in TermIndex.fit(["acier bois", "verre"]).terms


def test_stop_words_are_folded() -> None:
    assert all(word == fold(word) and word.isalpha() for word in STOP_WORDS)


@pytest.mark.parametrize("texts", [[], [""], ["", "2019"]])
def test_nothing_to_fit(texts: list[str]) -> None:
    index = TermIndex.fit(texts)
    assert index.matrix.shape == (len(texts), 0)
    assert index.transform(["acier"]).shape == (1, 0)
    assert index.cosine(index.transform(["acier"])).shape == (len(texts),)
    assert char_tfidf(texts).shape[0] == len(texts)


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(len(PROFILES) + 2)))
def test_the_order_of_texts_changes_only_the_order_of_rows(order: list[int]) -> None:
    texts = PROFILES + PROFILES[:2]
    straight, shuffled = TermIndex.fit(texts), TermIndex.fit([texts[place] for place in order])
    assert straight.terms == shuffled.terms
    np.testing.assert_array_equal(straight.matrix.toarray()[order], shuffled.matrix.toarray())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_gives_rows_of_norm_one_or_zero(texts: list[str]) -> None:
    norms = np.linalg.norm(TermIndex.fit(texts).matrix.toarray(), axis=1)
    assert np.all((np.abs(norms - 1) < 1e-5) | (norms == 0))


def test_char_tfidf_brings_spelling_variants_together() -> None:
    rows = char_tfidf(["Précisions d'usinage", "usinages précis", "boulangerie", ""]).toarray()
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 1, 1, 0], atol=1e-6)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
