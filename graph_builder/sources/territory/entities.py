"""The tables of a territory package whose rows are entities: their attributes, and the relations that stand in their columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from graph_builder.sources.territory.csv_file import Row
from graph_builder.sources.territory.facts import INFERENCES, UNDECLARED, Cells, Facts, literal
from ontology.model import ATTRIBUTES, Confidence, EntityKind

LIST_COLUMNS = frozenset({"alt_names", "offers_by_default", "naf_divisions"})
"""Columns of which each item is an attribute of its own."""

CONFIDENCE_OF: Mapping[str, str] = {
    "website": "website_confidence",
    "naf_divisions": "naf_confidence",
    "esco_uri": "esco_confidence",
    "esco_label": "esco_confidence",
    "rome_code": "rome_confidence",
    "euroscivoc": "euroscivoc_confidence",
}
"""Columns that carry a confidence of their own, and the column that says it."""


@dataclass(frozen=True)
class EntityTable:
    """A table whose rows are entities. A column becomes the attribute of its own name, unless `rename` gives another."""

    kind: EntityKind
    prefix: str = ""
    key: str = "id"
    sources: str | None = None
    year: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    lang: Mapping[str, str] = field(default_factory=dict)
    links: Callable[[Facts, Link], None] | None = None


@dataclass(frozen=True)
class Link:
    """The row of an entity while its columns that are relations are taken out."""

    subject: str
    record: str
    cells: Cells
    confidence: Confidence


def _relate(facts: Facts, link: Link, predicate: str, obj: str) -> None:
    facts.fill.relation(link.subject, predicate, obj, link.record, confidence=link.confidence)


def _broader(prefix: str) -> Callable[[Facts, Link], None]:
    def links(facts: Facts, link: Link) -> None:
        above = link.cells.pop("broader")
        if above:
            _relate(facts, link, "broader", prefix + above)

    return links


def _actor(facts: Facts, link: Link) -> None:
    """Sectors, place and successor; a successor that relations.csv tells already is not told twice."""
    for sector in link.cells.items("sectors"):
        _relate(facts, link, "operatesInSector", f"sector:{sector}")
    commune = link.cells.pop("commune")
    if commune:
        _relate(facts, link, "locatedIn", facts.places[commune])
    successor = link.cells.pop("succeeded_by")
    if successor and (link.subject, successor) not in facts.successions:
        _relate(facts, link, "succeededBy", successor)


def _project(facts: Facts, link: Link) -> None:
    for column, prefix in (("sectors", "sector:"), ("skills", "skill:")):
        for item in link.cells.items(column):
            _relate(facts, link, "about", prefix + item)


ENTITY_TABLES: Mapping[str, EntityTable] = {
    "kinds": EntityTable(EntityKind.ACTOR_KIND, "kind:", key="kind"),
    "sources": EntityTable(EntityKind.SOURCE, "source:", sources="id", year="year"),
    "places": EntityTable(EntityKind.PLACE, key="place", rename={"place": "name"}),
    "sectors": EntityTable(EntityKind.SECTOR, "sector:", sources="source", lang={"seed_axis": "fr", "seed_wording": "fr"}, links=_broader("sector:")),
    "skills": EntityTable(EntityKind.SKILL, "skill:", sources="source", links=_broader("skill:")),
    "strategy": EntityTable(EntityKind.STRATEGY_ITEM, "strategy:", lang={"indicator_hint": "en"}),
    "actors": EntityTable(
        EntityKind.ORGANIZATION, sources="sources", year="source_year", rename={"alt_names": "alt_name"}, lang={"status_note": "fr"}, links=_actor
    ),
    "projects": EntityTable(
        EntityKind.PROJECT,
        sources="source",
        year="source_year",
        rename={"type": "project_type", "status": "project_status"},
        lang={"name": "fr"},
        links=_project,
    ),
}
"""The tables whose rows are entities, by name."""


def add_entities(facts: Facts, name: str) -> None:
    """Add every row of the entity table `name`."""
    for row in facts.rows(name):
        _entity(facts, name, row)


def _entity(facts: Facts, name: str, row: Row) -> None:
    table, cells = ENTITY_TABLES[name], Cells(row)
    key = row.cells[table.key].strip()
    subject = facts.places[key] if table.kind is EntityKind.PLACE else table.prefix + key
    confidence = Confidence(row.cells["confidence"]) if "confidence" in row.cells else UNDECLARED
    cited = Cells(row).items(table.sources) if table.sources else []
    published = row.cells[table.year].strip() if table.year else facts.newest(cited)
    record = facts.record(name, row.line, [key], sources=cited, published=published)
    literal(facts, subject, "type", table.kind.value, record, confidence=confidence)
    if table.links:
        table.links(facts, Link(subject, record, cells, confidence))
    for column in dict.fromkeys(c for c in (table.key, table.sources) if c and c not in table.rename):
        cells.pop(column)
    for column in cells.left:
        predicate = table.rename.get(column, column)
        if predicate not in ATTRIBUTES:
            facts.unread.add((name, column))
            continue
        own = row.cells.get(CONFIDENCE_OF.get(column, ""))
        for value in cells.items(column) if column in LIST_COLUMNS else [cells.pop(column)]:
            text = f"kind:{value}" if (name, column) == ("actors", "kind") else value
            literal(facts, subject, predicate, text, record, confidence=Confidence(own) if own else confidence, lang=table.lang.get(column))


def add_inference_sources(facts: Facts) -> None:
    """Add the rules that inferred facts cite, each as a source of its own."""
    for rule in sorted(facts.inferred):
        fr, en = INFERENCES[rule]
        subject = f"source:inference-{rule}"
        record = facts.fill.record(f"{facts.package}/inference/{rule}", sources=[subject])
        for predicate, text in (("type", EntityKind.SOURCE.value), ("name_fr", fr), ("name_en", en), ("title", fr)):
            literal(facts, subject, predicate, text, record, confidence=Confidence.KNOWN)
