"""The official CSV layout of CORDIS: its files, the columns that are used, those that know the future, and what its codes mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ontology.model import NeedType, OrgKind, ParticipationRole, Partner, Role

FUTURE = frozenset({"status", "endOfParticipation", "contentUpdateDate", "grantDoi"})
"""Columns that describe the day of the download, not the day of the fact: they are never read, so nothing can be learnt from them."""

THIRD_PARTY = frozenset({"thirdParty", "linkedThirdParty"})
"""Roles that make no partner: a third party is linked to one participant, not to the consortium.

A full download is read without them. A package with a focus keeps them, because a school or a firm of the region may be known by
nothing else; they take part as `beneficiary`, which gives context and ties nobody.
"""


@dataclass(frozen=True)
class File:
    """One file of the layout: the columns it must have, and those that are used when they are there. Any other is not read."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    needed: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is used."""
        return self.required + self.optional


PROJECT = File(
    "project.csv",
    ("id", "startDate"),
    (
        *("acronym", "title", "endDate", "ecMaxContribution", "topics", "ecSignatureDate", "frameworkProgramme"),
        *("masterCall", "subCall", "fundingScheme", "objective", "keywords"),
    ),
)
ORGANIZATION = File(
    "organization.csv",
    ("projectID", "organisationID", "role"),
    (
        *("vatNumber", "name", "shortName", "SME", "activityType", "postCode", "city", "country", "nutsCode"),
        *("geolocation", "organizationURL", "ecContribution"),
    ),
)
FIELDS = File("euroSciVoc.csv", ("projectID", "euroSciVocCode", "euroSciVocPath"), (), needed=False)
FILES: tuple[File, ...] = (PROJECT, ORGANIZATION, FIELDS)
"""The files that are read; a zip may hold others (topics.csv, legalBasis.csv, webLink.csv, ...)."""

ROLES: Mapping[str, ParticipationRole] = MappingProxyType(
    {
        "coordinator": ParticipationRole.LEAD,
        "participant": ParticipationRole.PARTNER,
        "partner": ParticipationRole.PARTNER,
        "associatedPartner": ParticipationRole.PARTNER,
        "internationalPartner": ParticipationRole.PARTNER,
        "beneficiary": ParticipationRole.PARTNER,
        "hostInstitution": ParticipationRole.PARTNER,
    }
)
"""What a role of CORDIS means here; a role that is not listed is reported and read as partner."""

PARTS: tuple[ParticipationRole, ...] = (ParticipationRole.LEAD, ParticipationRole.PARTNER, ParticipationRole.BENEFICIARY)
"""The parts that an organisation may have, the strongest first: of several rows of one organisation in a project, that one stays."""

COUNTRIES: Mapping[str, str] = MappingProxyType({"EL": "GR", "UK": "GB"})
"""Country codes of the European institutions that differ from ISO 3166."""


@dataclass(frozen=True)
class Kind:
    """An activity type of CORDIS as a kind of actor."""

    label_fr: str
    label_en: str
    org_kind: OrgKind
    role: Role
    offers: tuple[NeedType, ...] = ()
    partner: Partner = Partner.YES


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "PRC": Kind("Entreprise (CORDIS)", "Company (CORDIS)", OrgKind.COMPANY, Role.COMPANY, (NeedType.SUPPLIER,)),
        "HES": Kind(
            "Enseignement supérieur (CORDIS)", "Higher education (CORDIS)", OrgKind.UNIVERSITY_SCHOOL, Role.RESEARCH, (NeedType.RD, NeedType.TRAIN)
        ),
        "REC": Kind("Organisme de recherche (CORDIS)", "Research organisation (CORDIS)", OrgKind.LABORATORY, Role.RESEARCH, (NeedType.RD,)),
        "PUB": Kind("Organisme public (CORDIS)", "Public body (CORDIS)", OrgKind.PUBLIC_AGENCY, Role.PUBLIC),
        "OTH": Kind("Autre organisation (CORDIS)", "Other organisation (CORDIS)", OrgKind.ASSOCIATION, Role.SUPPORT),
    }
)
"""Activity types: what the organisation is. CORDIS tells no more than this, so an association and a chamber of commerce are both OTH."""

PROGRAMMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "HORIZON": ("CORDIS, projets Horizon Europe", "CORDIS, Horizon Europe projects"),
        "H2020": ("CORDIS, projets Horizon 2020", "CORDIS, Horizon 2020 projects"),
    }
)
"""Titles (fr, en) of the framework programmes; any other is called by its code."""

PUBLISHER = "European Commission, Publications Office of the European Union"
LICENCE = "European Commission, CORDIS, reuse with attribution (Decision 2011/833/EU)"
URL = "https://cordis.europa.eu"

LARGEST_EVENT = 50
"""Participants above which a project makes no tie (2 to 50 do)."""
