"""One case per fault of a download: one clear line that says where and what to do, and nothing is published."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph_builder.pipeline import build_sources
from graph_builder.sources import open_source
from graph_builder.sources.cordis import archive as archive_module
from graph_builder.sources.cordis.source import Cordis
from ontology.errors import Finding, InputError
from tests.graph_builder.cordis_zip import FIELD, files, organization, partner, project, text, write_folder, write_zip

Content = Mapping[str, str | bytes]


@dataclass(frozen=True)
class Fault:
    """The content of a zip, and where the finding stands and what it says."""

    name: str
    content: Content
    file: str
    row: int | None
    column: str | None
    found: str


def changed(name: str, change: Callable[[str], str | bytes]) -> Content:
    base: dict[str, str | bytes] = dict(files())
    return base | {name: change(files()[name])}


def without(name: str) -> Content:
    return {key: value for key, value in files().items() if key != name}


def columns_without(*names: str, file: str) -> Content:
    row = {"project.csv": project(), "organization.csv": organization(), "euroSciVoc.csv": FIELD}[file]
    return files() | {file: text([row], columns=[column for column in row if column not in names])}


OLD_LAYOUT = text([{"projectRcn": "1", "projectID": "101000001", "projectAcronym": "A", "role": "coordinator", "id": "9", "name": "X"}])
"""organization.csv of Horizon 2020 before 2021: the PIC is called id."""

FAULTS = [
    Fault("no project.csv", without("project.csv"), "project.csv", None, None, "the file is missing"),
    Fault("no organization.csv inside", {**files(), "organization.csv": ""}, "organization.csv", None, None, "the file is empty"),
    Fault("two of one name", {**files(), "more/project.csv": "x"}, "project.csv", None, None, "two files of this name"),
    Fault(
        "columns are missing",
        columns_without("role", "organisationID", file="organization.csv"),
        "organization.csv",
        1,
        None,
        "organisationID, role are",
    ),
    Fault("one column is missing", columns_without("id", file="project.csv"), "project.csv", 1, None, "the column id is missing"),
    Fault(
        "a field without its path", columns_without("euroSciVocPath", file="euroSciVoc.csv"), "euroSciVoc.csv", 1, None, "euroSciVocPath is missing"
    ),
    Fault("an older layout", {**files(), "organization.csv": OLD_LAYOUT}, "organization.csv", 1, None, "the column organisationID is missing"),
    Fault("commas", changed("project.csv", lambda _: text([project()], delimiter=",")), "project.csv", 1, None, "separated by commas"),
    Fault("tabs", changed("organization.csv", lambda _: text([partner()], delimiter="\t")), "organization.csv", 1, None, "separated by tabs"),
    Fault("Latin-1", changed("organization.csv", lambda t: t.replace("Tank", "Tänk").encode("latin-1")), "organization.csv", 3, None, "not UTF-8"),
    Fault("UTF-16", changed("project.csv", lambda t: t.encode("utf-16")), "project.csv", 1, None, "UTF-16"),
    Fault("a NUL byte", changed("project.csv", lambda t: t.replace("hydrogen", "\0")), "project.csv", 2, None, "NUL"),
    Fault(
        "a quote that stays open", changed("organization.csv", lambda t: t.replace('"Tank GmbH"', '"Tank GmbH')), "organization.csv", 3, None, "quote"
    ),
    Fault("a quote open at the end", changed("project.csv", lambda t: t.rstrip('"\n')), "project.csv", 2, None, "not closed"),
    Fault(
        "a cell too many",
        changed("organization.csv", lambda t: t.replace('"Tank GmbH"', '"Tank";"GmbH"')),
        "organization.csv",
        3,
        None,
        "18 cells where the header has 17",
    ),
    Fault("a column twice", changed("project.csv", lambda t: t.replace('"acronym"', '"title"')), "project.csv", 1, "title", "there twice"),
    Fault("a project twice", files([project(), project(id="2"), project(title="Again")]), "project.csv", 6, "id", "'101000001' is there twice"),
    Fault("no id", files([project(), project(id="")]), "project.csv", 4, "id", "an empty cell"),
    Fault("no project", changed("project.csv", lambda t: t.splitlines()[0] + "\n"), "project.csv", None, None, "a header and no rows"),
    Fault("nobody", changed("organization.csv", lambda t: t.splitlines()[0] + "\n"), "organization.csv", None, None, "a header and no rows"),
    Fault("no date at all", files([project(startDate="soon", ecSignatureDate="")]), "project.csv", None, "startDate", "no project has a date"),
]


def refused(source: Cordis, home: Path) -> InputError:
    """The error of a build, which publishes nothing."""
    with pytest.raises(InputError) as caught:
        build_sources([source], home)
    assert not (home / "CURRENT").exists()
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError):
        source.tables()
    return caught.value


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_named(fault: Fault, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "cordis.zip", fault.content)
    error = refused(Cordis(path), tmp_path / "home")
    (finding,) = [finding for finding in error.findings if finding.severity == "error"]
    assert (finding.file, finding.row, finding.column) == (f"cordis.zip/{fault.file}", fault.row, fault.column)
    assert fault.found in finding.found
    assert finding.accepted


def zip_finding(path: Path) -> Finding:
    (finding,) = refused(Cordis(path), path.parent / "home").findings
    return finding


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_zip_that_is_cut_short(share: float, tmp_path: Path) -> None:
    path = write_zip(tmp_path / "cordis.zip", files())
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "damaged or cut short" in zip_finding(path).found


def test_a_zip_with_a_changed_byte(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "cordis.zip", files())
    raw = bytearray(path.read_bytes())
    raw[100] ^= 0xFF
    path.write_bytes(raw)
    assert "damaged" in zip_finding(path).found


def test_no_zip_at_all(tmp_path: Path) -> None:
    path = tmp_path / "cordis.zip"
    path.write_bytes(b"<html>404</html>")
    assert isinstance(open_source(path), Cordis)  # a download by its name, and it is said what is wrong with it
    assert "damaged" in zip_finding(path).found
    other = tmp_path / "photos.zip"
    other.write_bytes(b"<html>404</html>")
    with pytest.raises(InputError, match="not a known kind of data"):
        open_source(other)


def test_a_missing_file(tmp_path: Path) -> None:
    assert "damaged" in zip_finding(tmp_path / "nowhere.zip").found


@pytest.mark.parametrize("name", ["../organization.csv", "/etc/organization.csv", "C:\\organization.csv", "a/../../organization.csv"])
def test_a_member_that_leads_outside(name: str, tmp_path: Path) -> None:
    path = write_zip(
        tmp_path / "cordis.zip", {"project.csv": files()["project.csv"], "organization.csv": files()["organization.csv"], f"{name}.txt": "x"}
    )
    assert "leads outside the archive" in zip_finding(path).found


def test_an_encrypted_member(tmp_path: Path) -> None:
    """The flag of encryption, bit 0, is set in the central directory. Source: APPNOTE.TXT 4.4.4."""
    path = write_zip(tmp_path / "cordis.zip", files())
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 8 : at + 10] = struct.pack("<H", 1)
    path.write_bytes(raw)
    assert "encrypted" in zip_finding(path).found


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_zip(tmp_path / "cordis.zip", {**files(), "project.csv": b"a" * 5_000_000})
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    assert "times its size" in zip_finding(path).found


def test_too_much_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_BYTES", 1000)
    assert "bytes to read" in zip_finding(write_zip(tmp_path / "cordis.zip", files())).found
    assert "bytes to read" in zip_finding(write_folder(tmp_path / "folder", files())).found


def test_a_folder_with_a_file_missing_or_elsewhere(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "folder", without("organization.csv"))
    assert zip_finding(folder).file == "organization.csv"
    outside = write_folder(tmp_path / "outside", files())
    (folder / "organization.csv").symlink_to(outside / "organization.csv")
    assert "link to a file outside" in zip_finding(folder).found


def test_a_folder_of_the_wrong_kind(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a known kind of data"):
        open_source(write_folder(tmp_path / "folder", without("project.csv")))


# warnings: the row or cell is left out, the rest is used -------------------------------------------------------------

DOUBTS = [
    ("a project that is not there", files(organizations=[organization(), partner(projectID="7")]), "organization.csv", 3, "projectID"),
    ("a PIC that is no number", files(organizations=[organization(), partner(organisationID="abc")]), "organization.csv", 3, "organisationID"),
    ("a role that is not known", files(organizations=[organization(), partner(role="visitor")]), "organization.csv", 3, "role"),
    ("a date that is none", files([project(ecSignatureDate="2022-02-30")]), "project.csv", 2, "ecSignatureDate"),
    ("a date in another form", files([project(endDate="31/12/2025")]), "project.csv", 2, "endDate"),
    ("an end before the start", files([project(endDate="2022-12-31")]), "project.csv", 2, "endDate"),
    ("a field of an unknown project", files(fields=[FIELD | {"projectID": "7"}]), "euroSciVoc.csv", 2, "projectID"),
    ("a project without date", files([project(), project(id="2", startDate="", ecSignatureDate="")]), "project.csv", 4, "startDate"),
]


@pytest.mark.parametrize(("content", "file", "row", "column"), [doubt[1:] for doubt in DOUBTS], ids=[doubt[0] for doubt in DOUBTS])
def test_a_doubtful_row_is_a_warning(content: Content, file: str, row: int, column: str, tmp_path: Path) -> None:
    source = Cordis(write_zip(tmp_path / "cordis.zip", content))
    (finding,) = source.validate()
    assert (finding.severity, finding.file, finding.row, finding.column) == ("warning", f"cordis.zip/{file}", row, column)
    report = build_sources([source], tmp_path / "home")
    assert len(report.warnings) == 1


def test_warnings_of_one_sort_are_counted(tmp_path: Path) -> None:
    rows = [organization(), *(partner(projectID=f"{i}") for i in range(1500))]
    (finding,) = Cordis(write_zip(tmp_path / "cordis.zip", files(organizations=rows))).validate()
    assert finding.found == "'0' (1,500 such rows)"


def test_a_wrong_signature_date_falls_back_to_the_start(tmp_path: Path) -> None:
    tables = Cordis(write_zip(tmp_path / "cordis.zip", files([project(ecSignatureDate="2022-13-01")]))).tables()
    assert {row["since"] for row in tables.relations.to_pylist() if row["predicate"] == "participatesIn"} == {"2023-01-01"}
    assert {row["published"] for row in tables.records.to_pylist() if "/project/" in row["record"]} == {"2023-01-01"}


def test_a_byte_order_mark_and_crlf_are_accepted(tmp_path: Path) -> None:
    content = {name: b"\xef\xbb\xbf" + data.replace("\n", "\r\n").encode() for name, data in files().items()}
    source = Cordis(write_zip(tmp_path / "cordis.zip", content))
    assert source.validate() == []
    assert source.info.name == "cordis-horizon"


def test_the_name_of_a_broken_download(tmp_path: Path) -> None:
    source = Cordis(write_zip(tmp_path / "x.zip", without("project.csv")))
    assert source.name == "cordis"
    with pytest.raises(InputError):
        _ = source.info
