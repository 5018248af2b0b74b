"""The picture: islands apart from each other, dots apart within them, all inside the frame, the same every time."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy import sparse
from scipy.spatial import ConvexHull, Delaunay, cKDTree

from recommender.landscape.clusters import ALONE, SMALL, louvain
from recommender.landscape.layout import dot_room, island_layout
from recommender.landscape.packing import CORNER, pack

FRAME = (1000.0, 860.0)


def territory(sizes: tuple[int, ...], *, alone: int = 0, pairs: int = 0, seed: int = 1) -> sparse.csr_array:
    """Clusters of random actors with few links between them, some pairs apart, some actors without any link."""
    graph = nx.random_partition_graph(list(sizes), 0.3, 0.01, seed=seed)
    for _ in range(pairs):
        graph.add_edge(len(graph), len(graph) + 1)
    graph.add_nodes_from(range(len(graph), len(graph) + alone))
    return sparse.csr_array(nx.to_scipy_sparse_array(graph, nodelist=sorted(graph), dtype=float))


CASES = {
    "territory": territory((50, 35, 35, 26, 16, 15, 14, 12, 12, 9), alone=39, pairs=4),
    "two clusters": territory((12, 8)),
    "one cluster and a few alone": territory((9,), alone=3),
    "nobody linked": territory((1,), alone=20),
    "only pairs": sparse.csr_array(nx.to_scipy_sparse_array(nx.disjoint_union_all([nx.path_graph(2)] * 12), dtype=float)),
    "many clusters": territory((12,) * 40, alone=30),
    "one larger than its core": sparse.csr_array(nx.to_scipy_sparse_array(nx.barabasi_albert_graph(700, 2, seed=1), dtype=float)),
}


@pytest.fixture(scope="module", params=CASES)
def drawn(request):
    adjacency = CASES[request.param]
    labels = np.zeros(700, dtype=np.int64) if request.param.startswith("one larger") else louvain(adjacency)
    return adjacency, labels, island_layout(adjacency, labels)


def test_every_actor_is_inside_the_frame(drawn):
    _, labels, place = drawn
    assert place.shape == (len(labels), 2)
    assert np.isfinite(place).all()
    assert (place > 0).all()
    assert (place < FRAME).all()


def test_no_actor_stands_on_another_island(drawn):
    _, labels, place = drawn
    for group in np.unique(labels):
        mine = place[labels == group]
        if len(mine) > 3:
            assert (Delaunay(mine[ConvexHull(mine).vertices]).find_simplex(place[labels != group]) < 0).all()


def test_islands_keep_apart_as_discs(drawn):
    _, labels, place = drawn
    groups = np.unique(labels)
    centre = np.array([place[labels == g].mean(axis=0) for g in groups])
    reach = np.array([np.quantile(np.linalg.norm(place[labels == g] - c, axis=1), 0.9) for g, c in zip(groups, centre, strict=True)])
    far = np.linalg.norm(centre[:, None] - centre, axis=2) - reach[:, None] - reach
    np.fill_diagonal(far, np.inf)
    assert far.min() > 0


def test_dots_keep_clear_of_each_other_within_their_island(drawn):
    adjacency, labels, place = drawn
    room = dot_room(adjacency)
    near, who = cKDTree(place).query(place, k=2)
    same = labels[who[:, 1]] == labels
    asked = (room + room[who[:, 1]])[same]
    share = near[same, 1] / asked
    # the zoom of the frame multiplies all rooms alike; 0.85 of the usual ratio is left where a packing is jammed
    assert share.min() > 0.6 * np.median(share)


def test_the_corner_of_the_buttons_stays_free(drawn):
    _, _, place = drawn
    assert not ((place[:, 0] > FRAME[0] - CORNER[0]) & (place[:, 1] < CORNER[1])).any()


def test_a_title_has_room_above_its_island(drawn):
    _, labels, place = drawn
    for group in np.unique(labels):
        mine = place[labels == group]
        assert mine[:, 1].min() > 20
        others = place[labels != group]
        middle, top = mine[:, 0].mean(), mine[:, 1].min()
        over = (abs(others[:, 0] - middle) < 20) & (others[:, 1] < top) & (others[:, 1] > top - 15)
        assert not over.any()


def test_a_territory_fills_the_frame():
    place = island_layout(CASES["territory"], louvain(CASES["territory"]))
    assert (np.ptp(place, axis=0) > 0.8 * np.array(FRAME)).all()


def test_linked_islands_are_neighbours():
    # a chain of sixteen islands: a link takes .5 to .6 of the distance of two islands at random (.8 to .95 without pull)
    radius = np.full(16, 40.0)
    pull = np.eye(16, k=1) + np.eye(16, k=-1)
    centre = pack(radius, pull, np.zeros(16, dtype=bool), FRAME, rng=np.random.default_rng(2)).centre
    far = np.linalg.norm(centre[:, None] - centre, axis=2)
    assert far[pull > 0].mean() < 0.7 * far[~np.eye(16, dtype=bool)].mean()


def test_a_pair_apart_stands_side_by_side():
    adjacency = territory((20, 15), pairs=6)
    labels = louvain(adjacency)
    place = island_layout(adjacency, labels)
    mine = np.flatnonzero(labels == SMALL)
    far = np.linalg.norm(place[mine][:, None] - place[mine], axis=2)
    np.fill_diagonal(far, np.inf)
    assert len(mine) == 12
    assert (adjacency[mine][:, mine].toarray()[np.arange(12), far.argmin(axis=1)] > 0).all()


def test_the_same_call_gives_the_same_picture_and_leaves_its_input_alone():
    adjacency = CASES["territory"].copy()
    labels = louvain(adjacency)
    kept = labels.copy()
    assert np.array_equal(island_layout(adjacency, labels), island_layout(adjacency, labels))
    assert np.array_equal(labels, kept)
    assert (adjacency != CASES["territory"]).nnz == 0


def test_another_frame_is_respected():
    adjacency = CASES["territory"]
    place = island_layout(adjacency, louvain(adjacency), width=390, height=900)
    assert (place > 0).all()
    assert (place < (390, 900)).all()


def test_nobody_and_somebody():
    assert island_layout(sparse.csr_array((0, 0)), np.zeros(0, dtype=np.int64)).shape == (0, 2)
    assert island_layout(sparse.csr_array((1, 1)), np.array([ALONE])).tolist() == pytest.approx(np.array([[500.0, 453.0]]))


def test_packed_islands_keep_the_distance_of_their_radii():
    rng = np.random.default_rng(8)
    for count in (1, 2, 5, 12, 60):
        radius = rng.uniform(10, 120, count)
        pull = rng.random((count, count)) * (1 - np.eye(count))
        packing = pack(radius, pull + pull.T, np.zeros(count, dtype=bool), FRAME, rng=rng)
        far = np.linalg.norm(packing.centre[:, None] - packing.centre, axis=2) + 1e9 * np.eye(count)
        assert (far > packing.radius[:, None] + packing.radius).all()
        assert (packing.centre - packing.radius[:, None] > 0).all()
        assert (packing.centre + packing.radius[:, None] < FRAME).all()
        assert packing.radius == pytest.approx(packing.zoom * radius)
        if count > 2:  # links that pull everywhere once made sixty islands shrink to points
            assert np.pi * (packing.radius**2).sum() > 0.2 * FRAME[0] * FRAME[1]
