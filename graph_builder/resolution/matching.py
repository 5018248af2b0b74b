"""How likely two actors of different packages are one: a sum of clues in log-odds, each said in plain words.

The weights are expert judgement and fitted to nothing (docs/resolution.md has the table and what was measured). The probability is the
logistic function of the sum.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from graph_builder.resolution.descriptions import Described

START = -2.0
"""Log-odds before any clue: most pairs that share a key are not one."""

NAME = ((0.5, -5.0), (0.7, -3.0), (0.8, -1.5), (0.9, 1.0), (1.0, 3.0))
"""Log-odds at these similarities of the best pair of names; straight lines between, constant outside."""

WORDS = ((0.0, -3.0), (0.5, -1.0), (0.8, 0.5), (1.0, 2.0))
"""Log-odds at these shares of agreement, words weighted by their rarity."""

WEIGHTS: Mapping[str, float] = {
    "acronym": 2.5,
    "initials": 2.0,
    "three_letters": -1.0,
    "short_name": -1.5,
    "numbers": -4.0,
    "same_place": 2.0,
    "near": 0.7,
    "elsewhere": -1.5,
    "place_unknown": -1.0,
    "other_country": -5.0,
    "same_domain": 2.5,
    "other_domain": -0.7,
    "same_family": 0.4,
    "other_family": -1.2,
}
"""Log-odds of the clues that are there or not."""

INFORMATIVE = 0.8
"""Rarity that the common words must add up to for their agreement to count in full: a name of everyday words proves little."""

SMALLEST = 1_000

NEAR_KM = 20.0
SAME_WORD = 85.0
"""Similarity (0 to 100) from which two words of five letters or more are the same word with a typing error."""

SAME_PLACE = 90.0
"""Similarity (0 to 100) from which two names of communes are one."""


@dataclass(frozen=True)
class Text:
    """The same words in French and in English."""

    fr: str
    en: str


@dataclass(frozen=True)
class Clue:
    """One reason for or against: its share of the log-odds, and plain words."""

    name: str
    weight: float
    text: Text


@dataclass(frozen=True)
class Lexicon:
    """What is known over all actors: rarity of words in [0, 1] (1: one actor has it), and domains that several actors of one package share."""

    rarity: Mapping[str, float]
    shared_domains: frozenset[str]


def lexicon(actors: Sequence[Described]) -> Lexicon:
    """The rarity of every word and the shared domains among these actors.

    Rarity: 1 - log(count) / log(n + 1), n at least `SMALLEST`: two actors that have a word do not make it a common one.
    """
    counts = Counter(word for actor in actors for word in actor.words)
    whole = math.log(max(len(actors), SMALLEST) + 1)
    domains = Counter((actor.package, actor.domain) for actor in actors if actor.domain)
    return Lexicon(
        {word: max(0.0, 1 - math.log(count) / whole) for word, count in counts.items()},
        frozenset(domain for (_, domain), count in domains.items() if count > 1),
    )


def probability(clues: Iterable[Clue]) -> float:
    """The logistic function of `START` and the clues, in [0, 1]."""
    return 1 / (1 + math.exp(-(START + math.fsum(clue.weight for clue in clues))))


def score(a: Described, b: Described, words: Lexicon) -> tuple[Clue, ...]:
    """The clues for and against two actors being one, symmetric in a and b; those of weight 0 are left out."""
    found = (*_name_clues(a, b, words), *_place(a, b), *_website(a, b, words), *_family(a, b))
    return tuple(clue for clue in found if clue.weight)


def name_similarity(a: Described, b: Described) -> float:
    """Similarity of the closest pair of names without legal forms, in [0, 1]: sorted words, or letters without spaces, whichever is higher."""
    return max(_similar(left, right) for left in a.variants for right in b.variants)


def _similar(left: Sequence[str], right: Sequence[str]) -> float:
    if left == right:
        return 1.0
    words = fuzz.ratio(" ".join(sorted(left)), " ".join(sorted(right)))
    return max(words, fuzz.ratio("".join(left), "".join(right))) / 100


def agreement(left: Sequence[str], right: Sequence[str], words: Lexicon) -> float:
    """Weight of the words that both names have over the weight of all their words, in [0, 1]; a typing error is forgiven in long words."""
    same = same_words(left, right)
    weight = [words.rarity.get(word, 1.0) for word in left] + [words.rarity.get(word, 1.0) for word in right]
    shared = math.fsum(min(words.rarity.get(x, 1.0), words.rarity.get(y, 1.0)) for x, y in same.items())
    whole = math.fsum(weight) - math.fsum(max(words.rarity.get(x, 1.0), words.rarity.get(y, 1.0)) for x, y in same.items())
    return shared / whole if whole else 1.0


def same_words(left: Iterable[str], right: Iterable[str]) -> dict[str, str]:
    """The words of the left name that the right one has, exactly or with a typing error, each with its counterpart."""
    first, rest = dict.fromkeys(left), dict.fromkeys(right)
    same = {word: word for word in first if word in rest}
    for word in first:
        if word in same or len(word) < 5:
            continue
        close = sorted((-fuzz.ratio(word, other), other) for other in rest if other not in same.values() and len(other) >= 5)
        if close and -close[0][0] >= SAME_WORD:
            same[word] = close[0][1]
    return same


def _name_clues(a: Described, b: Described, words: Lexicon) -> Iterator[Clue]:
    similar, left, right = max((_similar(x, y), x, y) for x in a.variants for y in b.variants)
    share = max(agreement(x, y, words) for x in a.variants for y in b.variants)
    name, rare = _between(NAME, similar), _between(WORDS, share)
    acronym = _acronym(a, b)
    if acronym and similar < 1:
        yield acronym
        name, rare = max(name, -0.5), max(rare, 0.0)  # an acronym stands for a name that looks different
    percent = round(100 * similar)
    yield Clue("name", name, Text(f"noms proches à {percent} %", f"names {percent} % alike"))
    common = sorted(same_words(left, right), key=lambda word: (-words.rarity.get(word, 1.0), word))[:3]
    rare *= min(1.0, math.fsum(words.rarity.get(word, 1.0) for word in common) / INFORMATIVE) if rare > 0 else 1.0
    shown = ", ".join(common)
    yield Clue(
        "words",
        rare,
        Text(f"mots rares communs : {shown}", f"rare words in common: {shown}") if common else Text("aucun mot commun", "no word in common"),
    )
    if min(len("".join(left)), len("".join(right))) < 5 and similar == 1:
        yield Clue("short_name", WEIGHTS["short_name"], Text("nom très court", "very short name"))
    if a.numbers and b.numbers and not a.numbers & b.numbers:
        yield Clue("numbers", WEIGHTS["numbers"], Text("numéros différents dans les noms", "different numbers in the names"))


def _acronym(a: Described, b: Described) -> Clue | None:
    """The clue that both have one acronym, or that one has the initials of the other's name; None where neither is so."""
    both, initials = a.acronyms & b.acronyms, (a.acronyms & b.initials) | (a.initials & b.acronyms)
    letters = max(both or initials, key=lambda text: (len(text), text), default="")
    if not letters:
        return None
    weight = WEIGHTS["acronym" if both else "initials"] + (WEIGHTS["three_letters"] if len(letters) == 3 else 0.0)
    return Clue("acronym", weight, Text(f"même sigle : {letters.upper()}", f"same acronym: {letters.upper()}"))


