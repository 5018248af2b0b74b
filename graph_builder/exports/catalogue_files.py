"""What each file of a package is: its format, its title, what it is good for, and to which dataset it belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from graph_builder.exports.catalogue_coverage import Words

_BLOCK = 1 << 20


class Group(StrEnum):
    """What a file is for. Facts and predictions are two datasets, never one."""

    TABLES = "tables"
    LINKED = "linked"
    DRAWN = "drawn"
    PREDICTIONS = "predictions"
    ABOUT = "about"


class Form(NamedTuple):
    """A file format: name for people, IANA media type ("" where none is registered), term of the EU authority table "file-type"."""

    name: str
    media: str
    eu: str


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        ".csv": Form("CSV", "text/csv", "CSV"),
        ".geojson": Form("GeoJSON", "application/geo+json", "GEOJSON"),
        ".gexf": Form("GEXF", "application/xml", "XML"),
        ".graphml": Form("GraphML", "application/xml", "XML"),
        ".html": Form("HTML", "text/html", "HTML"),
        ".json": Form("JSON", "application/json", "JSON"),
        ".jsonl": Form("JSON Lines", "", "JSON"),
        ".jsonld": Form("JSON-LD", "application/ld+json", "JSON_LD"),
        ".md": Form("Markdown", "text/markdown", "TXT"),
        ".nq": Form("N-Quads", "application/n-quads", "RDF_N_QUADS"),
        ".parquet": Form("Parquet", "application/vnd.apache.parquet", "PARQUET"),
        ".ttl": Form("Turtle", "text/turtle", "RDF_TURTLE"),
        ".txt": Form("texte", "text/plain", "TXT"),
        ".xlsx": Form("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
    }
)
"""Formats by the ending of a file. Sources: IANA media types; EU Vocabularies, authority table "file-type"."""

_UNKNOWN = Form("", "application/octet-stream", "OCTET")


class Entry(NamedTuple):
    """What a file is, in words."""

    group: Group
    title: Words
    use: Words


ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {
        "passerelle.xlsx": Entry(
            Group.TABLES,
            Words("Classeur", "Workbook"),
            Words("Lire, trier et filtrer dans Excel ou LibreOffice.", "Read, sort and filter in Excel or LibreOffice."),
        ),
        "passerelle.ttl": Entry(
            Group.LINKED,
            Words("Le graphe, en Turtle", "The graph, as Turtle"),
            Words(
                "Interroger en SPARQL, charger dans une base RDF. Se lit aussi à l'œil.",
                "Query with SPARQL, load into an RDF store. People can read it too.",
            ),
        ),
        "passerelle.jsonld": Entry(
            Group.LINKED,
            Words("Le graphe, en JSON-LD", "The graph, as JSON-LD"),
            Words("Le même graphe pour qui programme en JSON.", "The same graph for those who program with JSON."),
        ),
        "passerelle.nq": Entry(
            Group.LINKED,
            Words("Le graphe avec ses sources", "The graph with its sources"),
            Words(
                "Un graphe nommé par source : savoir qui dit quoi, ou retirer une source.",
                "One named graph per source: know who says what, or take a source out.",
            ),
        ),
        "passerelle.ftm.jsonl": Entry(
            Group.LINKED,
            Words("Entités FollowTheMoney", "FollowTheMoney entities"),
            Words("Croiser avec Aleph ou OpenSanctions.", "Cross-reference with Aleph or OpenSanctions."),
        ),
        "passerelle.graphml": Entry(
            Group.DRAWN,
            Words("Le réseau, en GraphML", "The network, as GraphML"),
            Words("Calculer et dessiner avec yEd, Cytoscape, igraph ou NetworkX.", "Compute and draw with yEd, Cytoscape, igraph or NetworkX."),
        ),
        "passerelle.gexf": Entry(
            Group.DRAWN,
            Words("Le réseau, en GEXF", "The network, as GEXF"),
            Words("Explorer le réseau dans Gephi.", "Explore the network in Gephi."),
        ),
        "actors.geojson": Entry(
            Group.DRAWN,
            Words("Les acteurs sur la carte", "The actors on a map"),
            Words("Poser les acteurs sur une carte : QGIS, uMap, geojson.io.", "Put the actors on a map: QGIS, uMap, geojson.io."),
        ),
        "predictions/predictions.csv": Entry(
            Group.PREDICTIONS,
            Words("Liens prédits", "Predicted links"),
            Words(
                "Une ligne par hypothèse : les deux acteurs, le score, les raisons.", "One row per hypothesis: both actors, the score, the reasons."
            ),
        ),
        "predictions/predictions.ttl": Entry(
            Group.PREDICTIONS,
            Words("Liens prédits, en Turtle", "Predicted links, as Turtle"),
            Words(
                "Les mêmes hypothèses en RDF, à charger à part du graphe des faits.",
                "The same hypotheses as RDF, to load apart from the graph of the facts.",
            ),
        ),
        "predictions/README.md": Entry(
            Group.PREDICTIONS,
            Words("Notice des prédictions", "Note on the predictions"),
            Words("Ce que disent les colonnes, et ce qu'elles ne disent pas.", "What the columns say, and what they do not."),
        ),
        "ontology/passerelle.ttl": Entry(
            Group.ABOUT,
            Words("Le vocabulaire", "The vocabulary"),
            Words("Ce que veut dire chaque classe et chaque propriété du graphe.", "What each class and property of the graph means."),
        ),
        "ontology/shapes.ttl": Entry(
            Group.ABOUT,
            Words("Les règles", "The rules"),
            Words("Contrôler le graphe avec un validateur SHACL.", "Check the graph with a SHACL validator."),
        ),
        "catalogue.ttl": Entry(
            Group.ABOUT,
            Words("Le catalogue, en Turtle", "The catalogue, as Turtle"),
            Words("Faire moissonner le jeu de données (DCAT-AP 3).", "Have the dataset harvested (DCAT-AP 3)."),
        ),
        "catalogue.jsonld": Entry(
            Group.ABOUT,
            Words("Le catalogue, en JSON-LD", "The catalogue, as JSON-LD"),
            Words("Le même catalogue en JSON.", "The same catalogue as JSON."),
        ),
        "void.ttl": Entry(
            Group.ABOUT,
            Words("Le relevé du graphe", "The make-up of the graph"),
            Words(
                "Combien de triplets, de quelles classes et propriétés (VoID).",
                "How many triples, of which classes and properties (VoID).",
            ),
        ),
        "LICENCE.md": Entry(
            Group.ABOUT,
            Words("Licence et attributions", "Licence and attributions"),
            Words("Ce que chaque source permet, et comment la citer.", "What each source allows, and how to cite it."),
        ),
        "withheld.csv": Entry(
            Group.ABOUT,
            Words("Sources écartées", "Sources withheld"),
            Words(
                "Les sources dont les faits ne peuvent être redonnés ; vide s'il n'y en a pas.",
                "The sources whose facts may not be given on; empty when there is none.",
            ),
        ),
        "checksums.txt": Entry(
            Group.ABOUT,
            Words("Empreintes", "Checksums"),
            Words("Vérifier les fichiers : sha256sum -c checksums.txt", "Verify the files: sha256sum -c checksums.txt"),
        ),
    }
)
"""Files of the package by path; those of a folder are described by `entry_of`."""

TABLES_FOLDER, PREDICTIONS_FOLDER = "tables", "predictions"


def entry_of(path: str) -> Entry:
    """What the file at this path of the package is."""
    known = ENTRIES.get(path)
    if known:
        return known
    place = PurePosixPath(path)
    form = form_of(path).name or place.suffix
    if place.parts[0] == PREDICTIONS_FOLDER:
        return Entry(
            Group.PREDICTIONS,
            Words(f"Liens prédits, {form}", f"Predicted links, {form}"),
            Words("Des hypothèses calculées, avec score et raisons. Pas des faits.", "Computed hypotheses, with score and reasons. Not facts."),
        )
    if place.parts[0] == TABLES_FOLDER and place.suffix == ".csv":
        return Entry(
            Group.TABLES,
            Words(f"Table {place.stem}", f"Table {place.stem}"),
            Words("Une table du paquet de données.", "One table of the data package."),
        )
    if place.parts[0] == TABLES_FOLDER and place.name == "datapackage.json":
        return Entry(
            Group.TABLES,
            Words("Description des tables", "Description of the tables"),
            Words("Chaque colonne expliquée (Frictionless Data Package).", "Every column explained (Frictionless Data Package)."),
        )
    return Entry(Group.TABLES if place.parts[0] == TABLES_FOLDER else Group.ABOUT, Words(place.name, place.name), Words(form, form))


def is_distribution(path: str) -> bool:
    """Whether a file holds data, and not words about them: the catalogue lists those that do."""
    place = PurePosixPath(path)
    return entry_of(path).group is not Group.ABOUT and place.suffix != ".md" and place.name != "withheld.csv"


def form_of(path: str) -> Form:
    """The format that the ending of a file tells."""
    return FORMS.get(PurePosixPath(path).suffix, _UNKNOWN)


@dataclass(frozen=True)
class Packed:
    """A file of the package: path with `/`, size in bytes, SHA-256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str


def packed(folder: Path, path: str) -> Packed:
    """Size and checksum of a file below a folder. Raises OSError."""
    hasher, size = hashlib.sha256(), 0
    with (folder / path).open("rb") as file:
        while block := file.read(_BLOCK):
            hasher.update(block)
            size += len(block)
    return Packed(path, size, hasher.hexdigest())


def packed_below(folder: Path) -> tuple[Packed, ...]:
    """Every file below a folder, by path. Raises OSError."""
    paths = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    return tuple(packed(folder, path) for path in paths)
