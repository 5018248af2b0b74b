"""The command line as a user sees it: what a command answers, in this process or in one of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from passerelle.cli import main

ROOT = Path(__file__).parents[2]
SEED = ROOT / "data_seeds" / "nord-franche-comte"
WORK = ("encoding", "reading", "comparing", "writing", "snapshot", "nothing changed", "event ", "measuring")
"""How lines of progress begin; they are no complaint."""


@dataclass(frozen=True)
class Said:
    """Exit code and what was written."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document of standard output; NaN and Infinity are no JSON."""
        assert self.code in (0, 2), self.err
        return json.loads(self.out, parse_constant=_no_json)

    @property
    def complaints(self) -> list[str]:
        """Lines of standard error that are no progress."""
        return [line for line in self.err.splitlines() if not line.startswith(WORK)]


def _no_json(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def call(*args: object) -> Said:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(a) for a in args])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    return Said(code, out.getvalue(), err.getvalue())


def start(*args: object, before: str = "", environment: Mapping[str, str] | None = None, **options: Any) -> subprocess.Popen[str]:
    """A command in its own process; `before` is Python that runs first in it. Warnings are errors there too."""
    program = f"import sys\n{before}\nfrom passerelle.cli import main\nsys.exit(main())"
    command = [sys.executable, "-W", "error", "-c", program, *(str(a) for a in args)]
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    variables = {"PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **(environment or {})}
    return subprocess.Popen(command, env={**os.environ, **variables}, cwd=ROOT, encoding=variables["PYTHONIOENCODING"], **streams)


def spawn(*args: object, before: str = "", environment: Mapping[str, str] | None = None) -> Said:
    """Run a command in its own process."""
    with start(*args, before=before, environment=environment) as process:
        out, err = process.communicate(timeout=300)
    return Said(process.returncode, out, err)


_SEVERAL = """
import contextlib, io, json
from passerelle.cli import main as one
answers = []
for asked in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = one(asked)
    answers.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(answers))
sys.exit(0)
"""


def spawn_several(home: Path, *questions: Sequence[object], before: str = "", environment: Mapping[str, str] | None = None) -> list[Said]:
    """Run several commands with --json on one home, one after the other, in one process of their own."""
    asked = [[*map(str, question), "--json", "--home", str(home)] for question in questions]
    said = spawn(json.dumps(asked), before=before + _SEVERAL, environment=environment)
    assert said.code == 0, said.err
    return [Said(*answer) for answer in json.loads(said.out)]
