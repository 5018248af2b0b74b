"""Bad files and bad mappings: one case per fault; each is refused with one line that says where and what to do, or told as a warning."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from graph_builder.sources import open_source
from graph_builder.sources.company_list import sheet
from graph_builder.sources.company_list.mapping_reader import read_mapping
from graph_builder.sources.company_list.sheet_xlsx import MAX_RATIO, MAX_UNPACKED_BYTES
from graph_builder.sources.company_list.source import CompanyList, preview
from ontology.errors import Finding, InputError
from tests.graph_builder.lists.make_list import siren

GOOD = f"nom,siren,ville\nLumen Exemple,{siren(1)},Delle\n"


def errors(path: Path) -> list[Finding]:
    """The errors of a list, by every way in: validate, tables and preview tell the same, in one line each."""
    source = CompanyList(path)
    found = [finding for finding in source.validate() if finding.severity == "error"]
    assert all("\n" not in finding.line() for finding in found)
    if found:
        with pytest.raises(InputError) as refused:
            source.tables()
        assert "\n" not in str(refused.value)
        assert [finding for finding in refused.value.findings if finding.severity == "error"] == found
    assert [finding for finding in preview(path).findings if finding.severity == "error"] == found
    return found


def only(path: Path) -> Finding:
    (found,) = errors(path)
    return found


def listed(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "found", "row"),
    [
        (b"", "the file is empty", None),
        (b"\xef\xbb\xbf\r\n \n", "the file is empty", None),
        (b"\xff\xfe", "the file is empty", None),
        (b"nom,siren,ville\n", "a header and no rows", None),
        (b"nom,ville\nLumen,Del\0le\n", "a NUL byte", 2),
        ("nom,ville\nLumen,Delle\n".encode("utf-16-le"), "a NUL byte", 1),
        (b"nom,ville\nLumen,Delle\nA,B,C\n", "3 cells where the header has 2", 3),
        (b"nom,ville\nLumen\nFanal,Delle\n", "1 cells where the header has 2", 2),
        (b'nom,ville\nLumen,"Delle\nFanal,Belfort\n', "a quote that is not closed", 2),
        (b'nom,ville\n"Lumen" X,Delle\n', "text after a closing quote", 2),
        (b"nom,nom\nLumen,Lumen\n", "the column 'nom' is there twice", 1),
        (b"code,montant\n12,13\n", "no column holds the names", 1),
        (b"nom,ville\nL\x81men,Delle\n", "bytes that are no utf-8", 2),
        (b"nom,ville\n" + b"x" * 100_001 + b",Delle\n", "a cell of 100,001 characters", 2),
        (b"nom," + b",".join(b"c%d" % n for n in range(301)) + b"\n", "302 columns", 1),
        (b"nom,statut_diffusion\nLumen,N\n", "no row is left", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel workbook", None),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, found: str, row: int | None) -> None:
    fault = only(listed(tmp_path, content))
    assert found in fault.found
    assert fault.row == row


@pytest.mark.parametrize(
    ("name", "found"), [("list.xls", "an old Excel workbook"), ("list.ods", "an OpenDocument spreadsheet"), ("list.xlsb", "binary")]
)
def test_other_spreadsheets_are_refused_with_what_to_do(tmp_path: Path, name: str, found: str) -> None:
    path = listed(tmp_path, "PK\x03\x04", name)
    assert found in only(path).found
    assert "save it as XLSX" in only(path).accepted
    assert open_source(path).validate()  # type: ignore[attr-defined]


def test_an_ods_with_another_ending(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "list.xlsx", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert only(tmp_path / "list.xlsx").found == "an OpenDocument spreadsheet"


def test_a_folder_a_missing_file_and_an_unreadable_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(tmp_path).found == "it is a folder"
    assert only(tmp_path / "no.csv").found == "there is no such file"
    with pytest.raises(InputError, match="not a known kind of data"):
        open_source(tmp_path)
    path = listed(tmp_path, GOOD)
    assert errors(path) == []

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert only(path).found == "the file cannot be read (Permission denied)"


def test_200_megabytes_are_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = listed(tmp_path, GOOD)
    os.truncate(path, 200_000_000)  # sparse: takes no space on the disk

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a file that is too large was opened")

    monkeypatch.setattr(Path, "open", never)
    fault = only(path)
    assert fault.found == "the file has 200,000,000 bytes"
    assert "50 MB and 200,000 rows" in fault.accepted


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 3)
    rows = [f"Lumen {n},Delle\n" for n in range(5)]
    assert errors(listed(tmp_path, "nom,ville\n" + "".join(rows[:3]))) == []
    assert only(listed(tmp_path, "nom,ville\n" + "".join(rows))).found == "more than 3 rows"


def test_a_list_of_natural_persons_is_told_that_nothing_of_it_is_used(tmp_path: Path) -> None:
    path = listed(tmp_path, f"nom;prenom;siren\nFictival;Essai;{siren(1)}\n")
    fault = only(path)
    assert fault.found.endswith("the list seems to hold natural persons only")
    assert fault.accepted.startswith("nothing of it can be used") and "mapping" not in fault.accepted
    path.with_suffix(".yaml").write_text("name: l\ncolumns: {name: nom, siren: siren}\n", encoding="utf-8")
    assert only(path).accepted.endswith("if no other column names organisations, nothing of the list can be used")


def test_one_column_is_a_list(tmp_path: Path) -> None:
    assert preview(listed(tmp_path, "nom\nLumen Exemple\nFanal Essai\n")).counts == {
        "rows": 2,
        "actors": 2,
        "persons": 0,
        "undisclosed": 0,
        "joined": 0,
        "filtered": 0,
        "unnamed": 0,
        "closed": 0,
    }


def test_many_faults_are_capped(tmp_path: Path) -> None:
    found = errors(listed(tmp_path, "nom,ville\n" + "a,b,c\n" * 500))
    assert len(found) == 100
    assert "more faults in this file" in found[-1].found


# workbooks -----------------------------------------------------------------------------------------------------------


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["nom", "ville"])
    book.active.append(["Lumen Exemple", "Delle"])
    book.save(path)
    return path


def repacked(path: Path, change: dict[str, bytes], *, claim: dict[str, int] | None = None) -> Path:
    """The workbook with some parts replaced or added, and the sizes that some of them claim in the directory."""
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | change).items():
            archive.writestr(name, content)
        for name, size in (claim or {}).items():
            archive.getinfo(name).file_size = size
    return path


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b'<?xml version="1.0"?>\n<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'


def test_a_workbook_is_read(tmp_path: Path) -> None:
    assert errors(workbook(tmp_path / "l.xlsx")) == []


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "l.xlsx")
    bomb = repacked(path, {SHEET: part(path, SHEET) + b" " * 3_000_000})
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_, **__: pytest.fail("the bomb was opened"))
    assert f"more than {MAX_RATIO} times its size" in only(bomb).found


def test_a_workbook_that_unpacks_too_large_is_refused_before_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = repacked(workbook(tmp_path / "l.xlsx"), {}, claim={SHEET: MAX_UNPACKED_BYTES})
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_, **__: pytest.fail("it was opened"))
    assert "parts that unpack to" in only(path).found


def test_a_part_that_claims_less_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx")
    assert "damaged" in only(repacked(path, {}, claim={SHEET: 100})).found


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "_rels/.rels", "xl/theme/theme1.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, encoding: str) -> None:
    path = workbook(tmp_path / "l.xlsx")
    body = re.sub(rb"^<\?xml[^>]*\?>\s*", b"", part(path, name))
    content = (ENTITIES.replace(b'"1.0"', f'"1.0" encoding="{encoding}"'.encode(), 1) + body).decode().encode(encoding)
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_, **__: pytest.fail("it was opened"))
    assert "declares a document type or entities" in only(repacked(path, {name: content})).found


def test_a_document_type_without_entities_is_refused_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx")
    body = re.sub(rb"^<\?xml[^>]*\?>\s*", b"", part(path, SHEET))
    content = b'<!DOCTYPE worksheet SYSTEM "file:///etc/hostname">\n' + body
    assert "declares a document type or entities" in only(repacked(path, {SHEET: content})).found


def test_openpyxl_reads_through_defusedxml() -> None:
    """The second line of defence: the parser that openpyxl takes when defusedxml is there."""
    assert openpyxl.DEFUSEDXML is True


def test_macros_are_ignored(tmp_path: Path) -> None:
    path = repacked(workbook(tmp_path / "l.xlsm"), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub AutoOpen()"})
    assert errors(path) == []


def test_a_sheet_that_claims_any_size_is_read_as_it_is(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx")
    content = part(path, SHEET).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert content != part(path, SHEET)
    assert preview(repacked(path, {SHEET: content})).counts == preview(workbook(tmp_path / "m.xlsx")).counts


MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    "change",
    [
        {SHEET: b"<worksheet"},
        {SHEET: b'<worksheet xmlns="' + MAIN + b'"><sheetData><row r="x"><c r="1A" t="s"><v>9</v></c></row></sheetData></worksheet>'},
        {"xl/workbook.xml": b"<a/>"},
        {"xl/_rels/workbook.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'},
    ],
)
def test_broken_workbooks(tmp_path: Path, change: dict[str, bytes]) -> None:
    assert re.search("damaged|without a sheet|is empty", only(repacked(workbook(tmp_path / "l.xlsx"), change)).found)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(500), b"nom,ville\nA B,C\n"])
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    assert "damaged, or no XLSX" in only(listed(tmp_path, content, "l.xlsx")).found


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    workbook(tmp_path / "l.xlsx").rename(tmp_path / "l.csv")
    assert errors(tmp_path / "l.csv") == []


def test_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "l.xlsx", "w") as archive:
        archive.writestr("project.csv", "id\n1\n")
    assert only(tmp_path / "l.xlsx").found == "an archive that is no XLSX workbook"


# mappings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found", "row", "accepted"),
    [
        ("columns: {name: noms}", "the mapping reads name from 'noms', which the list has not", 1, "did you mean 'nom'?"),
        ("columns: {name: nom, naf: zzzz}", "reads naf from 'zzzz'", 1, "it has: 'nom, siren, ville'"),
        ("columns: {siren: siren}", "no column for the name", 1, "add name:"),
        ("nom: x", "an unknown key 'nom'", 1, "one of: name,"),
        ("columns:\n  name: nom\n  town: ville", "an unknown key 'town'", 3, "one of: siren,"),
        ("name: Mon Annuaire", "'Mon Annuaire'", 1, "small letters"),
        ("name: siren", "begins the ids of something else", 1, "small letters"),
        ("name: ''", "an empty name", 1, "small letters"),
        ("name: a\nname: b", "the key 'name' is there twice", 2, "keep one"),
        ("source: {url: 'javascript:x'}", "is no web address", 1, "http"),
        ("source: {year: hier}", "'hier'", 1, "a year"),
        ("source: {redistribution: oui}", "'oui'", 1, "facts, texts, none"),
        ("source: INSEE", "one value", 1, "write it as a table"),
        ("kind: PME", "'PME'", 1, "eti_pme"),
        ("delimiter: x", "'x'", 1, "tab"),
        ("encoding: ebcdic", "'ebcdic'", 1, "utf-8"),
        ("keep: {naf: [informatique]}", "'INFORMATIQUE'", 1, "62"),
        ("keep: {departement: [9]}", "'9'", 1, "two digits"),
        ("title_fr: [a, b]", "several values", 1, "one text"),
        ("a: &x [1]\nb: *x", "anchors or aliases", None, "write each value"),
        ("- a\n- b", "no mapping", 1, "write keys"),
        ("just words", "no mapping", 1, "write keys"),
        ("", "no mapping", None, "write keys"),
        ("columns: {name: nom", "broken YAML", 1, "correct it"),
        ("[" * 3000, "nested too deep", None, "example"),
        ("#" * 100_001, "more than 100,000 bytes", None, "a page"),
    ],
)
def test_mappings_that_are_refused(tmp_path: Path, text: str, found: str, row: int | None, accepted: str) -> None:
    path = listed(tmp_path, GOOD)
    listed(tmp_path, text, "list.yaml")
    fault = errors(path)[0]
    assert found in fault.found
    assert fault.row == row
    assert accepted in fault.accepted


def test_a_tag_is_never_acted_on(tmp_path: Path) -> None:
    """The value is the text that was typed, whatever object its tag asks for."""
    mapping, findings = read_mapping(listed(tmp_path, "name: !!python/object/apply:os.getcwd x\n", "l.yaml"))
    assert findings == []
    assert mapping is not None
    assert mapping.name == "x"


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    levels = ["a: &a [x,x,x,x,x,x,x,x,x]"] + [f"{b}: &{b} [{','.join(['*' + a] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    path = listed(tmp_path, "\n".join(levels), "l.yaml")
    mapping, findings = read_mapping(path)
    assert mapping is None
    assert "anchors or aliases" in findings[0].found


def test_columns_about_persons_are_not_read_even_when_asked(tmp_path: Path) -> None:
    path = listed(tmp_path, "societe,nom,prenom\nLumen,FICTIVAL,Julie\n")
    listed(tmp_path, "columns: {name: societe, alt_name: nom}", "list.yaml")
    assert "a column about persons" in only(path).found


def test_what_a_mapping_leaves_empty_is_not_asked_for(tmp_path: Path) -> None:
    path = listed(tmp_path, GOOD)
    listed(tmp_path, "columns: {name: nom, siren: siren, vat: null, naf: , website: ~}\nsource: {year: 2026, redistribution: facts}", "list.yaml")
    assert CompanyList(path).validate() == []


def test_texts_stay_as_they_are_typed(tmp_path: Path) -> None:
    """YAML would read 01 as one, no as false and 62.10 as 62.1."""
    mapping, findings = read_mapping(listed(tmp_path, "keep: {departement: [01, 2a], naf: [62.10, 01]}\ntitle_fr: no\n", "l.yaml"))
    assert findings == []
    assert mapping is not None
    assert (mapping.keep_departement, mapping.keep_naf, mapping.title_fr) == (("01", "2A"), ("6210", "01"), "no")
