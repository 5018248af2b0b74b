"""`passerelle serve`: the JSON API, the SPARQL endpoint, and what stands before them."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import rdflib
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed
from starlette.testclient import TestClient

from graph_builder.sparql import Limits
from graph_builder.store import publish
from ontology.errors import EncoderError, NoSnapshot, QueryError, TryAgain
from passerelle import documents
from passerelle.api import current as holding
from passerelle.api.app import create_app
from passerelle.api.current import Current
from passerelle.api.negotiation import best
from passerelle.commands import serve as serving
from passerelle.ecosystem import Ecosystem
from passerelle.views import Filters
from tests.graph_builder.tiny import Info, tiny
from tests.passerelle.command import ROOT

HERE = "http://127.0.0.1:8502"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def app(home: Path, ecosystem: Ecosystem) -> Iterator[FastAPI]:
    current = Current(home, limits=Limits(seconds=30), workers=1, opener=lambda *_: ecosystem)
    yield create_app(current)
    current.close()


@pytest.fixture(scope="module")
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=HERE, raise_server_exceptions=False)


def problem(response: httpx.Response, status: int) -> str:
    """The one line of a refusal by the API."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found = response.json()
    assert set(found) == {"type", "title", "status", "detail"} and found["status"] == status
    assert "\n" not in found["detail"] and "Traceback" not in response.text
    detail: str = found["detail"]
    return detail


# ------------------------------------------------------------------------------------------------------------------------- API


def test_the_documents_are_those_of_the_command_line(client: TestClient, ecosystem: Ecosystem) -> None:
    filters = Filters(roles=frozenset({"company", "research"}), max_km=30.0, cross_sector=True)
    links = Filters(sector="energy", research_industry=True)
    expected = {
        "/api/search?q=hydrogène": documents.search_document(ecosystem.search("hydrogène", 15)),
        "/api/search?q=hydrogène&k=2": documents.search_document(ecosystem.search("hydrogène", 2)),
        "/api/actors/utbm": documents.show_document(ecosystem.profile("utbm")),
        "/api/actors/utbm/recommendations": documents.recommend_document(ecosystem.recommend(actor="utbm")),
        "/api/actors/utbm/recommendations?k=3&explore=0.5&role=company&role=research&max_km=30&cross_sector=true": documents.recommend_document(
            ecosystem.recommend(actor="utbm", k=3, explore=0.5, filters=filters)
        ),
        "/api/recommendations?text=capteurs pour la santé": documents.recommend_document(ecosystem.recommend(text="capteurs pour la santé")),
        "/api/links?k=5&sector=energy&research_industry=true": documents.links_document(ecosystem.links(k=5, filters=links)),
    }
    for address, document in expected.items():
        response = client.get(address)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/json"
        assert response.json() == json.loads(json.dumps(document)), address


def test_an_actor_is_found_by_its_name_as_on_the_command_line(client: TestClient) -> None:
    assert client.get("/api/actors/Alstom Belfort").json() == client.get("/api/actors/alstom_belfort").json()


BAD = {
    "/api/search": "parameter 'q': Field required",
    "/api/search?q=": "parameter 'q'",
    "/api/search?q=%20": "the text is empty",
    "/api/search?q=x&k=0": "parameter 'k'",
    "/api/search?q=x&k=201": "parameter 'k'",
    "/api/search?q=x&k=many": "parameter 'k'",
    "/api/search?q=x&lang=fr": "unknown parameter 'lang'; known: q, k",
    "/api/search?zzz=1": "unknown parameter 'zzz'; known: q, k",
    "/api/actors/utbm?zzz=1": "unknown parameter 'zzz'; known: none",
    "/health?zzz=1": "unknown parameter 'zzz'; known: none",
    "/api/links?%0A%7Bx%7D=1": "unknown parameter",
    "/api/search?q=x&q=y": "parameter 'q': is given more than once",
    "/api/links?cross_sector=1": "parameter 'cross_sector'",
    "/api/links?max_km=nan": "parameter 'max_km'",
    "/api/links?max_km=0": "parameter 'max_km'",
    "/api/links?role=dog": "parameter 'role.0'",
    "/api/links?sector=nowhere": "no sector is called 'nowhere'; use one of",
    "/api/actors/utbm/recommendations?explore=1.5": "parameter 'explore'",
    "/api/recommendations?text=x&max_km=3": "unknown parameter 'max_km'; known: role, sector, text, k",
    "/api/actors/%00": "no actor can be found from",
}


