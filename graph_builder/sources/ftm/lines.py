"""Reading FollowTheMoney entities: one JSON object per line, strictly; what is wrong is told with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from graph_builder.sources.findings import shown
from ontology.errors import Finding

MAX_LINE = 10_000_000
MAX_BYTES = 200_000_000
MAX_ENTITIES = 500_000
MAX_FAULTS = 1_000
"""After so many faults reading stops: the file is something else."""


@dataclass(frozen=True)
class Entity:
    """One entity: the line on which it first stands, its schema, the values of its properties as text, each once, sorted."""

    id: str
    schema: str
    line: int
    properties: dict[str, tuple[str, ...]]

    def first(self, *names: str) -> str:
        """The first value of the first of these properties that has one, "" when none has."""
        return next((value for name in names for value in self.properties.get(name, ())), "")

    def all(self, *names: str) -> list[str]:
        """The values of these properties, each once."""
        return list(dict.fromkeys(value for name in names for value in self.properties.get(name, ())))


class Lines(NamedTuple):
    """The entities of a file by id, in the order of their ids, and what is wrong with the file."""

    entities: dict[str, Entity]
    findings: list[Finding]


def read_entities(path: Path) -> Lines:
    """The entities of a file; those that stand on several lines are put together, as FollowTheMoney does."""
    fault = _fault_of_file(path)
    if fault:
        return Lines({}, [fault])
    entities: dict[str, Entity] = {}
    findings: list[Finding] = []
    try:
        for line, raw in _raw_lines(path):
            found = _entity(path.name, line, raw)
            if isinstance(found, Entity):
                found = _joined(path.name, entities.get(found.id), found)
            if isinstance(found, Entity):
                entities[found.id] = found
            else:
                findings.append(found)
            if len(entities) > MAX_ENTITIES or len(findings) > MAX_FAULTS:
                findings.append(_too_many(path.name, len(entities)))
                break
    except OSError as error:
        findings.append(Finding(path.name, None, None, f"the file cannot be read ({error.strerror or 'input error'})", "make it readable"))
    if not entities and not findings:
        findings.append(Finding(path.name, None, None, "the file is empty", "write one entity per line, as a JSON object"))
    return Lines(dict(sorted(entities.items())), findings)


def _too_many(file: str, entities: int) -> Finding:
    if entities > MAX_ENTITIES:
        return Finding(file, None, None, f"more than {MAX_ENTITIES:,} entities", "split the file")
    return Finding(file, None, None, f"more than {MAX_FAULTS:,} faults", "correct these first; is this file FollowTheMoney JSON lines?")


def _fault_of_file(path: Path) -> Finding | None:
    try:
        size = path.stat().st_size
    except OSError as error:
        return Finding(path.name, None, None, f"the file cannot be read ({error.strerror or 'input error'})", "make it readable")
    if size > MAX_BYTES:
        return Finding(path.name, None, None, f"the file has {size:,} bytes", f"at most {MAX_BYTES:,}: split it")
    return None


def _raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Line numbers and lines that are not blank; a line that is too long is cut, which its reader notices."""
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(MAX_LINE + 2):
            number += 1
            if len(raw) > MAX_LINE + 1 and not raw.endswith(b"\n"):
                while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                    pass
            text = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
            if text.strip():
                yield number, text


def _entity(file: str, line: int, raw: bytes) -> Entity | Finding:
    if len(raw) > MAX_LINE:
        return Finding(file, line, None, f"a line of more than {MAX_LINE:,} bytes", "write one entity per line, without documents in it")
    try:
        loaded = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return Finding(file, line, None, "the line is not UTF-8", "save the file as UTF-8")
    except json.JSONDecodeError as error:
        return Finding(file, line, None, f"broken JSON near column {error.colno}: {error.msg}", "write one whole JSON object on this line")
    except (RecursionError, ValueError):
        return Finding(file, line, None, "JSON nested too deep, or a number with too many digits", "write a plain entity")
    if not isinstance(loaded, dict):
        return Finding(file, line, None, "no JSON object", "write one entity per line: {'id': ..., 'schema': ..., 'properties': {...}}")
    for key in ("id", "schema"):
        if not isinstance(loaded.get(key), str) or not loaded[key].strip():
            return Finding(file, line, key, f"an entity without {key}", f"give it a {key}, as text")
    properties = loaded.get("properties", {})
    if not isinstance(properties, dict):
        return Finding(file, line, "properties", "no JSON object", "write the properties as an object of lists of texts")
    values = {str(name): tuple(sorted(dict.fromkeys(_texts(value)))) for name, value in properties.items()}
    dates = {name: (text,) for name in ("first_seen", "last_seen", "last_change") if isinstance(text := loaded.get(name), str)}
    return Entity(loaded["id"].strip(), loaded["schema"].strip(), line, {**values, **dates})


def _texts(value: object) -> Iterator[str]:
    """The texts in a value: one, or a list; of a nested entity its id."""
    for item in value if isinstance(value, list) else [value]:
        found = item.get("id") if isinstance(item, dict) else item
        if isinstance(found, (str, int, float)) and not isinstance(found, bool) and str(found).strip():
            yield str(found).encode("utf-8", "replace").decode().strip()


def _joined(file: str, before: Entity | None, found: Entity) -> Entity | Finding:
    if before is None:
        return found
    if before.schema != found.schema:
        what = f"{shown(found.id)} is {found.schema} here and {before.schema} on line {before.line}"
        return Finding(file, found.line, "schema", what, "give each entity one schema")
    names = dict.fromkeys([*before.properties, *found.properties])
    joined = {name: tuple(sorted({*before.properties.get(name, ()), *found.properties.get(name, ())})) for name in names}
    return Entity(found.id, found.schema, before.line, joined)
