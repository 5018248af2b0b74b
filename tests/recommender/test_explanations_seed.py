"""Every card of the seed, read as a person reads it: words, sources, shares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from ontology.model import Basis, EntityKind
from recommender.answers import Evidence, Text
from recommender.exposure import MOST_SHARE
from recommender.landscape.missing_links import missing_links
from recommender.ranking import WEIGHTS
from recommender.recommend import Recommender
from recommender.wording import lower_first
from tests.recommender.conftest import Card

pytestmark = pytest.mark.slow

FRENCH = "le la les des du une et pour dans sur est sont ce cette ces travaille avec leurs deux cherche savoir-faire besoin existe".split()
ENGLISH = "the and is are this both needs with of has have skill already works work their they known need from only".split()


def texts_of(evidence: tuple[Evidence, ...]) -> Iterator[Text]:
    yield from (e.text for e in evidence)


@pytest.fixture(scope="module")
def templates(seed_cards: tuple[Card, ...], seed_recommender: Recommender) -> frozenset[Text]:
    """Every text made by us: reasons, gains, doubts, questions; the notes are the words of the sources."""
    found: set[Text] = set()
    for card in seed_cards:
        found.update(texts_of(card.answer.evidence))
        found.update((card.answer.gains.subject, card.answer.gains.partner, *card.answer.questions))
        found.update([card.answer.missing] if card.answer.missing else [])
    for link in missing_links(seed_recommender, 40):
        found.update((*texts_of(link.evidence), link.gains.subject, link.gains.partner))
        found.update([link.missing] if link.missing else [])
    return frozenset(found)


@pytest.fixture(scope="module")
def words(templates: frozenset[Text], seed_cards: tuple[Card, ...]) -> frozenset[str]:
    """Every text on a card, in both languages."""
    notes = {e.note for card in seed_cards for e in card.answer.evidence if e.note}
    return frozenset(word for text in templates | notes for word in (text.fr, text.en))


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("an id", r"\b(?:skill|sector|place|kind|source|strategy):\w"),
        ("snake case", r"[^\W_]_[^\W_]"),
        ("two spaces", r"\s\s"),
        ("two full stops", r"\.\."),
        ("empty parentheses", r"\(\s*\)"),
        ("empty quotes", r"«\s*»|“\s*”"),
        ("a placeholder", r"[{}]|\bNone\b|\bnan\b"),
        ("a space before a full stop or a comma", r"\s[.,]"),
        ("an unfinished sentence", r"[^.!?…»”)]$"),
        ("an empty list", r": ?[.;]"),
        ("a blank end", r"^\s|\s$|^$"),
    ],
)
def test_no_text_has(words: frozenset[str], fault: str, pattern: str) -> None:
    assert [w for w in words if re.search(pattern, w)][:5] == [], fault


def test_no_text_names_a_feature(words: frozenset[str]) -> None:
    names = [f for f in WEIGHTS if "_" in f]
    assert [w for w in words if any(n in w for n in names)] == []


def test_no_text_shows_an_id(seed_recommender: Recommender, words: frozenset[str]) -> None:
    ids = [e for kind in EntityKind for e in seed_recommender.context.snapshot.entities(kind) if ":" in e or "_" in e]
    assert [(w, i) for w in words for i in ids if i in w] == []


def stripped(seed_recommender: Recommender, texts: list[str]) -> list[str]:
    """The texts with X for names, labels, communes and quoted words: what the templates say."""
    snapshot = seed_recommender.context.snapshot
    known = {v for p in ("name", "name_en", "label_fr", "label_en") for v in snapshot.values(p).values()}
    known |= {lower_first(v) for v in known}
    pattern = re.compile("|".join(re.escape(k) for k in sorted(known, key=len, reverse=True)))
    return [re.sub(r"«[^»]*»|“[^”]*”", "X", pattern.sub("X", t)) for t in texts]


@pytest.mark.parametrize(("lang", "foreign"), [("fr", ENGLISH), ("en", FRENCH)])
def test_templates_keep_to_their_language(seed_recommender: Recommender, templates: frozenset[Text], lang: str, foreign: list[str]) -> None:
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(foreign)})(?![\w-])", re.IGNORECASE)
    left = stripped(seed_recommender, sorted({t.of(lang) for t in templates}))
    assert [t for t in left if pattern.search(t)][:5] == []


def test_french_punctuation(seed_recommender: Recommender, templates: frozenset[Text]) -> None:
    left = stripped(seed_recommender, sorted({t.fr for t in templates}))
    assert [t for t in left if re.search(r"\w[:;?!](?!\w)", t)][:5] == []  # a space stands before : ; ? !
    left = stripped(seed_recommender, sorted({t.en for t in templates}))
    assert [t for t in left if re.search(r"\s[:;?!]", t)][:5] == []


def test_questions_are_questions(seed_cards: tuple[Card, ...]) -> None:
    asked = [q for card in seed_cards for q in card.answer.questions]
    assert asked
    assert all(" ?" in q.fr and "?" in q.en and "Hypothèse" in q.fr for q in asked)


def test_every_reason_has_statements_with_sources(seed_recommender: Recommender, seed_cards: tuple[Card, ...]) -> None:
    snapshot = seed_recommender.context.snapshot
    cited = {s for card in seed_cards for e in card.answer.evidence for s in e.statements}
    assert all(e.statements for card in seed_cards for e in card.answer.evidence)
    sources = set(snapshot.entities(EntityKind.SOURCE))
    assert [s for s in cited if not snapshot.statement(s).sources or not set(snapshot.statement(s).sources) <= sources] == []


def test_no_hypothesis_is_cited_as_a_reason(seed_recommender: Recommender, seed_cards: tuple[Card, ...]) -> None:
    snapshot = seed_recommender.context.snapshot
    cited = {s for card in seed_cards for e in card.answer.evidence for s in e.statements}
    assert len(cited) > 500
    assert [s for s in cited if snapshot.statement(s).basis is not Basis.STATED] == []


def test_facts_cited_speak_of_the_two(seed_recommender: Recommender, seed_cards: tuple[Card, ...]) -> None:
    snapshot, ids = seed_recommender.context.snapshot, seed_recommender.context.ids
    for card in seed_cards:
        for reason in card.answer.evidence:
            ends = {x for s in reason.statements for x in (snapshot.statement(s).subject, snapshot.statement(s).object)}
            assert {ids[card.subject], card.answer.partner} <= ends, reason


def test_nobody_meets_itself_a_partner_or_its_group(seed_recommender: Recommender, seed_cards: tuple[Card, ...]) -> None:
    context = seed_recommender.context
    ends = np.asarray([(card.subject, context.index[card.answer.partner]) for card in seed_cards])
    assert (ends[:, 0] != ends[:, 1]).all()
    assert context.actors.recommendable[ends[:, 1]].all()
    assert not (context.ties.matrix + context.group).todense()[ends[:, 0], ends[:, 1]].any()


def test_supports_stand_apart(seed_recommender: Recommender, seed_cards: tuple[Card, ...]) -> None:
    context = seed_recommender.context
    assert all(context.actors.partner[context.index[c.answer.partner]] == "yes" for c in seed_cards if not c.supports)


def test_attention_is_shared(seed_recommender: Recommender) -> None:
    assert seed_recommender.largest_share <= MOST_SHARE


def test_attention_is_shared_in_the_lists_of_partners(seed_recommender: Recommender, seed_cards: tuple[Card, ...]) -> None:
    """A reason that rests on words alone is not foreseen when attention is shared, so the bound holds up to a few lists."""
    shown = Counter(card.answer.partner for card in seed_cards if not card.supports)
    lists = int(seed_recommender.context.actors.recommendable.sum())
    assert max(shown.values()) / lists <= MOST_SHARE + 0.03


def test_most_actors_have_someone_to_meet(seed_recommender: Recommender, seed_cards: tuple[Card, ...]) -> None:
    served = {card.subject for card in seed_cards if not card.supports}
    assert len(served) >= 0.95 * seed_recommender.context.actors.recommendable.sum()
