"""One case per fault: a copy of the seed is broken in one place, and the finding says where and what to do."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph_builder.sources import open_source
from graph_builder.sources.findings import MAX_PER_FILE, shown
from graph_builder.sources.territory.source import TerritoryPackage
from ontology.errors import Finding, InputError
from tests.graph_builder.seed_package import Cells, copy_seed, edit, get_cell, read_csv, set_cell

Break = Callable[[Path], object]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return copy_seed(tmp_path / "copy")


@dataclass(frozen=True)
class Fault:
    """How a package is broken, and the finding expected: its place, and words of what was found and is accepted."""

    name: str
    do: Break
    file: str
    row: int | None
    column: str | None
    found: str
    accepted: str = ""


def cell(file: str, line: int, column: str, value: str) -> Break:
    return lambda folder: set_cell(folder / file, line, column, value)


def rows(file: str, change: Callable[[Cells], object]) -> Break:
    return lambda folder: edit(folder / file, change)


def raw(file: str, change: Callable[[bytes], bytes]) -> Break:
    return lambda folder: (folder / file).write_bytes(change((folder / file).read_bytes()))


def line(file: str, number: int, change: Callable[[bytes], bytes]) -> Break:
    """Change one line of a file that has one record per line."""

    def edited(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[number - 1] = change(lines[number - 1])
        return b"\n".join(lines)

    return raw(file, edited)


def drop_column(name: str) -> Callable[[Cells], object]:
    def change(table: Cells) -> None:
        at = table[0].index(name)
        for cells in table:
            del cells[at]

    return change


def with_delimiter(sign: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        table = read_csv(folder / "offers.csv")
        with (folder / "offers.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=sign).writerows(table)

    return change


def link_outside(folder: Path) -> None:
    outside = folder.parent / "outside.csv"
    (folder / "offers.csv").rename(outside)
    (folder / "offers.csv").symlink_to(outside)


def descriptor(change: Callable[[dict[str, object]], object]) -> Break:
    def edited(folder: Path) -> None:
        path = folder / "datapackage.json"
        loaded = json.loads(path.read_text(encoding="utf-8"))
        change(loaded)
        path.write_text(json.dumps(loaded), encoding="utf-8")

    return edited


def resource_path(path: object) -> Break:
    """Give the table `offers` another path."""

    def change(loaded: dict[str, object]) -> None:
        resources = loaded["resources"]
        assert isinstance(resources, list)
        next(r for r in resources if r["name"] == "offers")["path"] = path

    return descriptor(change)


FILES = [
    Fault("missing column", rows("actors.csv", drop_column("siren")), "actors.csv", 1, "siren", "the column is missing", "add it"),
    Fault("extra column", rows("kinds.csv", lambda t: [r.append("x") for r in t]), "kinds.csv", 1, "x", "an unknown column 'x'", "remove it"),
    Fault(
        "renamed column", line("kinds.csv", 1, lambda b: b.replace(b"partner", b"Partner")), "kinds.csv", 1, "Partner", "unknown column", "partner"
    ),
    Fault("column twice", rows("needs.csv", lambda t: [r.append(r[0]) for r in t]), "needs.csv", 1, "actor", "there twice", "keep one"),
    Fault("column without name", rows("needs.csv", lambda t: [r.append("") for r in t]), "needs.csv", 1, None, "has no name", "remove it"),
    Fault("semicolons", with_delimiter(";"), "offers.csv", 1, None, "separated by semicolons", "separate them by commas"),
    Fault("tabs", with_delimiter("\t"), "offers.csv", 1, None, "separated by tabs", "separate them by commas"),
    Fault("latin-1", raw("kinds.csv", lambda b: b.decode().encode("latin-1")), "kinds.csv", 5, None, "not UTF-8", "save it as UTF-8"),
    Fault("utf-16", raw("kinds.csv", lambda b: b.decode().encode("utf-16")), "kinds.csv", 1, None, "UTF-16, not UTF-8", "save it as UTF-8"),
    Fault("utf-16 without mark", raw("kinds.csv", lambda b: b.decode().encode("utf-16-le")), "kinds.csv", 1, None, "UTF-16", "save it as UTF-8"),
    Fault("NUL byte", line("offers.csv", 5, lambda b: b + b"\0"), "offers.csv", 5, None, "a NUL byte", "remove it"),
    Fault("empty file", raw("offers.csv", lambda b: b""), "offers.csv", None, None, "the file is empty", "write a header: actor,skill"),
    Fault("file of line ends", raw("offers.csv", lambda b: b"\n\n"), "offers.csv", None, None, "the file is empty", "write a header"),
    *(
        Fault(f"header only: {name}", rows(f"{name}.csv", lambda t: t.__delitem__(slice(1, None))), f"{name}.csv", None, None, "no rows", "add rows")
        for name in ("actors", "kinds", "sources")
    ),
    Fault("missing file", lambda f: (f / "offers.csv").unlink(), "offers.csv", None, None, "the file is missing", "correct its path"),
    Fault("folder", lambda f: ((f / "offers.csv").unlink(), (f / "offers.csv").mkdir()), "offers.csv", None, None, "not a file", "correct its path"),
    Fault("short row", rows("actors.csv", lambda t: t[6].pop()), "actors.csv", 7, None, "23 cells where the header has 24", "one cell per column"),
    Fault("long row", rows("offers.csv", lambda t: t[6].append("")), "offers.csv", 7, None, "6 cells where the header has 5", "one cell per column"),
    Fault("unclosed quote", line("strategy.csv", 3, lambda b: b.rstrip(b'"')), "strategy.csv", 3, None, "a quote opens here", "close it"),
    Fault("quote open to the end", line("offers.csv", 9, lambda b: b'"' + b), "offers.csv", 9, None, "a quote opens here", "close it"),
    Fault("quote in a long file", line("actors.csv", 2, lambda b: b'"' + b), "actors.csv", 2, None, "a quote opens here", "close it"),
    Fault("text after a quote", line("offers.csv", 9, lambda b: b'"a"' + b), "offers.csv", 9, None, "text after a closing quote", "quotes"),
    Fault(
        "1 MB cell", cell("actors.csv", 5, "description_fr", "a" * 1_000_000), "actors.csv", 5, "description_fr", "1,000,000 characters", "shorten it"
    ),
    Fault(
        "quoted 1 MB cell",
        cell("actors.csv", 5, "description_fr", "a, " * 333_333),
        "actors.csv",
        5,
        "description_fr",
        "a cell of 999,999",
        "shorten it",
    ),
    Fault("cell of many lines", cell("actors.csv", 5, "name", "a\n" * 60_000), "actors.csv", 5, "name", "120,000 characters", "shorten it"),
]

CELLS = [
    *(
        Fault(f"empty {column} in {file}", cell(file, 4, column, ""), file, 4, column, "an empty cell", "a value is needed")
        for file, column in (("actors.csv", "id"), ("actors.csv", "name"), ("projects.csv", "id"), ("projects.csv", "name"), ("skills.csv", "id"))
    ),
    Fault("name of spaces", cell("actors.csv", 4, "name", "  \t"), "actors.csv", 4, "name", "a cell of spaces", "a value is needed"),
    Fault("line end in an id", cell("strategy.csv", 4, "id", "A9.9\n"), "strategy.csv", 4, "id", "spaces around 'A9.9'", "remove the spaces"),
    Fault("duplicate id", cell("strategy.csv", 5, "id", "A1.1"), "strategy.csv", 5, "id", "'A1.1' is there already on line 2", "change it or remove"),
    Fault(
        "duplicate row",
        rows("offers.csv", lambda t: t.append(t[1])),
        "offers.csv",
        623,
        "actor+skill",
        "'pmnfc project_mgmt' is there already on line 2",
    ),
    Fault("participation twice", rows("participations.csv", lambda t: t.insert(2, t[1])), "participations.csv", 3, "project+actor+role", "line 2"),
    Fault("actor's id for a project", cell("projects.csv", 96, "id", "utbm"), "projects.csv", 96, "id", "'utbm' is also an actor", "different ident"),
    Fault(
        "kind unknown", cell("actors.csv", 4, "kind", "guild"), "actors.csv", 4, "kind", "'guild' is not in kinds.csv", "add it there (column kind)"
    ),
    Fault(
        "predicate unknown", cell("relations.csv", 4, "predicate", "likes"), "relations.csv", 4, "predicate", "'likes'", "one of: collaboratesWith"
    ),
    Fault("need type unknown", cell("needs.csv", 4, "need_type", "love"), "needs.csv", 4, "need_type", "'love'", "one of: recruit"),
    Fault("role unknown", cell("participations.csv", 4, "role", "boss"), "participations.csv", 4, "role", "'boss'", "one of: lead"),
    Fault("role of a kind unknown", cell("kinds.csv", 4, "role", "boss"), "kinds.csv", 4, "role", "'boss'", "one of: company"),
    Fault("confidence unknown", cell("offers.csv", 4, "confidence", "sure"), "offers.csv", 4, "confidence", "'sure'", "one of: verified"),
    Fault(
        "default offer unknown", cell("kinds.csv", 4, "offers_by_default", "rd;love"), "kinds.csv", 4, "offers_by_default", "'rd;love'", "recruit,"
    ),
    Fault("basis of a need", cell("needs.csv", 4, "basis", "inferred"), "needs.csv", 4, "basis", "'inferred'", "every row of this table is stated"),
    Fault("dangling actor", cell("offers.csv", 4, "actor", "nobody"), "offers.csv", 4, "actor", "'nobody' is not in actors.csv", "add it there"),
    Fault("dangling object", cell("relations.csv", 4, "object", "nobody"), "relations.csv", 4, "object", "'nobody' is not in actors.csv"),
    Fault("dangling project", cell("participations.csv", 4, "project", "p_no"), "participations.csv", 4, "project", "'p_no' is not in projects.csv"),
    Fault("dangling successor", cell("actors.csv", 4, "succeeded_by", "nobody"), "actors.csv", 4, "succeeded_by", "'nobody' is not in actors.csv"),
    Fault("dangling commune", cell("actors.csv", 4, "commune", "Atlantis"), "actors.csv", 4, "commune", "'Atlantis' is not in places.csv"),
    Fault("dangling broader", cell("skills.csv", 20, "broader", "magic"), "skills.csv", 20, "broader", "'magic' is not in skills.csv"),
    Fault("dangling sector in a list", cell("actors.csv", 4, "sectors", "energy;magic"), "actors.csv", 4, "sectors", "'magic' is not in sectors.csv"),
    Fault("dangling skill in a list", cell("projects.csv", 4, "skills", "ai;magic"), "projects.csv", 4, "skills", "'magic' is not in skills.csv"),
    Fault("dangling source in a list", cell("offers.csv", 4, "source", "seed;magic"), "offers.csv", 4, "source", "'magic' is not in sources.csv"),
    Fault("item twice in a list", cell("actors.csv", 4, "sectors", "energy;energy"), "actors.csv", 4, "sectors", "same item twice", "list each item"),
    Fault("spaces in a list", cell("actors.csv", 4, "sectors", "energy; public"), "actors.csv", 4, "sectors", "'energy; public'", "without spaces"),
    Fault(
        "word read otherwise",
        cell("relations.csv", 2, "predicate", "owns"),
        "relations.csv",
        2,
        "predicate",
        "'owns' for the word",
        "reads this word as",
    ),
    Fault("word unknown", cell("relations.csv", 2, "word", "amoureux"), "relations.csv", 2, "word", "'amoureux' is not in relation_types.csv"),
    Fault(
        "tie against the ontology", cell("relation_types.csv", 3, "is_tie", "no"), "relation_types.csv", 3, "is_tie", "'no'", "is a tie: write yes"
    ),
    Fault("no tie against it", cell("relation_types.csv", 13, "is_tie", "yes"), "relation_types.csv", 13, "is_tie", "'yes'", "is no tie: write no"),
    Fault(
        "inverse of a symmetric", cell("relation_types.csv", 3, "inverse", "yes"), "relation_types.csv", 3, "inverse", "'yes'", "both ways: write no"
    ),
    Fault("project among relations", cell("relations.csv", 4, "predicate", "participatesIn"), "relations.csv", 4, "predicate", "'participatesIn'"),
    Fault("to itself", cell("relations.csv", 2, "object", "gbca"), "relations.csv", 2, "object", "'gbca' is related to itself", "name another one"),
    Fault("succeeded by itself", cell("actors.csv", 4, "succeeded_by", "gbca"), "actors.csv", 4, "succeeded_by", "'gbca' is related to itself"),
    Fault(
        "until before since", cell("relations.csv", 2, "until", "2010"), "relations.csv", 2, "until", "'2010' is before since '2016'", "correct one"
    ),
    Fault("end before start", cell("projects.csv", 2, "end", "2018~"), "projects.csv", 2, "end", "'2018~' is before start '2019'", "correct one"),
    Fault("thirteenth month", cell("projects.csv", 2, "start", "2019-13"), "projects.csv", 2, "start", "'2019-13' is no date", "a date that exists"),
    Fault("thirtieth of February", cell("relations.csv", 2, "since", "2023-02-30"), "relations.csv", 2, "since", "'2023-02-30' is no date"),
    Fault("date in words", cell("actors.csv", 4, "status_since", "mai 2019"), "actors.csv", 4, "status_since", "'mai 2019'", "a date such as 2019"),
    Fault("year of five digits", cell("sources.csv", 4, "year", "20190"), "sources.csv", 4, "year", "'20190'", "a year in four digits"),
    Fault(
        "check digit", cell("actors.csv", 4, "siren", "200069053"), "actors.csv", 4, "siren", "'200069053' has a wrong check digit", "official source"
    ),
    Fault("SIREN of eight digits", cell("actors.csv", 4, "siren", "20006905"), "actors.csv", 4, "siren", "'20006905'", "nine digits"),
    Fault("coordinate in words", cell("actors.csv", 4, "lat", "nord"), "actors.csv", 4, "lat", "'nord'", "a number such as 47.64"),
    Fault("coordinate with a comma", cell("places.csv", 4, "lat", "47,64"), "places.csv", 4, "lat", "'47,64'", "with a point"),
    Fault("latitude out of range", cell("actors.csv", 4, "lat", "91"), "actors.csv", 4, "lat", "'91'", "from -90 to 90"),
    Fault("longitude out of range", cell("places.csv", 4, "lon", "-180.5"), "places.csv", 4, "lon", "'-180.5'", "from -180 to 180"),
    Fault("no number", cell("actors.csv", 4, "lat", "NaN"), "actors.csv", 4, "lat", "'NaN'", "a number from -90 to 90"),
    Fault("infinite", cell("actors.csv", 4, "lat", "1e999"), "actors.csv", 4, "lat", "'1e999'", "a number from -90 to 90"),
    Fault("half a position", cell("actors.csv", 4, "lon", ""), "actors.csv", 4, "lon", "an empty cell beside lat", "both coordinates"),
    Fault(
        "e-mail", cell("actors.csv", 4, "description_en", "Write to a.b@c.fr."), "actors.csv", 4, "description_en", "an e-mail address", "not stored"
    ),
    Fault("telephone", cell("actors.csv", 4, "status_note", "Appeler le 03 84 58 00 00"), "actors.csv", 4, "status_note", "a telephone number"),
    Fault("telephone abroad", cell("needs.csv", 4, "paraphrase_fr", "+41 32 718 25 00"), "needs.csv", 4, "paraphrase_fr", "a telephone number"),
    Fault("both", cell("sources.csv", 4, "title", "a@b.fr 0384580000"), "sources.csv", 4, "title", "an e-mail address and a telephone number"),
    Fault("script address", cell("actors.csv", 4, "website", "javascript:alert(1)"), "actors.csv", 4, "website", "'javascript:alert(1)'", "http"),
    Fault("address with password", cell("actors.csv", 4, "website", "https://a:b@c"), "actors.csv", 4, "website", "is no web address", "password"),
    Fault("code of another place", cell("actors.csv", 4, "insee", "25388"), "actors.csv", 4, "insee", "is not the code of 'Belfort'", "write 90010"),
    Fault("place twice", cell("places.csv", 4, "insee", "25388"), "places.csv", 4, "insee", "'25388' is the same place as line 2"),
    Fault(
        "place of signs",
        rows("places.csv", lambda t: t.append(["&", "", "", "", "", "", "", "", "", "no"])),
        "places.csv",
        213,
        "place",
        "no letters",
    ),
    Fault("control character", cell("actors.csv", 4, "name", "a\x1b[31mb"), "actors.csv", 4, "name", "a control character (U+001B)", "remove it"),
]

DESCRIPTORS = [
    Fault("broken JSON", raw("datapackage.json", lambda b: b"{\n'a': 1}"), "datapackage.json", 2, None, "broken JSON", "character 1"),
    Fault("no JSON", raw("datapackage.json", lambda b: b""), "datapackage.json", 1, None, "broken JSON"),
    Fault("JSON list", raw("datapackage.json", lambda b: b"[1]"), "datapackage.json", None, None, "not a JSON object"),
    Fault("JSON in Latin-1", raw("datapackage.json", lambda b: b'{"name": "\xe9"}'), "datapackage.json", None, None, "not UTF-8"),
    Fault("deep JSON", raw("datapackage.json", lambda b: b"[" * 5000 + b"]" * 5000), "datapackage.json", None, None, "nested too deep"),
    Fault("deep objects", raw("datapackage.json", lambda b: b'{"a":' * 5000 + b"1" + b"}" * 5000), "datapackage.json", None, None, "nested too deep"),
    Fault("very deep JSON", raw("datapackage.json", lambda b: b"[" * 1_000_000), "datapackage.json", None, None, "nested too deep"),
    Fault("huge number", raw("datapackage.json", lambda b: b'{"name": ' + b"9" * 10_000 + b"}"), "datapackage.json", None, None, "too many digits"),
    Fault(
        "infinite number", descriptor(lambda d: d.update(name=float("inf"))), "datapackage.json", None, "name", "no text", "give the package a name"
    ),
    Fault("huge file", raw("datapackage.json", lambda b: b + b" " * 5_000_000), "datapackage.json", None, None, "larger than"),
    Fault("no name", descriptor(lambda d: d.pop("name")), "datapackage.json", None, "name", "no text", "give the package a name"),
    Fault("name with a slash", descriptor(lambda d: d.update(name="a/b")), "datapackage.json", None, "name", "'a/b'", "small letters"),
    Fault("no date", descriptor(lambda d: d.pop("created")), "datapackage.json", None, "created", "no date", "such as 2026-11-24"),
    Fault("impossible date", descriptor(lambda d: d.update(created="2026-13-01")), "datapackage.json", None, "created", "no date"),
    Fault("date as a number", descriptor(lambda d: d.update(created=1e308)), "datapackage.json", None, "created", "no date"),
    Fault("no resources", descriptor(lambda d: d.pop("resources")), "datapackage.json", None, "resources", "no resources", "one resource per table"),
    Fault("resources no list", descriptor(lambda d: d.update(resources={"a": 1})), "datapackage.json", None, "resources", "no resources"),
    Fault("resource no object", descriptor(lambda d: d["resources"].append(7)), "datapackage.json", None, "resources", "resource 16 has no name"),  # type: ignore[attr-defined]
    Fault("resource missing", descriptor(lambda d: d["resources"].pop(0)), "datapackage.json", None, "resources", "no resource called 'actors'"),  # type: ignore[attr-defined]
    Fault("resource twice", descriptor(lambda d: d["resources"].append(d["resources"][0])), "datapackage.json", None, "resources", "called 'actors'"),  # type: ignore[attr-defined, index]
    *(
        Fault(f"path {path!r}"[:40], resource_path(path), "datapackage.json", None, "resources/offers", found, accepted)
        for path, found, accepted in (
            ("/etc/passwd", "outside the package's folder", "inside the folder"),
            ("../copy/offers.csv", "outside the package's folder", "inside the folder"),
            ("a/../../offers.csv", "outside the package's folder", "inside the folder"),
            ("..\\offers.csv", "outside the package's folder", "inside the folder"),
            ("C:\\offers.csv", "outside the package's folder", "inside the folder"),
            ("~/offers.csv", "outside the package's folder", "inside the folder"),
            ("offers.csv\0", "outside the package's folder", "inside the folder"),
            ("http://example.org/offers.csv", "is an address", "put a copy of the file"),
            ("file:///etc/passwd", "is an address", "put a copy of the file"),
            (["offers.csv"], "no path, or a list of paths", "one file name"),
            (12, "no path", "one file name"),
            ("", "no path", "one file name"),
            ("x" * 5000, "cannot be opened", "short plain file name"),
            ("\ud800.csv", "cannot be opened", "short plain file name"),
        )
    ),
    Fault("link outside", link_outside, "datapackage.json", None, "resources/offers", "a link to a file outside", "put the file itself"),
    Fault("path to nothing", resource_path("no.csv"), "no.csv", None, None, "the file is missing", "correct its path"),
]

FAULTS = [*FILES, *CELLS, *DESCRIPTORS]


def errors(findings: list[Finding] | tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(package: Path, fault: Fault) -> None:
    fault.do(package)
    with pytest.raises(InputError) as refused:
        open_source(package).tables()
    findings = errors(refused.value.findings)
    here = [f for f in findings if (f.file, f.row, f.column) == (fault.file, fault.row, fault.column)]
    assert here, f"found instead: {[f.line() for f in findings][:5]}"
    assert any(fault.found in f.found and fault.accepted in f.accepted for f in here), [f.line() for f in here]
    for finding in findings:
        assert "\n" not in finding.line()
        assert len(finding.found) < 300
        assert finding.accepted
        assert not any(word in finding.line().lower() for word in ("constraint", "traceback", "frictionless", "none", "schema", "position"))
    message = str(refused.value)
    assert message.isprintable()
    assert message.startswith(f"{package}: error: {findings[0].file}")
    assert ("passerelle validate" in message) == (len(findings) > 1)


def test_validate_tells_what_tables_refuses(package: Path) -> None:
    set_cell(package / "actors.csv", 4, "lat", "nord")
    source = TerritoryPackage(package)
    with pytest.raises(InputError) as refused:
        source.tables()
    assert list(refused.value.findings) == source.validate()


def test_fault_names_are_unique() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


# a fault stays alone: what it touches is not reported again and again


@pytest.mark.parametrize(
    "name",
    [
        *("missing column", "semicolons", "latin-1", "utf-16", "missing file", "unclosed quote", "1 MB cell", "link outside", "duplicate id"),
        *(
            "thirteenth month",
            "e-mail",
            "coordinate in words",
            "NaN",
            "kind unknown",
            "to itself",
            "predicate unknown",
            "check digit",
            "item twice in a list",
        ),
    ],
)
def test_one_fault_is_one_error(package: Path, name: str) -> None:
    (fault,) = [fault for fault in FAULTS if fault.name in (name, {"NaN": "no number"}.get(name))]
    fault.do(package)
    assert [(f.file, f.row, f.column) for f in errors(TerritoryPackage(package).validate())] == [(fault.file, fault.row, fault.column)]


def test_every_fault_of_a_package_is_told(package: Path) -> None:
    for fault in FAULTS:
        if fault.name in ("check digit", "half a position", "dangling project", "until before since", "duplicate id", "semicolons", "no name"):
            fault.do(package)
    found = {(f.file, f.row, f.column) for f in errors(TerritoryPackage(package).validate())}
    assert found == {
        ("actors.csv", 4, "siren"),
        ("actors.csv", 4, "lon"),
        ("participations.csv", 4, "project"),
        ("relations.csv", 2, "until"),
        ("strategy.csv", 5, "id"),
        ("offers.csv", 1, None),
        ("datapackage.json", None, "name"),
    }


def test_circle_of_broader_terms(package: Path) -> None:
    top = get_cell(package / "skills.csv", 2, "id")
    below = next(n for n, cells in enumerate(read_csv(package / "skills.csv"), 1) if cells[3] == top)
    set_cell(package / "skills.csv", 2, "broader", get_cell(package / "skills.csv", below, "id"))
    (finding,) = errors(TerritoryPackage(package).validate())
    assert (finding.file, finding.column) == ("skills.csv", "broader")
    assert finding.row in (2, below)
    assert "broader than itself" in finding.found


def test_rows_are_line_numbers_also_after_a_cell_of_several_lines(package: Path) -> None:
    set_cell(package / "actors.csv", 3, "description_fr", "un\ndeux\ntrois")
    before = (package / "actors.csv").read_text(encoding="utf-8").split("\n")
    edit(package / "actors.csv", lambda t: t[9].__setitem__(t[0].index("status"), "asleep"))
    actor = read_csv(package / "actors.csv")[9][0]
    number = next(n for n, text in enumerate(before, 1) if text.startswith(f"{actor},"))
    assert number == 12
    assert [(f.row, f.column) for f in errors(TerritoryPackage(package).validate())] == [(number, "status")]


def test_many_faults_are_capped_and_counted(package: Path) -> None:
    edit(package / "offers.csv", lambda t: [cells.__setitem__(4, "sure") for cells in t[1:]])
    total = len(read_csv(package / "offers.csv")) - 1
    set_cell(package / "needs.csv", 4, "need_type", "love")
    findings = errors(TerritoryPackage(package).validate())
    offers = [f for f in findings if f.file == "offers.csv"]
    assert len(offers) == MAX_PER_FILE
    assert [f.row for f in offers[:-1]] == list(range(2, MAX_PER_FILE + 1))
    assert offers[-1].found == f"{total - MAX_PER_FILE + 1} more faults in this file"
    assert [f.file for f in findings if f.file != "offers.csv"] == ["needs.csv"]


def test_column_order_does_not_move_a_finding(package: Path) -> None:
    set_cell(package / "actors.csv", 4, "lat", "nord")
    expected = TerritoryPackage(package).validate()
    edit(package / "actors.csv", lambda t: [cells.reverse() for cells in t])
    assert TerritoryPackage(package).validate() == expected


def test_warnings_do_not_block(package: Path) -> None:
    set_cell(package / "sources.csv", 4, "year", "2031")
    later = [f for f in TerritoryPackage(package).validate() if "later than the package" in f.found]
    assert [(f.file, f.column, f.severity) for f in later] == [("sources.csv", "year", "warning")]
    assert TerritoryPackage(package).tables().records.num_rows > 0


def test_a_link_inside_the_folder_is_fine(package: Path) -> None:
    (package / "offers.csv").rename(package / "real.csv")
    (package / "offers.csv").symlink_to("real.csv")
    assert TerritoryPackage(package).tables().records.num_rows > 0


def test_a_linked_package_is_fine(package: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(package)
    assert open_source(tmp_path / "link").tables().records.num_rows > 0


def test_tables_in_a_folder_of_the_package(package: Path) -> None:
    (package / "tables").mkdir()
    (package / "offers.csv").rename(package / "tables" / "offers.csv")
    resource_path("tables/offers.csv")(package)
    assert open_source(package).tables().records.num_rows > 0
    set_cell(package / "tables" / "offers.csv", 4, "confidence", "sure")
    assert [f.file for f in errors(TerritoryPackage(package).validate())] == ["tables/offers.csv"]


def test_a_pipe_is_no_file(package: Path) -> None:
    (package / "offers.csv").unlink()
    os.mkfifo(package / "offers.csv")
    (finding,) = errors(TerritoryPackage(package).validate())
    assert "not a file" in finding.found


def test_odd_texts_in_the_descriptor(package: Path) -> None:
    descriptor(lambda d: d.update(title_fr=["a"], title_en="\ud800 x", title=3, version=None, licenses="mine", sources=7))(package)
    info = open_source(package).info
    assert (info.title_fr, info.title_en, info.version, info.licences) == ("nord-franche-comte", "? x", "", "")


def test_info_of_a_broken_package(package: Path) -> None:
    descriptor(lambda d: d.pop("name"))(package)
    source = open_source(package)
    assert source.name == "copy"
    with pytest.raises(InputError, match="column name: no text"):
        _ = source.info


def test_shown() -> None:
    assert shown("") == "an empty cell"
    assert shown(" \n") == "a cell of spaces"
    assert shown("a\nb\x1b\u202e") == "'a b'"
    assert shown("x" * 60) == f"'{'x' * 60}'"
    assert shown("x" * 61) == f"'{'x' * 60}…'"
    assert len(shown("y" * 10**6)) == 63
