"""RDF files as a source: what is read from ORG, FOAF, schema.org, SKOS and this product's own exports, and what is dropped."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import ClassVar

import pyoxigraph
import pytest

from graph_builder.pipeline import assemble
from graph_builder.rdf import write_jsonld, write_nquads, write_turtle
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.sources import Source, open_source
from graph_builder.sources.entities.ids import choose_sirens, sirens_in
from graph_builder.sources.entities.info import date_in_name, package_name, redistribution
from graph_builder.sources.rdf_file.source import RdfFile
from graph_builder.sources.source import UNDATED
from graph_builder.tables import Tables
from ontology.model import Basis, EntityKind
from ontology.reading import read_rdf
from tests.graph_builder.seed_package import SEED
from tests.graph_builder.source_contract import SourceContract

HEAD = """
@prefix org: <http://www.w3.org/ns/org#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix schema: <https://schema.org/> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix time: <http://www.w3.org/2006/time#> . @prefix geo: <http://www.opengis.net/ont/geosparql#> . @prefix ex: <http://data.example.org/id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""

# SIREN 552081317 (EDF) and SIRET 73282932000074 (the example of INSEE) have right check digits
MEMBERS = (
    HEAD
    + """
<> a dcat:Dataset ; dcterms:title "Pôle numérique"@fr, "Digital cluster"@en ; dcterms:modified "2025-11-03"^^xsd:date ;
  dcterms:license <https://www.etalab.gouv.fr/licence-ouverte-open-licence/> ; dcterms:publisher "Pôle numérique de Belfort" ;
  owl:imports <http://elsewhere.example.org/ontology> .
ex:pole a org:FormalOrganization ; skos:prefLabel "Pôle numérique"@fr, "Digital cluster"@en, "Digitalpol"@de ; skos:altLabel "PNB" ;
  org:identifier "552 081 317" ; dcterms:source <https://registry.example.org/pole> ;
  org:hasPrimarySite [ a org:Site ; org:siteAddress [ vcard:locality "Belfort" ; vcard:postal-code "90000" ; vcard:street-address "1 rue Thiers" ] ] ;
  dcterms:description "Un réseau d'entreprises."@fr, "A network of firms."@en ; foaf:homepage <https://pole.example.org/> ; ex:colour "blue" .
ex:acme a schema:Corporation ; schema:name "Acme" ; schema:identifier [ a schema:PropertyValue ; schema:value "73282932000074" ] ;
  schema:address [ schema:addressLocality "Montbéliard" ; schema:postalCode "25200" ] ; schema:location <http://id.insee.fr/geo/commune/25388> ;
  schema:geo [ schema:latitude 47.51 ; schema:longitude 6.80 ] ; org:memberOf ex:pole ; schema:knowsAbout ex:ai, "Impression 3D" ;
  schema:seeks [ a schema:Demand ; schema:itemOffered ex:cyber ] ; schema:employee ex:jean ; schema:email "jean@acme.example.org" ;
  schema:description "Écrire à jean@acme.example.org" .
ex:lab a ex:Lab ; foaf:name "Laboratoire X" ; org:unitOf ex:univ ; geo:hasGeometry [ geo:asWKT "POINT(6.86 47.64)"^^geo:wktLiteral ] ;
  org:linkedTo ex:acme .
ex:Lab rdfs:subClassOf schema:ResearchOrganization .
ex:univ a schema:CollegeOrUniversity ; schema:name "Université"@fr ; org:classification ex:education .
ex:education a skos:Concept ; skos:prefLabel "Éducation"@fr ; skos:broader ex:services .
ex:services a skos:Concept ; skos:prefLabel "Services"@fr ; skos:exactMatch <http://id.insee.fr/codes/nafr2/division/85> .
ex:ai a skos:Concept ; skos:prefLabel "Intelligence artificielle"@fr, "Artificial intelligence"@en ; skos:broader ex:digital ;
  skos:exactMatch <http://data.europa.eu/esco/skill/abc> .
ex:digital a skos:Concept ; skos:prefLabel "Numérique"@fr .
ex:cyber a skos:Concept ; skos:prefLabel "Cybersécurité"@fr .
ex:jean a foaf:Person ; foaf:name "Jean Dupont" ; schema:address [ schema:addressLocality "Delle" ] ; schema:worksFor [ a org:Organization ;
  foaf:name "Cabinet Dupont" ] .
[] a org:Membership ; org:member ex:lab ; org:organization ex:pole ;
  org:memberDuring [ time:hasBeginning [ time:inXSDDate "2021-05-01"^^xsd:date ] ] .
[] a org:Membership ; org:member ex:jean ; org:organization ex:pole .
ex:old a org:Organization ; rdfs:label "Ancien nom" ; org:changedBy ex:merger ; schema:dissolutionDate "2020"^^xsd:gYear .
ex:acme org:resultedFrom ex:merger . ex:merger a org:ChangeEvent ; dcterms:date "2020" .
ex:p1 a foaf:Project ; foaf:name "Projet Un"@fr ; schema:member ex:acme, ex:lab ; schema:funder ex:univ ;
  schema:startDate "2023-01-15"^^xsd:date ; dcterms:subject ex:ai .
ex:thing a ex:Gadget ; rdfs:label "gadget" .
"""
)
POLE, ACME = "siren:552081317", "siren:732829320"
LAB, UNIV, OLD, PROJECT = (f"pole-numerique:{name}" for name in ("lab", "univ", "old", "p1"))


