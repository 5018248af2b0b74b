"""What two actors already are to each other without a tie: member, funder, founder, host, supervisor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from ontology.model import PREDICATES, TIE_PREDICATES, Basis, EntityKind
from recommender.answers import Text
from recommender.context import Context
from recommender.wording import labels_of

Pair = tuple[int, int]


@lru_cache(maxsize=4)
def relations(context: Context) -> Mapping[Pair, tuple[tuple[str, str, str], ...]]:
    """Stated relations between two actors that are no ties: pair of positions, ascending -> (subject, predicate, object)."""
    names = [p.name for p in PREDICATES.values() if p.name not in TIE_PREDICATES and EntityKind.ORGANIZATION in p.range]
    table = context.snapshot.relations
    table = table.filter(pc.and_(pc.is_in(table["predicate"], value_set=pa.array(names, pa.string())), pc.equal(table["basis"], Basis.STATED.value)))
    found: dict[Pair, list[tuple[str, str, str]]] = {}
    for s, p, o in zip(*(table[c].to_pylist() for c in ("subject", "predicate", "object")), strict=True):
        a, b = context.index.get(s), context.index.get(o)
        if a is not None and b is not None and a != b:
            found.setdefault((min(a, b), max(a, b)), []).append((s, p, o))
    return {pair: tuple(rows) for pair, rows in found.items()}


def related(context: Context, a: int, b: int) -> bool:
    """Whether a source states a relation between two actors that is no tie."""
    return (min(a, b), max(a, b)) in relations(context)


def already(context: Context, a: int, b: int) -> Text | None:
    """The relation in words: "Déjà en relation : Alstom Belfort est membre de Pôle Véhicule du Futur."; None without one."""
    rows = relations(context).get((min(a, b), max(a, b)), ())
    if not rows:
        return None
    subject, predicate, obj = rows[0]
    words, label = labels_of(context.snapshot), PREDICATES[predicate].label
    one, two = words.name(subject), words.name(obj)
    return Text(
        f"Déjà en relation : {one.fr} {label['fr']} {two.fr}.",
        f"Already in touch: {one.en} {label['en']} {two.en}.",
    )
