"""An exported package read back: the same digest, and every fault told with file, row and column."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_builder.exports import write_export
from graph_builder.pipeline import build
from graph_builder.snapshot import Snapshot, in_memory, open_current
from graph_builder.sources import SOURCES, Source, open_source
from graph_builder.sources.exported.rows import MAX_FAULTS
from graph_builder.sources.exported.source import ExportedPackage
from graph_builder.sources.territory.source import TerritoryPackage
from graph_builder.tables import Filler, Tables
from ontology.errors import Finding, InputError
from ontology.model import Basis, Confidence
from tests.graph_builder.hostile import hostile, hostile_tables
from tests.graph_builder.seed_package import edit, get_cell, read_csv, set_cell, write_csv
from tests.graph_builder.source_contract import SourceContract
from tests.graph_builder.tiny import SEED, Info, seed


def again(snapshot: Snapshot, folder: Path) -> Snapshot:
    """The snapshot after an export and a build of it."""
    package = ExportedPackage(write_export("csv", snapshot, folder / "out").path)
    assert [finding.line() for finding in package.validate() if "not described" not in finding.found and "no type" not in finding.found] == []
    return in_memory(package.tables(), package.infos)


def same(one: Snapshot, other: Snapshot) -> None:
    assert one.digest == other.digest
    for name in ("records", "attributes", "relations"):
        assert getattr(one, name).equals(getattr(other, name)), name


class TestExportedSeed(SourceContract):
    minimum: ClassVar[Mapping[str, int]] = {
        "Organization": 280,
        "Project": 95,
        "Skill": 135,
        "Source": 289,
        "offersSkill": 621,
        "participatesIn": 357,
    }

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls, tmp_path_factory: pytest.TempPathFactory) -> Source:
        return open_source(write_export("csv", seed(), tmp_path_factory.mktemp("seed") / "out").path)


@pytest.mark.parametrize("snapshot", [hostile(), seed()], ids=["hostile", "seed"])
def test_the_same_digest_and_the_same_rows(snapshot: Snapshot, tmp_path: Path) -> None:
    same(snapshot, again(snapshot, tmp_path))


def test_a_build_of_the_export_is_the_build_of_the_seed(tmp_path: Path) -> None:
    first = build([SEED], tmp_path / "home")
    write_export("csv", open_current(tmp_path / "home"), tmp_path / "out")
    second = build([tmp_path / "out"], tmp_path / "home")
    assert (second.digest, second.changed) == (first.digest, False)


def test_several_packages_keep_their_names(tmp_path: Path) -> None:
    snapshot = in_memory(hostile_tables(), [Info(), Info("other", "Autre « à » part", "Other", date(2025, 1, 2), "")])
    same(snapshot, again(snapshot, tmp_path))
    package = ExportedPackage(tmp_path / "out")
    assert [info.name for info in package.infos] == ["other", "tiny"]
    assert (package.name, package.info.name, package.info.created) == ("other--tiny", "other--tiny", date(2026, 3, 1))


def test_what_was_withheld_stays_out(tmp_path: Path) -> None:
    snapshot = hostile(redistribution={"c": "none"})
    package = ExportedPackage(write_export("csv", snapshot, tmp_path / "out").path)
    assert package.validate() == []
    back = in_memory(package.tables(), package.infos)
    assert back.digest != snapshot.digest and "p" not in back.values("type")
    same(back, again(back, tmp_path))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12) | st.sampled_from(
    [",", '"', '""', "\n", "\r", "\r\n", "\x00", "'", " ", "\ufeff", "[]", "a;b=c", "\u2028", "null", "=1", "é\u0301"]
)
DATES = st.none() | st.sampled_from(["2019", "2019-09", "2019~", "201X", "2019/2021"])


@st.composite
def small(draw: st.DrawFn) -> Tables:
    filler = Filler()
    sources = st.lists(st.sampled_from(["source:a", "source:b", 'source:"c", d', "source:é"]), max_size=3)
    retrieved = st.none() | st.dates()
    for number, actor in enumerate(("a", "b", "c")):
        record = filler.record(
            f"tiny/{draw(TEXT)}/{number}",
            locator=draw(st.none() | TEXT),
            sources=draw(sources),
            published=draw(DATES),
            retrieved=draw(retrieved),
        )
        filler.attribute(actor, "type", "Organization", record)
        for _ in range(draw(st.integers(0, 3))):
            predicate = draw(st.sampled_from(["name", "description_fr", "keywords"]))
            basis, confidence = draw(st.sampled_from(Basis)), draw(st.sampled_from(Confidence))
            filler.attribute(actor, predicate, draw(TEXT), record, lang=draw(st.sampled_from([None, "fr", "en"])), basis=basis, confidence=confidence)
        told = draw(st.dictionaries(st.sampled_from(["role", "word", "paraphrase_fr"]), TEXT, max_size=3))
        filler.relation(actor, "memberOf", "abca"[number + 1], record, since=draw(DATES), until=draw(DATES), qualifiers=told)
    return filler.tables()


@settings(max_examples=80, deadline=None)
@given(small())
def test_any_text_survives(tables: Tables) -> None:
    snapshot = in_memory(tables, [Info()])
    with TemporaryDirectory() as folder:
        same(snapshot, again(snapshot, Path(folder)))


# recognised -----------------------------------------------------------------------------------------------------------


def test_an_exported_package_is_told_from_a_territory(tmp_path: Path) -> None:
    out = write_export("csv", hostile(), tmp_path / "out").path
    assert isinstance(open_source(out), ExportedPackage)
    assert isinstance(open_source(out / "datapackage.json"), ExportedPackage)
    assert isinstance(open_source(f"exported:{out}"), ExportedPackage)
    assert isinstance(open_source(SEED), TerritoryPackage)
    names = [form.name for form in SOURCES]
    assert names.index("exported") < names.index("territory")
    (out / "datapackage.json").write_text("{", encoding="utf-8")
    assert isinstance(open_source(out), TerritoryPackage)


# faults ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path) -> ExportedPackage:
    return ExportedPackage(write_export("csv", hostile(), tmp_path / "out").path)


def line_of(path: Path, column: str, value: str) -> int:
    """The row of the first cell of a column that has this value, counted from 1; no cell above it holds a line end in these tests."""
    cells = read_csv(path)
    place = cells[0].index(column)
    return next(number for number, row in enumerate(cells, 1) if row[place] == value)


def physical(path: Path, row: int) -> int:
    """The line of the file on which a row starts: cells before it may hold line ends."""
    rows = read_csv(path)[: row - 1]
    return 1 + sum(1 + sum(cell.replace("\r\n", "\n").replace("\r", "\n").count("\n") for cell in cells) for cells in rows)


CELLS = [
    ("records", "sources", "[source:a]", "a JSON list of source ids"),
    ("records", "sources", '{"source:a": 1}', "a JSON list of source ids"),
    ("records", "sources", '["source:a", 3]', "a JSON list of source ids"),
    ("records", "sources", "[" * 5000, "a JSON list of source ids"),
    ("records", "published", "last year", "a date such as 2019"),
    ("records", "retrieved", "03/02/2026", "a day such as 2019-09-30"),
    ("records", "record", "", "a value is needed here"),
    ("attributes", "predicate", "colour", "one of: type, name"),
    ("attributes", "predicate", "memberOf", "one of: type, name"),
    ("attributes", "basis", "guessed", "one of: stated, inferred"),
    ("attributes", "confidence", "sure", "one of: verified, likely"),
    ("attributes", "lang", "de", "one of: fr, en"),
    ("attributes", "value", "", "a value is needed here"),
    ("attributes", "subject", " ", "an identifier is needed here"),
    ("relations", "predicate", "knows", "one of: collaboratesWith"),
    ("relations", "basis", "", "a value is needed here"),
    ("relations", "since", "2019-13", "a date such as 2019"),
    ("relations", "qualifiers", "role=lead", "a JSON object of texts"),
    ("relations", "qualifiers", '{"role": ["lead"]}', "a JSON object of texts"),
    ("relations", "qualifiers", '{"colour": "red"}', "only these keys: amount"),
]


@pytest.mark.parametrize(("table", "column", "cell", "accepted"), CELLS)
def test_a_cell_that_cannot_be_right(package: ExportedPackage, table: str, column: str, cell: str, accepted: str) -> None:
    path = package.folder / f"{table}.csv"
    set_cell(path, 3, column, cell)
    errors = [finding for finding in package.validate() if finding.severity == "error"]
    assert [(error.file, error.row, error.column) for error in errors] == [(f"{table}.csv", physical(path, 3), column)]
    assert accepted in errors[0].accepted and "\n" not in errors[0].line()
    with pytest.raises(InputError) as caught:
        package.tables()
    assert caught.value.findings


VALUES = [
    ("lat", "north", "a number"),
    ("url", "javascript:alert(1)", "a plain http"),
    ("type", "Person", "one of: Organization"),
    ("lat", "inf", "a number"),
]


@pytest.mark.parametrize(("predicate", "value", "accepted"), VALUES)
def test_a_value_that_has_not_the_form_of_its_predicate(package: ExportedPackage, predicate: str, value: str, accepted: str) -> None:
    path = package.folder / "attributes.csv"
    row = line_of(path, "predicate", predicate)
    set_cell(path, row, "value", value)
    [error] = [finding for finding in package.validate() if finding.severity == "error"]
    assert (error.row, error.column) == (physical(path, row), "value") and accepted in error.accepted


def drop_column(path: Path, column: str) -> None:
    place = read_csv(path)[0].index(column)
    edit(path, lambda rows: [row.pop(place) for row in rows])


def append(path: Path, text: str) -> None:
    path.write_bytes(path.read_bytes() + text.encode())


STRUCTURE: list[tuple[str, Callable[[Path], object], tuple[str, int | None, str | None], str]] = [
    ("no table", lambda out: (out / "relations.csv").unlink(), ("relations.csv", None, None), "the file is missing"),
    ("a column less", lambda out: drop_column(out / "records.csv", "sources"), ("records.csv", 1, "sources"), "the column is missing"),
    ("a column more", lambda out: set_cell(out / "records.csv", 1, "locator", "where"), ("records.csv", 1, "locator"), "the column is missing"),
    (
        "a cell more",
        lambda out: edit(out / "records.csv", lambda rows: rows[2].append("x")),
        ("records.csv", 3, None),
        "6 cells where the header has 5",
    ),
    ("semicolons", lambda out: (out / "records.csv").write_text("record;sources\n"), ("records.csv", 1, None), "not separated by commas"),
    ("empty", lambda out: (out / "records.csv").write_text(""), ("records.csv", 1, "locator"), "the column is missing"),
    ("an open quote", lambda out: append(out / "records.csv", '"tiny'), ("records.csv", 20, None), "the row cannot be read"),
    ("Latin-1", lambda out: (out / "records.csv").write_bytes("record,é".encode("latin-1")), ("records.csv", None, None), "not UTF-8"),
    (
        "a record twice",
        lambda out: edit(out / "records.csv", lambda rows: rows.insert(2, list(rows[1]))),
        ("records.csv", 3, "record"),
        "is there already on line 2",
    ),
    ("a record less", lambda out: edit(out / "records.csv", lambda rows: rows.pop(1)), ("attributes.csv", None, "record"), "no record"),
]


@pytest.mark.parametrize(("change", "where", "found"), [row[1:] for row in STRUCTURE], ids=[row[0] for row in STRUCTURE])
def test_a_table_that_cannot_be_read(
    package: ExportedPackage, change: Callable[[Path], object], where: tuple[str, int | None, str | None], found: str
) -> None:
    change(package.folder)
    errors = [finding for finding in package.validate() if finding.severity == "error"]
    first = errors[0]
    assert found in first.found
    assert (first.file, first.column) == (where[0], where[2])
    assert where[1] is None or first.row == where[1]
    with pytest.raises(InputError):
        package.tables()


def change_mark(folder: Path, **values: object) -> None:
    path = folder / "datapackage.json"
    loaded = json.loads(path.read_text(encoding="utf-8"))
    loaded["passerelle"] |= values
    path.write_text(json.dumps(loaded), encoding="utf-8")


@pytest.mark.parametrize(
    ("mark", "column"),
    [
        ({"format": 2}, "format"),
        ({"format": "1"}, "format"),
        ({"packages": []}, "packages"),
        ({"packages": "tiny"}, "packages"),
        ({"packages": [{"name": "tiny"}]}, "packages"),
        ({"packages": [{"name": "t", "title_fr": "a", "title_en": "b", "created": "yesterday", "version": ""}]}, "packages"),
        ({"packages": [{"name": "t", "title_fr": "a\x1b[31m", "title_en": "b", "created": "2026-01-01", "version": ""}]}, "packages"),
    ],
)
def test_a_mark_that_cannot_be_read(package: ExportedPackage, mark: dict[str, object], column: str) -> None:
    change_mark(package.folder, **mark)
    [finding] = package.validate()
    assert (finding.file, finding.column, finding.severity) == ("datapackage.json", f"passerelle/{column}", "error")
    for read in (lambda: package.infos, lambda: package.info, package.tables):
        with pytest.raises(InputError):
            read()
    assert package.name == "out"


def test_a_territory_is_no_exported_package() -> None:
    with pytest.raises(InputError, match="a format that this version does not read"):
        open_source(f"exported:{SEED}").tables()


def test_a_changed_cell_is_a_warning(package: ExportedPackage) -> None:
    path = package.folder / "attributes.csv"
    row = line_of(path, "value", "Belfort")
    set_cell(path, row, "value", "Belfort, ville")
    whole, one = package.validate()
    assert (whole.file, whole.column, whole.severity) == ("datapackage.json", "passerelle/digest", "warning")
    assert "changed since the export" in whole.found
    assert (one.file, one.row, one.column, one.severity) == ("attributes.csv", physical(path, row), "statement", "warning")
    assert "Belfort, ville" in package.tables().attributes["value"].to_pylist()


def test_a_changed_date_is_a_warning_although_no_statement_changes(package: ExportedPackage) -> None:
    path = package.folder / "records.csv"
    set_cell(path, line_of(path, "published", "2020"), "published", "2021")
    assert [(finding.column, finding.severity) for finding in package.validate()] == [("passerelle/digest", "warning")]


def test_a_new_row_needs_no_statement_id(package: ExportedPackage) -> None:
    row = ["", "markup", "alt_name", "Bricq", "", "stated", "likely", "tiny/relations/1"]
    edit(package.folder / "attributes.csv", lambda rows: rows.append(row))
    assert [finding.column for finding in package.validate()] == ["passerelle/digest"]
    assert in_memory(package.tables(), package.infos).values("alt_name") == {"markup": "Bricq"}


def test_order_of_rows_and_columns_and_line_ends_play_no_part(package: ExportedPackage) -> None:
    for path in (package.folder / "records.csv", package.folder / "relations.csv"):
        head, *rows = read_csv(path)
        write_csv(path, [cells[::-1] for cells in [head, *rows[::-1]]])
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert package.validate() == []
    assert in_memory(package.tables(), package.infos).digest == hostile().digest


def test_contact_details_in_a_changed_row_are_refused(package: ExportedPackage) -> None:
    path = package.folder / "attributes.csv"
    set_cell(path, line_of(path, "value", "Belfort"), "value", "Belfort, jean@example.org")
    errors = [finding for finding in package.validate() if finding.severity == "error"]
    assert [error.column for error in errors] == ["value"] and "e-mail" in errors[0].found
    with pytest.raises(InputError, match="e-mail"):
        package.tables()


def findings(package: ExportedPackage, change: Callable[[list[list[str]]], object]) -> list[Finding]:
    edit(package.folder / "relations.csv", change)
    return [finding for finding in package.validate() if "changed since" not in finding.found]


def test_ends_that_do_not_fit_their_predicate(package: ExportedPackage) -> None:
    record = "tiny/relations/1"
    wrong = ["", "p", "memberOf", "place:90010", "", "", "stated", "likely", "", record]
    itself = ["", "at", "memberOf", "at", "", "", "stated", "likely", "", record]
    untyped = ["", "at", "memberOf", "nobody", "", "", "stated", "likely", "", record]
    found = findings(package, lambda rows: rows.extend([wrong, itself, untyped]))
    assert [(finding.column, finding.found, finding.severity) for finding in found] == [
        ("object", "'place:90010' is a Place", "error"),
        ("subject", "'p' is a Project", "error"),
        ("object", "'at' is related to itself", "error"),
        (None, "1 entities have no type, the first is 'nobody'", "warning"),
    ]


def test_two_types_and_a_source_that_nothing_describes(package: ExportedPackage) -> None:
    row = ["", "p", "type", "Organization", "", "stated", "likely", "tiny/relations/1"]
    edit(package.folder / "attributes.csv", lambda rows: rows.append(row))
    path = package.folder / "records.csv"
    set_cell(path, line_of(path, "record", "tiny/places/1"), "sources", '["source:z"]')
    found = package.validate()
    assert [(finding.file, finding.severity) for finding in found] == [("attributes.csv", "error"), ("records.csv", "warning")]
    assert "'p' is a Organization here and a Project elsewhere" in found[0].found
    assert "'source:z'" in found[1].found


def test_many_faults_end_the_reading(package: ExportedPackage) -> None:
    row = ["x"] * 8
    edit(package.folder / "attributes.csv", lambda rows: rows.extend([row] * (MAX_FAULTS + 50)))
    found = package.validate()
    assert len(found) == 100 and "more faults in this file" in found[-1].found


def test_a_corrected_file_is_seen(package: ExportedPackage, tmp_path: Path) -> None:
    path = package.folder / "attributes.csv"
    shutil.copy(path, tmp_path / "kept")
    was = get_cell(path, 3, "basis")
    set_cell(path, 3, "basis", f"{was}?")
    assert package.validate()
    shutil.copy(tmp_path / "kept", path)
    assert package.validate() == []
