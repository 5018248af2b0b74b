"""The six example queries of docs/queries on the territory, each with an answer that was checked by hand or by other code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from graph_builder.graph import Graph
from graph_builder.pipeline import build
from graph_builder.rdf import nquads
from graph_builder.snapshot import Snapshot, open_current
from graph_builder.sparql import APART, PREFIXES, QueryService, open_queries
from ontology.namespaces import entity_iri
from passerelle.ecosystem import Ecosystem
from tests.passerelle.command import ROOT
from tests.passerelle.seed_tables import Seed, table

FOLDER = ROOT / "docs" / "queries"
QUERIES = sorted(FOLDER.glob("*.rq"))
USERS = ("developer", "researcher", "strategist")

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def queries(ecosystem: Ecosystem) -> Iterator[QueryService]:
    with open_queries(ecosystem.snapshot) as service:
        yield service


def answer(queries: QueryService, name: str, *changes: tuple[str, str]) -> Rows:
    (path,) = FOLDER.glob(f"{name}-*.rq")
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    found = json.loads(queries.answer(text).body)
    return [{key: term["value"] for key, term in row.items()} for row in found["results"]["bindings"]]


@lru_cache(maxsize=2)
def stated(name: str) -> list[tuple[str, str]]:
    """Actor and skill of the stated rows of needs.csv or offers.csv."""
    return [(row["actor"], row["skill"]) for row in table(name) if row["basis"] == "stated"]


@lru_cache(maxsize=1)
def labels() -> dict[str, str]:
    return {row["id"]: row["label_fr"] for row in table("skills")}


def label(skill: str) -> str:
    return labels()[skill]


def role(actor: str) -> str:
    return Seed().role[actor]


def test_there_are_two_for_each_user() -> None:
    assert [path.name.split("-")[0] for path in QUERIES] == [user for user in USERS for _ in range(2)]


@pytest.mark.parametrize("path", QUERIES, ids=lambda p: p.stem)
def test_a_query_asks_its_question_in_french_and_in_english(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert re.match(r"# FR : .+\?", lines[0]) and re.match(r"# EN : .+\?", lines[1])
    assert all(len(line) <= 150 for line in lines)


@pytest.mark.parametrize("path", QUERIES, ids=lambda p: p.stem)
def test_the_document_shows_the_query_as_it_is(path: Path) -> None:
    document = (ROOT / "docs" / "sparql.md").read_text(encoding="utf-8")
    assert f"```sparql\n{path.read_text(encoding='utf-8')}```" in document
    assert f"(queries/{path.name})" in document


def test_who_can_help(queries: QueryService) -> None:
    """needs.csv gives Alstom Belfort nine skills; FCLAB, in Belfort as well (offers.csv, places.csv), offers three of them: nobody is nearer."""
    rows = answer(queries, "developer-1")
    nearest = {(row["partner"], row["skill"]) for row in rows if row["km_squared"] == "0"}
    assert ("FCLAB", "Systèmes hydrogène-énergie") in nearest and ("FCLAB", "Maintenance prédictive et pronostic") in nearest
    assert not [row for row in rows if row["partner"] == "Alstom Belfort"], "it offers welding itself"
    distances = [float(row["km_squared"]) for row in rows]
    assert distances == sorted(distances)


def test_who_can_help_is_at_the_distance_that_the_product_shows(queries: QueryService, ecosystem: Ecosystem) -> None:
    """The approximate distance is within a kilometre of the great circle of the recommender, for whom both know."""
    shown = {card.partner.name: card.km for card in ecosystem.recommend(actor="alstom_belfort", k=200).recommendations if card.km is not None}
    both = [(float(row["km_squared"]) ** 0.5, shown[row["partner"]]) for row in answer(queries, "developer-1") if row["partner"] in shown]
    assert len(both) > 5
    assert max(abs(ours - theirs) for ours, theirs in both) < 1


def test_shared_needs(queries: QueryService) -> None:
    """Counted again in needs.csv: companies by skill."""
    seekers: dict[str, set[str]] = {}
    for actor, skill in stated("needs"):
        if role(actor) == "company":
            seekers.setdefault(label(skill), set()).add(actor)
    expected = {label: len(actors) for label, actors in seekers.items() if len(actors) > 1}
    rows = answer(queries, "developer-2")
    assert {row["skill"]: int(row["companies"]) for row in rows} == expected
    assert rows[0]["skill"] == "Essais et certification" and rows[0]["companies"] == "5"


def test_companies_to_meet(queries: QueryService, ecosystem: Ecosystem) -> None:
    """Looked up again in the tables: stated needs for what each offers, without the ties that the product shows."""
    actors = {row["id"]: row for row in table("actors")}
    left_out = set()
    for lab in ("femto_st", "fclab", "utbm"):
        rows = answer(queries, "researcher-1", ("id:fclab", f"id:{lab}"))
        offered = {skill for actor, skill in stated("offers") if actor == lab}
        tied = {tie.partner.id for tie in ecosystem.profile(lab).ties if tie.is_tie}
        seekers = {actor for actor, skill in stated("needs") if skill in offered and role(actor) == "company"}
        left_out |= seekers & tied
        assert {row["company"] for row in rows} == {actors[a]["name"] for a in seekers - tied if ecosystem.profile(a).recommendable}
    assert len(left_out) >= 3, "the filter is put to the test"
    first = answer(queries, "researcher-1")[0]
    assert (first["company"], first["shared"]) == ("Forvia Bavans (ex-Faurecia)", "2")
    assert set(first["skills"].split(", ")) == {"Piles à combustible", "Essais et certification"}


def test_sources_of_a_fact(queries: QueryService, ecosystem: Ecosystem) -> None:
    """Every need of Alstom Belfort with each of its sources, as the profile of the product gives them."""
    rows = answer(queries, "researcher-2")
    profile = ecosystem.profile("alstom_belfort")
    needs = [*profile.needs, *profile.hypotheses]
    assert len({tuple(sorted(row.items())) for row in rows}) == len(rows), "a need of two types says which"
    assert {row["fact"] for row in rows} == {need.label.fr for need in needs}
    told = {(need.label.fr, source.title) for need in profile.needs for source in need.fact.sources}
    assert told <= {(row["fact"], row["title"]) for row in rows if row["basis"].endswith("Basis-stated")}
    assert ("Soudage et chaudronnerie", "2026") in {(row["fact"], row["published"]) for row in rows}


def test_research_and_industry_by_year(queries: QueryService, ecosystem: Ecosystem) -> None:
    """Pairs of all years together: those of the tie matrix between a company and research or training."""
    rows = answer(queries, "strategist-1")
    pairs = answer(queries, "strategist-1", ("SELECT ?year (COUNT(DISTINCT ?pair) AS ?ties)", "SELECT DISTINCT ?pair"), ("GROUP BY ?year", ""))
    assert rows[0]["year"] == "" and [row["year"] for row in rows] == sorted(row["year"] for row in rows)
    graph, snapshot = Graph(ecosystem.snapshot), ecosystem.snapshot
    roles = [snapshot.values("role").get(snapshot.values("kind").get(actor, ""), "") for actor in graph.actors]
    ties = np.argwhere(np.triu(graph.tie_matrix().toarray()))
    expected = [1 for a, b in ties if "company" in (pair := {roles[a], roles[b]}) and pair & {"research", "training"}]
    assert len({row["pair"] for row in pairs}) == len(expected) > 30


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The territory with its European projects, as `passerelle build` makes it when no source is named: 653 actors are outside."""
    home = tmp_path_factory.mktemp("both")
    build([str(ROOT / "data_seeds" / name) for name in ("nord-franche-comte", "cordis-franche-comte")], home)
    return open_current(home)


