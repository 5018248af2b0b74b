"""Names, identifiers, dates (EDTF), URLs and free text: pure functions, the same answer on every machine and day."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

# letters that Unicode does not decompose into a base letter and an accent
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_LA_POSTE = "356000000"


def fold(name: str) -> str:
    """`name` in the form in which names are compared: casefolded, no accents, punctuation as spaces, single spaces.

    Idempotent. Letters of every script are kept; "L'Œuvre (SAS)" gives "l oeuvre sas"; a name of signs alone gives "".
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = "".join(c for c in text if not unicodedata.category(c).startswith("M")).casefold().translate(_LIGATURES)
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def slug(name: str) -> str:
    """`fold(name)` with hyphens for spaces: "Neuchâtel (CH)" gives "neuchatel-ch"."""
    return fold(name).replace(" ", "-")


def place_id(name: str, insee: str = "") -> str:
    """Entity id of a place: its INSEE code where it has one (`place:90010`), else the slug of its name."""
    return f"place:{insee or slug(name)}"


def insee_ok(code: str) -> bool:
    """Whether `code` has the form of an INSEE commune code: 5 digits, or 2A/2B and 3 digits. Source: INSEE, COG."""
    return re.fullmatch(r"(?:0[1-9]|[1-9][0-9]|2[AB])[0-9]{3}", code) is not None


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def siren_ok(siren: str) -> bool:
    """Whether `siren` is 9 digits with a right check digit (Luhn), written without spaces. Source: ISO/IEC 7812-1."""
    return _digits(siren, 9) and siren != "000000000" and _luhn(siren)


def siret_ok(siret: str) -> bool:
    """Whether `siret` is 14 digits: a right SIREN, then an establishment, the whole passing Luhn.

    La Poste's establishments (SIREN 356000000) follow their own rule: the digits add up to a multiple of 5. Source: INSEE.
    """
    if not _digits(siret, 14) or not siren_ok(siret[:9]):
        return False
    if siret.startswith(_LA_POSTE) and sum(map(int, siret)) % 5 == 0:
        return True
    return _luhn(siret)


def vat_fr(siren: str) -> str:
    """French VAT number of a SIREN, `FR` + key + SIREN; ValueError when the SIREN is not one.

    The key is (12 + 3 (SIREN mod 97)) mod 97. Source: Code général des impôts, art. 286 ter; DGFiP.
    """
    if not siren_ok(siren):
        raise ValueError(f"not a SIREN: {siren[:20]!r}; give 9 digits with a right check digit")
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def vat_fr_ok(vat: str) -> bool:
    """Whether `vat` (spaces allowed) is the French VAT number of a right SIREN, key included."""
    text = vat.replace(" ", "").upper()
    return siren_ok(text[4:]) and text == vat_fr(text[4:])


def clean_url(url: str) -> str | None:
    """`url` with scheme and host in lower case and no fragment; None unless it is a plain http or https address.

    Refused: another scheme, no host, spaces or control characters, a user name or password, a port that is no number.
    """
    text = url.strip()
    if not text or any(c.isspace() or unicodedata.category(c) == "Cc" for c in text):
        return None
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (raises ValueError when the port is no number)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or "\\" in parts.netloc:
        return None
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, parts.query, ""))


# dates ---------------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?[?~%]?", re.ASCII)
# first and last month of a season; winter may be read as the start of its year or run into February of the next one
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (1, 14)}


class Span(NamedTuple):
    """The days that an EDTF value may mean; None on a side that is open or unknown."""

    first: date | None
    last: date | None


def _last_day(year: int, month: int) -> date:
    year, month = (year, month) if month <= 12 else (year + 1, month - 12)
    return date.max if year > 9999 else date(year, month, monthrange(year, month)[1])


