"""SPARQL: what is answered, what is refused before it runs, and what is stopped."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.query import Result

from graph_builder.snapshot import in_memory
from graph_builder.sparql import APART, PREFIXES, Answer, Busy, Formats, Limits, NotOffered, QueryService, TimeOver, TooLarge, open_queries
from graph_builder.sparql.check import MOST_BYTES, check_query
from graph_builder.sparql.store import Ask, Graphs
from ontology.errors import QueryError
from tests.graph_builder.tiny import Info, tiny

GRAPHS = ("http://e/g1", "http://e/g2", "http://e/prov")
QUADS = (
    b'<http://e/a> <http://e/p> "un"@fr <http://e/g1> .\n'
    b'<http://e/a> <http://e/p> "un"@fr <http://e/g2> .\n'
    b'<http://e/b> <http://e/p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/g2> .\n'
    b'<http://e/c> <http://e/q> "a \\"quote\\", a comma,\\ttab\\nand line \\\\ & <tag>" <http://e/g2> .\n'
    b"<http://e/c> <http://e/r> _:blank <http://e/g2> .\n"
    b'<http://e/s> <http://e/said> "yesterday" <http://e/prov> .\n'
)
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(12)) + " }"


@pytest.fixture(scope="module")
def queries() -> Iterator[QueryService]:
    with QueryService(lambda: QUADS, apart=("http://e/prov",), prefixes={"e": "http://e/"}) as service:
        yield service


def rows(answer: Answer) -> Any:
    return json.loads(answer.body)["results"]["bindings"]


# ------------------------------------------------------------------------------------------------------------ what is answered


def test_the_default_graph_is_the_union_of_the_graphs_that_are_not_apart(queries: QueryService) -> None:
    assert rows(queries.answer("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))[0]["n"]["value"] == "4", "the triple of two sources counts once"
    assert not json.loads(queries.answer("ASK { e:s e:said ?o }").body)["boolean"]
    assert json.loads(queries.answer("ASK { GRAPH e:prov { e:s e:said ?o } }").body)["boolean"]
    assert queries.graphs() == GRAPHS


def test_from_names_graphs_of_the_snapshot(queries: QueryService) -> None:
    assert rows(queries.answer("SELECT (COUNT(*) AS ?n) FROM e:g1 { ?s ?p ?o }"))[0]["n"]["value"] == "1"
    assert rows(queries.answer("SELECT (COUNT(*) AS ?n) FROM NAMED e:g1 { GRAPH ?g { ?s ?p ?o } }"))[0]["n"]["value"] == "1"


def test_the_dataset_of_the_request_takes_the_place_of_the_query_s(queries: QueryService) -> None:
    asked = "SELECT (COUNT(*) AS ?n) FROM e:g1 { ?s ?p ?o }"
    assert rows(queries.answer(asked, default_graphs=["http://e/g2"]))[0]["n"]["value"] == "4"
    assert rows(queries.answer(asked, named_graphs=["http://e/g2"]))[0]["n"]["value"] == "0", "named graphs alone leave the default graph empty"


def test_a_prefix_of_the_query_comes_before_the_known_one(queries: QueryService) -> None:
    assert rows(queries.answer("PREFIX e: <http://e/b> SELECT ?o { e: <http://e/p> ?o }"))[0]["o"]["value"] == "2"


def test_columns_of_a_star_stand_in_the_order_in_which_they_are_written(queries: QueryService) -> None:
    assert json.loads(queries.answer("SELECT * { ?z e:p ?a }").body)["head"]["vars"] == ["z", "a"]
    assert json.loads(queries.answer("SELECT ?b ?a { ?a e:p ?b }").body)["head"]["vars"] == ["b", "a"]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_results_are_read_back_by_rdflib(queries: QueryService, form: str) -> None:
    answer = queries.answer("SELECT ?s ?o ?nothing { ?s ?p ?o } ORDER BY ?s ?p", Formats(solutions=form))
    found = {(row.s, row.o) for row in Result.parse(io.BytesIO(answer.body), format=form)}  # type: ignore[union-attr]
    assert answer.rows == 4
    assert (rdflib.URIRef("http://e/a"), rdflib.Literal("un", lang="fr")) in found
    assert (rdflib.URIRef("http://e/b"), rdflib.Literal(2)) in found
    assert (rdflib.URIRef("http://e/c"), rdflib.Literal('a "quote", a comma,\ttab\nand line \\ & <tag>')) in found
    assert any(isinstance(o, rdflib.BNode) for _, o in found)


def test_tsv_is_read_back_by_rdflib(queries: QueryService) -> None:
    answer = queries.answer("SELECT ?s ?o { ?s e:p|e:q ?o } ORDER BY ?s", Formats(solutions="tsv"))
    found = {(row.s, row.o) for row in Result.parse(io.BytesIO(answer.body), format="tsv")}  # type: ignore[union-attr]
    assert (rdflib.URIRef("http://e/a"), rdflib.Literal("un", lang="fr")) in found and len(found) == 3
    assert b'"a \\"quote\\", a comma,\\ttab\\nand line \\\\ & <tag>"' in answer.body


def test_csv_is_read_back_by_csv(queries: QueryService) -> None:
    body = queries.answer("SELECT ?s ?o ?nothing { ?s ?p ?o FILTER(!ISBLANK(?o)) } ORDER BY ?s", Formats(solutions="csv")).body.decode()
    assert list(csv.reader(io.StringIO(body, newline=""))) == [
        ["s", "o", "nothing"],
        ["http://e/a", "un", ""],
        ["http://e/b", "2", ""],
        ["http://e/c", 'a "quote", a comma,\ttab\nand line \\ & <tag>', ""],
    ]
    assert body.startswith("s,o,nothing\r\n"), "RFC 4180, which the recommendation cites, ends lines with CR LF"


def test_letters_that_xml_cannot_write_do_not_break_it(queries: QueryService) -> None:
    body = queries.answer('SELECT ("a\\u0001b" AS ?x) {}', Formats(solutions="xml")).body
    assert [str(row.x) for row in Result.parse(io.BytesIO(body), format="xml")] == ["a\ufffdb"]  # type: ignore[union-attr]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # inside rdflib's own JSON-LD parser
@pytest.mark.parametrize(("form", "parsed"), [("turtle", "turtle"), ("n-triples", "nt"), ("json-ld", "json-ld"), ("rdf-xml", "xml")])
def test_triples_are_read_back_by_rdflib(queries: QueryService, form: str, parsed: str) -> None:
    answer = queries.answer("CONSTRUCT { ?s e:p ?o } { ?s e:p|e:q ?o }", Formats(graph=form))
    found = rdflib.Graph().parse(data=answer.body, format=parsed)
    assert len(found) == answer.rows == 3
    assert (rdflib.URIRef("http://e/b"), rdflib.URIRef("http://e/p"), rdflib.Literal(2)) in found
    assert queries.answer("DESCRIBE e:b", Formats(graph=form)).rows == 1


@pytest.mark.parametrize("form", ["json", "xml"])
def test_yes_and_no_are_read_back_by_rdflib(queries: QueryService, form: str) -> None:
    for asked, expected in (("ASK { e:a ?p ?o }", True), ("ASK { e:nobody ?p ?o }", False)):
        body = queries.answer(asked, Formats(boolean=form)).body
        assert Result.parse(io.BytesIO(body), format=form).askAnswer is expected


@pytest.mark.parametrize("asked", ["SELECT * {}", "ASK {}", "DESCRIBE e:a"])
def test_a_format_that_cannot_say_the_answer_is_refused(queries: QueryService, asked: str) -> None:
    with pytest.raises(NotOffered, match=r"use (json|turtle)"):
        queries.answer(asked, Formats(None, None, None))


# ------------------------------------------------------------------------------------------------------------- what is refused


REFUSED = {
    "insert": ("INSERT DATA { e:a e:p 1 }", "the query is an update"),
    "delete": ("DELETE WHERE { ?s ?p ?o }", "the query is an update"),
    "load a file": ("LOAD <file:///etc/passwd>", "the query is an update"),
    "load with a prologue": ("PREFIX x: <http://x/> LOAD x:y INTO GRAPH e:g1", "the query is an update"),
    "clear": ("CLEAR ALL", "the query is an update"),
    "service": ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE is refused"),
    "service silent": ("ASK { SERVICE SILENT <http://x/> { ?s ?p ?o } }", "SERVICE is refused"),
    "service in a subquery": ("SELECT * { { SELECT ?s { OPTIONAL { SERVICE ?x { ?s ?p ?o } } } } }", "SERVICE is refused"),
    "service in exists": ("SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE <http://x/> { ?s ?p ?o } } }", "SERVICE is refused"),
    "service in an expression": ("SELECT (EXISTS { SERVICE <http://x/> { ?s ?p ?o } } AS ?y) {}", "SERVICE is refused"),
    "service in having": ("SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING (EXISTS { SERVICE <http://x/> { ?s ?q ?r } })", "SERVICE is refused"),
    "service in a graph, union and minus": (
        "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o MINUS { SERVICE ?g { ?s ?p ?o } } } } }",
        "SERVICE is refused",
    ),
    "service in a construct": ("CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE is refused"),
    "service in a describe": ("DESCRIBE ?s { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE is refused"),
    "service in escapes": ("SELECT * { \\u0053ERV\\U00000049CE <http://x/> { ?s ?p ?o } }", "SERVICE is refused"),
    "a foreign graph": ("SELECT * FROM <http://x/> { ?s ?p ?o }", "the graph <http://x/> is not in the snapshot"),
    "a file as graph": (
        "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
        "the graph <file:///etc/passwd> is not in the snapshot",
    ),
    "an unknown prefix": ("SELECT * { ?s nope:x ?o }", "nope; declare the prefix"),
    "nothing": ("", "the query is empty"),
    "spaces": (" \n\t", "the query is empty"),
    "only a comment": ("# nothing", "line 1, column"),
    "too long": ("ASK {} #" + "x" * MOST_BYTES, "has 100,008 bytes; give at most 100,000"),
    "too deep": ("SELECT * {" + "{" * 5_000 + "}" * 5_000 + "}", "nested too deeply"),
    "half a letter": ("ASK { e:a ?p '\\uD800' }", "holds half a letter at character 15"),
    "beyond Unicode": ("ASK { e:a ?p '\\UFFFFFFFF' }", "escape beyond the last letter"),
    "ungrouped": ("SELECT ?o (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p", "cannot be answered"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(queries: QueryService, case: str) -> None:
    text, words = REFUSED[case]
    with pytest.raises(QueryError) as refusal:
        queries.answer(text)
    said = str(refusal.value)
    assert words in said
    assert "\n" not in said and len(said) < 400
    assert refusal.value.exit_code == 2


def test_the_word_service_in_a_text_or_a_comment_is_no_service(queries: QueryService) -> None:
    answer = queries.answer('SELECT ?s { ?s ?p ?o FILTER(STR(?o) = "SERVICE <http://x/> { }") } # SERVICE <http://x/> { ?s ?p ?o } INSERT DATA { }')
    assert answer.rows == 0


SYNTAX = {
    "a point where a value is due": ("SELECT * { ?s ?p . }", 1, 12),
    "on the third line": ("SELECT *\nWHERE {\n  ?s ?p ?o ; FILTER(?o >) }", 3, 14),
    "a word": ("SELECT * WERE { ?s ?p ?o }", 1, 10),
    "a brace": ("SELECT * { ?s ?p ?o", 1, 20),
    "two queries": ("ASK {} ASK {}", 1, 8),
}


@pytest.mark.parametrize("case", SYNTAX)
def test_a_syntax_error_says_where(queries: QueryService, case: str) -> None:
    text, line, column = SYNTAX[case]
    with pytest.raises(QueryError, match=rf"^syntax error in the query, line {line}, column {column}: "):
        queries.answer(text)


def test_graphs_of_the_request_must_be_those_of_the_snapshot(queries: QueryService) -> None:
    for where in ({"default_graphs": ["http://x/"]}, {"named_graphs": ["file:///etc/passwd"]}):
        with pytest.raises(QueryError, match="nothing is fetched"):
            queries.answer("ASK {}", **where)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no limit on open files per process")
def test_a_service_that_fooled_the_check_reaches_nothing() -> None:
    """The second wall: the process itself cannot open a socket or a file once the graph is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        program = (
            "import sys; from graph_builder.sparql import store, worker\n"
            "from graph_builder.sparql.check import Checked\n"
            "store.check_query = lambda text, prefixes, graphs: Checked('select', text)\n"
            "sys.exit(worker.main())"
        )
        with QueryService(lambda: QUADS, prefixes={"e": "http://e/"}) as queries:
            queries.answer("ASK {}")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(subprocess, "Popen", _instead(subprocess.Popen, ["-c", program]))
                queries.retire()
                with pytest.raises(QueryError, match="cannot be answered"):
                    queries.answer(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/sparql> {{ ?s ?p ?o }} }}")
        with pytest.raises(TimeoutError):
            server.accept()


