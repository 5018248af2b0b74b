"""Predicted links: apart from the facts, marked, and without what may not be passed on."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
import rdflib
from rdflib import RDF, URIRef

from graph_builder.exports import EXPORTS, write_export
from graph_builder.exports.predicted import FILE, LINKED, NOTE, write_predictions
from graph_builder.predictions import PREDICTIONS
from graph_builder.snapshot import Snapshot
from ontology.errors import QueryError
from ontology.namespaces import VOCABULARY, entity_iri, statement_iri
from tests.graph_builder.hostile import NAMES, hostile

REASON = "=Une raison, que rien d'autre ne dit"


def statement(snapshot: Snapshot, record: str) -> str:
    rows = [row for row in snapshot.relations.to_pylist() if row["record"] == record]
    return str(rows[0]["statement"])


def table(snapshot: Snapshot) -> pa.Table:
    """Two predictions; the second rests on the project, which source c alone tells."""
    columns = {
        "subject": ["formula", "scripts"],
        "object": ["at", "plus"],
        "score": [0.75, 0.5],
        "band": ["strong", "serious"],
        "basis": ["expert", "expert"],
        "text_fr": [REASON, "b"],
        "text_en": ["a", "b"],
        "statements": [[statement(snapshot, "tiny/relations/1")], [statement(snapshot, "tiny/projects/p")]],
    }
    return pa.table(columns, schema=PREDICTIONS)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_each_row_says_that_it_is_a_prediction(tmp_path: Path) -> None:
    snapshot = hostile()
    assert write_predictions(table(snapshot), snapshot, tmp_path) == 0
    first, second = rows(tmp_path / FILE)
    assert {first["nature"], second["nature"]} == {"prediction"}
    assert (first["rank"], first["actor"], first["actor_name"], first["other"], first["other_name"]) == (
        "1",
        "formula",
        f"'{NAMES['formula']}",
        "at",
        f"'{NAMES['at']}",
    )
    assert (first["score"], first["band"], first["basis"], first["reasons_fr"], first["sources"]) == (
        "0.75",
        "strong",
        "expert",
        f"'{REASON}",
        "source:b",
    )
    note = (tmp_path / NOTE).read_text(encoding="utf-8")
    assert "pas des faits" in note and "not facts" in note and snapshot.digest in note


def test_what_rests_on_a_withheld_fact_is_left_out(tmp_path: Path) -> None:
    snapshot = hostile(redistribution={"c": "none"})
    assert write_predictions(table(snapshot), snapshot, tmp_path) == 1
    assert [row["actor"] for row in rows(tmp_path / FILE)] == ["formula"]
    assert "1 predictions" in (tmp_path / NOTE).read_text(encoding="utf-8")


def test_no_prediction_is_among_the_facts(tmp_path: Path) -> None:
    snapshot = hostile()
    (tmp_path / "predictions").mkdir()
    write_predictions(table(snapshot), snapshot, tmp_path / "predictions")
    for name in ("graphml", "gexf", "csv", "geojson"):
        out = write_export(name, snapshot, tmp_path / name).path
        for file in [out] if out.is_file() else sorted(out.iterdir()):
            text = file.read_text(encoding="utf-8")
            assert REASON[1:] not in text and "prediction" not in text
    pairs = {(row["subject"], row["object"]) for row in snapshot.relations.to_pylist()}
    assert not pairs & {("formula", "at"), ("at", "formula"), ("scripts", "plus"), ("plus", "scripts")}
    assert not [name for name in EXPORTS if "predict" in name]


def test_the_same_predictions_as_rdf(tmp_path: Path) -> None:
    snapshot = hostile(redistribution={"c": "none"})
    write_predictions(table(snapshot), snapshot, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([FILE, LINKED, NOTE])
    graph = rdflib.Graph().parse(tmp_path / LINKED)
    (link,) = graph.subjects(RDF.type, URIRef(VOCABULARY + "PredictedLink"))
    told = {str(prop).removeprefix(VOCABULARY): str(obj) for prop, obj in graph.predicate_objects(link)}
    assert (told["head"], told["tail"], float(told["score"])) == (entity_iri("formula"), entity_iri("at"), 0.75)
    assert told["http://www.w3.org/ns/prov#wasDerivedFrom"] == statement_iri(statement(snapshot, "tiny/relations/1"))
    assert {str(text) for text in graph.objects(link, URIRef(VOCABULARY + "reason"))} == {REASON, "a"}
    assert set(graph.subjects()) == {link}, "no fact beside it"


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="none of predictions"):
        write_predictions(hostile().relations, hostile(), tmp_path)
    assert list(tmp_path.iterdir()) == []
