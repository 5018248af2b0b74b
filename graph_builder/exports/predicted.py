"""Predicted links as files of their own: never among the facts, each marked as a prediction, with score and reasons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from graph_builder.exports.about import created, title
from graph_builder.exports.entities import Entities
from graph_builder.exports.plain_text import safe_cell
from graph_builder.exports.redistribution import shareable
from graph_builder.exports.rows import JOINT, Cell
from graph_builder.exports.tables_package import write_csv
from graph_builder.predictions import PREDICTIONS
from graph_builder.rdf import write_predicted_turtle
from graph_builder.snapshot import Snapshot
from ontology.errors import QueryError

NATURE = "prediction"
"""What the column `nature` says in every row."""

FILE, LINKED, NOTE = "predictions.csv", "predictions.ttl", "README.md"

COLUMNS = (
    *("nature", "rank", "actor", "actor_name", "other", "other_name"),
    *("score", "band", "basis", "reasons_fr", "reasons_en", "statements", "sources"),
)


def write_predictions(table: pa.Table, snapshot: Snapshot, folder: Path) -> int:
    """Write `predictions.csv`, the same as RDF and their note to a folder that exists, and return how many predictions were left out.

    Those are left out whose reasons quote a fact, or whose ends are actors, that may not be redistributed. The same bytes for the same
    table and snapshot. Raises QueryError when the table is none of predictions or the snapshot names no package, StorageError or OSError.
    """
    if not table.schema.equals(PREDICTIONS):
        raise QueryError(f"a table with the columns {', '.join(table.column_names)} is none of predictions; give {', '.join(PREDICTIONS.names)}")
    shared, _ = shareable(snapshot)
    kept = table.filter(pa.array(_allowed(table, shared), type=pa.bool_()))
    left_out = int(table.num_rows - kept.num_rows)
    (folder / NOTE).write_text(_note(shared, kept.num_rows, left_out), encoding="utf-8", newline="\n")
    write_csv(folder / FILE, COLUMNS, _rows(kept, shared))
    write_predicted_turtle(kept, folder / LINKED)
    return left_out


def _allowed(table: pa.Table, shared: Snapshot) -> list[bool]:
    """For each prediction, whether both actors and every fact behind it are in the snapshot."""
    facts = {*shared.attributes["statement"].to_pylist(), *shared.relations["statement"].to_pylist()}
    known = shared.values("type")
    rows = zip(*(table[name].to_pylist() for name in ("subject", "object", "statements")), strict=True)
    return [subject in known and obj in known and facts.issuperset(statements) for subject, obj, statements in rows]


def _rows(table: pa.Table, shared: Snapshot) -> Iterator[tuple[Cell, ...]]:
    entities = Entities(shared)
    for rank, row in enumerate(table.to_pylist(), 1):
        sources = sorted({source for statement in row["statements"] for source in shared.statement(statement).sources})
        texts = (NATURE, entities.name(row["subject"]), entities.name(row["object"]), row["text_fr"], row["text_en"])
        nature, name, other, fr, en = (safe_cell(text) for text in texts)
        ends = (row["subject"], name, row["object"], other)
        yield (nature, rank, *ends, row["score"], row["band"], row["basis"], fr, en, JOINT.join(row["statements"]), JOINT.join(sources))


def _note(shared: Snapshot, kept: int, out: int) -> str:
    day = created(shared).isoformat()
    left_fr = f" {out} prédictions qui s'appuient sur des faits non rediffusables ont été laissées de côté." if out else ""
    left_en = f" {out} predictions that rest on facts that may not be passed on were left out." if out else ""
    return (
        f"# {title(shared)} : liens prédits / predicted links\n\n"
        f"{kept} liens qui n'existent pas dans les données du {day} et que des règles proposent. Ce sont des hypothèses, pas des faits : "
        "personne ne les a constatés. `score` ordonne (de 0 à 1), ce n'est pas une probabilité ; `band` vaut strong, serious ou explore ; "
        "`basis` = expert : des poids fixés par une personne. `predictions.ttl` dit la même chose en RDF. "
        "`statements` et `sources` disent sur quels faits reposent les raisons."
        f"{left_fr} Empreinte des faits : {shared.digest}.\n\n"
        f"{kept} links that are not in the data of {day} and that rules suggest. They are hypotheses, not facts: nobody has observed them. "
        "`score` gives an order (0 to 1), it is no probability; `band` is strong, serious or explore; `basis` = expert: weights that a person "
        "set. `predictions.ttl` says the same as RDF (`psr:PredictedLink`). `statements` and `sources` say on which facts the reasons rest."
        f"{left_en} Digest of the facts: {shared.digest}.\n"
    )
