"""The build from sources to a published snapshot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_builder.pipeline import build, build_sources
from graph_builder.snapshot import open_current
from graph_builder.store import build_lock
from graph_builder.tables import Filler, Tables
from ontology.errors import BuildLocked, Finding, InputError, NoSnapshot, QueryError, StorageError
from tests.graph_builder.tiny import SEED, FakeSource, Info, actors, seed, tiny

WARNING = Finding("actors.csv", 3, "website", "''", "an address", "warning")
ERROR = Finding("actors.csv", 4, "kind", "'x'", "a kind of kinds.csv")


def other(*ids: str) -> Tables:
    filler = Filler()
    actors(filler, ids, package="other")
    return filler.tables()


def test_a_build(tmp_path: Path) -> None:
    told: list[str] = []
    report = build_sources([FakeSource(tiny(), findings=(WARNING,))], tmp_path / "home", told.append)
    snapshot = open_current(tmp_path / "home")
    assert (report.digest, report.changed, report.warnings) == (snapshot.digest, True, [WARNING])
    assert report.counts == snapshot.manifest.counts
    assert report.counts["ties"] == 2
    assert snapshot.manifest.warnings == 1
    assert list(report.seconds) == ["read", "identify", "resolve", "infer", "publish"]
    assert told[0] == "reading tiny"
    assert told[-1] == f"snapshot {report.digest} is in use"


def test_the_same_build_again_changes_nothing(tmp_path: Path) -> None:
    first, second = (build_sources([FakeSource(tiny())], tmp_path) for _ in range(2))
    assert (second.changed, second.digest, second.counts) == (False, first.digest, first.counts)
    assert len(list((tmp_path / "snapshots").iterdir())) == 1
    run = json.loads((tmp_path / "run.json").read_text())
    assert (run["digest"], run["changed"], run["sources"], run["warnings"]) == (first.digest, False, ["tiny"], 0)
    assert set(run["seconds"]) == {"read", "identify", "resolve", "infer", "publish"}


def test_a_disk_that_is_full_once_the_snapshot_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("graph_builder.review.replace_file", full)
    with pytest.raises(StorageError, match=r"is in use, but .*resolution.json cannot be written: No space left on device") as caught:
        build_sources([FakeSource(tiny())], tmp_path)
    assert "previous" not in str(caught.value)
    assert open_current(tmp_path).digest in str(caught.value)


def test_two_packages_in_either_order(tmp_path: Path) -> None:
    sources = [FakeSource(tiny()), FakeSource(other("x", "y"), Info(name="other"))]
    digests = {build_sources(order, tmp_path).digest for order in (sources, sources[::-1])}
    assert len(digests) == 1
    assert open_current(tmp_path).manifest.counts["Organization"] == 6


def test_the_same_id_in_two_packages_is_refused(tmp_path: Path) -> None:
    build_sources([FakeSource(tiny())], tmp_path)
    before = open_current(tmp_path).digest
    with pytest.raises(InputError, match="1 error between the packages, nothing was changed; first: error: tiny, column id: 'a' is in") as caught:
        build_sources([FakeSource(tiny()), FakeSource(other("a", "x"), Info(name="other"))], tmp_path)
    assert len(caught.value.findings) == 1
    assert open_current(tmp_path).digest == before


def test_the_errors_of_all_sources_are_told_together(tmp_path: Path) -> None:
    sources = [FakeSource(tiny(), findings=(WARNING, ERROR)), FakeSource(other("x"), Info(name="other"), findings=(ERROR,))]
    with pytest.raises(InputError, match=r"2 errors in the sources.*actors.csv, line 4.*and 1 more") as caught:
        build_sources(sources, tmp_path)
    assert caught.value.findings == (ERROR, ERROR)
    assert "\n" not in str(caught.value)
    with pytest.raises(NoSnapshot):
        open_current(tmp_path)


def test_no_source(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="no source"):
        build([], tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_second_build_reads_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    with build_lock(tmp_path), pytest.raises(BuildLocked):
        build_sources([FakeSource(tiny())], tmp_path, told.append)
    assert told == []


def test_the_seed(tmp_path: Path) -> None:
    """Figures of the seed's README."""
    report = build([str(SEED)], tmp_path)
    expected = {"Organization": 280, "Project": 95, "Skill": 135, "Sector": 33, "Place": 211, "ActorKind": 30, "StrategyItem": 17, "ties": 501}
    assert {key: report.counts[key] for key in expected} == expected
    assert build([SEED], tmp_path).changed is False
    snapshot = open_current(tmp_path)
    assert snapshot.digest == seed().digest
    assert snapshot.reference_year == 2026
