"""What may be given away: facts that rest only on sources that forbid redistribution are left out, counted and listed.

A source says so itself, in its attribute `redistribution`: `facts` or `texts` may be passed on, `none` (or any other word) may not.
A source that says nothing, such as a rule of inference, forbids nothing.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.canonical import digest
from graph_builder.exports.plain_text import safe_cell
from graph_builder.snapshot import TABLES, Snapshot
from graph_builder.tables import RECORDS, Tables
from ontology.errors import QueryError
from ontology.model import EntityKind
from ontology.namespaces import LINKED_ATTRIBUTES

ALLOWED = frozenset({"facts", "texts"})
"""Values of `redistribution` that let facts be passed on."""

RULE = "source:inference-"
"""Head of the id of a rule: it is cited beside the sources that it read, and does not replace them."""

WITHHELD = "withheld.csv"
CITING = "Faits qui citent une de ces sources / Facts that cite one of these sources"
ALL = "Tous les faits laissés de côté, avec ceux qui en dépendaient / All facts left out, with those that depended on them"
"""What the last two rows of `withheld.csv` count; they have no source."""


class WithheldSource(NamedTuple):
    """A source that forbids redistribution, and how many of the facts that cite it were left out."""

    id: str
    title: str
    facts: int


@dataclass(frozen=True)
class Withheld:
    """What was left out: all facts, and the sources that forbid it, sorted by id; `addresses` has the URL of those that have one.

    Facts about an entity that nothing else describes are left out as well: `facts` counts them all, `citing` those that cite one of the
    sources. A fact may cite several, so the sources need not add up to `citing`.
    """

    facts: int = 0
    sources: tuple[WithheldSource, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    citing: int = 0


def shareable(snapshot: Snapshot) -> tuple[Snapshot, Withheld]:
    """The snapshot without what may not be redistributed, and what was left out; the same snapshot when nothing is forbidden.

    A fact with at least one shareable source stays and cites only the shareable ones. A source that forbids redistribution is left
    out as an entity too. An entity (also a source) that loses its `type` loses every fact about it or to it.
    """
    named = _forbidden(snapshot)
    if not named:
        return snapshot, Withheld()
    typed = _typed(snapshot.attributes)
    forbidden, sources = set(named), frozenset(snapshot.entities(EntityKind.SOURCE))
    while True:
        rows, lost = _allowed(snapshot, forbidden, typed)
        undescribed = (lost & sources) - forbidden
        if not undescribed:
            break
        forbidden |= undescribed
    return _snapshot(snapshot, rows), _withheld(snapshot, rows, sorted(named))


def check_shareable(shared: Snapshot, withheld: Withheld) -> None:
    """Refuse, with a QueryError, what an export would have nothing to say of: no entity is left but sources and kinds of actors."""
    if set(shared.values("type").values()) - {EntityKind.SOURCE, EntityKind.ACTOR_KIND}:
        return
    count = len(withheld.sources)
    why = f"what it says rests on sources that forbid redistribution ({count})" if count else "it describes no actor, no project and no word for them"
    raise QueryError(f"the snapshot {shared.digest} has nothing to export: {why}; check `redistribution` in the sources, or build other packages")


def write_withheld(withheld: Withheld, path: Path) -> None:
    """Write the sources that were left out as a CSV file, then the two sums without a source; a header alone when there are none."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("source", "title", "url", "facts_left_out"))
        for source, title, facts in withheld.sources:
            rows.writerow((source, safe_cell(title), withheld.addresses.get(source, ""), facts))
        if withheld.sources:
            rows.writerow(("", CITING, "", withheld.citing))
            rows.writerow(("", ALL, "", withheld.facts))


def _forbidden(snapshot: Snapshot) -> frozenset[str]:
    """Sources that say anything but `facts` or `texts`; of two packages that disagree the stricter one decides."""
    return frozenset(source for source, told in snapshot.lists("redistribution").items() if not ALLOWED.issuperset(told))


