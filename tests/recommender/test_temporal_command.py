"""`passerelle evaluate` with dates, on a small CORDIS download: its document, its table, a later file, and what it refuses."""

from __future__ import annotations

import argparse
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from ontology.errors import QueryError
from passerelle.commands import evaluate
from tests.graph_builder.cordis_zip import files as members
from tests.graph_builder.cordis_zip import organization, project, write_zip

METRICS = ("hits_at_10", "recall_at_10", "recall_at_50", "mrr", "ndcg_at_10")
KEYS = (
    *("name", "track", "ours", *METRICS, "coverage", "gini", "cross_type", "cross_field", "cross_country"),
    *("train_seconds", "milliseconds_per_query"),
)


def download(path: Path, years: tuple[int, ...], seed: int = 0) -> Path:
    """A download with 40 projects a year among 30 organisations."""
    rng = np.random.default_rng(seed)
    projects, organizations = [], []
    for year in years:
        for k in range(40):
            number = f"{year}{k:05d}"
            day = f"{year}-{1 + k % 12:02d}-15"
            projects.append(project(id=number, ecSignatureDate=day, startDate=day, endDate="2030-01-01", objective=f"word{k % 5} and word{k % 7}"))
            for n, who in enumerate(rng.choice(30, size=3, replace=False)):
                pic = str(900000000 + who)
                role = "coordinator" if n == 0 else "participant"
                organizations.append(organization(projectID=number, organisationID=pic, name=f"Firm {who:02d} x", vatNumber="", role=role))
    return write_zip(path, members(projects, organizations, []))


def arguments(*given: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    evaluate.add(parser)
    parser.add_argument("--home", type=Path, default=Path("nowhere"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--encoder")
    return parser.parse_args([str(one) for one in given])


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return download(tmp_path_factory.mktemp("cordis") / "early.zip", (2019, 2020, 2021))


def printed(capsys: pytest.CaptureFixture[str], *given: object) -> str:
    assert evaluate.run(arguments(*given)) == 0
    return capsys.readouterr().out


def test_the_document_has_every_key_of_the_contract(early: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--train-to", "2020-12-31", "--test-from", "2021-01-01", "--track", "cold", "--track", "warm", "--track", "idea", "--json")
    document: dict[str, Any] = json.loads(printed(capsys, early, *given), parse_constant=pytest.fail)
    assert sorted(document) == ["calibration", "digest", "protocol", "results", "versus"]
    for row in document["results"]:
        assert sorted(row) == sorted(KEYS)
    assert {row["track"]: row["name"] for row in document["results"] if row["ours"]} == dict.fromkeys(
        ("cold", "warm", "idea"), "passerelle (untrained)"
    )
    assert any(row["mrr"] is None for row in document["results"] if row["track"] == "cold")
    assert document["protocol"]["dates"] == {"train_to": "2020-12-31", "test_from": "2021-01-01", "test_to": "2022-01-01"}
    assert document["calibration"]["brier_skill"] is None
    schema = json.loads((files("passerelle") / "schemas" / "evaluate.schema.json").read_text(encoding="utf-8"))
    faults = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]
    assert faults == []


def test_the_table_shows_every_method(early: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, early, "--train-to", "2020-12-31")
    for name in ("> passerelle (untrained)", "random", "popularity, 24 months", "Adamic-Adar", "R0: ln RA + 3 TF-IDF"):
        assert name in text
    assert "asked about 2021-01-01 to 2022-01-01" in text and "idea" not in text


def test_later_events_may_come_from_another_file(early: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = download(tmp_path / "later.zip", (2022,), seed=1)
    with pytest.raises(QueryError, match="--train-to 2021-12-31 is after the data"):
        evaluate.run(arguments(early, "--train-to", "2021-12-31", "--test-from", "2022-01-01"))
    document = json.loads(printed(capsys, early, later, "--train-to", "2021-12-31", "--test-from", "2022-01-01", "--json"))
    assert document["protocol"]["events"] == 40 and document["protocol"]["past_events"] == 120


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--queries", "q.parquet"), "--queries needs a hold-out by date"),
        (("--track", "idea"), "--track needs a hold-out by date"),
        (("--test-to", "2021-01-01"), "--test-to needs a hold-out by date"),
        (("--train-to", "2020"), "--train-to '2020': no day; write it as 2023-12-31"),
        (("--train-to", "9999-12-31"), "leave no year to ask about"),
        (("--train-to", "2020-12-31", "--encoder", "lsa"), "--encoder lsa: a hold-out by date reads words"),
        (("--train-to", "2099-01-01"), "--train-to 2099-01-01 is after the data"),
    ],
)
def test_refused_in_one_line(early: Path, given: tuple[str, ...], message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        evaluate.run(arguments(early, *given))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        (("2023-12-31", None, None), ("2023-12-31", "2024-01-01", "2025-01-01")),
        ((None, "2024-01-01", None), ("2023-12-31", "2024-01-01", "2025-01-01")),
        (("2023-06-30", "2024-02-29", None), ("2023-06-30", "2024-02-29", "2025-03-01")),
        (("2023-12-31", "2024-01-01", "2024-07-01"), ("2023-12-31", "2024-01-01", "2024-07-01")),
    ],
)
def test_days_that_are_left_out(given: tuple[str | None, str | None, str | None], days: tuple[str, str, str]) -> None:
    found = evaluate.dates_of(*given)
    assert (found.train_to.isoformat(), found.test_from.isoformat(), found.test_to.isoformat()) == days


def test_without_dates_an_event_is_left_out_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[argparse.Namespace] = []
    monkeypatch.setattr(evaluate, "_by_event", lambda args: called.append(args) or 0)
    assert evaluate.run(arguments("somewhere")) == 0 and called[0].sources == ["somewhere"]