def written(folder: Path, text: str, name: str = "members.ttl") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str, name: str = "members-2025-03-01.ttl") -> Snapshot:
    source = RdfFile(written(folder, HEAD + text if name.endswith("ttl") else text, name))
    return in_memory(source.tables(), [source.info])


def related(snapshot: Snapshot) -> set[tuple[str, str, str]]:
    columns = (snapshot.relations[name].to_pylist() for name in ("subject", "predicate", "object"))
    return set(zip(*columns, strict=True))


class TestRdfContract(SourceContract):
    minimum: ClassVar[Mapping[str, int]] = {
        "Organization": 5,
        "Project": 1,
        "Skill": 4,
        "Sector": 2,
        "Place": 2,
        "Source": 2,
        "ActorKind": 4,
        "memberOf": 2,
        "collaboratesWith": 1,
        "participatesIn": 3,
        "offersSkill": 2,
    }

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls, tmp_path_factory: pytest.TempPathFactory) -> Source:
        return open_source(written(tmp_path_factory.mktemp("rdf"), MEMBERS))


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    source = RdfFile(written(tmp_path_factory.mktemp("rdf"), MEMBERS))
    return in_memory(source.tables(), [source.info])


def test_every_relation(members: Snapshot) -> None:
    assert related(members) == {
        (ACME, "memberOf", POLE),
        (LAB, "memberOf", POLE),
        (LAB, "partOf", UNIV),
        (LAB, "collaboratesWith", ACME),
        (OLD, "succeededBy", ACME),
        (ACME, "participatesIn", PROJECT),
        (LAB, "participatesIn", PROJECT),
        (UNIV, "participatesIn", PROJECT),
        (PROJECT, "about", "skill:intelligence-artificielle"),
        (ACME, "offersSkill", "skill:intelligence-artificielle"),
        (ACME, "offersSkill", "skill:impression-3d"),
        (ACME, "needsSkill", "skill:cybersecurite"),
        (UNIV, "operatesInSector", "sector:education"),
        ("skill:intelligence-artificielle", "broader", "skill:numerique"),
        ("sector:education", "broader", "sector:services"),
        (POLE, "locatedIn", "place:belfort"),
        (ACME, "locatedIn", "place:25388"),
    }


