"""The domain: kinds of entity, closed value lists, predicates, attributes, and the statement that is a view of one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class EntityKind(StrEnum):
    """What an entity is. `Organization` follows W3C ORG; there are no natural persons."""

    ORGANIZATION = "Organization"
    PROJECT = "Project"
    SKILL = "Skill"
    SECTOR = "Sector"
    PLACE = "Place"
    EVENT = "Event"
    CALL = "Call"
    DATASET = "Dataset"
    SOURCE = "Source"
    ACTOR_KIND = "ActorKind"
    STRATEGY_ITEM = "StrategyItem"


class Role(StrEnum):
    """What an actor is in the ecosystem."""

    COMPANY = "company"
    RESEARCH = "research"
    TRAINING = "training"
    SUPPORT = "support"
    PUBLIC = "public"
    CITIZEN = "citizen"


class Partner(StrEnum):
    """Where an actor stands in an answer: among partners, among supports, or nowhere (a place)."""

    YES = "yes"
    SUPPORT = "support"
    PLACE = "place"


class OrgKind(StrEnum):
    """Kind of organisation, closed; a package describes finer kinds in its kinds.csv."""

    COMPANY = "company"
    TELECOM_OPERATOR = "telecom_operator"
    LABORATORY = "laboratory"
    TECHNICAL_PLATFORM = "technical_platform"
    UNIVERSITY_SCHOOL = "university_school"
    TRAINING_BODY = "training_body"
    CLUSTER_NETWORK = "cluster_network"
    PUBLIC_AGENCY = "public_agency"
    FUNDER = "funder"
    INCUBATOR_TRANSFER = "incubator_transfer"
    LANDLORD_DEVELOPER = "landlord_developer"
    BUSINESS_PARK = "business_park"
    PUBLIC_AUTHORITY = "public_authority"
    HEALTH_INSTITUTION = "health_institution"
    CULTURE_INSTITUTION = "culture_institution"
    TOURISM_BODY = "tourism_body"
    AGRICULTURE_BODY = "agriculture_body"
    ASSOCIATION = "association"
    LIVING_LAB_THIRD_PLACE = "living_lab_third_place"


class NeedType(StrEnum):
    """What sort of answer a need calls for."""

    RECRUIT = "recruit"
    TRAIN = "train"
    TEST_EQUIPMENT = "test_equipment"
    RD = "rd"
    SUPPLIER = "supplier"
    DIGITAL = "digital"
    FUNDING = "funding"
    PREMISES = "premises"
    PARTNERS = "partners"
    OTHER = "other"


class Status(StrEnum):
    """Whether an actor is alive, as far as the sources tell."""

    ACTIVE = "active"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    MERGED = "merged"
    PLANNED = "planned"
    REDUCED = "reduced"


class Basis(StrEnum):
    """Whether a source states a fact, or a rule inferred it."""

    STATED = "stated"
    INFERRED = "inferred"


class Confidence(StrEnum):
    """How sure a fact is: an excerpt says so, marked as sourced, general knowledge, doubtful."""

    VERIFIED = "verified"
    LIKELY = "likely"
    KNOWN = "known"
    UNCERTAIN = "uncertain"


class ParticipationRole(StrEnum):
    """What an actor does in a project; `partner` also stands for "not told"."""

    LEAD = "lead"
    ORGANISER = "organiser"
    OPERATOR = "operator"
    PARTNER = "partner"
    CONTRIBUTOR = "contributor"
    HOST = "host"
    USER = "user"
    SUPPLIER = "supplier"
    FUNDER = "funder"
    SUPPORTER = "supporter"
    ACCREDITOR = "accreditor"
    BENEFICIARY = "beneficiary"
    GOVERNANCE = "governance"
    PROPOSER = "proposer"
    PROPOSED = "proposed"


class RelationRole(StrEnum):
    """Qualifies a relation between two actors."""

    CHAIR = "chair"
    JOINT_LAB = "joint_lab"
    AGREEMENT = "agreement"
    JOINT_MANAGEMENT = "joint_management"
    ASSOCIATE = "associate"
    SHAREHOLDER = "shareholder"
    ADVISER = "adviser"
    ON_SITE_OF = "on_site_of"
    TOTEM_PLACE = "totem_place"
    OPERATOR = "operator"
    FACILITATOR = "facilitator"
    LEAD = "lead"
    BOARD_MEMBER = "board_member"
    SUPERVISOR = "supervisor"


TIE_ROLES: frozenset[ParticipationRole] = frozenset(
    {
        ParticipationRole.LEAD,
        ParticipationRole.ORGANISER,
        ParticipationRole.OPERATOR,
        ParticipationRole.PARTNER,
        ParticipationRole.CONTRIBUTOR,
        ParticipationRole.HOST,
        ParticipationRole.USER,
        ParticipationRole.SUPPLIER,
    }
)
"""Roles of participation that make two actors of one project partners; the others are context."""

_ORG = frozenset({EntityKind.ORGANIZATION})
_PROJECT = frozenset({EntityKind.PROJECT})
_SKILL = frozenset({EntityKind.SKILL})
_SECTOR = frozenset({EntityKind.SECTOR})
_PLACE = frozenset({EntityKind.PLACE})


@dataclass(frozen=True)
class Predicate:
    """A relation between two entities: who may stand on each side, and what it implies."""

    name: str
    domain: frozenset[EntityKind]
    range: frozenset[EntityKind]
    label: Mapping[str, str]
    symmetric: bool = False
    is_tie: bool = False
    inverse: str | None = None


def _predicates() -> Mapping[str, Predicate]:
    """The relations by name; labels read "subject LABEL object"."""

    def org(name: str, fr: str, en: str, *, symmetric: bool = False, is_tie: bool = False, inverse: str | None = None) -> Predicate:
        return Predicate(name, _ORG, _ORG, {"fr": fr, "en": en}, symmetric, is_tie, inverse)

    rows = (
        org("collaboratesWith", "travaille avec", "works with", symmetric=True, is_tie=True),
        org("supplies", "fournit", "supplies", is_tie=True, inverse="suppliedBy"),
        org("memberOf", "est membre de", "is a member of", inverse="hasMember"),
        org("partOf", "fait partie de", "is part of", inverse="hasPart"),
        org("owns", "détient", "owns", inverse="ownedBy"),
        org("founded", "a fondé", "founded", inverse="foundedBy"),
        org("governs", "pilote", "governs", inverse="governedBy"),
        org("supports", "soutient", "supports", inverse="supportedBy"),
        org("sameGroupAs", "est du même groupe que", "is in the same group as", symmetric=True),
        org("spunOffFrom", "est issu de", "was spun off from", inverse="spunOff"),
        org("succeededBy", "a pour successeur", "was succeeded by", inverse="succeeds"),
        org("interestedIn", "s'intéresse à", "is interested in", inverse="interests"),
        org("funds", "finance", "funds", inverse="fundedBy"),
        org("hosts", "héberge", "hosts", inverse="hostedBy"),
        org("trainsFor", "forme pour", "trains for", inverse="trainedBy"),
        Predicate("participatesIn", _ORG, _PROJECT, {"fr": "participe à", "en": "takes part in"}, inverse="hasParticipant"),
        Predicate("locatedIn", _ORG, _PLACE | _ORG, {"fr": "se trouve à", "en": "is located in"}, inverse="locationOf"),
        Predicate("operatesInSector", _ORG, _SECTOR, {"fr": "travaille dans le secteur", "en": "operates in the sector"}),
        Predicate("offersSkill", _ORG, _SKILL, {"fr": "sait faire", "en": "offers"}, inverse="offeredBy"),
        Predicate("needsSkill", _ORG, _SKILL, {"fr": "cherche", "en": "needs"}, inverse="neededBy"),
        Predicate("about", _PROJECT, _SKILL | _SECTOR, {"fr": "porte sur", "en": "is about"}, inverse="topicOf"),
        Predicate("broader", _SKILL | _SECTOR, _SKILL | _SECTOR, {"fr": "relève de", "en": "is a kind of"}, inverse="narrower"),
    )
    return MappingProxyType({row.name: row for row in rows})


PREDICATES: Mapping[str, Predicate] = _predicates()
"""Every relation, by name. Inverses are names for display; only the direct predicate is stored."""

TIE_PREDICATES: frozenset[str] = frozenset(name for name, p in PREDICATES.items() if p.is_tie)
"""Predicates that are ties by themselves; shared projects make ties as well (see `TIE_ROLES`)."""

QUALIFIERS: frozenset[str] = frozenset({"role", "need_type", "paraphrase_fr", "paraphrase_en", "amount", "word", "date_basis"})
"""Keys that the `qualifiers` of a relation may have."""

AttributeType = Literal["text", "text_list", "number", "edtf", "yes_no", "url", "code", "kind"]


@dataclass(frozen=True)
class Attribute:
    """A literal property of an entity; lists are one statement per item."""

    name: str
    type: AttributeType
    unit: str | None = None
    lang: str | None = None


def _attributes() -> Mapping[str, Attribute]:
    texts = (
        "name",
        "alt_name",
        "status_note",
        "why_not",
        "tie_reason",
        "title",
        "publisher",
        "licence",
        "seed_axis",
        "seed_wording",
        "indicator_hint",
        "address",
        "acronym",
        "keywords",
    )
    languages = ("description", "label", "name", "what_it_asks", "axis_label")
    codes = (
        *("kind", "status", "org_kind", "role", "partner", "offers_by_default", "confidence", "redistribution", "project_type", "project_status"),
        *("insee", "siren", "epci", "epci_code", "departement", "country", "naf_divisions", "esco_label", "rome_code", "euroscivoc", "axis"),
        *("alias", "pic", "vat", "naf", "legal_form", "postcode", "nuts", "call", "topic", "funding_scheme", "euroscivoc_path"),
        *("geo_precision", "date_precision", "naf_confidence", "esco_confidence", "rome_confidence", "euroscivoc_confidence", "website_confidence"),
    )
    rows = [Attribute("type", "kind")]
    rows += [Attribute(name, "text") for name in texts]
    rows += [Attribute(f"{name}_{lang}", "text", lang=lang) for name in languages for lang in ("fr", "en")]
    rows += [Attribute(name, "code") for name in codes]
    rows += [
        Attribute(name, "yes_no") for name in ("recommendable", "counts_as_tie", "inside", "outside", "sme", "excellence", "strategic", "domain")
    ]
    rows += [Attribute(name, "edtf") for name in ("status_since", "start", "end", "year", "source_year")]
    rows += [Attribute(name, "url") for name in ("website", "url", "esco_uri")]
    rows += [Attribute(name, "number", unit="degrees, WGS 84") for name in ("lat", "lon")]
    rows += [Attribute("max_contribution", "number", unit="euros")]
    return MappingProxyType({row.name: row for row in rows})


ATTRIBUTES: Mapping[str, Attribute] = _attributes()
"""Every attribute predicate, by name: the column names of the package, with type and unit.

`alias` is another id that an actor answers to (`pic:999999999`, `siren:123456789`, its id in a package that was merged into this
one). `outside` marks an actor that is known only as a partner of somebody here: it gives context, is not drawn and not recommended.
`naf` is the full activity code (62.01Z); `naf_divisions` of a sector are its first two digits.
"""


@dataclass(frozen=True)
class Statement:
    """One fact: the view of one row of `attributes` or `relations`, with the sources of its record.

    `id` is the hash of the row's content and of its record's key. `published` is the EDTF date of the record.
    """

    id: str
    subject: str
    predicate: str
    object: str
    basis: Basis
    confidence: Confidence
    record: str
    sources: tuple[str, ...] = ()
    published: str | None = None
    since: str | None = None
    until: str | None = None
    lang: str | None = None
    qualifiers: Mapping[str, str] = field(default_factory=dict)
