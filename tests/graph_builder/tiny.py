"""Small territories written by hand, and the seed, for the tests of graph_builder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler, Tables
from ontology.errors import Finding, InputError

SEED = Path(__file__).parents[2] / "data_seeds" / "nord-franche-comte"


@dataclass(frozen=True)
class Info:
    name: str = "tiny"
    title_fr: str = "Petit territoire"
    title_en: str = "Tiny territory"
    created: date = date(2026, 3, 1)
    version: str = "1.0"
    licences: str = ""


@dataclass(frozen=True)
class FakeSource:
    """A source that yields what it was given; `validate` gives the findings, `tables` refuses when one is an error."""

    content: Tables
    info: Info = Info()
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        return self.info.name

    def validate(self) -> list[Finding]:
        return list(self.findings)

    def tables(self) -> Tables:
        if any(finding.severity == "error" for finding in self.findings):
            raise InputError("refused", self.findings)
        return self.content


def actors(filler: Filler, names: Iterable[str], *, package: str = "tiny") -> None:
    """One record and one organisation per name."""
    for name in names:
        record = filler.record(f"{package}/actors/{name}", locator=f"actors.csv:{name}", sources=[f"source:{name}"], published="2021")
        filler.attribute(name, "type", "Organization", record)
        filler.attribute(name, "name", f"Actor {name.upper()}", record)


def project(filler: Filler, name: str, members: dict[str, str], *, counts: str = "yes", since: str | None = None, start: str = "") -> None:
    """A project, with the role of each participant."""
    record = filler.record(f"tiny/projects/{name}", sources=["source:p"], published="2022")
    filler.attribute(name, "type", "Project", record)
    filler.attribute(name, "counts_as_tie", counts, record)
    filler.attribute(name, "start", start, record)
    for actor, role in members.items():
        filler.relation(actor, "participatesIn", name, record, since=since, qualifiers={"role": role})


def relations(filler: Filler, *rows: tuple[str, str, str] | tuple[str, str, str, str]) -> None:
    """Relations (subject, predicate, object, role or nothing) of one record."""
    record = filler.record("tiny/relations", sources=["source:r"], published="2020")
    for subject, predicate, obj, *role in rows:
        filler.relation(subject, predicate, obj, record, qualifiers={"role": "".join(role)})


def tiny(note: str = "") -> Tables:
    """Four actors, one relation that is a tie, one that is not, one shared project; a note makes another content of it."""
    filler = Filler()
    actors(filler, "abcd")
    relations(filler, ("a", "collaboratesWith", "b", "joint_lab"), ("c", "memberOf", "d"))
    project(filler, "p", {"b": "lead", "c": "partner", "d": "funder"}, since="2019", start="2018")
    filler.attribute("a", "alt_name", "Alpha", "tiny/actors/a")
    filler.attribute("a", "alt_name", "Aleph", "tiny/actors/a")
    filler.attribute("a", "description_fr", note, "tiny/actors/a")
    return filler.tables()


@lru_cache(maxsize=1)
def seed() -> Snapshot:
    """The seed as a snapshot in memory."""
    from graph_builder.sources import open_source

    source = open_source(str(SEED))
    return in_memory(source.tables(), [source.info])