def test_details_of_relations(members: Snapshot) -> None:
    rows = {(row["subject"], row["predicate"]): row for row in members.relations.to_pylist()}
    assert rows[LAB, "memberOf"]["since"] == "2021-05-01"
    assert rows[OLD, "succeededBy"]["since"] == "2020"
    assert dict(rows[UNIV, "participatesIn"]["qualifiers"]) == {"role": "funder"}
    assert dict(rows[LAB, "participatesIn"]["qualifiers"]) == {"role": "partner"}
    assert dict(rows[ACME, "needsSkill"]["qualifiers"]) == {"need_type": "other"}


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("name", {POLE: "Pôle numérique", ACME: "Acme", LAB: "Laboratoire X", UNIV: "Université", OLD: "Ancien nom"}),
        ("kind", {POLE: "organisation", ACME: "company", LAB: "research", UNIV: "training", OLD: "organisation"}),
        ("siren", {POLE: "552081317", ACME: "732829320"}),
        ("postcode", {POLE: "90000", ACME: "25200"}),
        ("address", {POLE: "1 rue Thiers"}),
        ("lat", {ACME: "47.51", LAB: "47.64"}),
        ("lon", {ACME: "6.8", LAB: "6.86"}),
        ("website", {POLE: "https://pole.example.org/"}),
        ("description_fr", {POLE: "Un réseau d'entreprises."}),
        ("description_en", {POLE: "A network of firms."}),
        ("status", {OLD: "closed"}),
        ("status_since", {OLD: "2020"}),
        ("insee", {"place:25388": "25388"}),
        ("esco_uri", {"skill:intelligence-artificielle": "http://data.europa.eu/esco/skill/abc"}),
        ("naf_divisions", {"sector:services": "85"}),
        ("counts_as_tie", {PROJECT: "yes"}),
        ("start", {PROJECT: "2023-01-15"}),
    ],
)
def test_attributes(members: Snapshot, predicate: str, expected: dict[str, str]) -> None:
    actors = {*members.entities(EntityKind.ORGANIZATION)}
    found = {key: value for key, value in members.values(predicate).items() if predicate != "name" or key in actors}
    assert {key: value.removeprefix("kind:rdf_") for key, value in found.items()} == expected


def test_other_names_aliases_and_sources(members: Snapshot) -> None:
    assert set(members.lists("alt_name")[POLE]) == {"Digital cluster", "Digitalpol", "PNB"}
    assert members.lists("alias")[LAB] == ("http://data.example.org/id/lab",)
    cited = members.statement(members.attribute_statement(POLE, "name") or "").sources
    assert {members.values("url")[source] for source in cited if source in members.values("url")} == {"https://registry.example.org/pole"}
    assert members.values("redistribution")["source:pole-numerique"] == "texts"


def test_information_of_the_package(tmp_path: Path) -> None:
    info = RdfFile(written(tmp_path, MEMBERS)).info
    assert (info.name, info.title_fr, info.title_en) == ("pole-numerique", "Pôle numérique", "Digital cluster")
    assert info.created.isoformat() == "2025-11-03"
    assert "etalab" in info.licences


def test_persons_leave_no_trace(members: Snapshot, tmp_path: Path) -> None:
    values = " ".join(members.attributes["value"].to_pylist() + members.records["record"].to_pylist())
    assert "Dupont" not in values and "jean" not in values.lower() and "Delle" not in values
    lines = [finding.line() for finding in RdfFile(written(tmp_path, MEMBERS)).validate()]
    assert any("1 natural persons" in line for line in lines)
    assert any("e-mail address" in line for line in lines)


def test_what_is_not_read_is_counted(tmp_path: Path) -> None:
    findings = RdfFile(written(tmp_path, MEMBERS)).validate()
    assert {finding.severity for finding in findings} == {"warning"}
    told = {finding.found for finding in findings}
    assert "1 values of <http://data.example.org/id/colour>" in told
    assert "1 things of the class <http://data.example.org/id/Gadget>" in told
    assert not any("imports" in text for text in told)


@pytest.mark.parametrize("syntax", ["N_TRIPLES", "N_QUADS", "TRIG", "RDF_XML", "JSON_LD"])
def test_every_syntax_says_the_same(members: Snapshot, tmp_path: Path, syntax: str) -> None:
    quads = list(pyoxigraph.parse(MEMBERS.encode(), pyoxigraph.RdfFormat.TURTLE, base_iri="file:///members.ttl"))
    form = getattr(pyoxigraph.RdfFormat, syntax)
    path = tmp_path / f"members.{form.file_extension}"
    path.write_bytes(pyoxigraph.serialize((quad.triple for quad in quads), format=form))
    source = RdfFile(path)
    snapshot = in_memory(source.tables(), [source.info])
    assert related(snapshot) == related(members)
    assert snapshot.digest == members.digest


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_file_changes_nothing(members: Snapshot, tmp_path: Path, seed: int) -> None:
    quads = [str(q) for q in pyoxigraph.parse(MEMBERS.encode(), pyoxigraph.RdfFormat.TURTLE, base_iri="file:///members.ttl")]
    random.Random(seed).shuffle(quads)
    assert in_memory(RdfFile(written(tmp_path, " .\n".join(quads) + " .", "m.nt")).tables()).digest == in_memory_of(members)