def _instead(popen: Any, arguments: list[str]) -> Any:
    return lambda command, **options: popen([command[0], *arguments], **options)


# ------------------------------------------------------------------------------------------------------------- what is stopped


def test_a_query_that_never_ends_is_stopped_and_the_next_one_is_answered() -> None:
    with QueryService(lambda: QUADS, prefixes={"e": "http://e/"}, limits=Limits(seconds=0.5)) as queries:
        assert queries.answer("ASK {}").rows == 1
        with pytest.raises(TimeOver, match=r"stopped after 0\.5 s"):
            queries.answer(ENDLESS)
        assert queries.answer("ASK {}").rows == 1


@pytest.mark.parametrize("asked", ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"])
def test_more_rows_than_the_limit(asked: str) -> None:
    with QueryService(lambda: QUADS, limits=Limits(rows=3)) as queries:
        with pytest.raises(TooLarge, match="more than 3 rows"):
            queries.answer(asked)
        assert queries.answer(asked + " LIMIT 3").rows == 3


@pytest.mark.parametrize("asked", ['SELECT ("aaaaaaaaaa" AS ?x) { ?s ?p ?o }', 'CONSTRUCT { ?s ?p "aaaaaaaaaa" } { ?s ?p ?o }'])
def test_more_bytes_than_the_limit(asked: str) -> None:
    with QueryService(lambda: QUADS, limits=Limits(answer_bytes=100)) as queries, pytest.raises(TooLarge, match="more than 0 MB"):
        queries.answer(asked)


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="memory is limited where /proc tells how much is in use")
def test_a_query_that_takes_too_much_memory() -> None:
    text = "'" + "x" * 90_000 + "'"
    product = " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(6))
    with QueryService(lambda: QUADS, limits=Limits(seconds=60, memory_bytes=60_000_000)) as queries:
        assert queries.answer("ASK {}").rows == 1
        with pytest.raises(QueryError, match="memory"):
            queries.answer(f"SELECT (GROUP_CONCAT(CONCAT({text}, STR(?o1))) AS ?x) {{ {product} }}")
        assert queries.answer("ASK {}").rows == 1


