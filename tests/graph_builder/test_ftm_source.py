"""FollowTheMoney entities as a source, and what is wrong with broken ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.sources import Source, open_source
from graph_builder.sources.ftm import lines as ftm_lines
from graph_builder.sources.ftm.schemas import ftm_date, ftm_id, own_id
from graph_builder.sources.ftm.source import FtmFile
from graph_builder.sources.source import UNDATED
from ontology.errors import Finding, InputError
from ontology.model import EntityKind
from tests.graph_builder.source_contract import SourceContract


def entity(key: str, schema: str, **properties: object) -> dict[str, object]:
    return {"id": key, "schema": schema, "properties": {name: value if isinstance(value, list) else [value] for name, value in properties.items()}}


ENTITIES = [
    entity(
        "acme", "Company", name=["Acme", "Acme SA"], alias="ACM", registrationNumber="552 081 317", website="https://acme.example.org/",
        addressEntity="adr", sector="Énergie", sourceUrl="https://registry.example.org/acme", publisher="Registre", modifiedAt="2024-05-01T10:00:00",
        description="Un fabricant.", email="x@acme.example.org", keywords="vélo", irsCode="1",
    ),
    entity("beta", "Company", name="Beta", vatCode="FR44732829320", dissolutionDate="2020-01"),
    entity("town", "PublicBody", name="Ville", country="fr", retrievedAt="2025-02-03"),
    entity("club", "Organization", name="Club", classification="association"),
    entity("legal", "LegalEntity", name="Une SARL", legalForm="SARL"),
    entity("maybe", "LegalEntity", name="Jean Dupont"),
    entity("sole", "Company", name="Dupont Jean", legalForm="Entrepreneur individuel"),
    entity("jean", "Person", name="Jean Dupont"),
    entity("boat", "Vessel", name="Le Bateau"),
    entity("adr", "Address", full="1 rue X, 90000 Belfort", city="Belfort", postalCode="90000", country="fr", latitude="47.6", longitude="6.8"),
    entity("p", "Project", name="Projet", startDate="2023-01-01", projectId="P-1"),
    entity("pp1", "ProjectParticipant", project="p", participant="acme", role="lead"),
    entity("pp2", "ProjectParticipant", project="p", participant="town", role="funder"),
    entity("pp3", "ProjectParticipant", project="p", participant="beta"),
    entity("pp4", "ProjectParticipant", project="p", participant="jean"),
    entity("o1", "Ownership", owner="acme", asset="beta", percentage="30 %", startDate="2019"),
    entity("o2", "Ownership", owner="town", asset="beta"),
    entity("o3", "Ownership", owner="jean", asset="acme"),
    entity("m", "Membership", member="acme", organization="club", startDate="2021-03"),
    entity("d1", "Directorship", director="jean", organization="acme"),
    entity("d2", "Directorship", director="town", organization="club"),
    entity("s", "Succession", predecessor="beta", successor="acme", date="2020-01-01"),
    entity("u1", "UnknownLink", subject="acme", object="legal", role="works with"),
    entity("u2", "UnknownLink", subject="acme", object="town", role="friend"),
    entity("u3", "UnknownLink", subject="acme", object="nobody", role="supplies"),
]  # fmt: skip
ACME, BETA = "siren:552081317", "siren:732829320"
TOWN, CLUB, LEGAL, PROJECT = (f"tiny:{name}" for name in ("town", "club", "legal", "p"))


def lines(entities: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in entities)


def write(folder: Path, content: str | bytes, name: str = "tiny.ftm.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


class TestFtmContract(SourceContract):
    minimum: ClassVar[Mapping[str, int]] = {
        "Organization": 5,
        "Project": 1,
        "Sector": 1,
        "Place": 1,
        "Source": 2,
        "ActorKind": 3,
        "participatesIn": 3,
        "owns": 2,
        "memberOf": 1,
        "succeededBy": 1,
    }

    @pytest.fixture(scope="class")
    @classmethod
    def source(cls, tmp_path_factory: pytest.TempPathFactory) -> Source:
        return open_source(write(tmp_path_factory.mktemp("ftm"), lines(ENTITIES)))


@pytest.fixture
def tiny(tmp_path: Path) -> Snapshot:
    source = FtmFile(write(tmp_path, lines(ENTITIES)))
    return in_memory(source.tables(), [source.info])


def test_every_relation(tiny: Snapshot) -> None:
    rows = {
        (row["subject"], row["predicate"], row["object"]): (row["since"], dict(row["qualifiers"]).get("role")) for row in tiny.relations.to_pylist()
    }
    assert rows == {
        (ACME, "participatesIn", PROJECT): (None, "lead"),
        (TOWN, "participatesIn", PROJECT): (None, "funder"),
        (BETA, "participatesIn", PROJECT): (None, "partner"),
        (ACME, "owns", BETA): ("2019", "shareholder"),
        (TOWN, "owns", BETA): (None, None),
        (ACME, "memberOf", CLUB): ("2021-03", None),
        (TOWN, "governs", CLUB): (None, "board_member"),
        (BETA, "succeededBy", ACME): ("2020-01-01", None),
        (ACME, "collaboratesWith", LEGAL): (None, None),
        (ACME, "operatesInSector", "sector:energie"): (None, None),
        (ACME, "locatedIn", "place:belfort"): (None, None),
    }


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("name", {ACME: "Acme", BETA: "Beta", TOWN: "Ville", CLUB: "Club", LEGAL: "Une SARL", PROJECT: "Projet", "place:belfort": "Belfort"}),
        ("siren", {ACME: "552081317", BETA: "732829320"}),
        ("status", {BETA: "closed"}),
        ("status_since", {BETA: "2020-01"}),
        (
            "kind",
            {
                ACME: "kind:ftm_company",
                BETA: "kind:ftm_company",
                TOWN: "kind:ftm_public",
                CLUB: "kind:ftm_association",
                LEGAL: "kind:ftm_organisation",
            },
        ),
        ("postcode", {ACME: "90000"}),
        ("lat", {ACME: "47.6"}),
        ("country", {"place:belfort": "FR"}),
        ("counts_as_tie", {PROJECT: "yes"}),
        ("start", {PROJECT: "2023-01-01"}),
        ("description_fr", {ACME: "Un fabricant."}),
    ],
)
def test_attributes(tiny: Snapshot, predicate: str, expected: dict[str, str]) -> None:
    assert dict(tiny.values(predicate)) == expected


def test_sources_and_dates(tiny: Snapshot) -> None:
    statement = tiny.statement(tiny.attribute_statement(ACME, "name") or "")
    assert statement.published == "2024-05-01"
    assert {tiny.values("url").get(source) for source in statement.sources} == {None, "https://registry.example.org/acme"}
    assert "Registre" in tiny.values("publisher").values()
    assert tiny.manifest.packages[0]["created"] == "2025-02-03"


def test_persons_leave_no_trace(tiny: Snapshot, tmp_path: Path) -> None:
    assert not any("Dupont" in value or "x@acme" in value for value in tiny.attributes["value"].to_pylist())
    told = {finding.found: finding for finding in FtmFile(write(tmp_path, lines(ENTITIES))).validate()}
    assert "6 natural persons and what hangs on them" in told  # three entities and three links
    assert "1 contact details" in told
    assert "1 values of Company.irsCode" in told
    assert "1 entities of the schema 'Vessel'" in told
    assert any("links of an unknown nature" in text for text in told)
    missing = told["UnknownLink refers to 'nobody', which is not in the file"]
    assert missing.row == len(ENTITIES) and missing.severity == "warning"


def test_fragments_of_one_entity_are_put_together(tmp_path: Path) -> None:
    parts = [entity("a", "Company", name="A", modifiedAt="2024"), entity("a", "Company", alias="B")]
    tables = FtmFile(write(tmp_path, lines(parts))).tables()
    assert {"A", "B"} <= set(tables.attributes["value"].to_pylist())


COMPANY = lines([entity("a", "Company", name="A", modifiedAt="2024")])


def errors(path: Path) -> list[Finding]:
    source = FtmFile(path)
    with pytest.raises(InputError) as caught:
        source.tables()
    assert "\n" not in str(caught.value)
    return [finding for finding in source.validate() if finding.severity == "error"]


@pytest.mark.parametrize(
    ("content", "row", "column", "found"),
    [
        (COMPANY + '{"id": "b", "schema": ', 2, None, "broken JSON near column"),
        (COMPANY + "\n\n[1]\n", 4, None, "no JSON object"),
        (COMPANY + '{"schema": "Company"}\n', 2, "id", "without id"),
        (COMPANY + '{"id": "b", "properties": {}}\n', 2, "schema", "without schema"),
        (COMPANY + '{"id": "b", "schema": "Company", "properties": []}\n', 2, "properties", "no JSON object"),
        (COMPANY + '{"id": "a", "schema": "Project", "properties": {}}\n', 2, "schema", "is Project here and Company on line 1"),
        (COMPANY.encode() + b'{"id": "\xe9"}\n', 2, None, "not UTF-8"),
        (COMPANY + "[" * 100_000 + "\n", 2, None, "nested too deep"),
        ("", None, None, "the file is empty"),
        ("\n \n", None, None, "the file is empty"),
        (lines([entity("x", "Vessel", name="V", modifiedAt="2024")]), None, "schema", "no organisation in the file"),
        (lines([entity("x", "Company", modifiedAt="2024")]), None, "schema", "no organisation with a name"),
    ],
)
def test_what_is_wrong_and_where(tmp_path: Path, content: str | bytes, row: int | None, column: str | None, found: str) -> None:
    findings = errors(write(tmp_path, content))
    assert len(findings) == 1
    assert (findings[0].row, findings[0].column) == (row, column)
    assert found in findings[0].found and findings[0].accepted


def test_a_file_without_any_date_is_undated(tmp_path: Path) -> None:
    source = FtmFile(write(tmp_path, lines([entity("x", "Company", name="A")])))
    [finding] = [finding for finding in source.validate() if "no date anywhere" in finding.found]
    assert finding.severity == "warning" and "its facts are undated" in finding.accepted
    assert source.info.created == UNDATED
    assert set(source.tables().records["published"].to_pylist()) == {None}


def test_a_line_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ftm_lines, "MAX_LINE", 200)
    for size in (201, 1_000, 5_000):
        [finding] = errors(write(tmp_path, COMPANY + f'{{"id": "{"x" * size}"}}\n' + COMPANY))
        assert finding.row == 2 and "a line of more than 200 bytes" in finding.found


def test_a_file_that_is_too_large_or_has_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ftm_lines, "MAX_ENTITIES", 1)
    assert "more than 1 entities" in errors(write(tmp_path, lines(ENTITIES)))[0].found
    monkeypatch.setattr(ftm_lines, "MAX_BYTES", 10)
    assert "bytes" in errors(write(tmp_path, lines(ENTITIES)))[0].found
    monkeypatch.setattr(ftm_lines, "MAX_FAULTS", 3)
    monkeypatch.setattr(ftm_lines, "MAX_BYTES", 10**6)
    assert any("more than 3 faults" in finding.found for finding in errors(write(tmp_path, "x\n" * 100)))


def test_a_circle_of_parents(tmp_path: Path) -> None:
    rows = [entity("a", "Company", name="A", parent="b", modifiedAt="2024"), entity("b", "Company", name="B", parent="a")]
    [finding] = errors(write(tmp_path, lines(rows)))
    assert finding.column == "parent" and "a circle" in finding.found


@pytest.mark.parametrize("key", ["utbm", "p_tti", "siren:552081317", "place:Bélfort", "a.b-c", "x", "_"])
def test_ids(key: str) -> None:
    written = ftm_id(key)
    assert own_id(written) == key
    # followthemoney/types/entity.py, REGEX_RAW
    import re

    assert re.fullmatch(r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?", written)
    assert own_id(key) is None


@pytest.mark.parametrize(
    ("edtf", "date"),
    [
        ("2019", "2019"),
        ("2019-09", "2019-09"),
        ("2019-09-01", "2019-09-01"),
        ("2019~", "2019"),
        ("201X", None),
        ("2019/2021", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(edtf: str | None, date: str | None) -> None:
    assert ftm_date(edtf) == date


def test_entities_of_kind(tiny: Snapshot) -> None:
    assert tiny.entities(EntityKind.ORGANIZATION) == sorted([ACME, BETA, TOWN, CLUB, LEGAL])
