"""The folder of open data: complete, whole or absent, always the same bytes, and what it says of itself is true."""

from __future__ import annotations

import csv
import errno
import hashlib
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyoxigraph
import pytest
import rdflib
from rdflib import DCTERMS, FOAF, RDF, XSD, Namespace, URIRef
from rdflib.compare import isomorphic

from graph_builder.exports import EXPORTS
from graph_builder.exports import open_data as module
from graph_builder.exports.catalogue_coverage import Words, bounding_box, coverage
from graph_builder.exports.catalogue_files import ENTRIES, FORMS, Group, entry_of, is_distribution, packed_below
from graph_builder.exports.catalogue_rights import LICENCES, Publication, citation, publication, written_day
from graph_builder.exports.index_page import EXAMPLE, size_of
from graph_builder.exports.open_data import PATHS, write_open_data
from graph_builder.exports.redistribution import ALL, CITING
from graph_builder.pipeline import assemble
from graph_builder.predictions import PREDICTIONS
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.sources import open_source
from graph_builder.tables import Filler
from ontology.errors import QueryError, StorageError
from tests.graph_builder.tiny import SEED, Info, actors, relations, seed, tiny

BASE = "https://data.example.org/nfc/"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VOID = Namespace("http://rdfs.org/ns/void#")
EU = "http://publications.europa.eu/resource/authority/"
ROOT = Path(__file__).parents[2]


