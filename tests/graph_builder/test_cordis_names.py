from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_builder.normalise import fold
from graph_builder.sources.cordis.names import amount, clean_vat, coordinates, place_of, readable_city, readable_name, siren_of, web_address
from graph_builder.sources.cordis.names import without_contacts as without


@pytest.mark.parametrize(
    ("official", "short", "readable"),
    [  # names of real participants, as a person would write them without accents
        ("UNIVERSITE DE TECHNOLOGIE DE BELFORT - MONTBELIARD", "", "Universite de Technologie de Belfort - Montbeliard"),
        (
            "FRAUNHOFER GESELLSCHAFT ZUR FORDERUNG DER ANGEWANDTEN FORSCHUNG EV",
            "Fraunhofer",
            "Fraunhofer Gesellschaft zur Forderung der Angewandten Forschung eV",
        ),
        ("CENTRE NATIONAL DE LA RECHERCHE SCIENTIFIQUE CNRS", "CNRS", "Centre National de la Recherche Scientifique CNRS"),
        ("COMITE EUROPEEN DE COORDINATION DE L'HABITAT SOCIAL AISBL", "CECODHAS", "Comite Europeen de Coordination de l'Habitat Social AISBL"),
        ("MAHYTEC SARL", "", "Mahytec SARL"),
        ("COBALT WATER EU BV", "", "Cobalt Water EU BV"),
        ("ALLIANCE4EUROPE GGMBH", "", "ALLIANCE4EUROPE gGmbH"),
        ("SPECIALTY OPERATIONS FRANCE S.A.S.", "", "Specialty Operations France S.A.S."),
        ("TEXAS A&M UNIVERSITY SYSTEM", "", "Texas A&M University System"),
        ("TRISOLAR - INNOWADI GROUP LTD", "TRISOLAR", "TRISOLAR - Innowadi Group Ltd"),
        ("III-V LAB", "", "III-V Lab"),
        ("NORTEC (NTC) SYSTEMS", "", "Nortec (NTC) Systems"),
        ("THE GENEVA FOUNDATION", "", "The Geneva Foundation"),
        ("INRIA", "", "INRIA"),
        ("ΕΘΝΙΚΟ ΚΕΝΤΡΟ ΕΡΕΥΝΑΣ", "", "Εθνικο Κεντρο Ερευνας"),
        ("Tank GmbH", "", "Tank GmbH"),
        ("", "", ""),
    ],
)
def test_readable_names(official: str, short: str, readable: str) -> None:
    assert readable_name(official, short) == readable


@given(st.text(max_size=60), st.text(max_size=10))
def test_a_readable_name_is_the_same_name(official: str, short: str) -> None:
    assert fold(readable_name(official, short)) == fold(official)


@given(st.text(max_size=60))
def test_a_readable_name_stays(official: str) -> None:
    once = readable_name(official)
    assert any(c.islower() for c in once) is False or readable_name(once) == once


@pytest.mark.parametrize(
    ("city", "readable"),
    [
        ("PARIS CEDEX 07", "Paris"),
        ("Besancon Cedex", "Besancon"),
        ("CASTELLON DE LA PLANA", "Castellon de la Plana"),
        ("Praha 8", "Praha 8"),
        ("+358505149797", ""),
        ("Tel +33 3 84 58 30 00", ""),
        ("  LE   CHESNAY ", "Le Chesnay"),
        ("", ""),
    ],
)
def test_cities(city: str, readable: str) -> None:
    assert readable_city(city) == readable


def test_places() -> None:
    assert place_of("Besançon", "FR") == place_of("BESANCON", "FR") == "place:besancon-fr"
    assert place_of("-", "FR") == place_of("", "FR") == ""


@pytest.mark.parametrize(
    ("written", "country", "siren"),
    [  # SIREN of UTBM (199003567), CNRS (180089013) and Airbus (383474814): annuaire-entreprises.data.gouv.fr
        ("FR60199003567", "FR", "199003567"),
        ("FR 40 180 089 013", "FR", "180089013"),
        ("FR61199003567", "FR", ""),  # wrong key
        ("FR60199003568", "FR", ""),  # wrong check digit
        ("199003567", "FR", "199003567"),
        ("FR199003567", "FR", "199003567"),
        ("FR0K383474814", "FR", "383474814"),  # a key with a letter cannot be checked
        ("19900356700013", "FR", "199003567"),
        ("FR6019900356700013", "FR", "199003567"),
        ("DE199003567", "DE", ""),
        ("", "FR", ""),
    ],
)
def test_siren_in_a_vat_number(written: str, country: str, siren: str) -> None:
    assert siren_of(clean_vat(written), country) == siren


@pytest.mark.parametrize(("written", "vat"), [("be 0628.843.476", "BE0628843476"), ("N/A", ""), ("NOTAPPLICABLE", ""), ("12345", "")])
def test_vat_numbers(written: str, vat: str) -> None:
    assert clean_vat(written) == vat


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("www.utbm.fr", "https://www.utbm.fr"),
        ("HTTP://WWW.UTBM.FR/a", "http://www.utbm.fr/a"),
        ("ftp://utbm.fr", ""),
        ("utbm", ""),
        ("a@b.fr", ""),
        ("www.a.fr; www.b.fr", ""),
        ("", ""),
    ],
)
def test_web_addresses(written: str, url: str) -> None:
    assert web_address(written) == url


@pytest.mark.parametrize(
    ("written", "point"),
    [
        ("43.3045255,-2.0108734", ("43.30453", "-2.01087")),
        ("(48, 2.5)", ("48", "2.5")),
        ("0.0,0.0", ("", "")),
        ("91,0", ("", "")),
        ("unknown", ("", "")),
    ],
)
def test_coordinates(written: str, point: tuple[str, str]) -> None:
    assert coordinates(written) == point


@pytest.mark.parametrize(("written", "euros"), [("155420.40", "155420.4"), ("155420,4", "155420.4"), ("60", "60"), ("", ""), ("-5", ""), ("1e9", "")])
def test_amounts(written: str, euros: str) -> None:
    assert amount(written) == euros


def test_contacts() -> None:
    assert without("No contact here.") == "No contact here."
    assert without("One. Write to a@b.fr! Two.") == "One. Two."
    assert without("a@b.fr") == ""
