"""Companies of a list as records, attributes and relations: each cites the one source that the list is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_builder.normalise import place_id
from graph_builder.sources.company_list.cells import departement
from graph_builder.sources.company_list.mapping import SOURCE_KEYS, ListMapping
from graph_builder.sources.company_list.rows import Company, every_place
from graph_builder.tables import Filler, Tables
from ontology.model import ATTRIBUTES, Confidence, EntityKind

OWN_KIND = "entreprise"
"""The kind of actor that a list describes itself; any other is a word of a territory's kinds.csv."""

KIND: Mapping[str, str] = {
    "label_fr": "Entreprise",
    "label_en": "Company",
    "org_kind": "company",
    "role": "company",
    "partner": "yes",
    "offers_by_default": "supplier",
}

SOURCED = Confidence.LIKELY
"""Confidence of what a list says: marked as sourced, not attested one by one."""


def facts_of(file: str, mapping: ListMapping, companies: Sequence[Company]) -> Tables:
    """The companies, their communes, the list as a source, and the kind of actor that the list itself describes."""
    fill = _Fill(file, mapping)
    fill.source()
    if any(company.kind == OWN_KIND for company in companies):
        record = fill.record(f"kinds/{OWN_KIND}")
        fill.literals(f"kind:{OWN_KIND}", {"type": EntityKind.ACTOR_KIND.value, **KIND}, record)
    for (insee, _), name in every_place(companies).items():
        fill.place(name, insee)
    for company in companies:
        fill.company(company)
    return fill.filler.tables()


class _Fill:
    def __init__(self, file: str, mapping: ListMapping) -> None:
        self.file, self.mapping = file, mapping
        self.filler = Filler()
        self.cited = f"source:{mapping.name}"

    def record(self, key: str, line: int | None = None) -> str:
        locator = self.file if line is None else f"{self.file}:{line}"
        return self.filler.record(f"{self.mapping.name}/{key}", locator=locator, sources=[self.cited], published=self.mapping.source.year or None)

    def literals(self, subject: str, values: Mapping[str, str], record: str) -> None:
        for predicate, value in values.items():
            self.filler.attribute(subject, predicate, value, record, lang=ATTRIBUTES[predicate].lang, confidence=SOURCED)

    def source(self) -> None:
        source = self.mapping.source
        told = {key: getattr(source, key) for key in SOURCE_KEYS}
        told["title"] = source.title or self.mapping.title_fr or self.file
        self.literals(self.cited, {"type": EntityKind.SOURCE.value, **told}, self.record(f"sources/{self.mapping.name}"))

    def place(self, name: str, insee: str) -> None:
        subject = place_id(name, insee)
        values = {"type": EntityKind.PLACE.value, "name": name, "insee": insee, "departement": departement(insee, "")}
        values["country"] = "FR" if insee else ""
        self.literals(subject, values, self.record(f"places/{subject.removeprefix('place:')}"))

    def company(self, company: Company) -> None:
        record = self.record(f"companies/{company.id}", company.line)
        values = {
            "type": EntityKind.ORGANIZATION.value,
            "kind": f"kind:{company.kind}",
            "status": company.status.value,
            "source_year": self.mapping.source.year,
            **company.values,
        }
        self.literals(company.id, values, record)
        for name in company.other_names:
            self.filler.attribute(company.id, "alt_name", name, record, confidence=SOURCED)
        if company.commune or company.insee:
            self.filler.relation(company.id, "locatedIn", place_id(company.commune, company.insee), record, confidence=SOURCED)
