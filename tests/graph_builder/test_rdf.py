"""RDF of a snapshot: what it says by hand, every format read back by other libraries, every IRI declared."""

from __future__ import annotations

import json
import random
import warnings
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, GEO, ORG, PROV, SDO, WGS, DefinedNamespace

from graph_builder import rdf
from graph_builder.rdf.facts import quads
from graph_builder.rdf.terms import attribute_value, edtf, iri, literal, number
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler, Tables
from ontology.errors import StorageError
from ontology.model import ATTRIBUTES, PREDICATES, QUALIFIERS, Basis
from ontology.namespaces import (
    EDTF,
    ENTITY,
    PREFIXES,
    VOCABULARY,
    entity_iri,
    graph_iri,
    package_iri,
    predicate_iri,
    prediction_iri,
    record_iri,
    statement_iri,
)
from ontology.validate import shacl_findings
from tests.graph_builder.tiny import Info, actors, seed
from tests.ontology.territory import territory

FOLDER = Path(__file__).parents[2] / "ontology"
WGS84 = PREFIXES["wgs84"]
PROVENANCE = URIRef(graph_iri("provenance"))


@lru_cache(maxsize=1)
def seed_graph() -> Graph:
    return rdf.graph(seed())


def psr(local: str) -> URIRef:
    return URIRef(VOCABULARY + local)


def node(key: str) -> URIRef:
    return URIRef(entity_iri(key))


def parsed(text: str, kind: str) -> Graph:
    return Graph().parse(data=text, format=kind)


def parsed_quads(text: str) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's parser of N-Quads uses what rdflib deprecates
        return Dataset().parse(data=text, format="nquads")


def texts(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for kind, write in (("turtle", rdf.write_turtle), ("json-ld", rdf.write_jsonld), ("nquads", rdf.write_nquads)):
        stream = StringIO()
        write(snapshot, stream)
        yield kind, stream.getvalue()


def every_format_says_the_same(snapshot: Snapshot) -> None:
    graph, dataset = rdf.graph(snapshot), rdf.dataset(snapshot)
    content = dict(texts(snapshot))
    assert set(parsed_quads(content["nquads"]).quads()) == set(dataset.quads())
    assert {quad[:3] for quad in dataset.quads()} == set(graph)
    assert set(parsed("\n".join(rdf.ntriples(snapshot)) + "\n", "nt")) == set(graph)
    assert set(parsed(content["turtle"], "turtle")) == set(graph)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its parser of JSON-LD as well
        assert set(parsed(content["json-ld"], "json-ld")) == set(graph)
    store = pyoxigraph.Store()
    store.load(content["nquads"].encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    assert len(store) == len(set(dataset.quads()))
    store.clear()
    store.load(content["turtle"].encode(), format=pyoxigraph.RdfFormat.TURTLE)
    assert len(store) == len(graph)


# --------------------------------------------------------------------------------------------------------------- formats


def test_formats() -> None:
    every_format_says_the_same(territory())


def test_formats_of_the_seed() -> None:
    """Turtle, JSON-LD and N-Quads of the seed, read back by pyoxigraph, which is strict and fast."""
    expected = set(rdf.ntriples(seed()))
    assert len(expected) > 100_000
    kinds = {"turtle": pyoxigraph.RdfFormat.TURTLE, "json-ld": pyoxigraph.RdfFormat.JSON_LD, "nquads": pyoxigraph.RdfFormat.N_QUADS}
    for kind, text in texts(seed()):
        found = {str(quad.triple) for quad in pyoxigraph.parse(text, format=kinds[kind])}
        assert {f"{triple} ." for triple in found} == expected, kind


# U+0000 cannot stand in every format; surrogates are no text
letters = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8) | st.sampled_from(
    [
        '"',
        "\\",
        '"^^<x>',
        "a\nb\r\t",
        "@fr",
        "\\u0041",
        "é\u2028\x85",
        "<>",
        "id:x",
        "https://a.b/ c|d",
        "urn:x:y",
        "..",
        "geo:1,2",
        "\x7f\x01",
        "'''",
    ]
)


attributes = st.sampled_from(sorted(set(ATTRIBUTES) - {"type"}))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(letters, st.sampled_from(sorted(set(ATTRIBUTES) - {"type"})), letters, st.sampled_from([None, "fr", "pt-BR", "x y"])), max_size=5
    )
)
def test_any_text_survives(rows: list[tuple[str, str, str, str | None]]) -> None:
    filler = Filler()
    actors(filler, ["a"])
    for subject, predicate, value, lang in rows:
        filler.attribute(subject, predicate, value, "tiny/actors/a", lang=lang)
    every_format_says_the_same(in_memory(filler.tables(), [Info()]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(letters, st.sampled_from(sorted(QUALIFIERS)), letters, letters), max_size=4))