@pytest.mark.parametrize("address", BAD)
def test_a_bad_parameter(client: TestClient, address: str) -> None:
    assert problem(client.get(address), 422).startswith(BAD[address])


def test_an_actor_that_is_not_there_or_not_the_only_one(client: TestClient) -> None:
    assert "did you mean" in problem(client.get("/api/actors/alstom_belfrt"), 404)
    assert problem(client.get("/api/actors/zzzzqqqq"), 404) == "no actor is called 'zzzzqqqq'; try: /api/search?q=TEXT"
    assert "use one of these ids" in problem(client.get("/api/actors/belfort"), 409)
    assert problem(client.get("/api/actors/utbmx/recommendations"), 404)


def test_an_address_or_a_method_that_is_not_there(client: TestClient) -> None:
    assert "/docs" in problem(client.get("/api/nothing"), 404)
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
        response = client.request(method, "/api/links")
        assert "read only" in problem(response, 405)
        assert response.headers["allow"] == "GET"


def test_a_fault_shows_one_line_and_logs_another(app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setattr(app.state.current.get().ecosystem, "search", lambda *_: 1 / 0, raising=False)
    assert "the log" in problem(client.get("/api/search?q=x"), 500)
    assert [r.getMessage() for r in caplog.records if r.name.startswith("passerelle")] == [
        "GET /api/search failed: ZeroDivisionError: division by zero"
    ]
    assert all(not r.exc_info for r in caplog.records)


def test_what_may_work_later_says_so(app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> None:
        raise EncoderError("the encoder is gone")

    monkeypatch.setattr(app.state.current.get().ecosystem, "search", absent, raising=False)
    response = client.get("/api/search?q=x")
    assert problem(response, 503) == "the encoder is gone"
    assert response.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8502", "10.0.0.1", "", "[::2]", "localhost:x", "a@localhost"]
)
def test_other_host_names_are_not_answered(client: TestClient, host: str) -> None:
    for address in ("/health", "/sparql?query=ASK{}", "/", "/nothing"):
        assert "this machine only" in problem(client.get(address, headers={"host": host}), 400)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:65535", "[::1]:8502"])
def test_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


def test_other_sites_cannot_read_the_answers(client: TestClient) -> None:
    for response in (
        client.get("/health", headers={"origin": "https://evil.example"}),
        client.options("/sparql", headers={"origin": "https://x.example"}),
    ):
        assert not [name for name in response.headers if name.startswith("access-control")]
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["/", "/docs", "/sparql"])
def test_pages_ask_for_nothing_from_elsewhere(client: TestClient, address: str) -> None:
    response = client.get(address, headers={"accept": "text/html"})
    assert response.status_code == 200 and response.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "<script" not in response.text
    assert not re.findall(r"""(?:src|@import|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""", response.text)
    assert response.text.count("<h1>") == 1 and '<html lang="fr">' in response.text


def test_the_list_of_addresses_names_each_with_its_parameters(client: TestClient) -> None:
    page, described = client.get("/docs").text, client.get("/openapi.json").json()
    for path, methods in described["paths"].items():
        assert f"GET {path}" in page
        for parameter in methods["get"].get("parameters", ()):
            assert f"<code>{parameter['name']}</code>" in page and parameter["description"] in page


def test_health(client: TestClient, ecosystem: Ecosystem) -> None:
    assert client.get("/health").json()["digest"] == ecosystem.digest


# --------------------------------------------------------------------------------------------------------------------- OpenAPI


