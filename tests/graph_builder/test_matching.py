"""The score of a pair: each clue, its words, symmetry."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_builder.resolution.blocking import MOST_PAIRS, candidates
from graph_builder.resolution.descriptions import Described, domain_of
from graph_builder.resolution.matching import (
    NAME,
    START,
    WEIGHTS,
    WORDS,
    Clue,
    Text,
    agreement,
    lexicon,
    name_similarity,
    probability,
    score,
    whereabouts,
)
from graph_builder.resolution.sites import places, site_of, unit_signs


def actor(key: str, *names: str, package: int = 0, **told: object) -> Described:
    place = told.pop("place", "")
    extra = {"places": frozenset({f"place:{place}"}), "place_names": (place,)} if place else {}
    return Described(id=key, package=package, record=f"r/{key}", names=names, **extra, **told)  # type: ignore[arg-type]


def clues(a: Described, b: Described) -> dict[str, float]:
    found = score(a, b, lexicon([a, b]))
    mirrored = {clue.name: clue.weight for clue in score(b, a, lexicon([a, b]))}
    assert {clue.name: clue.weight for clue in found} == pytest.approx(mirrored)
    assert all(clue.text.fr and clue.text.en for clue in found)
    return {clue.name: clue.weight for clue in found}


def test_the_probability_is_the_logistic_of_the_sum() -> None:
    text = Text("", "")
    assert probability(()) == pytest.approx(0.1192, abs=1e-4)  # 1 / (1 + e^2), by hand
    assert probability((Clue("x", 2.0, text),)) == 0.5
    assert probability((Clue("x", -START, text), Clue("y", 3.0, text), Clue("z", -3.0, text))) == 0.5


@pytest.mark.parametrize(
    ("left", "right", "similarity"),
    [
        ("Mahytec", "MAHYTEC SARL", 1.0),
        ("Énergie du Lion", "LION ENERGIE GmbH", 1.0),
        ("FEMTO-ST", "FEMTOST", 1.0),
        ("Statice", "Statise", 6 / 7),  # 12 of 14 letters are common, by hand
    ],
)
def test_similarity_of_names(left: str, right: str, similarity: float) -> None:
    assert name_similarity(actor("a", left), actor("b", right)) == pytest.approx(similarity)


def test_legal_forms_accents_and_old_names_are_no_difference() -> None:
    assert clues(actor("a", "Université Gustave Eiffel (ex-Ifsttar)"), actor("b", "UNIVERSITE GUSTAVE EIFFEL"))["name"] == NAME[-1][1]
    assert clues(actor("a", "Umlp", "ex-Université de Franche-Comté"), actor("b", "UNIVERSITE DE FRANCHE-COMTE"))["name"] == NAME[-1][1]


def test_rare_words_weigh_more_than_common_ones() -> None:
    crowd = [actor(f"c{i}", "Institut Exemple") for i in range(200)] + [actor("a", "Zircon")]
    words = lexicon(crowd)
    assert words.rarity["zircon"] > words.rarity["institut"]
    assert agreement(("institut", "zircon"), ("zircon",), words) > agreement(("institut", "zircon"), ("institut",), words)
    assert agreement(("statice", "innovation"), ("staticce", "innovation"), words) == 1.0  # a typing error in a long word
    assert agreement(("epi",), ("eve",), words) == 0.0


def test_an_acronym_stands_for_the_long_name() -> None:
    found = clues(actor("a", "SUPMICROTECH", "ENSMM"), actor("b", "ECOLE NATIONALE SUPERIEURE DE MECANIQUE ET DES MICROTECHNIQUES", "ENSMM"))
    assert found["acronym"] == WEIGHTS["acronym"] and found["name"] == -0.5
    found = clues(actor("a", "X", "ENSMM"), actor("b", "ECOLE NATIONALE SUPERIEURE DE MECANIQUE ET DES MICROTECHNIQUES"))
    assert found["acronym"] == WEIGHTS["initials"]
    found = clues(actor("a", "Energie", "EVE"), actor("b", "Ente", "EVE"))
    assert found["acronym"] == WEIGHTS["acronym"] + WEIGHTS["three_letters"]


def test_different_numbers_and_short_names() -> None:
    assert clues(actor("a", "SDIS 25"), actor("b", "SDIS 78"))["numbers"] == WEIGHTS["numbers"]
    assert "numbers" not in clues(actor("a", "SDIS 25"), actor("b", "SDIS"))
    assert clues(actor("a", "EPI"), actor("b", "EPI"))["short_name"] == WEIGHTS["short_name"]


@pytest.mark.parametrize(
    ("a", "b", "where"),
    [
        ({"place": "Besançon"}, {"place": "BESANCON CEDEX"}, "same_place"),
        ({"place": "Belfort", "department": "90"}, {"place": "Meroux", "department": "90"}, "near"),
        ({"place": "Belfort", "department": "90"}, {"place": "Paris", "department": "75"}, "elsewhere"),
        ({"place": "Belfort", "position": (47.64, 6.86)}, {"place": "Héricourt", "position": (47.58, 6.76)}, "near"),
        (
            {"place": "Belfort", "position": (47.64, 6.86), "department": "90"},
            {"place": "Delle", "position": (45.0, 6.86), "department": "90"},
            "elsewhere",
        ),
        ({"country": "FR", "place": "Lille"}, {"country": "BE", "place": "Lille"}, "other_country"),
        ({"country": "FR", "place": "Lille"}, {"country": "FR"}, "place_unknown"),
        ({}, {}, "place_unknown"),
    ],
)
def test_where_two_actors_are(a: dict[str, object], b: dict[str, object], where: str) -> None:
    left, right = actor("a", "Exemple", **a), actor("b", "Exemple", **b)
    assert whereabouts(left, right) == whereabouts(right, left) == where
    assert clues(left, right)[where] == WEIGHTS[where]


def test_websites_and_sorts_of_actor() -> None:
    a, b = actor("a", "A", domain="x.fr", family="company"), actor("b", "B", package=1, domain="x.fr", family="public")
    assert clues(a, b)["same_domain"] == WEIGHTS["same_domain"] and clues(a, b)["other_family"] == WEIGHTS["other_family"]
    crowd = lexicon([a, b, actor("c", "C", package=1, domain="x.fr")])  # two actors of one package share it: a group's site proves nothing
    assert "same_domain" not in {clue.name for clue in score(a, b, crowd)}
    assert "other_domain" in clues(actor("a", "A", domain="x.fr"), actor("b", "B", domain="y.fr"))
    assert not {"other_domain", "same_domain"} & set(clues(actor("a", "A", domain="est.x.fr"), actor("b", "B", domain="x.fr")))


@pytest.mark.parametrize(("url", "domain"), [("https://www.UTBM.fr/x", "utbm.fr"), ("utbm.fr", "utbm.fr"), ("http://[bad", ""), ("", "")])
def test_the_domain_of_an_address(url: str, domain: str) -> None:
    assert domain_of(url) == domain


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_score_is_symmetric_for_any_names(left: str, right: str) -> None:
    a, b = actor("a", left), actor("b", right, package=1)
    total = sum(clues(a, b).values())
    lowest = NAME[0][1] + WORDS[0][1] + sum(weight for weight in WEIGHTS.values() if weight < 0)
    assert lowest <= total <= NAME[-1][1] + WORDS[-1][1] + sum(weight for weight in WEIGHTS.values() if weight > 0)


def test_signs_of_a_part_and_its_whole() -> None:
    site, unit = actor("s", "Alstom Belfort", place="Belfort"), actor("u", "ALSTOM TRANSPORT SA", package=1, place="Saint-Ouen")
    known, by_id = places([site, unit]), {"s": site, "u": unit}
    assert [clue.name for clue in unit_signs(site, unit, known, by_id)] == ["place_in_name"]
    assert site_of(site, unit, known, lexicon([site, unit])) and site_of(unit, site, known, lexicon([site, unit]))
    home = actor("h", "Statice Besançon", place="Besançon"), actor("i", "STATICE", package=1, place="Besançon")
    assert unit_signs(*home, places(home), {}) == ()  # the name of the place where both are tells nothing


def test_pairs_share_a_key_and_large_blocks_are_skipped_and_told() -> None:
    territory = [actor("a", "Statice", place="Besançon"), actor("b", "Zircon", place="Delle")]
    others = [actor("x", "STATISE SAS", package=1), actor("y", "Quartz", package=1, place="DELLE"), actor("z", "Autre", package=1)]
    both = sorted([*territory, *others], key=lambda one: one.id)
    assert [(both[i].id, both[j].id) for i, j in candidates(both).pairs] == [("a", "x"), ("b", "y")]  # beginning of the word; commune
    crowd = [actor(f"{p}{i}", f"Nom{p}{i}", package=p, place="Paris") for p in (0, 1) for i in range(60)]
    found = candidates(crowd)
    assert found.skipped == (("commune:paris", 3600),) and MOST_PAIRS < 3600
    assert all(crowd[i].package != crowd[j].package for i, j in found.pairs)


def test_the_order_of_actors_changes_no_pair() -> None:
    some = [actor("a", "Statice"), actor("b", "STATICE", package=1), actor("c", "Statice Innovation", package=2)]
    seen = {frozenset(frozenset((order[i].id, order[j].id)) for i, j in candidates(order).pairs) for order in permutations(some)}
    assert len(seen) == 1
