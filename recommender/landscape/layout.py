"""Where actors stand in the picture: one island per cluster, dots that keep clear of each other, the unlinked apart."""

from __future__ import annotations

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from recommender.landscape.packing import pack

Array = NDArray[np.float64]

GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
CORE = 400
"""Actors of an island that the force layout places (the best linked); the others start among their neighbours."""
LOOSE = 1.24
"""Radius of an island against the radius of a disc with the area of all its dots' rooms: what a loose packing needs."""
FORCES = 60
"""Steps of the force layout."""
PUSHES = 160
"""Steps in which dots push each other off, at most."""


def island_layout(adjacency: sparse.csr_array, labels: NDArray[np.int64], *, width: float = 1000, height: float = 860, seed: int = 3) -> Array:
    """Place (n, 2) of every actor in a frame: x in (0, width) to the right, y in (0, height) downwards.

    `adjacency` is (n, n), symmetric, weights > 0; `labels` come from `clusters.louvain`. Every label is an island with
    free room for two lines of title above; strongly linked islands are neighbours, and each is turned so that its links
    to the others are short. ALONE and SMALL are patches near a corner; the top right corner itself stays free for buttons.
    Deterministic. Memory grows with the links and with the square of CORE, never with n squared.
    Source: ForceAtlas2, doi:10.1371/journal.pone.0098679; sunflower patch: Vogel 1979, doi:10.1016/0025-5564(79)90080-4.
    """
    if not len(labels):
        return np.zeros((0, 2))
    rng = np.random.default_rng(seed)
    groups, island = np.unique(labels, return_inverse=True)
    room = dot_room(adjacency)
    inner = [_inside(adjacency, np.flatnonzero(island == k), room, patch=bool(groups[k] < 0), rng=rng) for k in range(len(groups))]
    radius = np.array([reach for _, reach in inner])
    member = sparse.csr_array((np.ones(len(labels)), (island, np.arange(len(labels)))))
    pull = (member @ adjacency @ member.T).toarray().astype(np.float64)
    np.fill_diagonal(pull, 0.0)
    packing = pack(radius, pull, groups < 0, (width, height), rng=rng)
    place = np.zeros((len(labels), 2))
    for k, (spot, _) in enumerate(inner):
        place[island == k] = packing.zoom * spot
    return _turned(place, adjacency, island, packing.centre)


def dot_room(adjacency: sparse.csr_array) -> Array:
    """Half the free space (n,) that a dot asks for, in units of a frame of 1000 x 860: it grows with the root of its links."""
    return np.asarray(6.2 + 2.1 * np.sqrt(np.diff(sparse.csr_array(adjacency).indptr)), dtype=np.float64)


def _inside(adjacency: sparse.csr_array, rows: NDArray[np.int64], room: Array, *, patch: bool, rng: np.random.Generator) -> tuple[Array, float]:
    """Places (m, 2) of one island's actors around (0, 0), and its radius; every dot with its room lies within."""
    mine, links = room[rows], sparse.csr_array(adjacency[rows][:, rows])
    if patch or len(rows) == 1:
        spot = _patch(links, float(mine.max()))
        return spot, float(np.linalg.norm(spot, axis=1).max() + mine.max())
    reach = LOOSE * float(np.sqrt((mine**2).sum())) + 4
    return _clear(_spread(_forces(links, rng), reach - mine), mine, reach), reach


def _patch(links: sparse.csr_array, room: float) -> Array:
    """Actors of a patch: each connected group on a small ring, the rings even in density (a sunflower)."""
    part = csgraph.connected_components(links, directed=False)[1]
    size = np.bincount(part)
    ring = np.where(size > 1, room / np.sin(np.pi / np.maximum(size, 2)), 0.0)
    turn = np.arange(len(size)) * GOLDEN_ANGLE
    out = np.sqrt(np.arange(len(size)) + 0.5) * 1.3 * (ring.max() + room) * (len(size) > 1)
    order = np.argsort(part, kind="stable")
    seat = np.empty(len(part))
    seat[order] = np.arange(len(part)) - (np.cumsum(size) - size)[part[order]]
    around = turn[part] + 2 * np.pi * seat / size[part]
    spot = np.stack([np.cos(turn), np.sin(turn)], axis=1)[part] * out[part, None]
    return np.asarray(spot + np.stack([np.cos(around), np.sin(around)], axis=1) * ring[part, None])


