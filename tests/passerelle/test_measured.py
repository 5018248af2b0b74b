"""The figures stored with the product are those of the territory that travels with it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from graph_builder.pipeline import build
from passerelle.ecosystem import Ecosystem
from passerelle.figures import Measured
from passerelle.sources import default_sources

STORED = files("passerelle") / "measured.json"
METRICS = ("hits_at_10", "recall_at_10", "recall_at_50", "mrr", "ndcg_at_10")


@pytest.fixture(scope="module")
def stored() -> Any:
    if not STORED.is_file():
        pytest.skip("passerelle/measured.json is absent; passerelle evaluate --json > passerelle/measured.json writes it")
    return json.loads(STORED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ecosystem(tmp_path_factory: pytest.TempPathFactory) -> Ecosystem:
    """The facade over what a build without arguments makes: the packages that come with the product."""
    home = tmp_path_factory.mktemp("bundled") / "home"
    build(default_sources(()), home)
    return Ecosystem.open(home)


def test_the_stored_figures_are_of_the_bundled_territory(stored: Any, ecosystem: Ecosystem) -> None:
    assert stored["digest"] == ecosystem.digest, "the territory changed: measure again"
    assert stored["protocol"]["digest"] == ecosystem.digest


def test_each_value_lies_in_its_interval(stored: Any) -> None:
    assert [row["ours"] for row in stored["results"]].count(True) == 1
    for row in stored["results"]:
        for metric in METRICS:
            interval = row[metric]
            assert 0 <= interval["low"] <= interval["value"] <= interval["high"] <= 1, (row["name"], metric)


def test_the_facade_gives_them(stored: Any, ecosystem: Ecosystem) -> None:
    found = ecosystem.measured()
    assert isinstance(found, Measured)
    assert found.protocol == stored["protocol"]
    assert [row for row in found.results if row["ours"]] == [row for row in stored["results"] if row["ours"]]