def test_any_relation_survives(rows: list[tuple[str, str, str, str]]) -> None:
    filler = Filler()
    record = filler.record("tiny/a|b c/é", sources=["source:1", "source:2"], published="2020~")
    for subject, qualifier, value, since in rows:
        filler.relation(subject, "needsSkill", "skill:é x", record, since=since, qualifiers={qualifier: value})
    every_format_says_the_same(in_memory(filler.tables()))


def test_the_context_stands_in_the_file() -> None:
    content = json.loads(dict(texts(territory()))["json-ld"])
    assert set(content) == {"@context", "@graph"}
    assert isinstance(content["@context"], dict)
    alpha = next(item for item in content["@graph"] if item["@id"] == "id:alpha")
    assert alpha["collaboratesWith"] == "id:beta"
    assert alpha["@type"] == ["org:Organization", "Organization"]
    skill = next(item for item in content["@graph"] if item["@id"] == "id:skill:weld")
    assert skill["skos:prefLabel"] == {"fr": "Soudage", "en": "Welding"} == skill["label"]


def test_turtle_by_hand() -> None:
    turtle = dict(texts(territory()))["turtle"]
    beta = next(part for part in turtle.split("\n\n") if part.startswith("id:beta "))
    assert (
        beta.strip()
        == """\
id:beta a org:Organization, psr:Organization ;
    dcterms:description "Une \\"note\\"\\n\\\\ é"@fr ;
    geo:hasGeometry <https://w3id.org/passerelle/id/beta#geometry> ;
    rdfs:label "Beta" ;
    wgs84:lat "47.6"^^xsd:decimal ;
    wgs84:long "6.8"^^xsd:decimal ;
    org:classification id:sector:metal ;
    foaf:homepage <https://beta.fr/> ;
    psr:description "Une \\"note\\"\\n\\\\ é"@fr ;
    psr:lat "47.6"^^xsd:decimal ;
    psr:lon "6.8"^^xsd:decimal ;
    psr:name "Beta" ;
    psr:needsSkill id:skill:weld ;
    psr:operatesInSector id:sector:metal ;
    psr:participatesIn id:weld_up ;
    psr:website <https://beta.fr/> ."""
    )


def test_the_same_content_gives_the_same_bytes() -> None:
    """Order of rows, locators and days of retrieval enter no file."""

    def snapshot(order: random.Random, locator: str, day: date) -> Snapshot:
        filler = Filler()
        for key in ("a", "b"):
            filler.record(f"tiny/{key}", sources=["source:x"], locator=f"{locator}:{key}", retrieved=day)
            filler.attribute(key, "name", key.upper(), f"tiny/{key}")
        filler.relation("a", "memberOf", "b", "tiny/a", qualifiers={"word": "membre", "role": "associate"})
        tables = Tables(*(table.take(pa.array(order.sample(range(table.num_rows), table.num_rows), pa.int64())) for table in filler.tables()))
        return in_memory(tables, [Info()])

    one, other = (dict(texts(snapshot(random.Random(number), str(number), date(2026, 1, number)))) for number in (1, 2))
    assert one == other


# ----------------------------------------------------------------------------------------------------------- what it says


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return rdf.dataset(territory())


@pytest.fixture(scope="module")
def graph() -> Graph:
    return rdf.graph(territory())


def graphs_of(dataset: Dataset, subject: str, prop: URIRef, obj: URIRef | Literal) -> set[str]:
    return {str(quad[3]) for quad in dataset.quads((node(subject), prop, obj, None))}