def _forces(links: sparse.csr_array, rng: np.random.Generator) -> Array:
    """Force layout of one island: the CORE best linked actors by ForceAtlas2, the others at the mean of their neighbours."""
    count = links.shape[0]
    spot = rng.normal(size=(count, 2))
    core = np.sort(np.argsort(-np.diff(links.indptr), kind="stable")[:CORE])
    if len(core) > 2:
        graph = nx.from_scipy_sparse_array(links[core][:, core])
        start = dict(enumerate(spot[core]))
        found = nx.forceatlas2_layout(graph, pos=start, max_iter=FORCES, weight="weight", seed=int(rng.integers(2**31)))
        spot[core] = np.array([found[k] for k in range(len(core))])
    placed = np.zeros(count)
    placed[core] = 1.0
    size = float(np.abs(spot[core]).mean())
    while placed.sum() < count:
        known = links @ placed
        new = np.flatnonzero((placed == 0) & (known > 0))
        if not len(new):
            break
        spot[new] = ((links @ (spot * placed[:, None]))[new] / known[new, None]) + 0.2 * size * rng.normal(size=(len(new), 2))
        placed[new] = 1.0
    return spot


def _spread(spot: Array, limit: Array) -> Array:
    """The same directions around the middle, distances by rank, so that the island is filled evenly."""
    out = spot - spot.mean(axis=0)
    far = np.linalg.norm(out, axis=1)
    rank = np.argsort(np.argsort(far, kind="stable"), kind="stable")
    share = np.sqrt((rank + 0.5) / len(spot))
    return np.asarray(out * (share * limit / np.maximum(far, 1e-9))[:, None])


def _clear(spot: Array, room: Array, reach: float) -> Array:
    """Dots pushed off each other until their rooms hardly overlap, and kept within `reach` of the middle."""
    spot = spot.copy()
    widest = 2 * float(room.max())
    for _ in range(PUSHES):
        pairs = cKDTree(spot).query_pairs(widest, output_type="ndarray")
        a, b = pairs[:, 0], pairs[:, 1]
        gap = spot[a] - spot[b]
        far = np.maximum(np.linalg.norm(gap, axis=1), 1e-6)
        lack = np.maximum(0.0, room[a] + room[b] - far)
        if lack.max(initial=0.0) < 0.05 * room.min():
            break
        push = 0.35 * gap * (lack / far)[:, None]
        for axis in (0, 1):
            spot[:, axis] += np.bincount(a, push[:, axis], len(spot)) - np.bincount(b, push[:, axis], len(spot))
        out = np.linalg.norm(spot, axis=1)
        spot *= np.minimum(1.0, (reach - room) / np.maximum(out, 1e-9))[:, None]
    return spot


def _turned(place: Array, adjacency: sparse.csr_array, island: NDArray[np.int64], centre: Array) -> Array:
    """Places in the frame: each island turned, and mirrored where that helps, so that links point to their other end.

    The angle maximises the sum of place . direction over links to other islands (orthogonal Procrustes in the plane,
    doi:10.1007/BF02289451).
    """
    links = sparse.coo_array(adjacency)
    cross = island[links.row] != island[links.col]
    row, col, weight = links.row[cross], links.col[cross], links.data[cross]
    way = centre[island[col]] - centre[island[row]]
    way = way / np.maximum(np.linalg.norm(way, axis=1), 1e-9)[:, None] * weight[:, None]
    result = np.empty_like(place)
    for k in range(len(centre)):
        mine, at = island == k, island[row] == k
        u, _, v = np.linalg.svd(place[row[at]].T @ way[at])
        result[mine] = centre[k] + place[mine] @ u @ v
    return result
