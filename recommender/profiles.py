"""What each actor says of itself, as text: one profile per actor for terms, one shorter text for vectors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph_builder.snapshot import Snapshot
from ontology.model import EntityKind
from recommender.encoders import Encoder
from recommender.known import Known
from recommender.text import TermIndex


@dataclass(frozen=True)
class Profiles:
    """Texts of the actors. `terms` is the TF-IDF channel, `vectors` (n, dim) unit rows or None without an encoder.

    `statement` is the description behind the text of an actor, '' where there is none. `descriptions` are those texts, French
    then English; `names` are the names that are no subject (actors, projects, communes).
    """

    texts: tuple[str, ...]
    statement: tuple[str, ...]
    terms: TermIndex
    vectors: NDArray[np.float32] | None
    encoder: Encoder | None
    descriptions: tuple[tuple[str, ...], tuple[str, ...]]
    names: frozenset[str]

    @cached_property
    def subjects(self) -> tuple[TermIndex, TermIndex]:
        """Words of the descriptions without any name, French then English: what two actors can be said to have in common."""
        mask = _mask(self.names)
        french, english = self.descriptions
        return TermIndex.fit([mask(text) for text in french]), TermIndex.fit([mask(text) for text in english])


def read_profiles(snapshot: Snapshot, ids: Sequence[str], known: Known, masked_names: frozenset[str], encoder: Encoder | None) -> Profiles:
    """Profiles from known facts: descriptions in both languages, labels of stated skills and of sectors.

    An actor's own name is left out: two actors that share a word of their names are not alike for that. So are the texts of
    projects: with them TF-IDF found fewer held-out partners (benchmarks/text_channel.py).
    """
    mask = _mask(masked_names)
    fr, statements = _descriptions(snapshot, ids, known, "description_fr")
    en, _ = _descriptions(snapshot, ids, known, "description_en")
    labels_fr, labels_en = topic_labels(snapshot, ids, known, "label_fr"), topic_labels(snapshot, ids, known, "label_en")
    texts = tuple(mask(" ".join(part for part in row if part)) for row in zip(fr, en, labels_fr, labels_en, strict=True))
    short = [mask(f"{text} {labels}".strip()) for text, labels in zip(fr, labels_fr, strict=True)]
    vectors = None if encoder is None else encoder.encode(short)
    aliases = (alias for several in snapshot.lists("alt_name").values() for alias in several)
    names = frozenset(snapshot.values("name").values()) | frozenset(aliases) | masked_names
    return Profiles(texts, statements, TermIndex.fit(texts), vectors, encoder, (tuple(fr), tuple(en)), names)


def _descriptions(snapshot: Snapshot, ids: Sequence[str], known: Known, predicate: str) -> tuple[list[str], tuple[str, ...]]:
    """Known description of each actor, and the statement that holds it; '' where there is none."""
    rows = snapshot.attributes.filter(pc.equal(snapshot.attributes["predicate"], predicate))
    found: dict[str, tuple[str, str]] = {}
    columns = (rows[name].to_pylist() for name in ("subject", "value", "statement", "record"))
    for subject, value, statement, record in zip(*columns, strict=True):
        if subject not in found and known.knows_attribute(statement, record):
            found[subject] = (value, statement)
    told = [found.get(actor, ("", "")) for actor in ids]
    return [text for text, _ in told], tuple(statement for _, statement in told)


def topic_labels(snapshot: Snapshot, ids: Sequence[str], known: Known, predicate: str) -> list[str]:
    """Labels of the stated skills and of the sectors of each actor, joined by commas."""
    label, index = snapshot.values(predicate), {a: i for i, a in enumerate(ids)}
    found: list[set[str]] = [set() for _ in ids]
    for kind, relation in ((EntityKind.SKILL, "offersSkill"), (EntityKind.SECTOR, "operatesInSector")):
        topics = snapshot.entities(kind)
        facts = known.facts(relation, index, {t: i for i, t in enumerate(topics)})
        for actor, topic, stated in zip(facts.subject, facts.object, facts.stated, strict=True):
            if stated:
                found[actor].add(label.get(topics[topic], ""))
    return [", ".join(sorted(x)) for x in found]


def _mask(names: frozenset[str]) -> Callable[[str], str]:
    """A function that blanks the names given, whole words, in any case.

    A text is searched for the names that it holds: one pattern of thousands of names takes longer by orders of magnitude.
    """
    by_word: dict[str, list[str]] = defaultdict(list)
    for name in sorted((n for n in names if len(n) >= 3), key=lambda n: (-len(n), n)):
        by_word[_first_word(name)].append(name)

    def masked(text: str) -> str:
        small = text.lower()
        met = [name for word in {"", *_words(small)} for name in by_word.get(word, ()) if name.lower() in small]
        if not met:
            return text
        met.sort(key=len, reverse=True)
        return re.sub("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in met), " ", text, flags=re.IGNORECASE)

    return masked


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _first_word(name: str) -> str:
    """The first word of a name in small letters, '' where it has none."""
    return next(iter(_words(name)), "")
