"""Which classes and properties of public vocabularies are read, and as what: tables only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ontology.namespaces import PREFIXES as OURS

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        **OURS,
        "adms": "http://www.w3.org/ns/adms#",
        "cpov": "http://data.europa.eu/m8g/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "gr": "http://purl.org/goodrelations/v1#",
        "locn": "http://www.w3.org/ns/locn#",
        "rov": "http://www.w3.org/ns/regorg#",
        "time": "http://www.w3.org/2006/time#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "vivo": "http://vivoweb.org/ontology/core#",
        "void": "http://rdfs.org/ns/void#",
    }
)


def iri(name: str) -> str:
    """The IRI of a prefixed name: `skos:broader`."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def iris(names: str) -> tuple[str, ...]:
    """The IRIs of prefixed names with spaces between them, in their order."""
    return tuple(iri(name) for name in names.split())


def prefixed(address: str) -> str:
    """An IRI as a prefixed name where its vocabulary is known here, else as it is."""
    for prefix, head in PREFIXES.items():
        if address.startswith(head) and len(address) > len(head):
            return f"{prefix}:{address[len(head) :]}"
    return f"<{address}>"


TYPE, SUBCLASS = iri("rdf:type"), iri("rdfs:subClassOf")

PERSONS = frozenset(iris("foaf:Person schema:Person vcard:Individual prov:Person vivo:Person gr:Individual"))
"""Natural persons: dropped, with all that hangs on them."""

PROJECTS = frozenset(iris("foaf:Project schema:Project schema:ResearchProject vivo:Project psr:Project"))

UNITS = frozenset(iris("org:OrganizationalUnit"))

_KINDS: Mapping[str, str] = {
    "company": """schema:Corporation schema:LocalBusiness schema:OnlineBusiness schema:OnlineStore schema:Airline schema:AutomotiveBusiness
        schema:EmploymentAgency schema:FinancialService schema:FoodEstablishment schema:HealthAndBeautyBusiness schema:Hotel
        schema:HomeAndConstructionBusiness schema:InsuranceAgency schema:LegalService schema:LodgingBusiness schema:ProfessionalService
        schema:RealEstateAgent schema:Restaurant schema:Store schema:TravelAgency gr:BusinessEntity vivo:Company""",
    "research": "schema:ResearchOrganization vivo:ResearchOrganization vivo:Laboratory vivo:Institute vivo:Center",
    "training": """schema:EducationalOrganization schema:CollegeOrUniversity schema:HighSchool schema:MiddleSchool schema:ElementarySchool
        schema:School schema:Preschool vivo:University vivo:College vivo:School""",
    "public": "schema:GovernmentOrganization schema:GovernmentOffice cpov:PublicOrganisation vivo:GovernmentAgency",
    "association": "schema:NGO vivo:Association",
    "organisation": """org:Organization org:FormalOrganization org:OrganizationalUnit org:OrganizationalCollaboration foaf:Organization
        schema:Organization schema:Consortium schema:SportsOrganization schema:PerformingGroup schema:MedicalOrganization schema:NewsMediaOrganization
        rov:RegisteredOrganization vcard:Organization prov:Organization psr:Organization""",
}
KIND_OF: Mapping[str, str] = MappingProxyType({address: kind for kind, names in _KINDS.items() for address in iris(names)})
"""Class of an organisation -> kind of actor; "organisation" says nothing more. The order of `_KINDS` decides between several."""

KIND_ORDER = tuple(_KINDS)

NAMES = iris("skos:prefLabel foaf:name schema:name schema:legalName rov:legalName rdfs:label vcard:fn vcard:organization-name dcterms:title psr:name")
OTHER_NAMES = iris("skos:altLabel schema:alternateName vcard:nickname dcterms:alternative psr:altName psr:acronym")
DESCRIPTIONS = iris("dcterms:description schema:description rdfs:comment dc:description psr:description")
WEBSITES = iris("foaf:homepage schema:url vcard:hasURL vcard:url psr:website")
KEYWORDS = iris("schema:keywords dc:subject psr:keywords")
IDENTIFIERS = iris(
    "org:identifier schema:identifier dcterms:identifier adms:identifier rov:registration schema:taxID schema:iso6523Code psr:siren psr:alias"
)
IDENTIFIER_VALUES = iris("schema:value skos:notation rdf:value")
VAT = iris("schema:vatID psr:vat")
ACTIVITY = iris("rov:orgActivity psr:naf")
CLOSED = iris("schema:dissolutionDate")
CITED = iris("dcterms:source prov:wasDerivedFrom prov:hadPrimarySource")
MODIFIED = iris("dcterms:modified schema:dateModified dcterms:issued schema:datePublished dcterms:created schema:dateCreated dcterms:date")
CONTACTS = iris(
    "schema:email schema:telephone schema:faxNumber foaf:mbox foaf:phone vcard:hasEmail vcard:hasTelephone vcard:email vcard:tel schema:contactPoint"
)