def test_a_fact_stands_in_the_graph_of_each_source(dataset: Dataset) -> None:
    both = {entity_iri("source:press"), entity_iri("source:blog")}
    assert graphs_of(dataset, "alpha", psr("collaboratesWith"), node("beta")) == both
    assert graphs_of(dataset, "alpha", RDFS.label, Literal("Alpha")) == both
    assert graphs_of(dataset, "beta", psr("needsSkill"), node("skill:weld")) == {entity_iri("source:press")}
    assert graphs_of(dataset, "place:90010", psr("name"), Literal("Belfort")) == {package_iri("tiny")}  # its record cites no source
    assert not len(dataset.default_graph)
    assert {str(g.identifier) for g in dataset.graphs()} - {str(dataset.default_graph.identifier)} == {
        *both,
        entity_iri("source:inference-need"),
        package_iri("tiny"),
        str(PROVENANCE),
    }


def test_a_hypothesis_is_no_fact(dataset: Dataset, graph: Graph) -> None:
    assert not list(dataset.quads((node("alpha"), psr("needsSkill"), None, None)))
    assert (node("alpha"), psr("needsSkill"), node("skill:weld")) not in graph
    (guess,) = graph.subjects(RDF.type, psr("Hypothesis"))
    assert (guess, RDF.type, psr("Statement")) in graph
    assert {graph.value(guess, RDF.subject), graph.value(guess, RDF.predicate), graph.value(guess, RDF.object)} == {
        node("alpha"),
        psr("needsSkill"),
        node("skill:weld"),
    }
    assert graph.value(guess, psr("basis")) == psr("Basis-inferred")
    assert graph.value(guess, psr("needType")) == psr("NeedType-train")


def test_a_fact_that_is_stated_and_inferred_is_a_fact() -> None:
    filler = Filler()
    record, guess = filler.record("tiny/a", sources=["source:x"]), filler.record("tiny/b", sources=["source:inference-x"])
    filler.relation("a", "offersSkill", "skill:b", record)
    filler.relation("a", "offersSkill", "skill:b", guess, basis=Basis.INFERRED)
    found = rdf.dataset(in_memory(filler.tables()))
    assert graphs_of(found, "a", psr("offersSkill"), node("skill:b")) == {entity_iri("source:x")}


def test_what_is_inferred_of_an_attribute_is_no_fact_either() -> None:
    filler = Filler()
    record = filler.record("tiny/a", sources=["source:inference-x"])
    for key, value in (
        ("type", "Skill"),
        ("label_fr", "A"),
        ("lat", "47.0"),
        ("lon", "6.0"),
        ("esco_uri", "http://e.org/1"),
        ("naf_divisions", "62"),
    ):
        filler.attribute("a", key, value, record, basis=Basis.INFERRED)
    found = rdf.graph(in_memory(filler.tables()))
    assert not list(found.predicate_objects(node("a")))
    assert len(set(found.subjects(RDF.type, psr("Hypothesis")))) == 6


def test_a_statement_by_hand(graph: Graph) -> None:
    row = next(row for row in territory().relations.to_pylist() if row["predicate"] == "participatesIn")
    about = URIRef(statement_iri(row["statement"]))
    assert set(graph.predicate_objects(about)) == {
        (RDF.type, psr("Statement")),
        (RDF.subject, node("beta")),
        (RDF.predicate, psr("participatesIn")),
        (RDF.object, node("weld_up")),
        (PROV.wasDerivedFrom, URIRef(record_iri("tiny/actors/beta"))),
        (psr("basis"), psr("Basis-stated")),
        (psr("confidence"), psr("Confidence-verified")),
        (psr("since"), Literal("2019", datatype=XSD.gYear)),
        (psr("until"), Literal("2021", datatype=XSD.gYear)),
        (psr("participationRole"), psr("ParticipationRole-lead")),
    }


