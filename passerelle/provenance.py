"""Where the facts of a snapshot come from: its sources with licence, age and coverage, and every fact about one entity."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.snapshot import Snapshot
from ontology.errors import QueryError
from ontology.labels import labels
from ontology.model import PREDICATES, EntityKind
from passerelle.fact_words import Group, attribute_text, group_of, place_of, qualifier_text
from passerelle.presenting import Presenter
from passerelle.views import SourceRef
from recommender.answers import Text

RULE = "source:inference-"

_Row: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class SourceRow:
    """A source and what rests on it. `age` in years at the year of the data, None when the source is undated.

    `facts` counts the statements whose record cites it, `actors` the actors they speak of; `rule` is true for an inference rule.
    """

    source: SourceRef
    package: str
    licence: str | None
    redistribution: str | None
    age: int | None
    facts: int
    actors: int
    rule: bool


@dataclass(frozen=True)
class Coverage:
    """How many of the actors in view have something told of them, and how many there are."""

    key: str
    label: Text
    known: int
    of: int


@dataclass(frozen=True)
class FactRow:
    """One fact about an entity, as a person reads it, with its provenance.

    `statement` is its id, `record` the row of the source it was read from and `locator` where that row stands.
    """

    statement: str
    group: Group
    what: Text
    value: Text
    when: str | None
    basis: str
    confidence: str
    sources: tuple[SourceRef, ...]
    published: str | None
    record: str
    locator: str | None


def source_rows(presenter: Presenter) -> tuple[SourceRow, ...]:
    """Every source that a fact cites, the most cited first."""
    snapshot = presenter.snapshot
    facts, actors = _cited(snapshot)
    licence, redistribution = snapshot.values("licence"), snapshot.values("redistribution")
    rows = [
        SourceRow(
            source=presenter.source(source),
            package=_package(snapshot, source),
            licence=licence.get(source),
            redistribution=redistribution.get(source),
            age=_age(presenter.source(source), snapshot.reference_year),
            facts=n,
            actors=len(actors[source]),
            rule=source.startswith(RULE),
        )
        for source, n in facts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.facts, row.source.key)))


def coverage(presenter: Presenter) -> tuple[Coverage, ...]:
    """What is known of how many actors, those outside left out."""
    snapshot, context = presenter.snapshot, presenter.context
    here = {a for a, out in zip(context.ids, context.actors.outside, strict=True) if not out}
    ties = {a for a, n in zip(context.ids, np.diff(context.ties.matrix.indptr), strict=True) if n}
    told: Sequence[tuple[str, Text, set[str]]] = (
        ("description", Text("une description", "a description"), set(snapshot.values("description_fr")) | set(snapshot.values("description_en"))),
        ("place", Text("un lieu", "a place"), {a for a, place in zip(context.ids, context.actors.place, strict=True) if place}),
        ("dated", Text("une source datée", "a dated source"), {a for a, year in zip(context.ids, context.actors.newest_year, strict=True) if year}),
        ("website", Text("un site web", "a website"), set(snapshot.values("website"))),
        ("siren", Text("un numéro SIREN", "a SIREN number"), set(snapshot.values("siren"))),
        ("sectors", Text("un secteur attesté", "an attested sector"), _with(snapshot, "operatesInSector")),
        ("offers", Text("un savoir-faire attesté", "an attested skill"), _with(snapshot, "offersSkill")),
        ("needs", Text("un besoin exprimé", "a stated need"), _with(snapshot, "needsSkill")),
        ("ties", Text("un lien de travail connu", "a known working tie"), ties),
    )
    return tuple(Coverage(key, label, len(here & having), len(here)) for key, label, having in told)


def facts_about(presenter: Presenter, entity: str) -> tuple[FactRow, ...]:
    """Every fact whose subject or object is this entity, what a person reads first; QueryError when nothing is known of it."""
    snapshot = presenter.snapshot
    attributes = snapshot.attributes.filter(pc.equal(snapshot.attributes["subject"], entity))
    ends = (pc.equal(snapshot.relations[end], entity) for end in ("subject", "object"))
    relations = snapshot.relations.filter(pc.or_(*ends))
    if not attributes.num_rows:
        raise QueryError(f"nothing is known of {entity[:80]!r}; use an id that `passerelle search` gives")
    where = _locators(snapshot, [*attributes["record"].to_pylist(), *relations["record"].to_pylist()])
    told = [row for row in (*attributes.to_pylist(), *relations.to_pylist()) if row["predicate"] != "type"]
    told.sort(key=lambda row: place_of(row["predicate"]))
    return tuple(_fact(presenter, entity, row, where) for row in told)


def _fact(presenter: Presenter, entity: str, row: _Row, where: Mapping[str, str | None]) -> FactRow:
    """A row of either table as a fact."""
    predicate = row["predicate"]
    related = predicate in PREDICATES
    what, value = Text(*labels()[predicate]), _related(presenter, entity, row) if related else _attribute(presenter, row)
    lang = "" if related or not row["lang"] else f" ({row['lang']})"
    fact = presenter.fact(row["statement"])
    return FactRow(
        statement=row["statement"],
        group=group_of(predicate),
        what=Text(what.fr + lang, what.en + lang),
        value=value,
        when=" / ".join(part or ".." for part in (fact.since, fact.until)) if fact.until else fact.since,
        basis=fact.basis,
        confidence=fact.confidence,
        sources=fact.sources,
        published=fact.published,
        record=row["record"],
        locator=where[row["record"]],
    )


def _attribute(presenter: Presenter, row: _Row) -> Text:
    value = row["value"]
    return presenter.labels.of(value) if value.startswith("kind:") else attribute_text(row["predicate"], value)


def _related(presenter: Presenter, entity: str, row: _Row) -> Text:
    """The other end of a relation, both ends where this entity is the object of it; the role or the sort of need in brackets."""
    ends = [row["object"]] if row["subject"] == entity else [row["subject"]]
    if row["object"] == entity and not PREDICATES[row["predicate"]].symmetric:
        ends.append(entity)
    names = [_name(presenter, end) for end in ends]
    more = qualifier_text(row["predicate"], presenter.snapshot.statement(row["statement"]).qualifiers)
    fr, en = " → ".join(name.fr for name in names), " → ".join(name.en for name in names)
    return Text(f"{fr} ({more.fr})", f"{en} ({more.en})") if more else Text(fr, en)


def _name(presenter: Presenter, entity: str) -> Text:
    """Name of an actor, a project or a place; label of a skill or a sector."""
    named = presenter.labels.name(entity)
    return presenter.labels.of(entity) if named.fr == entity else named


def _locators(snapshot: Snapshot, records: Sequence[str]) -> dict[str, str | None]:
    rows = snapshot.records.filter(pc.is_in(snapshot.records["record"], value_set=pa.array(sorted(set(records)), pa.string())))
    return dict(zip(rows["record"].to_pylist(), rows["locator"].to_pylist(), strict=True))


@lru_cache(maxsize=2)
def _cited(snapshot: Snapshot) -> tuple[Counter[str], Mapping[str, set[str]]]:
    """How many statements rest on each source, and which actors they speak of."""
    sources = dict(zip(snapshot.records["record"].to_pylist(), snapshot.records["sources"].to_pylist(), strict=True))
    actors = frozenset(snapshot.entities(EntityKind.ORGANIZATION))
    facts: Counter[str] = Counter()
    spoken: dict[str, set[str]] = defaultdict(set)
    for table, ends in ((snapshot.attributes, ("subject",)), (snapshot.relations, ("subject", "object"))):
        for record, *entities in zip(table["record"].to_pylist(), *(table[end].to_pylist() for end in ends), strict=True):
            for source in sources[record] or ():
                facts[source] += 1
                spoken[source].update(actors.intersection(entities))
    return facts, spoken


def _package(snapshot: Snapshot, source: str) -> str:
    statement = snapshot.attribute_statement(source, "type")
    return snapshot.statement(statement).record.partition("/")[0] if statement else ""


def _age(source: SourceRef, year: int) -> int | None:
    return year - int(source.year[:4]) if source.year and source.year[:4].isdigit() else None


def _with(snapshot: Snapshot, predicate: str) -> set[str]:
    """Subjects of a stated relation."""
    rows = snapshot.relations
    found = rows.filter(pc.and_(pc.equal(rows["predicate"], predicate), pc.equal(rows["basis"], "stated")))
    return set(found["subject"].to_pylist())
