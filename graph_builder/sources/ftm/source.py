"""FollowTheMoney entities (JSON lines) as a source: organisations, projects and what links them. Persons are dropped."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graph_builder.sources.entities.file import EntityFile, Outcome
from graph_builder.sources.entities.info import About, add_source, package_info, package_name, plain_date, stated_date
from graph_builder.sources.entities.ledger import Ledger
from graph_builder.sources.findings import capped
from graph_builder.sources.ftm.facts import fill
from graph_builder.sources.ftm.lines import Entity, read_entities
from graph_builder.sources.ftm.reading import FtmReading
from graph_builder.sources.ftm.schemas import ACTORS
from graph_builder.sources.rdf_file.looks import FTM
from ontology.errors import Finding, InputError

_OWN_DATES = ("modifiedAt", "retrievedAt", "createdAt", "last_change", "last_seen", "first_seen")
_EVENTS = ("incorporationDate", "startDate", "date")


class FtmFile(EntityFile):
    """The organisations and projects of a FollowTheMoney file."""

    @property
    def name(self) -> str:
        """Name of the package: that of the file, since the format has no title."""
        return package_name(self.path, "")

    def _read_now(self) -> Outcome:
        entities, findings = read_entities(self.path)
        if findings:
            return None, None, capped(findings)
        said = _about(entities.values())
        info, dated = package_info(self.path, said, self._created)
        if not any(entity.schema in ACTORS for entity in entities.values()):
            dated.append(Finding(self.path.name, None, "schema", "no organisation in the file", f"looked for {', '.join(ACTORS)}"))
        if any(finding.severity == "error" for finding in dated):
            return info, None, dated
        ledger = Ledger(info.name, self.path.name)
        published = stated_date(self.path, said, self._created)
        reading = FtmReading(entities, ledger, add_source(ledger, info, said, published), published)
        errors = fill(reading)
        found = capped([*errors, *dated, *reading.findings, *ledger.warnings()])
        return info, None if errors else ledger.tables(), found


def open_ftm(path: Path) -> FtmFile:
    """The source of a FollowTheMoney file; InputError for a folder."""
    if path.is_dir():
        raise InputError(f"{path}: a folder; give one file ({FTM})")
    return FtmFile(path)


def _about(entities: Iterable[Entity]) -> About:
    """What the entities say of the file: its dates, and its publisher where they all have the same."""
    dates, told, publishers = set[str](), set[str](), set[str]()
    for entity in entities:
        dates.update(filter(None, map(plain_date, entity.all(*_OWN_DATES))))
        told.update(filter(None, map(plain_date, entity.all(*_EVENTS))))
        publishers.update(entity.all("publisher"))
    return About(publisher=publishers.pop() if len(publishers) == 1 else "", dates=tuple(sorted(dates)), told=tuple(sorted(told)))
