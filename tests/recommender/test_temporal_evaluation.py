"""The report of a hold-out by date: every method has every figure, one of each track is ours, and what is wrong is said in one line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph_builder.snapshot import Snapshot
from ontology.errors import InputError, QueryError
from recommender.evaluation.metrics import METRICS
from recommender.evaluation.temporal import CROSSING, DatedEvaluation, Dates, evaluate_dates
from recommender.temporal import baselines
from recommender.temporal.events import read_events
from recommender.temporal.history import History
from recommender.temporal.protocol import BASELINES, OURS
from recommender.temporal.queries import actors_by_pic, listed, read_pics
from recommender.temporal.tasks import TRACKS
from recommender.temporal.window import Window
from tests.recommender.temporal_world import Dated, crowd

DATES = Dates(date(2022, 5, 31), date(2022, 6, 1), date(2023, 6, 1))
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "cordis"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the data of ../shared is not there")


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return crowd(40, 160).snapshot()


@pytest.fixture(scope="module")
def evaluation(snapshot: Snapshot) -> DatedEvaluation:
    return evaluate_dates(snapshot, DATES, tracks=TRACKS)


def test_exactly_one_row_of_each_track_is_ours(evaluation: DatedEvaluation) -> None:
    assert [(row.track, row.name) for row in evaluation.rows if row.ours] == [(track, OURS) for track in TRACKS]
    for track in TRACKS:
        names = [row.name for row in evaluation.rows if row.track == track]
        assert len(set(names)) == len(names) and {method.name for method in BASELINES} < set(names)


def test_every_figure_is_there_or_none_together(evaluation: DatedEvaluation) -> None:
    by_ties = {method.name for method in BASELINES if method.by_ties}
    for row in evaluation.rows:
        assert tuple(row.metrics) == METRICS and tuple(row.crossing) == CROSSING
        undefined = row.track == "cold" and row.name in by_ties
        figures = (*row.metrics.values(), row.coverage, row.gini, row.train_seconds, row.milliseconds_per_query)
        assert all((figure is None) == undefined for figure in figures), (row.track, row.name)
        for interval in row.metrics.values():
            assert interval is None or 0 <= interval.low <= interval.value <= interval.high <= 1
        if not undefined:
            assert all(share is not None and 0 <= share <= 1 for share in row.crossing.values())


def test_ours_is_compared_with_every_other_method(evaluation: DatedEvaluation) -> None:
    expected = {row.name if row.track == "warm" else f"{row.track}: {row.name}" for row in evaluation.rows if row.metrics["mrr"] and not row.ours}
    assert set(evaluation.versus) == expected


def test_the_protocol_says_what_was_done(evaluation: DatedEvaluation, snapshot: Snapshot) -> None:
    protocol = evaluation.protocol
    assert {"data", "digest", "dates", "events", "queries", "candidates", "seed"} <= set(protocol)
    assert protocol["dates"] == {"train_to": "2022-05-31", "test_from": "2022-06-01", "test_to": "2023-06-01"}
    assert protocol["digest"] == evaluation.digest == snapshot.digest
    events = read_events(snapshot)
    history = History.before(events, np.datetime64("2022-06-01"))
    window = Window.of(events, history, np.datetime64("2022-06-01"), np.datetime64("2023-06-01"))
    assert (protocol["universe"], protocol["new_pairs"], protocol["queries"]) == (history.size, window.new.nnz / 2, len(window.askers))
    known = np.mean([window.known[k].nnz for k in window.askers])
    assert protocol["candidates"] == pytest.approx(history.size - 1 - known, abs=0.06)
    json.dumps(protocol)


def test_random_stands_at_its_expectation_and_words_above_it(evaluation: DatedEvaluation) -> None:
    figures = {(row.track, row.name): row.metrics["ndcg_at_10"] for row in evaluation.rows}
    for track in TRACKS:
        random, words = figures[track, "random"], figures[track, "TF-IDF profiles"]
        assert random is not None and words is not None and words.low > random.value  # actors of one third share words and projects


def test_the_same_figures_each_time(evaluation: DatedEvaluation, snapshot: Snapshot) -> None:
    again = evaluate_dates(snapshot, DATES, tracks=("warm",))
    first = [row for row in evaluation.rows if row.track == "warm"]
    assert [(r.name, r.metrics, r.coverage, r.gini, r.crossing) for r in again.rows] == [
        (r.name, r.metrics, r.coverage, r.gini, r.crossing) for r in first
    ]


def test_the_day_of_training_is_included_but_never_that_of_the_test() -> None:
    dated = Dated()
    for name, day in (("p", "2020-01-01"), ("q", "2021-05-31"), ("r", "2021-06-01")):
        dated.project(name, day, ["a", "b"])
    ends = [Dates(date(*known), date(2021, 6, 1), date(2022, 6, 1)).history_end for known in ((2021, 5, 31), (2021, 6, 1), (2020, 12, 31))]
    assert [str(end) for end in ends] == ["2021-06-01", "2021-06-01", "2021-01-01"]
    assert len(History.before(dated.events(), ends[0]).past) == 2


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        (Dates(date(2030, 1, 1), date(2030, 1, 2), date(2031, 1, 1)), "--train-to 2030-01-01 is after the data"),
        (Dates(date(2022, 1, 1), date(2021, 1, 1), date(2022, 1, 1)), "is after --test-from"),
        (Dates(date(2021, 1, 1), date(2021, 1, 2), date(2021, 1, 2)), "is not after --test-from"),
        (Dates(date(2001, 1, 1), date(2021, 1, 2), date(2022, 1, 2)), "before 2001-01-02 no actor took part"),
        (Dates(date(2022, 1, 1), date(2029, 1, 2), date(2030, 1, 2)), "no event from 2029-01-02"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_one_line(snapshot: Snapshot, dates: Dates, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        evaluate_dates(snapshot, dates)
    assert "\n" not in str(caught.value)


def query_file(path: Path, pics: list[int], column: str = "actor") -> Path:
    pq.write_table(pa.table({column: pa.array(pics, pa.int64())}), path)
    return path


def test_unknown_pics_are_counted_named_and_skipped(snapshot: Snapshot, tmp_path: Path) -> None:
    known = [900000000 + k for k in range(12)]
    pics = read_pics(query_file(tmp_path / "q.parquet", [7, *known, 900000003, 8]))
    assert pics == [7, *known, 8]
    found = evaluate_dates(snapshot, DATES, pics=pics)
    assert found.protocol["queries_unknown"] == 2
    assert any("2 PIC not in the data, skipped: 7, 8" in note for note in found.notes)
    assert found.protocol["skipped"] and int(str(found.protocol["queries"])) <= 12


def test_who_cannot_be_asked_about_is_counted() -> None:
    dated = crowd(40, 160)
    dated.actor("pic:1")
    dated.project("cordis:once", "2020-01-01", ["pic:1", "pic:900000001"])
    dated.project("cordis:x1", "2020-01-01", ["pic:2", "pic:3"])
    dated.project("cordis:x2", "2020-01-01", ["pic:2", "pic:3"])
    dated.tell("pic:2", "alias", "pic:22", "2020-01-01")
    snapshot = dated.snapshot()
    events = read_events(snapshot)
    history = History.before(events, DATES.history_end)
    window = Window.of(events, history, np.datetime64("2022-06-01"), np.datetime64("2023-06-01"))
    assert actors_by_pic(snapshot, events)[22] == events.actors.index("pic:2")
    found = listed(snapshot, events, history, window, [1, 2, 22, 5, *(900000000 + k for k in range(40))])
    assert (found.unknown, found.outside, found.without) == ((5,), 1, 1 + 40 - len(window.askers))
    assert found.rows.tolist() == window.askers.tolist()
    with pytest.raises(QueryError, match="nobody to ask about: query file: 1 PIC not in the data, skipped: 5"):
        listed(snapshot, events, history, window, [5])


@pytest.mark.parametrize("fault", ["no parquet", "no column", "text", "empty", "null", "absent"])
def test_a_query_file_that_is_none(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "q.parquet"
    if fault == "no parquet":
        path.write_text("actor\n1\n")
    elif fault == "no column":
        query_file(path, [1], "pic")
    elif fault == "text":
        pq.write_table(pa.table({"actor": ["1"]}), path)
    elif fault == "empty":
        query_file(path, [])
    elif fault == "null":
        pq.write_table(pa.table({"actor": pa.array([1, None], pa.int64())}), path)
    with pytest.raises(InputError, match=r"q\.parquet.*give a Parquet file with one column `actor`") as caught:
        read_pics(path)
    assert "\n" not in str(caught.value)


@pytest.mark.shared_data
@pytest.mark.slow
@needs_shared
def test_universe_new_pairs_and_r0_of_2024_reproduce() -> None:
    """Origin: benchmark-2024 (universe, new pairs, queries) and the reference figures of an independent implementation."""
    from graph_builder.pipeline import assemble, open_sources
    from graph_builder.snapshot import in_memory
    from recommender.evaluation.metrics import metrics_of
    from recommender.temporal.protocol import answers
    from recommender.temporal.tasks import actor_task

    made = assemble(open_sources([SHARED / f"cordis-{name}projects-csv.zip" for name in ("HORIZON", "h2020")]), lambda _: None)
    snapshot = in_memory(made.tables, made.packages)
    events = read_events(snapshot)
    start, end = np.datetime64("2024-01-01"), np.datetime64("2025-01-01")
    history = History.before(events, start)
    window = Window.of(events, history, start, end)
    number = actors_by_pic(snapshot, events)
    universe = {number[pic] for pic in read_pics(SHARED / "benchmark-2024" / "universe.parquet")}
    assert universe == set(history.actors[: history.size].tolist()) and len(universe) == 11_830
    table = pq.read_table(SHARED / "benchmark-2024" / "new_pairs.parquet")
    theirs = {frozenset((number[a], number[b])) for a, b in zip(table["a"].to_pylist(), table["b"].to_pylist(), strict=True)}
    a, b = window.new.nonzero()
    assert {frozenset(pair) for pair in zip(history.actors[a].tolist(), history.actors[b].tolist(), strict=True)} == theirs
    assert len(theirs) == 44_308
    asked = listed(snapshot, events, history, window, read_pics(SHARED / "benchmark-2024" / "queries.parquet"))
    assert len(asked.rows) == 1_500 and not asked.notes()
    task = actor_task(history, window, asked.rows, "warm")
    found = [metrics_of(answer) for answer in answers(task, baselines.r0(history), np.random.default_rng(0))[0]]
    assert np.mean([row["ndcg_at_10"] for row in found]) == pytest.approx(0.097, abs=0.003)
    assert np.mean([row["hits_at_10"] for row in found]) == pytest.approx(0.491, abs=0.01)
