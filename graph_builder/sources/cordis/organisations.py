"""The organisations of CORDIS: PICs that are one, and what the first row that tells it says of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph_builder.normalise import fold
from graph_builder.sources.cordis import names
from graph_builder.sources.cordis.columns import Columns
from graph_builder.sources.cordis.identity import same_organisation
from graph_builder.sources.cordis.layout import COUNTRIES, KINDS
from graph_builder.sources.cordis.rows import integers, mapped
from ontology.model import Confidence, EntityKind


@dataclass(frozen=True)
class Focus:
    """The part of the data that a package is about: organisations of a country, of these NUTS regions or postcodes (both as beginnings)."""

    country: str
    nuts: tuple[str, ...]
    postcodes: tuple[str, ...]


@dataclass(frozen=True)
class Organisations:
    """Who takes part. `ids` are entity ids, (n,); `of_row` the organisation of each row of participations; `rows` those rows.

    An organisation is called by the PIC of its earliest row; `others` are its other PICs: (organisation, first row).
    """

    ids: pa.Array
    of_row: NDArray[np.int64]
    rows: pa.Table
    others: tuple[tuple[int, int], ...]


def organisations(rows: pa.Table) -> Organisations:
    """The organisations of participations that are sorted by date, so that the first row of a PIC is its earliest."""
    pics = integers(rows["organisationID"])  # codes in the order of the rows
    first_named = _first(pics, np.asarray(pc.not_equal(rows["name"], "")))
    number = int(pics.max()) + 1 if len(pics) else 0
    told = rows.take(pa.array(first_named[1]))
    columns = {name: np.full(number, "", dtype=object) for name in ("name", "country", "vatNumber")}
    for name, values in columns.items():
        values[first_named[0]] = np.asarray(told[name].to_pylist(), dtype=object)
    vats = [names.clean_vat(text) for text in columns["vatNumber"]]
    groups = same_organisation(columns["name"].tolist(), columns["country"].tolist(), vats)
    leader, number_of = _in_order(groups)
    earliest = _first(pics, np.ones(len(pics), dtype=bool))[1]
    texts = rows["organisationID"].take(pa.array(earliest))
    ids = pc.binary_join_element_wise(pa.scalar("pic"), texts.take(pa.array(leader)), ":")
    others = tuple((int(number_of[pic]), int(earliest[pic])) for pic in np.setdiff1d(np.arange(number), leader))
    return Organisations(_whole(ids), number_of[pics], rows, others)


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _first(codes: NDArray[np.int64], told: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The codes that have a row where `told` holds, ascending, and the first such row of each."""
    positions = np.flatnonzero(told)
    present, at = np.unique(codes[positions], return_index=True)
    return present, positions[at]


