"""The JSON documents: each validates against its schema, and has every key of the contract (DESIGN, 5), which is written out here by hand."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ontology.model import Basis, Confidence, EntityKind, NeedType, Role, Status
from passerelle.documents import links_document, recommend_document, search_document, show_document
from passerelle.ecosystem import Ecosystem
from passerelle.evaluating import evaluate_sources, evaluation_document
from tests.graph_builder.seed_package import copy_seed, set_cell
from tests.passerelle import command
from tests.passerelle.command import SEED, Said
from tests.passerelle.conftest import Call

DECIDING = ("import", "preview", "duplicates", "decisions", "history")
"""Documents about what people decide."""

NAMES = ("build", "validate", "show", "search", "recommend", "links", "evaluate", "export", "sparql", *DECIDING)
TITLES = {"preview": "import FILE --dry-run", "decisions": "judge, unmerge or undo"}
"""What the documents print that do not bear the name of one command."""

RECOMMENDATION = "rank partner score band probability basis gains evidence missing".split()
LINK = "rank a b score band gains evidence missing".split()
METRICS = "hits_at_10 recall_at_50 mrr ndcg_at_10".split()

ACTORS = ("utbm", "alstom_belfort", "hnfc", "numerica", "stellantis_sochaux")
TEXTS = ("hydrogène", "digital health at home for elderly people", "capteurs et analyse de données pour une collectivité")
WORDS = ("UTBM", "Université de technologie de Belfort-Montbéliard", "fclab", "lycee", "santé numérique", "soudage", "zzzqqq")


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("passerelle") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


def faults(name: str, document: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema(name))
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(document)]


def has(found: Any, *keys: str) -> None:
    """The object has these keys; others may stand beside them."""
    assert isinstance(found, dict)
    assert not [key for key in keys if key not in found], sorted(found)


def has_only(found: Any, *keys: str) -> None:
    assert isinstance(found, dict)
    assert sorted(found) == sorted(keys)


@pytest.fixture(scope="module")
def evaluation(few_ties: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return evaluation_document(evaluate_sources([str(few_ties)], tmp_path_factory.mktemp("home"), "lsa", lambda _: None))


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the commands print that decide about data, on a small home of two lists of invented firms, one of them imported."""
    folder = tmp_path_factory.mktemp("decided")
    club, register = folder / "club.csv", folder / "register.csv"
    club.write_text("name,commune,website\nAtelier du Lion,Belfort,https://lion.example\nFonderie des Trois Rivières,Delle,\n", encoding="utf-8")
    register.write_text("name,commune,website\nATELIER DU LION SAS,Belfort,lion.example\nFonderie de la Rivière,Delle,\n", encoding="utf-8")

    def say(*args: object) -> Any:
        said = command.call(*args, "--home", folder / "home", "--encoder", "lsa", "--json")
        assert said.code == 0, said.err
        return said.document

    say("build", club)
    return {
        "preview": say("import", register, "--dry-run"),
        "import": say("import", register),
        "merged": say("duplicates", "--merged"),
        "duplicates": say("duplicates"),
        "decisions": say("judge", "Fonderie de la Rivière", "Fonderie des Trois Rivières", "same"),
        "unmerge": say("unmerge", "Atelier du Lion"),
        "undo": say("undo"),
        "history": say("history"),
    }


