"""The same input gives the same snapshot and the same answers, in every process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.passerelle.command import SEED, spawn, spawn_several

pytestmark = pytest.mark.slow

QUESTIONS: tuple[tuple[str, ...], ...] = (
    ("recommend", "utbm"),
    ("recommend", "alstom_belfort", "--explore", "0.7"),
    ("recommend", "--text", "capteurs et analyse de données pour une collectivité"),
    ("links",),
    ("show", "numerica"),
    ("search", "santé numérique"),
)


Pair = tuple[list[Any], list[Any]]


def answers(home: Path, seed: str) -> list[Any]:
    """What a new process with this hash seed builds and answers."""
    said = spawn_several(home, ("build", SEED), *QUESTIONS, environment={"PYTHONHASHSEED": seed})
    return [one.document for one in said]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    one, two = (answers(tmp_path_factory.mktemp("home"), seed) for seed in ("1", "4242"))
    return one, two


def test_two_processes_build_the_same_snapshot(twice: Pair, built: tuple[Path, Any]) -> None:
    one, two = (said[0] for said in twice)
    assert one == two
    assert one["digest"] == built[1].document["digest"], "and so does this process"


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=[" ".join(q)[:40] for q in QUESTIONS])
def test_two_processes_answer_the_same(twice: Pair, number: int) -> None:
    one, two = (said[number + 1] for said in twice)
    assert one == two


def test_a_home_elsewhere_and_a_relative_source_change_nothing(tmp_path: Path, built: tuple[Path, Any]) -> None:
    said = spawn("build", "data_seeds/nord-franche-comte", "--home", tmp_path / "a b" / "é", "--json")
    assert said.document["digest"] == built[1].document["digest"]