def in_memory_of(snapshot: Snapshot) -> str:
    bare = [table.drop_columns(["statement"]) for table in (snapshot.attributes, snapshot.relations)]
    return in_memory(Tables(snapshot.records, *bare)).digest


def test_the_time_of_the_file_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, MEMBERS)
    first = in_memory(RdfFile(path).tables(), [RdfFile(path).info]).digest
    os.utime(path, (1, 1))
    assert in_memory(RdfFile(path).tables(), [RdfFile(path).info]).digest == first


# identifiers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain", "heads"),
    [
        ("552081317", ["552081317"], []),
        ("552 081 317", ["552081317"], []),
        ("SIREN:552081317", ["552081317"], []),
        ("http://data.example.org/siren/552081317", ["552081317"], []),
        ("FR 03 552081317", ["552081317"], []),
        ("0002:552081317", ["552081317"], []),
        ("73282932000074", [], ["732829320"]),
        ("552081318", [], []),
        ("x552081317y", [], []),
        ("", [], []),
    ],
)
def test_sirens(text: str, plain: list[str], heads: list[str]) -> None:
    assert sirens_in(text) == (plain, heads)


def test_who_has_a_siren() -> None:
    told = {"unit": ([], ["1"]), "firm": (["1"], ["2"]), "a": (["3"], []), "b": ([], ["3"]), "two": (["4", "5"], []), "none": ([], [])}
    chosen, shared = choose_sirens(told, frozenset({"unit"}))
    assert chosen == {"firm": "1"}
    assert shared == {"3": ["a", "b"]}


def test_a_siren_of_two_actors_is_kept_by_none(tmp_path: Path) -> None:
    text = 'ex:a a org:Organization ; foaf:name "A" ; org:identifier "552081317" . '
    text += 'ex:b a org:Organization ; foaf:name "B" ; org:identifier "552081317" .'
    snapshot = read(tmp_path, text)
    assert snapshot.entities(EntityKind.ORGANIZATION) == ["members-2025-03-01:a", "members-2025-03-01:b"]
    found = RdfFile(tmp_path / "members-2025-03-01.ttl").validate()
    assert [finding.found for finding in found] == ["2 organisations that share the SIREN 552081317"]


def test_ids_of_one_slug_differ_and_stay(tmp_path: Path) -> None:
    text = '<http://a.example.org/x> a org:Organization ; foaf:name "A" . <http://b.example.org/x> a org:Organization ; foaf:name "B" .'
    ids = read(tmp_path, text).entities(EntityKind.ORGANIZATION)
    assert len(ids) == 2 and all(key.startswith("members-2025-03-01:x-") for key in ids)
    assert ids == read(tmp_path, text).entities(EntityKind.ORGANIZATION)


def test_blank_organisations_have_ids_of_their_content(tmp_path: Path) -> None:
    text = 'ex:u a org:Organization ; foaf:name "U" ; org:hasUnit [ a org:OrganizationalUnit ; foaf:name "Laboratoire" ] .\n'
    text += 'ex:v a org:Organization ; foaf:name "V" ; org:hasUnit [ a org:OrganizationalUnit ; foaf:name "Laboratoire" ] .'
    snapshot = read(tmp_path, text)
    assert len(snapshot.entities(EntityKind.ORGANIZATION)) == 4
    assert snapshot.digest == read(tmp_path, text).digest
    assert sum(predicate == "partOf" for _, predicate, _ in related(snapshot)) == 2