def predicted(snapshot: Snapshot, *pairs: tuple[str, str]) -> pa.Table:
    """Predictions written by hand, each resting on one fact about its subject."""
    rows = [
        {
            **dict(zip(PREDICTIONS.names, (a, b, 0.5, "serious", "expert", "Une raison.", "A reason."), strict=False)),
            "statements": [snapshot.attribute_statement(a, "name")],
        }
        for a, b in pairs
    ]
    return pa.Table.from_pylist(rows, schema=PREDICTIONS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed as open data, with two predicted links."""
    out = tmp_path_factory.mktemp("open") / "data"
    write_open_data(seed(), out, predictions=predicted(seed(), ("utbm", "numerica"), ("alstom_belfort", "hnfc")))
    return out


@pytest.fixture(scope="module")
def catalogue(folder: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(folder / "catalogue.ttl", publicID=BASE + "catalogue.ttl")


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ------------------------------------------------------------------------------------------------------------ the folder


def test_the_folder_has_every_format_and_all_that_describes_it(folder: Path) -> None:
    found = {path.split("/")[0] for path in files_of(folder)}
    formats = {PATHS[name] for name in EXPORTS}
    about = {"catalogue.ttl", "catalogue.jsonld", "void.ttl", "LICENCE.md", "withheld.csv", "checksums.txt", "index.html", "ontology", "predictions"}
    assert found == formats | about
    assert {"ontology/passerelle.ttl", "ontology/shapes.ttl", "tables/datapackage.json"} <= set(files_of(folder))


def test_every_export_has_a_place_in_the_folder() -> None:
    assert set(EXPORTS) <= set(PATHS)
    assert len(set(PATHS.values())) == len(PATHS)


def test_what_is_returned_is_what_was_written(tmp_path: Path) -> None:
    written = write_open_data(small(), tmp_path / "data")
    assert [path.relative_to(tmp_path / "data").as_posix() for path in written.files] == files_of(tmp_path / "data")
    assert written.path == tmp_path / "data"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"], "nothing beside it"


def test_without_predictions_there_is_no_trace_of_them(tmp_path: Path) -> None:
    write_open_data(small(), tmp_path / "data")
    assert not (tmp_path / "data" / "predictions").exists()
    assert "predictions" not in (tmp_path / "data" / "catalogue.ttl").read_text()
    assert 'id="predicted"' not in (tmp_path / "data" / "index.html").read_text()


def test_predictions_stay_apart_from_the_facts(folder: Path) -> None:
    rows = rows_of(folder / "predictions" / "predictions.csv")
    assert [(row["actor"], row["other"], row["nature"]) for row in rows] == [
        ("utbm", "numerica", "prediction"),
        ("alstom_belfort", "hnfc", "prediction"),
    ]
    for path in files_of(folder):
        if not path.startswith("predictions/") and entry_of(path).group in (Group.LINKED, Group.DRAWN, Group.TABLES):
            assert b"Une raison." not in (folder / path).read_bytes(), path


def test_the_tables_give_the_same_graph_again(folder: Path) -> None:
    source = open_source(str(folder / "tables"))
    made = assemble([source], lambda _: None)
    assert in_memory(made.tables, made.packages).digest == seed().digest


SCRIPT = """
import sys
from pathlib import Path
from graph_builder.exports.open_data import write_open_data
from tests.graph_builder.test_open_data import predicted, small
snapshot = small()
write_open_data(snapshot, Path(sys.argv[1]), predictions=predicted(snapshot, ("a", "c")), fonts={"B": b"b", "A": b"a"})
"""


def test_the_bytes_depend_on_nothing_but_the_snapshot(tmp_path: Path) -> None:
    for name in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": name, "PYTHONPATH": str(ROOT), "TZ": "UTC" if name == "1" else "Asia/Tokyo"}
        subprocess.run([sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path / name)], env=environment, check=True, cwd=tmp_path)
    assert files_of(tmp_path / "1") == files_of(tmp_path / "2")
    assert [p for p in files_of(tmp_path / "1") if sha256(tmp_path / "1" / p) != sha256(tmp_path / "2" / p)] == []


def test_the_checksums_are_those_of_all_other_files(folder: Path) -> None:
    lines = (folder / "checksums.txt").read_text().splitlines()
    assert dict(line.split("  ", 1)[::-1] for line in lines) == {path: sha256(folder / path) for path in files_of(folder) if path != "checksums.txt"}


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum (coreutils)")
def test_sha256sum_reads_the_checksums(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    said = subprocess.run(["sha256sum", "--strict", "-c", "checksums.txt"], cwd=copy, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    (copy / "void.ttl").write_bytes(b"changed")
    assert subprocess.run(["sha256sum", "-c", "checksums.txt"], cwd=copy, capture_output=True, check=False).returncode == 1


# ------------------------------------------------------------------------------------------------------------ whole or absent


def small() -> Snapshot:
    return in_memory(tiny(), [Info()])


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "make_up", full)
    with pytest.raises(StorageError, match="No space left"):
        write_open_data(small(), tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_folder_of_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_open_data(small(), tmp_path / "data")
    before = packed_below(tmp_path / "data")
    monkeypatch.setattr(module, "_write_checksums", full)
    with pytest.raises(StorageError):
        write_open_data(in_memory(tiny("other"), [Info()]), tmp_path / "data")
    assert packed_below(tmp_path / "data") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_an_export_replaces_an_export(tmp_path: Path) -> None:
    write_open_data(small(), tmp_path / "data", predictions=predicted(small(), ("a", "c")))
    write_open_data(in_memory(tiny("other"), [Info()]), tmp_path / "data")
    assert not (tmp_path / "data" / "predictions").exists()
    assert "other" in (tmp_path / "data" / "passerelle.ttl").read_text()


@pytest.mark.parametrize("foreign", ["notes.txt", "tables/mine.csv", ".hidden"])
def test_a_folder_with_a_file_of_somebody_else_is_refused(tmp_path: Path, foreign: str) -> None:
    write_open_data(small(), tmp_path / "data")
    (tmp_path / "data" / foreign).write_text("mine")
    with pytest.raises(QueryError, match="no export wrote"):
        write_open_data(small(), tmp_path / "data")
    assert (tmp_path / "data" / foreign).read_text() == "mine"


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")
    with pytest.raises(QueryError, match="no export wrote"):
        write_open_data(small(), tmp_path)
    assert files_of(tmp_path) == ["photo.jpg"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    write_open_data(small(), tmp_path / "data")
    assert (tmp_path / "data" / "index.html").is_file()


def test_a_snapshot_of_no_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="names no package"):
        write_open_data(in_memory(tiny()), tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------------------ what may not be given on


SECRET = "Forge secrète"


def guarded() -> Snapshot:
    """An actor and its tie that only a source without redistribution tells."""
    filler = Filler()
    described = filler.record("tiny/sources", sources=["source:open"])
    for source, redistribution in (("source:open", "facts"), ("source:closed", "none")):
        filler.attribute(source, "type", "Source", described)
        filler.attribute(source, "title", f"Titre {source[7:]}", described)
        filler.attribute(source, "publisher", f"Éditeur {source[7:]}", described)
        filler.attribute(source, "redistribution", redistribution, described)
    for actor, name, source in (("a", "Atelier", "source:open"), ("b", SECRET, "source:closed")):
        record = filler.record(f"tiny/actors/{actor}", sources=[source], published="2021")
        filler.attribute(actor, "type", "Organization", record)
        filler.attribute(actor, "name", name, record)
    tie = filler.record("tiny/ties", sources=["source:closed"])
    filler.relation("a", "collaboratesWith", "b", tie)
    return in_memory(filler.tables(), [Info()])


def test_facts_that_may_not_be_redistributed_are_in_no_file_and_are_listed(tmp_path: Path) -> None:
    snapshot = guarded()
    out = tmp_path / "data"
    written = write_open_data(snapshot, out, predictions=predicted(snapshot, ("a", "b")))
    assert [source.id for source in written.withheld.sources] == ["source:closed"]
    for path in files_of(out):
        content = (out / path).read_bytes()
        texts = [content]
        if path.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                texts = [book.read(name) for name in book.namelist()]
        for text in texts:
            assert SECRET.encode() not in text, path
            assert SECRET.encode("ascii", "backslashreplace") not in text, path
    rows = rows_of(out / "withheld.csv")
    assert [(row["source"], row["title"], int(row["facts_left_out"])) for row in rows] == [
        ("source:closed", "Titre closed", 3),
        ("", CITING, 3),
        ("", ALL, 7),
    ]
    page = (out / "index.html").read_text(encoding="utf-8")
    assert 'class="caution"' in page and 'href="withheld.csv"' in page
    licence = (out / "LICENCE.md").read_text(encoding="utf-8")
    assert "Éditeur open" in licence and "source:closed" not in licence


def test_the_page_tells_what_cites_such_a_source_and_what_depended_on_it(tmp_path: Path) -> None:
    filler = Filler()
    filler.attribute("source:shut", "type", "Source", filler.record("tiny/sources", sources=["source:open"]))
    filler.attribute("source:shut", "redistribution", "none", "tiny/sources")
    for actor, source in (("a", "open"), ("b", "shut")):
        filler.attribute(actor, "type", "Organization", filler.record(f"tiny/actors/{actor}", sources=[f"source:{source}"]))
    filler.relation("a", "memberOf", "b", filler.record("tiny/ties", sources=["source:open"]))
    write_open_data(in_memory(filler.tables(), [Info()]), tmp_path / "data")
    page = (tmp_path / "data" / "index.html").read_text(encoding="utf-8")
    # one fact cites the source (b is an organisation); two describe the source itself, one leads to b
    assert "4 faits ne sont pas dans ce paquet. Citent une source qui ne permet pas la redistribution (1 source) : 1 ; en dépendaient : 3." in page
    assert "4 facts are not in this package. Citing a source that does not allow redistribution (1 source): 1; depending on those: 3." in page
    assert [row["facts_left_out"] for row in rows_of(tmp_path / "data" / "withheld.csv")] == ["1", "1", "4"]


def test_a_folder_with_nothing_to_pass_on_is_refused(tmp_path: Path) -> None:
    filler = Filler()
    record = filler.record("tiny/all", sources=["source:shut"])
    for name, kind, key in (("type", "Source", "source:shut"), ("redistribution", "none", "source:shut"), ("type", "Organization", "a")):
        filler.attribute(key, name, kind, record)
    with pytest.raises(QueryError, match=r"rests on sources that forbid redistribution \(1\)"):
        write_open_data(in_memory(filler.tables(), [Info()]), tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_a_vocabulary_alone_has_no_followthemoney(tmp_path: Path) -> None:
    filler = Filler()
    filler.attribute("skill:s", "type", "Skill", filler.record("tiny/skills/s"))
    write_open_data(in_memory(filler.tables(), [Info()]), tmp_path / "data")
    assert not (tmp_path / "data" / PATHS["ftm"]).exists() and (tmp_path / "data" / PATHS["turtle"]).is_file()


def test_withheld_has_a_header_alone_when_nothing_is(folder: Path, page: str) -> None:
    assert len((folder / "withheld.csv").read_text().splitlines()) == 1
    assert 'class="caution"' not in page


# ------------------------------------------------------------------------------------------------------------ DCAT-AP


MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description),
    DCAT.Distribution: (DCAT.accessURL,),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
    FOAF.Agent: (FOAF.name,),
}
"""Properties with cardinality 1..1 or 1..n. Source: DCAT-AP 3.0, "Main entities" and "Supportive entities"."""

RECOMMENDED = {
    DCAT.Catalog: (DCTERMS.issued, DCTERMS.modified, DCTERMS.language, DCTERMS.license, DCTERMS.spatial, DCAT.themeTaxonomy, FOAF.homepage),
    DCAT.Dataset: (DCAT.distribution, DCAT.keyword, DCTERMS.publisher, DCTERMS.spatial, DCTERMS.temporal, DCAT.theme, DCTERMS.provenance),
    DCAT.Distribution: (DCTERMS.description, DCTERMS.format, DCTERMS.license, DCAT.byteSize, SPDX.checksum, DCAT.downloadURL),
}
"""Recommended and optional properties that this package promises. contactPoint is not among them: the product knows no address."""

ONCE = (
    *(DCTERMS.publisher, DCTERMS.license, DCTERMS.issued, DCTERMS.modified, DCTERMS.accessRights, DCTERMS.format, DCTERMS.rights),
    *(DCAT.byteSize, DCAT.mediaType, DCAT.version, SPDX.checksum, SPDX.algorithm, SPDX.checksumValue, FOAF.homepage),
)
"""Properties of cardinality 0..1 or 1..1. Source: the SHACL shapes of DCAT-AP 3.0."""

LITERALS = (DCTERMS.title, DCTERMS.description, DCAT.keyword, FOAF.name, DCTERMS.identifier, DCAT.version)


@pytest.mark.parametrize("rules", [MANDATORY, RECOMMENDED], ids=["mandatory", "promised"])
def test_the_properties_of_dcat_ap_are_there(catalogue: rdflib.Graph, rules: dict[URIRef, tuple[URIRef, ...]]) -> None:
    for kind, properties in rules.items():
        found = list(catalogue.subjects(RDF.type, kind))
        assert found, kind
        assert [(node, prop) for node in found for prop in properties if (node, prop, None) not in catalogue] == []


def test_properties_stand_as_often_and_as_what_dcat_ap_says(catalogue: rdflib.Graph) -> None:
    for prop in ONCE:
        for node in set(catalogue.subjects(prop)):
            assert len(list(catalogue.objects(node, prop))) == 1, (node, prop)
    for _, prop, obj in catalogue:
        if prop in LITERALS:
            assert isinstance(obj, rdflib.Literal), (prop, obj)
        elif prop.startswith((str(DCAT), str(DCTERMS), str(SPDX))) and not isinstance(obj, URIRef):
            assert obj.datatype in (
                XSD.date,
                XSD.gYear,
                XSD.nonNegativeInteger,
                XSD.hexBinary,
                URIRef("http://www.opengis.net/ont/geosparql#wktLiteral"),
            )


def test_titles_and_descriptions_are_in_both_languages(catalogue: rdflib.Graph) -> None:
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution):
        for node in catalogue.subjects(RDF.type, kind):
            for prop in (DCTERMS.title, DCTERMS.description):
                assert sorted(text.language for text in catalogue.objects(node, prop)) == ["en", "fr"], (node, prop)  # type: ignore[attr-defined]


def test_nothing_is_anonymous_and_everything_cited_is_described(catalogue: rdflib.Graph) -> None:
    assert not [node for triple in catalogue for node in triple if isinstance(node, rdflib.BNode)]
    described = set(catalogue.subjects())
    for _, _, obj in catalogue:
        if isinstance(obj, URIRef) and obj.startswith(BASE + "#"):
            assert obj in described, obj


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # in rdflib's own reader of JSON-LD
def test_turtle_and_json_ld_say_the_same(folder: Path, catalogue: rdflib.Graph) -> None:
    other = rdflib.Graph().parse(folder / "catalogue.jsonld", format="json-ld", publicID=BASE + "catalogue.jsonld")
    assert isomorphic(catalogue, other)
    assert isinstance(json.loads((folder / "catalogue.jsonld").read_text())["@context"], dict), "the context is inside"


def local(iri: Any) -> str:
    """Path of a file of the package from its IRI."""
    assert str(iri).startswith(BASE)
    return unquote(str(iri)[len(BASE) :])


def test_each_file_of_data_is_one_distribution_with_its_size_and_checksum(folder: Path, catalogue: rdflib.Graph) -> None:
    seen = []
    for node in catalogue.subjects(RDF.type, DCAT.Distribution):
        path = local(catalogue.value(node, DCAT.downloadURL))
        assert local(catalogue.value(node, DCAT.accessURL)) == path
        assert int(catalogue.value(node, DCAT.byteSize)) == (folder / path).stat().st_size  # type: ignore[arg-type]
        checksum = catalogue.value(node, SPDX.checksum)
        assert str(catalogue.value(checksum, SPDX.checksumValue)) == sha256(folder / path)
        assert catalogue.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        seen.append(path)
    assert sorted(seen) == [path for path in files_of(folder) if is_distribution(path)]


def test_facts_and_predictions_are_two_datasets(catalogue: rdflib.Graph) -> None:
    datasets = {str(node): node for node in catalogue.subjects(RDF.type, DCAT.Dataset)}
    assert sorted(datasets) == [BASE + "#facts", BASE + "#predictions"]
    parts = {name: {local(part).removeprefix("#") for part in catalogue.objects(node, DCAT.distribution)} for name, node in datasets.items()}
    assert parts[BASE + "#predictions"] == {"predictions/predictions.csv", "predictions/predictions.ttl"}
    assert not parts[BASE + "#facts"] & parts[BASE + "#predictions"]
    titles = {str(text) for text in catalogue.objects(datasets[BASE + "#predictions"], DCTERMS.title)}
    assert all("hypothèses" in title or "hypotheses" in title for title in titles)


def test_controlled_vocabularies_are_used(catalogue: rdflib.Graph) -> None:
    tables = {DCTERMS.format: "file-type/", DCTERMS.license: "licence/", DCTERMS.language: "language/", DCAT.theme: "data-theme/"}
    for prop, table in tables.items():
        assert all(str(obj).startswith(EU + table) for obj in catalogue.objects(None, prop)), prop
    assert set(catalogue.objects(None, DCTERMS.license)) == {URIRef(EU + "licence/ETALAB_2_0")}
    media = {str(obj) for obj in catalogue.objects(None, DCAT.mediaType)}
    assert all(iri.startswith("https://www.iana.org/assignments/media-types/") for iri in media)


def test_dates_place_and_period_are_those_of_the_data(catalogue: rdflib.Graph) -> None:
    """By hand from the seed: `created` of datapackage.json; places.csv; relations.csv (1968) and sources.csv (2026)."""
    assert {str(obj) for prop in (DCTERMS.issued, DCTERMS.modified) for obj in catalogue.objects(None, prop)} == {"2026-11-24"}
    period = URIRef(BASE + "#period")
    assert (str(catalogue.value(period, DCAT.startDate)), str(catalogue.value(period, DCAT.endDate))) == ("1968", "2026")
    inside = [row for row in rows_of(SEED / "places.csv") if row["inside"] == "yes" and row["lat"]]
    lats, lons = [float(row["lat"]) for row in inside], [float(row["lon"]) for row in inside]
    box = [float(n) for n in re.findall(r"-?\d+\.\d+", str(catalogue.value(URIRef(BASE + "#territory"), DCAT.bbox)))]
    corners = [(min(lons), min(lats)), (max(lons), min(lats)), (max(lons), max(lats)), (min(lons), max(lats)), (min(lons), min(lats))]
    assert box == [pytest.approx(n, abs=1e-5) for corner in corners for n in corner]


def test_with_a_base_the_catalogue_is_absolute(tmp_path: Path) -> None:
    write_open_data(small(), tmp_path / "data", terms=publication(base=BASE))
    read = rdflib.Graph().parse(tmp_path / "data" / "catalogue.ttl", publicID="https://elsewhere.example/")
    assert (URIRef(BASE + "#catalogue"), DCAT.dataset, URIRef(BASE + "#facts")) in read
    assert URIRef(BASE + "passerelle.ttl") in set(read.objects(None, DCAT.downloadURL))
    assert not [term for triple in read for term in triple if str(term).startswith("https://elsewhere.example/")]


def test_a_territory_without_place_or_date_is_described_without_them(tmp_path: Path) -> None:
    filler = Filler()
    record = filler.record("tiny/actors/a")
    filler.attribute("a", "type", "Organization", record)
    filler.attribute("a", "name", "A", record)
    snapshot = in_memory(filler.tables(), [Info()])
    assert bounding_box(snapshot) is None and coverage(snapshot).years is None
    write_open_data(snapshot, tmp_path / "data")
    text = (tmp_path / "data" / "catalogue.ttl").read_text()
    assert "dcterms:spatial" not in text and "dcterms:temporal" not in text


# ------------------------------------------------------------------------------------------------------------ VoID


def test_void_counts_the_graph(folder: Path) -> None:
    void = rdflib.Graph().parse(folder / "void.ttl", publicID=BASE + "void.ttl")
    facts = URIRef(BASE + "#facts")
    classes = {str(void.value(part, VOID["class"])): int(void.value(part, VOID.entities)) for part in void.objects(facts, VOID.classPartition)}  # type: ignore[arg-type]
    assert classes["https://w3id.org/passerelle/ontology#Organization"] == 280
    assert classes["https://w3id.org/passerelle/ontology#Project"] == 95
    parts = [int(void.value(part, VOID.triples)) for part in void.objects(facts, VOID.propertyPartition)]  # type: ignore[arg-type]
    assert sum(parts) == int(void.value(facts, VOID.triples))  # type: ignore[arg-type]
    assert {local(dump) for dump in void.objects(facts, VOID.dataDump)} == {"passerelle.ttl", "passerelle.jsonld", "passerelle.nq"}
    assert (URIRef(BASE + "void.ttl"), RDF.type, VOID.DatasetDescription) in void


def test_void_agrees_with_another_reader(tmp_path: Path) -> None:
    write_open_data(small(), tmp_path / "data")
    read = rdflib.Graph().parse(tmp_path / "data" / "passerelle.ttl")
    void = rdflib.Graph().parse(tmp_path / "data" / "void.ttl", publicID=BASE + "void.ttl")
    facts = URIRef(BASE + "#facts")
    counted = [int(void.value(facts, VOID[name])) for name in ("triples", "distinctSubjects", "distinctObjects", "properties")]  # type: ignore[arg-type]
    assert counted == [len(read), len(set(read.subjects())), len(set(read.objects())), len(set(read.predicates()))]


# ------------------------------------------------------------------------------------------------------------ licence


def test_the_licence_names_every_source_with_its_terms(folder: Path) -> None:
    text = (folder / "LICENCE.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `source:")]
    listed = {row[0].strip("| `"): row for row in rows}
    assert len(listed) == len(rows) == 289, "with the two sources that are rules"
    for source in rows_of(SEED / "sources.csv"):
        _, _, publisher, year, licence, redistribution = listed[f"source:{source['id']}"]
        assert publisher.replace("\\", "") == source["publisher"]
        assert (year.strip(), licence.replace("\\", "").strip()) == (source["year"], source["licence"])
        assert redistribution == source["redistribution"] + " |"
    assert "Licence Ouverte / Open Licence 2.0" in text
    assert "Passerelle, données Nord Franche-Comté, 24 novembre 2026" in text


OWN_WORDS = (
    "aucun texte d'une source n'est reproduit",
    "no text of a source is reproduced",
)


@pytest.mark.parametrize("redistribution", ["facts", "texts"])
def test_texts_that_stand_here_as_they_were_written_are_owned_to(tmp_path: Path, redistribution: str) -> None:
    filler = Filler()
    actors(filler, "ab")
    record = filler.record("tiny/sources")
    for source, allowed in (("c", redistribution), ("d", "facts")):
        told = (("type", "Source"), ("title", f"Source {source}"), ("licence", f"Decision <{source}>"), ("redistribution", allowed))
        for name, value in told:
            filler.attribute(f"source:{source}", name, value, record)
    write_open_data(in_memory(filler.tables(), [Info()]), tmp_path / "data")
    page = html.unescape((tmp_path / "data" / "index.html").read_text(encoding="utf-8"))
    licence = (tmp_path / "data" / "LICENCE.md").read_text(encoding="utf-8").replace("\\", "")
    for text in (page, licence):
        assert [words in text for words in OWN_WORDS] == [redistribution == "facts"] * 2
        assert ("sous leur licence : Source c (Decision <c>)." in text) == (redistribution == "texts")
        assert ("under their licence: Source c (Decision <c>)." in text) == (redistribution == "texts")
    assert "Les textes des sources ne sont pas reproduits" not in page and "Seuls des faits" not in page


def test_what_each_package_states_is_listed(tmp_path: Path) -> None:
    filler = Filler()
    for package in ("a", "tiny"):
        filler.attribute(package, "type", "Organization", filler.record(f"{package}/all"))
    filler.attribute("place:1", "type", "Place", "tiny/all")
    filler.attribute("place:1", "inside", "yes", "tiny/all")
    infos = [Info("a", licences="Décision 2011/833/UE"), Info(licences="Licence Ouverte ; GeoNames (CC BY 4.0); IGN, Admin *Express*")]
    write_open_data(in_memory(filler.tables(), infos), tmp_path / "data")
    licence = (tmp_path / "data" / "LICENCE.md").read_text(encoding="utf-8")
    tiny, other = "- `tiny`\n  - Licence Ouverte\n  - GeoNames (CC BY 4.0)\n  - IGN, Admin \\*Express\\*\n", "- `a`\n  - Décision 2011/833/UE\n"
    assert f"Licences that the packages state\n\n{tiny}{other}\n" in licence


@pytest.mark.parametrize("name", LICENCES)
def test_another_territory_publishes_under_its_own_name_and_licence(tmp_path: Path, name: str) -> None:
    terms = publication(publisher="  Pays de  Lure ", licence=name.upper())
    assert terms == Publication("Pays de Lure", LICENCES[name])
    write_open_data(small(), tmp_path / "data", terms=terms)
    read = rdflib.Graph().parse(tmp_path / "data" / "catalogue.ttl", publicID=BASE)
    assert set(map(str, read.objects(None, FOAF.name))) == {"Pays de Lure"}
    assert set(map(str, read.objects(None, DCTERMS.license))) == {LICENCES[name].iri}
    assert LICENCES[name].page in (tmp_path / "data" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "options",
    [
        {"licence": "all rights reserved"},
        {"publisher": "   "},
        *(
            {"base": base}
            for base in ("data/", "ftp://example.org/", "https://example.org/<x>", "https://example.org/a b", "https://e.org/#x", "/srv")
        ),
    ],
    ids=str,
)
def test_a_publication_that_cannot_be_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(QueryError):
        publication(**options)


def test_a_base_gets_its_last_slash() -> None:
    assert publication(base="https://example.org/data").base == publication(base="https://example.org/data/").base == "https://example.org/data/"


def test_days_are_written_in_words() -> None:
    assert written_day(date(2026, 8, 1)) == Words("1er août 2026", "1 August 2026")
    assert citation(coverage(seed()), Publication()).en == "Passerelle, Nord Franche-Comté data, 24 November 2026"


# ------------------------------------------------------------------------------------------------------------ the page


class Reader(html.parser.HTMLParser):
    """What a test asks of the page: elements with their attributes, and the stack they stand in."""

    VOIDS = frozenset({"meta", "link", "input", "br", "path"})

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOIDS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOIDS:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")


def read_page(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def test_the_page_is_well_formed_with_one_heading(page: str) -> None:
    reader = read_page(page)
    assert reader.faults == [] and reader.open == []
    tags = [tag for tag, _ in reader.elements]
    assert tags.count("h1") == 1 and tags.count("main") == 1 and tags.count("title") == 1
    assert dict(reader.elements)["html"].get("lang") == "fr"
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["aria-labelledby"] for _, a in reader.elements if "aria-labelledby" in a} <= set(ids)


def test_every_text_is_in_both_languages(page: str) -> None:
    languages = [a["lang"] for tag, a in read_page(page).elements if tag == "span" and "lang" in a]
    assert languages[::2] == ["fr"] * (len(languages) // 2) and languages[1::2] == ["en"] * (len(languages) // 2)


def test_the_page_asks_nothing_of_any_server(page: str) -> None:
    for tag, attributes in read_page(page).elements:
        assert tag not in ("script", "iframe", "img", "object", "embed", "form", "base"), tag
        assert "src" not in attributes, attributes
        if tag == "link":
            assert str(attributes["href"]).startswith("data:")
        assert not [name for name in attributes if name.startswith("on")]
    style = page[page.index("<style>") : page.index("</style>")]
    assert "@import" not in style and not re.findall(r"url\((?!data:)", style)


def test_every_link_of_the_page_leads_to_a_file_or_is_safe(folder: Path, page: str) -> None:
    here = set(files_of(folder))
    linked = set()
    for tag, attributes in read_page(page).elements:
        if tag != "a":
            continue
        href = str(attributes["href"])
        if href.startswith(("https://", "http://")):
            assert attributes.get("rel") == "noopener noreferrer", href
        elif not href.startswith("#"):
            assert href in here, href
            linked.add(href)
    assert here - linked == {"index.html"}, "every file is offered"


def test_the_page_tells_counts_date_digest_and_citation(page: str) -> None:
    for text in ("280", "95", "24 novembre 2026", "24 November 2026", seed().digest, "Passerelle, données Nord Franche-Comté, 24 novembre 2026"):
        assert text in page
    assert page.count("<tr><th") == 1 + 289, "a row for each source, and the head"


def test_actors_of_elsewhere_are_counted_apart(tmp_path: Path) -> None:
    filler = Filler()
    actors(filler, "abc")
    filler.attribute("c", "outside", "yes", "tiny/actors/c")
    filler.attribute("b", "outside", "no", "tiny/actors/b")
    write_open_data(in_memory(filler.tables(), [Info()]), tmp_path / "data")
    page = (tmp_path / "data" / "index.html").read_text(encoding="utf-8")
    figures = re.findall(r'<div><dt><span lang="fr">(.*?)</span>.*?<dd><span lang="fr">(.*?)</span>', page)
    assert figures[:2] == [("acteurs ici", "2"), ("partenaires ailleurs", "1")]
    assert "Acteurs (2 ici, 1 partenaires ailleurs)" in page
    assert "Actors (2 here, 1 partners elsewhere)" in (tmp_path / "data" / "catalogue.ttl").read_text(encoding="utf-8")


def test_the_query_of_the_page_answers_on_the_exported_graph(folder: Path) -> None:
    store = pyoxigraph.Store()
    store.load(path=str(folder / "passerelle.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    rows: Any = store.query(EXAMPLE)
    found = {tuple(row[name].value for name in ("seeker", "skill", "provider")) for row in rows}
    assert found == set(stated_matches())


def stated_matches() -> Iterator[tuple[str, str, str]]:
    """Stated needs and stated offers of the same skill, read from the files of the seed."""

    names = {row["id"]: row["name"] for row in rows_of(SEED / "actors.csv")}
    skills = {row["id"]: row["label_fr"] for row in rows_of(SEED / "skills.csv")}
    offers = [(row["skill"], row["actor"]) for row in rows_of(SEED / "offers.csv") if row["basis"] == "stated"]
    for need in rows_of(SEED / "needs.csv"):
        for skill, actor in offers:
            if skill == need["skill"] and actor != need["actor"]:
                yield names[need["actor"]], skills[skill], names[actor]


HOSTILE = '<script>alert(1)</script>"|`]('


def hostile() -> Snapshot:
    filler = Filler()
    actors(filler, "ab")
    relations(filler, ("a", "collaboratesWith", "b"))
    record = filler.record("tiny/sources")
    for number, url in enumerate(("javascript:alert(1)", 'https://example.org/"onmouseover="x', "https://example.org/ok", "urn:x")):
        source = f"source:{number}"
        for name, value in (("type", "Source"), ("title", f"{number} {HOSTILE}"), ("publisher", HOSTILE), ("licence", HOSTILE), ("url", url)):
            filler.attribute(source, name, value, record)
        filler.attribute(source, "redistribution", "facts", record)
    return in_memory(filler.tables(), [Info(title_fr=HOSTILE, title_en=HOSTILE, version=HOSTILE)])


def test_texts_of_the_data_cannot_become_markup(tmp_path: Path) -> None:
    write_open_data(hostile(), tmp_path / "data", terms=publication(publisher=HOSTILE))
    text = (tmp_path / "data" / "index.html").read_text(encoding="utf-8")
    reader = read_page(text)
    assert reader.faults == [] and "script" not in {tag for tag, _ in reader.elements}
    hrefs = [str(a["href"]) for tag, a in reader.elements if tag == "a"]
    assert [href for href in hrefs if "javascript" in href or "onmouseover" in href or href.startswith("urn:")] == []
    assert "https://example.org/ok" in hrefs
    licence = (tmp_path / "data" / "LICENCE.md").read_text(encoding="utf-8")
    assert "<script>" not in licence
    assert re.findall(r"\]\(<([^>]*)>\)", licence) == ["https://example.org/ok"]
    rows = [line for line in licence.splitlines() if line.startswith("| `source:")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {7}
    rdflib.Graph().parse(tmp_path / "data" / "catalogue.ttl", publicID=BASE)


def test_fonts_travel_inside_the_page(tmp_path: Path) -> None:
    write_open_data(small(), tmp_path / "data", fonts={"Public Sans": b"wOF2"})
    text = (tmp_path / "data" / "index.html").read_text(encoding="utf-8")
    assert '@font-face { font-family: "Public Sans"' in text and "base64,d09GMg==" in text


@pytest.mark.parametrize(
    ("count", "fr", "en"),
    [(0, "0 o", "0 B"), (999, "999 o", "999 B"), (1000, "1,0 ko", "1.0 kB"), (12_345, "12 ko", "12 kB"), (6_650_137, "6,7 Mo", "6.7 MB")],
)
def test_sizes_are_written_for_people(count: int, fr: str, en: str) -> None:
    assert size_of(count) == Words(fr.replace(" ", "\u00a0"), en.replace(" ", "\u00a0"))


def test_every_file_is_explained(folder: Path) -> None:
    for path in files_of(folder):
        entry = entry_of(path)
        assert entry.use.fr and entry.use.en and entry.title.fr and entry.title.en, path
        assert Path(path).suffix in FORMS, path
    assert set(PATHS.values()) - {"tables"} <= set(ENTRIES)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_page_in_a_browser(folder: Path, width: int, scheme: Any) -> None:
    """It fits a phone, speaks one language at a time, is accessible, and asks for nothing but itself."""
    sync = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -e '.[test]'")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: pip install -e '.[test]'").Axe()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("needs Chromium: apt install chromium")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / "index.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").inner_text() == "Nord Franche-Comté, en données ouvertes"
        page.locator("#say-fr").press("ArrowRight")
        assert page.locator("h1").inner_text() == "Nord Franche-Comté, as open data"
        found = [v for v in axe.run(page).response["violations"] if v["impact"] in {"serious", "critical"}]
        assert found == [], found
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        browser.close()
