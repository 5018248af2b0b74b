"""What the columns of a list that nobody described probably mean: by their headers first, then by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from graph_builder.normalise import insee_ok, siren_ok, siret_ok, vat_fr_ok
from graph_builder.sources.company_list.headers import HEADERS, PARTS_OF_ADDRESS, SEVERAL, personal, squash
from graph_builder.sources.company_list.mapping import FIELDS, ListMapping

Sure = Literal["sure", "likely", "doubtful"]

ENOUGH = 0.8
"""Share of the filled cells of a sample that must have the form of a field."""

_SPACES = re.compile(r"[\s\u00a0\u202f.]")
NAF = re.compile(r"([0-9]{2})[. ]?([0-9]{2}) ?([A-Za-z])?(?![0-9A-Za-z])")
"""An activity code at the head of a cell: 62.01Z, 6201Z, "62.01Z Programmation informatique", the class 62.01."""

URL = re.compile(r"(?:https?://|www\.)\S+\.\S+|[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|net|eu|io|ch|tech|bzh|pro|info)(?:/\S*)?", re.IGNORECASE)
"""A web address, also one without http."""


@dataclass(frozen=True)
class ColumnGuess:
    """One column: the field as which it is read, how sure that is, and why (fr, en)."""

    field: str
    column: str
    confidence: Sure
    why_fr: str
    why_en: str


def squeezed(cell: str) -> str:
    """A number without the spaces and points by which people group it."""
    return _SPACES.sub("", cell)


def naf_code(cell: str) -> str:
    """The activity code at the head of a cell as 62.01Z (62.01 when the letter is missing), "" when there is none."""
    match = NAF.match(cell.strip())
    return f"{match.group(1)}.{match.group(2)}{(match.group(3) or '').upper()}" if match else ""


_FORMS: Mapping[str, tuple[Callable[[str], bool], str, str]] = {
    "siret": (lambda cell: siret_ok(squeezed(cell)), "14 chiffres, clé de contrôle juste", "14 digits with a right check digit"),
    "siren": (lambda cell: siren_ok(squeezed(cell)), "9 chiffres, clé de contrôle juste", "9 digits with a right check digit"),
    "vat": (vat_fr_ok, "numéros de TVA français", "French VAT numbers"),
    "naf": (lambda cell: re.fullmatch(r"[0-9]{2}\.?[0-9]{2}[A-Z]", cell) is not None, "codes comme 62.01Z", "codes such as 62.01Z"),
    "website": (lambda cell: URL.fullmatch(cell) is not None, "adresses web", "web addresses"),
}
"""Forms by which a column is known without its header."""


def guess_columns(columns: Sequence[str], sample: Sequence[Sequence[str]]) -> list[ColumnGuess]:
    """What each column is read as, in the order of the fields; columns about persons are never among them.

    `sample` holds some rows. The order of the columns changes nothing but for equal headers.
    """
    never = personal(columns)
    left = {column: _filled(columns, sample, column) for column in columns if column not in never}
    found: list[ColumnGuess] = []
    for key in FIELDS:
        found += [_told(key, column, left.pop(column)) for column in _by_header(key, left)]
    known = {guess.field for guess in found}
    for key, (form, fr, en) in _FORMS.items():
        alike = [] if key in known else [column for column in sorted(left) if _share(left[column], form) >= ENOUGH]
        found += [ColumnGuess(key, column, "likely", f"d'après son contenu : {fr}", f"by its content: {en}") for column in alike[:1]]
        left = {column: cells for column, cells in left.items() if column not in alike[:1]}
    if "name" not in known:
        found += _some_name(left)
    order = list(FIELDS)
    return sorted(found, key=lambda guess: order.index(guess.field))


def guess_mapping(name: str, columns: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[ListMapping, list[ColumnGuess]]:
    """The mapping by which a list without one is read, and why."""
    guesses = guess_columns(columns, sample)
    return with_guesses(ListMapping(name, {}), guesses), guesses


def with_guesses(mapping: ListMapping, guesses: Iterable[ColumnGuess]) -> ListMapping:
    """The mapping with the guessed columns in place of its own."""
    named: dict[str, tuple[str, ...]] = {}
    for guess in guesses:
        named[guess.field] = (*named.get(guess.field, ()), guess.column)
    return replace(mapping, columns=named)


def _filled(columns: Sequence[str], sample: Sequence[Sequence[str]], column: str) -> list[str]:
    place = columns.index(column)
    return [row[place] for row in sample if row[place]]


def _share(cells: Sequence[str], form: Callable[[str], bool]) -> float:
    return sum(map(form, cells)) / len(cells) if cells else 0.0


def _by_header(key: str, left: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns that bear a known name of the field and do not hold something else, the best first."""
    rank = {name: place for place, name in enumerate(HEADERS[key])}
    there = sorted((rank[squash(c)], c) for c, cells in left.items() if squash(c) in rank and _fits(key, cells))
    found = [column for _, column in there]
    if key == "insee" and not found:
        return [c for c, cells in left.items() if squash(c) in HEADERS["commune"] and _share(cells, insee_ok) >= ENOUGH][:1]
    if key == "address" and not found:
        parts = {squash(c): c for c in left}
        return [parts[name] for name in PARTS_OF_ADDRESS if name in parts]
    return found if key in SEVERAL else found[:1]


def _fits(key: str, cells: Sequence[str]) -> bool:
    """Whether the cells may be what the header says: `commune` is a code in some lists, `activité` too."""
    if key == "commune":
        return _share(cells, insee_ok) < ENOUGH
    if key in ("description_fr", "description_en"):
        return _share(cells, lambda cell: bool(naf_code(cell))) < ENOUGH
    if key == "head_office":
        return _share(cells, lambda cell: truth(cell) is not None) >= ENOUGH or not cells
    return True


def truth(cell: str) -> bool | None:
    """What a cell says of yes or no, None when it says neither."""
    word = squash(cell)
    return True if word in ("true", "oui", "yes", "vrai", "o", "y", "1", "x") else False if word in ("false", "non", "no", "faux", "n", "0") else None


def _told(key: str, column: str, cells: Sequence[str]) -> ColumnGuess:
    form = _FORMS.get(key)
    share = _share(cells, form[0]) if form else 1.0
    if form and cells and share < ENOUGH:
        fr, en = f"d'après son titre ; {share:.0%} seulement ont la forme attendue", f"by its header; only {share:.0%} have the form expected"
        return ColumnGuess(key, column, "doubtful", fr, en)
    vague = squash(column) in ("nom", "name", "libelle", "site", "web", "url", "activite", "activites", "objet", "siege", "diffusion", "voie", "rue")
    return ColumnGuess(key, column, "likely" if vague else "sure", "d'après son titre", "by its header")


def _some_name(left: Mapping[str, Sequence[str]]) -> list[ColumnGuess]:
    """The column of words that differ most, where no header says which one holds the names; none when there is no such column."""
    words = {c: cells for c, cells in left.items() if _share(cells, lambda cell: sum(map(str.isalpha, cell)) > len(cell) / 2) >= ENOUGH}
    ranked = sorted(words, key=lambda c: (-len(set(words[c])), sum(map(len, words[c])), c))
    why = "aucun titre ne dit les noms : la colonne de mots la plus variée", "no header says the names: the column of words that varies most"
    return [ColumnGuess("name", ranked[0], "doubtful", *why)] if ranked else []
