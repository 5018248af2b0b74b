"""The graph as GEXF 1.2, written row by row, with the years of relations on Gephi's timeline where they are plain years.

Source: https://gexf.net/1.2/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from graph_builder.exports.about import TITLE, created
from graph_builder.exports.graphml import element_text
from graph_builder.exports.network import EDGE_FIELDS, NODE_FIELDS, Network, Type, Values, quoted
from graph_builder.snapshot import Snapshot

_YEAR = re.compile(r"[0-9]{4}", re.ASCII)


def write_gexf(snapshot: Snapshot, path: Path) -> None:
    """Write nodes and edges as GEXF; the same bytes for the same snapshot. Raises QueryError (no package), OSError."""
    network = Network(snapshot)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n')
        file.write(f'<meta lastmodifieddate="{created(snapshot).isoformat()}"><creator>{TITLE}</creator>')
        file.write(f"<description>{element_text(network.description())}</description></meta>\n")
        file.write('<graph defaultedgetype="directed" mode="dynamic" timeformat="integer">\n')
        _attributes(file, "node", NODE_FIELDS)
        _attributes(file, "edge", EDGE_FIELDS)
        file.write("<nodes>\n")
        for node in network.nodes():
            file.write(f"<node id={quoted(node.id)} label={quoted(node.label)}>")
            _values(file, node.values, NODE_FIELDS)
            file.write("</node>\n")
        file.write("</nodes>\n<edges>\n")
        for edge in network.edges():
            ends = f"source={quoted(edge.source)} target={quoted(edge.target)}"
            file.write(f'<edge id={quoted(edge.id)} {ends} label={quoted(edge.label)} weight="{edge.weight!r}"{_years(edge.values)}>')
            _values(file, edge.values, EDGE_FIELDS)
            file.write("</edge>\n")
        file.write("</edges>\n</graph>\n</gexf>\n")


def _attributes(file: TextIO, owner: str, fields: Mapping[str, Type]) -> None:
    file.write(f'<attributes class="{owner}" mode="static">\n')
    for name, kind in fields.items():
        file.write(f'<attribute id="{owner}_{name}" title="{name}" type="{kind}"/>\n')
    file.write("</attributes>\n")


def _values(file: TextIO, values: Values, fields: Mapping[str, Type]) -> None:
    owner = "node" if fields is NODE_FIELDS else "edge"
    if values:
        pairs = (f'<attvalue for="{owner}_{name}" value={quoted(value)}/>' for name, value in values.items())
        file.write(f"<attvalues>{''.join(pairs)}</attvalues>")


def _years(values: Values) -> str:
    """Start and end as attributes of the edge; a date that is no plain year stays in `since` and `until` only."""
    years = ((side, str(values.get(name, ""))) for side, name in (("start", "since"), ("end", "until")))
    return "".join(f' {side}="{year}"' for side, year in years if _YEAR.fullmatch(year))
