from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_builder import normalise as n
from tests.graph_builder.seed_package import SEED, read_csv

SIRENS = st.integers(1, 99_999_999).map(lambda i: f"{i:08d}").map(lambda eight: eight + _check_digit(eight))


def _check_digit(digits: str) -> str:
    """The digit that makes the sum of ISO/IEC 7812-1 end in 0, found by trying the ten digits with a table of doubles."""
    doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
    total = sum(doubled[int(d)] if place % 2 == 0 else int(d) for place, d in enumerate(reversed(digits)))
    return str(-total % 10)


# names


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Université de Technologie de Belfort-Montbéliard", "universite de technologie de belfort montbeliard"),
        ("L'Œuvre  (S.A.S.)", "l oeuvre s a s"),
        ("STRASSE Straße", "strasse strasse"),
        ("Łódź Ørsted Ǆ", "lodz orsted dz"),
        ("Αθήνα", "αθηνα"),
        ("A\u00a0B\tC\n", "a b c"),
        ("« & »", ""),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert n.fold(name) == folded


@given(st.text())
def test_fold_twice_is_fold_once(name: str) -> None:
    folded = n.fold(name)
    assert n.fold(folded) == folded
    assert folded == " ".join(folded.split())


@given(st.text(alphabet="abcdéèçABCÉ ", max_size=20))
def test_fold_forgets_case(name: str) -> None:
    assert n.fold(name.upper()) == n.fold(name) == n.fold(name.lower())


def test_place_id() -> None:
    assert n.place_id("Belfort", "90010") == "place:90010"
    assert n.place_id("Luxeuil-les-Bains") == "place:luxeuil-les-bains"
    assert n.place_id("Neuchâtel (CH)") == "place:neuchatel-ch"


@pytest.mark.parametrize(("code", "right"), [("90010", True), ("2A004", True), ("97411", True), ("9001", False), ("00123", False), ("2C004", False)])
def test_insee(code: str, right: bool) -> None:
    assert n.insee_ok(code) is right


# identifiers


@pytest.mark.parametrize("siren", ["200069052", "249000241", "732829320", "552081317"])
def test_known_sirens(siren: str) -> None:
    # the first two are the communities of the seed; 732829320 is the example of Wikipedia's article on SIREN; 552081317 is EDF
    assert n.siren_ok(siren)


@given(SIRENS, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_seen(siren: str, place: int, shift: int) -> None:
    assert n.siren_ok(siren)
    wrong = siren[:place] + str((int(siren[place]) + shift) % 10) + siren[place + 1 :]
    assert not n.siren_ok(wrong)


@given(st.text(max_size=15))
def test_siren_is_nine_ascii_digits(text: str) -> None:
    assert not n.siren_ok(text) or (len(text) == 9 and text.isascii() and text.isdigit())


def test_no_siren() -> None:
    assert not any(map(n.siren_ok, ("", "000000000", "20006905", "2000690522", "200 069 052", "２０００６９０５２")))


def test_siret() -> None:
    assert n.siret_ok("73282932000074")  # example of Wikipedia's article on SIRET
    assert n.siret_ok("35600000000048")  # La Poste, head office: passes Luhn
    assert n.siret_ok("35600000049837")  # La Poste: only the multiple of 5 (3+5+6+4+9+8+3+7 = 45)
    assert not n.siret_ok("35600000049838")
    assert not n.siret_ok("73282932000075")
    assert not n.siret_ok("73282932100074")
    assert not n.siret_ok("732829320")


def test_vat() -> None:
    assert n.vat_fr("404833048") == "FR83404833048"  # example of the French Wikipedia's article on the VAT number
    assert n.vat_fr_ok("FR 83 404 833 048")
    assert not n.vat_fr_ok("FR84404833048")
    assert not n.vat_fr_ok("DE83404833048")
    assert not n.vat_fr_ok("")
    with pytest.raises(ValueError, match="check digit"):
        n.vat_fr("404833049")


@given(SIRENS)
def test_vat_round_trip(siren: str) -> None:
    assert n.vat_fr_ok(n.vat_fr(siren))


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (" HTTPS://WWW.UTBM.fr/Recherche?x=A#top ", "https://www.utbm.fr/Recherche?x=A"),
        ("http://localhost:8080/", "http://localhost:8080/"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//utbm.fr", None),
        ("utbm.fr", None),
        ("https://", None),
        ("https://a b.fr", None),
        ("https://me:secret@utbm.fr", None),
        ("https://utbm.fr:port/", None),
        ("https://[::1", None),
        ("https://utbm.fr/\nSet-Cookie", None),
        ("", None),
    ],
)
def test_clean_url(url: str, clean: str | None) -> None:
    assert n.clean_url(url) == clean


@given(st.text(max_size=40).map(lambda tail: f"https://{tail}"))
def test_clean_url_is_stable(url: str) -> None:
    clean = n.clean_url(url)
    assert clean is None or n.clean_url(clean) == clean


