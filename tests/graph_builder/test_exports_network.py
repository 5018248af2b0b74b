"""GraphML and GEXF, read back by networkx and by the XML parser."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from graph_builder.exports import write_export
from graph_builder.exports.network import NODE_KINDS
from graph_builder.exports.plain_text import cleaned
from graph_builder.snapshot import Snapshot, in_memory
from graph_builder.tables import Filler
from ontology.model import TIE_PREDICATES
from tests.graph_builder.hostile import NAMES, hostile
from tests.graph_builder.tiny import Info, seed

READERS: dict[str, Callable[[Path], nx.Graph]] = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}
GEXF = "{http://www.gexf.net/1.2draft}"

both = pytest.mark.parametrize("name", READERS)


def exported(name: str, snapshot: Snapshot, tmp_path: Path) -> nx.Graph:
    return READERS[name](write_export(name, snapshot, tmp_path / f"out.{name}").path)


@both
@pytest.mark.parametrize("snapshot", [hostile(), seed()], ids=["hostile", "seed"])
def test_read_back_with_equal_counts(name: str, snapshot: Snapshot, tmp_path: Path) -> None:
    graph = exported(name, snapshot, tmp_path)
    expected = {entity for kind in NODE_KINDS for entity in snapshot.entities(kind)}
    assert set(graph.nodes) == expected
    assert graph.is_directed()
    edges = Counter((a, b, values["predicate"]) for a, b, values in graph.edges(data=True))
    rows = snapshot.relations.to_pylist()
    assert edges == Counter((row["subject"], row["object"], row["predicate"]) for row in rows)
    assert graph.number_of_edges() == len(rows) > 0


@both
def test_names_survive(name: str, tmp_path: Path) -> None:
    graph = exported(name, hostile(), tmp_path)
    for actor, text in NAMES.items():
        assert graph.nodes[actor]["label"] == cleaned(text)
    assert graph.nodes["controls"]["label"] == "Avantaprès"


@both
def test_removed_control_characters_are_counted_in_the_file(name: str, tmp_path: Path) -> None:
    # two in the label and the same two in label_en, which falls back on it
    out = write_export(name, hostile(), tmp_path / "out").path
    assert "4 control characters removed" in out.read_text(encoding="utf-8")
    assert "control characters" not in write_export(name, seed(), tmp_path / "seed").path.read_text(encoding="utf-8")


@both
def test_what_nodes_and_edges_carry(name: str, tmp_path: Path) -> None:
    graph = exported(name, hostile(), tmp_path)
    assert (graph.nodes["markup"]["lat"], graph.nodes["markup"]["lon"]) == (47.1, -6.1)
    assert "lat" not in graph.nodes["formula"]
    assert graph.nodes["formula"]["kind"] == "Organization" and graph.nodes["formula"]["role"] == "company"
    assert graph.nodes["formula"]["actor_kind"] == 'ActorKind à l\'été; "x"'
    assert graph.nodes["skill:weld"]["label_en"] == "Skill in summer"
    edges = [values for a, b, values in graph.edges(data=True) if (a, b) == ("formula", "markup")]
    assert sorted(values["since"] for values in edges) == ["2018", "2019~"]
    assert {values["weight"] for values in edges} == {1.0}
    assert {values["sources"] for values in edges} == {"source:b", "source:c"}
    for _, _, values in graph.edges(data=True):
        assert values["weight"] == (1.0 if values["predicate"] in TIE_PREDICATES else 0.5)
    guess = next(values for a, b, values in graph.edges(data=True) if (a, b) == ("scripts", "skill:weld"))
    assert (guess["basis"], guess["confidence"]) == ("inferred", "likely")


def test_gexf_dates_are_plain_years_only(tmp_path: Path) -> None:
    out = write_export("gexf", hostile(), tmp_path / "out.gexf").path
    edges = ET.parse(out).getroot().iter(f"{GEXF}edge")
    assert Counter((edge.get("start"), edge.get("end")) for edge in edges if edge.get("start")) == {("2019", "2021"): 1, ("2018", None): 1}


def test_every_key_of_graphml_is_declared(tmp_path: Path) -> None:
    root = ET.parse(write_export("graphml", seed(), tmp_path / "out.graphml").path).getroot()
    space = "{http://graphml.graphdrawing.org/xmlns}"
    declared = {key.get("id") for key in root.iter(f"{space}key")}
    assert {data.get("key") for data in root.iter(f"{space}data")} <= declared
    ids = [element.get("id") for tag in ("node", "edge") for element in root.iter(f"{space}{tag}")]
    assert len(ids) == len(set(ids))


@both
def test_an_actor_of_elsewhere_is_marked(name: str, tmp_path: Path) -> None:
    filler = Filler()
    for actor, outside in (("away", "yes"), ("here", ""), ("said", "no")):
        record = filler.record(f"tiny/actors/{actor}")
        filler.attribute(actor, "type", "Organization", record)
        filler.attribute(actor, "outside", outside, record)
    filler.attribute("place:1", "type", "Place", filler.record("tiny/places"))
    nodes = exported(name, in_memory(filler.tables(), [Info()]), tmp_path).nodes
    assert {key: values.get("outside") for key, values in nodes.items()} == {"away": True, "here": False, "said": False, "place:1": None}
