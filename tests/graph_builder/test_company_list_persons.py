from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_builder.normalise import fold
from graph_builder.sources.company_list.guess import ColumnGuess, guess_columns, naf_code
from graph_builder.sources.company_list.headers import HEADERS, names_of_persons, personal, squash
from graph_builder.sources.company_list.mapping import FIELDS
from graph_builder.sources.company_list.persons import REASONS, given_names, person_reason, trades
from graph_builder.sources.company_list.source import preview
from tests.graph_builder.lists.make_list import siren, siret


@pytest.mark.parametrize(
    "name",
    [
        "Martin SAS",
        "Jean Lain Automobiles",
        "Peugeot Frères",
        "Alstom",
        "Martin",
        "SARL Jean Dupont",
        "S.A.R.L. Jean Dupont",
        "Ets Bernard Paul",
        "Bernard et Fils",
        "Association Camille Claudel",
        "Louis Vuitton Malletier",
        "GFI Informatique",
        "Crédit Agricole Franche-Comté",
        "France Travail",
        "Lucas Martin Conseil",
        "3D Julie",
        "McPhy Energy",
        "Cap Gemini Sogeti",
        "Monsieur Bricolage",
    ],
)
def test_companies_stay(name: str) -> None:
    assert person_reason(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "DUPONT Jean",
        "Jean DUPONT",
        "Jean Dupont",
        "M. Dupont",
        "Mme Durand Claire",
        "Madame Durand",
        "Marie-Claude Dupond",
        "Marie de la Tour",
        "DUPONT Élodie",
    ],
)
def test_names_of_persons_go_unless_a_form_says_a_company(name: str) -> None:
    assert person_reason(name) == "name_pattern"
    assert person_reason(name, legal_form="5710") is None
    assert person_reason(name, legal_form="SAS, société par actions simplifiée") is None
    assert person_reason(name, legal_form="9220") is None
    assert person_reason(name, legal_form="on ne sait pas") == "name_pattern"
    assert person_reason(f"{name} SARL") is None


@pytest.mark.parametrize("form", ["1000", "1", "10", "1100", "1000 - Entrepreneur individuel"])
def test_codes_of_natural_persons(form: str) -> None:
    assert person_reason("LUMEN EXEMPLE", legal_form=form) == "legal_form_code"


@pytest.mark.parametrize(
    "form",
    [
        "EI",
        "ei",
        "E.I.",
        "EIRL",
        "Entrepreneur individuel",
        "auto-entrepreneur",
        "Auto entrepreneur",
        "Micro-entreprise",
        "Profession libérale",
        "Artisan",
    ],
)
def test_words_of_natural_persons(form: str) -> None:
    assert person_reason("LUMEN EXEMPLE", legal_form=form) == "legal_form_words"


@pytest.mark.parametrize("form", ["5710", "5499", "2110", "9220", "7210", "EURL", "SASU", "SCOP", ""])
def test_forms_that_keep_a_row(form: str) -> None:
    assert person_reason("LUMEN EXEMPLE", legal_form=form) is None


@pytest.mark.parametrize("name", ["Dupont Jean EI", "EI Dupont", "Lumen (entrepreneur individuel)", "Lumen EIRL"])
def test_the_word_that_the_law_asks_of_sole_traders(name: str) -> None:
    assert person_reason(name) == "legal_form_words"


@pytest.mark.parametrize(
    ("status", "kept"),
    [("O", True), ("", True), ("diffusible", True), ("P", False), ("N", False), ("Partiellement diffusible", False), ("?X", False)],
)
def test_diffusion(status: str, kept: bool) -> None:
    assert (person_reason("LUMEN EXEMPLE", legal_form="5710", diffusion=status) is None) == kept


def test_masked_and_missing_names() -> None:
    assert person_reason("[ND]", legal_form="5710") == "diffusion"
    assert person_reason("", person_filled=True) == "no_denomination"
    assert person_reason("", person_filled=False) is None
    assert person_reason("LUMEN", person_filled=True) is None


def test_every_reason_has_its_texts() -> None:
    assert set(REASONS) == {"legal_form_code", "legal_form_words", "diffusion", "no_denomination", "name_pattern"}
    assert all(fr and en and fr != en for fr, en in REASONS.values())