def _allowed(snapshot: Snapshot, forbidden: set[str], typed: frozenset[str]) -> tuple[Tables, frozenset[str]]:
    """The rows that may be passed on, and the entities that have no type any more."""
    records = _records(snapshot.records, forbidden)
    keys = records["record"].combine_chunks()
    gone = pa.array(sorted(forbidden), type=pa.string())
    attributes, relations = (
        table.filter(pc.and_(pc.is_in(table["record"], value_set=keys), pc.invert(pc.is_in(table["subject"], value_set=gone))))
        for table in (snapshot.attributes, snapshot.relations)
    )
    lost = typed - _typed(attributes)
    names = pa.array(sorted(lost), type=pa.string())
    linked = pc.is_in(attributes["predicate"], value_set=pa.array(sorted(LINKED_ATTRIBUTES)))
    to_lost = pc.and_(linked, pc.is_in(attributes["value"], value_set=names))
    attributes = attributes.filter(pc.invert(pc.or_(pc.is_in(attributes["subject"], value_set=names), to_lost)))
    ends = pc.or_(pc.is_in(relations["subject"], value_set=names), pc.is_in(relations["object"], value_set=names))
    relations = relations.filter(pc.invert(ends))
    return Tables(_still_used(snapshot, records, attributes, relations), attributes, relations), lost


def _records(records: pa.Table, forbidden: set[str]) -> pa.Table:
    """The records that have a shareable source, or none at all, citing the shareable ones."""
    kept, cited = [], []
    for position, sources in enumerate(records["sources"].to_pylist()):
        left = [source for source in sources or () if source not in forbidden]
        if len(left) < len(sources or ()) and all(source.startswith(RULE) for source in left):
            continue
        kept.append(position)
        cited.append(left)
    table = records.take(pa.array(kept, type=pa.int64()))
    place = table.column_names.index("sources")
    return table.set_column(place, RECORDS.field("sources"), pa.array(cited, type=RECORDS.field("sources").type))


def _still_used(snapshot: Snapshot, records: pa.Table, attributes: pa.Table, relations: pa.Table) -> pa.Table:
    """Without the records of which every fact was left out."""
    before = {*snapshot.attributes["record"].to_pylist(), *snapshot.relations["record"].to_pylist()}
    after = {*attributes["record"].to_pylist(), *relations["record"].to_pylist()}
    return records.filter(pc.invert(pc.is_in(records["record"], value_set=pa.array(sorted(before - after), type=pa.string()))))


def _typed(attributes: pa.Table) -> frozenset[str]:
    return frozenset(attributes.filter(pc.equal(attributes["predicate"], "type"))["subject"].to_pylist())


def _snapshot(whole: Snapshot, rows: Tables) -> Snapshot:
    """The rows, which are canonical still, as a snapshot of the same packages with a digest of its own."""
    packages = whole.manifest.packages
    manifest = replace(whole.manifest, digest=digest(rows, packages), files={})
    snapshot = Snapshot(manifest, *rows)
    counts: dict[str, int] = {name: getattr(rows, name).num_rows for name in TABLES}
    counts |= {kind.value: len(snapshot.entities(kind)) for kind in EntityKind}
    return replace(snapshot, manifest=replace(manifest, counts=counts))


def _withheld(whole: Snapshot, rows: Tables, forbidden: list[str]) -> Withheld:
    cites = dict(zip(whole.records["record"].to_pylist(), whole.records["sources"].to_pylist(), strict=True))
    facts, citing, by_source, named = 0, 0, Counter[str](), frozenset(forbidden)
    for before, after in ((whole.attributes, rows.attributes), (whole.relations, rows.relations)):
        out = before.filter(pc.invert(pc.is_in(before["statement"], value_set=after["statement"].combine_chunks())))
        facts += out.num_rows
        for record in out["record"].to_pylist():
            by_source.update(cites[record] or ())
            citing += not named.isdisjoint(cites[record] or ())
    title, url = whole.values("title"), whole.values("url")
    sources = tuple(WithheldSource(source, title.get(source, source), by_source[source]) for source in forbidden)
    return Withheld(facts, sources, {source: url[source] for source in forbidden if source in url}, citing)