def _in_order(groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First member of each group, and the number of the group of each member, groups numbered by their first member."""
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[inverse.reshape(-1)]


class _Describe:
    """Adds attributes of organisations, each from the first row that has a value."""

    def __init__(self, columns: Columns, records: pa.Array, found: Organisations) -> None:
        self.columns, self.records, self.found = columns, records, found

    def add(self, predicate: str, values: pa.Array | pa.ChunkedArray) -> None:
        """One attribute whose value on each row is given, "" where the row does not tell it."""
        who, at = self.first(values)
        self.columns.attribute(predicate, self.found.ids.take(who), _whole(values).take(at), self.records.take(at))

    def first(self, values: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
        """Organisations of which a row has a value, and that row."""
        who, at = _first(self.found.of_row, np.asarray(pc.not_equal(values, "")))
        return pa.array(who), pa.array(at)


def add_organisations(columns: Columns, records: pa.Array, found: Organisations, focus: Focus | None) -> None:
    """Add what the rows say of each organisation, its other PICs and its place; `records` are the record keys of the rows."""
    rows, describe = found.rows, _Describe(columns, records, found)
    country = mapped(rows["country"], lambda code: COUNTRIES.get(code, code))
    describe.add("type", pa.repeat(EntityKind.ORGANIZATION.value, rows.num_rows))
    describe.add("pic", rows["organisationID"])
    describe.add("country", country)
    describe.add("kind", mapped(rows["activityType"], lambda code: f"kind:cordis_{code.lower()}" if code in KINDS else ""))
    describe.add("sme", mapped(rows["SME"], lambda text: {"true": "yes", "false": "no"}.get(text.lower(), "")))
    describe.add("postcode", rows["postCode"])
    describe.add("nuts", rows["nutsCode"])
    describe.add("website", mapped(rows["organizationURL"], names.web_address))
    vat = mapped(rows["vatNumber"], names.clean_vat)
    describe.add("vat", vat)
    describe.add("siren", _both(vat, country, names.siren_of))
    describe.add("lat", mapped(rows["geolocation"], lambda text: names.coordinates(text)[0]))
    describe.add("lon", mapped(rows["geolocation"], lambda text: names.coordinates(text)[1]))
    _names(describe, rows)
    _other_pics(describe, rows)
    _places(describe, rows["city"], country)
    if focus is not None:
        _focus(describe, _inside(rows, country, focus))


def _both(left: pa.Array | pa.ChunkedArray, right: pa.Array | pa.ChunkedArray, change: Callable[[str, str], str]) -> pa.Array:
    """A column made of two, `change` applied once to each distinct pair."""

    def of_pair(pair: str) -> str:
        one, _, other = pair.partition("\x1f")
        return change(one, other)

    return mapped(pc.binary_join_element_wise(left, right, "\x1f"), of_pair)


def _names(describe: _Describe, rows: pa.Table) -> None:
    """The name in ordinary letters; as other names the official spelling, the short name and those of merged PICs."""
    found, columns = describe.found, describe.columns
    official = mapped(rows["name"], names.without_contacts)
    short = mapped(rows["shortName"], lambda text: names.without_contacts(" ".join(text.split())))
    readable = _both(official, short, names.readable_name)
    who, at = describe.first(readable)
    columns.attribute("name", found.ids.take(who), readable.take(at), describe.records.take(at))
    nameless = np.setdiff1d(np.arange(len(found.ids)), np.asarray(who))
    rows_of = _first(found.of_row, np.isin(found.of_row, nameless))[1]
    pics = pc.binary_join_element_wise(pa.scalar("PIC"), rows["organisationID"].take(pa.array(rows_of)), " ")
    columns.attribute("name", found.ids.take(pa.array(nameless)), pics, describe.records.take(pa.array(rows_of)))
    chosen = dict(zip(np.asarray(who).tolist(), readable.take(at).to_pylist(), strict=True))
    _alternatives(describe, chosen, [official, short])


def _alternatives(describe: _Describe, chosen: dict[int, str], columns: list[pa.Array]) -> None:
    """Names that differ from the chosen one, each once for an organisation, from the first row of each PIC that tells it."""
    found, pics = describe.found, integers(describe.found.rows["organisationID"])
    who: list[int] = []
    what: list[str] = []
    where: list[int] = []
    seen: set[tuple[int, str]] = set(chosen.items())
    for column in columns:
        at = _first(pics, np.asarray(pc.not_equal(column, "")))[1]
        for actor, name, row in zip(found.of_row[at].tolist(), column.take(pa.array(at)).to_pylist(), at.tolist(), strict=True):
            if (actor, name) not in seen and fold(name):
                seen.add((actor, name))
                who.append(actor)
                what.append(name)
                where.append(row)
    ids, records = found.ids.take(pa.array(who, pa.int64())), describe.records.take(pa.array(where, pa.int64()))
    describe.columns.attribute("alt_name", ids, pa.array(what, pa.string()), records)


def _other_pics(describe: _Describe, rows: pa.Table) -> None:
    """The other PICs as aliases; that they are one organisation follows from name and VAT number, so it is likely, not verified."""
    who = pa.array([organisation for organisation, _ in describe.found.others], type=pa.int64())
    at = pa.array([row for _, row in describe.found.others], type=pa.int64())
    pics = pc.binary_join_element_wise(pa.scalar("pic"), rows["organisationID"].take(at), ":")
    describe.columns.attribute("alias", describe.found.ids.take(who), pics, describe.records.take(at), confidence=Confidence.LIKELY)


def _places(describe: _Describe, city: pa.ChunkedArray, country: pa.Array) -> None:
    """Where each organisation is, and the places themselves, called as the first row that names them does."""
    columns, found = describe.columns, describe.found
    readable = mapped(city, names.readable_city)
    places = _both(readable, country, names.place_of)
    who, at = describe.first(places)
    columns.relation("locatedIn", (found.ids.take(who), places.take(at)), describe.records.take(at))
    used = np.sort(np.asarray(at))
    codes = integers(places.take(pa.array(used)))
    first = pa.array(used[np.sort(np.unique(codes, return_index=True)[1])])
    subjects, records = places.take(first), describe.records.take(first)
    columns.attribute("type", subjects, pa.repeat(EntityKind.PLACE.value, len(first)), records)
    columns.attribute("name", subjects, readable.take(first), records)
    columns.attribute("country", subjects, country.take(first), records)


def _inside(rows: pa.Table, country: pa.Array, focus: Focus) -> NDArray[np.bool_]:
    """Rows of an organisation that stands in the focus, (n,)."""
    here = np.zeros(rows.num_rows, dtype=bool)
    for column, starts in (("nutsCode", focus.nuts), ("postCode", focus.postcodes)):
        for start in starts:
            here |= np.asarray(pc.starts_with(rows[column], start))
    return np.asarray(here & np.asarray(pc.equal(country, focus.country)), dtype=bool)


def _focus(describe: _Describe, here: NDArray[np.bool_]) -> None:
    """Whether each organisation is outside the focus; one with a row inside is not."""
    inside = np.bincount(describe.found.of_row, weights=here, minlength=len(describe.found.ids)) > 0
    outside = ~inside[describe.found.of_row]
    describe.add("outside", pa.array(np.where(outside, "yes", "no")))
    describe.add("recommendable", pa.array(np.where(outside, "no", "")))
    describe.add("why_not", pa.array(np.where(outside, "outside", "")))
