"""The tables of a territory package whose rows are relations: relations, participations, offers, needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graph_builder.sources.territory.csv_file import Row
from graph_builder.sources.territory.facts import Cells, Facts
from ontology.model import Basis


def _relation(facts: Facts, row: Row) -> Cells:
    """A row of relations.csv. `date_precision` says in words what the form of `since` says (2019~), and adds nothing."""
    cells = Cells(row)
    subject, predicate, obj, role = (cells.pop(column) for column in ("subject", "predicate", "object", "role"))
    basis, own = Basis(cells.pop("basis")), cells.items("source")
    cells.pop("date_precision")
    record = facts.record(
        "relations",
        row.line,
        [subject, predicate, obj, role],
        sources=facts.cited(basis, "relation", own),
        published=facts.newest(own),
    )
    facts.fill.relation(
        subject,
        predicate,
        obj,
        record,
        since=cells.pop("since"),
        until=cells.pop("until"),
        basis=basis,
        confidence=cells.confidence(),
        qualifiers={"role": role, "word": cells.pop("word")},
    )
    return cells


def _participation(facts: Facts, row: Row) -> Cells:
    cells = Cells(row)
    project, actor, role, own = cells.pop("project"), cells.pop("actor"), cells.pop("role"), cells.items("source")
    record = facts.record("participations", row.line, [project, actor, role], sources=own, published=facts.newest(own))
    facts.fill.relation(
        actor,
        "participatesIn",
        project,
        record,
        since=cells.pop("since"),
        until=cells.pop("until"),
        confidence=cells.confidence(),
        qualifiers={"role": role, "date_basis": cells.pop("date_basis")},
    )
    return cells


def _offer(facts: Facts, row: Row) -> Cells:
    cells = Cells(row)
    actor, skill, own = cells.pop("actor"), cells.pop("skill"), cells.items("source")
    basis = Basis(cells.pop("basis"))
    record = facts.record("offers", row.line, [actor, skill], sources=facts.cited(basis, "offer", own), published=facts.newest(own))
    facts.fill.relation(actor, "offersSkill", f"skill:{skill}", record, basis=basis, confidence=cells.confidence())
    return cells


def _need(table: str, key: tuple[str, ...]) -> Callable[[Facts, Row], Cells]:
    """The reader of needs.csv and needs_inferred.csv, which differ in their key and in the paraphrases they have."""

    def need(facts: Facts, row: Row) -> Cells:
        cells = Cells(row)
        actor, skill, need_type, own = cells.pop("actor"), cells.pop("skill"), cells.pop("need_type"), cells.items("source")
        basis = Basis(cells.pop("basis"))
        primary = [row.cells[column].strip() for column in key]
        record = facts.record(table, row.line, primary, sources=facts.cited(basis, "need", own), published=cells.pop("year"))
        paraphrases = {column: cells.pop(column) for column in cells.left if column.startswith("paraphrase_")}
        qualifiers = {"need_type": need_type, **paraphrases}
        facts.fill.relation(actor, "needsSkill", f"skill:{skill}", record, basis=basis, confidence=cells.confidence(), qualifiers=qualifiers)
        return cells

    return need


RELATION_TABLES: Mapping[str, Callable[[Facts, Row], Cells]] = {
    "relations": _relation,
    "participations": _participation,
    "offers": _offer,
    "needs": _need("needs", ("actor", "skill", "need_type", "source")),
    "needs_inferred": _need("needs_inferred", ("actor", "skill", "need_type")),
}
"""The tables whose rows are relations, by name. relation_types.csv is no such table: it only checks the words of relations.csv."""


def add_relations(facts: Facts, name: str) -> None:
    """Add every row of the relation table `name`."""
    read = RELATION_TABLES[name]
    for row in facts.rows(name):
        facts.unread.update((name, column) for column in read(facts, row).left)
