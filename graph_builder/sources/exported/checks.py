"""Between the rows of an exported package: records that are missing, ends that do not fit, rows that were changed by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from graph_builder.normalise import has_email, has_phone
from graph_builder.sources.exported.rows import ReadTable
from graph_builder.sources.findings import shown
from graph_builder.tables import Tables
from ontology.errors import Finding
from ontology.model import ATTRIBUTES, PREDICATES

Read = Mapping[str, ReadTable]

_CHANGED = "the row was changed since the export"


def records(read: Read) -> Iterator[Finding]:
    """Records that are there twice, and facts that cite one that is not there."""
    table, seen = read["records"], dict[str, int]()
    for line, key in zip(table.lines, table.texts("record"), strict=True):
        if key in seen:
            yield Finding(table.file, line, "record", f"{shown(key)} is there already on line {seen[key]}", "keep one of the two rows")
        seen.setdefault(key, line)
    for facts in (read["attributes"], read["relations"]):
        for line, key in zip(facts.lines, facts.texts("record"), strict=True):
            if key not in seen:
                yield Finding(facts.file, line, "record", f"no record {shown(key)}", f"add it to {table.file}, or cite one that is there")


def types(read: Read) -> Iterator[Finding]:
    """Entities of two kinds, and relations whose ends are not of the kinds that their predicate takes, or of no kind."""
    attributes, relations, kinds = read["attributes"], read["relations"], dict[str, str]()
    rows = zip(attributes.lines, *(attributes.texts(name) for name in ("subject", "predicate", "value")), strict=True)
    for line, subject, predicate, value in rows:
        if predicate == "type" and kinds.setdefault(subject, value) != value:
            found = f"{shown(subject)} is a {value} here and a {kinds[subject]} elsewhere"
            yield Finding(attributes.file, line, "value", found, "keep one type")
    untyped: dict[str, int] = {}
    ends = zip(relations.lines, *(relations.texts(name) for name in ("subject", "predicate", "object")), strict=True)
    for line, subject, name, obj in ends:
        predicate = PREDICATES[name]
        if subject == obj:
            yield Finding(relations.file, line, "object", f"{shown(obj)} is related to itself", "remove the row, or name another")
        for column, entity, accepted in (("subject", subject, predicate.domain), ("object", obj, predicate.range)):
            if entity not in kinds:
                untyped.setdefault(entity, line)
            elif kinds[entity] not in accepted:
                wanted = f"{column} of {name}: {' or '.join(sorted(accepted))}"
                yield Finding(relations.file, line, column, f"{shown(entity)} is a {kinds[entity]}", wanted)
    if untyped:
        first, line = min(untyped.items(), key=lambda item: item[1])
        found = f"{len(untyped)} entities have no type, the first is {shown(first)}"
        yield Finding(relations.file, line, None, found, f"say what each is, with the predicate type, in {attributes.file}", "warning")


def cited(read: Read) -> Iterator[Finding]:
    """A warning when records cite sources that nothing describes."""
    attributes, table = read["attributes"], read["records"]
    rows = zip(attributes.texts("subject"), attributes.texts("predicate"), strict=True)
    described = {subject for subject, predicate in rows if predicate == "type"}
    unknown: dict[str, int] = {}
    for line, sources in zip(table.lines, table.columns["sources"], strict=True):
        for source in sources if isinstance(sources, list) else ():
            if source not in described:
                unknown.setdefault(source, line)
    if unknown:
        first, line = next(iter(unknown.items()))
        found = f"{len(unknown)} sources are cited and not described, the first is {shown(first)}"
        yield Finding(table.file, line, "sources", found, f"describe each in {attributes.file}, or correct its id", "warning")


CHECKS: tuple[Callable[[Read], Iterator[Finding]], ...] = (records, types, cited)


def changed(read: Read, rows: Tables) -> list[Finding]:
    """Rows whose statement id is not that of their content: a warning each, and an error where one holds contact details.

    `rows` are the tables in canonical form. Rows as they were exported passed the checks of their own source.
    """
    found: list[Finding] = []
    for name, canonical in (("attributes", rows.attributes), ("relations", rows.relations)):
        table, known = read[name], frozenset(canonical["statement"].to_pylist())
        for position, (line, statement) in enumerate(zip(table.lines, table.texts("statement"), strict=True)):
            if statement in known:
                continue
            for column, text in _texts(table, position):
                if has_email(text) or has_phone(text):
                    what = f"an e-mail address or a telephone number in {shown(text)}"
                    found.append(Finding(table.file, line, column, what, "remove it: contact details are not stored"))
            if statement:
                accepted = "nothing to do if that was meant (its statement id will be another one); else export again"
                found.append(Finding(table.file, line, "statement", _CHANGED, accepted, "warning"))
    return found


def _texts(table: ReadTable, position: int) -> Iterator[tuple[str, str]]:
    """The texts of a row that a person may have written, with their column."""
    if table.name == "attributes":
        if ATTRIBUTES[table.texts_at("predicate", position)].type == "text":
            yield "value", table.texts_at("value", position)
        return
    told = table.columns["qualifiers"][position]
    for _, text in told if isinstance(told, list) else ():
        yield "qualifiers", text
