"""Clusters of actors that work together (Louvain), and names for them from what their members share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from recommender.answers import Text

ALONE = -1
"""Label of an actor without any link ("sans lien connu"): in no cluster."""
SMALL = -2
"""Label of an actor whose whole connected group is smaller than `smallest` ("petits groupes"): a pair or a trio apart.

One label gathers all of them, so that twenty pairs make one quiet patch of the picture and not twenty titles; two
actors with this label need not be linked with each other.
"""
SMOOTHING = 0.02
"""Added to both shares of a lift, so that a feature of two actors is no giant; expert judgement."""
WORTH_SAYING = 0.4
"""A second name is kept when its score reaches this share of the first one's; expert judgement."""
LONG_LABEL = 20
"""A label longer than this (characters) is cut before its "et" or "and", where no other label begins like that."""


@dataclass(frozen=True)
class ClusterName:
    """How a cluster is called: `name` in one line, the same in `parts` (one or two lines), and what it rests on.

    `sectors` and `skills` are full labels, the most characteristic first; both may be empty.
    """

    name: Text
    parts: tuple[Text, ...]
    sectors: tuple[Text, ...]
    skills: tuple[Text, ...]


def louvain(adjacency: sparse.csr_array, *, seed: int = 7, resolution: float = 0.8, smallest: int = 4, tries: int = 10) -> NDArray[np.int64]:
    """Cluster of every actor (n,): 0 is the largest; ALONE (-1) without any link; SMALL (-2) in a small group apart.

    `adjacency` is (n, n), symmetric, weights > 0; its diagonal is ignored. Of `tries` seeded runs the one with the
    highest modularity (at `resolution`) is kept; then a cluster of fewer than `smallest` actors joins the one it is
    most linked with (sum of weights, then the larger). Deterministic; actors are visited in an order that depends on
    the structure only, so renumbering them leaves the partition alone, save between actors that no structure tells apart.
    Source: Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008; resolution: Reichardt and Bornholdt 2006,
    doi:10.1103/PhysRevE.74.016110.
    """
    links = _off_diagonal(adjacency)
    labels = np.full(links.shape[0], ALONE, dtype=np.int64)
    linked = np.flatnonzero(np.diff(links.indptr))
    if not len(linked):
        return labels
    order = linked[_structural_order(links[linked][:, linked])]
    inner = links[order][:, order]
    community = _attach_tiny(_best_partition(inner, seed, resolution, tries), inner, smallest)
    labels[order] = _largest_first(community, smallest)
    return labels


def characteristic(labels: NDArray[np.int64], features: sparse.csr_array, *, top: int = 2) -> list[list[int]]:
    """Columns of `features` (n, f; 0/1) that are over-represented in each cluster, best first, at most `top` each.

    score = share in the cluster * log((share + s) / (share among all + s)), s = SMOOTHING; only columns that two members
    carry and whose score is positive. Every column is used once: first names are given out before second ones, the
    larger cluster first, so a list may be empty. Labels below 0 count in the share among all, and get no list.
    Source: share times log lift is the cluster's term of the pointwise Kullback-Leibler divergence,
    doi:10.1214/aoms/1177729694.
    """
    score = _scores(labels, features)
    names: list[list[int]] = [[] for _ in range(len(score))]
    used: set[int] = set()
    for turn in range(top):
        for cluster, row in enumerate(score):
            free = next((int(k) for k in np.argsort(-row, kind="stable") if k not in used), None)
            least = WORTH_SAYING * row[names[cluster][0]] if names[cluster] else 0.0
            if free is not None and len(names[cluster]) == turn and row[free] > max(least, 0.0):
                names[cluster].append(free)
                used.add(free)
    return names


def cluster_names(
    labels: NDArray[np.int64],
    sector_matrix: sparse.csr_array,
    sector_labels: Sequence[Text],
    skill_matrix: sparse.csr_array,
    skill_labels: Sequence[Text],
) -> list[ClusterName]:
    """Name of each cluster 0, 1, ...: "Énergie et logistique", "Energy and logistics"; all different in both languages.

    Made of the two most characteristic sectors; of skills where no sector is known; else "Groupe 3". Two labels of which
    one has its own "et" are joined by a comma: "Numérique et santé, culture". Matrices (n, f) are 0/1.
    """
    sectors, skills = characteristic(labels, sector_matrix), characteristic(labels, skill_matrix, top=3)
    brief_sectors, brief_skills = _brief(sector_labels), _brief(skill_labels)
    names: list[ClusterName] = []
    for at, (mine, able) in enumerate(zip(sectors, skills, strict=True)):
        taken = {word for name in names for word in (name.name.fr, name.name.en)}
        choices = (
            [brief_sectors[k] for k in mine],
            [brief_skills[k] for k in able[:2]],
            [sector_labels[k] for k in mine],
            [brief_sectors[k] for k in mine[:1]] + [brief_skills[k] for k in able[:1]],
            [Text(f"Groupe {at + 1}", f"Group {at + 1}")],
        )
        parts = next(p for p in map(_parts, choices) if p and not taken & {_line(p).fr, _line(p).en})
        names.append(ClusterName(_line(parts), parts, tuple(sector_labels[k] for k in mine), tuple(skill_labels[k] for k in able)))
    return names


def _off_diagonal(adjacency: sparse.csr_array) -> sparse.csr_array:
    """The links as floats, without the diagonal and without stored zeros."""
    links = sparse.coo_array(adjacency)
    keep = (links.row != links.col) & (links.data > 0)
    return sparse.csr_array((links.data[keep].astype(np.float64), (links.row[keep], links.col[keep])), shape=links.shape)


