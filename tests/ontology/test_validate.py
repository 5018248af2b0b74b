"""SHACL: a territory without fault has no finding, a fault of each kind has one that names the entity and what is accepted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import FOAF, PROV, XSD
from rdflib.term import Node

from graph_builder.normalise import siren_ok
from graph_builder.rdf import graph as as_graph
from graph_builder.rdf import write_jsonld, write_nquads, write_turtle
from ontology.errors import Finding
from ontology.model import ATTRIBUTES, PREDICATES
from ontology.namespaces import (
    BASE,
    EDTF,
    LISTED_ATTRIBUTES,
    VALUE_LISTS,
    VOCABULARY,
    class_iri,
    entity_iri,
    local_name,
    package_iri,
    record_iri,
    value_iri,
)
from ontology.validate import rdf_findings, shacl_findings
from tests.graph_builder.tiny import seed
from tests.ontology.territory import territory

FOLDER = Path(__file__).parents[2] / "ontology"
SH = "http://www.w3.org/ns/shacl#"


def psr(local: str) -> URIRef:
    return URIRef(VOCABULARY + local)


def node(key: str) -> URIRef:
    return URIRef(entity_iri(key))


@pytest.fixture
def graph() -> Graph:
    return as_graph(territory())


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(FOLDER / "shapes.ttl")


def statement(graph: Graph, subject: str, predicate: str) -> URIRef:
    (found,) = set(graph.subjects(RDF.subject, node(subject))) & set(graph.subjects(RDF.predicate, psr(predicate)))
    assert isinstance(found, URIRef)
    return found


def test_no_finding(graph: Graph) -> None:
    before = set(graph)
    assert shacl_findings(graph) == []
    assert set(graph) == before


@pytest.mark.slow
def test_the_seed_has_no_finding() -> None:
    assert shacl_findings(as_graph(seed())) == []


# ----------------------------------------------------------------------------------------------------------------- faults

Spoil = Callable[[Graph], object]


def put(subject: str, prop: Node, value: Node) -> Spoil:
    return lambda graph: graph.set((node(subject), prop, value))


def add(subject: str, prop: Node, value: Node) -> Spoil:
    return lambda graph: graph.add((node(subject), prop, value))


def drop(subject: str, prop: Node) -> Spoil:
    return lambda graph: graph.remove((node(subject), prop, None))


def on(subject: str, predicate: str, prop: Node, value: Node | None) -> Spoil:
    """Another value, or none, of a property of a statement."""

    def spoil(graph: Graph) -> None:
        about = statement(graph, subject, predicate)
        graph.remove((about, prop, None))
        if value is not None:
            graph.add((about, prop, value))

    return spoil


def decimal(text: str) -> Literal:
    return Literal(text, datatype=XSD.decimal)


def year(text: str) -> Literal:
    return Literal(text, datatype=XSD.gYear)


RECORD = URIRef(record_iri("tiny/actors/beta"))
PREDICTION = URIRef("https://w3id.org/passerelle/prediction/alpha/beta")

FAULTS: dict[str, tuple[Spoil, str, str, str]] = {
    # name: what is spoilt, then column, part of what is found, part of what is accepted
    "two classes": (add("alpha", RDF.type, psr("Project")), "type", "alpha has type", "exactly one class"),
    "no class": (lambda g: (drop("weld_up", RDF.type)(g), None), "type", "weld_up has no type", "exactly one class"),
    "no name": (drop("alpha", psr("name")), "name", "alpha has no name", "has a name"),
    "two names": (add("alpha", psr("name"), Literal("Alpha SA")), "name", "alpha has name 'Alpha', 'Alpha SA'", "at most one name without language"),
    "two French labels": (add("skill:weld", psr("label"), Literal("Soudure", lang="fr")), "label", "skill:weld has label", "one label in each"),
    "no label": (drop("sector:metal", psr("label")), "label", "sector:metal has no label", "has a label"),
    "no title": (drop("source:blog", psr("title")), "title", "source:blog has no title", "has a title"),
    "status not in the list": (put("alpha", psr("status"), Literal("en sommeil")), "status", "alpha has status 'en sommeil'", "list psr:Status"),
    "two statuses": (add("alpha", psr("status"), psr("Status-closed")), "status", "psr:Status-closed", "one term"),
    "role of another list": (put("kind:sme", psr("role"), psr("Partner-yes")), "role", "kind:sme has role psr:Partner-yes", "list psr:Role"),
    "need type": (on("beta", "needsSkill", psr("needType"), psr("NeedType-love")), "needType", "has needType", "list psr:NeedType"),
    "participation role": (
        on("beta", "participatesIn", psr("participationRole"), Literal("boss")),
        "participationRole",
        "'boss'",
        "ParticipationRole",
    ),
    "basis": (on("beta", "needsSkill", psr("basis"), Literal("stated")), "basis", "has basis 'stated'", "list psr:Basis"),
    "no confidence": (on("beta", "needsSkill", psr("confidence"), None), "confidence", "has no confidence", "list psr:Confidence"),
    "SIREN too short": (put("alpha", psr("siren"), Literal("73282932")), "siren", "alpha has siren '73282932'", "9 digits"),
    "SIREN with letters": (put("alpha", psr("siren"), Literal("73282932A")), "siren", "'73282932A'", "9 digits"),
    "SIREN of zeros": (put("alpha", psr("siren"), Literal("000000000")), "siren", "'000000000'", "not all 0"),
    "SIREN, last digit": (put("alpha", psr("siren"), Literal("732829321")), "siren", "alpha has siren '732829321'", "check digit"),
    "SIREN, two digits swapped": (put("alpha", psr("siren"), Literal("732289320")), "siren", "alpha has siren '732289320'", "check digit"),
    "two SIREN": (add("alpha", psr("siren"), Literal("552100554")), "siren", "alpha has siren", "one SIREN"),
    "since after until": (on("beta", "participatesIn", psr("since"), year("2022")), "until", "has until '2021'", "since is not later"),
    "since after until in a month": (
        lambda g: (
            on("beta", "participatesIn", psr("since"), Literal("2021-06", datatype=XSD.gYearMonth))(g),
            on("beta", "participatesIn", psr("until"), Literal("2021-05~", datatype=URIRef(EDTF)))(g),
        ),
        "until",
        "2021-05~",
        "since is not later",
    ),
    "start after end": (put("weld_up", psr("start"), year("2030")), "end", "weld_up has end '2021~'", "start is not later"),
    "date without type": (put("weld_up", psr("start"), Literal("jadis")), "start", "weld_up has start 'jadis'", "EDTF"),
    "two starts": (add("weld_up", psr("start"), year("2018")), "start", "weld_up has start", "one date"),
    "latitude out of range": (put("beta", psr("lat"), decimal("95.0")), "lat", "beta has lat '95.0'", "-90 to 90"),
    "longitude out of range": (put("beta", psr("lon"), decimal("-181")), "lon", "beta has lon '-181'", "-180 to 180"),
    "latitude as text": (put("beta", psr("lat"), Literal("nord")), "lat", "beta has lat 'nord'", "decimal"),
    "latitude alone": (drop("beta", psr("lon")), "lon", "beta has no lon", "stands with a longitude"),
    "longitude alone": (drop("beta", psr("lat")), "lat", "beta has no lat", "stands with a latitude"),
    "statement without record": (on("beta", "needsSkill", PROV.wasDerivedFrom, None), "wasDerivedFrom", "has no", "a record that exists"),
    "record that is not there": (
        on("beta", "needsSkill", PROV.wasDerivedFrom, URIRef(record_iri("tiny/nowhere"))),
        "wasDerivedFrom",
        "record/tiny/nowhere",
        "a record that exists",
    ),
    "record without source": (
        lambda g: g.remove((RECORD, PROV.wasDerivedFrom, None)),
        "wasDerivedFrom",
        "record/tiny/actors/beta has no",
        "cites a source",
    ),
    "source that is not there": (
        lambda g: g.add((RECORD, PROV.wasDerivedFrom, node("source:x"))),
        "wasDerivedFrom",
        "source:x",
        "cites a source that exists",
    ),
    "package that is not there": (lambda g: g.remove((URIRef(package_iri("tiny")), None, None)), "wasDerivedFrom", "place:90010", "its data package"),
    "relation without statement": (add("beta", psr("memberOf"), node("alpha")), "statement", "beta has", "where psr:memberOf comes from"),
    "entity without statement": (
        lambda g: (add("gamma", RDF.type, psr("Organization"))(g), add("gamma", psr("name"), Literal("Gamma"))(g)),
        "statement",
        "gamma has no statement",
        "where the description comes from",
    ),
    "hypothesis among the facts": (add("alpha", psr("needsSkill"), node("skill:weld")), "object", "statement/", "does not stand among the facts"),
    "hypothesis that is stated": (
        lambda g: g.add((statement(g, "beta", "needsSkill"), RDF.type, psr("Hypothesis"))),
        "basis",
        "statement/",
        "psr:Basis-inferred",
    ),
    "object of another class": (
        put("alpha", psr("offersSkill"), node("sector:metal")),
        "offersSkill",
        "alpha has offersSkill sector:metal",
        "a skill",
    ),
    "object that is not there": (put("alpha", psr("locatedIn"), node("place:1")), "locatedIn", "place:1", "an organisation or a place"),
    "subject of another class": (add("weld_up", psr("collaboratesWith"), node("beta")), "statement", "weld_up", "is an organisation"),
    "foaf:Person": (add("x", RDF.type, FOAF.Person), "type", "x has type foaf:Person", "no natural person"),
    "schema:Person": (add("alpha", RDF.type, URIRef("https://schema.org/Person")), "type", "alpha has type", "no natural person"),
    "old schema:Person": (add("x", RDF.type, URIRef("http://schema.org/Person")), "type", "x has type", "no natural person"),
    "prov:Person": (add("x", RDF.type, PROV.Person), "type", "x has type prov:Person", "no natural person"),
    "undeclared property": (add("alpha", psr("fundedBy2"), node("beta")), "fundedBy2", "alpha has psr:fundedBy2, not declared", "passerelle.ttl"),
    "undeclared property of a statement": (
        on("beta", "needsSkill", psr("mood"), Literal("x")),
        "mood",
        "has psr:mood, not declared",
        "passerelle.ttl",
    ),
    "a class as property": (add("alpha", psr("Skill"), Literal("x")), "Skill", "alpha has psr:Skill, not declared", "passerelle.ttl"),
    "score above one": (
        lambda g: [
            g.add((PREDICTION, prop, value))
            for prop, value in (
                (RDF.type, psr("PredictedLink")),
                (psr("head"), node("alpha")),
                (psr("tail"), node("beta")),
                (psr("score"), Literal("1.5", datatype=XSD.double)),
            )
        ],
        "score",
        "'1.5'",
        "from 0 to 1",
    ),
}


def moved(graph: Graph, base: str) -> Graph:
    """The graph with its entities, statements and records under another base."""

    def term(value: Node) -> Node:
        inside = isinstance(value, URIRef) and value.startswith(BASE) and not value.startswith(VOCABULARY)
        return URIRef(base + value[len(BASE) :]) if inside else value

    copy = Graph()
    for subject, prop, value in graph:
        copy.add((term(subject), prop, term(value)))
    return copy


@pytest.fixture(scope="module")
def findings() -> dict[str, list[Finding]]:
    """Each fault in a copy of the territory of its own, all copies in one graph: SHACL runs once."""
    everything = Graph()
    for number, (spoil, *_) in enumerate(FAULTS.values()):
        graph = as_graph(territory())
        before = set(graph)
        spoil(graph)
        assert set(graph) != before
        everything += moved(graph, f"https://w{number}.example/")
    found: dict[str, list[Finding]] = {fault: [] for fault in FAULTS}
    for finding in shacl_findings(everything):
        (number,) = set(re.findall(r"https://w([0-9]+)\.example/", finding.found))
        text = finding.found.replace(f"https://w{number}.example/id/", "").replace(f"https://w{number}.example/", "")
        found[list(FAULTS)[int(number)]].append(replace(finding, found=text))
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(findings: dict[str, list[Finding]], fault: str) -> None:
    _, column, found, accepted = FAULTS[fault]
    matching = [f for f in findings[fault] if f.column == column and found in f.found and accepted in f.accepted]
    assert matching, "\n".join(f.line() for f in findings[fault])
    assert {(f.file, f.row, f.severity) for f in findings[fault]} == {("rdf", None, "error")}


def test_a_finding_names_statement_record_and_entity(graph: Graph) -> None:
    about = statement(graph, "beta", "needsSkill")
    graph.remove((about, psr("confidence"), None))
    graph.remove((RECORD, PROV.wasDerivedFrom, None))
    key = about.rpartition("/")[2]
    assert [(finding.column, finding.found) for finding in shacl_findings(graph)] == [
        ("confidence", f"the statement {key} about beta has no confidence"),
        ("wasDerivedFrom", "the record tiny/actors/beta has no wasDerivedFrom"),
    ]


def test_right_values_of_other_forms_are_accepted(graph: Graph) -> None:
    """What looks unusual and is right: a month in the same year as a year, two languages of a name, an approximate date."""
    graph.set((node("weld_up"), psr("start"), Literal("2021-12", datatype=XSD.gYearMonth)))
    graph.set((statement(graph, "beta", "participatesIn"), psr("since"), Literal("2021-06", datatype=XSD.gYearMonth)))
    graph.add((node("weld_up"), psr("name"), Literal("Welding", lang="en")))
    graph.add((node("weld_up"), psr("name"), Literal("Soudage", lang="fr")))
    assert shacl_findings(graph) == []


def test_the_check_digit_agrees_with_the_one_of_the_packages() -> None:
    """732829320 is the example of the INSEE documentation, 552100554 Peugeot, 356000000 La Poste; the others cover every digit."""
    numbers = ["732829320", "552100554", "356000000", *(f"{101 + 7_919_797 * step:09d}" for step in range(100))]
    graph = Graph()
    for number in numbers:
        graph.add((node(f"siren:{number}"), psr("siren"), Literal(number)))
    refused = {finding.found.split("'")[1] for finding in shacl_findings(graph)}
    assert refused == {number for number in numbers if not siren_ok(number)}
    assert 80 < len(refused) < len(numbers) - 10


# ------------------------------------------------------------------------------------------------- shapes and enumerations


def test_lists_of_the_shapes(shapes: Graph) -> None:
    """Every listed property has its list, whole, in the shapes."""
    lists = {frozenset(URIRef(value_iri(value)) for value in values): values.__name__ for values in VALUE_LISTS}
    found = {}
    for shape, head in shapes.subject_objects(URIRef(SH + "in")):
        path = shapes.value(shape, URIRef(SH + "path"))
        if path is not None and path != psr("band"):
            found[str(path).removeprefix(VOCABULARY)] = lists[frozenset(Collection(shapes, head))]
    expected = {local_name(key): values.__name__ for key, values in LISTED_ATTRIBUTES.items()}
    expected |= {"basis": "Basis", "needType": "NeedType", "participationRole": "ParticipationRole", "relationRole": "RelationRole"}
    assert found == expected


def test_relations_of_the_shapes(shapes: Graph) -> None:
    for key, predicate in PREDICATES.items():
        (shape,) = shapes.subjects(URIRef(SH + "targetSubjectsOf"), psr(key))
        (end,) = (prop for prop in shapes.objects(shape, URIRef(SH + "property")) if shapes.value(prop, URIRef(SH + "path")) == psr(key))
        assert classes(shapes, shape) == {URIRef(class_iri(kind)) for kind in predicate.domain}
        assert classes(shapes, end) == {URIRef(class_iri(kind)) for kind in predicate.range}


def classes(shapes: Graph, shape: Node) -> set[Node]:
    either = shapes.value(shape, URIRef(SH + "or"))
    parts = list(Collection(shapes, either)) if either is not None else [shape]
    return {kind for part in parts for kind in shapes.objects(part, URIRef(SH + "class"))}


def test_dates_of_the_shapes(shapes: Graph) -> None:
    expected = {psr(local_name(a.name)) for a in ATTRIBUTES.values() if a.type == "edtf"} | {psr("since"), psr("until")}
    dated = {shapes.value(shape, URIRef(SH + "path")) for shape in shapes.subjects(URIRef(SH + "node"), psr("DateShape"))}
    assert dated == expected


def test_every_shape_says_what_is_accepted(shapes: Graph) -> None:
    checks = set(shapes.objects(None, URIRef(SH + "property"))) | set(shapes.objects(None, URIRef(SH + "sparql")))
    assert len(checks) > 60
    assert [check for check in checks if shapes.value(check, URIRef(SH + "message")) is None] == []


# ------------------------------------------------------------------------------------------------------------------ files


@pytest.mark.parametrize(("suffix", "write"), [(".ttl", write_turtle), (".jsonld", write_jsonld), (".nq", write_nquads)])
def test_files_without_fault(tmp_path: Path, suffix: str, write: Callable[..., None]) -> None:
    path = tmp_path / f"territory{suffix}"
    write(territory(), path)
    assert rdf_findings(path) == []


@pytest.mark.parametrize("suffix", [".nt", ".rdf"])
def test_a_fault_in_a_file(graph: Graph, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"spoilt{suffix}"
    graph.set((node("alpha"), psr("siren"), Literal("732829321")))
    graph.serialize(path, format={".nt": "nt", ".rdf": "xml"}[suffix], encoding="utf-8")
    (finding,) = rdf_findings(path)
    assert (finding.file, finding.column, finding.found) == (f"spoilt{suffix}", "siren", "alpha has siren '732829321'")


def test_files_that_cannot_be_read_are_findings(tmp_path: Path) -> None:
    empty, broken, other = tmp_path / "empty.ttl", tmp_path / "broken.ttl", tmp_path / "table.csv"
    empty.touch()
    broken.write_text("<a> <b> .")
    other.touch()
    for path, found in ((empty, "no triple"), (broken, "not Turtle"), (other, "not a suffix of RDF"), (tmp_path / "none.ttl", "cannot be read")):
        (finding,) = rdf_findings(path)
        assert finding.file == path.name
        assert found in finding.found
        assert finding.accepted
