"""From what a person types to the entity that is meant: id, alias, name, part of a name; and ids that clash between packages."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow.compute as pc

from graph_builder.normalise import fold
from graph_builder.snapshot import Snapshot
from graph_builder.tables import Tables
from graph_builder.vocabulary import is_shared
from ontology.errors import AmbiguousActor, Finding, QueryError, UnknownActor
from ontology.model import EntityKind

NEAREST = 5
CLOSE = 0.6
"""Similarity (difflib's ratio, [0, 1], higher is closer) from which a name is offered as meant."""

SHORTEST = 3
"""Letters that a part of a word must have."""

APART = 5
"""Ids that two packages share and that are told one by one; more are told together."""

_Index = Mapping[str, frozenset[str]]


class Names:
    """The actors of a snapshot by everything they are called; projects answer to their exact id only.

    Steps, the first that matches decides: exact id; alias (id in other letters, another id, alternative name, SIREN); normalised name; part
    of a name or alternative name, whole words before parts of words of three letters or more. What is written as an id (with _)
    is no part of a name: a misspelt id is never taken for another.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        actors = snapshot.entities(EntityKind.ORGANIZATION)
        known = frozenset(actors)
        self._exact = known | frozenset(snapshot.entities(EntityKind.PROJECT))
        self._name = snapshot.values("name")
        self._aliases = _index(_aliases(snapshot, actors))
        self._names = _index((fold(name), actor) for actor, name in self._name.items() if actor in known)
        others = ((fold(name), actor) for actor, names in snapshot.lists("alt_name").items() if actor in known for name in names)
        self._called = _index([*((name, actor) for name, actors in self._names.items() for actor in actors), *others])

    def name(self, actor: str) -> str:
        """The name of an actor or project, its id where it has none."""
        return self._name.get(actor, actor)

    def find(self, text: str) -> str:
        """The id of the one actor or project that is meant.

        Raises QueryError when nothing is asked, AmbiguousActor when one step matches several, UnknownActor with the nearest names.
        """
        asked = text.strip()
        if asked in self._exact:
            return asked
        folded = fold(asked)
        if not folded:
            raise QueryError(f"no actor can be found from {text[:80]!r}; give an id or a name")
        for matches in self._steps(folded, parts="_" not in asked):
            if len(matches) == 1:
                return next(iter(matches))
            if matches:
                raise AmbiguousActor(asked, [(actor, self.name(actor)) for actor in sorted(matches)])
        raise UnknownActor(asked, [(actor, self.name(actor)) for actor in self.nearest(asked)])

    def nearest(self, text: str) -> list[str]:
        """Ids of the actors whose id, alias, name or a word of the name is most similar to a text, the closest first, at most five."""
        words = _index((word, actor) for name, actors in self._names.items() for word in name.split() if len(word) > SHORTEST for actor in actors)
        tables = (self._aliases, self._names, words)
        keys = sorted({key for table in tables for key in table})
        close = difflib.get_close_matches(fold(text), keys, n=4 * NEAREST, cutoff=CLOSE)
        found = (actor for key in close for table in tables for actor in sorted(table.get(key, ())))
        return list(dict.fromkeys(found))[:NEAREST]

    def _steps(self, folded: str, *, parts: bool) -> Iterator[frozenset[str]]:
        yield self._aliases.get(folded, frozenset())
        yield self._names.get(folded, frozenset())
        if parts:
            yield self._containing(f" {folded} ")
        if parts and len(folded) >= SHORTEST:
            yield self._containing(folded)

    def _containing(self, part: str) -> frozenset[str]:
        return frozenset(actor for name, actors in self._called.items() if part in f" {name} " for actor in actors)


def check_identities(packages: Sequence[tuple[str, Tables]]) -> list[Finding]:
    """Errors: an entity id that two packages describe, or that stands for two kinds of entity; sorted.

    Words that packages share (see `graph_builder.vocabulary`) may be described by several. Two packages that share more than `APART`
    ids make one finding: they describe the same things, and one of them is to be left out.
    """
    owners: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    given = [name for name, _ in packages]
    findings = [
        _error(name, None, f"the package {name!r} is given twice", "give each package once") for name in sorted(set(given)) if given.count(name) > 1
    ]
    if findings:
        return findings
    for package, tables in packages:
        typed = tables.attributes.filter(pc.equal(tables.attributes["predicate"], "type"))
        for entity, kind in zip(typed["subject"].to_pylist(), typed["value"].to_pylist(), strict=True):
            if not is_shared(entity, kind):
                owners[entity].add(package)
            kinds[entity].add(kind)
    findings += _shared(owners)
    for entity, several in kinds.items():
        if len(several) > 1:
            findings.append(
                _error(
                    min(owners[entity], default=given[0]), "id", f"{entity!r} is {' and '.join(sorted(several))}", "one kind of entity for each id"
                )
            )
    return sorted(findings, key=lambda f: (f.file, f.found))


def _shared(owners: Mapping[str, set[str]]) -> Iterator[Finding]:
    """The ids of several packages, by pair of packages: each by itself, or all in one finding where they are many."""
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entity, names in owners.items():
        first, *others = sorted(names) or [""]
        for name in others:
            pairs[first, name].append(entity)
    for (first, name), entities in pairs.items():
        if len(entities) <= APART:
            for entity in entities:
                yield _error(name, "id", f"{entity!r} is in the package {first!r} too", "an id of one package only")
        else:
            shown = ", ".join(sorted(entities)[:APART])
            yield _error(name, "id", f"{len(entities)} ids stand in {first!r} too, first {shown}, ...", "leave one of the two packages out")


def _error(file: str, column: str | None, found: str, accepted: str) -> Finding:
    return Finding(file=file, row=None, column=column, found=found, accepted=accepted)


def _aliases(snapshot: Snapshot, actors: Iterable[str]) -> Iterator[tuple[str, str]]:
    other, ids, sirens = snapshot.lists("alt_name"), snapshot.lists("alias"), snapshot.values("siren")
    for actor in actors:
        yield fold(actor), actor
        for alias in ids.get(actor, ()):
            yield fold(alias), actor
        for name in other.get(actor, ()):
            yield fold(name), actor
        if actor in sirens:
            yield fold(sirens[actor]), actor
            yield fold(f"siren:{sirens[actor]}"), actor


def _index(pairs: Iterable[tuple[str, str]]) -> _Index:
    index: dict[str, set[str]] = defaultdict(set)
    for key, actor in pairs:
        if key:
            index[key].add(actor)
    return {key: frozenset(actors) for key, actors in index.items()}
