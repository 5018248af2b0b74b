"""The graph as GraphML, written row by row; Gephi, yEd, Cytoscape and networkx read it.

Source: http://graphml.graphdrawing.org/specification.html
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape

from graph_builder.exports.network import EDGE_FIELDS, NODE_FIELDS, Edge, Network, Node, Type, Values, quoted
from graph_builder.exports.plain_text import cleaned
from graph_builder.snapshot import Snapshot

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""

_NODES: Mapping[str, Type] = {"label": "string", **NODE_FIELDS}
_EDGES: Mapping[str, Type] = {"label": "string", "weight": "double", **EDGE_FIELDS}


def write_graphml(snapshot: Snapshot, path: Path) -> None:
    """Write nodes and edges as GraphML; the same bytes for the same snapshot. Raises QueryError (no package), OSError."""
    network = Network(snapshot)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        _keys(file, "node", _NODES)
        _keys(file, "edge", _EDGES)
        file.write('<key id="graph_description" for="graph" attr.name="description" attr.type="string"/>\n')
        file.write('<graph id="passerelle" edgedefault="directed">\n')
        file.write(f'<data key="graph_description">{element_text(network.description())}</data>\n')
        for node in network.nodes():
            _node(file, node)
        for edge in network.edges():
            _edge(file, edge)
        file.write("</graph>\n</graphml>\n")


def _keys(file: TextIO, owner: str, fields: Mapping[str, Type]) -> None:
    for name, kind in fields.items():
        file.write(f'<key id="{owner}_{name}" for="{owner}" attr.name="{name}" attr.type="{kind}"/>\n')


def _node(file: TextIO, node: Node) -> None:
    file.write(f"<node id={quoted(node.id)}>")
    _data(file, "node", {"label": node.label, **node.values})
    file.write("</node>\n")


def _edge(file: TextIO, edge: Edge) -> None:
    file.write(f"<edge id={quoted(edge.id)} source={quoted(edge.source)} target={quoted(edge.target)}>")
    _data(file, "edge", {"label": edge.label, "weight": edge.weight, **edge.values})
    file.write("</edge>\n")


def _data(file: TextIO, owner: str, values: Values) -> None:
    for name, value in values.items():
        file.write(f'<data key="{owner}_{name}">{element_text(value)}</data>')


def element_text(value: str | float) -> str:
    """A value as the text of an element; a carriage return is written as a reference, since XML would read it as a line feed."""
    return escape(cleaned(value), {"\r": "&#13;"}) if isinstance(value, str) else repr(value)
