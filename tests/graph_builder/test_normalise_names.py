"""Names of organisations without what does not tell them apart, initials, and the SIREN in other numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_builder.normalise import fold, siren_of, siren_of_vat, siren_ok, vat_fr
from graph_builder.resolution.organisation_names import initials, name_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("STATICE SAS", "statice"),
        ("Mahytec S.A.R.L.", "mahytec"),
        ("MCPHY ENERGY ITALIA SOCIETA A RESPONSABILITA LIMITATA", "mcphy energy italia"),
        ("Société anonyme Exemple", "exemple"),
        ("Gesellschaft mit beschränkter Haftung", "gesellschaft mit beschrankter haftung"),  # nothing else is left
        ("SAS", "sas"),
        ("Le Granit", "granit"),
        ("Université de technologie de Belfort - Montbéliard", "universite technologie belfort montbeliard"),
        ("Ag Research Ltd.", "research"),  # at both ends
        ("Bio SE Institute", "bio se institute"),  # not in the middle
        ("R & D", "rd"),
    ],
)
def test_words_of_a_name(name: str, words: str) -> None:
    assert " ".join(name_words(name)) == words


@given(st.text(max_size=60))
def test_words_stay_when_taken_again_and_are_never_lost(name: str) -> None:
    words = name_words(name)
    assert bool(words) == bool(fold(name))
    assert not words or name_words(" ".join(words))


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Université de technologie de Belfort-Montbéliard", "utbm"),
        ("CENTRE NATIONAL DE LA RECHERCHE SCIENTIFIQUE", "cnrs"),
        ("Statice Innovation", ""),
        ("", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name_words(name)) == letters


@pytest.mark.parametrize(
    ("vat", "siren"),
    [
        ("FR60199003567", "199003567"),  # UTBM in CORDIS
        ("fr 60 199 003 567", "199003567"),
        ("FR61199003567", None),  # wrong key
        ("FR2L200067106", "200067106"),  # a key with a letter cannot be computed
        ("FR82846013900011", "828460139"),  # FR and a SIRET, as CORDIS has some
        ("FR82846013900012", None),
        ("FR19860073600021", "198600736"),  # FR and a SIRET (ENSMA in CORDIS)
        ("DE814587731", None),
        ("", None),
    ],
)
def test_siren_in_a_vat_number(vat: str, siren: str | None) -> None:
    assert siren_of_vat(vat) == siren


@given(st.integers(0, 99999999).map(lambda n: next(f"{n:08d}{d}" for d in range(10) if siren_ok(f"{n:08d}{d}") or n == 0)).filter(siren_ok))
def test_siren_of_its_vat_number_comes_back(siren: str) -> None:
    assert siren_of_vat(vat_fr(siren)) == siren
    assert siren_of(siren) == siren


@pytest.mark.parametrize(("number", "siren"), [("199 003 567", "199003567"), ("19900356700013", "199003567"), ("123456789", None), ("", None)])
def test_siren_of_a_number(number: str, siren: str | None) -> None:
    assert siren_of(number) == siren
