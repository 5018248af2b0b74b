"""What turning the rows of a territory package into facts shares: cells taken one by one, records, cited sources, inference rules."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph_builder.normalise import place_id
from graph_builder.sources.territory.csv_file import Row, Table
from graph_builder.tables import Filler
from ontology.model import ATTRIBUTES, Basis, Confidence

UNDECLARED = Confidence.LIKELY
"""Confidence of a row whose table has no such column: marked as sourced, not attested one by one."""

INFERENCES: Mapping[str, tuple[str, str]] = {
    "offer": (
        "Hypothèse : compétence déduite de la description et du genre de l'acteur, qu'aucune source n'énonce",
        "Hypothesis: skill inferred from the actor's description and kind, stated by no source",
    ),
    "need": (
        "Hypothèse : besoin déduit de l'activité de l'acteur, qu'aucune source n'énonce ; à vérifier avec lui",
        "Hypothesis: need inferred from the actor's activity, stated by no source; to be checked with the actor",
    ),
    "relation": (
        "Hypothèse : lien déduit d'autres faits, qu'aucune source n'énonce",
        "Hypothesis: relation inferred from other facts, stated by no source",
    ),
}
"""The rules by which a package infers facts: text (fr, en) of the source that such facts cite."""


def items(cell: str) -> list[str]:
    """The items of a list cell, each once, in their order."""
    return list(dict.fromkeys(item.strip() for item in cell.split(";") if item.strip()))


class Cells:
    """The cells of one row, taken out one by one, so that what nobody took can be reported."""

    def __init__(self, row: Row) -> None:
        self.line = row.line
        self._left = dict(row.cells)

    def pop(self, column: str) -> str:
        """The text of a column, without spaces around it."""
        return self._left.pop(column).strip()

    def items(self, column: str) -> list[str]:
        """The items of a list column."""
        return items(self._left.pop(column))

    def confidence(self) -> Confidence:
        """The row's confidence, or the one for tables that have none."""
        return Confidence(self.pop("confidence")) if "confidence" in self._left else UNDECLARED

    @property
    def left(self) -> tuple[str, ...]:
        """Columns that were not taken yet."""
        return tuple(self._left)


@dataclass
class Facts:
    """What is being filled, and what is needed from other tables to fill it."""

    package: str
    tables: Mapping[str, Table]
    fill: Filler = field(default_factory=Filler)
    unread: set[tuple[str, str]] = field(default_factory=set)
    inferred: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.years = {row.cells["id"].strip(): row.cells["year"].strip() for row in self.rows("sources")}
        self.places = {row.cells["place"].strip(): place_id(row.cells["place"], row.cells["insee"].strip()) for row in self.rows("places")}
        told = (row.cells for row in self.rows("relations") if row.cells["predicate"] == "succeededBy")
        self.successions = {(cells["subject"].strip(), cells["object"].strip()) for cells in told}

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table, none when the package has no such table."""
        return self.tables[table].rows if table in self.tables else ()

    def newest(self, sources: Iterable[str]) -> str | None:
        """The newest year among the sources that have one."""
        return max((self.years[key] for key in sources if self.years.get(key)), default=None)

    def record(self, table: str, line: int, key: Sequence[str], *, sources: Iterable[str], published: str | None) -> str:
        """Add the record of one row and return its key."""
        name = f"{self.package}/{table}/{'|'.join(key)}"
        return self.fill.record(name, locator=f"{self.tables[table].file}:{line}", sources=[f"source:{s}" for s in sources], published=published)

    def cited(self, basis: Basis, rule: str, sources: Sequence[str]) -> list[str]:
        """The sources that a fact cites: its own when stated; when inferred, the rule alone, since none of its own states it."""
        if basis is Basis.STATED:
            return list(sources)
        self.inferred.add(rule)
        return [f"inference-{rule}"]


def plain_number(text: str) -> str:
    """A number as it would print, so that "6.10" and "6.1" are the same fact."""
    value = float(text)
    return str(int(value)) if math.isfinite(value) and value.is_integer() else repr(value)


def literal(facts: Facts, subject: str, predicate: str, value: str, record: str, *, confidence: Confidence, lang: str | None = None) -> None:
    """Add one attribute, its number and language in canonical form."""
    attribute = ATTRIBUTES[predicate]
    text = plain_number(value) if value and attribute.type == "number" else value
    facts.fill.attribute(subject, predicate, text, record, lang=lang or attribute.lang, confidence=confidence)