def _structural_order(links: sparse.csr_array) -> NDArray[np.int64]:
    """Order of the actors by structure alone: colour refinement over weighted neighbours, ties by position.

    Source: Weisfeiler and Leman 1968 (one-dimensional refinement).
    """
    colour, count = np.zeros(links.shape[0], dtype=np.int64), 1
    while True:
        around = np.round(links @ np.sqrt(colour + 2.0), 9)
        colour = np.unique(np.stack([colour, around], axis=1), axis=0, return_inverse=True)[1].reshape(-1)
        if colour.max() + 1 == count:
            return np.argsort(colour, kind="stable").astype(np.int64)
        count = int(colour.max()) + 1


def _best_partition(links: sparse.csr_array, seed: int, resolution: float, tries: int) -> NDArray[np.int64]:
    """Community of each row: the run with the highest modularity, the first one among equals."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(links.shape[0]))
    upper = sparse.coo_array(sparse.triu(links))
    graph.add_weighted_edges_from(zip(upper.row.tolist(), upper.col.tolist(), upper.data.tolist(), strict=True))
    best, highest = np.zeros(links.shape[0], dtype=np.int64), -np.inf
    for attempt in range(tries):
        found = nx.community.louvain_communities(graph, resolution=resolution, seed=seed + attempt)
        quality = nx.community.modularity(graph, found, resolution=resolution)
        if quality > highest + 1e-12:
            highest = quality
            for number, members in enumerate(found):
                best[list(members)] = number
    return best


def _attach_tiny(community: NDArray[np.int64], links: sparse.csr_array, smallest: int) -> NDArray[np.int64]:
    """Communities after each one below `smallest` that has a link outwards joined the one it is most linked with."""
    while True:
        size = np.bincount(community)
        member = sparse.csr_array((np.ones(len(community)), (community, np.arange(len(community)))))
        between = _off_diagonal(member @ links @ member.T)
        tiny = np.flatnonzero((size < smallest) & (np.diff(between.indptr) > 0))
        if not len(tiny):
            return community
        goal = []
        for row in tiny:
            span = slice(between.indptr[row], between.indptr[row + 1])
            others, weight = between.indices[span], between.data[span]
            goal.append(others[np.lexsort((others, -size[others], -weight))[0]])
        joins = sparse.coo_array((np.ones(len(tiny)), (tiny, np.asarray(goal))), shape=between.shape)
        community = csgraph.connected_components(joins, directed=False)[1][community].astype(np.int64)


def _largest_first(community: NDArray[np.int64], smallest: int) -> NDArray[np.int64]:
    """Labels by falling size, then by first member; SMALL below `smallest`."""
    _, first, inverse, size = np.unique(community, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -size))
    label = np.empty(len(size), dtype=np.int64)
    label[order] = np.arange(len(size))
    return np.asarray(np.where(size < smallest, SMALL, label)[inverse], dtype=np.int64)


def _scores(labels: NDArray[np.int64], features: sparse.csr_array) -> NDArray[np.float64]:
    """How characteristic each feature is of each cluster, (clusters, f); 0 where fewer than two members carry it."""
    rows = np.flatnonzero(labels >= 0)
    clusters = int(labels.max(initial=-1)) + 1
    member = sparse.csr_array((np.ones(len(rows)), (labels[rows], rows)), shape=(clusters, len(labels)))
    carried = (member @ features).toarray()
    share = carried / np.maximum(np.bincount(labels[rows], minlength=clusters), 1)[:, None]
    base = np.asarray(features.sum(axis=0)).reshape(-1) / max(len(labels), 1)
    score = share * np.log((share + SMOOTHING) / (base + SMOOTHING))
    return np.asarray(np.where(carried >= 2, score, 0.0), dtype=np.float64)


def _parts(words: Sequence[Text]) -> tuple[Text, ...]:
    """One line per label, the second one with its joining word in front: ("Énergie", "et logistique")."""
    fr, en = _join([w.fr for w in words], "et"), _join([w.en for w in words], "and")
    return tuple(Text(a, b) for a, b in zip(fr, en, strict=True))


def _line(parts: Sequence[Text]) -> Text:
    """The lines of a name in one."""
    return Text(" ".join(p.fr for p in parts), " ".join(p.en for p in parts))


def _join(words: Sequence[str], link: str) -> list[str]:
    """The lines of a name in one language; a comma instead of `link` where a label has its own."""
    if len(words) < 2:
        return list(words)
    if any(f" {link} " in word for word in words):
        return [words[0] + ",", _inside(words[1])]
    return [words[0], f"{link} {_inside(words[1])}"]


def _brief(labels: Sequence[Text]) -> list[Text]:
    """Labels that fit above an island, in the same order."""
    fr, en = _shortened([w.fr for w in labels], "et"), _shortened([w.en for w in labels], "and")
    return [Text(a, b) for a, b in zip(fr, en, strict=True)]


def _shortened(labels: Sequence[str], link: str) -> list[str]:
    """Each label up to its first comma, a long one up to its `link`, as long as no other label begins with the same words."""
    cut = [label.split(",")[0] for label in labels]
    cut = [head.split(f" {link} ")[0] if len(head) > LONG_LABEL else head for head in cut]
    return [head if sum(other.startswith(head) for other in labels) == 1 else label for head, label in zip(cut, labels, strict=True)]


def _inside(label: str) -> str:
    """A label inside a phrase: small first letter, acronyms kept."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
