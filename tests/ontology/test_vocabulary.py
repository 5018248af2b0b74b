"""passerelle.ttl and the enumerations say the same, in both directions, and every term has its words in two languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from graph_builder.rdf import facts as rdf_facts
from graph_builder.rdf.terms import name
from ontology.model import ATTRIBUTES, PREDICATES, QUALIFIERS, EntityKind
from ontology.namespaces import LISTED_ATTRIBUTES, VALUE_LISTS, VOCABULARY, class_iri, list_iri, predicate_iri, value_iri

FOLDER = Path(__file__).parents[2] / "ontology"
PROVENANCE_CLASSES = {"Statement", "Hypothesis", "Record", "Package", "PredictedLink"}
STATEMENT_PROPERTIES = {"basis", "confidence", "since", "until", "participationRole", "relationRole"}
PREDICTION_PROPERTIES = {"head", "tail", "score", "band", "scoreBasis", "reason"}
SCHEMES = {"Skills", "Sectors", "ActorKinds", "Strategy"}


def psr(local: str) -> URIRef:
    return URIRef(VOCABULARY + local)


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    return Graph().parse(FOLDER / "passerelle.ttl")


@pytest.fixture(scope="module")
def terms(vocabulary: Graph) -> list[URIRef]:
    return sorted({term for term in vocabulary.subjects() if isinstance(term, URIRef) and term.startswith(VOCABULARY)})


def declared(vocabulary: Graph, *types: URIRef) -> set[Node]:
    return {term for kind in types for term in vocabulary.subjects(RDF.type, kind) if isinstance(term, URIRef)}


def test_classes(vocabulary: Graph) -> None:
    expected = {URIRef(class_iri(kind)) for kind in EntityKind} | {psr(local) for local in PROVENANCE_CLASSES}
    assert declared(vocabulary, OWL.Class) == expected


def test_properties(vocabulary: Graph) -> None:
    stored = {predicate_iri(key) for key in [*PREDICATES, *ATTRIBUTES, *QUALIFIERS] if key not in ("type", "role")}
    inverses = {predicate_iri(p.inverse) for p in PREDICATES.values() if p.inverse}
    others = {VOCABULARY + local for local in STATEMENT_PROPERTIES | PREDICTION_PROPERTIES | {"role"}}
    expected = {URIRef(iri) for iri in stored | inverses | others}
    assert declared(vocabulary, OWL.ObjectProperty, OWL.DatatypeProperty) == expected
    assert not declared(vocabulary, OWL.ObjectProperty) & declared(vocabulary, OWL.DatatypeProperty)


@pytest.mark.parametrize("key", list(PREDICATES))
def test_relations(vocabulary: Graph, key: str) -> None:
    predicate, term = PREDICATES[key], psr(key)
    assert {str(label.language): str(label) for label in vocabulary.objects(term, RDFS.label) if isinstance(label, Literal)} == predicate.label
    assert ((term, RDF.type, OWL.SymmetricProperty) in vocabulary) == predicate.symmetric
    assert set(vocabulary.objects(term, OWL.inverseOf)) == ({psr(predicate.inverse)} if predicate.inverse else set())
    for side, kinds in ((RDFS.domain, predicate.domain), (RDFS.range, predicate.range)):
        (end,) = vocabulary.objects(term, side)
        union = vocabulary.value(end, OWL.unionOf) if isinstance(end, BNode) else None
        found = set(Collection(vocabulary, union)) if union is not None else {end}
        assert found == {URIRef(class_iri(kind)) for kind in kinds}


def test_closed_lists(vocabulary: Graph) -> None:
    expected = {URIRef(value_iri(value)): URIRef(list_iri(values)) for values in VALUE_LISTS for value in values}
    assert dict(vocabulary.subject_objects(SKOS.inScheme)) == expected
    assert dict(vocabulary.subject_objects(SKOS.topConceptOf)) == expected
    assert declared(vocabulary, SKOS.Concept) == set(expected)
    assert declared(vocabulary, SKOS.ConceptScheme) == set(expected.values()) | {psr(scheme) for scheme in SCHEMES}
    assert {psr(scheme.removeprefix("psr:")) for scheme in rdf_facts.SCHEMES.values()} == {psr(scheme) for scheme in SCHEMES}


def test_types_of_attributes(vocabulary: Graph) -> None:
    objects = declared(vocabulary, OWL.ObjectProperty)
    for attribute in ATTRIBUTES.values():
        term = URIRef(predicate_iri(attribute.name))
        if attribute.type == "kind":
            continue
        assert (term in objects) == (attribute.type == "url" or attribute.name in {"kind", *LISTED_ATTRIBUTES}), attribute.name
        expected = {"yes_no": "boolean", "number": "decimal"}.get(attribute.type)
        if expected:
            assert set(vocabulary.objects(term, RDFS.range)) == {URIRef(f"http://www.w3.org/2001/XMLSchema#{expected}")}


def test_every_term_has_its_words_in_french_and_english(vocabulary: Graph, terms: list[URIRef]) -> None:
    properties = {RDFS.label, RDFS.comment}
    for term in terms:
        wanted = properties | ({SKOS.prefLabel} if (term, RDF.type, SKOS.Concept) in vocabulary else set())
        for prop in wanted:
            texts = {text.language: str(text) for text in vocabulary.objects(term, prop) if isinstance(text, Literal)}
            assert set(texts) == {"fr", "en"}, (term, prop)
            assert all(text == text.strip() and text for text in texts.values()), term
            assert prop == RDFS.comment or not any(text.endswith(".") for text in texts.values()), term
            assert prop != RDFS.comment or all(text.endswith(".") for text in texts.values()), term
    assert set(vocabulary.objects(None, OWL.inverseOf)) <= set(terms)


def test_what_is_written_beside_ours_follows_from_the_vocabulary(vocabulary: Graph) -> None:
    """A triple of a public vocabulary in the export is true because ours is declared narrower (skos:prefLabel is a kind of rdfs:label)."""
    vocabulary = vocabulary + Graph().add((SKOS.prefLabel, RDFS.subPropertyOf, RDFS.label))
    for key, others in rdf_facts.PROPERTIES_ALSO.items():
        wider = set(vocabulary.transitive_objects(URIRef(predicate_iri(key)), RDFS.subPropertyOf))
        assert {URIRef(name(other)[1:-1]) for other in others} <= wider, key
    for kind, others in rdf_facts.CLASSES_ALSO.items():
        wider = set(vocabulary.transitive_objects(URIRef(class_iri(EntityKind(kind))), RDFS.subClassOf))
        assert {URIRef(name(other)[1:-1]) for other in others} <= wider, kind


def test_no_natural_persons(vocabulary: Graph) -> None:
    assert not [term for term in set(vocabulary.all_nodes()) if str(term).endswith(("/Person", "#Person"))]
