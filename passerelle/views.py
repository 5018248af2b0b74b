"""What the facade gives to the command line, the app and notebooks: frozen views, texts in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from recommender.answers import Band, Gains, Text

FAMILIES = ("company", "research", "public", "care")
"""The four families that carry colour and shape in the app."""


@dataclass(frozen=True)
class SourceRef:
    """A source: its key, title, address (None for an urn) and year of publication as far as known."""

    key: str
    title: str
    url: str | None
    year: str | None
    publisher: str | None = None


@dataclass(frozen=True)
class Fact:
    """A statement with its sources. `published` and the dates are EDTF text; basis and confidence are the ontology's words."""

    id: str
    sources: tuple[SourceRef, ...]
    published: str | None
    basis: str
    confidence: str
    since: str | None = None
    until: str | None = None


COMPUTED = frozenset({"meaning", "words", "distance"})
"""Signals whose reason the tool computed from sourced facts: no source says it in so many words."""
LEVELS = ("verified", "likely", "known", "uncertain", "inferred")
"""How sure a fact is, the surest first; an inferred fact is a hypothesis whatever its confidence."""


def level_of(facts: Iterable[Fact]) -> str:
    """The level of the least certain fact; 'uncertain' without any."""
    levels = ["inferred" if fact.basis == "inferred" else fact.confidence for fact in facts]
    return max(levels, key=lambda level: LEVELS.index(level) if level in LEVELS else LEVELS.index("uncertain"), default="uncertain")


@dataclass(frozen=True)
class ActorRef:
    """An actor in one line. `inside` tells where it is; `outside` that it is known only as a partner of somebody here."""

    id: str
    name: str
    kind: str
    kind_label: Text
    role: str
    family: str
    place: str | None
    inside: bool
    outside: bool = False


@dataclass(frozen=True)
class Offer:
    """A skill that an actor offers."""

    skill: str
    label: Text
    fact: Fact


@dataclass(frozen=True)
class Need:
    """A skill that an actor needs, in which way, in the words of the source; and who here can meet it."""

    skill: str
    label: Text
    need_type: str
    type_label: Text
    paraphrase: Text | None
    fact: Fact
    answered_by: tuple[ActorRef, ...]


@dataclass(frozen=True)
class Tie:
    """A known relation to another actor: how, since when, which facts. `is_tie` tells ties from context."""

    partner: ActorRef
    how: Text
    is_tie: bool
    facts: tuple[Fact, ...]


def abroad(ties: Iterable[Tie]) -> list[tuple[Text, list[Tie]]]:
    """Ties with partners outside, by what joins them with the actor: a project and its other participants, the largest group first."""
    groups: dict[Text, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.partner.outside:
            groups[tie.how].append(tie)
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0].fr))


@dataclass(frozen=True)
class Profile:
    """All that is known about an actor. Hypotheses (inferred needs, offers and sectors) stand apart and are questions."""

    actor: ActorRef
    description: Text
    description_fact: Fact | None
    aliases: tuple[str, ...]
    sectors: tuple[tuple[str, Text], ...]
    status: str
    status_note: Text | None
    recommendable: bool
    why_not: Text | None
    to_check: Text | None
    website: str | None
    siren: str | None
    offers: tuple[Offer, ...]
    needs: tuple[Need, ...]
    hypotheses: tuple[Need, ...]
    offer_hypotheses: tuple[Offer, ...]
    sector_hypotheses: tuple[tuple[str, Text], ...]
    ties: tuple[Tie, ...]
    context: tuple[Tie, ...]
    sources: tuple[SourceRef, ...]
    newest_year: str | None


@dataclass(frozen=True)
class Reason:
    """One reason on a card. `label` names its sort ("Besoin et offre"); `note` quotes the source's paraphrase."""

    signal: str
    label: Text
    contribution: float
    text: Text
    note: Text | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Card:
    """A possible partner with its reasons. `km` is None when unknown; `to_check` says why the actor itself is to be checked.

    `known` says what the two already are to each other without working together.
    """

    rank: int
    partner: ActorRef
    km: float | None
    score: float
    band: Band
    probability: float | None
    basis: str
    gains: Gains
    reasons: tuple[Reason, ...]
    missing: Text | None
    questions: tuple[Text, ...]
    to_check: Text | None
    known: Text | None = None


@dataclass(frozen=True)
class Answer:
    """Partners and supports for an actor or an idea. `notes` are remarks on the question itself (one word, short text)."""

    subject: ActorRef | None
    recommendations: tuple[Card, ...]
    supports: tuple[Card, ...]
    skills: tuple[tuple[str, Text], ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class Link:
    """A missing link between two actors."""

    rank: int
    a: ActorRef
    b: ActorRef
    km: float | None
    score: float
    band: Band
    gains: Gains
    reasons: tuple[Reason, ...]
    missing: Text | None


@dataclass(frozen=True)
class Cluster:
    """A group of actors that the links hold together, named by what is most characteristic of it."""

    id: int
    name: Text
    sectors: tuple[Text, ...]
    skills: tuple[Text, ...]
    members: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A search result; `match` says by what it was found: id, alias, name, part, near, skill, sector, text."""

    id: str
    name: str
    kind: str
    match: str


@dataclass(frozen=True)
class Figure:
    """A key figure with its definition and a second reading ("58 % datés")."""

    key: str
    value: int
    label: Text
    meaning: Text
    second: Text


@dataclass(frozen=True)
class Recent:
    """A stated need read recently in a source."""

    actor: ActorRef
    need: Need


@dataclass(frozen=True)
class Network:
    """The picture: nodes and known links. `cluster` is -1 for actors without a known link, -2 in a pair or trio apart.

    `nodes`: (ActorRef, cluster, degree). `links`: (id, id, is_tie).
    """

    nodes: tuple[tuple[ActorRef, int, int], ...]
    links: tuple[tuple[str, str, bool], ...]
    clusters: tuple[Cluster, ...]
    positions: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Filters:
    """Restrictions on an answer; empty means no restriction. `max_km` in km from the subject."""

    roles: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    sector: str | None = None
    max_km: float | None = None
    cross_sector: bool = False
    cross_cluster: bool = False
    research_industry: bool = False