def test_records_and_packages_by_hand(graph: Graph) -> None:
    record, package = URIRef(record_iri("tiny/actors/alpha")), URIRef(package_iri("tiny"))
    assert set(graph.predicate_objects(record)) == {
        (RDF.type, psr("Record")),
        (DCTERMS.isPartOf, package),
        (PROV.wasDerivedFrom, node("source:press")),
        (PROV.wasDerivedFrom, node("source:blog")),
        (DCTERMS.issued, Literal("2021", datatype=XSD.gYear)),
    }
    assert set(graph.predicate_objects(package)) == {
        (RDF.type, psr("Package")),
        (RDF.type, DCAT.Dataset),
        (RDF.type, PROV.Entity),
        (DCTERMS.title, Literal("Petit territoire", lang="fr")),
        (DCTERMS.title, Literal("Tiny territory", lang="en")),
        (DCTERMS.issued, Literal("2026-03-01", datatype=XSD.date)),
        (OWL.versionInfo, Literal("1.0")),
        (psr("licence"), Literal("Licence Ouverte 2.0")),
    }
    assert set(graph.objects(URIRef(record_iri("tiny/places/place:90010")), PROV.wasDerivedFrom)) == {package}


def test_concepts(graph: Graph) -> None:
    skill, sector = node("skill:weld"), node("sector:metal")
    assert {(skill, RDF.type, SKOS.Concept), (skill, SKOS.inScheme, psr("Skills")), (skill, SKOS.topConceptOf, psr("Skills"))} <= set(graph)
    assert set(graph.objects(skill, SKOS.prefLabel)) == {Literal("Soudage", lang="fr"), Literal("Welding", lang="en")}
    assert graph.value(skill, SKOS.exactMatch) == URIRef("http://data.europa.eu/esco/skill/1")  # the same English label
    assert graph.value(sector, SKOS.relatedMatch) == URIRef("http://id.insee.fr/codes/nafr2/division/24")
    assert (sector, SKOS.inScheme, psr("Sectors")) in graph


def test_concepts_of_the_seed() -> None:
    graph = seed_graph()
    assert len(set(graph.subjects(SKOS.inScheme, psr("Skills")))) == 135
    assert len(set(graph.subjects(SKOS.inScheme, psr("Sectors")))) == 33
    assert len(set(graph.subject_objects(SKOS.broader))) == 134
    matches = {prop: len(set(graph.subject_objects(prop))) for prop in (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch)}
    assert matches[SKOS.exactMatch] + matches[SKOS.closeMatch] == 92
    assert matches[SKOS.exactMatch] > 10 < matches[SKOS.closeMatch]
    assert matches[SKOS.relatedMatch] == 88
    narrower = set(graph.subjects(SKOS.broader))
    assert set(graph.subjects(SKOS.topConceptOf)) & narrower == set()


def test_a_point(graph: Graph) -> None:
    place = node("place:90010")
    geometry = graph.value(place, GEO.hasGeometry)
    assert graph.value(geometry, GEO.asWKT) == Literal("POINT(6.85385 47.64218)", datatype=GEO.wktLiteral)
    assert (str(graph.value(place, URIRef(WGS84 + "lat"))), str(graph.value(place, URIRef(WGS84 + "long")))) == ("47.64218", "6.85385")


def test_every_direct_triple_has_its_statement_and_its_source() -> None:
    """On the seed: a triple of our vocabulary in the graph of a source is a statement whose record cites that source; and the other way round."""
    provenance = graph_iri("provenance")
    told: dict[str, dict[str, list[str]]] = {}
    direct = set()
    for subject, prop, obj, graph in quads(seed()):
        if graph == f"<{provenance}>":
            told.setdefault(subject, {}).setdefault(prop, []).append(obj)
        elif prop.startswith(f"<{VOCABULARY}") or (prop == iri(str(RDF.type)) and obj.startswith(f"<{VOCABULARY}")):
            direct.add((subject, prop, obj, graph))
    explained = set()
    for rows in told.values():
        if iri(str(RDF.subject)) in rows and iri(VOCABULARY + "Basis-stated") in rows[iri(VOCABULARY + "basis")]:
            (record,) = rows[iri(str(PROV.wasDerivedFrom))]
            (subject,), (prop,), (obj,) = (rows[iri(str(part))] for part in (RDF.subject, RDF.predicate, RDF.object))
            explained |= {(subject, prop, obj, source) for source in told[record][iri(str(PROV.wasDerivedFrom))]}
    assert direct == explained
    statements = [rows for rows in told.values() if iri(str(RDF.subject)) in rows]
    assert len(statements) == seed().attributes.num_rows + seed().relations.num_rows


