"""The triples of a file, held so that they can be asked for by subject and by object, and so that what nobody asked for can be told."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from graph_builder.sources.rdf_file.terms import PERSONS, QUIET, SUBCLASS, TYPE

BLANK = "_:"


class Literal(NamedTuple):
    """A literal: its text, its language in lower case ("" when none is told), the IRI of its datatype."""

    text: str
    lang: str
    datatype: str


Term = str | Literal
"""A node (an IRI, or `_:` and an id) or a literal."""

Triple = tuple[str, str, Term]


class RdfGraph:
    """The triples of one file. Named graphs are read as one; blank nodes are named by their content; nothing of persons is left.

    Answers are sorted, so that the order of the file changes nothing.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_subject: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for subject, predicate, obj in _named_by_content(triples):
            self._by_subject[subject][predicate].add(obj)
        self._taken: set[tuple[str, str]] = set()
        self.persons = self._drop_persons()

    def literals(self, subject: str, predicates: Iterable[str]) -> list[Literal]:
        """The literals of these properties: property by property, sorted, each once."""
        return list(dict.fromkeys(term for term in self._terms(subject, predicates) if isinstance(term, Literal)))

    def nodes(self, subject: str, predicates: Iterable[str]) -> list[str]:
        """The nodes of these properties: property by property, sorted, each once."""
        return list(dict.fromkeys(term for term in self._terms(subject, predicates) if isinstance(term, str)))

    def texts(self, subject: str, predicates: Iterable[str]) -> list[str]:
        """The literals and the IRIs of these properties as text."""
        terms = dict.fromkeys(self._terms(subject, predicates))
        return [term if isinstance(term, str) else term.text for term in terms if not (isinstance(term, str) and term.startswith(BLANK))]

    def of_class(self, classes: Collection[str]) -> list[str]:
        """The subjects of these classes, or of classes that the file itself puts under them; sorted."""
        return sorted(subject for subject in self._by_subject if not self.classes(subject).isdisjoint(classes))

    def classes(self, subject: str) -> frozenset[str]:
        """The classes of a subject, those above them in this file included."""
        if subject not in self._by_subject:
            return frozenset()
        stated = [term for term in self._by_subject[subject].get(TYPE, ()) if isinstance(term, str)]
        return frozenset(above for each in stated for above in self._above(each))

    def describes(self, node: str) -> bool:
        """Whether the file says anything of a node."""
        return node in self._by_subject

    def subjects(self) -> list[str]:
        """Everything that the file says something of, sorted."""
        return sorted(self._by_subject)

    def unread(self, subjects: Iterable[str]) -> Counter[str]:
        """How often each property of these subjects stands in the file without that anybody asked for it."""
        left: Counter[str] = Counter()
        for subject in subjects:
            for predicate, terms in self._by_subject.get(subject, {}).items():
                if (subject, predicate) not in self._taken and predicate not in QUIET:
                    left[predicate] += len(terms)
        return left

    def _terms(self, subject: str, predicates: Iterable[str]) -> Iterator[Term]:
        properties = self._by_subject.get(subject, {})
        for predicate in predicates:
            if predicate in properties:
                self._taken.add((subject, predicate))
                yield from sorted(properties[predicate], key=_order)

    def _above(self, name: str) -> frozenset[str]:
        known = self._hierarchy.get(name)
        return known if known is not None else frozenset((name,))

    @cached_property
    def _hierarchy(self) -> dict[str, frozenset[str]]:
        """Class -> itself and the classes above it, for the classes that the file puts under others."""
        parents = {name: _nodes(properties[SUBCLASS]) for name, properties in self._by_subject.items() if SUBCLASS in properties}
        return {name: frozenset(_reached(name, parents)) for name in parents}

    def _drop_persons(self) -> int:
        """Remove the natural persons, and the blank nodes that only they lead to; returns how many persons there were."""
        persons = {subject for subject in self._by_subject if not self.classes(subject).isdisjoint(PERSONS)}
        referred: Counter[str] = Counter(node for properties in self._by_subject.values() for node in _blanks(properties))
        waiting = list(persons)
        while waiting:
            for node in _blanks(self._by_subject.pop(waiting.pop(), {})):
                referred[node] -= 1
                if referred[node] == 0:
                    waiting.append(node)
        return len(persons)


def _nodes(terms: Iterable[Term]) -> list[str]:
    return [term for term in terms if isinstance(term, str)]


def _blanks(properties: dict[str, set[Term]]) -> list[str]:
    return [term for terms in properties.values() for term in terms if isinstance(term, str) and term.startswith(BLANK)]


def _reached(start: str, parents: dict[str, list[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _order(term: Term) -> tuple[int, str, str, str]:
    return (0, term, "", "") if isinstance(term, str) else (1, *term)


# blank nodes ---------------------------------------------------------------------------------------------------------


def _named_by_content(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples with each blank node named by what is said of it and by the IRIs that point to it.

    Two blank nodes of the same content are one. A circle of blank nodes is cut where it is entered.
    """
    rows = list(triples)
    said: dict[str, list[tuple[str, Term]]] = defaultdict(list)
    for subject, predicate, obj in rows:
        if subject.startswith(BLANK):
            said[subject].append((predicate, obj))
        elif isinstance(obj, str) and obj.startswith(BLANK):
            said[obj].append((f"^{predicate}", subject))
    names = _content_names(said)
    for subject, predicate, obj in rows:
        yield names.get(subject, subject), predicate, names.get(obj, obj) if isinstance(obj, str) else obj


def _content_names(said: dict[str, list[tuple[str, Term]]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for start in list(said):
        path: list[str] = [start]
        open_nodes = {start}
        while path:
            node = path[-1]
            below = [term for _, term in said.get(node, ()) if isinstance(term, str) and term.startswith(BLANK)]
            waiting = next((term for term in below if term not in names and term not in open_nodes), None)
            if node not in names and waiting is not None:
                path.append(waiting)
                open_nodes.add(waiting)
                continue
            path.pop()
            open_nodes.discard(node)
            names.setdefault(node, _content_name(said.get(node, ()), names))
    return names


def _content_name(content: Sequence[tuple[str, Term]], names: dict[str, str]) -> str:
    parts = sorted(
        "\x1f".join((predicate, "\x1e".join(term) if isinstance(term, Literal) else names.get(term, BLANK if term.startswith(BLANK) else term)))
        for predicate, term in content
    )
    return BLANK + hashlib.blake2b("\x1d".join(parts).encode(), digest_size=12).hexdigest()
