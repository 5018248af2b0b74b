"""The real territory, built once for all tests of the app; and one whose names are hostile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_builder.pipeline import build
from passerelle.i18n import speak
from passerelle.sources import default_sources
from tests.graph_builder.seed_package import copy_seed, edit

HOSTILE = "<script>alert(1)</script><b onclick=alert(2)>Alstom</b> **x** :red[y]"
"""What an actor is called in the hostile territory."""


@pytest.fixture(autouse=True)
def french_again() -> Iterator[None]:
    speak("fr")
    yield
    speak("fr")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("territory") / "home"
    build(default_sources(()), home)
    return home


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    package = copy_seed(folder / "package")

    def rename(rows: list[list[str]]) -> None:
        header = rows[0]
        for row in rows[1:]:
            if row[header.index("id")] == "alstom_belfort":
                row[header.index("name")] = HOSTILE
                row[header.index("description_fr")] += " <img src=x onerror=alert(3)>"

    edit(package / "actors.csv", rename)
    build([package], folder / "home")
    return folder / "home"


@pytest.fixture
def real_territory(built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app reads the real territory."""
    monkeypatch.setenv("PASSERELLE_HOME", str(built))
    monkeypatch.delenv("PASSERELLE_ENCODER", raising=False)
    assert os.environ["PASSERELLE_HOME"] == str(built)
    return built