def test_the_description_is_openapi_3_1_with_the_schemas_of_the_documents(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1.")
    schemas = described["components"]["schemas"]
    assert {"recommend", "show", "search", "links", "problem", "health"} <= set(schemas)
    assert "HTTPValidationError" not in json.dumps(described), "refusals are problems"
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert references <= set(schemas)
    for name in ("recommend", "show", "search", "links"):
        source = json.loads((ROOT / "passerelle" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
        assert schemas[name]["required"] == source["required"]
    validator = jsonschema.Draft202012Validator({"$ref": "#/components/schemas/show", "components": described["components"]})
    assert validator.is_valid(client.get("/api/actors/utbm").json())
    assert not validator.is_valid({})


# ---------------------------------------------------------------------------------------------------------------------- SPARQL


SECTORS = "SELECT ?s ?label { ?s a psr:Sector ; psr:label ?label FILTER(LANG(?label) = 'fr') } ORDER BY ?s LIMIT 2"
GIVEN = {
    None: "application/sparql-results+json",
    "*/*": "application/sparql-results+json",
    "application/sparql-results+xml": "application/sparql-results+xml",
    "text/csv": "text/csv; charset=utf-8",
    "text/tab-separated-values": "text/tab-separated-values; charset=utf-8",
    "application/json": "application/json",
    "application/xml;q=0.4, text/csv;q=0.5, image/png": "text/csv; charset=utf-8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html; charset=utf-8",
}


@pytest.mark.parametrize("accept", GIVEN, ids=str)
def test_a_select_comes_in_the_form_that_is_asked(client: TestClient, accept: str | None) -> None:
    response = client.get("/sparql", params={"query": SECTORS}, headers={"accept": accept} if accept else {})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == GIVEN[accept]
    assert "Agriculture" in response.text and response.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "form"),
    [("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld")],
)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # inside rdflib's own JSON-LD parser
def test_triples_come_in_the_form_that_is_asked(client: TestClient, accept: str, form: str) -> None:
    response = client.get("/sparql", params={"query": "CONSTRUCT { ?s psr:name ?n } WHERE { ?s psr:name ?n }"}, headers={"accept": accept})
    assert response.headers["content-type"].startswith(accept)
    graph = rdflib.Graph().parse(data=response.content, format=form)
    assert (None, None, rdflib.Literal("Alstom Belfort")) in graph


@pytest.mark.parametrize(
    ("query", "accept"), [("ASK {}", "text/csv"), (SECTORS, "text/turtle"), ("DESCRIBE id:utbm", "text/csv"), (SECTORS, "image/png")]
)
def test_a_form_that_cannot_say_it(client: TestClient, query: str, accept: str) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"accept": accept})
    assert response.status_code == 406 and "application/sparql-results+json" in response.text


def test_a_query_comes_by_get_by_form_or_as_the_body(client: TestClient) -> None:
    ways = (
        client.get("/sparql", params={"query": SECTORS}),
        client.post("/sparql", data={"query": SECTORS}),
        client.post("/sparql", content=SECTORS, headers={"content-type": "application/sparql-query"}),
        client.post("/sparql", content=SECTORS.encode(), headers={"content-type": "application/sparql-query; charset=UTF-8"}),
        client.get("/sparql", params={"query": SECTORS, "format": "json", "output": "json", "timeout": "1"}),
    )
    assert {r.status_code for r in ways} == {200} and len({r.text for r in ways}) == 1


def test_the_dataset_of_the_protocol(client: TestClient) -> None:
    provenance = "https://w3id.org/passerelle/graph/provenance"
    statements = "ASK { ?s a psr:Statement }"
    assert not client.get("/sparql", params={"query": statements}).json()["boolean"]
    assert client.get("/sparql", params={"query": statements, "default-graph-uri": provenance}).json()["boolean"]
    assert client.post(f"/sparql?default-graph-uri={provenance}", content=statements, headers={"content-type": "application/sparql-query"}).json()[
        "boolean"
    ]
    assert client.post("/sparql", data={"query": "ASK { GRAPH ?g { ?s a psr:Statement } }", "named-graph-uri": provenance}).json()["boolean"]
    assert "nothing is fetched" in refused(client.get("/sparql", params={"query": "ASK {}", "default-graph-uri": "http://elsewhere.example/"}), 400)


