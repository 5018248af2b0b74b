"""The DCAT-AP 3 catalogue of a package: one dataset of facts, one of predictions, one distribution per file.

Addresses are relative to the folder (`./#facts`, `passerelle.ttl`), so that the catalogue is right wherever the folder is put; with
the address of the folder they are absolute. Nothing is anonymous and nothing is dated today: the same package gives the same bytes.

Source: DCAT-AP 3.0, https://semiceu.github.io/DCAT-AP/releases/3.0.0/ (properties and controlled vocabularies).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from graph_builder.exports.catalogue_coverage import Coverage, Words
from graph_builder.exports.catalogue_files import Group, Packed, entry_of, form_of, is_distribution
from graph_builder.exports.catalogue_graphs import PREFIXES, file_at, here, new_graph
from graph_builder.exports.catalogue_rights import Publication
from graph_builder.exports.catalogue_texts import KEYWORDS, ORIGINS, PREDICTED_KEYWORDS, facts_text, predictions_text
from ontology.namespaces import VOCABULARY

if TYPE_CHECKING:
    from rdflib import Graph, URIRef
    from rdflib.term import Node

EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
DATA_PACKAGE = "https://specs.frictionlessdata.io/data-package/"
THEMES = ("ECON", "EDUC", "REGI", "TECH")
LANGUAGES = ("ENG", "FRA")


def catalogue_graph(covered: Coverage, terms: Publication, files: Sequence[Packed]) -> Graph:
    """The catalogue as RDF; `files` are those of the package, of which only the distributed ones are listed."""
    return _Catalogue(covered, terms).filled([file for file in files if is_distribution(file.path)])


class _Catalogue:
    """Fills one graph; everything it needs to know is given when it is made."""

    def __init__(self, covered: Coverage, terms: Publication) -> None:
        from rdflib import DCTERMS, FOAF, RDF, RDFS, Namespace

        self.covered, self.terms, self.graph = covered, terms, new_graph()
        self.dct, self.foaf, self.rdf, self.rdfs = DCTERMS, FOAF, RDF, RDFS
        self.dcat, self.geo, self.prov, self.spdx = (Namespace(PREFIXES[prefix]) for prefix in ("dcat", "geo", "prov", "spdx"))

    def filled(self, files: Sequence[Packed]) -> Graph:
        """The whole catalogue."""
        predicted = [file for file in files if entry_of(file.path).group is Group.PREDICTIONS]
        stated = [file for file in files if file not in predicted]
        self._shared()
        datasets = [self._dataset("facts", facts_text(self.covered), KEYWORDS, stated)]
        if predicted:
            datasets.append(self._dataset("predictions", predictions_text(self.covered), (*KEYWORDS, *PREDICTED_KEYWORDS), predicted))
            self._add(datasets[1], self.prov.wasDerivedFrom, datasets[0])
        self._catalogue(datasets)
        return self.graph

    def _catalogue(self, datasets: Iterable[URIRef]) -> None:
        title = self.covered.title
        node = here(self.terms, "catalogue")
        self._add(node, self.rdf.type, self.dcat.Catalog)
        self._words(node, self.dct.title, Words(f"{title.fr}, en données ouvertes", f"{title.en}, as open data"))
        self._words(
            node,
            self.dct.description,
            Words(
                f"{title.fr} : le graphe des acteurs dans tous ses formats et, à part, les liens que l'outil prédit.",
                f"{title.en}: the graph of the actors in all its formats and, apart, the links that the tool predicts.",
            ),
        )
        self._common(node)
        self._add(node, self.foaf.homepage, file_at(self.terms, "index.html"))
        self._add(node, self.dct.license, self._iri(self.terms.licence.iri))
        self._add(node, self.dcat.themeTaxonomy, self._iri(EU + "data-theme"))
        for dataset in datasets:
            self._add(node, self.dcat.dataset, dataset)

    def _dataset(self, name: str, text: tuple[Words, Words], keywords: Sequence[Words], files: Sequence[Packed]) -> URIRef:
        node = here(self.terms, name)
        self._add(node, self.rdf.type, self.dcat.Dataset)
        self._words(node, self.dct.title, text[0])
        self._words(node, self.dct.description, text[1])
        self._common(node)
        self._add(node, self.dct.identifier, self._text(f"{'+'.join(self.covered.packages)}-{name}-{self.covered.digest}"))
        if self.covered.version:
            self._add(node, self.dcat.version, self._text(self.covered.version))
        for word in keywords:
            self._words(node, self.dcat.keyword, word)
        for theme in THEMES:
            self._add(node, self.dcat.theme, self._iri(f"{EU}data-theme/{theme}"))
        self._add(node, self.dct.accessRights, self._iri(EU + "access-right/PUBLIC"))
        self._add(node, self.dct.conformsTo, self._iri(VOCABULARY.rstrip("#")))
        self._add(node, self.dct.provenance, self._origin(name))
        self._add(node, self.dcat.landingPage, file_at(self.terms, "index.html"))
        if self.covered.years:
            self._add(node, self.dct.temporal, here(self.terms, "period"))
        for file in files:
            self._add(node, self.dcat.distribution, self._distribution(file))
        return node

    def _distribution(self, file: Packed) -> URIRef:
        node, checksum = here(self.terms, file.path), here(self.terms, f"sha256-of-{file.path}")
        entry, form = entry_of(file.path), form_of(file.path)
        self._add(node, self.rdf.type, self.dcat.Distribution)
        self._words(node, self.dct.title, entry.title)
        self._words(node, self.dct.description, entry.use)
        for predicate in (self.dcat.accessURL, self.dcat.downloadURL):
            self._add(node, predicate, file_at(self.terms, file.path))
        self._add(node, self.dcat.byteSize, self._typed(str(file.bytes), "nonNegativeInteger"))
        if form.media:
            self._add(node, self.dcat.mediaType, self._iri(IANA + form.media))
        self._add(node, self.dct.format, self._iri(f"{EU}file-type/{form.eu}"))
        self._add(node, self.dct.license, self._iri(self.terms.licence.iri))
        self._add(node, self.dct.rights, file_at(self.terms, "LICENCE.md"))
        if file.path.endswith("datapackage.json"):
            self._add(node, self.dct.conformsTo, self._iri(DATA_PACKAGE))
        self._dated(node)
        self._add(node, self.spdx.checksum, checksum)
        self._add(checksum, self.rdf.type, self.spdx.Checksum)
        self._add(checksum, self.spdx.algorithm, self.spdx.checksumAlgorithm_sha256)
        self._add(checksum, self.spdx.checksumValue, self._typed(file.sha256, "hexBinary"))
        return node

    def _shared(self) -> None:
        """Publisher, licence, rights, place and period: described once, cited by all."""
        publisher, licence = here(self.terms, "publisher"), self._iri(self.terms.licence.iri)
        self._add(publisher, self.rdf.type, self.foaf.Agent)
        self._add(publisher, self.foaf.name, self._text(self.terms.publisher))
        self._add(licence, self.rdf.type, self.dct.LicenseDocument)
        self._add(licence, self.dct.title, self._text(self.terms.licence.title))
        self._add(licence, self.foaf.page, self._iri(self.terms.licence.page))
        rights = file_at(self.terms, "LICENCE.md")
        self._add(rights, self.rdf.type, self.dct.RightsStatement)
        self._words(rights, self.rdfs.label, entry_of("LICENCE.md").title)
        if self.covered.years:
            period = here(self.terms, "period")
            self._add(period, self.rdf.type, self.dct.PeriodOfTime)
            for predicate, year in zip((self.dcat.startDate, self.dcat.endDate), self.covered.years, strict=True):
                self._add(period, predicate, self._typed(f"{year:04d}", "gYear"))
        self._place()

    def _place(self) -> None:
        if self.covered.box is None:
            return
        west, south, east, north = self.covered.box
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        node = here(self.terms, "territory")
        polygon = ", ".join(f"{x:.5f} {y:.5f}" for x, y in corners)
        self._add(node, self.rdf.type, self.dct.Location)
        self._add(node, self.dcat.bbox, self._typed(f"POLYGON(({polygon}))", self.geo.wktLiteral))

    def _origin(self, name: str) -> URIRef:
        node = here(self.terms, f"provenance-of-{name}")
        self._add(node, self.rdf.type, self.dct.ProvenanceStatement)
        self._words(node, self.rdfs.label, ORIGINS[name])
        return node

    def _common(self, node: URIRef) -> None:
        self._add(node, self.dct.publisher, here(self.terms, "publisher"))
        for language in LANGUAGES:
            self._add(node, self.dct.language, self._iri(f"{EU}language/{language}"))
        if self.covered.box:
            self._add(node, self.dct.spatial, here(self.terms, "territory"))
        self._dated(node)

    def _dated(self, node: URIRef) -> None:
        for predicate in (self.dct.issued, self.dct.modified):
            self._add(node, predicate, self._typed(self.covered.created.isoformat(), "date"))

    def _words(self, node: URIRef, predicate: URIRef, text: Words) -> None:
        from rdflib import Literal

        for language, words in zip(("fr", "en"), text, strict=True):
            self._add(node, predicate, Literal(words, lang=language))

    def _add(self, *triple: Node) -> None:
        self.graph.add(triple)  # type: ignore[arg-type]

    @staticmethod
    def _iri(text: str) -> URIRef:
        from rdflib import URIRef

        return URIRef(text)

    @staticmethod
    def _text(text: str) -> Node:
        from rdflib import Literal

        return Literal(text)

    @staticmethod
    def _typed(text: str, kind: str) -> Node:
        from rdflib import Literal, URIRef

        datatype = URIRef(kind if ":" in kind else PREFIXES["xsd"] + kind)
        return Literal(text, datatype=datatype, normalize=False)
