"""What every encoder promises. A test class inherits this and gives the fixture `encoder`."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.encoders import Encoder, encode_queries

TEXTS = [
    "Usinage de précision pour l'horlogerie",
    "Stockage d'hydrogène et pile à combustible",
    "Boulangerie artisanale",
    "Formation continue en cybersécurité",
    "Software for electric vehicles",
]


class EncoderContract:
    """Shape, type, norm, and rows that depend on their text alone."""

    @pytest.fixture
    def encoder(self) -> Encoder:
        raise NotImplementedError("give the encoder under test")

    def test_gives_unit_float32_rows(self, encoder: Encoder) -> None:
        vectors = encoder.encode(TEXTS)
        assert vectors.shape == (len(TEXTS), encoder.dim)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_says_who_it_is(self, encoder: Encoder) -> None:
        assert encoder.name == encoder.name.lower() and "/" not in encoder.name and " " not in encoder.name
        assert encoder.version
        assert encoder.dim >= 1

    def test_the_same_texts_give_the_same_vectors(self, encoder: Encoder) -> None:
        np.testing.assert_array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))

    def test_order_and_repetition_change_nothing(self, encoder: Encoder) -> None:
        straight, back = encoder.encode(TEXTS), encoder.encode(TEXTS[::-1] + TEXTS)
        np.testing.assert_allclose(back[: len(TEXTS)][::-1], straight, atol=1e-5)
        np.testing.assert_allclose(back[len(TEXTS) :], straight, atol=1e-5)

    def test_batches_change_nothing(self, encoder: Encoder) -> None:
        one_by_one = np.vstack([encoder.encode([text]) for text in TEXTS])
        np.testing.assert_allclose(one_by_one, encoder.encode(TEXTS), atol=1e-5)

    def test_no_text_gives_no_row(self, encoder: Encoder) -> None:
        vectors = encoder.encode([])
        assert vectors.shape == (0, encoder.dim)
        assert vectors.dtype == np.float32

    def test_a_blank_text_gives_a_zero_row(self, encoder: Encoder) -> None:
        vectors = encoder.encode(["", TEXTS[0], " \t\n\u00a0"])
        assert not vectors[0].any() and not vectors[2].any()
        np.testing.assert_allclose(vectors[1], encoder.encode([TEXTS[0]])[0], atol=1e-5)

    def test_any_character_is_accepted(self, encoder: Encoder) -> None:
        odd = ["日本語のテキスト", "😀 🚲", "e\u0301nergie", "\x00\ufffd", "badly decoded \udce9", "مرحبا"]
        vectors = encoder.encode(odd)
        norms = np.linalg.norm(vectors, axis=1)
        assert np.isfinite(vectors).all()
        assert np.all((np.abs(norms - 1) < 1e-5) | (norms == 0))

    def test_a_very_long_text_is_accepted(self, encoder: Encoder) -> None:
        long = (" ".join(TEXTS) + ". ") * 300
        vectors = encoder.encode([long[:50_000], TEXTS[2]])
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_the_texts_are_left_as_they_are(self, encoder: Encoder) -> None:
        given = list(TEXTS)
        encoder.encode(given)
        assert given == TEXTS

    def test_one_string_is_refused(self, encoder: Encoder) -> None:
        with pytest.raises(TypeError, match=r"write \[text\]"):
            encoder.encode("usinage")

    def test_questions_have_the_same_space(self, encoder: Encoder) -> None:
        questions = encode_queries(encoder, [TEXTS[0], ""])
        assert questions.shape == (2, encoder.dim)
        assert questions.dtype == np.float32
        assert not questions[1].any()
        assert int(np.argmax(encoder.encode(TEXTS) @ questions[0])) == 0