PUBLIC: dict[str, type[DefinedNamespace]] = {str(space): space for space in (DCAT, DCTERMS, FOAF, GEO, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, XSD)} | {
    WGS84: WGS
}  # rdflib writes that namespace with https, its authors with http


@lru_cache(maxsize=1)
def vocabulary() -> Graph:
    return Graph().parse(FOLDER / "passerelle.ttl")


def is_declared(term: str) -> bool:
    """Whether our vocabulary declares a term, or names the public vocabulary that has it (rdflib knows the terms of each)."""
    if term.startswith(VOCABULARY):
        return (URIRef(term), None, None) in vocabulary()
    named = {str(space) for space in vocabulary().objects(None, DCTERMS.references)}
    space = next((space for space in sorted(named, key=len, reverse=True) if term.startswith(space)), None)
    return space is not None and (space not in PUBLIC or term.removeprefix(space) in PUBLIC[space])


@pytest.mark.parametrize("of", ["territory", "seed"])
def test_every_term_of_the_export_is_declared(of: str, graph: Graph) -> None:
    graph = seed_graph() if of == "seed" else graph
    terms = {str(prop) for prop in graph.predicates()} | {str(kind) for kind in graph.objects(None, RDF.type)}
    terms |= {str(value.datatype) for value in graph.objects() if isinstance(value, Literal) and value.datatype}
    terms |= {str(value) for value in graph.objects() if isinstance(value, URIRef) and value.startswith(VOCABULARY)}
    assert len(terms) > 40
    assert sorted(term for term in terms if not is_declared(term)) == []
    assert set(PREFIXES.values()) - {ENTITY, VOCABULARY} <= set(PUBLIC)


def test_what_declared_means() -> None:
    assert is_declared(VOCABULARY + "collaboratesWith")
    assert is_declared(str(ORG.linkedTo))
    assert not is_declared(VOCABULARY + "lovesMuch")
    assert not is_declared(str(ORG) + "lovesMuch")
    assert not is_declared("http://example.org/x")


def test_every_predicate_attribute_and_qualifier_is_declared() -> None:
    names = [*PREDICATES, *ATTRIBUTES, *(QUALIFIERS - {"role"}), "participation_role", "relation_role"]
    assert [key for key in names if not is_declared(predicate_iri(key))] == []


def test_another_base() -> None:
    base = "https://data.example.org/"
    graph = rdf.graph(territory(), base=base)
    subjects = {str(subject) for subject in graph.subjects()}
    assert all(subject.startswith(base) for subject in subjects)
    assert (URIRef(base + "id/alpha"), psr("collaboratesWith"), URIRef(base + "id/beta")) in graph
    stream = StringIO()
    rdf.write_turtle(territory(), stream, base=base)
    assert set(parsed(stream.getvalue(), "turtle")) == set(graph)
    assert shacl_findings(graph, base=base) == []


# ----------------------------------------------------------------------------------------------------------------- terms

GYEAR, GYEARMONTH, DATE = (f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("gYear", "gYearMonth", "date"))


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2019", GYEAR),
        ("2019-09", GYEARMONTH),
        ("2019-09-30", DATE),
        ("2019~", EDTF),
        ("2019?", EDTF),
        ("201X", EDTF),
        ("2019-21", EDTF),  # a season
        ("2019-09-31", EDTF),  # no such day: not called xsd:date
        ("2019/2021", EDTF),
        ("0000", EDTF),
        ("", EDTF),
        ("２０１９", EDTF),
    ],
)
def test_dates(text: str, datatype: str) -> None:
    assert edtf(text) == f'"{text}"^^<{datatype}>'


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("47.5", '"47.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("-12", '"-12"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("1e3", '"1000.0"^^<http://www.w3.org/2001/XMLSchema#double>'),
        ("inf", '"inf"'),
        ("many", '"many"'),
    ],
)
def test_numbers(text: str, term: str) -> None:
    assert number(text) == term


