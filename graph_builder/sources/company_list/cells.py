"""The cells of one row of a company list in canonical form, with a warning that names the cell for each that cannot be used."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from graph_builder.normalise import clean_url, fold, has_email, has_phone, insee_ok, siren_ok, siret_ok, vat_fr_ok
from graph_builder.sources.company_list.guess import URL, naf_code, squeezed
from graph_builder.sources.company_list.persons import legal_code, names_a_person, person_reason
from graph_builder.sources.findings import shown
from ontology.errors import Finding
from ontology.model import Status

_POSTCODE_TOWN = re.compile(r"([0-9]{5})\s+(\D.*)")
_CEDEX = re.compile(r"\s+cedex(?:\s+[0-9]+)?$", re.IGNORECASE)
_KIND = re.compile(r"[a-z][a-z0-9_]{0,59}")
_CEASED = frozenset("c f cesse cessee ferme fermee closed ceased radie radiee inactif inactive".split())
_ACTIVE = frozenset("a actif active ouvert ouverte open".split())


@dataclass
class Cells:
    """One row: its line, what each field's columns hold (the filled ones, in order), and where findings go."""

    file: str
    line: int
    columns: Mapping[str, Sequence[str]]
    held: Mapping[str, Sequence[tuple[str, str]]]
    findings: list[Finding] = field(default_factory=list)

    def first(self, key: str) -> str:
        """The first filled cell of a field, "" when there is none."""
        held = self.held.get(key, ())
        return held[0][1] if held else ""

    def all(self, key: str) -> list[str]:
        """Every filled cell of a field."""
        return [cell for _, cell in self.held.get(key, ())]

    def warn(self, key: str, cell: str, found: str, accepted: str) -> None:
        """Note a cell that is left out."""
        column = next((column for column, text in self.held.get(key, ()) if text == cell), None)
        self.findings.append(Finding(self.file, self.line, column, f"{shown(cell)} {found}", accepted, "warning"))

    def withhold(self, key: str, found: str) -> None:
        """Note a cell that is left out because it may be about a person; what stands in it is not repeated."""
        column = self.held[key][0][0]
        accepted = "it is left out: nothing about persons is stored"
        self.findings.append(Finding(self.file, self.line, column, f"the cell {found}", accepted, "warning"))


def siren_of(cells: Cells) -> str:
    """The SIREN that a row states by itself, at the head of its SIRET or in its VAT number; "" when none is right, or two differ."""
    stated = {
        "siren": _number(cells, "siren", siren_ok, lambda number: number),
        "siret": _number(cells, "siret", siret_ok, lambda number: number[:9]),
        "vat": _number(cells, "vat", vat_fr_ok, lambda number: number[4:]),
    }
    different = sorted(set(stated.values()) - {""})
    if len(different) > 1:
        key = next(key for key in ("siren", "siret", "vat") if stated[key])
        cells.warn(key, cells.first(key), f"and another number of the row stand for {' and '.join(different)}", "no SIREN is kept for this row")
        return ""
    return different[0] if different else ""


def _number(cells: Cells, key: str, right: Callable[[str], bool], siren: Callable[[str], str]) -> str:
    cell = cells.first(key)
    number = squeezed(cell).upper()
    if not number:
        return ""
    if right(number):
        return siren(number)
    if key == "siren" and siret_ok(number):
        return number[:9]
    what = {
        "siren": "is no SIREN: 9 digits with a check digit",
        "siret": "is no SIRET: 14 digits with a check digit",
        "vat": "is no French VAT number",
    }
    cells.warn(key, cell, what[key], "it is left out for this row; copy it again from an official source")
    return ""


def literals(cells: Cells, name: str) -> dict[str, str]:
    """The attributes of a company that are literals, in canonical form; what cannot be used is left out with a warning."""
    values = {
        "name": name,
        "naf": _naf(cells),
        "legal_form": legal_code(cells.first("legal_form")) or cells.first("legal_form"),
        "address": _plain(cells, "address", " ".join(cells.all("address"))),
        "postcode": _postcode(cells),
        "website": _website(cells),
        "description_fr": _plain(cells, "description_fr", cells.first("description_fr")),
        "description_en": _plain(cells, "description_en", cells.first("description_en")),
        **_position(cells),
    }
    return {key: value for key, value in values.items() if value}


