"""passerelle export: every format from the command line, its document, its table, and what it refuses."""

from __future__ import annotations

import errno
import hashlib
import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from graph_builder.exports import EXPORTS, Withheld, Written
from graph_builder.exports.catalogue_files import packed_below
from graph_builder.exports.redistribution import WithheldSource
from graph_builder.snapshot import in_memory, open_current
from passerelle.commands.export import FONTS, FORMATS, OPEN_DATA, SUFFIXES, fonts, table
from tests.graph_builder.tiny import Info, tiny
from tests.passerelle.command import ROOT
from tests.passerelle.conftest import Call

SCHEMA: dict[str, Any] = json.loads((files("passerelle") / "schemas" / "export.schema.json").read_text(encoding="utf-8"))


def check(document: Any) -> None:
    """The document is that of its schema, and true of the files on disk."""
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    for file in document["files"]:
        path = Path(file["path"])
        assert (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()) == (file["bytes"], file["sha256"]), path
    out = Path(document["path"])
    on_disk = {str(path) for path in out.rglob("*") if path.is_file()} if out.is_dir() else {str(out)}
    assert {file["path"] for file in document["files"]} == on_disk


@pytest.mark.parametrize("form", sorted(EXPORTS))
def test_every_format_is_written_and_told(call: Call, home: Path, tmp_path: Path, form: str) -> None:
    said = call("export", form, tmp_path / "out", "--json")
    assert said.code == 0, said.err
    check(said.document)
    assert said.document["format"] == form
    assert said.document["withheld"] == {"facts": 0, "sources": []}
    assert said.document["digest"] == open_current(home).digest
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.slow
def test_open_data_has_all_of_it_and_the_predictions_apart(call: Call, home: Path, tmp_path: Path) -> None:
    options = ("-k", "7", "--base", "https://data.example.org/nfc", "--publisher", "Pôle métropolitain", "--licence", "cc-by-4.0")
    said = call("export", OPEN_DATA, tmp_path / "out", *options, "--json")
    assert said.code == 0, said.err
    check(said.document)
    assert said.document["digest"] == open_current(home).digest
    assert len((tmp_path / "out" / "predictions" / "predictions.csv").read_text(encoding="utf-8").splitlines()) == 1 + 7
    catalogue = (tmp_path / "out" / "catalogue.ttl").read_text(encoding="utf-8")
    assert "<https://data.example.org/nfc/passerelle.ttl>" in catalogue
    assert "Pôle métropolitain" in catalogue and "licence/CC_BY_4_0" in catalogue
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("@font-face") == len(FONTS)


@pytest.mark.slow
def test_open_data_without_predictions(call: Call, tmp_path: Path) -> None:
    said = call("export", OPEN_DATA, tmp_path / "out", "-k", "0")
    assert said.code == 0, said.err
    assert not (tmp_path / "out" / "predictions").exists()
    lines = said.out.splitlines()
    assert lines[0].startswith(f"wrote {tmp_path / 'out'} (open-data, ")
    assert lines[-1] == f"  start with {tmp_path / 'out' / 'index.html'}"
    assert "predicted" not in said.out


def test_the_table_is_short_and_says_what_matters(call: Call, home: Path, tmp_path: Path) -> None:
    said = call("export", "turtle", tmp_path / "graph.ttl")
    snapshot = open_current(home)
    facts = snapshot.attributes.num_rows + snapshot.relations.num_rows
    size = (tmp_path / "graph.ttl").stat().st_size / 1e6
    assert said.out.splitlines() == [
        f"wrote {tmp_path / 'graph.ttl'} (turtle, {size:.1f} MB)",
        f"  {facts:,} facts of the graph {snapshot.digest[:12]}",
    ]
    assert said.err == ""


