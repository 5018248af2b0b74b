"""Words around facts: labels inside a sentence, lists, names, and the small grammar of both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from graph_builder.snapshot import Snapshot
from recommender.answers import Text


def lower_first(label: str) -> str:
    """A label inside a sentence: first letter small, acronyms and proper names kept."""
    head = re.split(r"[ \-']", label, maxsplit=1)[0]
    return label if len(head) > 1 and not head[1:].islower() else label[:1].lower() + label[1:]


def listed(items: Sequence[str], word: str) -> str:
    """Items as a list in a sentence: "a, b et c"; `word` is the last joint, left out where an item has it inside."""
    if any(f" {word} " in item for item in items):
        return ", ".join(items)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}" if items else ""


def joined(texts: Iterable[Text]) -> Text | None:
    """Sentences one after the other in each language, None when there are none."""
    rows = list(texts)
    return Text(" ".join(t.fr for t in rows), " ".join(t.en for t in rows)) if rows else None


class Labels:
    """Labels of one snapshot in both languages."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._fr, self._en = snapshot.values("label_fr"), snapshot.values("label_en")
        self._name, self._name_en = snapshot.values("name"), snapshot.values("name_en")

    def of(self, entity: str) -> Text:
        """Label of a skill, a sector or a kind, as a title."""
        fr = self._fr.get(entity, entity)
        return Text(fr, self._en.get(entity, fr))

    def inside(self, entities: Sequence[str]) -> Text:
        """Labels as a list inside a sentence."""
        rows = [self.of(e) for e in entities]
        return Text(listed([lower_first(r.fr) for r in rows], "et"), listed([lower_first(r.en) for r in rows], "and"))

    def name(self, entity: str) -> Text:
        """Name of an actor or a project."""
        fr = self._name.get(entity, entity)
        return Text(fr, self._name_en.get(entity, fr))


@lru_cache(maxsize=4)
def labels_of(snapshot: Snapshot) -> Labels:
    """The labels of a snapshot, read once."""
    return Labels(snapshot)
