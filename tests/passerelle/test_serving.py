"""Starting the app: ports, the script that is served, and what it is told."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from ontology.errors import QueryError, TryAgain
from passerelle import serving
from tests.passerelle.command import ROOT, call


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = call("app", "--port", port, "--home", tmp_path)
    assert said.code == 1
    assert said.out == ""
    assert said.complaints == [f"error: port {port} of this machine is in use; stop what uses it or give another: passerelle app --port {port + 1}"]


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    said = call("app", f"--port={port}", "--home", tmp_path)
    assert (said.code, said.out) == (2, "")
    assert said.complaints == [f"error: {port} is no port; give one between 1 and 65535"]


def test_a_port_that_is_no_number(tmp_path: Path) -> None:
    said = call("app", "--port", "http", "--home", tmp_path)
    assert said.code == 2 and len(said.complaints) == 1 and "'http'" in said.complaints[0]


def test_the_last_port_that_is_taken_names_one_that_exists(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serving.socket.socket, "bind", lambda *_: (_ for _ in ()).throw(OSError("in use")))
    with pytest.raises(TryAgain) as refusal:
        serving.serve(tmp_path, 65535, None)
    assert "65536" not in str(refusal.value)


def test_both_commands_take_their_port_in_the_same_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[int, str]] = []

    def taken(port: int, command: str) -> socket.socket:
        asked.append((port, command))
        raise TryAgain("in use")

    monkeypatch.setattr(serving, "bound", taken)
    assert [call(command, "--port", 8600, "--home", tmp_path).code for command in ("app", "serve")] == [1, 1]
    assert asked == [(8600, "app"), (8600, "serve")]


def test_a_bound_port_is_held_until_it_is_closed() -> None:
    port = free_port()
    with serving.bound(port, "serve"), pytest.raises(TryAgain, match=f"passerelle app --port {port + 1}"):
        serving.bound(port, "app")
    serving.bound(port, "app").close()


def test_the_script_of_a_clone_is_found() -> None:
    assert serving.app_script() == ROOT / "app.py"
    assert serving.app_script().is_file()


def test_the_script_of_a_wheel_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "passerelle"
    (package / "served").mkdir(parents=True)
    (package / "served" / "app.py").write_text("")
    monkeypatch.setattr(serving, "__file__", str(package / "serving.py"))
    assert serving.app_script() == package / "served" / "app.py"


class Server:
    """Stands for the Streamlit process: writes down how it was started, and ends as told."""

    started: dict[str, Any]

    def __init__(self, command: list[str], **options: Any) -> None:
        Server.started = {"command": command, **options}
        self.stopped = False

    def wait(self) -> int:
        if not self.stopped:
            raise KeyboardInterrupt
        return -signal.SIGTERM

    def terminate(self) -> None:
        self.stopped = True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def test_the_app_is_served_on_loopback_with_the_home_and_ends_with_ctrl_c(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serving.subprocess, "Popen", Server)
    monkeypatch.chdir(tmp_path)
    port = free_port()
    said = call("app", "--port", port, "--home", "here", "--encoder", "lsa")
    assert said.code == 0, "Ctrl-C is how it ends"
    assert f"http://localhost:{port}" in said.out
    started = Server.started
    assert started["command"][:5] == [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    assert "--server.address 127.0.0.1" in " ".join(started["command"])
    assert f"--server.port {port}" in " ".join(started["command"])
    assert started["env"]["PASSERELLE_HOME"] == str(tmp_path / "here"), "absolute: Streamlit runs elsewhere"
    assert started["env"]["PASSERELLE_ENCODER"] == "lsa"
    assert started["cwd"] == ROOT, "where .streamlit/config.toml lies"
    assert "PASSERELLE_HOME" not in os.environ


def test_an_impossible_port_is_refused_by_the_library_too(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="70000 is no port"):
        serving.serve(tmp_path, 70000, None)
