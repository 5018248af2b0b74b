"""The journal of a home: what is in force, undo and redo, what survives a killed process, and files that are no journal."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from graph_builder.journal import JOURNAL, Journal
from graph_builder.resolution import Judgement
from ontology.errors import PasserelleError, QueryError, TryAgain


def judged(home: Path) -> list[tuple[str, str, str]]:
    return [(j.a, j.b, j.verdict) for j in Journal.open(home).judgements()]


def test_reading_creates_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    journal = Journal.open(home)
    assert journal.entries() == () and journal.judgements() == () and journal.imports() == ()
    assert not home.exists()
    with pytest.raises(QueryError, match="nothing was decided"):
        journal.undo()
    assert not home.exists()


def test_a_judgement_is_one_of_an_unordered_pair_and_the_latest_counts(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    first = journal.judge("p/actors/b", "q/actors/a", "same", names=("B", "A"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", first.at)
    assert judged(tmp_path) == [("p/actors/b", "q/actors/a", "same")]
    second = journal.judge("q/actors/a", "p/actors/b", "different", names=("A", "B"))
    assert second.payload["names"] == ["B", "A"]
    assert judged(tmp_path) == [("p/actors/b", "q/actors/a", "different")]
    assert [entry.id for entry in journal.entries()] == [first.id, second.id]
    assert Journal.open(tmp_path).judgements() == (Judgement("p/actors/b", "q/actors/a", "different"),)


def test_undo_brings_back_what_was_replaced_and_redo_undoes_it(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    first = journal.judge("a", "b", "same")
    second = journal.judge("a", "b", "unsure")
    assert journal.undo().id == second.id
    assert judged(tmp_path) == [("a", "b", "same")]
    assert journal.undo(first.id).undone
    assert judged(tmp_path) == []
    with pytest.raises(QueryError, match=f"decision {first.id} is undone already"):
        journal.undo(first.id)
    with pytest.raises(QueryError, match="nothing is left to undo"):
        journal.undo()
    assert journal.redo().id == first.id  # the one undone last
    assert judged(tmp_path) == [("a", "b", "same")]
    assert journal.redo(second.id).undone is False
    assert judged(tmp_path) == [("a", "b", "unsure")]
    with pytest.raises(QueryError, match="in force already"):
        journal.redo(second.id)
    with pytest.raises(QueryError, match="nothing is left to redo"):
        journal.redo()
    with pytest.raises(QueryError, match="no decision has the number 99"):
        journal.undo(99)


def test_imports_in_force(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    journal.add_import("members", "d1", "name: members\n", "members.csv")
    other = journal.add_import("firms", "d2", "", "firms.xlsx")
    journal.add_import("members", "d3", "name: members\n", "members2.csv")
    assert [(i.name, i.digest, i.filename) for i in journal.imports()] == [("firms", "d2", "firms.xlsx"), ("members", "d3", "members2.csv")]
    journal.undo()
    journal.undo(other.id)
    assert [(i.name, i.digest, i.mapping) for i in journal.imports()] == [("members", "d1", "name: members\n")]
    assert [e.kind for e in journal.entries()] == ["import"] * 3


def test_bad_arguments(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    with pytest.raises(QueryError, match="compared with itself"):
        journal.judge("a", "a", "same")
    with pytest.raises(QueryError, match="no verdict 'maybe'"):
        journal.judge("a", "b", "maybe")  # type: ignore[arg-type]
    assert journal.entries() == ()


@pytest.mark.parametrize("content", [b"hello", b"x" * 5000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_refused_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / JOURNAL
    path.write_bytes(content)
    for act in (lambda: Journal.open(tmp_path).judgements(), lambda: Journal.open(tmp_path).judge("a", "b", "same")):
        with pytest.raises(PasserelleError) as caught:
            act()
        assert "\n" not in str(caught.value) and JOURNAL in str(caught.value)
    assert path.read_bytes() == content


def test_a_database_of_somebody_else_is_refused_and_stays(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / JOURNAL)
    database.execute("CREATE TABLE entries (id INTEGER)")
    database.commit()
    database.close()
    before = (tmp_path / JOURNAL).read_bytes()
    with pytest.raises(PasserelleError, match="not a journal"):
        Journal.open(tmp_path).entries()
    with pytest.raises(PasserelleError, match="not a journal"):
        Journal.open(tmp_path).judge("a", "b", "same")
    assert (tmp_path / JOURNAL).read_bytes() == before


def test_a_newer_journal_is_refused(tmp_path: Path) -> None:
    Journal.open(tmp_path).judge("a", "b", "same")
    database = sqlite3.connect(tmp_path / JOURNAL)
    database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(PasserelleError, match="newer version"):
        Journal.open(tmp_path).judgements()


def test_a_damaged_entry_is_told(tmp_path: Path) -> None:
    Journal.open(tmp_path).judge("a", "b", "same")
    database = sqlite3.connect(tmp_path / JOURNAL)
    database.execute("UPDATE entries SET payload = '{}'")
    database.commit()
    database.close()
    with pytest.raises(PasserelleError, match="entry 1 of the journal"):
        Journal.open(tmp_path).judgements()


def test_an_empty_file_is_a_journal_without_entries(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).touch()
    assert Journal.open(tmp_path).entries() == ()
    Journal.open(tmp_path).judge("a", "b", "same")
    assert judged(tmp_path) == [("a", "b", "same")]


def test_a_journal_that_another_process_holds_says_try_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Journal.open(tmp_path).judge("a", "b", "same")
    monkeypatch.setattr("graph_builder.journal.WAIT", 0.01)
    other = sqlite3.connect(tmp_path / JOURNAL, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(TryAgain, match="another process"):
            Journal.open(tmp_path).judge("a", "c", "same")
        assert judged(tmp_path) == [("a", "b", "same")]  # readers go on
    finally:
        other.execute("ROLLBACK")
        other.close()


_WRITER = """
import sys
from pathlib import Path
from graph_builder.journal import Journal
journal = Journal.open(Path(sys.argv[1]))
for n in range(int(sys.argv[3])):
    journal.judge(f"{sys.argv[2]}{n}", "z", "same")
    print(n, flush=True)
"""


def writer(home: Path, name: str, count: int) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", _WRITER, str(home), name, str(count)], stdout=subprocess.PIPE, text=True, cwd=root)


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    writers = [writer(tmp_path, name, 20) for name in "xy"]
    for process in writers:
        process.communicate()
        assert process.returncode == 0
    assert len(judged(tmp_path)) == 40


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_what_was_written_survives_a_killed_process(tmp_path: Path) -> None:
    process = writer(tmp_path, "k", 100_000)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(5)]
    process.send_signal(signal.SIGKILL)
    rest = process.communicate()[0]
    told += [int(line) for line in rest.split("\n") if line.isdigit()]
    kept = judged(tmp_path)
    assert len(kept) in (len(told), len(told) + 1)  # the last one may have been written and not told
    assert Journal.open(tmp_path).undo().undone
