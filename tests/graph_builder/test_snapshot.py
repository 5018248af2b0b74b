"""Canonical tables, statement ids, digest, and reading a snapshot back."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_builder.canonical import canonical, package_entries
from graph_builder.snapshot import TABLES, in_memory, open_current, open_snapshot
from graph_builder.store import publish
from graph_builder.tables import ATTRIBUTES, Filler, Tables
from ontology.errors import InputError, NoSnapshot, PasserelleError, QueryError
from ontology.model import Basis, Confidence, EntityKind
from tests.graph_builder.tiny import Info, tiny

ROOT = Path(__file__).parents[2]

texts = st.text(max_size=4)
letters = st.sampled_from("abc")
facts = st.tuples(letters, st.sampled_from(["name", "alt_name"]), texts.filter(bool), st.sampled_from([None, "fr"]), st.integers(0, 2))
links = st.tuples(letters, letters, st.sampled_from([None, "2019"]), st.dictionaries(st.sampled_from(["role", "word"]), texts), st.integers(0, 2))


def fill(attributes: list[tuple], relations: list[tuple], *, locator: str = "f:1") -> Tables:
    filler = Filler()
    for number in range(3):
        filler.record(
            f"r{number}", locator=f"{locator}:{number}", sources=[f"source:{number}", "source:x"], published="2020", retrieved=date(2026, 1, 1)
        )
    for subject, predicate, value, lang, record in attributes:
        filler.attribute(subject, predicate, value, f"r{record}", lang=lang)
    for subject, obj, since, qualifiers, record in relations:
        filler.relation(subject, "memberOf", obj, f"r{record}", since=since, qualifiers=qualifiers)
    return filler.tables()


def disordered(table: pa.Table, order: random.Random) -> pa.Table:
    """The same rows, shuffled, with the columns in another order."""
    rows, columns = list(range(table.num_rows)), list(table.column_names)
    order.shuffle(rows)
    order.shuffle(columns)
    return table.take(pa.array(rows, type=pa.int64())).select(columns)


@settings(max_examples=40, deadline=None)
@given(st.lists(facts, max_size=8), st.lists(links, max_size=8), st.randoms(use_true_random=False))
def test_order_repetition_and_locators_change_nothing(attributes: list[tuple], relations: list[tuple], order: random.Random) -> None:
    plain = in_memory(fill(attributes, relations), [Info()])
    other = fill(attributes + attributes[:2], relations + relations[:2], locator="moved:9")
    mixed = in_memory(Tables(*(disordered(table, order) for table in other)), [Info()])
    assert mixed.digest == plain.digest
    assert mixed.attributes == plain.attributes
    assert mixed.relations == plain.relations


@settings(max_examples=40, deadline=None)
@given(st.lists(facts, min_size=1, max_size=6, unique=True), st.lists(links, max_size=4), st.data())
def test_a_changed_cell_changes_the_digest(attributes: list[tuple], relations: list[tuple], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(attributes) - 1))
    subject, predicate, value, lang, record = attributes[place]
    changed = [*attributes]
    changed[place] = (subject, predicate, value + "!", lang, record)
    before, after = in_memory(fill(attributes, relations)), in_memory(fill(changed, relations))
    assert (before.digest == after.digest) == (set(changed) == set(attributes))


@pytest.mark.parametrize(
    "other",
    [
        Info(name="other"),
        Info(title_fr="Autre"),
        Info(title_en="Other"),
        Info(created=date(2026, 3, 2)),
        Info(version="1.1"),
    ],
)
def test_the_package_is_part_of_the_digest(other: Info) -> None:
    assert in_memory(tiny(), [other]).digest != in_memory(tiny(), [Info()]).digest


@pytest.mark.parametrize("column", ["published", "sources"])
def test_what_a_record_says_is_part_of_the_digest(column: str) -> None:
    tables = fill([("a", "name", "A", None, 0)], [])
    records = tables.records.to_pylist()
    records[0][column] = "2001" if column == "published" else ["source:other"]
    other = tables._replace(records=pa.Table.from_pylist(records, schema=tables.records.schema))
    assert in_memory(other).digest != in_memory(tables).digest


def test_packages_are_sorted() -> None:
    one, two = Info(name="a"), Info(name="b")
    assert package_entries([two, one]) == package_entries([one, two])


def test_every_process_finds_the_same_digest() -> None:
    script = (
        "from graph_builder.snapshot import in_memory; from tests.graph_builder.tiny import Info, tiny; print(in_memory(tiny(), [Info()]).digest)"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": salt}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for salt in ("1", "2")
    }
    assert found == {in_memory(tiny(), [Info()]).digest}


def test_a_statement_id_is_the_hash_of_the_row_and_its_record() -> None:
    """Written out by hand: each cell as length:text, an absent one as -, joined by commas; BLAKE2b of 16 bytes."""
    filler = Filler()
    filler.record("r")
    filler.attribute("a", "name", "Été", "r")
    filler.relation("a", "memberOf", "b", "r", since="2019", qualifiers={"word": "w", "role": "chair"})
    rows = canonical(filler.tables())
    attribute = "1:a,4:name,3:Été,-,6:stated,8:verified,1:r"
    pairs = "4:role,5:chair,4:word,1:w"
    relation = f"1:a,8:memberOf,1:b,4:2019,-,6:stated,8:verified,{len(pairs)}:{pairs},1:r"
    for table, text, person in ((rows.attributes, attribute, b"attribute"), (rows.relations, relation, b"relation")):
        expected = hashlib.blake2b(text.encode(), digest_size=16, person=person).hexdigest()
        assert table["statement"].to_pylist() == [expected]
        assert table.column_names[0] == "statement"


def test_the_order_of_qualifiers_changes_nothing() -> None:
    tables = fill([], [("a", "b", None, {"role": "chair", "word": "w"}, 0)])
    rows = tables.relations.to_pylist()
    rows[0]["qualifiers"] = rows[0]["qualifiers"][::-1]
    other = tables._replace(relations=pa.Table.from_pylist(rows, schema=tables.relations.schema))
    assert in_memory(other).relations == in_memory(tables).relations


def test_the_same_fact_of_two_records_is_two_statements() -> None:
    assert in_memory(fill([("a", "name", "A", None, 0), ("a", "name", "A", None, 1)], [])).attributes.num_rows == 2


def test_a_fact_without_its_record_is_refused() -> None:
    filler = Filler()
    filler.attribute("a", "name", "A", "nowhere")
    with pytest.raises(InputError, match=r"cite a record that the source does not have.*'nowhere'"):
        canonical(filler.tables())


def test_a_record_key_with_two_meanings_is_refused() -> None:
    filler = Filler()
    filler.record("r", published="2019")
    filler.record("r", published="2020")
    with pytest.raises(InputError, match="'r' stands twice"):
        canonical(filler.tables())


def test_an_empty_required_cell_and_a_wrong_column_are_refused() -> None:
    tables = tiny()
    rows = tables.attributes.to_pylist()
    rows[0]["value"] = None
    with pytest.raises(InputError, match="1 rows of 'attributes' have no value"):
        canonical(tables._replace(attributes=pa.Table.from_pylist(rows, schema=ATTRIBUTES)))
    with pytest.raises(InputError, match="a source must yield"):
        canonical(tables._replace(attributes=tables.attributes.drop_columns(["lang"])))


def test_empty_tables_make_a_snapshot() -> None:
    empty = in_memory(Filler().tables())
    assert empty.entities(EntityKind.ORGANIZATION) == []
    assert empty.manifest.counts["records"] == 0
    with pytest.raises(QueryError, match="no reference year"):
        _ = empty.reference_year


# ------------------------------------------------------------------------------------------------------------- reading


def test_what_was_written_is_read(tmp_path: Path) -> None:
    published = publish(tmp_path / "home", tiny(), [Info()], warnings=3)
    stored, memory = open_current(tmp_path / "home"), in_memory(tiny(), [Info()], warnings=3)
    assert stored.digest == published.digest == memory.digest
    assert stored.manifest == published.manifest
    for name in TABLES:
        assert getattr(stored, name) == getattr(memory, name)
    assert stored.manifest.counts["Organization"] == 4
    assert stored.manifest.counts["ties"] == 2
    assert stored.manifest.warnings == 3
    assert stored.manifest.packages[0]["title_en"] == "Tiny territory"
    assert stored.reference_year == 2026


def test_pivots() -> None:
    snapshot = in_memory(tiny())
    assert snapshot.entities(EntityKind.ORGANIZATION) == ["a", "b", "c", "d"]
    assert snapshot.entities(EntityKind.PROJECT) == ["p"]
    assert snapshot.values("alt_name") == {"a": "Aleph"}
    assert snapshot.lists("alt_name") == {"a": ("Aleph", "Alpha")}
    assert snapshot.values("memberOf") == {"c": "d"}
    assert list(snapshot.values("name")) == ["a", "b", "c", "d"]
    assert snapshot.values("website") == {}
    with pytest.raises(QueryError, match="no predicate 'naem'"):
        snapshot.values("naem")


def test_statements_carry_their_record() -> None:
    snapshot = in_memory(tiny())
    key = snapshot.attribute_statement("a", "alt_name")
    assert key is not None
    fact = snapshot.statement(key)
    assert (fact.subject, fact.predicate, fact.object, fact.sources, fact.published) == ("a", "alt_name", "Aleph", ("source:a",), "2021")
    assert (fact.basis, fact.confidence) == (Basis.STATED, Confidence.VERIFIED)
    assert snapshot.attribute_statement("b", "alt_name") is None
    for table in (snapshot.attributes, snapshot.relations):
        for row in table.to_pylist():
            assert snapshot.statement(row["statement"]).subject == row["subject"]
    tie = next(row for row in snapshot.relations.to_pylist() if row["predicate"] == "collaboratesWith")
    assert snapshot.statement(tie["statement"]).qualifiers == {"role": "joint_lab"}


def test_unknown_ids_are_told() -> None:
    snapshot = in_memory(tiny())
    with pytest.raises(QueryError, match="no statement 'zz'"):
        snapshot.statement("zz")
    with pytest.raises(QueryError, match="no record 'zz'"):
        snapshot.published("zz")
    assert snapshot.record_sources("tiny/relations") == ("source:r",)


def test_nothing_built(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot, match="run: passerelle build") as caught:
        open_current(tmp_path / "none")
    assert caught.value.exit_code == 1
    assert not (tmp_path / "none").exists()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots" / publish(tmp_path, tiny(), [Info()]).digest


@pytest.mark.parametrize("name", ["records.parquet", "attributes.parquet", "relations.parquet", "manifest.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "changed"])
def test_a_damaged_snapshot_is_refused_and_the_next_build_repairs_it(folder: Path, name: str, damage: str) -> None:
    file = folder / name
    if damage == "missing":
        file.unlink()
    else:
        content = file.read_bytes()
        file.write_bytes(b"" if damage == "empty" else b"x" + content[1:])
    home = folder.parents[1]
    with pytest.raises(NoSnapshot, match=f"{name}.*run: passerelle build"):
        open_current(home)
    assert publish(home, tiny(), [Info()]).changed
    assert open_current(home).digest == folder.name


def test_a_manifest_of_another_snapshot_is_refused(folder: Path) -> None:
    moved = folder.with_name("0" * 32)
    folder.rename(moved)
    with pytest.raises(NoSnapshot, match=r"damaged: manifest\.json is that of"):
        open_snapshot(moved)


@pytest.mark.parametrize("change", [{"format": 99}, {"format": 0}])
def test_another_format_is_refused(folder: Path, change: dict[str, int]) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(PasserelleError, match="format") as caught:
        open_snapshot(folder)
    assert caught.value.exit_code == (2 if change["format"] else 1)


@pytest.mark.parametrize("text", ["", "../../etc", "f" * 32])
def test_a_wrong_current_is_told_and_repaired(folder: Path, text: str) -> None:
    home = folder.parents[1]
    (home / "CURRENT").write_text(text)
    with pytest.raises(NoSnapshot, match="run: passerelle build"):
        open_current(home)
    assert publish(home, tiny(), [Info()]).changed
    assert open_current(home).digest == folder.name


def test_a_reader_keeps_its_snapshot(tmp_path: Path) -> None:
    publish(tmp_path, tiny(), [Info()])
    reader = open_current(tmp_path)
    for note in "1234":
        publish(tmp_path, tiny(note), [Info()])
    assert not (tmp_path / "snapshots" / reader.digest).exists()
    assert reader.values("name")["a"] == "Actor A"
    assert replace(reader.manifest, warnings=0).digest == reader.digest