@pytest.fixture(scope="module")
def documents(
    built: tuple[Path, Said], ecosystem: Ecosystem, evaluation: Any, decided: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """One good document of each command."""
    ask = "SELECT ?actor ?name { ?actor a psr:Organization ; psr:name ?name } ORDER BY ?actor LIMIT 2"
    return {
        **{name: decided[name] for name in DECIDING},
        "export": command.call("export", "geojson", tmp_path_factory.mktemp("export") / "map.geojson", "--home", built[0], "--json").document,
        "sparql": command.call("sparql", ask, "--home", built[0], "--json").document,
        "build": built[1].document,
        "validate": {"ok": False, "findings": built[1].document["warnings"]},
        "show": show_document(ecosystem.profile("alstom_belfort")),
        "search": search_document(ecosystem.search("UTBM")),
        "recommend": recommend_document(ecosystem.recommend(actor="utbm")),
        "links": links_document(ecosystem.links()),
        "evaluate": evaluation,
    }


# ------------------------------------------------------------------------------------------------------------ the commands' own output


def test_build(built: tuple[Path, Said]) -> None:
    document = built[1].document
    assert faults("build", document) == []
    has(document, "digest", "changed", "counts", "warnings")
    assert document["changed"] is True
    assert (document["merged"], document["review"]) == (0, 0), "one package only"
    assert document["counts"]["Organization"] == 280
    assert document["counts"]["ties"] == 501
    assert document["warnings"], "the seed has known gaps"
    for warning in document["warnings"]:
        has_only(warning, "severity", "file", "row", "column", "found", "accepted")
        assert warning["severity"] == "warning"


def test_a_second_build_changes_nothing(call: Call, built: tuple[Path, Said]) -> None:
    again = call("build", SEED, "--json").document
    assert again == {**built[1].document, "changed": False}


def test_validate(call: Call) -> None:
    said = call("validate", SEED, "--json")
    assert said.code == 0
    assert faults("validate", said.document) == []
    has_only(said.document, "ok", "findings")
    assert said.document["ok"] is True


def test_validate_a_faulty_package(call: Call, tmp_path: Path) -> None:
    package = copy_seed(tmp_path / "package")
    set_cell(package / "actors.csv", 3, "kind", "spaceship")
    said = call("validate", package, "--json")
    assert said.code == 2
    assert faults("validate", said.document) == []
    assert said.document["ok"] is False
    errors = [f for f in said.document["findings"] if f["severity"] == "error"]
    for finding in errors:
        has_only(finding, "severity", "file", "row", "column", "found", "accepted")
    assert [(f["file"], f["row"], f["column"]) for f in errors] == [("actors.csv", 3, "kind")]
    assert "spaceship" in errors[0]["found"]


@pytest.mark.parametrize("actor", ACTORS)
def test_show(call: Call, actor: str) -> None:
    document = call("show", actor, "--json").document
    assert faults("show", document) == []
    has(document, "actor", "offers", "needs", "hypotheses", "ties", "sources")
    has(document["actor"], "id", "name", "kind", "role", "place")
    assert document["actor"]["id"] == actor
    for fact in facts(document):
        has_statement(fact)
    for source in document["sources"]:
        has(source, "key", "url")


@pytest.mark.parametrize("text", WORDS)
def test_search(call: Call, text: str) -> None:
    document = call("search", text, "--json").document
    assert faults("search", document) == []
    has_only(document, "results")
    for result in document["results"]:
        has_only(result, "id", "name", "kind", "match")
    ids = [r["id"] for r in document["results"]]
    assert len(set(ids)) == len(ids), "an entity is listed once"


@pytest.mark.parametrize(
    "asked", [*((a,) for a in ACTORS), ("alstom_belfort", "--explore", "1"), ("utbm", "-k", "1"), *(("--text", t) for t in TEXTS)], ids=str
)
def test_recommend(call: Call, asked: tuple[str, ...]) -> None:
    document = call("recommend", *asked, "--json").document
    assert faults("recommend", document) == []
    has(document, "subject", "recommendations", "supports")
    if "--text" in asked:
        assert document["subject"] is None
    else:
        has_only(document["subject"], "id", "name", "kind")
    for answers in (document["recommendations"], document["supports"]):
        assert [a["rank"] for a in answers] == list(range(1, len(answers) + 1))
        assert len(answers) <= (1 if "-k" in asked else 10)
        for answer in answers:
            is_recommendation(answer)
    assert document["recommendations"]


def test_every_tenth_actor_is_answered_by_the_contract(ecosystem: Ecosystem) -> None:
    for actor in ecosystem.actors()[::10]:
        document: Any = recommend_document(ecosystem.recommend(actor=actor.id, k=3))
        assert faults("recommend", document) == [], actor.id
        for answer in (*document["recommendations"], *document["supports"]):
            is_recommendation(answer)


def test_every_actor_is_shown_by_the_contract(ecosystem: Ecosystem) -> None:
    validator = jsonschema.Draft202012Validator(schema("show"))
    for actor in ecosystem.actors():
        document: Any = show_document(ecosystem.profile(actor.id))
        assert validator.is_valid(document), (actor.id, faults("show", document))
        for fact in facts(document):
            has_statement(fact)


@pytest.mark.parametrize("filters", [(), ("-k", "3", "--cross-cluster"), ("--research-industry",), ("--sector", "energy", "--cross-sector")], ids=str)
def test_links(call: Call, filters: tuple[str, ...]) -> None:
    document = call("links", *filters, "--json").document
    assert faults("links", document) == []
    has_only(document, "links")
    assert document["links"]
    assert [link["rank"] for link in document["links"]] == list(range(1, len(document["links"]) + 1))
    for link in document["links"]:
        has(link, *LINK)
        has(link["gains"], "a", "b")
        for end in (link["a"], link["b"]):
            has(end, "id", "name", "kind")
        has_band(link)
        has_evidence(link)


@pytest.mark.parametrize("name", [*DECIDING, "merged", "unmerge", "undo"])
def test_what_is_said_about_decisions(decided: dict[str, Any], name: str) -> None:
    schemas = {"merged": "duplicates", "unmerge": "decisions", "undo": "decisions"}
    assert faults(schemas.get(name, name), decided[name]) == []


def test_import(decided: dict[str, Any]) -> None:
    document = decided["import"]
    has_only(document, *"digest changed counts warnings merged review name entry again rows persons".split())
    assert (document["name"], document["entry"], document["merged"], document["review"]) == ("register", 1, 1, 1)
    assert document["rows"] == decided["preview"]["rows"]
    assert [column["field"] for column in decided["preview"]["columns"]] == ["name", "commune", "website"]


def test_an_import_that_is_no_list(tmp_path: Path, decided: dict[str, Any]) -> None:
    assert faults("import", {**decided["import"], "rows": None, "persons": None}) == []


def test_duplicates(decided: dict[str, Any]) -> None:
    for name, verdict in (("duplicates", False), ("merged", True)):
        document = decided[name]
        has_only(document, "digest", "merged", "of", "pairs")
        assert (document["merged"], document["of"]) == (verdict, 1)
        (pair,) = document["pairs"]
        has_only(pair, *"a b probability value verdict clues blocked".split())
        for clue in pair["clues"]:
            has_words(clue["text"])
    assert decided["merged"]["pairs"][0]["probability"] > 0.95 > decided["duplicates"]["pairs"][0]["probability"]


def test_decisions_and_history(decided: dict[str, Any]) -> None:
    for name, verdict, force in (("decisions", "same", True), ("unmerge", "different", True), ("undo", "different", False)):
        (entry,) = decided[name]["decisions"]
        assert (entry["payload"]["verdict"], entry["in_force"], entry["undone"]) == (verdict, force, not force)
    assert [(entry["id"], entry["kind"], entry["in_force"]) for entry in decided["history"]["history"]] == [
        (3, "judgement", False),
        (2, "judgement", True),
        (1, "import", True),
    ]
    assert decided["undo"]["digest"] == decided["decisions"]["digest"] != decided["unmerge"]["digest"]


def test_sparql(call: Call, documents: dict[str, Any]) -> None:
    document = documents["sparql"]
    assert document["head"] == {"vars": ["actor", "name"]}
    assert len(document["results"]["bindings"]) == 2
    answer = call("sparql", "ASK { ?actor a psr:Organization }", "--json").document
    assert faults("sparql", answer) == [] and answer["boolean"] is True
    assert faults("sparql", {**answer, **document}) != [], "either rows or yes and no"


def test_evaluate(evaluation: Any) -> None:
    assert faults("evaluate", evaluation) == []
    has(evaluation, "protocol", "results", "calibration")
    has(evaluation["protocol"], "data", "digest", "dates", "events", "queries", "candidates", "seed")
    for row in evaluation["results"]:
        has(row, "name", "track", "ours", *METRICS, "coverage", "gini", "train_seconds", "milliseconds_per_query")
        for metric in METRICS:
            has_only(row[metric], "value", "low", "high")
            assert row[metric]["low"] <= row[metric]["value"] <= row[metric]["high"]
    tracks = {row["track"] for row in evaluation["results"]}
    assert tracks == {"event"}, "the track of a territory"
    assert [row["ours"] for row in evaluation["results"]].count(True) == 1


def test_evaluate_prints_its_document_and_its_table(call: Call, few_ties: Path, evaluation: Any) -> None:
    said = call("evaluate", few_ties, "--encoder", "lsa", "--json")
    assert said.code == 0
    assert without_times(said.document) == without_times(evaluation)


def without_times(document: Any) -> Any:
    rows = [{k: v for k, v in row.items() if k not in ("milliseconds_per_query", "train_seconds")} for row in document["results"]]
    return {**document, "results": rows}


# ------------------------------------------------------------------------------------------------------------ parts of documents


def is_recommendation(answer: Any) -> None:
    has(answer, *RECOMMENDATION)
    has_only(answer["partner"], "id", "name", "kind", "role", "place")
    has_only(answer["gains"], "subject", "partner")
    for gain in answer["gains"].values():
        has_words(gain)
    if answer["missing"] is not None:
        has_words(answer["missing"])
    assert answer["basis"] == "expert"
    assert answer["probability"] is None, "expert weights give no probability"
    has_band(answer)
    has_evidence(answer)


def has_band(answer: Any) -> None:
    """Bands by the documented thresholds."""
    score = answer["score"]
    assert 0 <= score <= 1
    assert answer["band"] == ("strong" if score >= 0.7 else "serious" if score >= 0.4 else "explore")


def has_evidence(answer: Any) -> None:
    assert answer["evidence"], "nothing is suggested without a reason"
    for reason in answer["evidence"]:
        has(reason, "signal", "contribution", "text", "statements")
        has_words(reason["text"])
        assert reason["statements"], "a reason rests on facts"
        for statement in reason["statements"]:
            has_statement(statement)
            assert statement["basis"] == "stated", "a hypothesis is no reason"


def has_statement(statement: Any) -> None:
    has_only(statement, "id", "sources", "published", "basis", "confidence")
    assert statement["sources"], "every statement has a source"
    for source in statement["sources"]:
        has(source, "key", "url")


def has_words(text: Any) -> None:
    has_only(text, "fr", "en")
    assert text["fr"].strip() and text["en"].strip()


def facts(document: Any) -> Iterator[Any]:
    """Every statement of a profile."""
    for offer in (*document["offers"], *document["hypotheses"]["offers"]):
        yield offer["statement"]
    for need in (*document["needs"], *document["hypotheses"]["needs"]):
        yield need["statement"]
    for tie in document["ties"]:
        yield from tie["statements"]


# ------------------------------------------------------------------------------------------------------------ the schemas themselves


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_says_what_it_is(name: str) -> None:
    found = schema(name)
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert found["$id"] == f"{name}.schema.json"
    assert found["title"].startswith(f"passerelle {TITLES.get(name, name)} ")
    assert found["additionalProperties"] is False
    assert list(undescribed(found)) == []


def undescribed(part: Any, path: str = "") -> Iterator[str]:
    """Paths of properties and definitions without a description."""
    if isinstance(part, dict):
        for group in ("properties", "$defs"):
            for name, child in part.get(group, {}).items():
                if not {"description", "$ref"} & set(child) and "const" not in child and child != {"type": "null"}:
                    yield f"{path}/{name}"
        for key, child in part.items():
            yield from undescribed(child, f"{path}/{key}")
    elif isinstance(part, list):
        for child in part:
            yield from undescribed(child, path)


def test_there_is_a_schema_for_each_document_and_no_other() -> None:
    assert sorted(p.name for p in (files("passerelle") / "schemas").iterdir()) == sorted(f"{name}.schema.json" for name in NAMES)


def test_schemas_that_share_a_definition_agree_on_it() -> None:
    seen: dict[str, Any] = {}
    for name in NAMES:
        for key, definition in schema(name).get("$defs", {}).items():
            assert seen.setdefault(key, definition) == definition, (name, key)


def test_closed_words_are_those_of_the_ontology() -> None:
    show, search = schema("show"), schema("search")
    parts = show["$defs"]
    assert set(parts["statement"]["properties"]["basis"]["enum"]) == {b.value for b in Basis}
    assert set(parts["statement"]["properties"]["confidence"]["enum"]) == {c.value for c in Confidence}
    assert set(parts["actor"]["properties"]["role"]["enum"]) == {r.value for r in Role} | {""}
    assert set(parts["need"]["properties"]["need_type"]["enum"]) == {t.value for t in NeedType}
    assert set(show["properties"]["actor"]["properties"]["status"]["enum"]) == {s.value for s in Status}
    assert set(search["properties"]["results"]["items"]["properties"]["kind"]["enum"]) < {k.value for k in EntityKind}


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_refuses_what_lacks_a_key_or_has_one_more(documents: dict[str, Any], name: str) -> None:
    good = documents[name]
    assert faults(name, good) == []
    assert faults(name, {**good, "surprise": 1}) != []
    for key in schema(name)["required"]:
        assert faults(name, {k: v for k, v in good.items() if k != key}) != [], key


CONTRADICTIONS: dict[str, Callable[[Any], Any]] = {
    "a probability of an expert": lambda d: d["recommendations"][0].update(probability=0.5),
    "another band": lambda d: d["recommendations"][0].update(band="sure"),
    "a score above 1": lambda d: d["recommendations"][0].update(score=1.5),
    "no reason": lambda d: d["recommendations"][0].update(evidence=[]),
    "a reason without a fact": lambda d: d["recommendations"][0]["evidence"][0].update(statements=[]),
    "a fact without a source": lambda d: d["recommendations"][0]["evidence"][0]["statements"][0].update(sources=[]),
    "one language": lambda d: d["recommendations"][0]["gains"]["partner"].pop("en"),
    "rank 0": lambda d: d["recommendations"][0].update(rank=0),
    "a local address": lambda d: d["recommendations"][0]["evidence"][0]["statements"][0]["sources"][0].update(url="file:///etc/passwd"),
}


@pytest.mark.parametrize("broken", CONTRADICTIONS)
def test_the_schema_of_recommend_refuses(documents: dict[str, Any], broken: str) -> None:
    document = copy.deepcopy(documents["recommend"])
    CONTRADICTIONS[broken](document)
    assert faults("recommend", document) != []


def test_a_calibrated_probability_is_accepted(documents: dict[str, Any]) -> None:
    document = copy.deepcopy(documents["recommend"])
    document["recommendations"][0].update(probability=0.5, basis="cordis-2024")
    assert faults("recommend", document) == []


def test_a_metric_may_be_undefined_but_not_absent(documents: dict[str, Any]) -> None:
    document = copy.deepcopy(documents["evaluate"])
    document["results"][0]["mrr"] = None
    assert faults("evaluate", document) == []
    del document["results"][0]["mrr"]
    assert faults("evaluate", document) != []