def other_names(cells: Cells, name: str) -> list[str]:
    """The other names of a company, each once, without those that are a person's or hold contact details; sorted."""
    names = {text for text in cells.all("alt_name") if fold(text) and fold(text) != fold(name)}
    return sorted(text for text in names if not _contacts(text) and person_reason(text) is None)


def _contacts(text: str) -> str:
    found = ["an e-mail address"] if has_email(text) else []
    return " and ".join(found + (["a telephone number"] if has_phone(text) else []))


def _plain(cells: Cells, key: str, text: str) -> str:
    """A text, "" when it holds contact details or an address names a person."""
    contacts = _contacts(text)
    if contacts:
        cells.withhold(key, f"holds {contacts}")
    elif key == "address" and names_a_person(text):
        cells.withhold(key, "seems to name a person")
    else:
        return text
    return ""


def _naf(cells: Cells) -> str:
    cell = cells.first("naf")
    code = naf_code(cell)
    if cell and not code:
        cells.warn("naf", cell, "is no activity code", "it is left out; write it as 62.01Z")
    return code


def _postcode(cells: Cells) -> str:
    stated = cells.first("postcode")
    match = _POSTCODE_TOWN.match(cells.first("commune"))
    return stated or (match.group(1) if match else "")


def _website(cells: Cells) -> str:
    cell = cells.first("website")
    address = cell if "://" in cell else f"https://{cell}"
    url = clean_url(address) if "://" in cell or URL.fullmatch(cell) else None
    if _contacts(cell):
        cells.withhold("website", f"holds {_contacts(cell)}")
    elif cell and url is None:
        cells.warn("website", cell, "is no web address", "it is left out; write it as https://example.org")
    else:
        return url or ""
    return ""


def _position(cells: Cells) -> dict[str, str]:
    """Latitude and longitude as they would print; none of them unless both are there and on the globe."""
    told = {key: cells.first(key) for key in ("lat", "lon")}
    if not any(told.values()):
        return {}
    try:
        numbers = {key: float(text.replace(",", ".")) for key, text in told.items()}
    except ValueError:
        numbers = {}
    limits = {"lat": 90, "lon": 180}
    if len(numbers) < 2 or not all(math.isfinite(value) and abs(value) <= limits[key] for key, value in numbers.items()):
        key = "lat" if told["lat"] else "lon"
        cells.warn(key, told[key], "is no position, or half of one", "it is left out; give latitude and longitude in degrees")
        return {}
    return {key: str(int(value)) if value.is_integer() else repr(value) for key, value in numbers.items()}


def commune_of(cells: Cells) -> tuple[str, str]:
    """Name and INSEE code of the commune, "" for what is not told; postcode and CEDEX are taken off the name."""
    cell, code = cells.first("commune"), cells.first("insee").upper()
    match = _POSTCODE_TOWN.match(cell)
    name = _CEDEX.sub("", match.group(2) if match else cell)
    if code and not insee_ok(code):
        cells.warn("insee", cells.first("insee"), "is no INSEE code of a commune", "it is left out; write 5 digits, such as 90010")
        code = ""
    return (name if fold(name) else ""), code


def kind_of(cells: Cells, default: str) -> str:
    """Id of the kind of actor that a row states, the default where it states none."""
    cell = cells.first("kind")
    if not cell or _KIND.fullmatch(cell):
        return cell or default
    cells.warn("kind", cell, "is no id of a kind", f"read as {default}; write an id of the territory's kinds, such as eti_pme")
    return default


def status_of(cells: Cells) -> Status:
    """Closed when a row says that the company or its site has ceased, active when it says so, else unknown."""
    words = {fold(cell) for cell in cells.all("state")}
    return Status.CLOSED if words & _CEASED else Status.ACTIVE if words & _ACTIVE else Status.UNKNOWN


def departement(insee: str, postcode: str) -> str:
    """The département of a commune code, else of a postcode ("2A" and "2B" by code only); "" when neither tells it."""
    code = insee or (postcode if re.fullmatch(r"[0-9]{5}", postcode) else "")
    return code[:3] if code.startswith(("97", "98")) else code[:2]
