"""What ids are made of: the SIREN numbers in an identifier, who has which, slugs and hashes; all deterministic."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping

from graph_builder.normalise import siren_ok, siret_ok, slug, vat_fr_ok

MAX_SLUG = 60
_NUMBER = re.compile(r"(?:^|[^0-9A-Za-z])(?:[0-9]{4}:)?([0-9]{14}|[0-9]{9})(?![0-9A-Za-z])")


def sirens_in(text: str) -> tuple[list[str], list[str]]:
    """The right SIREN numbers in an identifier, written plainly or in a French VAT number; and those that a SIRET begins with."""
    compact = re.sub(r"(?<=[0-9])[ \u00a0\u202f.](?=[0-9])", "", text.strip())
    found = _NUMBER.findall(f" {compact}")
    plain = [number for number in found if siren_ok(number)]
    vat = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    if vat.startswith("FR") and vat_fr_ok(vat):
        plain.append(vat[4:])
    return plain, [number[:9] for number in found if siret_ok(number)]


def choose_sirens(told: Mapping[str, tuple[list[str], list[str]]], units: frozenset[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The SIREN of each thing, and those that several claim (SIREN -> who), which none of them gets.

    A SIREN counts before the head of a SIRET. Several different ones are none. Where a legal unit and its units share one, the
    legal unit has it.
    """
    claims: dict[str, list[str]] = defaultdict(list)
    for node, (plain, heads) in told.items():
        numbers = set(plain) or set(heads)
        if len(numbers) == 1:
            claims[numbers.pop()].append(node)
    chosen, shared = {}, {}
    for siren, nodes in claims.items():
        legal = [node for node in nodes if node not in units]
        if len(nodes) == 1 or len(legal) == 1:
            chosen[(legal or nodes)[0]] = siren
        else:
            shared[siren] = nodes
    return chosen, shared


def short_hash(text: str) -> str:
    """Eight hexadecimal digits of the hash of a text."""
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def ascii_slug(text: str) -> str:
    """A text in small letters, digits and hyphens, cut at 60; "" when it has none."""
    return re.sub(r"[^a-z0-9]+", "-", slug(text)).strip("-")[:MAX_SLUG].strip("-")