@pytest.mark.parametrize(
    ("attribute", "value", "term"),
    [
        ("type", "Place", f"<{VOCABULARY}Place>"),
        ("kind", "kind:labo", f"<{ENTITY}kind:labo>"),
        ("status", "active", f"<{VOCABULARY}Status-active>"),
        ("status", "asleep", '"asleep"'),
        ("esco_confidence", "likely", f"<{VOCABULARY}Confidence-likely>"),
        ("inside", "yes", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("inside", "maybe", '"maybe"'),
        ("website", "https://a.fr/é b", "<https://a.fr/é%20b>"),
        ("url", "urn:codex", "<urn:codex>"),
        ("url", "javascript:alert(1)", '"javascript:alert(1)"'),
        ("description_en", "A", '"A"@en'),
        ("siren", "123", '"123"'),
        ("not_in_the_vocabulary", "x", '"x"'),
    ],
)
def test_values(attribute: str, value: str, term: str) -> None:
    assert attribute_value(attribute, value) == term


def test_a_language_that_is_none_is_left_out() -> None:
    assert literal("x", lang="pt-BR") == '"x"@pt-br'
    assert literal("x", lang="fr, en") == '"x"'


# ----------------------------------------------------------------------------------------------------------- predictions


def predictions() -> pa.Table:
    rows = {
        "subject": ["alpha", "beta"],
        "object": ["beta", "gamma"],
        "score": [0.75, 1.5],
        "band": ["strong", "explore"],
        "basis": ["expert", "expert"],
        "text_fr": ["Parce que.", ""],
        "text_en": ["Because.", None],
        "statements": [["abc", "def"], None],
    }
    return pa.table(rows)


def test_predictions_by_hand() -> None:
    graph = rdf.predictions_graph(predictions())
    link = URIRef(prediction_iri("alpha", "beta"))
    assert set(graph.predicate_objects(link)) == {
        (RDF.type, psr("PredictedLink")),
        (psr("head"), node("alpha")),
        (psr("tail"), node("beta")),
        (psr("score"), Literal("0.75", datatype=XSD.double)),
        (psr("band"), Literal("strong")),
        (psr("scoreBasis"), Literal("expert")),
        (psr("reason"), Literal("Parce que.", lang="fr")),
        (psr("reason"), Literal("Because.", lang="en")),
        (PROV.wasDerivedFrom, URIRef(statement_iri("abc"))),
        (PROV.wasDerivedFrom, URIRef(statement_iri("def"))),
    }
    assert all(is_declared(str(prop)) for prop in graph.predicates())
    assert not set(graph.subjects(RDF.type, psr("Statement")))
    assert not set(graph.triples((node("alpha"), None, None)))
    (finding,) = shacl_findings(graph)  # a score of 1.5 is left out, and missed
    assert (finding.column, finding.accepted) == ("score", "a score is one xsd:double from 0 to 1")
    stream = StringIO()
    rdf.write_predicted_turtle(predictions(), stream)
    assert set(parsed(stream.getvalue(), "turtle")) == set(graph)


# ----------------------------------------------------------------------------------------------------------------- files


def test_files(tmp_path: Path) -> None:
    for name, write in (("a.ttl", rdf.write_turtle), ("a.jsonld", rdf.write_jsonld), ("a.nq", rdf.write_nquads)):
        write(territory(), tmp_path / name)
        stream = StringIO()
        write(territory(), stream)
        assert (tmp_path / name).read_text(encoding="utf-8") == stream.getvalue()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonld", "a.nq", "a.ttl"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot write"):
        rdf.write_turtle(territory(), tmp_path / "none" / "a.ttl")


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nq"
    path.write_text("old")

    def broken(*_: object, **__: object) -> Iterator[str]:
        yield "new"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rdf, "nquads", broken)
    with pytest.raises(StorageError, match="No space left"):
        rdf.write_nquads(territory(), path)
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("a.nq", "old")]


def test_rdflib_is_imported_only_when_it_is_used() -> None:
    import subprocess
    import sys

    code = "import sys, graph_builder.rdf, ontology.validate; sys.exit(any(m in sys.modules for m in ('rdflib', 'pyshacl', 'pyoxigraph')))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=FOLDER.parent).returncode == 0