def test_research_and_industry_by_year_without_those_outside(both: Snapshot) -> None:
    """The tie matrix again, with its rows and columns of actors that are not outside; and the ties of 2022 to 2025, looked up in the packages.

    Before the ends were restricted, those four years counted 466, 1038, 1100 and 391 ties, nearly all between two actors outside.
    """
    with open_queries(both) as service:
        rows = answer(service, "strategist-1")
        pairs = answer(service, "strategist-1", ("SELECT ?year (COUNT(DISTINCT ?pair) AS ?ties)", "SELECT DISTINCT ?pair"), ("GROUP BY ?year", ""))
    graph = Graph(both)
    kinds, outside = both.values("kind"), both.values("outside")
    assert list(outside.values()).count("yes") == 653
    roles = ["" if outside.get(actor) == "yes" else both.values("role").get(kinds.get(actor, ""), "") for actor in graph.actors]
    ties = np.argwhere(np.triu(graph.tie_matrix().toarray()))
    tied = {
        frozenset(entity_iri(graph.actors[i]) for i in (a, b))
        for a, b in ties
        if "company" in (r := {roles[a], roles[b]}) and r & {"research", "training"}
    }
    assert {frozenset(row["pair"].split(" ")) for row in pairs} == tied
    assert {row["year"]: int(row["ties"]) for row in rows if row["year"] >= "2022"} == {"2023": 1, "2024": 1, "2025": 1}


@pytest.mark.parametrize(("name", "column"), [("developer-2", "companies"), ("strategist-2", "seekers")])
def test_needs_of_actors_outside_do_not_count(ecosystem: Ecosystem, queries: QueryService, name: str, column: str) -> None:
    """One of those who look for the first skill is put outside: the skill has one less."""
    before = answer(queries, name)[0]
    seeker = sorted(row["id"] for row in table("actors") if row["name"] in before["who"].split(", ") and row["name"])[0]
    yes = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    planted = f"<{entity_iri(seeker)}> <{PREFIXES['psr']}outside> {yes} <{entity_iri('source:planted')}> ."
    quads = "\n".join([*nquads(ecosystem.snapshot), planted]).encode()
    with QueryService(lambda: quads, apart=APART, prefixes=PREFIXES) as service:
        after = {row["skill"]: int(row[column]) for row in answer(service, name)}
    assert after[before["skill"]] == int(before[column]) - 1


def test_needs_without_an_offer(queries: QueryService, ecosystem: Ecosystem) -> None:
    """Nobody inside offers them: looked up again in the tables of the snapshot."""
    rows = answer(queries, "strategist-2")
    snapshot = ecosystem.snapshot
    inside = {place for place, value in snapshot.values("inside").items() if value == "yes"}
    here = {actor for actor, places in snapshot.lists("locatedIn").items() if inside & set(places)}
    offered: dict[str, set[str]] = {}
    for actor, skill in stated("offers"):
        if actor in here:
            offered.setdefault(skill, set()).add(actor)
    expected: dict[str, set[str]] = {}
    for actor, skill in stated("needs"):
        if not offered.get(skill, set()) - {actor}:
            expected.setdefault(label(skill), set()).add(actor)
    assert {row["skill"]: int(row["seekers"]) for row in rows} == {skill: len(actors) for skill, actors in expected.items()}
    assert (rows[0]["skill"], rows[0]["seekers"]) == ("Santé numérique", "4")