# places, texts, dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "lat", "lon"),
    [
        ("wgs84:lat 47.5 ; wgs84:long 6.5", "47.5", "6.5"),
        ('geo:hasGeometry [ geo:asWKT "POINT (6.5 47.5)" ]', "47.5", "6.5"),
        ('geo:hasGeometry [ geo:asWKT "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(6.5 47.5)" ]', "47.5", "6.5"),
        ('geo:hasGeometry [ geo:asWKT "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(47.5 6.5)" ]', "47.5", "6.5"),
        ('org:hasSite [ org:siteAddress [ wgs84:lat "47.5" ; wgs84:long "6.5" ] ]', "47.5", "6.5"),
        ("wgs84:lat 470 ; wgs84:long 6.5", None, None),
        ('wgs84:lat "nan" ; wgs84:long 6.5', None, None),
        ("wgs84:lat 47.5", None, None),
    ],
)
def test_coordinates(tmp_path: Path, said: str, lat: str | None, lon: str | None) -> None:
    snapshot = read(tmp_path, f'ex:a a org:Organization ; foaf:name "A" ; {said} .')
    assert (snapshot.values("lat").get("members-2025-03-01:a"), snapshot.values("lon").get("members-2025-03-01:a")) == (lat, lon)


@pytest.mark.parametrize(("language", "predicate"), [("", "description_fr"), ('<> a dcat:Dataset ; dcterms:language "en" .', "description_en")])
def test_texts_without_a_language(tmp_path: Path, language: str, predicate: str) -> None:
    snapshot = read(tmp_path, f'{language} ex:a a org:Organization ; foaf:name "A" ; dcterms:description "Text" .')
    assert list(snapshot.values(predicate).values()) == ["Text"]


@pytest.mark.parametrize(
    ("text", "name", "created"),
    [
        (
            '<> a dcat:Dataset ; dcterms:issued "2019"^^xsd:gYear ; dcterms:modified "2024-02-01T10:00:00Z"^^xsd:dateTime .',
            "m-2020-01-01.ttl",
            "2024-02-01",
        ),
        ('ex:a dcterms:modified "2021-03"^^xsd:gYearMonth .', "m-2020-01-01.ttl", "2021-03-01"),
        ("", "m-2020-01-02.ttl", "2020-01-02"),
        ("", "m_20200102.ttl", "2020-01-02"),
        ('ex:a schema:foundingDate "2018-05-04" .', "m.ttl", "2018-05-04"),
    ],
)
def test_where_the_date_comes_from(tmp_path: Path, text: str, name: str, created: str) -> None:
    path = written(tmp_path, f'{HEAD} ex:a a org:Organization ; foaf:name "A" . {text}', name)
    assert RdfFile(path).info.created.isoformat() == created


def test_a_file_without_any_date_says_what_to_add(tmp_path: Path) -> None:
    path = written(tmp_path, f'{HEAD} ex:a a org:Organization ; foaf:name "A" .', "members.ttl")
    source = RdfFile(path)
    [finding] = [finding for finding in source.validate() if "no date anywhere" in finding.found]
    assert finding.severity == "warning" and "members-2026-11-24.ttl" in finding.accepted
    assert source.info.created == UNDATED
    assert set(source.tables().records["published"].to_pylist()) == {None}
    assert RdfFile(path, created=date(2024, 1, 1)).info.created.year == 2024


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a-2026-03-01.ttl", "2026-03-01"), ("a2026.ttl", "2026"), ("a-2026-13.ttl", "2026"), ("a-2026-02-31.ttl", ""), ("siren123456789.ttl", "")],
)
def test_dates_in_file_names(name: str, expected: str) -> None:
    assert date_in_name(Path(name)) == expected


def test_names_of_packages() -> None:
    assert package_name(Path("x.ttl"), "Pôle Véhicule du Futur !") == "pole-vehicule-du-futur"
    assert package_name(Path("Membres 2026.nt"), "") == "membres-2026"
    assert package_name(Path("Ωμέγα.nt"), "") == "data"
    assert package_name(Path("skill.ttl"), "") == "skill-data"


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "texts"),
        ("CC0-1.0", "texts"),
        ("Licence Ouverte 2.0", "texts"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "none"),
        ("https://creativecommons.org/licenses/by-nd/4.0/", "none"),
        ("Tous droits réservés", "none"),
        ("", "none"),
    ],
)
def test_what_a_licence_allows(licence: str, allowed: str) -> None:
    assert redistribution(licence) == allowed


