"""How a fault of a source is worded: cells are cut and cleaned before they are shown, long lists are capped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ontology.errors import Finding, InputError

MAX_SHOWN = 60
MAX_PER_FILE = 100


def shown(cell: str) -> str:
    """`cell` between quotes, on one line, without control characters, cut at 60 characters."""
    if not cell.strip():
        return "an empty cell" if not cell else "a cell of spaces"
    text = " ".join("".join(c if c.isprintable() else " " for c in cell[: 4 * MAX_SHOWN]).split())
    cut = len(text) > MAX_SHOWN or len(cell) > 4 * MAX_SHOWN
    return f"'{text[:MAX_SHOWN].rstrip()}…'" if cut else f"'{text}'"


def capped(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by file (in their order of appearance) and row; at most 100 of a file, the last of which counts the others."""
    by_file: dict[str, list[Finding]] = {}
    for finding in dict.fromkeys(findings):
        by_file.setdefault(finding.file, []).append(finding)
    kept: list[Finding] = []
    for file, group in by_file.items():
        ordered = sorted(group, key=lambda f: (f.severity, f.row or 0, f.column or "", f.found))
        more = len(ordered) - MAX_PER_FILE + 1
        if more > 1:
            ordered[MAX_PER_FILE - 1 :] = [
                Finding(file, None, None, f"{more} more faults in this file", "correct these first, then validate again", ordered[0].severity)
            ]
        kept += ordered
    return kept


def refusal(source: Path | str, findings: Sequence[Finding]) -> InputError:
    """The one-line error that carries `findings`, of which at least one is an error; it quotes the first error."""
    errors = [f for f in findings if f.severity == "error"]
    more = f" (and {len(errors) - 1} more; see them all with: passerelle validate {source})" if len(errors) > 1 else ""
    message = f"{source}: {errors[0].line()}{more}"
    return InputError(" ".join("".join(c if c.isprintable() else " " for c in message).split()), findings)
