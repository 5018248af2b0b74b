"""Evaluation on a small territory: every method has every figure, and the trivial ones stand where they must."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

from ontology.errors import QueryError
from recommender.evaluation.held_out import half, held_out
from recommender.evaluation.metrics import METRICS
from recommender.evaluation.territory import OURS, SERVED, Evaluation, evaluate_territory
from recommender.signals import SIGNALS
from tests.recommender.world import WORDS, World, crowd


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluate_territory(crowd(60).snapshot(), WORDS)


def test_every_row_has_every_figure(evaluation: Evaluation) -> None:
    assert len({row.name for row in evaluation.rows}) == len(evaluation.rows)
    for row in evaluation.rows:
        assert tuple(row.metrics) == METRICS
        for interval in row.metrics.values():
            assert 0 <= interval.low <= interval.value <= interval.high <= 1
        assert 0 < row.coverage <= 1 and 0 <= row.gini <= 1
        assert row.milliseconds_per_query >= 0 and row.train_seconds == 0 and row.track == "event"


def test_exactly_one_row_is_ours(evaluation: Evaluation) -> None:
    assert [row.name for row in evaluation.rows if row.ours] == [OURS]


def test_baselines_and_every_signal_stand_beside(evaluation: Evaluation) -> None:
    names = {row.name for row in evaluation.rows}
    assert {"random", "degree", "adamic-adar", "resource allocation", "character TF-IDF", "text vectors"} <= names
    assert {f"signal alone: {s.name}" for s in SIGNALS} <= names
    assert set(evaluation.versus) == {n for n in names if n not in (OURS, SERVED) and not n.startswith("signal")}
    for interval in evaluation.versus.values():
        assert -1 <= interval.low <= interval.value <= interval.high <= 1


def test_without_an_encoder_there_are_no_vectors() -> None:
    found = evaluate_territory(crowd(24).snapshot(), None)
    assert "text vectors" not in {row.name for row in found.rows}
    assert found.protocol["encoder"] is None


def test_the_protocol_says_what_was_done(evaluation: Evaluation) -> None:
    snapshot = crowd(60).snapshot()
    left = list(held_out(snapshot, WORDS, "report"))
    assert set(evaluation.protocol) == {"data", "digest", "dates", "method", "half", "events", "queries", "candidates", "encoder", "seed"}
    assert evaluation.protocol["digest"] == evaluation.digest == snapshot.digest
    assert evaluation.protocol["half"] == "report"
    assert evaluation.protocol["queries"] == len(left)
    assert evaluation.protocol["events"] == len({h.event for h in left})
    assert all(half(h.event) == "report" for h in left)
    json.dumps(asdict(evaluation))


def test_random_stands_at_its_expectation(evaluation: Evaluation) -> None:
    # hits@10 of a random order with r relevant among m: 1 - C(m - r, 10) / C(m, 10); averaged over the queries
    from math import comb

    left = list(held_out(crowd(60).snapshot(), None, "report"))
    expected = np.mean([1 - comb(len(h.candidates) - len(h.relevant), 10) / comb(len(h.candidates), 10) for h in left])
    found = next(row for row in evaluation.rows if row.name == "random").metrics
    deviation = np.sqrt(expected * (1 - expected) / len(left))
    assert abs(found["hits_at_10"].value - expected) < 3 * deviation
    recall = np.mean([10 / len(h.candidates) for h in left])
    assert abs(found["recall_at_10"].value - recall) < 3 * deviation


def test_ties_drawn_at_random_cannot_be_foreseen(evaluation: Evaluation) -> None:
    """The facts of this crowd say nothing of its ties, so a method that finds them reads them somewhere: a leak."""
    random = next(row for row in evaluation.rows if row.name == "random").metrics["hits_at_10"].value
    for row in evaluation.rows:
        assert row.metrics["hits_at_10"].value < random + 0.3, row.name


def test_the_same_figures_each_time(evaluation: Evaluation) -> None:
    again = evaluate_territory(crowd(60).snapshot(), WORDS)
    assert [(r.name, r.metrics, r.coverage, r.gini) for r in again.rows] == [(r.name, r.metrics, r.coverage, r.gini) for r in evaluation.rows]


def test_no_tie_to_leave_out() -> None:
    w = World().vocabulary()
    w.actor("a")
    w.actor("b")
    with pytest.raises(QueryError, match="no known tie can be left out"):
        evaluate_territory(w.snapshot(), None)
