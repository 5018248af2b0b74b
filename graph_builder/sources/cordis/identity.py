"""Which PICs are one organisation: the same name in the same country, or the same VAT number and a similar name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from graph_builder.normalise import fold

LARGEST_GROUP = 10
"""PICs that may share a VAT number; where more do, it is that of a ministry, a group or a mistake."""

SIMILAR = 0.5
"""Jaccard similarity of the words of two names ([0, 1], higher is closer) from which one VAT number makes them one."""


def same_organisation(names: Sequence[str], countries: Sequence[str], vats: Sequence[str]) -> NDArray[np.int64]:
    """Group number of each PIC, (n,); PICs of one group are one organisation. A PIC without a name stays alone.

    Joined: the same folded name in the same country; the same VAT number, borne by 2 to 10 PICs, when the words of the names have a
    Jaccard similarity of at least .5. Numbers say nothing but who is together; the order of the PICs plays no part in that.
    """
    folded = [fold(name) for name in names]
    pairs = np.asarray([*_same_name(folded, countries), *_same_vat(folded, vats)], dtype=np.int64).reshape(-1, 2)
    links = sparse.coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(names), len(names)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _same_name(folded: Sequence[str], countries: Sequence[str]) -> Iterator[tuple[int, int]]:
    for group in _groups((name, country) if name else None for name, country in zip(folded, countries, strict=True)):
        yield from ((group[0], other) for other in group[1:])


def _same_vat(folded: Sequence[str], vats: Sequence[str]) -> Iterator[tuple[int, int]]:
    for group in _groups(vat if vat and name else None for vat, name in zip(vats, folded, strict=True)):
        if len(group) <= LARGEST_GROUP:
            words = {i: frozenset(folded[i].split()) for i in group}
            yield from ((i, j) for i, j in combinations(group, 2) if len(words[i] & words[j]) >= SIMILAR * len(words[i] | words[j]))


def _groups(keys: Iterable[object]) -> Iterator[list[int]]:
    """Positions that have the same key, where at least two have; a key of None is no key."""
    by_key: dict[object, list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        if key is not None:
            by_key[key].append(position)
    return (group for group in by_key.values() if len(group) > 1)
