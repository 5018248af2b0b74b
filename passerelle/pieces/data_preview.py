"""What a list would become: what happens to its rows, what is wrong in it row by row, how its columns are read, its first actors."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from graph_builder.sources.company_list.guess import ColumnGuess
from graph_builder.sources.company_list.source import Preview
from ontology.errors import Finding
from passerelle.fact_words import attribute_text
from passerelle.i18n import language, number, say, some, tell
from passerelle.look import chip, html, over, quiet
from recommender.answers import Text

FULL = 100
"""Findings that are listed; the others are counted."""
_FIELDS = ("name", "siren", "naf", "commune", "address", "website", "description_fr", "status")


def counts(seen: Preview) -> None:
    """What becomes of every row, and how many natural persons are left out, by reason."""
    told = seen.counts or {}
    if not told:
        return
    first = f"<p><b>{escape(say('d_rows_become', rows=number(told.get('rows', 0)), actors=number(told.get('actors', 0))))}</b></p>"
    chips = "".join(chip(say("d_count", what=_known("d_count_" + key, key), n=number(n))) for key, n in told.items() if n and key not in _SAID)
    persons = "".join(
        f"<li>{escape(say('d_count', what=_known('d_person_' + reason, reason), n=number(n)))}</li>" for reason, n in (seen.persons or {}).items()
    )
    left_out = over("d_persons") + f'<ul class="doubt quiet">{persons}</ul>' if persons else ""
    html(f'{first}<div class="foot">{chips}</div>{left_out}')


_SAID = ("rows", "actors")
"""Counts that the first line tells."""


def _known(key: str, otherwise: str) -> str:
    """A message; an unknown key keeps its own word."""
    try:
        return say(key)
    except KeyError:
        return otherwise.replace("_", " ")


def findings(found: Sequence[Finding]) -> None:
    """What is wrong or doubtful, row by row: errors first. The texts come from the core, in English."""
    if not found:
        html(quiet(say("d_findings_none")))
        return
    errors = sum(finding.severity == "error" for finding in found)
    told = [some("d_errors", errors)] if errors else []
    told += [some("d_warnings", len(found) - errors)] if len(found) > errors else []
    html(f'<h3 class="over">{escape(say("d_findings"))}</h3><p>{escape(" ".join(told))}</p>{quiet(say("d_findings_lead"))}')
    ordered = sorted(found, key=lambda finding: (finding.severity, finding.row or 0))
    heads = _heads("severity", "row", "column", "found", "accepted")
    html(_scrolled("d_findings", _table("stack found", heads, [_finding(finding) for finding in ordered[:FULL]]), "tall"))
    if ordered[FULL:]:
        html(quiet(some("d_findings_more", len(ordered) - FULL)))


def _finding(finding: Finding) -> tuple[str, ...]:
    level = "uncertain" if finding.severity == "warning" else "error"
    lang = "" if language() == "en" else ' lang="en"'
    return (
        chip(say("d_" + finding.severity), level),
        escape(str(finding.row)) if finding.row else escape(say("d_whole")),
        escape(finding.column or "—"),
        f"<span{lang}>{escape(finding.found)}</span>",
        f"<span{lang}>{escape(finding.accepted)}</span>",
    )


def columns(seen: Preview) -> None:
    """What is read as what, and why."""
    if not seen.columns:
        return
    html(
        f'<h3 class="over">{escape(say("d_columns"))}</h3>'
        + _table("stack", _heads("column", "field", "why"), [_column(guess) for guess in seen.columns])
    )
    if seen.unread:
        html(quiet(say("d_unread", names=", ".join(seen.unread))))
    if seen.personal:
        html(quiet(say("d_personal", names=", ".join(seen.personal))))


def _column(guess: ColumnGuess) -> tuple[str, ...]:
    field = f'{escape(_known("d_field_" + guess.field, guess.field))} <span class="code quiet">{escape(guess.field)}</span>'
    return escape(guess.column), field, escape(tell(Text(guess.why_fr, guess.why_en)))


def rows(seen: Preview) -> None:
    """The first actors as they will be described."""
    fields = [field for field in _FIELDS if any(row.get(field) for row in seen.rows)]
    if not fields:
        return
    names = [escape(say("d_field_" + ("state" if field == "status" else field))) for field in fields]
    body = [[escape(tell(attribute_text(field, row[field]))) if row.get(field) else "—" for field in fields] for row in seen.rows]
    html(f'<h3 class="over">{escape(say("d_first_rows"))}</h3>' + _scrolled("d_first_rows", _table("stack rows", names, body)))


def _table(kind: str, names: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A table whose rows stack on a phone, each cell with the name of its column. Names and cells are escaped already."""
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    cells = ("".join(f'<td data-label="{name}">{cell}</td>' for name, cell in zip(names, row, strict=True)) for row in body)
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{"".join(f"<tr>{row}</tr>" for row in cells)}</tbody></table>'


def _heads(*names: str) -> tuple[str, ...]:
    return tuple(escape(say("d_col_" + name)) for name in names)


def _scrolled(key: str, table: str, more: str = "") -> str:
    """A table that scrolls inside its place, with the keyboard too."""
    return f'<div class="scroll {more}" tabindex="0" role="region" aria-label="{escape(say(key))}">{table}</div>'