def refused(response: httpx.Response, status: int) -> str:
    """The one line of a refusal by the endpoint."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.count("\n") == 1 and response.text.endswith("\n")
    return str(response.text)


def test_what_the_endpoint_refuses(client: TestClient) -> None:
    body = {"content-type": "application/sparql-query"}
    assert "line 1, column" in refused(client.get("/sparql", params={"query": "SELECT * {"}), 400)
    assert "SERVICE is refused" in refused(client.get("/sparql", params={"query": "ASK { SERVICE <http://127.0.0.1/> {} }"}), 400)
    for update in ("CLEAR ALL", "INSERT DATA { id:a psr:name 'x' }", "PREFIX e: <http://e/> DELETE WHERE { e:a ?p ?o }"):
        assert "read only" in refused(client.get("/sparql", params={"query": update}), 403)
        assert "read only" in refused(client.post("/sparql", data={"query": update}), 403)
        assert "read only" in refused(client.post("/sparql", content=update, headers=body), 403)
    assert "found 2" in refused(client.get("/sparql?query=ASK{}&query=ASK{}"), 400)
    assert "found 0" in refused(client.post("/sparql", data={"quer": "ASK {}"}), 400)
    assert "found 2" in refused(client.post("/sparql?query=ASK{}", content="ASK {}", headers=body), 400)
    assert "no UTF-8" in refused(client.post("/sparql", content=b"ASK { \xff }", headers=body), 400)
    assert "percent-encoded" in refused(
        client.post("/sparql", content=b"query=%FF", headers={"content-type": "application/x-www-form-urlencoded"}), 400
    )
    assert "read only" in refused(client.get("/sparql?update=CLEAR ALL"), 403)
    assert "read only" in refused(client.post("/sparql", data={"update": "CLEAR ALL"}), 403)
    assert "read only" in refused(client.post("/sparql", content="CLEAR ALL", headers={"content-type": "application/sparql-update"}), 403)
    assert "found text/plain" in refused(client.post("/sparql", content="ASK {}", headers={"content-type": "text/plain"}), 415)
    assert "no Content-Type" in refused(client.post("/sparql", content="ASK {}"), 415)
    assert "latin1" in refused(client.post("/sparql", content="ASK {}", headers={"content-type": "application/sparql-query; charset=latin1"}), 415)
    long = "ASK {} #" + "x" * 100_000
    assert "100,000 bytes" in refused(client.post("/sparql", data={"query": long}), 413)
    assert "400,000 bytes" in refused(client.post("/sparql", content="x" * 400_001, headers=body), 413)
    assert problem(client.put("/sparql", content="x"), 405)


@pytest.mark.parametrize(
    ("accept", "form"), [("text/turtle", "turtle"), ("*/*", "turtle"), ("application/rdf+xml", "xml"), ("application/n-triples", "nt")]
)
def test_the_service_describes_itself(client: TestClient, accept: str, form: str) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    graph = rdflib.Graph().parse(data=client.get("/sparql", headers={"accept": accept}).content, format=form)
    (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
    assert graph.value(service, sd.endpoint) == rdflib.URIRef(f"{HERE}/sparql")
    assert set(graph.objects(service, sd.supportedLanguage)) == {sd.SPARQL11Query}
    named = {str(graph.value(n, sd.name)) for n in graph.objects(graph.value(service, sd.defaultDataset), sd.namedGraph)}
    assert "https://w3id.org/passerelle/graph/provenance" in named and len(named) > 100


def test_the_page_of_the_endpoint_has_the_examples_and_they_are_links(client: TestClient) -> None:
    page = client.get("/sparql", headers={"accept": "text/html"}).text
    assert page.count("<li><a href='/sparql?query=") == len(list((ROOT / "docs" / "queries").glob("*.rq"))) == 6
    assert refused(client.get("/sparql", headers={"accept": "image/png"}), 406)


def test_a_page_shows_an_answer_without_its_markup(client: TestClient) -> None:
    html = {"accept": "text/html"}
    page = client.get("/sparql", params={"query": "SELECT ('<b>bold</b>' AS ?x) (id:utbm AS ?y) ?z {}"}, headers=html).text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page and "<b>bold" not in page and ">id:utbm</a>" in page
    assert "Oui" in client.get("/sparql", params={"query": "ASK {}"}, headers=html).text
    assert "psr:name" in client.get("/sparql", params={"query": "DESCRIBE id:utbm"}, headers=html).text


@pytest.mark.parametrize(
    ("accept", "offered", "expected"),
    [
        # RFC 9110, 12.5.1: the most specific range that matches gives the quality
        ("text/*;q=0.3, text/html;q=0.7, text/html;level=1, */*;q=0.5", ["text/plain", "image/jpeg", "text/html"], "text/html"),
        ("text/*;q=0.3, */*;q=0.5", ["text/plain", "image/jpeg"], "image/jpeg"),
        ("text/csv;q=0, */*", ["text/csv"], None),
        ("TEXT/CSV", ["text/csv"], "text/csv"),
        ("text/csv;q=2, nonsense", ["text/csv"], None),
        (None, ["a/b", "c/d"], "a/b"),
        ("a/b;q=0.1, c/d;q=0.2", ["a/b", "c/d"], "c/d"),
    ],
)
def test_negotiation(accept: str | None, offered: list[str], expected: str | None) -> None:
    assert best(accept, offered) == expected


# ---------------------------------------------------------------------------------------- a real server, and the public's clients


class Running:
    """A server in a thread, on a port that was free."""

    def __init__(self, app: FastAPI) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        options: dict[str, Any] = {"http": "h11", "ws": "none", "log_level": "critical", "lifespan": "off", "timeout_graceful_shutdown": 2}
        self._server = uvicorn.Server(uvicorn.Config(app, **options, h11_max_incomplete_event_size=serving.LONGEST_REQUEST))
        self._thread = threading.Thread(target=self._server.run, args=([self.socket],))

    def __enter__(self) -> Running:
        self._thread.start()
        with httpx.Client() as client:  # the socket listens already: the first answer comes as soon as the server runs
            client.get(f"{self.url}/health", timeout=60)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self.socket.close()
        assert not self._thread.is_alive()


@pytest.fixture(scope="module")
def url(app: FastAPI) -> Iterator[str]:
    with Running(app) as running:
        yield running.url


@pytest.fixture(scope="module")
def described(url: str) -> Any:
    config = SchemathesisConfig.from_dict({"generation": {"mode": "all", "max-examples": 15, "deterministic": True, "database": "none"}})
    return schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)


ADDRESSES = (
    "/api/search",
    "/api/actors/{actor}",
    "/api/actors/{actor}/recommendations",
    "/api/recommendations",
    "/api/links",
    "/health",
)


def test_every_address_is_tried(described: Any) -> None:
    assert sorted(found.ok().path for found in described.get_all_operations()) == sorted(ADDRESSES)


@pytest.mark.parametrize(
    ("address", "mode"), [(a, m) for a in ADDRESSES for m in GenerationMode if (a, m) != ("/health", GenerationMode.NEGATIVE)], ids=str
)
def test_answers_and_refusals_are_as_described(described: Any, address: str, mode: GenerationMode) -> None:
    """Good and bad data by schemathesis: status, media type and document are among those described, and nothing fails."""
    operation = described[address]["GET"]

    @settings(max_examples=12, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        response = case.call()
        case.validate_response(response, excluded_checks=[positive_data_acceptance])
        assert response.status_code in (200, 404, 405, 409, 422), "a name, a sector or a word may be unknown"

    asked()


def test_sparqlwrapper_reads_the_endpoint(url: str) -> None:
    wrapper = SPARQLWrapper(f"{url}/sparql")
    for method in ("GET", "POST"):
        wrapper.setMethod(method)
        wrapper.setQuery(SECTORS)
        wrapper.setReturnFormat(JSON)
        found: Any = wrapper.queryAndConvert()
        assert found["results"]["bindings"][0]["label"]["value"] == "Agriculture"
        wrapper.setReturnFormat(XML)
        assert len(wrapper.queryAndConvert().getElementsByTagName("result")) == 2  # type: ignore[union-attr]
        wrapper.setReturnFormat(CSV)
        assert wrapper.queryAndConvert().startswith(b"s,label\r\n")  # type: ignore[union-attr]
        wrapper.setQuery("DESCRIBE <https://w3id.org/passerelle/id/utbm>")
        wrapper.setReturnFormat(TURTLE)
        turtle: Any = wrapper.queryAndConvert()
        assert len(rdflib.Graph().parse(data=turtle, format="turtle")) > 20
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery("SELECT * {")
    with pytest.raises(QueryBadFormed, match="line 1, column"):
        wrapper.query()


def test_a_query_that_is_too_long_for_an_address(url: str) -> None:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    connection.request("GET", "/sparql?query=ASK%20%7B%7D%23" + "x" * 100_000)
    response = connection.getresponse()
    assert (response.status, b"100,000 bytes" in response.read()) == (414, True)
    connection.close()


def test_rdflib_reads_the_endpoint_as_a_store(url: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{url}/sparql"))
    psr = rdflib.Namespace("https://w3id.org/passerelle/ontology#")
    utbm = rdflib.URIRef("https://w3id.org/passerelle/id/utbm")
    assert str(graph.value(utbm, psr.name)) == "Université de technologie de Belfort-Montbéliard"
    rows = list(graph.query(f"SELECT ?o {{ <{utbm}> <{psr.offersSkill}> ?o }}"))
    assert len(rows) == len(set(graph.objects(utbm, psr.offersSkill))) > 3


def test_a_query_that_never_ends_is_stopped_while_others_are_answered(home: Path, ecosystem: Ecosystem) -> None:
    current = Current(home, limits=Limits(seconds=1), workers=1, opener=lambda *_: ecosystem)
    try:
        client = TestClient(create_app(current), base_url=HERE)
        assert client.get("/sparql?query=ASK{}").status_code == 200
        assert "stopped after 1 s" in refused(client.get("/sparql", params={"query": ENDLESS}), 504)
        assert client.get("/sparql?query=ASK{}").status_code == 200
        current.close()
        response = client.get("/sparql?query=ASK{}")
        assert "closing" in refused(response, 503) and response.headers["retry-after"] == "5"
    finally:
        current.close()


def test_more_rows_than_the_limit(home: Path, ecosystem: Ecosystem) -> None:
    current = Current(home, limits=Limits(rows=10), workers=1, opener=lambda *_: ecosystem)
    try:
        client = TestClient(create_app(current), base_url=HERE)
        assert "more than 10 rows" in refused(client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}), 400)
    finally:
        current.close()


# ------------------------------------------------------------------------------------------------------- the snapshot in use


def opened(home: Path, _: str | None) -> Ecosystem:
    return Ecosystem.open(home, "lsa")


def test_a_build_is_followed_and_requests_in_flight_keep_what_they_had(tmp_path: Path) -> None:
    publish(tmp_path, tiny("the first of the two notes"), [Info()])
    current = Current(tmp_path, workers=1, opener=opened)
    try:
        client = TestClient(create_app(current), base_url=HERE)
        first, before = current.get(), client.get("/health").json()["digest"]
        assert client.get("/sparql?query=ASK{}").status_code == 200
        assert current.get() is first
        publish(tmp_path, tiny("the second of the two notes"), [Info()])
        after = client.get("/health").json()["digest"]
        assert after != before
        assert "second" in client.get("/sparql", params={"query": "SELECT ?d { ?a psr:description ?d }"}).text
        assert b"first" in first.queries.answer("SELECT ?d { ?a psr:description ?d }").body, "a request that began before"
        assert not first.queries._all, "and then its processes are gone"
    finally:
        current.close()


def test_a_snapshot_that_cannot_be_opened_leaves_the_one_before_in_use(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    publish(tmp_path, tiny(), [Info()])
    calls: list[str] = []

    def once(home: Path, encoder: str | None) -> Ecosystem:
        calls.append("open")
        if len(calls) > 1:
            raise NoSnapshot("it is damaged")
        return opened(home, encoder)

    current = Current(tmp_path, workers=1, opener=once)
    try:
        first = current.get()
        (tmp_path / "CURRENT").write_text("0" * 32)
        assert current.get() is first and current.get() is first
        assert calls == ["open", "open"], "tried once, not at each request"
        assert "stays in use: it is damaged" in caplog.text
        (tmp_path / "CURRENT").unlink()
        assert current.get() is first
    finally:
        current.close()


def test_only_one_request_opens_the_new_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, tiny("one"), [Info()])
    current = Current(tmp_path, workers=1, opener=opened)
    try:
        first = current.get()
        publish(tmp_path, tiny("two"), [Info()])
        with current._opening:
            assert current.get() is first, "another request is opening it"
        monkeypatch.setattr(holding, "read_current", lambda _: first.ecosystem.digest)
        assert current.get() is first
    finally:
        current.close()


# ------------------------------------------------------------------------------------------------------------- the command


def arguments(home: Path, port: int) -> Any:
    import argparse

    parser = argparse.ArgumentParser()
    serving.add(parser)
    args = parser.parse_args(["--port", str(port)])
    args.home, args.encoder = home, "lsa"
    return args


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_port_that_is_none(tmp_path: Path, port: int) -> None:
    with pytest.raises(QueryError, match=f"{port} is no port"):
        serving.run(arguments(tmp_path, port))


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(TryAgain, match=rf"port {port} .* passerelle serve --port {port + 1}"):
            serving.run(arguments(tmp_path, port))


def test_nothing_was_built(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(NoSnapshot, match="passerelle build"):
        serving.run(arguments(tmp_path, port))


def test_the_command_serves_on_loopback_until_it_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    publish(tmp_path, tiny(), [Info()])
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    seen: list[Any] = []

    def interrupted(listening: socket.socket, app: FastAPI, stopping: Any) -> None:
        seen.extend((listening.getsockname(), app, stopping))
        raise KeyboardInterrupt

    monkeypatch.setattr(serving, "serve_on", interrupted)
    monkeypatch.setattr(serving.signal, "signal", lambda *given: seen.append(given))
    assert serving.run(arguments(tmp_path, port)) == 0
    assert seen[0] == (serving.signal.SIGTERM, serving.signal.default_int_handler)
    assert seen[1] == ("127.0.0.1", port)
    assert f"http://localhost:{port}" in capsys.readouterr().out
