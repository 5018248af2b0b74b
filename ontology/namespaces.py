"""The IRIs of the graph and the way back from them: one place, plain text, no library.

`https://w3id.org/passerelle/` is the base of everything. The vocabulary does not depend on the base; entities, statements,
records, packages and graphs do, so that a territory can publish its own graph under its own address (`base=`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote, unquote

from ontology.model import Basis, Confidence, EntityKind, NeedType, OrgKind, ParticipationRole, Partner, RelationRole, Role, Status

BASE = "https://w3id.org/passerelle/"
VOCABULARY = BASE + "ontology#"
ENTITY = BASE + "id/"
STATEMENT = BASE + "statement/"
RECORD = BASE + "record/"
PACKAGE = BASE + "package/"
GRAPH = BASE + "graph/"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "psr": VOCABULARY,
        "id": ENTITY,
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""Prefixes that serialisers, queries and documentation use."""

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
"""Datatype of a date that XML Schema cannot say: `2019~`, `201X`, `2019/2021`."""

VALUE_LISTS: tuple[type[StrEnum], ...] = (Role, Partner, OrgKind, NeedType, Status, Basis, Confidence, ParticipationRole, RelationRole)
"""The closed lists; each is a SKOS concept scheme of the vocabulary, named like its class here."""

LISTED_ATTRIBUTES: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "role": Role,
        "partner": Partner,
        "org_kind": OrgKind,
        "offers_by_default": NeedType,
        "status": Status,
        **dict.fromkeys(
            ("confidence", "naf_confidence", "esco_confidence", "rome_confidence", "euroscivoc_confidence", "website_confidence"), Confidence
        ),
    }
)
"""Attributes whose values are terms of a closed list."""

LINKED_ATTRIBUTES: frozenset[str] = frozenset({"kind"})
"""Attributes whose value is the id of another entity."""

_LANGUAGE = re.compile(r"_(?:fr|en)$")


def entity_iri(entity_id: str, base: str = BASE) -> str:
    """IRI of an entity: `utbm` gives `.../id/utbm`, `skill:hydrogen` gives `.../id/skill:hydrogen`."""
    return f"{base}id/{_encoded(entity_id)}"


def entity_id(iri: str, base: str = BASE) -> str | None:
    """The id behind an IRI that `entity_iri` gave; None for any other text."""
    head = f"{base}id/"
    if not iri.startswith(head):
        return None
    text = unquote(iri[len(head) :])
    return text if entity_iri(text, base) == iri else None


def statement_iri(statement: str, base: str = BASE) -> str:
    """IRI of a statement, from its hash."""
    return f"{base}statement/{_encoded(statement)}"


def record_iri(record: str, base: str = BASE) -> str:
    """IRI of a record, from its key; the slashes of the key stay."""
    return f"{base}record/{'/'.join(_encoded(part) for part in record.split('/'))}"


def package_iri(name: str, base: str = BASE) -> str:
    """IRI of a data package, from its name."""
    return f"{base}package/{_encoded(name)}"


def prediction_iri(head: str, tail: str, base: str = BASE) -> str:
    """IRI of the predicted link between two actors, in this order."""
    return f"{base}prediction/{_encoded(head)}/{_encoded(tail)}"


def graph_iri(name: str, base: str = BASE) -> str:
    """IRI of a named graph that is not the graph of a source: `provenance`, `predictions`."""
    return f"{base}graph/{_encoded(name)}"


def class_iri(kind: EntityKind) -> str:
    """IRI of the class of a kind of entity."""
    return VOCABULARY + kind.value


def local_name(name: str) -> str:
    """Name of a predicate, attribute or qualifier in the vocabulary: `description_fr` gives `description`, `need_type` gives `needType`.

    The language of the attribute goes to the literal's language tag.
    """
    head, *rest = _LANGUAGE.sub("", name).split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)


def predicate_iri(name: str) -> str:
    """IRI of the property of a predicate, attribute or qualifier; `type` is rdf:type."""
    return PREFIXES["rdf"] + "type" if name == "type" else VOCABULARY + quote(local_name(name), safe="")


def list_iri(values: type[StrEnum]) -> str:
    """IRI of the concept scheme of a closed list."""
    return VOCABULARY + values.__name__


def value_iri(value: StrEnum) -> str:
    """IRI of a term of a closed list: `NeedType.RECRUIT` gives `psr:NeedType-recruit`."""
    return f"{list_iri(type(value))}-{value.value}"


def _encoded(text: str) -> str:
    """The text as one segment of a path; a lone `.` or `..`, which readers of URLs drop, is written in full."""
    return text.replace(".", "%2E") if text in (".", "..") else quote(text, safe=":")
