"""Small dated graphs written by hand: projects with their day, members and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler, Tables
from recommender.temporal.events import PROGRAMME, Events, read_events
from tests.graph_builder.tiny import Info

DAY = np.datetime64


class Dated:
    """Collects actors and projects; every fact cites a record of its day."""

    def __init__(self) -> None:
        self.filler = Filler()
        self._actors: set[str] = set()
        self._records = 0

    def record(self, day: str | None, sources: Iterable[str] = ()) -> str:
        self._records += 1
        return self.filler.record(f"tiny/rows/{self._records}", sources=sources, published=day)

    def actor(self, name: str, day: str | None = "2015-01-01", /, **attributes: str) -> None:
        record = self.record(day)
        if name not in self._actors:
            self._actors.add(name)
            self.filler.attribute(name, "type", "Organization", record)
        for predicate, value in attributes.items():
            self.filler.attribute(name, predicate, value, record)

    def tell(self, entity: str, predicate: str, value: str, day: str | None) -> None:
        self.filler.attribute(entity, predicate, value, self.record(day))

    def project(
        self, name: str, day: str | None, members: Iterable[str] | Mapping[str, str], text: str = "", /, *, horizon: bool = True, **attributes: str
    ) -> None:
        roles = dict(members) if isinstance(members, Mapping) else dict.fromkeys(members, "partner")
        record = self.record(day, [PROGRAMME] if horizon else ["source:cordis-h2020"])
        for predicate, value in {"type": "Project", "description_en": text, **attributes}.items():
            self.filler.attribute(name, predicate, value, record)
        for member, role in roles.items():
            self.actor(member)
            self.filler.relation(member, "participatesIn", name, record, since=day, qualifiers={"role": role})

    def tables(self) -> Tables:
        return self.filler.tables()

    def snapshot(self) -> Snapshot:
        return in_memory(self.tables(), [Info()])

    def events(self) -> Events:
        return read_events(self.snapshot())


WORDS = ("hydrogen", "tanks", "turbine", "health", "sensor", "bridge", "water", "soil", "robot", "laser", "light", "ocean", "forest", "battery")


def crowd(actors: int = 24, projects: int = 120, seed: int = 0) -> Dated:
    """Projects of 2019 to 2023 among a few dozen actors, drawn at random; actors of one third share words and meet more often."""
    rng = np.random.default_rng(seed)
    dated = Dated()
    for k in range(actors):
        dated.actor(f"pic:{900000000 + k}", kind=f"kind:{k % 3}", country=("FR", "DE")[k % 2], name=f"Firm {k:03d}x")
    for p in range(projects):
        group = int(rng.integers(3))
        pool = [k for k in range(actors) if k % 3 == group or rng.random() < 0.15]
        chosen = rng.choice(pool, size=min(len(pool), int(rng.integers(2, 5))), replace=False)
        words = rng.choice(WORDS[group * 4 : group * 4 + 6], size=4)
        day = np.datetime64("2019-01-01") + int(rng.integers(0, 5 * 365))
        members = {f"pic:{900000000 + k}": "lead" if n == 0 else "partner" for n, k in enumerate(chosen)}
        topic = f"HORIZON-CL{group}-2021-D{p % 2}-01-01"
        dated.project(f"cordis:{p}", str(day), members, " ".join(words), topic=topic, euroscivoc_path=f"/science/field{group}/part{p % 2}")
    return dated
