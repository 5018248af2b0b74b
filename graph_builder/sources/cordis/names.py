"""Readable forms of what CORDIS shouts: names, cities, web addresses, VAT numbers and the SIREN inside them. Pure functions of one value."""

from __future__ import annotations

import re

from graph_builder.normalise import clean_url, has_email, has_phone, siren_ok, siret_ok, slug, vat_fr_ok
from graph_builder.sources.territory.facts import plain_number

SMALL = frozenset(
    "a à am and au aux con d da das de degli dei del della delle den der des di die do dos du e el em en et for fuer für fur i im in l la las le les "
    "los na het och of og on op para per pour s sur sul the to u und v van ve ved voor w y z za zu zum zur".split()
)
"""Words in lower case inside a name: articles and prepositions of the languages of CORDIS."""

SHORT = frozenset(
    "aix air art arts bas bay bio car city club coop cork data east eau eco edu environ eye fund gas graz home hub inst iron jean key lab labs law "
    "lead life lille link lyon med mode nord off open park pays plan port rail riga rome san sea soft soil sud sun team tech test time tool town "
    "turf ufa umea unit ural vie ville vin way wind with wood work zoo".split()
)
"""Words of three or four letters that are ordinary: any other of at most three letters is taken for an acronym."""

LEGAL = {
    form.casefold(): form
    for form in (
        "GmbH mbH gGmbH KGaA SpA Ltd Inc Oy Oyj ApS EOOD OOD Kft Zrt Srl eV eG Sp zoo SAS SARL SASU SCIC SCOP EPIC GIE GIP PLC LLC ASBL VZW EEIG "
        "AISBL IVZW SCRL SLNE SAU SLU NPO NGO USA CHU CNR CNRS INSERM INRIA INRAE CSIC IMEC EPFL ESPCI IFPEN IFREMER ONERA CIRAD"
    ).split()
}
"""Legal forms and well-known acronyms as they are written."""

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\.?", re.UNICODE)
_ROMAN = re.compile(r"[IVX]{1,4}")
_VOWELS = frozenset("AEIOUY")
_CEDEX = re.compile(r"[\s,]*\bcedex\b\s*\d*\s*$", re.IGNORECASE)


def readable_name(name: str, short_name: str = "") -> str:
    """`name` in ordinary letters when it is written in capitals alone, unchanged otherwise.

    Kept in capitals: words with digits or inner dots, Roman numerals, known legal forms and acronyms, words without a vowel, words of
    at most three letters that are no ordinary word, a name of one word of at most five letters, and what stands alone in parentheses or
    is the short name, spelt as there. Articles and prepositions inside the name are in lower case. No accent is guessed.
    """
    text = " ".join(name.split())
    if any(c.islower() for c in text) or not any(c.isupper() for c in text):
        return text
    if " " not in text and len(text) <= 5:
        return text
    kept = {inside: inside for inside in re.findall(r"\(\s*([^\s()]+)\s*\)", text) if len(inside) <= 10}
    if len(short_name) < len(text) and " " not in short_name:
        kept |= {word.upper(): word for word in _WORD.findall(short_name)}

    def change(match: re.Match[str]) -> str:
        word = match.group()
        return kept[word] if word in kept else _word(word, first=match.start() == 0, rest=text[match.end() :])

    return _WORD.sub(change, text)


def _word(word: str, *, first: bool, rest: str) -> str:
    lower = word.lower()
    elided = lower in ("d", "l", "dell", "all", "nell", "sull") and rest[:1] in ("'", "’")
    if lower in LEGAL and not first:
        return LEGAL[lower]
    if any(c.isdigit() for c in word) or "." in word.rstrip(".") or _ROMAN.fullmatch(word):
        return word
    if elided or (lower in SMALL and (len(word) > 1 or rest[:1] in ("", " "))):
        return word.capitalize() if first else lower
    if lower in SHORT:
        return word.capitalize()
    if len(word.rstrip(".")) <= 3 or (word.isascii() and not _VOWELS & set(word)):
        return LEGAL.get(lower, word)
    return word.capitalize()


def readable_city(city: str) -> str:
    """`city` without its CEDEX, in ordinary letters when it is written in capitals alone: "PARIS CEDEX 07" gives "Paris".

    "" for a cell without a letter, or with a telephone number or an e-mail address.
    """
    text = _CEDEX.sub("", " ".join(city.split())).strip(" ,")
    if not any(c.isalpha() for c in text) or has_email(text) or has_phone(text):
        return ""
    if any(c.islower() for c in text):
        return text
    return _WORD.sub(lambda m: m.group().lower() if m.start() and m.group().lower() in SMALL else m.group().capitalize(), text)


def place_of(city: str, country: str) -> str:
    """Entity id of a city in a country, "" without a city: ("Besançon", "FR") gives "place:besancon-fr". No INSEE code is guessed."""
    folded = slug(f"{city} {country}") if slug(city) else ""
    return f"place:{folded}" if folded else ""


def web_address(text: str) -> str:
    """A plain http or https address, https:// put before it where no scheme was given; "" when it is none."""
    if not text:
        return ""
    with_scheme = text if "://" in text else f"https://{text}"
    url = clean_url(with_scheme)
    return url if url and "." in url.split("/")[2] else ""


def clean_vat(text: str) -> str:
    """A VAT number in capitals without signs between them; "" for what is too short to be one."""
    cleaned = "".join(c for c in text.upper() if c.isalnum())
    return cleaned if len(cleaned) >= 6 and any(c.isdigit() for c in cleaned) else ""


def siren_of(vat: str, country: str) -> str:
    """The SIREN inside a cleaned French VAT number, "" when there is none that passes its check digit.

    Read as such: FR, a key of two digits (checked) or of two signs with a letter, and the SIREN; a SIREN or a SIRET alone, with or
    without FR, and a SIRET after the key.
    """
    if country != "FR":
        return ""
    digits = vat.removeprefix("FR")
    if len(digits) == 11 and siren_ok(digits[2:]):
        return digits[2:] if vat_fr_ok(f"FR{digits}") or not digits[:2].isdigit() else ""
    if len(digits) == 16 and siret_ok(digits[2:]) and vat_fr_ok(f"FR{digits[:11]}"):
        return digits[2:11]
    if siren_ok(digits):
        return digits
    return digits[:9] if siret_ok(digits) else ""


def coordinates(text: str) -> tuple[str, str]:
    """Latitude and longitude in degrees with five decimals at most (about a metre), "" twice when unknown, 0,0 or out of range."""
    match = re.fullmatch(r"\(?\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*\)?", text)
    if match is None:
        return "", ""
    lat, lon = round(float(match.group(1)), 5), round(float(match.group(2)), 5)
    if (lat, lon) == (0.0, 0.0) or abs(lat) > 90 or abs(lon) > 180:
        return "", ""
    return plain_number(str(lat)), plain_number(str(lon))


def amount(text: str) -> str:
    """An amount in euros as it would print, "" when it is none: "155420.40" gives "155420.4"."""
    number = text.replace(",", ".")
    return plain_number(number) if re.fullmatch(r"\d{1,15}(?:\.\d+)?", number) else ""


def without_contacts(text: str) -> str:
    """`text` without its sentences that hold an e-mail address or a telephone number; "" when one still does."""
    if not (has_email(text) or has_phone(text)):
        return text
    kept = " ".join(part for part in re.split(r"(?<=[.!?;])\s+", text) if not (has_email(part) or has_phone(part)))
    return "" if has_email(kept) or has_phone(kept) else kept