def test_too_many_at_once_are_told_to_come_back() -> None:
    with QueryService(lambda: QUADS, workers=1, waiting=0, limits=Limits(seconds=30)) as queries:
        assert queries.answer("ASK {}").rows == 1
        ended = threading.Event()

        def ask() -> None:
            with pytest.raises(Busy, match="closing"):
                queries.answer(ENDLESS)
            ended.set()

        asking = threading.Thread(target=ask)
        asking.start()
        while queries._queue._value:  # until the thread has its place
            pass
        with pytest.raises(Busy, match="too many"):
            queries.answer("ASK {}")
        queries.close()
        asking.join(10)
        assert ended.is_set()


def test_a_retired_service_answers_what_was_already_asked_and_keeps_no_process(queries: QueryService) -> None:
    with QueryService(lambda: QUADS) as service:
        service.answer("ASK {}")
        service.retire()
        assert service._all == set()
        assert service.answer("ASK {}").rows == 1
        assert service._all == set() and service._idle == []


def test_a_worker_that_was_killed_is_replaced(queries: QueryService) -> None:
    queries.answer("ASK {}")
    (worker,) = queries._idle
    worker._process.kill()
    with pytest.raises(QueryError, match="process ended"):
        queries.answer("ASK {}")
    assert queries.answer("ASK {}").rows == 1


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarms")
def test_a_worker_ends_when_its_caller_is_gone(queries: QueryService) -> None:
    queries.answer("ASK {}")
    (worker,) = queries._idle
    assert worker._process.stdin is not None
    worker._process.stdin.close()
    assert worker._process.wait(timeout=10) == 0
    queries._drop(worker)
    queries._idle.clear()


