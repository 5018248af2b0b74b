"""One vocabulary over several packages: places, kinds, skills, sectors and rules that more than one of them describes.

Actors, projects and sources belong to one package each. A commune (`place:90010`), a kind, a skill or a sector is a word that
packages share: the package that is named first describes it, what a later one says of it is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.normalise import fold
from graph_builder.tables import Tables
from ontology.errors import Finding
from ontology.model import EntityKind

SHARED = frozenset({EntityKind.PLACE.value, EntityKind.ACTOR_KIND.value, EntityKind.SKILL.value, EntityKind.SECTOR.value})
"""Kinds of entity that are words: several packages may describe the same one."""

RULES = "source:inference-"
"""How the id of an inference rule begins; the rules are the product's own, whatever package applies them."""

MEANT = ("org_kind", "role", "partner")
"""What a kind decides; two packages that differ here mean different things by one word."""

Parts = Sequence[tuple[str, Tables]]


def is_shared(entity: str, kind: str) -> bool:
    """Whether several packages may describe this entity."""
    return kind in SHARED or entity.startswith(RULES)


def one_vocabulary(parts: Parts) -> tuple[list[tuple[str, Tables]], list[Finding]]:
    """The packages, each shared entity described by the first of them; and a warning for each kind that they mean differently."""
    owner: dict[str, str] = {}
    meant: dict[tuple[str, str], str] = {}
    united, warnings = [], []
    for package, tables in parts:
        shared = [entity for entity, kind in _typed(tables) if is_shared(entity, kind)]
        told = {entity for entity in shared if entity in owner}
        warnings += _differing(package, tables, told, owner, meant)
        owner.update((entity, package) for entity in shared if entity not in owner)
        united.append((package, without_descriptions(tables, told) if told else tables))
    return united, warnings


def one_gazetteer(parts: Parts) -> list[tuple[str, Tables]]:
    """The packages, a place that has no official code taken for the place of an earlier package that has its name and country.

    Only where one place alone has that name there: two communes called alike stay apart. See `one_vocabulary` for the descriptions.
    """
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    joined = []
    for package, tables in parts:
        places = _places(tables)
        same = {}
        for place, key in places.items():
            known = named[key] - {place}
            if len(known) == 1 and not _CODE.fullmatch(place):
                same[place] = next(iter(known))
        for place, key in places.items():
            if place not in same:
                named[key].add(place)
        joined.append((package, renamed(tables, same) if same else tables))
    return joined


_CODE = re.compile(r"place:[0-9][0-9AB][0-9]{3}")


def _places(tables: Tables) -> dict[str, tuple[str, str]]:
    """Folded name and country of each place that has both."""
    described = {entity for entity, kind in _typed(tables) if kind == EntityKind.PLACE}
    rows = tables.attributes.filter(pc.is_in(tables.attributes["predicate"], value_set=pa.array(["name", "country"])))
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for subject, predicate, value in zip(*(rows[name].to_pylist() for name in ("subject", "predicate", "value")), strict=True):
        if subject in described:
            told[subject][predicate] = value
    return {place: (fold(of["name"]), of["country"]) for place, of in sorted(told.items()) if len(of) == 2}


def renamed(tables: Tables, names: Mapping[str, str]) -> Tables:
    """The tables with these entities called otherwise, as subject and as object."""
    attributes, relations = tables.attributes, tables.relations
    attributes = attributes.set_column(0, attributes.schema.field("subject"), _renamed(attributes["subject"], names))
    for end in ("subject", "object"):
        position = relations.column_names.index(end)
        relations = relations.set_column(position, relations.schema.field(end), _renamed(relations[end], names))
    return Tables(tables.records, attributes, relations)


def _renamed(column: pa.ChunkedArray, names: Mapping[str, str]) -> pa.ChunkedArray:
    place = pc.index_in(column, value_set=pa.array(list(names), pa.string()))
    return pc.coalesce(pc.take(pa.array(list(names.values()), pa.string()), place), column)


def without_descriptions(tables: Tables, entities: Iterable[str]) -> Tables:
    """The tables without what they say of these entities themselves, and without the records that nothing rests on any more."""
    gone = pa.array(sorted(entities), pa.string())
    attributes = tables.attributes.filter(pc.invert(pc.is_in(tables.attributes["subject"], value_set=gone)))
    broader = pc.and_(pc.equal(tables.relations["predicate"], "broader"), pc.is_in(tables.relations["subject"], value_set=gone))
    relations = tables.relations.filter(pc.invert(broader))
    cited = pa.chunked_array([*attributes["record"].chunks, *relations["record"].chunks], type=pa.string())
    return Tables(tables.records.filter(pc.is_in(tables.records["record"], value_set=cited)), attributes, relations)


def dangling(parts: Parts) -> list[Finding]:
    """Errors: what a fact names and no package describes, the first fact of each."""
    known = pa.array(sorted({entity for _, tables in parts for entity, _ in _typed(tables)}), pa.string())
    kinds = {entity for _, tables in parts for entity, kind in _typed(tables) if kind == EntityKind.ACTOR_KIND}
    findings = []
    for package, tables in parts:
        named = [(tables.relations, "subject"), (tables.relations, "object"), (tables.attributes, "subject")]
        missing = {entity for table, column in named for entity in _unknown(table[column], known)}
        findings += [_error(package, f"{entity!r} is named but not described", "describe it, or give its package too") for entity in sorted(missing)]
        of_kind = tables.attributes.filter(pc.equal(tables.attributes["predicate"], "kind"))
        told = {value for value in of_kind["value"].unique().to_pylist() if value.startswith("kind:")}
        findings += [
            _error(package, f"the kind {kind!r} is not described", "give the package that describes it too") for kind in sorted(told - kinds)
        ]
    return findings


def _unknown(column: pa.ChunkedArray, known: pa.Array) -> list[str]:
    found: list[str] = column.filter(pc.invert(pc.is_in(column, value_set=known))).unique().to_pylist()
    return found


def _typed(tables: Tables) -> list[tuple[str, str]]:
    """Entity and kind of everything that a package describes."""
    rows = tables.attributes.filter(pc.equal(tables.attributes["predicate"], "type"))
    return list(zip(rows["subject"].to_pylist(), rows["value"].to_pylist(), strict=True))


def _differing(package: str, tables: Tables, told: set[str], owner: dict[str, str], meant: dict[tuple[str, str], str]) -> list[Finding]:
    """Warnings for the kinds that this package means otherwise than the one that described them; fills `meant`."""
    rows = tables.attributes.filter(pc.is_in(tables.attributes["predicate"], value_set=pa.array(MEANT)))
    warnings = []
    for kind, predicate, value in zip(*(rows[name].to_pylist() for name in ("subject", "predicate", "value")), strict=True):
        before = meant.setdefault((kind, predicate), value)
        if kind in told and before != value:
            found = f"{kind!r} has {predicate} {value!r} here and {before!r} in {owner[kind]!r}"
            warnings.append(Finding(package, None, predicate, found, f"the description of {owner[kind]!r} holds", "warning"))
    return warnings


def _error(package: str, found: str, accepted: str) -> Finding:
    return Finding(package, None, None, found, accepted)
