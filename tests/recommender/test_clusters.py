"""Clusters: golden partitions, published modularity, relabelling, actors without a cluster, names."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from recommender.answers import Text
from recommender.landscape.clusters import ALONE, SMALL, characteristic, cluster_names, louvain


def matrix(graph: nx.Graph) -> sparse.csr_array:
    return sparse.csr_array(nx.to_scipy_sparse_array(graph, nodelist=sorted(graph), dtype=float, weight="weight"))


def cliques(*sizes: int, joined: bool = True) -> nx.Graph:
    """Cliques in a row; each is joined to the next one by one edge between their first members."""
    graph = nx.disjoint_union_all([nx.complete_graph(size) for size in sizes])
    starts = np.cumsum([0, *sizes[:-1]])
    if joined:
        graph.add_edges_from(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True))
    return graph


def test_two_cliques_joined_by_one_edge_are_two_clusters():
    # by hand: modularity 0.452 for the two cliques; every other cut breaks more than one edge
    labels = louvain(matrix(cliques(6, 5)))
    assert labels.tolist() == [0] * 6 + [1] * 5


def test_karate_club_reaches_the_published_modularity():
    # optimum 0.4198: Brandes et al. 2008, doi:10.1109/TKDE.2007.190689; Louvain 0.42: Blondel et al. 2008, table 1
    graph = nx.karate_club_graph()
    adjacency = sparse.csr_array((matrix(graph).todense() > 0).astype(float))
    labels = louvain(adjacency, resolution=1.0, smallest=1)
    groups = [set(np.flatnonzero(labels == k).tolist()) for k in range(labels.max() + 1)]
    assert nx.community.modularity(graph, groups, weight=None) == pytest.approx(0.4198, abs=5e-4)


def test_weights_decide():
    graph = nx.Graph()
    graph.add_weighted_edges_from([(0, 1, 9), (1, 2, 9), (0, 2, 9), (3, 4, 9), (4, 5, 9), (3, 5, 9), (0, 3, 1), (1, 4, 1), (2, 5, 1), (0, 4, 1)])
    assert louvain(matrix(graph), smallest=2).tolist() == [0, 0, 0, 1, 1, 1]


def test_an_actor_without_any_link_is_in_no_cluster():
    graph = cliques(5, 4)
    graph.add_nodes_from([9, 10])
    graph.add_edge(10, 10)  # a link to itself is none
    assert louvain(matrix(graph)).tolist() == [0] * 5 + [1] * 4 + [ALONE] * 2


def test_pairs_apart_share_one_label_and_a_tiny_community_joins_what_it_is_linked_with():
    graph = cliques(8, 8, joined=False)
    graph.add_edge(0, 8)
    graph.add_edges_from([(16, 17), (17, 18), (18, 16), (16, 8)])  # a triangle that hangs on the second clique
    graph.add_edges_from([(19, 20), (21, 22)])  # two pairs apart
    labels = louvain(matrix(graph), resolution=1.0)
    assert labels[8:19].tolist() == [0] * 11
    assert labels[:8].tolist() == [1] * 8
    assert labels[19:].tolist() == [SMALL] * 4
    assert len(set(louvain(matrix(graph), resolution=1.0, smallest=2).tolist())) == 5


def test_tiny_communities_linked_only_with_each_other_are_joined():
    labels = louvain(matrix(cliques(3, 3, 3)), resolution=1.0, smallest=4)
    assert labels.min() == 0
    assert np.bincount(labels).min() >= 4


@pytest.mark.parametrize(("size", "labels"), [(0, []), (1, [ALONE]), (3, [ALONE] * 3)])
def test_nothing_known(size, labels):
    assert louvain(sparse.csr_array((size, size))).tolist() == labels


def test_stored_zeros_are_no_links():
    empty = sparse.csr_array((np.zeros(2), ([0, 1], [1, 0])), shape=(2, 2))
    assert louvain(empty).tolist() == [ALONE, ALONE]


def test_the_same_call_gives_the_same_labels():
    adjacency = matrix(nx.gnm_random_graph(80, 200, seed=4))
    assert np.array_equal(louvain(adjacency), louvain(adjacency))


def test_of_several_runs_the_one_with_the_highest_modularity_is_kept():
    graph = nx.gnm_random_graph(60, 110, seed=3)
    graph.remove_nodes_from(list(nx.isolates(graph)))
    graph = nx.convert_node_labels_to_integers(graph)

    def quality(**options: int) -> float:
        labels = louvain(matrix(graph), resolution=1.0, smallest=1, **options)
        return nx.community.modularity(graph, [set(np.flatnonzero(labels == k).tolist()) for k in range(labels.max() + 1)])

    single = [quality(tries=1, seed=seed) for seed in range(7, 17)]
    assert min(single) < max(single) == pytest.approx(quality(tries=10, seed=7))


def test_the_input_is_left_as_it_is():
    graph = cliques(5, 5)
    graph.add_edge(0, 0)
    adjacency = matrix(graph)
    before = adjacency.copy()
    louvain(adjacency)
    assert (adjacency != before).nnz == 0


PLANTED = matrix(nx.planted_partition_graph(4, 10, 0.7, 0.03, seed=5))


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(40)))
def test_renumbering_the_actors_leaves_the_partition_alone(order):
    renumbered = louvain(sparse.csr_array(PLANTED[order][:, order]))
    pairs = set(zip(renumbered.tolist(), louvain(PLANTED)[order].tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}) == 4


def table(rows: list[list[int]]) -> sparse.csr_array:
    return sparse.csr_array(np.array(rows, dtype=float))


def test_characteristic_features_of_a_hand_made_case():
    # feature 0: everybody (lift 1, never said); 1: cluster 0 only; 2: cluster 1 only; 3: one actor only
    labels = np.array([0, 0, 0, 1, 1])
    features = table([[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 1], [1, 0, 1, 0]])
    assert characteristic(labels, features) == [[1], [2]]


def test_the_larger_cluster_takes_a_shared_feature_and_each_is_used_once():
    labels = np.array([0, 0, 0, 1, 1, ALONE, ALONE, SMALL, SMALL])
    features = table([[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [0, 0], [0, 0], [0, 0], [0, 0]])
    assert characteristic(labels, features, top=2) == [[0], [1]]


def test_no_cluster_no_list():
    assert characteristic(np.array([ALONE, SMALL]), table([[1], [1]])) == []
    assert characteristic(np.zeros(0, dtype=np.int64), sparse.csr_array((0, 3))) == []


SECTORS = (
    Text("Énergie", "Energy"),
    Text("Logistique", "Logistics"),
    Text("Numérique et santé", "Digital health"),
    Text("Numérique et âge", "Ageing"),
)
SKILLS = (Text("Soudage et chaudronnerie", "Welding and boilermaking"), Text("IA embarquée", "Embedded AI"))


def named(sectors: list[list[int]], skills: list[list[int]], labels: list[int]):
    return cluster_names(np.array(labels), table(sectors), SECTORS, table(skills), SKILLS)


def test_a_name_joins_two_sectors_in_both_languages():
    (first, second) = named([[1, 1, 0, 0]] * 2 + [[0, 0, 1, 0]] * 2, [[0, 1]] * 2 + [[0, 0]] * 2, [0, 0, 1, 1])
    assert first.name == Text("Énergie et logistique", "Energy and logistics")
    assert first.parts == (Text("Énergie", "Energy"), Text("et logistique", "and logistics"))
    assert first.skills == (SKILLS[1],)
    assert second.name == Text("Numérique et santé", "Digital health")


def test_a_label_with_its_own_conjunction_takes_a_comma():
    (first, _) = named([[1, 0, 1, 0]] * 2 + [[0, 1, 0, 0]] * 2, [[0, 0]] * 4, [0, 0, 1, 1])
    assert first.name == Text("Énergie, numérique et santé", "Energy and digital health")


def test_skills_name_a_cluster_whose_sectors_are_unknown_and_an_acronym_keeps_its_capitals():
    (first, second, third) = named([[0, 0, 0, 0]] * 6, [[1, 1]] * 2 + [[0, 0]] * 4, [0, 0, 1, 1, 2, 2])
    assert first.name == Text("Soudage et IA embarquée", "Welding and embedded AI")
    assert second.name == Text("Groupe 2", "Group 2")
    assert third.name == Text("Groupe 3", "Group 3")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_names_are_all_different(seed):
    rng = np.random.default_rng(seed)
    labels = np.sort(rng.integers(0, 6, 40))
    labels = np.unique(labels, return_inverse=True)[1]
    words = [Text(f"Mot {k // 2}, suite {k}", f"Word {k // 2}, more {k}") for k in range(6)]
    names = cluster_names(labels, table(rng.integers(0, 2, (40, 6)).tolist()), words, table(rng.integers(0, 2, (40, 6)).tolist()), words)
    assert len({n.name.fr for n in names}) == len({n.name.en for n in names}) == len(names) == labels.max() + 1