# --------------------------------------------------------------------------------------------------------------- on a snapshot


def test_a_snapshot_has_its_sources_as_graphs_and_its_hypotheses_apart() -> None:
    snapshot = in_memory(tiny(), [Info()])
    with open_queries(snapshot) as queries:
        assert APART[0] in queries.graphs()
        named = {row["name"]["value"] for row in rows(queries.answer("SELECT ?name { ?s a psr:Organization ; psr:name ?name }"))}
        assert named == set(snapshot.values("name").values())
        assert rows(queries.answer("SELECT (COUNT(*) AS ?n) { ?s a psr:Statement }"))[0]["n"]["value"] == "0"
        counted = rows(queries.answer("SELECT (COUNT(*) AS ?n) { GRAPH graph:provenance { ?s a psr:Statement } }"))[0]["n"]["value"]
        assert int(counted) == snapshot.attributes.num_rows + snapshot.relations.num_rows


def test_the_same_graph_gives_the_same_bytes() -> None:
    text = "SELECT ?s ?o { ?s ?p ?o FILTER(!ISBLANK(?o)) }"
    bodies = set()
    for _ in range(2):
        graphs = Graphs(QUADS, ())
        bodies.add(graphs.answer(Ask(text, {}, "json", "json", "turtle", 100, 10_000)).body)
    assert len(bodies) == 1


def test_the_check_alone_needs_no_graph() -> None:
    checked = check_query("SELECT * { ?s psr:name ?o }", PREFIXES, ())
    assert (checked.form, checked.all_variables) == ("select", True)