def _between(knots: Sequence[tuple[float, float]], value: float) -> float:
    """The value on the broken line through the knots, constant outside."""
    if value <= knots[0][0]:
        return knots[0][1]
    if value >= knots[-1][0]:
        return knots[-1][1]
    at = bisect_right(knots, (value, math.inf))
    (x0, y0), (x1, y1) = knots[at - 1], knots[at]
    return y0 + (y1 - y0) * (value - x0) / (x1 - x0)


def whereabouts(a: Described, b: Described) -> str:
    """`same_place`, `near`, `elsewhere` (same country), `other_country`, or `place_unknown` (the place of one is not told)."""
    if a.country and b.country and a.country != b.country:
        return "other_country"
    if a.places & b.places or any(_same_commune(x, y) for x in a.communes for y in b.communes):
        return "same_place"
    distance = _kilometres(a, b)
    known = (a.place_names or a.postcodes or a.position) and (b.place_names or b.postcodes or b.position)
    if not known:
        return "place_unknown"
    close = distance <= NEAR_KM if distance is not None else bool(a.department and a.department == b.department)
    return "near" if close else "elsewhere"


def _same_commune(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return left == right or fuzz.ratio(" ".join(left), " ".join(right)) >= SAME_PLACE


def _kilometres(a: Described, b: Described) -> float | None:
    """Distance between two positions, None where one is not known."""
    if a.position is None or b.position is None:
        return None
    (lat1, lon1), (lat2, lon2) = ([math.radians(x) for x in p] for p in (a.position, b.position))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(min(1.0, math.sqrt(half)))


def _place(a: Described, b: Described) -> Iterator[Clue]:
    where = whereabouts(a, b)
    x, y = sorted((_place_of(a), _place_of(b)))
    texts = {
        "same_place": Text(f"même commune : {x}", f"same place: {x}"),
        "near": Text(f"communes voisines : {x} et {y}", f"places close by: {x} and {y}"),
        "elsewhere": Text(f"communes différentes : {x} et {y}", f"different places: {x} and {y}"),
        "other_country": Text(f"pays différents : {x} et {y}", f"different countries: {x} and {y}"),
        "place_unknown": Text("commune inconnue d'un côté", "place not told on one side"),
    }
    yield Clue(where, WEIGHTS[where], texts[where])


def _place_of(actor: Described) -> str:
    """Commune and country as a person reads them."""
    name = min(actor.place_names, default="") or min(actor.postcodes, default="")
    return f"{name} ({actor.country})" if name and actor.country else name or actor.country or "?"


def _website(a: Described, b: Described, words: Lexicon) -> Iterator[Clue]:
    if not a.domain or not b.domain:
        return
    if a.domain.endswith(f".{b.domain}") or b.domain.endswith(f".{a.domain}"):
        return  # a part of a site: for or against, who knows
    if a.domain != b.domain:
        yield Clue("other_domain", WEIGHTS["other_domain"], Text("sites web différents", "different websites"))
    elif a.domain not in words.shared_domains:
        yield Clue("same_domain", WEIGHTS["same_domain"], Text(f"même site web : {a.domain}", f"same website: {a.domain}"))


def _family(a: Described, b: Described) -> Iterator[Clue]:
    if a.family and b.family:
        same = a.family == b.family
        text = Text("même sorte d'acteur", "same sort of actor") if same else Text("sortes d'acteur différentes", "different sorts of actor")
        yield Clue("same_family" if same else "other_family", WEIGHTS["same_family" if same else "other_family"], text)
