"""A build that is killed, locked out or refused by the disk leaves the previous snapshot in use."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graph_builder import store
from graph_builder.snapshot import open_current
from graph_builder.store import build_lock, publish
from ontology.errors import BuildLocked, PasserelleError, QueryError, StorageError
from tests.graph_builder.tiny import Info, tiny

ROOT = Path(__file__).parents[2]

# The system calls of one publication over an older one: 4 files, their folder, rename, folder, stamp; file, replace, folder.
STEPS = ["fsync"] * 5 + ["rename", "fsync", "utime", "fsync", "replace", "fsync"]
FLIP = STEPS.index("replace") + 1

KILLED = """
import os, signal, sys
from pathlib import Path
from graph_builder.store import publish
from tests.graph_builder.tiny import Info, tiny

home, last = Path(sys.argv[1]), int(sys.argv[2])
done = []
def counted(name):
    call = getattr(os, name)
    def instead(*args, **kwargs):
        done.append(name)
        if len(done) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    setattr(os, name, instead)
for name in ("fsync", "rename", "replace", "utime"):
    counted(name)
publish(home, tiny("new"), [Info()])
print(" ".join(done))
"""

HOLDER = """
import sys
from pathlib import Path
from graph_builder.store import build_lock
with build_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def run_killed(home: Path, step: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", KILLED, str(home), str(step)], cwd=ROOT, capture_output=True, text=True, check=False)


def leftovers(home: Path) -> list[str]:
    return sorted(path.name for path in home.rglob("*.partial"))


def test_the_steps_are_those_that_the_other_tests_interrupt(tmp_path: Path) -> None:
    publish(tmp_path, tiny(), [Info()])
    assert run_killed(tmp_path, 0).stdout.split() == STEPS


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_killed_at_any_step_the_previous_snapshot_stays_and_the_next_build_succeeds(tmp_path: Path, step: int) -> None:
    old = publish(tmp_path, tiny(), [Info()]).digest
    assert run_killed(tmp_path, step).returncode == -signal.SIGKILL
    current = open_current(tmp_path)
    assert (current.digest == old) == (step <= FLIP)
    assert current.values("name")["a"] == "Actor A"
    after = publish(tmp_path, tiny("new"), [Info()])
    assert after.changed == (step <= FLIP)
    assert open_current(tmp_path).values("description_fr") == {"a": "new"}
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_killed_in_the_first_build_nothing_is_in_use(tmp_path: Path) -> None:
    assert run_killed(tmp_path, 3).returncode == -signal.SIGKILL
    assert leftovers(tmp_path)
    with pytest.raises(PasserelleError, match="nothing was built"):
        open_current(tmp_path)
    publish(tmp_path, tiny("new"), [Info()])
    assert leftovers(tmp_path) == []


def test_a_second_build_fails_at_once_and_a_killed_one_frees_the_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BuildLocked, match="another build is running") as caught:
            publish(tmp_path, tiny(), [Info()])
        assert caught.value.exit_code == 1
        assert not (tmp_path / "snapshots").exists()
        holder.kill()
    assert publish(tmp_path, tiny(), [Info()]).changed


def test_the_lock_holds_within_one_process_too(tmp_path: Path) -> None:
    with build_lock(tmp_path), pytest.raises(BuildLocked):
        publish(tmp_path, tiny(), [Info()])
    assert publish(tmp_path, tiny(), [Info()]).changed


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("file", [1, 2, 3, 4, 5])
def test_a_disk_that_refuses_is_one_line_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, file: int) -> None:
    old = publish(tmp_path, tiny(), [Info()]).digest
    written: list[Path] = []
    write = store.write_file

    def refuse(path: Path, content: bytes) -> None:
        written.append(path)
        if len(written) == file:
            path.write_bytes(content[:10])
            raise OSError(code, os.strerror(code), str(path))
        write(path, content)

    monkeypatch.setattr(store, "write_file", refuse)
    with pytest.raises(StorageError, match=os.strerror(code)) as caught:
        publish(tmp_path, tiny("new"), [Info()])
    assert caught.value.exit_code == 1
    assert "\n" not in str(caught.value)
    assert leftovers(tmp_path) == []
    assert open_current(tmp_path).digest == old
    monkeypatch.undo()
    assert publish(tmp_path, tiny("new"), [Info()]).changed


def test_an_interrupted_build_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(path: Path, content: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "write_file", interrupt)
    with pytest.raises(KeyboardInterrupt):
        publish(tmp_path, tiny(), [Info()])
    assert leftovers(tmp_path) == []
    monkeypatch.undo()
    assert publish(tmp_path, tiny(), [Info()]).changed


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("")
    with pytest.raises(QueryError, match="not a folder"):
        publish(home, tiny(), [Info()])
    with pytest.raises(StorageError, match="cannot"):
        publish(home / "below", tiny(), [Info()])


# ------------------------------------------------------------------------------------------------- publication and pruning


def state(home: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in home.rglob("*") if path.is_file() and path.name != store.LOCK}


def test_the_same_content_writes_nothing(tmp_path: Path) -> None:
    first = publish(tmp_path, tiny(), [Info()])
    before = state(tmp_path)
    second = publish(tmp_path, tiny(), [Info()])
    assert (first.changed, second.changed) == (True, False)
    assert second.manifest == first.manifest
    assert state(tmp_path) == before


def test_a_known_content_only_moves_current(tmp_path: Path) -> None:
    first = publish(tmp_path, tiny(), [Info()])
    publish(tmp_path, tiny("2"), [Info()])
    before = {path: content for path, content in state(tmp_path).items() if "snapshots" in path}
    back = publish(tmp_path, tiny(), [Info()])
    assert (back.changed, back.digest, back.manifest) == (True, first.digest, first.manifest)
    assert {path: content for path, content in state(tmp_path).items() if "snapshots" in path} == before
    assert open_current(tmp_path).digest == first.digest


def test_the_last_three_published_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = {note: publish(tmp_path, tiny(note), [Info()]).digest for note in "123"}
    publish(tmp_path, tiny("1"), [Info()])  # in use again, so "2" and "3" are the oldest now
    monkeypatch.setattr(store.time, "time_ns", lambda: 0)  # a clock that went back does not matter
    digests |= {note: publish(tmp_path, tiny(note), [Info()]).digest for note in "45"}
    assert {path.name for path in (tmp_path / "snapshots").iterdir()} == {digests[note] for note in "145"}
    assert open_current(tmp_path).digest == digests["5"]
