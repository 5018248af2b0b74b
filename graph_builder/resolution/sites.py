"""Signs that two actors that look alike are a site, a department or a branch and the whole it belongs to: such a pair is never merged by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph_builder.resolution.descriptions import Described
from graph_builder.resolution.matching import Clue, Lexicon, Text, name_similarity, same_words, whereabouts

UNIT = -3.0
"""Log-odds of a sign that one is a part of the other."""

BRAND = 0.7
"""Rarity from which the first word of a name can be a brand."""

LIKE_PARENT = 0.85
"""Similarity of names from which an actor is taken for the parent of the other."""

UNIT_WORDS = frozenset(
    "site usine agence agences antenne delegation direction etablissement departement department equipe team laboratoire laboratory lab labo "
    "laboratoires manufacture plant branch campus service succursale filiale subsidiary unite unit umr upr ufr faculte faculty werk "
    "niederlassung standort filial regional regionale regionales division centrale".split()
)
"""Words that say "a part of" when only one of two names has them."""

_AREAS = (
    "auvergne rhone alpes; bourgogne; franche comte; bourgogne franche comte; bretagne; centre val loire; corse; grand est; hauts france; "
    "ile france; normandie; nouvelle aquitaine; occitanie; pays loire; provence alpes cote azur; guadeloupe; martinique; guyane; reunion; "
    "france; french; belgium; belgique; belgie; deutschland; germany; allemagne; switzerland; schweiz; suisse; svizzera; italia; italy; italie; "
    "espana; spain; espagne; iberia; portugal; nederland; netherlands; uk; england; ireland; osterreich; austria; polska; poland; europe; "
    "romania; czech; hungary; sweden; denmark; norway; finland; hellas; greece; turkey; usa; america; china; india; japan"
)


@dataclass(frozen=True)
class Places:
    """Names of communes, regions and countries as words, by their first word."""

    by_first: Mapping[str, tuple[tuple[str, ...], ...]]

    def within(self, words: Iterable[str]) -> str:
        """The longest place name whose words are all among these; "" where there is none."""
        here = set(words)
        found = [name for word in here for name in self.by_first.get(word, ()) if here.issuperset(name)]
        longest: tuple[str, ...] = max(found, key=lambda name: (len(name), name), default=())
        return " ".join(longest)


def places(actors: Sequence[Described]) -> Places:
    """The places that these actors are in, and the regions and countries."""
    names = {name for actor in actors for name in actor.communes}
    names |= {tuple(area.split()) for area in _AREAS.split(";")}
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for name in sorted(names):
        if len("".join(name)) >= 4 or name == ("uk",):
            by_first.setdefault(name[0], []).append(name)
    return Places({word: tuple(found) for word, found in by_first.items()})


def unit_signs(a: Described, b: Described, known: Places, by_id: Mapping[str, Described]) -> tuple[Clue, ...]:
    """The signs that one of two actors is a part of the other, or that both are parts of a third; symmetric in a and b."""
    return (*_names(a, b, known), *_parents(a, b, by_id))


def site_of(a: Described, b: Described, known: Places, words: Lexicon) -> bool:
    """Whether the name of one is the brand of the other with a place or a word for a part: "Alstom Belfort" and "ALSTOM TRANSPORT SA"."""
    if a.country and b.country and a.country != b.country:
        return False
    return any(words.rarity.get(one.forms[0][0], 1.0) >= BRAND and _is_site(one, other, known) for one, other in ((a, b), (b, a)))


def _is_site(site: Described, whole: Described, known: Places) -> bool:
    """Whether the whole begins with the first word of the site, whose other words say a place or a part, while the whole says none."""
    brand, *others = site.forms[0]
    rest = frozenset(others) - whole.words
    theirs = _rest(whole, site)
    return (
        bool(rest & UNIT_WORDS or (rest and rest == frozenset(known.within(rest).split())))
        and (brand in whole.acronyms or any(words[0] == brand for words in whole.forms))
        and not theirs & UNIT_WORDS
        and not known.within(theirs)
    )


def registered_elsewhere(a: Described, b: Described) -> bool:
    """Whether the two are known to be in different places: head office and site, or two companies of one name."""
    return whereabouts(a, b) in ("elsewhere", "other_country")


def _names(a: Described, b: Described, known: Places) -> Iterator[Clue]:
    rests = [_rest(a, b), _rest(b, a)]
    unit = min((word for rest in rests for word in rest if word in UNIT_WORDS), default="")
    if unit:
        text = Text(f"un seul des deux noms dit « {unit} » : une partie et son tout ?", f'only one of the names says "{unit}": a part and its whole?')
        yield Clue("unit_word", UNIT, text)
    place = max((known.within(rest) for rest in rests), key=lambda name: (len(name), name))
    if place and whereabouts(a, b) != "same_place":
        text = Text(
            f"un seul des deux noms dit « {place} » : un site et sa société ?", f'only one of the names says "{place}": a site and its company?'
        )
        yield Clue("place_in_name", UNIT, text)


def _rest(one: Described, other: Described) -> frozenset[str]:
    """The words of the main name of one that no name of the other has."""
    words = one.forms[0]
    return frozenset(words) - frozenset(same_words(words, sorted(other.words)))


def _parents(a: Described, b: Described, by_id: Mapping[str, Described]) -> Iterator[Clue]:
    for child, other in sorted(((a, b), (b, a)), key=lambda pair: pair[0].id):
        for key in child.parents:
            parent = by_id.get(key)
            if parent is not None and (parent.identifiers & other.identifiers or name_similarity(parent, other) >= LIKE_PARENT):
                name = parent.names[0] if parent.names else parent.id
                text = Text(f"l'un fait partie de {name}, à qui l'autre ressemble", f"one is a part of {name}, which the other looks like")
                yield Clue("parent", UNIT, text)
                return
