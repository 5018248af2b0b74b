"""Which actors of different packages are compared at all: those that share a key. Near-linear in the number of actors.

Keys of an actor: every word of its names that few actors have; beginning and end of its rarest word (one typing error spoils only one
of them); its two rarest words together (for names made of common words); its acronyms and initials; its commune; its web domain.
A key that would compare too many pairs is skipped and told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from graph_builder.normalise import fold
from graph_builder.resolution.descriptions import Described

RARE = 30
"""Actors that may share a word for it to be a key by itself."""

MOST_PAIRS = 2_500
"""Pairs that one key may give; a larger block is skipped, and its actors meet only through their other keys."""

AFFIX = 5
"""Letters of the beginning and of the end of the rarest word."""


@dataclass(frozen=True)
class Candidates:
    """Pairs of positions in the list of actors, sorted, each once; `skipped` are the keys of the blocks left out, with their pairs."""

    pairs: tuple[tuple[int, int], ...]
    skipped: tuple[tuple[str, int], ...]


def candidates(actors: Sequence[Described]) -> Candidates:
    """The pairs of actors of two packages that share a key."""
    frequency = Counter(word for actor in actors for word in actor.words)
    blocks: dict[str, list[int]] = defaultdict(list)
    for position, actor in enumerate(actors):
        for key in dict.fromkeys(keys(actor, frequency)):
            blocks[key].append(position)
    pairs: set[tuple[int, int]] = set()
    skipped = []
    for key, members in blocks.items():
        size = _pairs_between(members, actors)
        if size > MOST_PAIRS:
            skipped.append((key, size))
        elif size:
            pairs.update((a, b) for a, b in combinations(members, 2) if actors[a].package != actors[b].package)
    return Candidates(tuple(sorted(pairs)), tuple(sorted(skipped)))


def keys(actor: Described, frequency: Counter[str]) -> Iterator[str]:
    """The keys of one actor, given how many actors have each word."""
    by_rarity = sorted(actor.words, key=lambda word: (frequency[word], word))
    for word in by_rarity:
        if frequency[word] <= RARE and len(word) > 1:
            yield f"word:{word}"
    for words in actor.variants:
        first, *others = sorted(words, key=lambda word: (frequency[word], word))
        if len(first) > AFFIX:
            yield f"begins:{first[:AFFIX]}"
            yield f"ends:{first[-AFFIX:]}"
        if others:
            yield f"words:{' '.join(sorted((first, others[0])))}"
    yield from (f"acronym:{letters}" for letters in sorted(actor.acronyms | actor.initials))
    yield from (f"commune:{fold(name)}" for name in actor.place_names)
    if actor.domain:
        yield f"domain:{actor.domain}"


def _pairs_between(members: Sequence[int], actors: Sequence[Described]) -> int:
    """How many pairs of different packages a block holds."""
    sizes = Counter(actors[position].package for position in members)
    return (len(members) ** 2 - sum(size**2 for size in sizes.values())) // 2