def _one_date(text: str) -> Span | None:
    """Span of a date without interval, None when it is no date."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    years, months, days = match.groups()
    first, last = int(years.replace("X", "0")), int(years.replace("X", "9"))
    if last < 1:
        return None
    first = max(first, 1)
    if months is None or (months == "XX" and days in (None, "XX")):
        return Span(date(first, 1, 1), date(last, 12, 31))
    if months == "XX":
        return None  # a known day of an unknown month is EDTF level 2
    return _month_or_day(first, last, int(months), days)


def _month_or_day(first: int, last: int, month: int, days: str | None) -> Span | None:
    if month in _SEASONS:
        start, end = _SEASONS[month]
        return None if days else Span(date(first, start, 1), _last_day(last, end))
    if not 1 <= month <= 12:
        return None
    if days in (None, "XX"):
        return Span(date(first, month, 1), _last_day(last, month))
    if first != last:
        return None  # a day and a month of an unknown year is EDTF level 2
    try:
        day = date(first, month, int(days or 0))
    except ValueError:
        return None
    return Span(day, day)


def edtf_span(edtf: str) -> Span | None:
    """First and last possible day of an EDTF level 0 or 1 value, None when it is not one.

    Years 0001 to 9999; dates without time; qualifiers ? ~ % (which move no bound); X for digits that are not known;
    seasons 21 to 24 (of the northern hemisphere; winter runs from January to February of the next year);
    intervals, where `..` or nothing leaves a side open. Source: ISO 8601-2:2019, https://www.loc.gov/standards/datetime/.
    """
    if "/" not in edtf:
        return _one_date(edtf)
    start, _, end = edtf.partition("/")
    if start in ("", "..") and end in ("", ".."):
        return None
    sides = [Span(None, None) if text in ("", "..") else _one_date(text) for text in (start, end)]
    first, last = sides
    if first is None or last is None:
        return None
    if first.first is not None and last.last is not None and first.first > last.last:
        return None
    return Span(first.first, last.last)


def edtf_ok(edtf: str) -> bool:
    """Whether `edtf` is a date that `edtf_span` reads: "2019", "2019-09", "2019~"; not "2019-13", "2023-02-30"."""
    return edtf_span(edtf) is not None


def latest_day(edtf: str) -> date | None:
    """Latest possible day ("2019~" gives 2019-12-31); None when it cannot be told (no date, or an open end)."""
    span = edtf_span(edtf)
    return span.last if span else None


def earliest_day(edtf: str) -> date | None:
    """Earliest possible day ("2019-09" gives 2019-09-01); None when it cannot be told (no date, or an open start)."""
    span = edtf_span(edtf)
    return span.first if span else None


# personal contact details in free text -------------------------------------------------------------------------------

_EMAIL = re.compile(r"[\w.+%-]@\w[\w-]*(?:\.[\w-]+)*\.[^\W\d_]{2,}|\w\s?[(\[{]\s?(?:at|arobase)\s?[)\]}]\s?\w", re.IGNORECASE)
_GAP = "[ \u00a0\u2009\u202f.\\-/]"
_BEFORE = r"(?<![\w+])(?<!\d[.,])"
_FRENCH = re.compile(
    rf"{_BEFORE}(?:"
    rf"0[1-9]\)?(?P<gap>{_GAP}?)\d\d(?:(?P=gap)\d\d){{3}}"  # 03 84 58 00 00, 0384580000, 03.84.58.00.00
    rf"|0[1-9]\d\d(?P<gap2>{_GAP})\d\d(?:(?P=gap2)\d\d){{2}}"  # 0384 58 00 00
    rf"|0{_GAP}?[89]\d\d{_GAP}(?:\d{{3}}{_GAP}\d{{3}}|\d\d{_GAP}\d\d{_GAP}\d\d)"  # 0 800 123 456, 0 800 12 34 56
    r")(?!\w)(?![.,]\d)"
)
_ABROAD = re.compile(
    rf"(?<![\w+])(?:\+[1-9]|00(?=33|41|49|32|352|44|39|34)\d)\d{{0,2}}{_GAP}?"  # +33, 0041
    rf"(?:\(0\){_GAP}?)?\(?\d(?:\)?{_GAP}{{0,2}}\d){{5,11}}(?!\w)"
)
_AMOUNT = re.compile(r"\+\d{1,3}(?:[ \u00a0\u2009\u202f.]\d{3})+")
_UNIT = re.compile(r"\s?(?:[€$£%‰]|eur|euro|k€|m€|emploi|habitant|personne|job|resident|people|tonne|kwh|mwh|gwh|km|m²|m2)", re.IGNORECASE)


def has_email(text: str) -> bool:
    """Whether `text` holds an e-mail address, also one written "name (at) host"."""
    return _EMAIL.search(text) is not None


def has_phone(text: str) -> bool:
    """Whether `text` holds a telephone number: French in its usual groupings, or international with + (or 00 and a near country).

    SIREN, SIRET, years, dates and amounts ("+15 000 000 €") are none. Ten digits in a row that start with 0 are one.
    """
    if _FRENCH.search(text):
        return True
    for match in _ABROAD.finditer(text):
        digits = sum(c.isdigit() for c in match.group())
        grouped = _AMOUNT.fullmatch(match.group()) is not None
        if digits >= (11 if grouped else 9) and not _UNIT.match(text, match.end()):
            return True
    return False


# a SIREN inside other numbers -----------------------------------------------------------------------------------------


def siren_of_vat(vat: str) -> str | None:
    """The SIREN in a French VAT number, None where there is none that passes its check.

    Accepted: FR, key, SIREN with a right key; a key that has a letter, which cannot be computed; FR and a SIRET, as CORDIS has some.
    """
    text = vat.replace(" ", "").upper()
    if re.fullmatch(r"FR[0-9]{14}", text):
        return siren_of(text[2:])
    if not re.fullmatch(r"FR[0-9A-Z]{2}[0-9]{9}", text) or not siren_ok(text[4:]):
        return None
    return text[4:] if not text[2:4].isdigit() or vat_fr_ok(text) else None


def siren_of(number: str) -> str | None:
    """The SIREN that a SIREN or SIRET (spaces allowed) stands for, None when it passes no check."""
    digits = "".join(number.split())
    return digits[:9] if siren_ok(digits) or siret_ok(digits) else None
