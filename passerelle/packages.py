"""The packages of a snapshot: what they are called, and which actors each of them brought."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow.compute as pc

from graph_builder.snapshot import Snapshot
from ontology.model import EntityKind
from recommender.answers import Text
from recommender.wording import labels_of


def name_of(snapshot: Snapshot, entity: str) -> Text:
    """Name of an actor or a project; its id when it has none."""
    return labels_of(snapshot).name(entity)


def titles(snapshot: Snapshot) -> Mapping[str, Text]:
    """Titles of the packages of a snapshot, by their names, which record keys begin with."""
    return {p["name"]: Text(p["title_fr"], p["title_en"]) for p in snapshot.manifest.packages}


def brought(snapshot: Snapshot, package: str) -> tuple[tuple[str, str], ...]:
    """Actors that a package describes, merged ones too, as (id, name) in the order of the names."""
    rows = snapshot.attributes
    told = rows.filter(pc.and_(pc.equal(rows["predicate"], "type"), pc.starts_with(rows["record"], f"{package}/")))
    names = snapshot.values("name")
    actors = set(told["subject"].to_pylist()) & set(snapshot.entities(EntityKind.ORGANIZATION))
    return tuple(sorted(((actor, names.get(actor, actor)) for actor in actors), key=lambda pair: (pair[1].casefold(), pair[0])))