def test_the_lists_of_words() -> None:
    assert 300 <= len(given_names()) <= 600
    assert all(fold(word) == word for word in given_names() | trades())
    assert given_names() & trades() == set()


@given(
    given=st.sampled_from(sorted(given_names())),
    family=st.sampled_from(["FICTIVAL", "Modelon", "Exemplet-Testard", "de Fictival"]),
    first=st.booleans(),
)
def test_any_given_name_with_a_family_name_is_a_person(given: str, family: str, first: bool) -> None:
    assert person_reason(f"{given.title()} {family}" if first else f"{family} {given.upper()}") == "name_pattern"


def test_a_persons_row_is_dropped_whatever_else_it_says(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text(f"nom,siren,forme juridique\nLumen Exemple,{siren(1)},EI\nFanal Essai,{siren(2)},SAS\n", encoding="utf-8")
    told = preview(path)
    assert told.persons == {"legal_form_words": 1}
    assert [row["name"] for row in told.rows] == ["Fanal Essai"]


# columns -------------------------------------------------------------------------------------------------------------


def test_columns_about_persons() -> None:
    columns = [
        "nom",
        "prénom",
        "Dirigeant principal",
        "E-mail",
        "Courriel",
        "Tél.",
        "Téléphone mobile",
        "nomUniteLegale",
        "prenom1UniteLegale",
        "liste_elus",
    ]
    assert personal(columns) == set(columns)
    assert personal(["nom", "ville", "Télécom", "automobile", "nom_complet", "nom commercial", "denominationUniteLegale"]) == set()
    assert names_of_persons(["nomUniteLegale", "email", "prenom1UniteLegale"]) == ("nomUniteLegale", "prenom1UniteLegale")


def test_no_header_means_two_things_or_a_person() -> None:
    known = [name for names in HEADERS.values() for name in names]
    assert len(known) == len(set(known))
    assert all(squash(name) == name for name in known)
    assert personal(known) == set()
    assert set(HEADERS) == set(FIELDS)


def fields(guesses: list[ColumnGuess]) -> dict[str, str]:
    return {guess.field: guess.column for guess in guesses}


def test_columns_are_known_by_what_stands_in_them() -> None:
    columns = ["a", "b", "c", "d", "e", "f"]
    sample = [
        [siret(siren(n), 1), siren(n), f"62.0{n % 4}Z", "https://example.org", f"Lumen Exemple {chr(65 + n)}", "Delle" if n % 2 else "Belfort"]
        for n in range(1, 9)
    ]
    guesses = guess_columns(columns, sample)
    assert fields(guesses) == {"siret": "a", "siren": "b", "naf": "c", "website": "d", "name": "e"}
    assert {guess.confidence for guess in guesses if guess.field != "name"} == {"likely"}
    assert all(guess.why_fr and guess.why_en for guess in guesses)
    assert fields(guess_columns(columns[::-1], [row[::-1] for row in sample])) == fields(guesses)


def test_a_header_whose_cells_are_something_else_is_doubtful() -> None:
    guesses = {guess.field: guess for guess in guess_columns(["siren", "nom"], [["12", "Lumen"], ["13", "Fanal"]])}
    assert guesses["siren"].confidence == "doubtful"
    assert "0%" in guesses["siren"].why_en


def test_commune_and_activite_may_be_codes() -> None:
    guesses = fields(guess_columns(["nom", "commune", "libelle_commune", "activité"], [["Lumen", "90010", "Belfort", "62.01Z"]]))
    assert fields(guess_columns(["nom", "commune", "ville"], [["Lumen", "90010", "Belfort"]])) == {
        "name": "nom",
        "insee": "commune",
        "commune": "ville",
    }
    assert (guesses["insee"], guesses["commune"], guesses["naf"]) == ("commune", "libelle_commune", "activité")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("62.01Z", "62.01Z"),
        ("6201Z", "62.01Z"),
        ("62.01z", "62.01Z"),
        ("62.01 Z", "62.01Z"),
        ("62.01Z - Programmation", "62.01Z"),
        ("62.01", "62.01"),
        ("", ""),
        ("informatique", ""),
        ("62.015", ""),
        ("6", ""),
    ],
)
def test_activity_codes(cell: str, code: str) -> None:
    assert naf_code(cell) == code