SITES = iris(
    "org:hasPrimarySite org:hasRegisteredSite org:hasSite org:siteAddress schema:location vcard:hasAddress vcard:adr locn:address schema:address"
)
WHERE = iris("locn:location dcterms:spatial foaf:based_near org:location psr:locatedIn schema:containedInPlace schema:areaServed")
LOCALITY = iris("schema:addressLocality vcard:locality locn:postName")
POSTCODE = iris("schema:postalCode vcard:postal-code locn:postCode psr:postcode")
STREET = iris("schema:streetAddress vcard:street-address locn:thoroughfare locn:fullAddress psr:address")
COUNTRY = iris("schema:addressCountry vcard:country-name locn:adminUnitL1")
LAT, LON = iris("wgs84:lat schema:latitude"), iris("wgs84:long schema:longitude")
GEOMETRY = iris("schema:geo geo:hasGeometry geo:hasDefaultGeometry locn:geometry")
WKT = iris("geo:asWKT locn:geometry")

UP = iris("org:subOrganizationOf org:unitOf schema:parentOrganization psr:partOf")
DOWN = iris("org:hasSubOrganization org:hasUnit schema:subOrganization schema:department")
RELATIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "partOf": (UP, DOWN),
        "memberOf": (iris("org:memberOf schema:memberOf psr:memberOf"), iris("org:hasMember schema:member foaf:member")),
        "collaboratesWith": (iris("org:linkedTo psr:collaboratesWith"), ()),
        "funds": (iris("psr:funds"), iris("schema:funder")),
        **{name: (iris(f"psr:{name}"), ()) for name in ("supplies", "owns", "founded", "governs", "supports", "sameGroupAs", "spunOffFrom")},
        **{name: (iris(f"psr:{name}"), ()) for name in ("succeededBy", "interestedIn", "hosts", "trainsFor", "locatedIn")},
    }
)
"""Relation between two actors -> the properties that say it, and those that say it from the object's side."""

PARTICIPANTS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(iris("schema:member schema:participant schema:contributor dcterms:contributor vivo:contributor foaf:member"), "partner"),
        **dict.fromkeys(iris("schema:funder foaf:fundedBy"), "funder"),
        **dict.fromkeys(iris("schema:sponsor"), "supporter"),
        **dict.fromkeys(iris("schema:organizer"), "organiser"),
    }
)
"""Property of a project -> role of the organisation that it names."""

PARTICIPATES = iris("foaf:currentProject foaf:pastProject psr:participatesIn")

OFFERS, SEEKS = iris("schema:knowsAbout psr:offersSkill"), iris("schema:seeks")
SECTORS = iris("org:classification org:purpose psr:operatesInSector")
TOPICS = iris("schema:about dcterms:subject foaf:topic psr:about")
LABELS = iris("skos:prefLabel schema:name rdfs:label dcterms:title")
MATCHES = iris("skos:exactMatch skos:closeMatch skos:relatedMatch skos:broadMatch owl:sameAs schema:sameAs")

DATASETS = frozenset(iris("dcat:Dataset void:Dataset schema:Dataset owl:Ontology foaf:Document void:DatasetDescription dcat:Catalog psr:Package"))
QUIET = frozenset(
    iris(
        """rdf:type rdfs:label skos:inScheme skos:topConceptOf foaf:isPrimaryTopicOf owl:sameAs rdfs:isDefinedBy owl:imports rdfs:subClassOf
    void:inDataset"""
    )
)
"""Properties that carry no fact of their own: not reported when nobody reads them."""