@pytest.mark.slow
def test_an_export_takes_the_place_of_the_one_before_with_the_same_bytes(call: Call, tmp_path: Path) -> None:
    told = call("export", OPEN_DATA, tmp_path / "out", "-k", "3").out
    assert "  apart: 3 predicted links, which are hypotheses and no facts" in told.splitlines()
    first = packed_below(tmp_path / "out")
    check(call("export", OPEN_DATA, tmp_path / "out", "-k", "3", "--json").document)
    assert packed_below(tmp_path / "out") == first
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("pdf", "{new}"), "no export format 'pdf'; choose one of turtle, json-ld"),
        (("turtle", "{full}"), "is a folder, and this export is one file"),
        (("xlsx", "{missing}"), "not a folder that exists"),
        (("csv", "{full}"), "no export wrote"),
        (("open-data", "{full}"), "no export wrote"),
        (("open-data", "{file}"), "is not a folder"),
        (("open-data", "{missing}"), "not a folder that exists"),
        (("open-data", "{new}", "-k", "-1"), "-k -1 is negative"),
        (("open-data", "{new}", "--licence", "mine"), "no licence 'mine'; choose one of etalab-2.0"),
        (("open-data", "{new}", "--base", "nowhere"), "is no address"),
        (("open-data", "{new}", "--publisher", " "), "has no name"),
        (("turtle", "{new}", "-k", "3"), "-k goes with open-data only"),
        (("csv", "{new}", "--licence", "cc0-1.0"), "--licence goes with open-data only"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_one_line_and_changes_nothing(call: Call, tmp_path: Path, asked: tuple[str, ...], words: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    places = {"full": tmp_path / "full", "file": tmp_path / "file", "new": tmp_path / "new", "missing": tmp_path / "no" / "where"}
    before = sorted(tmp_path.rglob("*"))
    said = call("export", *(part.format(**places) for part in asked))
    assert said.code == 2, said.out
    assert len(said.complaints) == 1 and words in said.complaints[0], said.err
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "full" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("form", ["turtle", "csv", OPEN_DATA])
def test_nothing_built_yet_may_succeed_later(call: Call, tmp_path: Path, form: str) -> None:
    from tests.passerelle.command import call as anywhere

    said = anywhere("export", form, tmp_path / "out", "--home", tmp_path / "home")
    assert said.code == 1
    assert "run: passerelle build" in said.complaints[0]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("form", "target"), [("geojson", "graph_builder.exports.geojson.write_geojson"), (OPEN_DATA, "graph_builder.exports.open_data.write_export")]
)
def test_a_full_disk_may_succeed_later(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, target: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(target, full)
    said = call("export", form, tmp_path / "out", *(("-k", "0") if form == OPEN_DATA else ()))
    assert said.code == 1
    assert "No space left on device" in said.complaints[0]
    assert list(tmp_path.iterdir()) == []


def test_the_formats_named_are_those_that_are_there() -> None:
    assert set(EXPORTS) | {OPEN_DATA} <= set(FORMATS)
    assert set(FORMATS) - set(EXPORTS) <= {OPEN_DATA, "ftm"}
    assert SCHEMA["properties"]["format"]["enum"] == list(FORMATS)


def test_the_schema_refuses_what_lacks_a_key_or_has_one_more(call: Call, tmp_path: Path) -> None:
    good = call("export", "geojson", tmp_path / "out", "--json").document
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "surprise": 1})
    assert not validator.is_valid({**good, "files": []})
    for key in SCHEMA["required"]:
        assert not validator.is_valid({k: v for k, v in good.items() if k != key}), key


def test_the_page_carries_the_fonts_of_the_app() -> None:
    assert {family: content[:4] for family, content in fonts().items()} == dict.fromkeys(FONTS, b"wOF2")


def test_the_help_needs_no_library() -> None:
    program = "import sys, passerelle.commands.export; print(sorted({'pyarrow', 'rdflib', 'networkx', 'openpyxl'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(("form", "name", "ending"), [("xlsx", "out", ".xlsx"), ("xlsx", "out.ods", ".xlsx"), ("geojson", "map.txt", ".geojson")])
def test_a_name_that_programs_refuse_is_noted(call: Call, tmp_path: Path, form: str, name: str, ending: str) -> None:
    lines = call("export", form, tmp_path / name).out.splitlines()
    assert lines[-1] == f"  note: programs know such a file by a name that ends in {ending}; rename it before you open it"


@pytest.mark.parametrize(("form", "name"), [("xlsx", "OUT.XLSX"), ("geojson", "map.json"), ("csv", "out")])
def test_a_good_name_is_not_noted(call: Call, tmp_path: Path, form: str, name: str) -> None:
    said = call("export", form, tmp_path / name)
    assert said.code == 0 and "  note: " not in said.out


def test_every_file_format_has_an_ending_that_is_accepted() -> None:
    assert {name: Path(f"x{export.suffix}").suffix in SUFFIXES[name] for name, export in EXPORTS.items() if not export.folder} == dict.fromkeys(
        SUFFIXES, True
    )


def test_the_table_tells_what_cites_a_forbidden_source_and_what_depended_on_it(tmp_path: Path) -> None:
    snapshot = in_memory(tiny(), [Info()])
    withheld = Withheld(7, (WithheldSource("source:shut", "Shut", 6),), citing=6)
    lines = table("csv", Written(tmp_path, (), withheld), snapshot).splitlines()
    assert lines[-1] == "  left out: 7 facts, 6 that cite 1 source that forbids redistribution and 1 that depended on them"
