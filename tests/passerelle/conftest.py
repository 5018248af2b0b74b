"""The territory, built once by the command line; and small packages that are quick to measure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from passerelle import cli
from passerelle.ecosystem import Ecosystem
from tests.graph_builder.seed_package import Cells, copy_seed, edit
from tests.passerelle import command
from tests.passerelle.command import SEED, Said

Call = Callable[..., Said]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A home in which the seed was built, and what the build said with --json."""
    home = tmp_path_factory.mktemp("passerelle") / "home"
    said = command.call("build", SEED, "--home", home, "--json")
    assert said.code == 0, said.err
    return home, said


@pytest.fixture(scope="session")
def home(built: tuple[Path, Said]) -> Path:
    """A home in which the seed was built; tests leave it as it is."""
    return built[0]


@pytest.fixture(scope="session")
def ecosystem(home: Path) -> Ecosystem:
    """The facade over that home."""
    return Ecosystem.open(home)


@pytest.fixture
def call(home: Path, ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command on that home, in this process. The ecosystem is opened once: it never changes."""
    real = cli.opened
    monkeypatch.setattr(cli, "opened", lambda args: ecosystem if args.home == home and not args.encoder else real(args))
    return lambda *args: command.call(*args, "--home", home)


@pytest.fixture(scope="session")
def few_ties(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed with a handful of ties, so that an evaluation is quick."""
    package = copy_seed(tmp_path_factory.mktemp("few") / "package")

    def without_ties(rows: Cells) -> None:
        word = rows[0].index("predicate")
        rows[:] = [row for row in rows if row[word] not in ("collaboratesWith", "supplies")]

    def few_projects(rows: Cells) -> None:
        counts = rows[0].index("counts_as_tie")
        yes = [row for row in rows if row[counts] == "yes"]
        for row in yes[6:]:
            row[counts] = "no"

    edit(package / "relations.csv", without_ties)
    edit(package / "projects.csv", few_projects)
    return package
