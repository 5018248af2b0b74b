"""What links the actors of a FollowTheMoney file: ownership, membership, direction, succession, projects, named links."""

from __future__ import annotations

import re

from graph_builder.normalise import fold
from graph_builder.sources.entities.info import plain_date
from graph_builder.sources.entities.ledger import Told
from graph_builder.sources.findings import shown
from graph_builder.sources.ftm.lines import Entity
from graph_builder.sources.ftm.reading import PERSON, FtmReading, may_be_person
from graph_builder.sources.ftm.schemas import ACTORS, EDGES, PERSONS
from ontology.model import PREDICATES, TIE_ROLES, EntityKind, ParticipationRole, RelationRole

UNKNOWN = "links of an unknown nature (UnknownLink)", "they are left out: the role must name a relation, such as collaboratesWith"


def add_links(reading: FtmReading, links: list[Entity]) -> dict[str, set[str]]:
    """Add every link; returns project -> the actors that are partners in it."""
    partners: dict[str, set[str]] = {key: set() for key in reading.projects}
    for entity in links:
        ends = EDGES.get(entity.schema, ("subject", "", "object"))
        predicate = ends[1] or _meant(entity.first("role"))
        reading.take(entity, f"{ends[0]} {ends[2]} role status startDate endDate date percentage")
        if not predicate:
            reading.ledger.skip(
                "links of an unknown nature (UnknownLink)", "they are left out: the role must name a relation, such as collaboratesWith"
            )
            continue
        for left in entity.all(ends[0]):
            for right in entity.all(ends[2]):
                role = _link(reading, entity, (left, predicate, right))
                if role in TIE_ROLES and right in partners:
                    partners[right].add(left)
    return partners


def _link(reading: FtmReading, entity: Entity, said: tuple[str, str, str]) -> str | None:
    """Add one link; returns its role, None when it was left out."""
    left, predicate, right = said
    targets = reading.projects if predicate == "participatesIn" else reading.actors
    if left not in reading.actors or right not in targets:
        _missing(reading, entity, left if left not in reading.actors else right)
        return None
    role = _role(entity, predicate)
    since = plain_date(entity.first("startDate", "date"))
    told = Told(since, plain_date(entity.first("endDate")), role)
    reading.ledger.relation(reading.actors[left], predicate, targets[right], reading.record("links", entity), told)
    return role


def _missing(reading: FtmReading, entity: Entity, key: str) -> None:
    found = reading.entities.get(key)
    if found is None:
        reading.warn(entity, None, f"{entity.schema} refers to {shown(key)}, which is not in the file", "it is left out")
    elif found.schema in PERSONS or (found.schema in ACTORS and may_be_person(found)):
        reading.ledger.skip(*PERSON)
    else:
        reading.ledger.skip(f"links {entity.schema} with an end of the schema {found.schema}", "they are left out: not an organisation or project")


def _role(entity: Entity, predicate: str) -> str:
    """The role of a link in our words: told so, or derived from the share held."""
    text = fold(entity.first("status" if entity.schema == "UnknownLink" else "role")).replace(" ", "_")
    if predicate == "participatesIn":
        return text if text in set(ParticipationRole) else "partner"
    if entity.schema == "Directorship":
        return text if text in set(RelationRole) else RelationRole.BOARD_MEMBER.value
    if predicate == "owns" and text not in set(RelationRole):
        share = re.match(r"\s*([0-9]+(?:[.,][0-9]+)?)", entity.first("percentage"))
        return RelationRole.SHAREHOLDER.value if share and float(share[1].replace(",", ".")) <= 50 else ""
    return text if text in set(RelationRole) else ""


def _meant(role: str) -> str:
    """The relation between actors that the role of an UnknownLink names, by its name or label; "" when it names none."""
    words = fold(role)
    for name, predicate in PREDICATES.items():
        between = EntityKind.ORGANIZATION in predicate.domain and EntityKind.ORGANIZATION in predicate.range
        if between and words and words in {fold(name), *(fold(label) for label in predicate.label.values())}:
            return name
    return ""
