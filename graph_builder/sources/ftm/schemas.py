"""The part of the FollowTheMoney model that is read and written: schemata, their properties, ids and dates.

Source: followthemoney/schema/*.yaml of https://github.com/opensanctions/followthemoney and https://github.com/alephdata/followthemoney
(Thing, Interval, Interest, LegalEntity, Organization, Company, PublicBody, Project, ProjectParticipant, Ownership, Membership,
Directorship, Succession, UnknownLink, Address); ids: followthemoney/types/entity.py; dates: followthemoney/types/date.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from graph_builder.normalise import edtf_ok

_THING = frozenset(
    """name alias previousName weakAlias country summary description notes sourceUrl publisher publisherUrl keywords address
    addressEntity createdAt modifiedAt retrievedAt wikidataId""".split()
)
_INTERVAL = frozenset("startDate endDate date summary description recordId sourceUrl publisher publisherUrl modifiedAt retrievedAt".split())
_INTEREST = _INTERVAL | {"role", "status"}
_LEGAL = _THING | frozenset(
    """website legalForm incorporationDate dissolutionDate status sector classification registrationNumber taxNumber vatCode
    jurisdiction mainCountry leiCode dunsCode parent""".split()
)

SCHEMATA: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "LegalEntity": _LEGAL,
        "Organization": _LEGAL,
        "PublicBody": _LEGAL,
        "Company": _LEGAL | {"capital"},
        "Project": _THING | _INTERVAL | {"projectId"},
        "ProjectParticipant": _INTEREST | {"project", "participant"},
        "Ownership": _INTEREST | {"owner", "asset", "percentage"},
        "Membership": _INTEREST | {"member", "organization"},
        "Directorship": _INTEREST | {"director", "organization"},
        "Succession": _INTEREST | {"predecessor", "successor"},
        "UnknownLink": _INTEREST | {"subject", "object"},
        "Address": _THING | {"full", "remarks", "street", "city", "postalCode", "region", "state", "latitude", "longitude"},
    }
)
"""Schema -> its properties, as far as this product knows them; the others of the model are counted as unread."""

ACTORS: Mapping[str, str] = MappingProxyType(
    {"Company": "company", "PublicBody": "public", "Organization": "organisation", "LegalEntity": "organisation"}
)
"""Schema of an actor -> kind of actor (`entities.ledger.KINDS`)."""

EDGES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "Ownership": ("owner", "owns", "asset"),
        "Membership": ("member", "memberOf", "organization"),
        "Directorship": ("director", "governs", "organization"),
        "Succession": ("predecessor", "succeededBy", "successor"),
        "ProjectParticipant": ("participant", "participatesIn", "project"),
    }
)
"""Schema of a link -> property of its subject, our predicate, property of its object."""

PERSONS = frozenset(
    {"Person", "Associate", "Family", "Passport", "Identification", "Occupancy", "PositionHeld", "Position", "Representation", "Employment"}
)
"""Schemata of natural persons and of what hangs on them: dropped."""

OWN = "psr-"
"""How the ids that this product writes begin; the rest is the id here, each odd character as a dot and the hexadecimal of its bytes."""

_PLAIN = re.compile(r"[0-9A-Za-z-]")
_ESCAPED = re.compile(r"(?:\.[0-9a-f]{2})+")


def ftm_id(entity: str) -> str:
    """The id of an entity as FollowTheMoney allows it (letters, digits, dots and hyphens): `psr-siren.3a552081317`."""
    return OWN + "".join(c if _PLAIN.fullmatch(c) else "".join(f".{byte:02x}" for byte in c.encode()) for c in entity)


def own_id(ftm: str) -> str | None:
    """The id behind one that `ftm_id` gave; None for any other."""
    if not ftm.startswith(OWN):
        return None
    try:
        text = _ESCAPED.sub(lambda match: bytes.fromhex(match[0].replace(".", "")).decode(), ftm[len(OWN) :])
    except UnicodeDecodeError:
        return None
    return text if text and ftm_id(text) == ftm else None


def ftm_date(edtf: str | None) -> str | None:
    """An EDTF date as FollowTheMoney writes it (2019, 2019-09, 2019-09-01), without its qualifier; None for intervals and unknown digits."""
    text = (edtf or "").rstrip("~?%")
    return text if re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?", text, re.ASCII) and edtf_ok(text) else None
