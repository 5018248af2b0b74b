"""Under what terms a package is published: its licence, who publishes it, and what each source asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from graph_builder.exports.catalogue_coverage import Coverage, SourceNote, Words, with_texts
from ontology.errors import QueryError

_EU = "http://publications.europa.eu/resource/authority/licence/"
_CC = "https://creativecommons.org/"
_OPEN_LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
_MONTHS = Words(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "January February March April May June July August September October November December",
)


@dataclass(frozen=True)
class Licence:
    """A licence: its SPDX name, its title, the page of its text, its IRI in the EU authority table."""

    name: str
    title: str
    page: str
    iri: str


LICENCES: Mapping[str, Licence] = MappingProxyType(
    {
        licence.name: licence
        for licence in (
            Licence("etalab-2.0", "Licence Ouverte / Open Licence 2.0", _OPEN_LICENCE, _EU + "ETALAB_2_0"),
            Licence("CC-BY-4.0", "Creative Commons Attribution 4.0 International", _CC + "licenses/by/4.0/", _EU + "CC_BY_4_0"),
            Licence("ODbL-1.0", "Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/", _EU + "ODC_BL"),
            Licence("CC0-1.0", "Creative Commons CC0 1.0 Universal", _CC + "publicdomain/zero/1.0/", _EU + "CC0"),
        )
    }
)
"""Licences that a package can be published under, by SPDX name. Source of the IRIs: EU Vocabularies, authority table "licence"."""

DEFAULT_LICENCE = "etalab-2.0"


@dataclass(frozen=True)
class Publication:
    """Who publishes a package, under which licence, and where: `base` is the address of the folder, "" when it is not known yet."""

    publisher: str = "Passerelle"
    licence: Licence = field(default_factory=lambda: LICENCES[DEFAULT_LICENCE])
    base: str = ""


def publication(*, publisher: str | None = None, licence: str | None = None, base: str | None = None) -> Publication:
    """The publication that these options describe; QueryError for an unknown licence, an empty publisher or an address that is none."""
    known = {name.lower(): found for name, found in LICENCES.items()}
    chosen = known.get((licence or DEFAULT_LICENCE).lower())
    if chosen is None:
        raise QueryError(f"no licence {str(licence)[:60]!r}; choose one of {', '.join(LICENCES)}")
    name = " ".join((publisher if publisher is not None else "Passerelle").split())
    if not name:
        raise QueryError("the publisher has no name; give the name of the organisation that publishes the data")
    return Publication(name, chosen, _address(base or ""))


def _address(base: str) -> str:
    """The address of a folder, with its last slash; "" stays."""
    refused = set(' <>"{}|\\^`#?')
    if not base:
        return ""
    if not base.startswith(("https://", "http://")) or refused & set(base) or not base.isprintable():
        raise QueryError(f"{base[:80]!r} is no address of a folder on the web; give one such as https://data.example.org/passerelle/")
    return base.rstrip("/") + "/"


def citation(covered: Coverage, terms: Publication) -> Words:
    """How to cite the package, as the licence asks: who, what, when."""
    day = written_day(covered.created)
    return Words(f"{terms.publisher}, données {covered.title.fr}, {day.fr}", f"{terms.publisher}, {covered.title.en} data, {day.en}")


def written_day(day: date) -> Words:
    """A date in words: `1er mars 2026`, `1 March 2026`."""
    fr, en = (names.split()[day.month - 1] for names in _MONTHS)
    return Words(f"{'1er' if day.day == 1 else day.day} {fr} {day.year}", f"{day.day} {en} {day.year}")


REDISTRIBUTION: Mapping[str, Words] = MappingProxyType(
    {
        "facts": Words("faits seulement", "facts only"),
        "texts": Words("faits et textes", "facts and texts"),
        "none": Words("rien", "nothing"),
    }
)
"""What may be given on, by the values of `redistribution`; another value is shown as it is."""


def licence_document(covered: Coverage, terms: Publication, packages: Mapping[str, str]) -> str:
    """The text of LICENCE.md: the licence of the whole, then publisher, licence and redistribution of each source.

    `packages` gives the licences and the credits that each package states, where it states any, in the order of the title.
    """
    cited, title = (Words(*map(_cell, text)) for text in (citation(covered, terms), covered.title))
    link = f"**[{terms.licence.title}]({terms.licence.page})**"
    stated = "".join(f"- `{name}`\n{_credits(text)}" for name, text in packages.items() if text)
    kept = kept_texts(covered, _cell)
    lines = [
        f"# Licence des données : {title.fr}",
        "",
        f"La compilation est placée sous {link}. À citer : « {cited.fr} ».",
        kept.fr,
        "Ce qui vient d'autrui garde ses conditions et son attribution, source par source, dans le tableau ci-dessous.",
        "Les liens prédits ne sont pas des faits : ils sont calculés, et portent la même licence.",
        "",
        f"# Licence of the data: {title.en}",
        "",
        f'The compilation is under {link}. To cite: "{cited.en}".',
        kept.en,
        "What comes from others keeps its terms and its attribution, source by source, in the table below.",
        "Predicted links are no facts: they are computed, and carry the same licence.",
        "",
        *(["## Licences que les paquets énoncent · Licences that the packages state", "", stated] if stated else []),
        f"## Sources ({len(covered.sources)})",
        "",
        "Une case vide : la source ne le dit pas. An empty cell: the source does not say.",
        "",
        "| source | titre · title | éditeur · publisher | année · year | licence | redistribution |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(note) for note in covered.sources),
    ]
    return "\n".join(lines) + "\n"


def _credits(text: str) -> str:
    """What a package states, one line for each licence and each source that it credits."""
    return "".join(f"  - {_cell(part)}\n" for part in text.split(";") if part.strip())


def kept_texts(covered: Coverage, written: Callable[[str], str] = str) -> Words:
    """Whether texts of sources are passed on as they were written, and of which sources; `written` escapes what the data say."""
    named = with_texts(covered.sources)
    if not named:
        return Words(
            "Les faits et leurs traductions sont redits en propres termes ; aucun texte d'une source n'est reproduit.",
            "The facts and their translations are restated in own words; no text of a source is reproduced.",
        )
    listed = [written(note.title or note.id) + (f" ({written(note.licence)})" if note.licence else "") for note in named]
    fr, en = " ; ".join(listed), "; ".join(listed)
    return Words(
        "Les faits et leurs traductions sont redits en propres termes ; seuls des textes des sources suivantes, qui le permettent, sont "
        f"reproduits tels qu'elles les ont écrits, sous leur licence : {fr}.",
        "The facts and their translations are restated in own words; only texts of these sources, which allow it, are reproduced as they "
        f"wrote them, under their licence: {en}.",
    )


def _row(note: SourceNote) -> str:
    title = f"[{_cell(note.title)}](<{note.url}>)" if is_web(note.url) else _cell(note.title)
    return f"| `{note.id}` | {title} | {_cell(note.publisher)} | {_cell(note.year)} | {_cell(note.licence)} | {_cell(note.redistribution)} |"


def is_web(url: str) -> bool:
    """Whether a text is an address that a browser can open, with nothing that could end an attribute or a Markdown link."""
    return url.startswith(("https://", "http://")) and not any(c in url for c in '<>" \\') and url.isprintable()


def _cell(text: str) -> str:
    """A text of the data inside a table of Markdown, on one line."""
    plain = " ".join(text.split())
    for sign in "\\`*_[]<>|#":
        plain = plain.replace(sign, "\\" + sign)
    return plain
