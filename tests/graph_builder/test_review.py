"""What a build merged and leaves to people: written beside the snapshots, read back equal, never a reason to fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_builder.resolution import Clue, Pair, Resolution, Text
from graph_builder.review import NOTHING, REVIEW, read_review, write_review
from graph_builder.tables import Filler
from ontology.errors import StorageError

WORDS = st.text(max_size=8)
CLUES = st.builds(Clue, name=WORDS, weight=st.floats(-20, 20), text=st.builds(Text, fr=WORDS, en=WORDS))
PAIRS = st.builds(
    Pair,
    a=WORDS,
    b=WORDS,
    records=st.tuples(WORDS, WORDS),
    names=st.tuples(WORDS, WORDS),
    probability=st.floats(0, 1),
    clues=st.lists(CLUES, max_size=3).map(tuple),
    value=st.floats(0, 1e6),
    verdict=st.sampled_from([None, "same", "different", "unsure"]),
    reason_blocked=st.none() | CLUES,
)


def resolution(merged: tuple[Pair, ...] = (), review: tuple[Pair, ...] = (), merges: dict[str, str] | None = None) -> Resolution:
    return Resolution(Filler().tables(), merges or {}, merged, review, ())


@given(merged=st.lists(PAIRS, max_size=3), review=st.lists(PAIRS, max_size=3), merges=st.dictionaries(WORDS, WORDS, max_size=3))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, merged: list[Pair], review: list[Pair], merges: dict[str, str]
) -> None:
    home = tmp_path_factory.getbasetemp()
    write_review(home, "f" * 32, resolution(tuple(merged), tuple(review), merges))
    found = read_review(home)
    assert (found.digest, found.merged, found.pairs, dict(found.merges)) == ("f" * 32, tuple(merged), tuple(review), merges)


def test_every_actor_has_an_id_in_the_graph(tmp_path: Path) -> None:
    write_review(tmp_path, "0" * 32, resolution(merges={"pic:1": "utbm"}))
    found = read_review(tmp_path)
    assert [found.canonical(actor) for actor in ("pic:1", "utbm", "other")] == ["utbm", "utbm", "other"]


def test_a_home_without_it_has_nothing_to_review(tmp_path: Path) -> None:
    assert read_review(tmp_path) == NOTHING


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"digest": "x"}', '{"digest": "x", "merged": [{}], "review": [], "merges": {}}'])
def test_what_another_version_wrote_is_passed_over(tmp_path: Path, content: str) -> None:
    (tmp_path / REVIEW).write_text(content, encoding="utf-8")
    assert read_review(tmp_path) == NOTHING


def test_a_damaged_clue_is_passed_over(tmp_path: Path) -> None:
    clue = Clue("x", 1.0, Text("fr", "en"))
    write_review(tmp_path, "0" * 32, resolution((Pair("a", "b", ("r", "s"), ("A", "B"), 1.0, (clue,), 1.0),)))
    content = json.loads((tmp_path / REVIEW).read_text(encoding="utf-8"))
    for broken in ("clue", [3], [{"name": "x", "weight": 1, "text": "x"}], [{"name": "x"}]):
        content["merged"][0]["clues"] = broken
        (tmp_path / REVIEW).write_text(json.dumps(content), encoding="utf-8")
        assert read_review(tmp_path) == NOTHING


def test_what_the_disk_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / REVIEW).mkdir()
    with pytest.raises(StorageError, match="cannot read"):
        read_review(tmp_path)
