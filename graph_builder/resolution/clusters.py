"""Pairs become groups, the strongest pair first, and a pair that would make an impossible group is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from graph_builder.resolution.descriptions import Described
from graph_builder.resolution.matching import Text


@dataclass(frozen=True, order=True)
class Edge:
    """Two actors to merge, a < b. `rank`: 0 judged, 1 a shared identifier, 2 scored; then the higher probability comes first."""

    a: str
    b: str
    rank: int
    probability: float


@dataclass(frozen=True)
class Refusal:
    """A pair that was left out, and why."""

    edge: Edge
    reason: str
    text: Text


@dataclass(frozen=True)
class Linked:
    """Old id -> id that stays, for every actor that changes; the pairs that were used and those left out, in order."""

    canonical: Mapping[str, str]
    used: tuple[Edge, ...]
    refused: tuple[Refusal, ...]


def link(edges: Iterable[Edge], actors: Sequence[Described], apart: Iterable[tuple[str, str]] = ()) -> Linked:
    """Join the pairs, the surest first; `apart` are pairs that may not meet in one group.

    A group holds no two different SIREN, no two actors of one package unless people judged them the same, and no pair that is apart.
    """
    by_id = {actor.id: actor for actor in actors}
    separate = {frozenset(pair) for pair in apart}
    groups: dict[str, frozenset[str]] = {}
    judged: dict[str, frozenset[str]] = {}
    used, refused = [], []
    for edge in sorted(edges, key=lambda e: (e.rank, -e.probability, e.a, e.b)):
        left, right = (groups.get(key, frozenset({key})) for key in (edge.a, edge.b))
        if edge.rank == 0:
            _join(judged, edge)
        refusal = None if left == right else _refusal(edge, left | right, by_id, judged, separate)
        if refusal:
            refused.append(refusal)
            continue
        used.append(edge)
        groups.update(dict.fromkeys(left | right, left | right))
    stays = {group: min(group, key=lambda key: _standing(by_id[key])) for group in set(groups.values())}
    canonical = {key: stays[group] for key, group in sorted(groups.items()) if key != stays[group]}
    return Linked(MappingProxyType(canonical), tuple(used), tuple(refused))


def _join(groups: dict[str, frozenset[str]], edge: Edge) -> None:
    whole = groups.get(edge.a, frozenset({edge.a})) | groups.get(edge.b, frozenset({edge.b}))
    groups.update(dict.fromkeys(whole, whole))


def _standing(actor: Described) -> tuple[int, int, str]:
    """The order in which ids stay: an id of a package, of the first package; then a SIREN; then a PIC."""
    prefix = actor.id.split(":", 1)[0] if ":" in actor.id else ""
    return {"": 0, "siren": 1, "pic": 2}.get(prefix, 3), actor.package, actor.id


def _refusal(
    edge: Edge, group: frozenset[str], by_id: Mapping[str, Described], judged: Mapping[str, frozenset[str]], separate: set[frozenset[str]]
) -> Refusal | None:
    """Why these actors cannot be one, None when they can."""
    sirens = sorted({siren for key in group if (siren := by_id[key].siren)})
    if len(sirens) > 1:
        shown = " et ".join(sirens), " and ".join(sirens)
        return Refusal(edge, "two_sirens", Text(f"SIREN différents : {shown[0]}", f"different SIREN: {shown[1]}"))
    for a, b in combinations(sorted(group), 2):
        if frozenset((a, b)) in separate:
            return Refusal(edge, "judged_apart", Text(f"{a} et {b} ont été jugés différents", f"{a} and {b} were judged apart"))
    packages = defaultdict(list)
    for key in sorted(group):
        packages[by_id[key].package].append(key)
    for members in packages.values():
        for a, b in combinations(members, 2):
            if b not in judged.get(a, ()):
                return Refusal(edge, "same_package", Text(f"une même source distingue {a} et {b}", f"one source tells {a} and {b} apart"))
    return None
