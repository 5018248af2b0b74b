"""Projects of CORDIS tied to the skills of a territory: a field of science (EuroSciVoc) that a skill names as its own."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.tables import ATTRIBUTES, RECORDS, RELATIONS, Tables
from ontology.model import Basis, EntityKind


def about(tables: Tables) -> Tables:
    """The `about` relations to add: from each project to the skills whose `euroscivoc` is the last name of one of its `euroscivoc_path`.

    Names are compared whole, in any letters. A fact cites the EuroSciVoc row of the project and is stated, because the Commission
    classifies the project; it is as sure as the statement that the skill is that field. No record, no attribute, sorted by project,
    skill and record; nothing when the tables have no skill or no such project.
    """
    skills, paths = _named(tables.attributes, "euroscivoc", EntityKind.SKILL), _named(tables.attributes, "euroscivoc_path", EntityKind.PROJECT)
    wanted = pa.table({"title": _titles(skills["value"]), "skill": skills["subject"], "confidence": skills["confidence"]})
    told = pa.table({"title": _titles(paths["value"]), "project": paths["subject"], "record": paths["record"]})
    rows = told.join(wanted, "title", join_type="inner")
    rows = rows.sort_by([(name, "ascending") for name in ("project", "skill", "record", "confidence")]).combine_chunks()
    number = rows.num_rows
    relations = {
        "subject": rows["project"],
        "predicate": pa.repeat("about", number),
        "object": rows["skill"],
        "since": pa.nulls(number, pa.string()),
        "until": pa.nulls(number, pa.string()),
        "basis": pa.repeat(Basis.STATED.value, number),
        "confidence": rows["confidence"],
        "qualifiers": pa.array([[]] * number, type=RELATIONS.field("qualifiers").type),
        "record": rows["record"],
    }
    return Tables(RECORDS.empty_table(), ATTRIBUTES.empty_table(), pa.table(relations, schema=RELATIONS))


def _named(attributes: pa.Table, predicate: str, kind: EntityKind) -> pa.Table:
    """The rows of one attribute of the entities of one kind."""
    typed = attributes.filter(pc.and_(pc.equal(attributes["predicate"], "type"), pc.equal(attributes["value"], kind.value)))
    rows = attributes.filter(pc.equal(attributes["predicate"], predicate))
    return rows.filter(pc.is_in(rows["subject"], value_set=typed["subject"].combine_chunks()))


def _titles(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The last name of a path, or a name alone, in small letters."""
    return pc.utf8_lower(pc.utf8_trim_whitespace(pc.replace_substring_regex(column, r"^.*/", "")))