# dates


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        # forms and readings of https://www.loc.gov/standards/datetime/, bounds by hand
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019~", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019?", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019-09", date(2019, 9, 1), date(2019, 9, 30)),
        ("2019-09-30%", date(2019, 9, 30), date(2019, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("201X", date(2010, 1, 1), date(2019, 12, 31)),
        ("20XX", date(2000, 1, 1), date(2099, 12, 31)),
        ("2004-XX", date(2004, 1, 1), date(2004, 12, 31)),
        ("1985-04-XX", date(1985, 4, 1), date(1985, 4, 30)),
        ("1985-XX-XX", date(1985, 1, 1), date(1985, 12, 31)),
        ("2001-21", date(2001, 3, 1), date(2001, 5, 31)),
        ("2001-24", date(2001, 1, 1), date(2002, 2, 28)),
        ("9999-24", date(9999, 1, 1), date(9999, 12, 31)),
        ("2004-06/2006-08", date(2004, 6, 1), date(2006, 8, 31)),
        ("2004/..", date(2004, 1, 1), None),
        ("../2004", None, date(2004, 12, 31)),
        ("2004/", date(2004, 1, 1), None),
    ],
)
def test_edtf(edtf: str, first: date | None, last: date | None) -> None:
    assert n.edtf_ok(edtf)
    assert (n.earliest_day(edtf), n.latest_day(edtf)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "2019-13", "2019-00", "2023-02-30", "2019-02-00", "19", "0000", "2019-9", "2019/2018", "..", "../..", "/"),
        *("2019-XX-05", "201X-02-03", "2019 ", "2019\n", "２０１９", "2019-21-01", "2019~~", "septembre 2019", "2019/2020/2021", "2019-09-01T10:00"),
    ],
)
def test_no_edtf(text: str) -> None:
    assert not n.edtf_ok(text)
    assert n.latest_day(text) is None
    assert n.earliest_day(text) is None


@given(st.dates())
def test_day_month_and_year_hold_the_day(day: date) -> None:
    iso = day.isoformat()
    assert n.earliest_day(iso) == day == n.latest_day(iso)
    for wider in (iso[:7], iso[:4], iso[:4] + "~", iso[:3] + "X"):
        first, last = n.earliest_day(wider), n.latest_day(wider)
        assert first is not None
        assert last is not None
        assert first <= day <= last


@given(st.text(alphabet="0123456789-/X~?%. ", max_size=21))
def test_edtf_never_crashes_and_is_ordered(text: str) -> None:
    first, last = n.earliest_day(text), n.latest_day(text)
    assert first is None or last is None or first <= last


# contact details


@pytest.mark.parametrize(
    "text",
    [
        *("03 84 58 00 00", "0384580000", "03.84.58.00.00", "03-84-58-00-00", "(03) 84 58 00 00", "tél:0384580000.", "0384 58 00 00"),
        *(
            "+33 3 84 58 00 00",
            "+33384580000",
            "+33 (0)3 84 58 00 00",
            "+33.3.84.58.00.00",
            "0033 3 84 58 00 00",
            "03\u00a084\u00a058\u00a000\u00a000",
        ),
        *(
            "+41 32 718 25 00",
            "+352 621 123 456",
            "+49 721 6105 1330",
            "+1 (555) 123-4567",
            "0 800 12 34 56",
            "0 800 123 456",
            "06 12 34 56 78, le soir",
        ),
    ],
)
def test_phone(text: str) -> None:
    assert n.has_phone(text)
    assert n.has_phone(f"Contact : {text} (accueil)")


@pytest.mark.parametrize(
    "text",
    [
        *("200069052", "200 069 052", "005 880 034", "552 081 317 00013", "35600000000048", "056 800 123 00012", "FR83404833048"),
        *("2019-2020", "2010-2011-2012", "01/02/2019", "01/02/2019 10", "2019-09-01T10:00:00", "1529596600", "0,0123456789", "47.64218, 6.85385"),
        *("+15 000 000 €", "+150 000 000 euros", "+2000 emplois", "+33 %", "1 234 567 890", "de 2 000 à 10 000 000", "90010 Belfort", "12 000 m²"),
        *("ISBN 978-2-1234-5680-3", "norme ISO 19115-3:2016", "00 33", "10.1234/abc.0384580000x", "00123456789012", ""),
    ],
)
def test_no_phone(text: str) -> None:
    assert not n.has_phone(text)


@pytest.mark.parametrize(
    "text", ["a.b+c@utbm.fr", "écrire à contact@univ-fcomte.fr.", "contact (at) utbm.fr", "contact [arobase] utbm", "MAILTO:X@Y.ORG"]
)
def test_email(text: str) -> None:
    assert n.has_email(text)


@pytest.mark.parametrize(
    "text", ["", "@utbm", "hack@thon 2.0", "l'@venir", "https://mastodon.social/@utbm", "ouvert (atelier)", "a@b", "x@y.2", "C@fé"]
)
def test_no_email(text: str) -> None:
    assert not n.has_email(text)


def test_long_texts_take_no_time_to_speak_of() -> None:
    # a quadratic pattern would run for hours here
    for text in ("a" * 300_000, "a@" * 150_000, "a@" + "a." * 150_000, "0" * 300_000, "+1 " * 100_000, "0384 " * 60_000):
        assert not n.has_email(text + " ")
        assert not n.has_phone(text)


def test_no_contact_in_the_seed() -> None:
    texts = [cell for path in sorted(SEED.glob("*.csv")) for row in read_csv(path) for cell in row]
    assert len(texts) > 10_000
    assert [text for text in texts if n.has_email(text)] == []
    assert [text for text in texts if not text.startswith("http") and n.has_phone(text)] == []
