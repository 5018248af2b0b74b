"""Tie events, matrices, groups and the networkx view: by hand on small territories, by its published figures on the seed."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from graph_builder.graph import Graph, TieEvent, to_networkx
from graph_builder.groups import same_group_pairs
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler
from ontology.model import TIE_ROLES, ParticipationRole
from tests.graph_builder.tiny import actors, project, relations, seed, tiny

Rows = tuple[tuple[str, ...], ...]


def territory(*rows: tuple[str, ...], names: str = "abcdef") -> Snapshot:
    filler = Filler()
    actors(filler, names)
    relations(filler, *rows)  # type: ignore[arg-type]
    return in_memory(filler.tables())


def pairs(graph: Graph, matrix: sparse.csr_array) -> set[str]:
    """The pairs of a symmetric matrix, as "ab"."""
    rows, columns = matrix.nonzero()
    return {graph.actors[i] + graph.actors[j] for i, j in zip(rows, columns, strict=True) if i < j}


def test_events_by_hand() -> None:
    snapshot = in_memory(tiny())
    graph = Graph(snapshot)
    ids = {(row["subject"], row["object"]): row["statement"] for row in snapshot.relations.to_pylist()}
    assert graph.actors == ("a", "b", "c", "d")
    assert graph.tie_events == (
        TieEvent(ids["a", "b"], "relation", (0, 1), (ids["a", "b"],), None),
        TieEvent("p", "project", (1, 2), tuple(sorted([ids["b", "p"], ids["c", "p"]])), "2019"),
    )


def test_matrices_by_hand() -> None:
    graph = Graph(in_memory(tiny()))
    assert graph.tie_matrix().toarray().tolist() == [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert graph.context_matrix.toarray().tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    assert graph.picture_matrix.toarray().tolist() == [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0.5], [0, 0, 0.5, 0]]
    assert graph.tie_matrix(graph.tie_events[:1]).nnz == 2
    assert graph.tie_matrix(()).shape == (4, 4)


def test_a_pair_with_a_tie_and_another_relation_weighs_one() -> None:
    graph = Graph(territory(("a", "supplies", "b"), ("b", "funds", "a"), ("a", "collaboratesWith", "b")))
    assert graph.picture_matrix.toarray()[0, 1] == 1
    assert graph.tie_matrix().toarray()[0, 1] == 1
    assert pairs(graph, graph.context_matrix) == {"ab"}


@pytest.mark.parametrize("role", [role.value for role in ParticipationRole])
def test_roles_that_make_a_tie(role: str) -> None:
    filler = Filler()
    actors(filler, "ab")
    project(filler, "p", {"a": "lead", "b": role})
    assert bool(Graph(in_memory(filler.tables())).tie_events) == (role in TIE_ROLES)


def test_projects_that_make_no_tie() -> None:
    filler = Filler()
    actors(filler, "ab")
    project(filler, "not_counted", {"a": "lead", "b": "partner"}, counts="no")
    project(filler, "alone", {"a": "lead"})
    assert Graph(in_memory(filler.tables())).tie_events == ()


def test_an_actor_twice_in_a_project_counts_once_and_keeps_both_statements() -> None:
    filler = Filler()
    actors(filler, "ab")
    project(filler, "p", {"a": "lead", "b": "partner"}, start="2018")
    filler.relation("a", "participatesIn", "p", "tiny/projects/p", qualifiers={"role": "host"})
    (event,) = Graph(in_memory(filler.tables())).tie_events
    assert (event.actors, len(event.statements), event.since) == ((0, 1), 3, "2018")


def test_only_the_relations_that_are_known_count() -> None:
    snapshot = in_memory(tiny())
    graph = Graph(snapshot, snapshot.relations.slice(0, 0))
    assert graph.tie_events == ()
    assert graph.picture_matrix.shape == (4, 4)


def test_ends_that_are_no_actors_and_loops_are_passed_over() -> None:
    graph = Graph(territory(("a", "collaboratesWith", "nobody"), ("b", "collaboratesWith", "b"), ("a", "locatedIn", "place:1")))
    assert graph.tie_events == ()
    assert graph.context_matrix.nnz == 0


edges = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["collaboratesWith", "supplies", "funds", "partOf"]), st.sampled_from("abcdef"))
)


@settings(max_examples=40, deadline=None)
@given(edges)
def test_matrices_are_binary_symmetric_and_agree_with_networkx(rows: list[tuple[str, ...]]) -> None:
    snapshot = territory(*rows)
    graph, view = Graph(snapshot), to_networkx(snapshot)
    for matrix in (graph.tie_matrix(), graph.context_matrix, graph.same_group_matrix):
        assert set(matrix.data) <= {1.0}
        assert (matrix != matrix.T).nnz == 0
        assert not matrix.diagonal().any()
        assert matrix.has_sorted_indices
    ties = {"".join(sorted((a, b))) for a, b, kind in view.edges(data="predicate") if kind in ("collaboratesWith", "supplies") and a != b}
    others = {"".join(sorted((a, b))) for a, b, kind in view.edges(data="predicate") if kind in ("funds", "partOf") and a != b}
    assert (pairs(graph, graph.tie_matrix()), pairs(graph, graph.context_matrix)) == (ties, others)
    expected = np.maximum(graph.tie_matrix().toarray(), 0.5 * graph.context_matrix.toarray())
    assert (graph.picture_matrix.toarray() == expected).all()


def test_the_networkx_view() -> None:
    snapshot = in_memory(tiny())
    view = to_networkx(snapshot)
    assert list(view) == ["a", "b", "c", "d", "p"]
    assert view.nodes["a"] == {"kind": "Organization", "name": "Actor A"}
    (edge,) = view.get_edge_data("b", "p").values()
    assert (edge["predicate"], edge["role"], edge["since"]) == ("participatesIn", "lead", "2019")
    assert snapshot.statement(edge["statement"]).subject == "b"
    assert list(view.edges(keys=True)) == list(to_networkx(in_memory(tiny())).edges(keys=True))


def test_an_object_without_description_is_a_node_of_unknown_kind() -> None:
    assert to_networkx(territory(("a", "offersSkill", "skill:x"))).nodes["skill:x"] == {"kind": "unknown", "name": "skill:x"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a", "partOf", "b")], {"ab"}),
        ([("a", "partOf", "b"), ("b", "partOf", "c")], {"ab", "bc", "ac"}),
        ([("a", "partOf", "b"), ("c", "owns", "b")], {"ab", "bc", "ac"}),
        ([("a", "partOf", "c"), ("b", "partOf", "c")], {"ac", "bc", "ab"}),  # the same single parent
        ([("a", "partOf", "c"), ("c", "owns", "b")], {"ac", "bc", "ab"}),
        ([("a", "partOf", "c"), ("b", "partOf", "c"), ("b", "partOf", "d")], {"ac", "bc", "bd"}),  # b has two parents
        ([("a", "partOf", "c"), ("a", "partOf", "d"), ("b", "partOf", "c"), ("b", "partOf", "d")], {"ac", "ad", "bc", "bd"}),  # two shared parents
        ([("a", "partOf", "b"), ("c", "partOf", "b"), ("d", "partOf", "c")], {"ab", "bc", "bd", "cd", "ac"}),  # aunt and niece are no group
        ([("a", "owns", "b", "shareholder")], set()),
        ([("a", "governs", "b")], set()),
        ([("a", "governs", "b", "board_member")], set()),
        ([("a", "governs", "b", "supervisor")], set()),
        ([("a", "governs", "b", "operator")], {"ab"}),
        ([("a", "sameGroupAs", "b"), ("c", "sameGroupAs", "b")], {"ab", "bc", "ac"}),
        ([("a", "partOf", "b"), ("b", "sameGroupAs", "c")], {"ab", "bc"}),
        ([("a", "partOf", "b"), ("b", "partOf", "a")], {"ab"}),  # a circle is no one's own group
        ([("a", "partOf", "a"), ("a", "partOf", "nobody"), ("b", "partOf", "nobody")], set()),
        ([("a", "memberOf", "b"), ("a", "funds", "c"), ("a", "founded", "d")], set()),
    ],
)
def test_same_group(rows: list[tuple[str, ...]], expected: set[str]) -> None:
    graph = Graph(territory(*rows))
    assert pairs(graph, graph.same_group_matrix) == expected
    assert ["".join(pair) for pair in same_group_pairs(graph.relations, frozenset("abcdef"))] == sorted(expected)


# --------------------------------------------------------------------------------------------------------------- the seed


def test_the_ties_of_the_seed() -> None:
    """Figures of the seed's README: 93 relations, 461 pairs from 69 shared projects, 501 pairs in all."""
    graph = Graph(seed())
    by_kind = {kind: [event for event in graph.tie_events if event.kind == kind] for kind in ("relation", "project")}
    assert len(graph.actors) == 280
    assert len(by_kind["relation"]) == 93
    assert len(by_kind["project"]) == 69
    assert max(len(event.actors) for event in graph.tie_events) <= 9
    assert graph.tie_matrix(by_kind["project"]).nnz // 2 == 461
    assert graph.tie_matrix().nnz // 2 == 501


def test_actors_of_the_seed_without_a_tie() -> None:
    """The README counts 86 recommendable actors without any tie."""
    graph = Graph(seed())
    recommendable = np.array([seed().values("recommendable").get(actor) == "yes" for actor in graph.actors])
    alone = graph.tie_matrix().sum(axis=0) == 0
    assert int((recommendable & alone).sum()) == 86


def test_the_seed_as_networkx() -> None:
    view = to_networkx(seed())
    assert view.number_of_edges() == seed().relations.num_rows
    assert [node for node, kind in view.nodes(data="kind") if kind == "unknown"] == []
    assert nx.is_directed(view)
