"""Which skills a free text is about: its words in a label, or a meaning close to one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from graph_builder.snapshot import Snapshot
from ontology.model import EntityKind
from recommender.encoders import Encoder
from recommender.text import words_of

MOST = 8
"""Skills recognised in one text."""
COSINE = {"use-multilingual-3": (0.58, 0.34)}
"""Per encoder: cosine from which a label is recognised by meaning, and from which one shared word is enough."""
OUTSTANDING = 4.5
"""For any other encoder: standard deviations above the mean over all labels."""
STEM, ROOT = 6, 4
"""Letters after which two words are taken for forms of one: by themselves, and beside a fair cosine ("soudure", "soudage")."""
BESIDE = 0.1
"""A part of a text speaks of the label it is closest to, and of those at most this much less close."""
WHOLE, PART = 0.99, 0.45
"""Shares of a label's words: by themselves enough, and enough beside a fair cosine."""
MOST_LETTERS = 300
"""Characters of one part that are compared."""
MOST_PARTS = 200
"""Parts of a text that are compared; a longer text is read at its beginning only."""

_CUT = re.compile(r"[.,;:!?()\n«»“”\"]+|\s(?:et|ou|avec|pour|afin|dans|sur|par|and|or|with|for|in|on|by|to|that|using|qui|que)\s", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class SkillLabels:
    """Skills that can be recognised: ids, how the words of their labels begin, unit vectors of both labels (k, dim) or None."""

    ids: tuple[str, ...]
    stems: tuple[tuple[frozenset[str], ...], ...]
    roots: tuple[tuple[frozenset[str], ...], ...]
    french: NDArray[np.float32] | None
    english: NDArray[np.float32] | None


@lru_cache(maxsize=4)
def skill_labels(snapshot: Snapshot, encoder: Encoder | None) -> SkillLabels:
    """The skills of a snapshot without the headings that only group others."""
    broader, fr, en = snapshot.values("broader"), snapshot.values("label_fr"), snapshot.values("label_en")
    headings = {b for b in broader.values() if b not in broader}
    ids = tuple(s for s in snapshot.entities(EntityKind.SKILL) if s not in headings)
    labels = [(fr.get(s, s), en.get(s, fr.get(s, s))) for s in ids]
    stems = tuple(tuple(_beginnings(label, STEM) for label in pair) for pair in labels)
    roots = tuple(tuple(_beginnings(label, ROOT) for label in pair) for pair in labels)
    if encoder is None or not ids:
        return SkillLabels(ids, stems, roots, None, None)
    return SkillLabels(ids, stems, roots, encoder.encode([f for f, _ in labels]), encoder.encode([e for _, e in labels]))


def recognise(snapshot: Snapshot, encoder: Encoder | None, text: str) -> tuple[str, ...]:
    """Ids of the skills that a text is about, the surest first, at most `MOST`; empty when it names none."""
    labels = skill_labels(snapshot, encoder)
    if not labels.ids:
        return ()
    whole = _shares(labels.stems, _beginnings(text, STEM)) >= WHOLE
    lexical = _shares(labels.roots, _beginnings(text, ROOT))
    found = _cosines(labels, encoder, text)
    if found is None:
        score = np.where(whole, 1.0, 0.0)
    else:
        cosine, closest = found
        sure, enough = _thresholds(encoder, cosine)
        meant = closest & (cosine >= sure)
        named = whole | ((lexical >= PART) & (cosine >= enough))
        score = np.where(meant | named, cosine + lexical / 4, 0.0)
    order = sorted(np.flatnonzero(score > 0), key=lambda k: (-score[k], labels.ids[k]))
    return tuple(labels.ids[k] for k in order[:MOST])


def _shares(labels: Sequence[tuple[frozenset[str], ...]], text: frozenset[str]) -> NDArray[np.float64]:
    """Share of each label's beginnings that the text has, [0, 1], the better language; one that many labels have counts less."""
    known = [stem for pair in labels for stem in frozenset().union(*pair)]
    weight = {stem: 1 / count for stem, count in Counter(known).items()}

    def share(label: frozenset[str]) -> float:
        total = max(sum(weight[s] for s in label), PART)
        return sum(weight[s] for s in label & text) / total

    return np.asarray([max(share(label) for label in pair) for pair in labels])


def _thresholds(encoder: Encoder | None, cosine: NDArray[np.float64]) -> tuple[float, float]:
    name = "" if encoder is None else encoder.name
    outstanding = float(cosine.mean() + OUTSTANDING * cosine.std())
    return COSINE.get(name, (max(outstanding, 0.3), outstanding / 2))


def _cosines(labels: SkillLabels, encoder: Encoder | None, text: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    """Best cosine of any part of the text with either label of each skill, and whether that part is close to no other label, (k,)."""
    if encoder is None or labels.french is None or labels.english is None:
        return None
    parts = [part.strip()[:MOST_LETTERS] for part in _CUT.split(text) if len(part.strip()) > 3][: MOST_PARTS - 1]
    vectors = encoder.encode([text[:2000], *parts])
    cosine = np.maximum(vectors @ labels.french.T, vectors @ labels.english.T)
    beside = cosine >= cosine.max(axis=1, keepdims=True) - BESIDE
    best = cosine.argmax(axis=0)
    return np.asarray(cosine.max(axis=0), dtype=float), beside[best, np.arange(cosine.shape[1])]


def _beginnings(text: str, letters: int) -> frozenset[str]:
    return frozenset(word[:letters] for word in words_of(text))
