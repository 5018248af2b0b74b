"""Which actors belong to the same group, so that one is never recommended to the other.

Two actors are of the same group when one is above the other, through any number of steps, along partOf, owns (without the role
shareholder) and governs (role operator only); or when each has one parent and it is the same; or when sameGroupAs links them,
through any number of steps. Board seats, supervision and shareholding make no group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import networkx as nx
import pyarrow as pa
import pyarrow.compute as pc

from ontology.model import RelationRole

PREDICATES = ("partOf", "owns", "governs", "sameGroupAs")


def same_group_pairs(relations: pa.Table, actors: frozenset[str]) -> list[tuple[str, str]]:
    """Pairs of actors of the same group, each pair and the list sorted; ends that are no actors are passed over."""
    parents, linked = _read(relations, actors)
    pairs = {_sorted(child, ancestor) for child in parents for ancestor in _ancestors(child, parents)}
    pairs.update(_siblings(parents))
    for component in nx.connected_components(nx.Graph(linked)):
        pairs.update(combinations(sorted(component), 2))
    return sorted(pairs)


def _read(relations: pa.Table, actors: frozenset[str]) -> tuple[dict[str, set[str]], list[tuple[str, str]]]:
    """Child -> parents, and the pairs that sameGroupAs links."""
    table = relations.filter(pc.is_in(relations["predicate"], value_set=pa.array(PREDICATES)))
    parents: dict[str, set[str]] = defaultdict(set)
    linked = []
    columns = (table[name].to_pylist() for name in ("subject", "predicate", "object", "qualifiers"))
    for subject, predicate, obj, qualifiers in zip(*columns, strict=True):
        if subject not in actors or obj not in actors or subject == obj:
            continue
        role = dict(qualifiers or ()).get("role")
        if predicate == "sameGroupAs":
            linked.append((subject, obj))
        elif predicate == "partOf":
            parents[subject].add(obj)
        elif _is_above(predicate, role):
            parents[obj].add(subject)
    return dict(parents), linked


def _is_above(predicate: str, role: str | None) -> bool:
    """Whether the subject of this relation stands above its object."""
    if predicate == "owns":
        return role != RelationRole.SHAREHOLDER
    return predicate == "governs" and role == RelationRole.OPERATOR


def _ancestors(child: str, parents: Mapping[str, Iterable[str]]) -> set[str]:
    """All actors above one, itself left out even where the relations run in a circle."""
    found: set[str] = set()
    waiting = [child]
    while waiting:
        above = set(parents.get(waiting.pop(), ())) - found
        found |= above
        waiting.extend(above)
    return found - {child}


def _siblings(parents: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    families: dict[str, list[str]] = defaultdict(list)
    for child, above in parents.items():
        if len(above) == 1:
            families[next(iter(above))].append(child)
    for children in families.values():
        yield from combinations(sorted(children), 2)


def _sorted(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)
