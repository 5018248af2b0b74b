"""Whether a path looks like RDF or like FollowTheMoney, told cheaply: by its ending, and for .json and .xml by what stands at its head."""

from __future__ import annotations

import re
from pathlib import Path

from ontology.reading import FORMATS

RDF = "RDF with organisations: a .ttl, .nt, .nq, .trig, .jsonld or .rdf file"
FTM = "FollowTheMoney entities, one JSON object per line: a .ftm.json, .jsonl or .json file"

FTM_ENDINGS = frozenset({".json", ".jsonl", ".ndjson", ".ijson", ".ftm"})

_HEAD = 65_536
_BOM = b"\xef\xbb\xbf"
_ENTITY = (rb'"schema"\s*:\s*"[A-Z]', rb'"properties"\s*:\s*\{')


def is_rdf(path: Path) -> bool:
    """Whether a path looks like RDF; .json must have a JSON-LD context at its head, .xml the element rdf:RDF."""
    ending = path.suffix.lower()
    if ending in FORMATS:
        return path.is_file()
    if ending == ".json":
        head = _head(path)
        return head.lstrip(b" \t\r\n").startswith((b"{", b"[")) and (b'"@context"' in head or b'"@graph"' in head)
    return ending == ".xml" and b":RDF" in _head(path)


def is_ftm(path: Path) -> bool:
    """Whether a path looks like FollowTheMoney: the first line is an entity, or the head of one that is longer than that."""
    if path.suffix.lower() not in FTM_ENDINGS:
        return False
    first = _head(path).lstrip().split(b"\n")[0]
    return first.startswith(b"{") and all(re.search(pattern, first) for pattern in _ENTITY)


def _head(path: Path) -> bytes:
    """The first bytes of a file without its byte order mark, none when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD).removeprefix(_BOM)
    except OSError:
        return b""
