"""RDF files from anywhere: every format is read, nothing is fetched or expanded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from ontology import reading
from ontology.errors import InputError
from ontology.reading import FORMATS, SHARED_FORMATS, content_faults, read_rdf

TRIPLE = (URIRef("http://a.org/s"), URIRef("http://a.org/p"), URIRef("http://a.org/o"))
NT = "<http://a.org/s> <http://a.org/p> <http://a.org/o> .\n"
NQ = "<http://a.org/s> <http://a.org/p> <http://a.org/o> <http://a.org/g> .\n"
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://a.org/">{}</rdf:RDF>'
FACT = '<rdf:Description rdf:about="http://a.org/s"><a:p rdf:resource="http://a.org/o"/></rdf:Description>'
CONTEXT = {"p": {"@id": "http://a.org/p", "@type": "@id"}}
LD = {"@context": CONTEXT, "@id": "http://a.org/s", "p": "http://a.org/o"}

CONTENTS = {
    ".ttl": NT,
    ".turtle": NT,
    ".trig": "<http://a.org/g> { " + NT + " }",
    ".nt": NT,
    ".nq": NQ,
    ".rdf": XML.format(FACT),
    ".owl": XML.format(FACT),
    ".jsonld": json.dumps(LD),
    ".json-ld": json.dumps({"@id": "http://a.org/g", "@graph": [LD]}),
    ".json": json.dumps(LD),
    ".xml": XML.format(FACT),
}


def test_every_format_has_its_example() -> None:
    assert set(CONTENTS) == set(FORMATS) | set(SHARED_FORMATS)
    assert not set(FORMATS) & set(SHARED_FORMATS)


@pytest.mark.parametrize("suffix", CONTENTS)
def test_formats(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"file{suffix.upper()}"
    path.write_text(CONTENTS[suffix], encoding="utf-8")
    graph = read_rdf(path)
    assert type(graph) is Graph
    assert set(graph) == {TRIPLE}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonld", json.dumps({**LD, "@context": "https://schema.org/"}), "context 'https://schema.org/'"),
        ("a.jsonld", json.dumps({**LD, "@context": [CONTEXT, "context.json"]}), "context 'context.json'"),
        ("a.jsonld", json.dumps({"@context": {**CONTEXT, "@import": "file:///etc/passwd"}, "@id": "http://a.org/s"}), "file:///etc/passwd"),
        ("a.jsonld", json.dumps({"@graph": [{"@id": "x", "http://a.org/p": {"@context": "http://b.org/"}}]}), "http://b.org/"),
        ("a.jsonld", json.dumps({"@context": {"t": {"@id": "http://a.org/t", "@context": ["http://b.org/"]}}}), "http://b.org/"),
        ("a.jsonld", "[" * 100_000, "nested too deep"),
        ("a.jsonld", "{", "line 1: broken JSON"),
        ("a.jsonld", "\x00", "broken JSON"),
        ("a.jsonld", '{"@id": "\udcff"}', "not UTF-8"),
        ("a.jsonld", '{"@id": "http://a b/", "http://c": 1}', "a space in it"),
        ("a.json", json.dumps({**LD, "@context": "https://schema.org/"}), "context 'https://schema.org/'"),
        ("a.rdf", "<!DOCTYPE r>\n" + XML.format(FACT), "line 1: a DTD"),
        ("a.rdf", '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + XML.format(FACT), "a DTD or an entity declaration"),
        ("a.rdf", '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + XML.format("&a;"), "a DTD or an entity declaration"),
        ("a.rdf", "<rdf", "broken XML"),
        ("a.ttl", "@prefix : <x> . :a :b", "not Turtle"),
        ("a.nt", "<a> <b>", "not N-Triples"),
        ("a.nq", "a b c d", "not N-Quads"),
        ("a.ttl", "\udcff", "not Turtle"),
        ("a.csv", "a,b", "not a suffix of RDF"),
    ],
)
def test_refusals(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as caught:
        read_rdf(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nt"
    path.write_text(NT)
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(InputError, match="at most 10 are read"):
        read_rdf(path)


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_bytes(b"\xef\xbb\xbf" + NT.encode())
    assert set(read_rdf(path)) == {TRIPLE}


def test_what_forbids_parsing_is_told_with_its_line() -> None:
    [fault] = content_faults("xml", b"<?xml version='1.0'?>\n<!DOCTYPE r []>\n<r/>")
    assert (fault.line, fault.found) == (2, "a DTD or an entity declaration, which is never read")
    both = content_faults("json-ld", b'[{"@context": "http://b.org/"}, {"@context": ["http://a.org/", {"@import": "http://c.org/"}]}]')
    assert sorted(address for fault in both for address in ("a.org", "b.org", "c.org") if address in fault.found) == ["a.org", "b.org", "c.org"]
    assert content_faults("turtle", b"<!DOCTYPE r>") == []


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        read_rdf(tmp_path / "a.ttl")
