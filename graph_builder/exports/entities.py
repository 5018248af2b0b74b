"""What every export asks of an entity: its kind, its name in two languages, its role, its place on the map, its sources."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.snapshot import Snapshot


class Entities:
    """The entities of a snapshot, each table read once, on first use."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def kind(self) -> Mapping[str, str]:
        """Entity -> its kind, such as "Organization"."""
        return self.snapshot.values("type")

    def name(self, entity: str, lang: str = "fr") -> str:
        """Name, label or title of an entity in a language; in French where there is no other, the id where there is none."""
        for names in self._names[lang]:
            if entity in names:
                return names[entity]
        return entity

    @cached_property
    def _names(self) -> Mapping[str, tuple[Mapping[str, str], ...]]:
        values = self.snapshot.values
        fr = (values("name_fr"), values("name"), values("label_fr"), values("axis_label_fr"), values("title"))
        return {"fr": (*fr, values("name_en"), values("label_en")), "en": (values("name_en"), values("label_en"), values("axis_label_en"), *fr)}

    def actor_kind(self, entity: str) -> str | None:
        """Id of the finer kind of an actor, such as `kind:labo`."""
        return self.snapshot.values("kind").get(entity)

    def role(self, entity: str) -> str | None:
        """Role of an actor: that of its kind."""
        roles = self.snapshot.values("role")
        return roles.get(entity) or roles.get(self.snapshot.values("kind").get(entity, ""))

    def outside(self, actor: str) -> bool:
        """Whether an actor is of elsewhere: known only as a partner of somebody here."""
        return self.snapshot.values("outside").get(actor) == "yes"

    @cached_property
    def coordinates(self) -> Mapping[str, tuple[float, float]]:
        """Entity -> latitude and longitude in degrees, both from one record; nothing that lies outside the globe."""
        halves = {}
        for name, most in (("lat", 90.0), ("lon", 180.0)):
            rows = self.snapshot.attributes.filter(pc.equal(self.snapshot.attributes["predicate"], name))
            columns = (rows[column].to_pylist() for column in ("subject", "record", "value"))
            halves[name] = {(s, r): degrees for s, r, value in zip(*columns, strict=True) if (degrees := _degrees(value, most)) is not None}
        found: dict[str, tuple[float, float]] = {}
        for subject, record in sorted(halves["lat"].keys() & halves["lon"].keys()):
            found.setdefault(subject, (halves["lat"][subject, record], halves["lon"][subject, record]))
        return found

    def sources(self, entity: str) -> tuple[str, ...]:
        """Sources of the records that describe an entity, that is give its type, sorted."""
        return tuple(sorted({source for record in self._described.get(entity, ()) for source in self.snapshot.record_sources(record)}))

    @cached_property
    def _described(self) -> Mapping[str, tuple[str, ...]]:
        rows: pa.Table = self.snapshot.attributes.filter(pc.equal(self.snapshot.attributes["predicate"], "type"))
        records: dict[str, tuple[str, ...]] = {}
        for subject, record in zip(rows["subject"].to_pylist(), rows["record"].to_pylist(), strict=True):
            records[subject] = (*records.get(subject, ()), record)
        return records


def number(text: str | None) -> float | None:
    """The number that a text says, None when it says none that a file can hold."""
    try:
        value = float(text) if text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _degrees(text: str, most: float) -> float | None:
    value = number(text)
    return value if value is not None and abs(value) <= most else None
