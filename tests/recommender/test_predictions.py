"""Predicted links as a table: the same links, order and reasons as the list of missing links, each citing its facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_builder.exports.predicted import FILE, write_predictions
from graph_builder.predictions import PREDICTIONS
from graph_builder.snapshot import Snapshot
from recommender.landscape.missing_links import missing_links
from recommender.predictions import BASIS, predictions
from recommender.recommend import Recommender
from tests.recommender.world import crowd, open_world


@pytest.fixture(scope="module")
def many() -> Recommender:
    return open_world(crowd(60))


def test_the_strongest_missing_links_in_their_order(many: Recommender) -> None:
    table = predictions(many, 12)
    assert table.schema.equals(PREDICTIONS)
    links = missing_links(many, 12)
    rows = table.to_pylist()
    assert [(row["subject"], row["object"], row["score"], row["band"]) for row in rows] == [(x.a, x.b, x.score, x.band) for x in links]
    for row, link in zip(rows, links, strict=True):
        assert row["basis"] == BASIS == "expert"
        for lang in ("fr", "en"):
            assert all(evidence.text.of(lang) in row[f"text_{lang}"] for evidence in link.evidence)
            assert link.missing is None or row[f"text_{lang}"].endswith(link.missing.of(lang))
        assert set(row["statements"]) == {statement for evidence in link.evidence for statement in evidence.statements}
        assert row["statements"] == sorted(row["statements"])


def test_a_filter_and_the_same_each_time(many: Recommender) -> None:
    assert predictions(many, 5, lambda a, b: False).num_rows == 0
    assert predictions(many, 9).equals(predictions(open_world(crowd(60)), 9))


def test_no_prediction_is_a_fact_of_the_seed(seed_recommender: Recommender, seed_snapshot: Snapshot, tmp_path: Path) -> None:
    table = predictions(seed_recommender, 20)
    assert table.num_rows == 20
    facts = {*seed_snapshot.attributes["statement"].to_pylist(), *seed_snapshot.relations["statement"].to_pylist()}
    related = {frozenset((row["subject"], row["object"])) for row in seed_snapshot.relations.to_pylist()}
    for row in table.to_pylist():
        assert facts.issuperset(row["statements"])
        assert frozenset((row["subject"], row["object"])) not in related
    assert write_predictions(table, seed_snapshot, tmp_path) == 0
    lines = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 21 and all(line.startswith("prediction,") for line in lines[1:])
