"""Which records of several packages speak of the same actor: identifiers first, then names, then what people judged.

The rules, the score and what was measured are in docs/resolution.md. The order of rows changes nothing; the order of packages decides only
which of two package ids stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from graph_builder.resolution.blocking import candidates
from graph_builder.resolution.clusters import Edge, Refusal, link
from graph_builder.resolution.descriptions import Described, describe
from graph_builder.resolution.matching import Clue, Lexicon, Text, lexicon, probability, score
from graph_builder.resolution.merging import Conflict, merge
from graph_builder.resolution.sites import Places, places, registered_elsewhere, site_of, unit_signs
from graph_builder.tables import Tables, concatenate

__all__ = ["AUTOMATIC", "REVIEW", "Clue", "Conflict", "Judgement", "Pair", "Resolution", "Text", "Verdict", "resolve"]

Verdict = Literal["same", "different", "unsure"]

AUTOMATIC = 0.95
"""Probability from which two actors are merged without asking."""

REVIEW = 0.1
"""Probability from which a pair that is not merged is shown for review; below it is dropped."""

SURE = 12.0
"""Log-odds of a shared identifier and of a judgement: they decide alone."""


@dataclass(frozen=True)
class Judgement:
    """What a person decided on two actors, named by the keys of the records that carry their `type`; the order of the two is free."""

    a: str
    b: str
    verdict: Verdict


@dataclass(frozen=True)
class Pair:
    """Two actors that may be one, a < b. The clues and `matching.START` add up to the log-odds of `probability`.

    `value` is what a review is worth: the probability that they are one (apart is what happens without a decision) times the relations
    that would then move to the other, plus one; half of it when somebody was unsure already. `reason_blocked` (weight 0: it may repeat
    a clue) says why a pair is not merged whatever its probability.
    """

    a: str
    b: str
    records: tuple[str, str]
    names: tuple[str, str]
    probability: float
    clues: tuple[Clue, ...]
    value: float
    verdict: Verdict | None = None
    reason_blocked: Clue | None = None


@dataclass(frozen=True)
class Resolution:
    """The tables as one with the merges applied; `merges` old id -> id that stays; why; what to review, the most valuable first; conflicts."""

    tables: Tables
    merges: Mapping[str, str]
    merged: tuple[Pair, ...]
    review: tuple[Pair, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class _World:
    actors: tuple[Described, ...]
    by_id: Mapping[str, Described]
    words: Lexicon
    places: Places
    verdicts: Mapping[tuple[str, str], Verdict]


def resolve(parts: Sequence[tuple[str, Tables]], judgements: Iterable[Judgement] = ()) -> Resolution:
    """Find the actors that several packages describe and merge them; `parts` are (package name, tables), the first packages win.

    The same input gives the same result. Judgements on records that are not there any more are passed over and reported.
    """
    decided = sorted(judgements, key=lambda j: (j.a, j.b, j.verdict))
    if len(parts) < 2 and not decided:
        return Resolution(concatenate(tables for _, tables in parts), {}, (), (), ())
    actors = describe(parts)
    verdicts, stale = _verdicts(actors, decided)
    world = _World(actors, {a.id: a for a in actors}, lexicon(actors), places(actors), verdicts)
    pairs = {(pair.a, pair.b): pair for pair in (*_scored(world), *_identified(world), *_judged(world))}
    edges, review = _sort_out(pairs.values(), world)
    linked = link(edges, actors, [key for key, verdict in verdicts.items() if verdict != "same"])
    left_out = [replace(pairs[r.edge.a, r.edge.b], reason_blocked=Clue(r.reason, 0.0, r.text)) for r in linked.refused]
    review += [pair for pair in left_out if pair.verdict is None and pair.reason_blocked and pair.reason_blocked.name != "two_sirens"]
    merged = merge(parts, linked.canonical)
    return Resolution(
        merged.tables,
        linked.canonical,
        tuple(sorted((pairs[e.a, e.b] for e in linked.used), key=lambda p: (p.a, p.b))),
        tuple(sorted(review, key=lambda p: (-p.value, p.a, p.b))),
        (*stale, *(_refusal(r) for r in linked.refused), *merged.conflicts),
    )


def _verdicts(actors: Sequence[Described], judgements: Sequence[Judgement]) -> tuple[dict[tuple[str, str], Verdict], list[Conflict]]:
    """Judgements by pair of ids; and those that cite a record which no actor has."""
    by_record = {actor.record: actor.id for actor in actors}
    verdicts: dict[tuple[str, str], Verdict] = {}
    stale = []
    for judgement in judgements:
        missing = [record for record in (judgement.a, judgement.b) if record not in by_record]
        if missing:
            text = Text(f"décision sans objet : la fiche {missing[0]} n'est plus là", f"judgement passed over: the record {missing[0]} is not there")
            stale.append(Conflict("stale_judgement", judgement.a, "", judgement.a, judgement.b, text))
            continue
        a, b = sorted((by_record[judgement.a], by_record[judgement.b]))
        if a != b:
            verdicts[a, b] = judgement.verdict
    return verdicts, stale


def _scored(world: _World) -> Iterator[Pair]:
    """Pairs of the blocks that look alike enough to be merged or reviewed."""
    for x, y in candidates(world.actors).pairs:
        a, b = world.actors[x], world.actors[y]
        if _two_sirens(a, b):
            continue
        plain = score(a, b, world.words)
        alike = probability(plain) >= REVIEW
        if alike or site_of(a, b, world.places, world.words):
            signs = unit_signs(a, b, world.places, world.by_id)
            if signs and any(clue.name == "other_country" for clue in plain):
                continue  # neither the same nor a site of it
            elsewhere = next((clue for clue in plain if clue.name in ("elsewhere", "other_country")), None) if registered_elsewhere(a, b) else None
            yield _pair(a, b, (*plain, *signs), world, blocked=next(iter(signs), elsewhere))


def _identified(world: _World) -> Iterator[Pair]:
    """Pairs that share an exact identifier; one that several actors of a package carry names the unit above them and merges nobody."""
    owners: dict[str, list[Described]] = defaultdict(list)
    for actor in world.actors:
        for key in actor.identifiers:
            owners[key].append(actor)
    for key in sorted(key for key, found in owners.items() if len(found) > 1):
        packages = [actor.package for actor in owners[key]]
        several = len(set(packages)) < len(packages)
        clue = Clue("identifier", 0.0 if several else SURE, Text(f"même identifiant : {key}", f"same identifier: {key}"))
        text = Text(f"plusieurs acteurs d'une même source portent {key}", f"several actors of one source carry {key}")
        for a, b in combinations(owners[key], 2):
            if a.package != b.package:
                plain = score(a, b, world.words)
                yield _pair(a, b, (clue, *plain), world, blocked=Clue("shared_identifier", 0.0, text) if several else None)


def _judged(world: _World) -> Iterator[Pair]:
    """The pairs that people judged, whatever they look like."""
    for (x, y), verdict in world.verdicts.items():
        a, b = world.by_id[x], world.by_id[y]
        weight = {"same": SURE, "different": -SURE, "unsure": 0.0}[verdict]
        words = {"same": ("les mêmes", "the same"), "different": ("différents", "different"), "unsure": ("peut-être les mêmes", "perhaps the same")}
        clue = Clue("judgement", weight, Text(f"jugés {words[verdict][0]} par une personne", f"judged {words[verdict][1]} by a person"))
        yield _pair(a, b, (clue, *score(a, b, world.words)), world, blocked=None)


def _pair(a: Described, b: Described, clues: tuple[Clue, ...], world: _World, *, blocked: Clue | None) -> Pair:
    a, b = sorted((a, b), key=lambda actor: actor.id)
    verdict = world.verdicts.get((a.id, b.id))
    chance = probability(clues)
    names = (a.names[0] if a.names else a.id, b.names[0] if b.names else b.id)
    if blocked is not None:
        blocked = replace(blocked, weight=0.0)
    value = chance * (1 + min(a.facts, b.facts)) * (0.5 if verdict == "unsure" else 1.0)
    return Pair(a.id, b.id, (a.record, b.record), names, chance, clues, value, verdict, blocked)


def _sort_out(pairs: Iterable[Pair], world: _World) -> tuple[list[Edge], list[Pair]]:
    """The pairs to merge, as edges with their rank, and the pairs to review."""
    edges, review, likely = [], [], []
    for pair in sorted(pairs, key=lambda p: (p.a, p.b)):
        named = any(clue.name == "identifier" and clue.weight for clue in pair.clues)
        if pair.verdict == "same":
            edges.append(Edge(pair.a, pair.b, 0, 1.0))
        elif pair.verdict == "different":
            continue
        elif pair.verdict == "unsure":
            review.append(pair)
        elif named and not pair.reason_blocked:
            edges.append(Edge(pair.a, pair.b, 1, 1.0))
        elif _two_sirens(world.by_id[pair.a], world.by_id[pair.b]):
            continue
        elif pair.probability >= AUTOMATIC and not pair.reason_blocked:
            likely.append(pair)
        else:
            review.append(pair)
    rivals = _rivals(likely, world)
    for pair in likely:
        if (pair.a, pair.b) in rivals:
            text = Text("plusieurs acteurs d'une même source ressemblent autant", "several actors of one source look as much alike")
            review.append(replace(pair, reason_blocked=Clue("rivals", 0.0, text)))
        else:
            edges.append(Edge(pair.a, pair.b, 2, pair.probability))
    return edges, review


def _rivals(likely: Sequence[Pair], world: _World) -> frozenset[tuple[str, str]]:
    """The pairs of which one side has another match in the same package."""
    matches: dict[tuple[str, int], set[str]] = defaultdict(set)
    for pair in likely:
        matches[pair.a, world.by_id[pair.b].package].add(pair.b)
        matches[pair.b, world.by_id[pair.a].package].add(pair.a)
    sides = ((pair, (pair.a, world.by_id[pair.b].package), (pair.b, world.by_id[pair.a].package)) for pair in likely)
    return frozenset((pair.a, pair.b) for pair, one, other in sides if len(matches[one]) > 1 or len(matches[other]) > 1)


def _two_sirens(a: Described, b: Described) -> bool:
    return bool(a.siren and b.siren and a.siren != b.siren)


def _refusal(refusal: Refusal) -> Conflict:
    return Conflict(refusal.reason, refusal.edge.a, "", refusal.edge.a, refusal.edge.b, refusal.text)
