"""What an RDF file says about itself: the description of its dataset, and the languages of its texts."""

from __future__ import annotations

from collections.abc import Iterable

from graph_builder.sources.entities.info import About, plain_date
from graph_builder.sources.rdf_file import terms
from graph_builder.sources.rdf_file.graph import RdfGraph
from graph_builder.sources.rdf_file.parse import BASE
from graph_builder.sources.rdf_file.terms import iris

_TITLE = iris("dcterms:title schema:name dc:title rdfs:label")
_PUBLISHER = iris("dcterms:publisher schema:publisher dc:publisher")
_LICENCE = iris("dcterms:license schema:license dcterms:rights")
_PAGE = iris("dcat:landingPage foaf:homepage schema:url foaf:page")
_VERSION = iris("owl:versionInfo schema:version dcat:version")
_LANGUAGE = iris("dcterms:language schema:inLanguage dc:language")
_EVENTS = iris("schema:foundingDate schema:startDate org:memberDuring time:inXSDDate time:inXSDDateTime dcterms:date psr:since psr:start")


class Texts:
    """Choosing among texts of several languages: French, then English, then without a language, then any other."""

    def __init__(self, graph: RdfGraph, untagged: str = "fr") -> None:
        self._graph, self.untagged = graph, untagged

    def by_language(self, subject: str, predicates: Iterable[str]) -> dict[str, list[str]]:
        """Language ("fr", "en", others by their first two letters) -> texts; a text without a language is in that of the dataset."""
        found: dict[str, list[str]] = {}
        for literal in self._graph.literals(subject, predicates):
            lang = literal.lang.split("-")[0] or self.untagged
            found.setdefault(lang, []).append(literal.text)
        return found

    def names(self, subject: str, predicates: Iterable[str]) -> list[str]:
        """Every text, the best one first."""
        listed = self._graph.literals(subject, predicates)
        rank = {"fr": 0, "en": 1, "": 2}
        ordered = sorted(range(len(listed)), key=lambda i: (rank.get(listed[i].lang.split("-")[0], 3), i))
        return list(dict.fromkeys(text for i in ordered if (text := " ".join(listed[i].text.split()))))


def about(graph: RdfGraph) -> About:
    """What the file says of itself, in the description of its dataset; the dates of other things where it says nothing."""
    datasets = graph.of_class(terms.DATASETS)
    texts = Texts(graph, language(graph))
    titles = [texts.by_language(node, _TITLE) for node in datasets]
    dates = _dates(graph, datasets, terms.MODIFIED) or _dates(graph, graph.subjects(), terms.MODIFIED[:4])
    return About(
        title_fr=_first(title.get("fr", []) for title in titles),
        title_en=_first(title.get("en", []) for title in titles),
        publisher=_first(_publisher(graph, texts, node) for node in datasets),
        licence=_first(graph.texts(node, _LICENCE) for node in datasets),
        url=_first([*graph.texts(node, _PAGE), *([node] if node.startswith("http") else [])] for node in datasets),
        version=_first(graph.texts(node, _VERSION) for node in datasets),
        dates=dates,
        told=_dates(graph, graph.subjects(), _EVENTS),
    )


def language(graph: RdfGraph) -> str:
    """The language of texts without one: English where the dataset says that it is in English alone, else French."""
    told = {text.rstrip("/").rsplit("/", 1)[-1].lower()[:2] for node in graph.of_class(terms.DATASETS) for text in graph.texts(node, _LANGUAGE)}
    return "en" if told == {"en"} else "fr"


def _publisher(graph: RdfGraph, texts: Texts, node: str) -> list[str]:
    named = [name for publisher in graph.nodes(node, _PUBLISHER) for name in texts.names(publisher, terms.NAMES)[:1]]
    return [literal.text for literal in graph.literals(node, _PUBLISHER)] + named


def _dates(graph: RdfGraph, subjects: Iterable[str], predicates: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(predicates)
    found = (plain_date(literal.text) for subject in subjects for literal in graph.literals(subject, wanted))
    return tuple(date for date in found if date)


def _first(lists: Iterable[Iterable[str]]) -> str:
    return next((text.strip() for texts in lists for text in texts if text.strip() and not text.startswith(BASE)), "")
