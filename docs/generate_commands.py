"""Writes the generated parts of docs/commands.md anew: the help of each command, and what the examples print.

usage: python docs/generate_commands.py      (a test compares; nothing else needs it)

A part stands between `<!-- help: COMMAND -->` or `<!-- run: ARGUMENTS | LINES -->` and `<!-- end -->`. LINES, if given, is how many
lines of a long answer are shown. Examples run in the order of the document, on a home of their own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shlex
import tempfile
from pathlib import Path

from passerelle.cli import main, parser

DOCUMENT = Path(__file__).with_name("commands.md")
PART = re.compile(r"<!-- (help|run): (.+?) -->\n.*?<!-- end -->", re.DOTALL)
COLUMNS = "100"


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command with its parser."""
    groups = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001 -- argparse has no other way
    return dict(groups[0].choices)


def regenerated(text: str, home: Path) -> str:
    """The document with every generated part made anew; the examples use and fill this home."""
    return PART.sub(lambda part: f"<!-- {part[1]}: {part[2]} -->\n{_help(part[2]) if part[1] == 'help' else _run(part[2], home)}<!-- end -->", text)


def _help(command: str) -> str:
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = COLUMNS
    try:
        shown = commands()[command].format_help()
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before
    return f"```text\n{shown}```\n"


def _run(example: str, home: Path) -> str:
    asked, _, lines = (part.strip() for part in example.partition(" | "))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        main([*shlex.split(asked), "--home", str(home)])
    shown = out.getvalue().splitlines() or [line for line in err.getvalue().splitlines() if line.startswith("error:")]
    if lines and len(shown) > int(lines):
        shown = [*shown[: int(lines)], "..."]
    return "\n".join(["```console", f"$ passerelle {asked}", *(line.rstrip() for line in shown), "```\n"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        DOCUMENT.write_text(regenerated(DOCUMENT.read_text(encoding="utf-8"), Path(folder) / "home"), encoding="utf-8")
