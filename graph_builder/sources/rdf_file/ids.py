"""Ids for what a file names by IRIs: the SIREN where there is one, else the package and a slug of the IRI; all deterministic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from graph_builder.sources.entities.ids import ascii_slug, short_hash
from graph_builder.sources.rdf_file.graph import BLANK
from ontology.namespaces import entity_id

_OWN = re.compile(r"[a-z0-9][a-z0-9_.-]*")


def slugs(names: Mapping[str, str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Node -> slug of its IRI (of its name, for a blank node); two of the same slug get a hash of their IRI each."""
    wanted = {node: _slug(node, name) for node, name in names.items()}
    count = Counter([*wanted.values(), *taken])
    return {node: text if count[text] == 1 and text else f"{text or 'n'}-{short_hash(node)}" for node, text in wanted.items()}


def _slug(node: str, name: str) -> str:
    if node.startswith(BLANK):
        return f"{ascii_slug(name)}-{short_hash(node)}".strip("-")
    own = entity_id(node)
    if own and _OWN.fullmatch(own):
        return own
    last = unquote(re.split(r"[/#]", node.rstrip("/#"))[-1] or node)
    return ascii_slug(last.rsplit(":", 1)[-1])
