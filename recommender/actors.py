"""The actors of a context, column by column: what they are, where they are, whether they may be recommended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph_builder.normalise import latest_day
from graph_builder.snapshot import Snapshot
from ontology.model import Partner, Status
from recommender.great_circle import kilometres_between

FRESH_YEARS = 5
"""A newest source more than this many years before the reference year asks for a check."""

FAR_FROM_HOME = 40.0
"""Kilometres from its own town at which an address is a mistake."""

_OUT = frozenset({Status.CLOSED.value, Status.MERGED.value, Status.PLANNED.value, Status.REDUCED.value})


@dataclass(frozen=True)
class Actors:
    """Columns of length n. `lat`, `lon` in degrees, NaN where the commune is unknown.

    `inside` says that the actor's place lies in the territory; `outside` that it is known only as a partner of somebody here: it
    gives context, and is neither drawn nor measured. `to_check` holds "" or one of: status, undated, old. `answers` are the need
    types that the actor's kind answers.
    """

    name: tuple[str, ...]
    kind: tuple[str, ...]
    role: tuple[str, ...]
    partner: tuple[str, ...]
    answers: tuple[frozenset[str], ...]
    recommendable: NDArray[np.bool_]
    to_check: tuple[str, ...]
    newest_year: tuple[str, ...]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    place: tuple[str, ...]
    inside: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    reference_year: int


def read_actors(snapshot: Snapshot, ids: tuple[str, ...], relations: pa.Table, as_of: date | None) -> Actors:
    """Actors of a snapshot. Identity and kind are timeless; ages are counted from `as_of` or the package's year.

    A place told by the known `relations` comes before one that is not known yet.
    """
    year = as_of.year if as_of else snapshot.reference_year
    name, kind, status = snapshot.values("name"), snapshot.values("kind"), snapshot.values("status")
    role, partner, answers = snapshot.values("role"), snapshot.values("partner"), snapshot.lists("offers_by_default")
    newest, places = snapshot.values("source_year"), {**located(snapshot.relations), **located(relations)}
    inside, outside = snapshot.values("inside"), snapshot.values("outside")
    where = _positions(snapshot, ids, places)
    kinds = [kind.get(a, "") for a in ids]
    return Actors(
        name=tuple(name.get(a, a) for a in ids),
        kind=tuple(kinds),
        role=tuple(role.get(k, "") for k in kinds),
        partner=tuple(partner.get(k, Partner.YES.value) for k in kinds),
        answers=tuple(frozenset(answers.get(k, ())) for k in kinds),
        recommendable=_recommendable(snapshot, ids, status),
        to_check=tuple(_to_check(status.get(a, ""), newest.get(a, ""), year) for a in ids),
        newest_year=tuple(newest.get(a, "") for a in ids),
        lat=where[:, 0],
        lon=where[:, 1],
        place=tuple(places.get(a, "") for a in ids),
        inside=np.asarray([inside.get(places.get(a, ""), "") == "yes" for a in ids], dtype=bool),
        outside=np.asarray([outside.get(a) == "yes" for a in ids], dtype=bool),
        reference_year=year,
    )


def located(relations: pa.Table) -> dict[str, str]:
    """Place of each actor, from its `locatedIn` relation to a place."""
    rows = relations.filter(pc.equal(relations["predicate"], "locatedIn"))
    return {s: o for s, o in zip(rows["subject"].to_pylist(), rows["object"].to_pylist(), strict=True) if o.startswith("place:")}


def _recommendable(snapshot: Snapshot, ids: tuple[str, ...], status: Mapping[str, str]) -> NDArray[np.bool_]:
    """What the package decides; without that column, actors that are alive and no mere place."""
    told = snapshot.values("recommendable")
    kind, partner = snapshot.values("kind"), snapshot.values("partner")
    return np.asarray(
        [told[a] == "yes" if a in told else status.get(a, "") not in _OUT and partner.get(kind.get(a, ""), "") != Partner.PLACE.value for a in ids],
        dtype=bool,
    )


def _to_check(status: str, newest: str, year: int) -> str:
    if status == Status.UNKNOWN.value:
        return "status"
    day = latest_day(newest)
    if day is None:
        return "undated"
    return "old" if year - day.year > FRESH_YEARS else ""


def _positions(snapshot: Snapshot, ids: tuple[str, ...], places: Mapping[str, str]) -> NDArray[np.float64]:
    """Latitude and longitude of each actor, (n, 2): its own, else that of its place, else NaN.

    An address that lies further than `FAR_FROM_HOME` from its own town is a mistake of the source: the town is taken.
    """
    columns = [_numbers(snapshot.values(name), ids, places) for name in ("lat", "lon")]
    own, home = (np.column_stack([column[k] for column in columns]).reshape(-1, 2) for k in (0, 1))
    astray = kilometres_between(own, home) > FAR_FROM_HOME
    return np.where(np.isnan(own) | astray[:, None], home, own)


def _numbers(values: Mapping[str, str], ids: tuple[str, ...], places: Mapping[str, str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A coordinate of each actor and of its place, NaN where it is not told."""
    own = np.asarray([float(values.get(a) or "nan") for a in ids], dtype=float)
    return own, np.asarray([float(values.get(places.get(a, "")) or "nan") for a in ids], dtype=float)