# this product's own exports ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seed() -> Snapshot:
    source = open_source(SEED)
    return in_memory(source.tables(), [source.info])


def own_ids(snapshot: Snapshot) -> dict[str, str]:
    """Id here -> id in the graph that was exported."""
    found = {key: key for kind in (EntityKind.SKILL, EntityKind.SECTOR) for key in snapshot.entities(kind)}
    for kind in (EntityKind.ORGANIZATION, EntityKind.PROJECT):
        aliases = snapshot.lists("alias")
        found.update((key, next((text for text in aliases.get(key, ()) if not text.startswith("http")), key)) for key in snapshot.entities(kind))
    return found


@pytest.mark.parametrize(("name", "write"), [("seed.ttl", write_turtle), ("seed.nq", write_nquads), ("seed.jsonld", write_jsonld)])
def test_our_own_export_is_readable(seed: Snapshot, tmp_path: Path, name: str, write: object) -> None:
    assert callable(write)
    write(seed, tmp_path / name)
    source = open_source(tmp_path / name)
    again = in_memory(source.tables(), [source.info])
    assert again.entities(EntityKind.ORGANIZATION) and again.manifest.counts["Organization"] == seed.manifest.counts["Organization"]
    ids = own_ids(again)
    assert {ids[key]: value for key, value in again.values("name").items() if key in ids} == {
        key: value for key, value in seed.values("name").items() if key in set(ids.values())
    }
    said = [finding for finding in source.validate() if "the file is an RDF export of this product" in finding.found]
    assert len(said) == 1 and "passerelle export csv" in said[0].accepted
    facts = ["subject", "predicate", "object", "qualifiers"]
    before = {
        (s, p, o, dict(q or ()).get("role"))
        for s, p, o, q, basis in zip(*(seed.relations[c].to_pylist() for c in [*facts, "basis"]), strict=True)
        if basis == Basis.STATED and p not in ("locatedIn", "needsSkill", "broader")
    }
    after = {
        (ids[s], p, ids[o], dict(q or ()).get("role"))
        for s, p, o, q in zip(*(again.relations[c].to_pylist() for c in facts), strict=True)
        if p not in ("locatedIn", "needsSkill", "broader")
    }
    assert after == before


def test_who_may_be_recommended_comes_back_with_our_own_export(tmp_path: Path) -> None:
    """Of the two packages that travel with the product: outside partners stay outside, and nobody becomes recommendable."""
    made = assemble([open_source(SEED), open_source(SEED.parent / "cordis-franche-comte")], lambda _: None)
    before = in_memory(made.tables, made.packages)
    write_turtle(before, tmp_path / "all.ttl")
    source = open_source(tmp_path / "all.ttl")
    after = in_memory(source.tables(), [source.info])
    ids = own_ids(after)
    for mark in ("recommendable", "outside", "why_not"):
        actors = {key: value for key, value in before.values(mark).items() if key in set(ids.values())}
        assert actors and {ids[key]: value for key, value in after.values(mark).items()} == actors, mark
    assert set(after.values("outside").values()) == {"yes", "no"}
    assert not any("psr:recommendable" in f.found or "psr:outside" in f.found or "psr:whyNot" in f.found for f in source.validate())


def test_other_files_are_not_called_our_own_export(tmp_path: Path) -> None:
    assert not any("export of this product" in finding.found for finding in RdfFile(written(tmp_path, MEMBERS)).validate())


@pytest.mark.parametrize("ending", [".turtle", ".trig", ".json-ld"])
def test_every_ending_that_is_checked_is_built_too(tmp_path: Path, ending: str) -> None:
    """`validate --rdf` and `build` go by one table of endings (`ontology.reading.FORMATS`)."""
    text = f'{HEAD} ex:a a org:Organization ; foaf:name "A" .'
    content = text
    if ending == ".json-ld":
        content = '{"@id": "http://a.example.org/", "@type": "http://www.w3.org/ns/org#Organization", "http://xmlns.com/foaf/0.1/name": "A"}'
    path = written(tmp_path, content, f"members-2025-03-01{ending}")
    source = open_source(path)
    assert isinstance(source, RdfFile) and "A" in source.tables().attributes["value"].to_pylist()
    assert len(read_rdf(path)) == 2
