"""`passerelle sparql`: from the words of a command line to an answer on standard output."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.query import Result

from graph_builder.sparql import PREFIXES, TimeOver
from graph_builder.store import publish
from ontology.errors import InputError, NoSnapshot, QueryError
from passerelle.commands import sparql
from tests.graph_builder.tiny import Info, tiny

NAMES = "SELECT ?a ?name { ?a a psr:Organization ; psr:name ?name } ORDER BY ?a"

Ask = Callable[..., str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the four actors of the tiny territory."""
    folder = tmp_path_factory.mktemp("sparql")
    publish(folder, tiny('a note of "words", and more'), [Info()])
    return folder


@pytest.fixture
def ask(home: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """What the command prints."""

    def run(*words: str, home: Path = home) -> str:
        parser = argparse.ArgumentParser()
        sparql.add(parser)
        args = parser.parse_args([word for word in words if word != "--json"])
        args.json, args.home = "--json" in words, home
        assert sparql.run(args) == 0
        return capsys.readouterr().out

    return run


def test_a_table_with_short_iris(ask: Ask) -> None:
    assert ask(NAMES).splitlines() == ["a     name", "----  -------", *(f"id:{x}  Actor {x.upper()}" for x in "abcd"), "4 rows"]


def test_a_table_keeps_one_line_for_each_row(ask: Ask) -> None:
    said = ask(
        'SELECT ("one\\ntwo\\u001b[31m" AS ?x) ("' + "y" * 100 + '" AS ?y) ?z (<http://x.example/long/' + "z" * 100 + "> AS ?iri) {}"
    ).splitlines()
    assert len(said) == 4 and said[-1] == "1 row"
    assert said[2].startswith("one two [31m") and "y" * 59 + "…" in said[2] and "z" * 100 in said[2]


def test_yes_and_no(ask: Ask) -> None:
    assert (ask("ASK { id:a ?p ?o }"), ask("ASK { id:nobody ?p ?o }")) == ("yes\n", "no\n")


def test_json_is_one_document_of_the_recommendation(ask: Ask) -> None:
    for words in ((NAMES, "--json"), (NAMES, "--format", "json"), (NAMES, "--json", "--format", "json")):
        found = json.loads(ask(*words))
        assert found["head"]["vars"] == ["a", "name"]
        assert found["results"]["bindings"][0]["name"] == {"type": "literal", "value": "Actor A"}
    assert json.loads(ask("ASK {}", "--json")) == {"head": {}, "boolean": True}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # inside rdflib's own JSON-LD parser
def test_triples_with_json_are_json_ld(ask: Ask) -> None:
    said = ask("CONSTRUCT WHERE { ?a psr:name ?name }", "--json")
    assert json.loads(said)
    names = set(rdflib.Graph().parse(data=said, format="json-ld").objects(None, rdflib.URIRef(PREFIXES["psr"] + "name")))
    assert {str(name) for name in names} >= {f"Actor {x}" for x in "ABCD"}


@pytest.mark.parametrize("form", ["table", "turtle"])
def test_triples_are_turtle(ask: Ask, form: str) -> None:
    graph = rdflib.Graph().parse(data=ask("DESCRIBE id:a", "--format", form), format="turtle")
    assert (rdflib.URIRef(PREFIXES["id"] + "a"), rdflib.URIRef(PREFIXES["psr"] + "name"), rdflib.Literal("Actor A")) in graph


def test_other_forms(ask: Ask) -> None:
    description = "SELECT ?d { id:a psr:description ?d }"
    assert list(csv.reader(io.StringIO(ask(description, "--format", "csv"), newline=""))) == [["d"], ['a note of "words", and more']]
    assert ask(NAMES, "--format", "tsv").splitlines()[0] == "?a\t?name"
    assert len(Result.parse(io.BytesIO(ask(NAMES, "--format", "xml").encode()), format="xml")) == 4
    assert len(rdflib.Graph().parse(data=ask("DESCRIBE id:a", "--format", "xml"), format="xml")) > 3


REFUSED: dict[str, tuple[tuple[str, ...], type[Exception], str]] = {
    "two documents": ((NAMES, "--json", "--format", "csv"), QueryError, "--json and --format csv"),
    "a form that cannot say it": (("ASK {}", "--format", "csv"), QueryError, "use json or xml"),
    "columns as turtle": ((NAMES, "--format", "turtle"), QueryError, "use json, xml, csv or tsv"),
    "no time": ((NAMES, "--limit-seconds", "0"), QueryError, "more than 0"),
    "no number": ((NAMES, "--limit-seconds", "nan"), QueryError, "the time limit is nan s"),
    "an update": (("CLEAR ALL",), QueryError, "read only"),
    "a syntax error": (("SELECT * {\n ?s ?p }",), QueryError, "line 2, column"),
    "nothing": (("",), QueryError, "empty"),
    "a file that is not there": (("query.rq",), InputError, "no such file, and no query either"),
    "a NUL": (("a\x00b",), InputError, "no such file"),
    "a name that is too long for one": (("x" * 5_000,), InputError, "x"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(ask: Ask, case: str) -> None:
    words, kind, part = REFUSED[case]
    with pytest.raises(kind) as refusal:
        ask(*words)
    assert part in str(refusal.value) and getattr(refusal.value, "exit_code", None) == 2


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("SELECT * { ?s ?p }", "line 1, column"),
        ("CLEAR ALL", "read only"),
        ("INSERT DATA { id:a psr:name 'x' }", "read only"),
        ("ASK { SERVICE <http://e/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("ASK { nowhere:a ?p ?o }", "nowhere"),
    ],
)
def test_a_query_that_may_not_run_is_told_before_the_graph_is_opened(ask: Ask, tmp_path: Path, query: str, part: str) -> None:
    """In a home where nothing was built, which is what opening it would say."""
    with pytest.raises(QueryError, match=part):
        ask(query, home=tmp_path)


def test_the_first_check_leaves_deep_queries_and_graphs_to_the_process_that_answers(ask: Ask) -> None:
    assert ask("ASK { FILTER(" + "(" * 40 + "1" + ")" * 40 + " = 1) }") == "yes\n"
    with pytest.raises(QueryError, match="is not in the snapshot"):
        ask("ASK FROM <http://e/nowhere> {}")


def test_a_query_that_never_ends(ask: Ask) -> None:
    with pytest.raises(TimeOver, match=r"after 0\.5 s"):
        ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }", "--limit-seconds", "0.5")


def test_nothing_was_built(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot, match="passerelle build"):
        ask(NAMES, home=tmp_path)


def test_the_query_in_a_file(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "a query.rq"
    file.write_bytes(b"\xef\xbb\xbf# a comment\r\n" + NAMES.encode())
    assert ask(str(file)).endswith("4 rows\n")
    with pytest.raises(InputError, match="is a folder"):
        ask(str(tmp_path))
    file.write_bytes(b"ASK { \xff }")
    with pytest.raises(InputError, match=r"a query\.rq: byte 7 is no UTF-8"):
        ask(str(file))
    file.write_bytes(b"ASK {} #" + b"x" * 200_000)
    with pytest.raises(QueryError, match="at most 100,000"):
        ask(str(file))


def test_the_query_from_standard_input(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ASK {}")))
    assert ask("-") == "yes\n"


def test_json_loses_no_letter_where_the_output_is_not_unicode(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii", errors="replace")
    monkeypatch.setattr(sys, "stdout", out)
    args: Any = argparse.Namespace(query='SELECT ("é 🚲" AS ?x) {}', format=None, limit_seconds=60.0, json=True, home=home)
    assert sparql.run(args) == 0
    out.flush()
    assert json.loads(raw.getvalue())["results"]["bindings"][0]["x"]["value"] == "é 🚲"


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("https://w3id.org/passerelle/id/skill:hydrogen", "id:skill:hydrogen"),
        ("https://w3id.org/passerelle/ontology#name", "psr:name"),
        ("https://w3id.org/passerelle/ontology#", "https://w3id.org/passerelle/ontology#"),
        ("https://w3id.org/passerelle/id/a#geometry", "https://w3id.org/passerelle/id/a#geometry"),
        ("http://elsewhere.example/", "http://elsewhere.example/"),
    ],
)
def test_short_iris(iri: str, expected: str) -> None:
    assert sparql.short(iri) == expected
