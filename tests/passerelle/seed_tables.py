"""What the seed says, read with the csv module alone: a second opinion on what the product computes."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

from tests.passerelle.command import SEED

TIE_WORDS = {"collaboratesWith", "supplies"}
TIE_ROLES = {"lead", "organiser", "operator", "partner", "contributor", "host", "user", "supplier"}
Pair = frozenset[str]
Row = dict[str, str]


def table(name: str) -> list[Row]:
    with (SEED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Seed:
    """The seed's tables and what follows from them."""

    @cached_property
    def actors(self) -> dict[str, Row]:
        return {row["id"]: row for row in table("actors")}

    @cached_property
    def role(self) -> dict[str, str]:
        of_kind = {row["kind"]: row["role"] for row in table("kinds")}
        return {key: of_kind[row["kind"]] for key, row in self.actors.items()}

    def sectors(self, actor: str) -> set[str]:
        return set(filter(None, self.actors[actor]["sectors"].split(";")))

    @cached_property
    def events(self) -> list[tuple[set[str], bool]]:
        """Who worked together, and whether the occasion has a date: tie relations, and shared projects that count."""
        found = [({row["subject"], row["object"]}, bool(row["since"])) for row in table("relations") if row["predicate"] in TIE_WORDS]
        projects = {row["id"]: row for row in table("projects") if row["counts_as_tie"] == "yes"}
        parts: dict[str, list[Row]] = defaultdict(list)
        for row in table("participations"):
            if row["project"] in projects and (row["role"] or "partner") in TIE_ROLES:
                parts[row["project"]].append(row)
        for project, rows in parts.items():
            found.append(({row["actor"] for row in rows}, bool(projects[project]["start"]) or any(row["since"] for row in rows)))
        return found

    @cached_property
    def ties(self) -> set[Pair]:
        return {frozenset(pair) for actors, _ in self.events for pair in combinations(sorted(actors), 2)}

    @cached_property
    def dated_ties(self) -> set[Pair]:
        return {frozenset(pair) for actors, dated in self.events if dated for pair in combinations(sorted(actors), 2)}

    @cached_property
    def related(self) -> set[Pair]:
        """Ties and every other relation between two actors."""
        return self.ties | {frozenset((row["subject"], row["object"])) for row in table("relations")}

    @cached_property
    def groups(self) -> list[set[str]]:
        """Whoever is related, directly or through others."""
        found: list[set[str]] = []
        for pair in self.related:
            touched = [group for group in found if group & pair]
            found = [group for group in found if not group & pair] + [set(pair).union(*touched)]
        return found

    def km(self, one: str, two: str) -> float | None:
        """Great-circle distance of two actors, None where one has no position."""
        places = [(self.actors[a]["lat"], self.actors[a]["lon"]) for a in (one, two)]
        if not all(all(place) for place in places):
            return None
        (a, b), (c, d) = ((radians(float(lat)), radians(float(lon))) for lat, lon in places)
        return 2 * 6371.0088 * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))
