"""Turtle and JSON-LD of a set of triples, written subject by subject; both are read back by rdflib in the tests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ontology.namespaces import BASE, PREFIXES, VOCABULARY

Triple = tuple[str, str, str]
_Grouped = Mapping[str, Mapping[str, Sequence[str]]]
_Shorten = Callable[[str], str | None]

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|([\\"nrt]))')
_CHARACTERS = {"\\": "\\", '"': '"', "n": "\n", "r": "\r", "t": "\t"}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_:.-]*[A-Za-z0-9_-])?", re.ASCII)
_TYPE = f"<{PREFIXES['rdf']}type>"


@dataclass(frozen=True)
class LiteralParts:
    """A literal taken apart: its text, and its language or its datatype."""

    text: str
    lang: str | None
    datatype: str | None


def literal_parts(term: str) -> LiteralParts:
    """The parts of a literal in N-Triples; ValueError for any other term."""
    match = _LITERAL.fullmatch(term)
    if match is None:
        raise ValueError(f"not a literal: {term[:80]}")
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _CHARACTERS[found[2]], match[1])
    return LiteralParts(text, match[2], match[3])


def prefixes(base: str = BASE) -> dict[str, str]:
    """The prefixes of a file whose entities stand under `base`."""
    return dict(sorted({**PREFIXES, "id": f"{base}id/", "statement": f"{base}statement/", "record": f"{base}record/"}.items()))


def turtle(triples: Iterable[Triple], base: str = BASE) -> Iterator[str]:
    """Lines of Turtle: the prefixes, then one paragraph per subject, sorted."""
    names = prefixes(base)
    shorten = _shortener(names)

    def write(term: str) -> str:
        if term.startswith("<"):
            return shorten(term) or term
        head, mark, datatype = term.rpartition("^^<")
        return f"{head}^^{shorten('<' + datatype) or '<' + datatype}" if mark and head.endswith('"') and term.endswith(">") else term

    yield from (f"@prefix {prefix}: <{address}> ." for prefix, address in names.items())
    for subject, properties in _by_subject(triples).items():
        rows = sorted(properties.items(), key=lambda row: (row[0] != _TYPE, row[0]))
        lines = [f"{'a' if prop == _TYPE else write(prop)} {', '.join(map(write, objects))}" for prop, objects in rows]
        yield f"\n{write(subject)} " + " ;\n    ".join(lines) + " ."


def json_ld(triples: Iterable[Triple], base: str = BASE) -> Iterator[str]:
    """Lines of JSON-LD 1.1: an inline context made of the properties that occur, then one line per node, sorted."""
    grouped, names = _by_subject(triples), prefixes(base)
    shorten = _shortener(names)
    coercions = _coercions(grouped)
    context: dict[str, object] = {"@version": 1.1, "@vocab": VOCABULARY, **names}
    for prop, coercion in coercions.items():
        if coercion:
            context[_term(prop, shorten)] = {"@id": _compact(prop, shorten), **coercion}
    yield '{"@context": ' + json.dumps(context, ensure_ascii=False) + ","
    yield '"@graph": ['
    last = len(grouped) - 1
    for number, (subject, properties) in enumerate(grouped.items()):
        node: dict[str, object] = {"@id": _compact(subject, shorten)}
        for prop, objects in properties.items():
            if prop == _TYPE:
                node["@type"] = [_term(obj, shorten) for obj in objects]
            else:
                node[_term(prop, shorten)] = _values(objects, coercions[prop], shorten)
        yield json.dumps(node, ensure_ascii=False) + ("," if number < last else "")
    yield "]}"


def _by_subject(triples: Iterable[Triple]) -> _Grouped:
    """Subject -> property -> objects, all sorted, each triple once."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for subject, prop, obj in sorted(set(triples)):
        grouped.setdefault(subject, {}).setdefault(prop, []).append(obj)
    return grouped


def _shortener(names: Mapping[str, str]) -> _Shorten:
    """Gives an IRI with a prefix where the rest is a plain local name, without / or #, else None."""
    seen: dict[str, str | None] = {}

    def shorten(term: str) -> str | None:
        if term not in seen:
            text = term[1:-1]
            found = (
                f"{prefix}:{text[len(address) :]}" for prefix, address in names.items() if text.startswith(address) and _local(text[len(address) :])
            )
            seen[term] = next(found, None)
        return seen[term]

    return shorten


def _local(text: str) -> bool:
    return _LOCAL.fullmatch(text) is not None


def _compact(term: str, shorten: _Shorten) -> str:
    return shorten(term) or term[1:-1]


def _term(term: str, shorten: _Shorten) -> str:
    """A property or class as JSON-LD names it: our own without a prefix."""
    return _compact(term, shorten).removeprefix("psr:")


def _coercions(grouped: _Grouped) -> dict[str, dict[str, str]]:
    """Property -> what the context says of all its values: that they are IRIs, texts in languages, or of one datatype; {} when they differ."""
    found: dict[str, set[str]] = {}
    for properties in grouped.values():
        for prop, objects in properties.items():
            found.setdefault(prop, set()).update(map(_kind, objects))
    return {prop: _coercion(kinds) for prop, kinds in sorted(found.items())}


def _kind(term: str) -> str:
    if term.startswith("<"):
        return "@id"
    parts = literal_parts(term)
    return "@language" if parts.lang else parts.datatype or ""


def _coercion(kinds: set[str]) -> dict[str, str]:
    kind = next(iter(kinds)) if len(kinds) == 1 else ""
    if kind == "@language":
        return {"@container": "@language"}
    return {"@type": kind} if kind else {}


def _values(objects: Sequence[str], coercion: Mapping[str, str], shorten: _Shorten) -> object:
    if "@container" in coercion:
        texts: dict[str, list[str]] = {}
        for parts in map(literal_parts, objects):
            texts.setdefault(parts.lang or "", []).append(parts.text)
        return {lang: found[0] if len(found) == 1 else found for lang, found in texts.items()}
    values = [_value(term, coercion, shorten) for term in objects]
    return values[0] if len(values) == 1 else values


def _value(term: str, coercion: Mapping[str, str], shorten: _Shorten) -> object:
    if term.startswith("<"):
        text = _compact(term, shorten)
        return text if coercion else {"@id": text}
    parts = literal_parts(term)
    if coercion or not (parts.lang or parts.datatype):
        return parts.text
    return {"@value": parts.text, "@language": parts.lang} if parts.lang else {"@value": parts.text, "@type": parts.datatype}
