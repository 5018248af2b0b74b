"""Who is asked about, when a file names them: a Parquet file with the participant identification codes (PIC) of actors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graph_builder.snapshot import Snapshot
from ontology.errors import InputError, QueryError
from recommender.temporal.events import Events, Ints
from recommender.temporal.history import History
from recommender.temporal.window import Window

COLUMN = "actor"
_NAMED = 10


def read_pics(path: Path) -> list[int]:
    """The PICs of a query file, each once, in their order. Raises InputError when it is no Parquet file with whole numbers in `actor`."""
    wanted = f"give a Parquet file with one column `{COLUMN}` of whole numbers (PIC)"
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path}: not a readable Parquet file ({str(error).splitlines()[0][:120]}); {wanted}") from error
    if COLUMN not in table.column_names:
        raise InputError(f"{path}: no column `{COLUMN}` (found {', '.join(table.column_names[:6]) or 'none'}); {wanted}")
    column = table[COLUMN]
    if not pa.types.is_integer(column.type) or column.null_count or not len(column):
        raise InputError(f"{path}: the column `{COLUMN}` holds {column.type} with {column.null_count} of {len(column)} cells empty; {wanted}")
    return [int(pic) for pic in dict.fromkeys(column.to_pylist())]


def actors_by_pic(snapshot: Snapshot, events: Events) -> Mapping[int, int]:
    """PIC -> number of the actor that bears it, merged PICs included."""
    number = {actor: k for k, actor in enumerate(events.actors)}
    found = {int(digits): k for actor, k in number.items() for digits in [actor.removeprefix("pic:")] if _is_pic(actor, digits)}
    rows = snapshot.attributes.filter(pc.is_in(snapshot.attributes["predicate"], value_set=pa.array(["alias", "pic"])))
    for actor, value in zip(rows["subject"].to_pylist(), rows["value"].to_pylist(), strict=True):
        digits = value.removeprefix("pic:")
        if actor in number and digits.isascii() and digits.isdigit():
            found[int(digits)] = number[actor]
    return found


def _is_pic(actor: str, digits: str) -> bool:
    return actor != digits and digits.isascii() and digits.isdigit()


@dataclass(frozen=True, eq=False)
class Listed:
    """The rows that are asked about, ascending, and what was left out of the list: unknown PICs, and counts of the others."""

    rows: Ints
    unknown: tuple[int, ...] = ()
    outside: int = 0
    without: int = 0

    def notes(self) -> tuple[str, ...]:
        """What was left out, one line each."""
        lines = []
        if self.unknown:
            more = f" and {len(self.unknown) - _NAMED:,} more" if len(self.unknown) > _NAMED else ""
            named = ", ".join(str(pic) for pic in self.unknown[:_NAMED])
            lines.append(f"query file: {len(self.unknown):,} PIC not in the data, skipped: {named}{more}")
        if self.outside:
            lines.append(f"query file: {self.outside:,} skipped, with too little past to be in the universe")
        if self.without:
            lines.append(f"query file: {self.without:,} skipped, without a new partner in the test window")
        return tuple(lines)


def listed(snapshot: Snapshot, events: Events, history: History, window: Window, pics: Sequence[int] | None) -> Listed:
    """The actors of a list of PICs that can be asked about, or all that meet somebody new. Raises QueryError when there is none."""
    if pics is None:
        chosen = Listed(window.askers)
    else:
        known = actors_by_pic(snapshot, events)
        unknown = tuple(pic for pic in pics if pic not in known)
        rows = np.unique(history.rows_of(np.asarray([known[pic] for pic in pics if pic in known], dtype=np.int64)))
        inside = rows[(rows >= 0) & (rows < history.size)]
        asked = inside[np.isin(inside, window.askers)]
        without_past = len({known[pic] for pic in pics if pic in known}) - len(inside)
        chosen = Listed(asked, unknown, without_past, len(inside) - len(asked))
    if not len(chosen.rows):
        why = "; ".join(chosen.notes()) or f"no pair of the universe meets for the first time from {window.start} to {window.end}"
        raise QueryError(f"nobody to ask about: {why}; choose other dates or another --queries file")
    return chosen
