"""Small pages for browsers, in French and English: no script, no font, no request to anywhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from graph_builder.sparql import PREFIXES, Answer, Limits

MOST_ROWS = 1_000
"""Rows of an answer that a page shows."""


def home() -> str:
    """The first page: what is here."""
    return _page("Passerelle", _template("home").template)


def docs(described: Mapping[str, Any]) -> str:
    """The addresses of the API with their parameters and answers, from its OpenAPI document."""
    parts = [
        "<h1>L'interface JSON · <span lang='en'>The JSON interface</span></h1>",
        f"<p lang='en'>{escape(described['info']['description'])}</p>",
        "<p>Tout se lit, rien ne s'écrit. Les documents sont ceux de la ligne de commande avec <code>--json</code>.</p>",
        "<p><a href='/openapi.json'>/openapi.json</a> · <a href='/'>Passerelle</a></p>",
    ]
    for path, methods in described["paths"].items():
        parts += [text for method, operation in methods.items() for text in _operation(path, method, operation)]
    return _page("API · Passerelle", "\n".join(parts))


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{method.upper()} {escape(path)}</code></h2><p lang='en'>{escape(operation['summary'])}</p>"
    parameters = operation.get("parameters", ())
    if parameters:
        rows = "".join(
            f"<tr><td><code>{escape(p['name'])}</code></td><td>{'requis · <span lang=en>required</span>' if p.get('required') else ''}</td>"
            f"<td lang='en'>{escape(p.get('description', ''))}</td><td><code>{escape(_range(p['schema']))}</code></td></tr>"
            for p in parameters
        )
        yield f"<div class='scroll'><table>{rows}</table></div>"
    answers = "".join(f"<li><code>{status}</code> {escape(answer['description'])}</li>" for status, answer in operation["responses"].items())
    yield f"<ul lang='en'>{answers}</ul>"


def _range(schema: Mapping[str, Any]) -> str:
    """What a parameter may be, in a few signs."""
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            return _range(choice)
    if "items" in schema:
        return f"{_range(schema['items'])}, …"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    limits = [
        f"{sign} {schema[key]}" for key, sign in (("exclusiveMinimum", ">"), ("minimum", "≥"), ("maximum", "≤"), ("maxLength", "≤")) if key in schema
    ]
    return " ".join([str(schema.get("type", "")), *limits])


def sparql(limits: Limits, query: str | None = None) -> str:
    """A form for a query, with the examples of the documentation."""
    examples = example_queries()
    shown = query or next(iter(examples.values()), "SELECT ?class (COUNT(*) AS ?n) WHERE { ?s a ?class } GROUP BY ?class ORDER BY DESC(?n)")
    listed = "".join(
        f"<li><a href='/sparql?query={quote(text)}'>{escape(_question(text, 'FR'))}</a><br><span lang='en'>{escape(_question(text, 'EN'))}</span>"
        f"<details><summary>SPARQL</summary><pre>{escape(text)}</pre></details></li>"
        for text in examples.values()
    )
    prefixes = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in sorted(PREFIXES.items()))
    body = _template("query").substitute(
        query=escape(shown), seconds=f"{limits.seconds:g}", rows=f"{limits.rows:,}", examples=listed, prefixes=escape(prefixes)
    )
    return _page("SPARQL · Passerelle", body)


def answered(query: str, answer: Answer) -> str:
    """An answer as a page: a table, yes or no, or Turtle."""
    again = "<p><a href='/sparql'>Une autre question · <span lang='en'>Another query</span></a></p>"
    asked = f"<details><summary>SPARQL</summary><pre>{escape(query)}</pre></details>"
    return _page("Réponse · Passerelle", f"<h1>Réponse · <span lang='en'>Answer</span></h1>{_shown(answer)}{again}{asked}")


def _shown(answer: Answer) -> str:
    if answer.format == "turtle":
        return f"<pre>{escape(answer.body.decode())}</pre>"
    document = json.loads(answer.body)
    if answer.form == "ask":
        return "<p>Oui · <span lang='en'>Yes</span></p>" if document["boolean"] else "<p>Non · <span lang='en'>No</span></p>"
    names: Sequence[str] = document["head"]["vars"]
    rows = document["results"]["bindings"]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    lines = "".join("<tr>" + "".join(f"<td>{_cell(row.get(name))}</td>" for name in names) + "</tr>" for row in rows[:MOST_ROWS])
    count = f"{len(rows):,}" + (f" ({MOST_ROWS:,} affichées · <span lang='en'>shown</span>)" if len(rows) > MOST_ROWS else "")
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return f"<p>Lignes · <span lang='en'>Rows</span> : {count}</p><div class='scroll'>{table}</div>"


def _cell(term: Mapping[str, str] | None) -> str:
    if term is None:
        return ""
    value = term["value"]
    if term["type"] != "uri":
        return escape(value)
    fitting = max(((start, name) for name, start in PREFIXES.items() if value.startswith(start)), default=None, key=lambda pair: len(pair[0]))
    text = f"{fitting[1]}:{value[len(fitting[0]) :]}" if fitting else value
    if fitting:  # an IRI of the graph leads to what is said of it
        return f"<a href='/sparql?query={quote(f'DESCRIBE <{value}>')}'>{escape(text)}</a>"
    return f"<a href='{escape(value)}' rel='noreferrer'>{escape(text)}</a>" if value.startswith(("http://", "https://")) else escape(text)


def example_queries() -> Mapping[str, str]:
    """The queries of docs/queries by file name; none where they are not installed."""
    here = Path(__file__).resolve().parents[1]
    places = (here.parent / "docs" / "queries", here / "served" / "docs" / "queries")
    folder = next((place for place in places if place.is_dir()), None)
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.rq"))} if folder else {}


def _question(text: str, language: str) -> str:
    """The question that the comment of a query says in a language: `# FR : ...`."""
    first = next((line for line in text.splitlines() if line.startswith(f"# {language}")), "")
    return first.partition(":")[2].strip()


def _template(name: str) -> Template:
    return Template((Path(__file__).parent / f"{name}.html").read_text(encoding="utf-8"))


def _page(title: str, body: str) -> str:
    style = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
    return f'<!doctype html>\n<html lang="fr"><head>{head}<style>{style}</style></head><body><main>{body}</main></body></html>\n'
