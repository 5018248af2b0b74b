"""The strongest missing links of a territory: both ends partners, one inside, diverse, each with its reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from math import ceil

import numpy as np
from numpy.typing import NDArray

from ontology.model import OrgKind, Partner
from recommender.answers import MissingLink
from recommender.context import Context
from recommender.doubts import missing
from recommender.eligibility import is_support
from recommender.gains import gains
from recommender.query import Query
from recommender.ranking import band, logistic
from recommender.recommend import Recommender
from recommender.related import related
from recommender.signals.distance import kilometres

MOST_SHARE = 0.1
"""Largest share of a list that one actor may fill, rounded up."""

REPEATED = 1.0
"""Log-odds that each earlier link between the same two kinds of actors costs."""
BRIDGE = 2.0
"""Log-odds that a full bridge adds: another cluster, another role, no shared sector (see `Recommender.bridging`)."""
DOUBTFUL = 0.5
"""Log-odds that each end costs whose own activity is to be checked: no dated source, an old one, or an unknown status."""
ALIKE = 1.0
"""Log-odds that two actors of one kind cost: two town councils or two festivals are neighbours rather than a bridge."""
LEAST = -2.5
"""Log-odds under which a pair is not looked at."""

KeepPair = Callable[[int, int], bool]


def missing_links(recommender: Recommender, k: int = 20, keep: KeepPair | None = None) -> tuple[MissingLink, ...]:
    """The k strongest missing links, diverse: each repetition of two kinds of actors costs `REPEATED`.

    No actor stands in more than `MOST_SHARE` of the list. Greedy, deterministic.
    """
    most = ceil(MOST_SHARE * k)
    used: Counter[int] = Counter()
    kinds: Counter[tuple[str, ...]] = Counter()
    links: list[MissingLink] = []
    waiting = [(-value, a, b, 0) for value, a, b in _pairs(recommender) if keep is None or keep(a, b)]
    heapify(waiting)
    while waiting and len(links) < k:
        value, a, b, paid = heappop(waiting)
        if used[a] >= most or used[b] >= most:
            continue
        sort = tuple(sorted((recommender.context.actors.kind[a], recommender.context.actors.kind[b])))
        if kinds[sort] > paid:
            heappush(waiting, (value + REPEATED * (kinds[sort] - paid), a, b, kinds[sort]))
            continue
        link = _link(recommender, a, b, len(links) + 1)
        if link is not None:
            used.update((a, b))
            kinds[sort] += 1
            links.append(link)
    return tuple(links)


def _pairs(recommender: Recommender) -> Iterator[tuple[float, int, int]]:
    """Pairs that may be listed with their value: log-odds, what the bridge adds, what doubt costs; a < b."""
    matrix, context = recommender.matrix, recommender.context
    ok = np.asarray([p == Partner.YES.value for p in context.actors.partner], dtype=bool)
    inside = context.actors.inside
    allowed: NDArray[np.bool_] = np.triu(ok[:, None] & ok & (inside[:, None] | inside), 1) & np.isfinite(matrix)
    everyone = np.arange(context.size)
    office = institutions(context)
    kind = np.asarray(context.actors.kind)
    doubtful = np.asarray([bool(doubt) for doubt in context.actors.to_check], dtype=float)
    for a in np.flatnonzero(allowed.any(axis=1)):
        value = matrix[a] + BRIDGE * recommender.bridging(int(a), everyone) - DOUBTFUL * (doubtful[a] + doubtful) - ALIKE * (kind == kind[a])
        for b in np.flatnonzero(allowed[a] & (matrix[a] > LEAST) & ~(office & office[a])):
            if not related(context, int(a), int(b)):
                yield float(value[b]), int(a), int(b)


def institutions(context: Context) -> NDArray[np.bool_]:
    """Public authorities and agencies, (n,): two of them meet by office, and need no bridge."""
    org_kind = context.snapshot.values("org_kind")
    return np.asarray([org_kind.get(kind) in (OrgKind.PUBLIC_AUTHORITY, OrgKind.PUBLIC_AGENCY) for kind in context.actors.kind], dtype=bool)


def _link(recommender: Recommender, a: int, b: int, rank: int) -> MissingLink | None:
    """The link with its reasons; None when it has no reason of its own, or rests on a support alone."""
    context, query = recommender.context, Query(actor=a)
    if is_support(context, query, b) or is_support(context, Query(actor=b), a):
        return None
    scored = recommender.ranker.score(context, query, np.asarray([b]))
    evidence = recommender.evidence(query, scored, 0)
    if not evidence:
        return None
    score, km = float(logistic(scored.log_odds)[0]), _km(context, a, b)
    return MissingLink(
        rank=rank,
        a=context.ids[a],
        b=context.ids[b],
        score=round(score, 4),
        band=band(score),
        gains=gains(context, query, b),
        evidence=evidence,
        missing=missing(context, query, b, evidence, km, both=True),
        km=km,
    )


def _km(context: Context, a: int, b: int) -> float | None:
    far = float(kilometres(context, a)[b])
    return None if np.isnan(far) else far
