"""The page that opens a package of open data to people: one HTML file in French and English that asks nothing of any server."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path, PurePosixPath
from string import Template
from types import MappingProxyType

from graph_builder.exports.catalogue_coverage import Coverage, SourceNote, Words
from graph_builder.exports.catalogue_files import ENTRIES, TABLES_FOLDER, Group, Packed, entry_of
from graph_builder.exports.catalogue_rights import REDISTRIBUTION, Publication, citation, is_web, kept_texts, written_day
from graph_builder.exports.catalogue_texts import facts_text
from graph_builder.exports.redistribution import Withheld

NEVER_LISTED = frozenset({"index.html"})
_TORN = 20
"""Letters above which a name may be torn: it would not fit a phone."""

UNSIZED = "checksums.txt"
"""Listed without a size: it is written after the page, whose checksum it holds."""

EXAMPLE = """\
PREFIX psr:  <https://w3id.org/passerelle/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?seeker ?skill ?provider WHERE {
  ?a psr:needsSkill ?s ; psr:name ?seeker .
  ?b psr:offersSkill ?s ; psr:name ?provider .
  ?s skos:prefLabel ?skill .
  FILTER (?a != ?b && lang(?skill) = "fr")
}
ORDER BY ?seeker ?skill ?provider
"""
"""The query that the page shows; a test runs it on the exported graph."""

_GROUPS: Mapping[Group, tuple[Words, Words]] = MappingProxyType(
    {
        Group.TABLES: (
            Words("Lire et compter", "Read and count"),
            Words("Dans un tableur ou un langage de calcul.", "In a spreadsheet or a language for computing."),
        ),
        Group.LINKED: (
            Words("Relier et interroger", "Link and query"),
            Words("Le graphe de connaissances, fait par fait.", "The knowledge graph, fact by fact."),
        ),
        Group.DRAWN: (Words("Dessiner", "Draw"), Words("Le réseau et la carte.", "The network and the map.")),
        Group.ABOUT: (
            Words("Comprendre et contrôler", "Understand and check"),
            Words("Ce qui décrit le paquet lui-même.", "What describes the package itself."),
        ),
    }
)

_FIGURES = (
    ("Project", Words("projets", "projects")),
    ("Skill", Words("savoir-faire", "skills")),
    ("relations", Words("relations", "relations")),
    ("facts", Words("faits en tout", "facts in all")),
    ("Source", Words("sources citées", "sources cited")),
)


def _figures(outside: int) -> Sequence[tuple[str, Words]]:
    """What is counted; the actors of elsewhere apart, since they are known only as partners."""
    if not outside:
        return (("here", Words("acteurs", "actors")), *_FIGURES)
    return (("here", Words("acteurs ici", "actors here")), ("outside", Words("partenaires ailleurs", "partners elsewhere")), *_FIGURES)


@dataclass(frozen=True)
class Page:
    """What the page tells; `fonts` are WOFF2 files by font family, carried inside the page."""

    covered: Coverage
    terms: Publication
    withheld: Withheld
    has_predictions: bool
    fonts: Mapping[str, bytes] = field(default_factory=dict)


def index_page(page: Page, files: Sequence[Packed]) -> str:
    """The page as HTML; `files` are those of the package so far."""
    covered, terms = page.covered, page.terms
    title, day = covered.title, written_day(covered.created)
    listed = [*(file for file in files if file.path not in NEVER_LISTED), Packed(UNSIZED, 0, "")]
    licence = f'<a href="{escape(terms.licence.page)}" rel="noopener noreferrer">{escape(terms.licence.title)}</a>'
    named = len(covered.sources)
    counts = {**covered.counts, "facts": covered.counts["attributes"] + covered.counts["relations"]}
    counts["here"] = counts["Organization"] - counts["outside"]
    kept = kept_texts(covered, escape)
    return Template(_template()).substitute(
        fonts="".join(_font(family, content) for family, content in sorted(page.fonts.items())),
        head_title=escape(f"{title.fr} : données ouvertes · open data"),
        head_description=escape(facts_text(covered)[1].fr),
        title=_html(_whole(f"{title.fr}, en données ouvertes"), _whole(f"{title.en}, as open data")),
        lead=_both(_LEAD),
        figures="".join(_figure(counts[key], label) for key, label in _figures(counts["outside"])),
        stamp=_both(Words(f"État au {day.fr}.", f"State of {day.en}.")) + f" {_both(_DIGEST)} <code>{covered.digest}</code>",
        withheld=_withheld(page.withheld),
        groups=_groups(listed),
        predictions=_predictions(listed) if page.has_predictions else "",
        licence=_html(
            f"La compilation est placée sous {licence} : réutilisation libre, y compris commerciale, à condition de citer.",
            f"The compilation is under {licence}: free reuse, commercial reuse included, provided that it is cited.",
        )
        if terms.licence.name == "etalab-2.0"
        else _html(f"La compilation est placée sous {licence}.", f"The compilation is under {licence}."),
        citation=_both(citation(covered, terms)),
        terms=_html(
            'Ce qui vient d\'autrui garde ses conditions : <a href="LICENCE.md">LICENCE.md</a> les donne source par source. '
            f"{kept.fr} Des organisations seulement, aucune personne physique.",
            'What comes from others keeps its terms: <a href="LICENCE.md">LICENCE.md</a> gives them source by source. '
            f"{kept.en} Organisations only, no natural persons.",
        ),
        sources_lead=_both(_SOURCES_LEAD),
        sources_summary=_both(Words(f"Voir les {_count(named).fr} sources", f"See the {_count(named).en} sources")),
        sources="".join(map(_source, covered.sources)),
        again=_html(
            f"Le dossier <code>{TABLES_FOLDER}</code> est un paquet de données complet : l'importer redonne le même graphe, à l'empreinte près.",
            f"The folder <code>{TABLES_FOLDER}</code> is a complete data package: importing it gives the same graph, with the same digest.",
        ),
        query=escape(EXAMPLE.strip()),
        footer=_both(_footer(terms.publisher)),
    )


_LEAD = Words(
    "Qui fait quoi sur ce territoire, et avec qui : acteurs, savoir-faire offerts et recherchés, projets et liens, "
    "chaque fait avec sa source et sa confiance. À reprendre, à vérifier, à compléter.",
    "Who does what on this territory, and with whom: actors, skills offered and needed, projects and links, "
    "each fact with its source and its confidence. To reuse, to check, to complete.",
)
_SOURCES_LEAD = Words(
    "Chaque fait cite sa source. La dernière colonne dit ce qu'elle permet de rediffuser.",
    "Each fact cites its source. The last column says what it allows to pass on.",
)
_DIGEST = Words("Empreinte du graphe :", "Digest of the graph:")


def size_of(count: int) -> Words:
    """A size in bytes for people: `12 ko`, `1,3 Mo`."""
    for unit, fr, en in ((1_000_000, "Mo", "MB"), (1_000, "ko", "kB")):
        if count >= unit:
            figure = f"{count / unit:.1f}" if count < 10 * unit else f"{count / unit:.0f}"
            return Words(f"{figure.replace('.', ',')}\u00a0{fr}", f"{figure}\u00a0{en}")
    return Words(f"{count}\u00a0o", f"{count}\u00a0B")


def _template() -> str:
    return Path(__file__).with_name("index_page.html").read_text(encoding="utf-8")


def _font(family: str, content: bytes) -> str:
    data = base64.b64encode(content).decode("ascii")
    name = "".join(sign for sign in family if sign.isalnum() or sign == " ")
    return f'@font-face {{ font-family: "{name}"; font-weight: 100 900; src: url(data:font/woff2;base64,{data}) format("woff2"); }}\n'


def _both(text: Words) -> str:
    """A text of both languages; the page shows one. Plain words, escaped here."""
    return _html(escape(text.fr), escape(text.en))


def _html(fr: str, en: str) -> str:
    return f'<span lang="fr">{fr}</span><span lang="en">{en}</span>'


def _whole(text: str) -> str:
    """A heading in which a hyphenated name is not torn apart at the end of a line."""
    words = (f'<span class="whole">{escape(word)}</span>' if "-" in word and len(word) <= _TORN else escape(word) for word in text.split(" "))
    return " ".join(words)


def _footer(publisher: str) -> Words:
    if publisher == "Passerelle":
        return Words("Fait avec Passerelle.", "Made with Passerelle.")
    return Words(f"Publié par {publisher}. Fait avec Passerelle.", f"Published by {publisher}. Made with Passerelle.")


def _count(number: int) -> Words:
    return Words(f"{number:,}".replace(",", "\u202f"), f"{number:,}")


def _figure(number: int, label: Words) -> str:
    return f"<div><dt>{_both(label)}</dt><dd>{_both(_count(number))}</dd></div>"


def _withheld(withheld: Withheld) -> str:
    if not withheld.facts and not withheld.sources:
        return ""
    facts, count, several = _count(withheld.facts), _count(len(withheld.sources)), "s" if len(withheld.sources) > 1 else ""
    sources = Words(f"{count.fr} source{several}", f"{count.en} source{several}")
    citing, beside = _count(withheld.citing), _count(withheld.facts - withheld.citing)
    return (
        '<p class="caution">'
        + _html(
            f"{facts.fr} faits ne sont pas dans ce paquet. Citent une source qui ne permet pas la redistribution ({sources.fr}) : {citing.fr} ; "
            f"en dépendaient : {beside.fr}. "
            '<a href="withheld.csv">Voir lesquelles</a>.',
            f"{facts.en} facts are not in this package. Citing a source that does not allow redistribution ({sources.en}): {citing.en}; "
            f"depending on those: {beside.en}. "
            '<a href="withheld.csv">See which</a>.',
        )
        + "</p>\n"
    )


def _groups(files: Sequence[Packed]) -> str:
    """The cards of files: two stacks side by side, and what describes the package below, in full width."""
    stacks = ((Group.TABLES, Group.DRAWN), (Group.LINKED,))
    cards = "".join(f'<div class="stack">{"".join(_group(group, files) for group in stack)}</div>\n' for stack in stacks)
    return cards + _group(Group.ABOUT, files, "card full")


def _group(group: Group, files: Sequence[Packed], style: str = "card") -> str:
    title, about = _GROUPS[group]
    members = [file for file in files if entry_of(file.path).group is group]
    tables = [file for file in members if file.path.startswith(f"{TABLES_FOLDER}/")]
    rows = [_file(file) for file in sorted(members, key=_rank) if file not in tables]
    if tables:
        rows.append(_table_folder(tables))
    if not rows:
        return ""
    return f'<div class="{style}"><h3>{_both(title)}</h3><p class="quiet">{_both(about)}</p><ul class="files">{"".join(rows)}</ul></div>\n'


def _rank(file: Packed) -> tuple[int, str]:
    """The order in which a reader wants them: as `ENTRIES` lists them, then by path."""
    order = list(ENTRIES)
    return (order.index(file.path) if file.path in ENTRIES else len(order), file.path)


def _file(file: Packed) -> str:
    entry = entry_of(file.path)
    size = "" if file.path == UNSIZED else f'<span class="size">{_both(size_of(file.bytes))}</span>'
    return (
        f'<li><a class="what" href="{escape(file.path)}">{_both(entry.title)}</a>{size}'
        f'<span class="use">{_both(entry.use)}</span><span class="name"><code>{escape(file.path)}</code></span></li>'
    )


def _table_folder(tables: Sequence[Packed]) -> str:
    """The CSV package as one row that opens."""
    inside = "".join(
        f'<li><a href="{escape(file.path)}">{escape(PurePosixPath(file.path).relative_to(TABLES_FOLDER).as_posix())}</a> '
        f'<span class="size">{_both(size_of(file.bytes))}</span></li>'
        for file in tables
    )
    size = size_of(sum(file.bytes for file in tables))
    return (
        f'<li><a class="what" href="{TABLES_FOLDER}/datapackage.json">{_both(Words("Tables CSV", "CSV tables"))}</a>'
        f'<span class="size">{_both(size)}</span><span class="use">{_both(_TABLES)}</span>'
        f"<details><summary>{_both(Words(f'Les {len(tables)} fichiers', f'The {len(tables)} files'))}</summary><ul>{inside}</ul></details></li>"
    )


_TABLES = Words(
    "Un paquet Frictionless : chaque colonne est expliquée, chaque ligne a sa source. R, Python, bases de données.",
    "A Frictionless package: every column is explained, every row has its source. R, Python, databases.",
)


def _predictions(files: Sequence[Packed]) -> str:
    """What predictions are and are not, beside their files."""
    rows = "".join(_file(file) for file in sorted(files, key=_rank) if entry_of(file.path).group is Group.PREDICTIONS)
    return (
        f'<section aria-labelledby="predicted"><div class="card guess"><h2 id="predicted">{_both(_GUESS[0])}</h2>'
        f'<div class="pair"><div><h3>{_both(_GUESS[1])}</h3><p>{_both(_GUESS[2])}</p></div>'
        f'<div><h3>{_both(_GUESS[3])}</h3><p>{_both(_GUESS[4])}</p></div></div><ul class="files">{rows}</ul></div></section>\n'
    )


_GUESS = (
    Words("À part : les liens prédits", "Apart: the predicted links"),
    Words("Ce que c'est", "What they are"),
    Words(
        "Des rencontres que l'outil juge plausibles entre acteurs qu'aucune source ne relie, avec un score et les raisons de chacune.",
        "Meetings that the tool finds plausible between actors that no source links, with a score and the reasons for each.",
    ),
    Words("Ce que ce n'est pas", "What they are not"),
    Words(
        "Des faits. Personne ne les atteste ; un score n'est pas une probabilité. Ce sont des questions à poser, à ne pas mêler aux données.",
        "Facts. Nobody attests them; a score is not a probability. They are questions to ask, not to be mixed with the data.",
    ),
)


def _source(note: SourceNote) -> str:
    title = escape(note.title or note.id)
    if is_web(note.url):
        title = f'<a href="{escape(note.url)}" rel="noopener noreferrer">{title}</a>'
    allowed = _both(REDISTRIBUTION[note.redistribution]) if note.redistribution in REDISTRIBUTION else escape(note.redistribution)
    cells = "".join(f"<td>{cell}</td>" for cell in (escape(note.publisher), escape(note.year), escape(note.licence), allowed))
    return f'<tr><th scope="row">{title}</th>{cells}</tr>\n'
