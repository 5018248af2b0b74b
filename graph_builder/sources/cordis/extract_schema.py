"""The descriptor of a package with a part of CORDIS: Frictionless schemas of its three files, titles, licence and focus."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from graph_builder.sources.cordis.layout import FIELDS, ORGANIZATION, PROJECT
from graph_builder.sources.cordis.organisations import Focus

Field = Mapping[str, object]


def _field(name: str, fr: str, en: str, *, pattern: str = "", required: bool = False, kind: str = "string", values: tuple[str, ...] = ()) -> Field:
    constraints: dict[str, object] = {}
    if required:
        constraints["required"] = True
    if pattern:
        constraints["pattern"] = pattern
    if values:
        constraints["enum"] = list(values)
    return {"name": name, "type": kind, "description": fr, "description_en": en, **({"constraints": constraints} if constraints else {})}


PROJECT_SCHEMA: Mapping[str, object] = {
    "fields": [
        _field("id", "numéro de la convention de subvention", "number of the grant agreement", pattern=r"\d+", required=True),
        _field("acronym", "acronyme", "acronym"),
        _field("title", "titre, en anglais", "title, in English", required=True),
        _field("startDate", "premier jour", "first day", kind="date"),
        _field("endDate", "dernier jour prévu", "last planned day", kind="date"),
        _field("ecMaxContribution", "contribution maximale de l'Union, en euros", "maximum contribution of the Union, in euros", kind="number"),
        _field("topics", "sujet de l'appel", "topic of the call"),
        _field("ecSignatureDate", "signature de la convention", "signature of the grant agreement", kind="date", required=True),
        _field("frameworkProgramme", "programme-cadre", "framework programme", values=("HORIZON",)),
        _field("masterCall", "appel", "call"),
        _field("subCall", "partie de l'appel", "part of the call"),
        _field("fundingScheme", "type d'action", "type of action"),
        _field("objective", "objectif, en anglais", "objective, in English"),
        _field("keywords", "mots-clés libres, en anglais", "free keywords, in English"),
    ],
    "primaryKey": "id",
}
ORGANIZATION_SCHEMA: Mapping[str, object] = {
    "fields": [
        _field("projectID", "projet", "project", required=True),
        _field("organisationID", "code d'identification du participant (PIC)", "participant code (PIC)", pattern=r"\d+", required=True),
        _field("vatNumber", "numéro de TVA, tel que déclaré", "VAT number, as declared"),
        _field("name", "nom officiel, tel qu'écrit", "official name, as written", required=True),
        _field("shortName", "nom court", "short name"),
        _field("SME", "petite ou moyenne entreprise", "small or medium-sized enterprise", values=("true", "false")),
        _field(
            "activityType",
            "PRC entreprise, HES enseignement supérieur, REC recherche, PUB public, OTH autre",
            "PRC company, HES higher education, REC research, PUB public body, OTH other",
            values=("PRC", "HES", "REC", "PUB", "OTH"),
        ),
        _field("postCode", "code postal", "postcode"),
        _field("city", "ville, telle qu'écrite", "city, as written"),
        _field("country", "pays (EL : Grèce, UK : Royaume-Uni)", "country (EL: Greece, UK: United Kingdom)", pattern="[A-Z]{2}", required=True),
        _field("nutsCode", "code NUTS", "NUTS code"),
        _field("geolocation", "latitude et longitude", "latitude and longitude"),
        _field("organizationURL", "site web", "website"),
        _field(
            "role",
            "rôle dans le projet ; un tiers lié (thirdParty) dépend d'un participant et n'est partenaire de personne",
            "role in the project; a third party depends on a participant and is nobody's partner",
            values=("coordinator", "participant", "associatedPartner", "thirdParty"),
            required=True,
        ),
        _field("ecContribution", "contribution de l'Union, en euros", "contribution of the Union, in euros", kind="number"),
    ],
    "foreignKeys": [{"fields": "projectID", "reference": {"resource": "project", "fields": "id"}}],
}
FIELDS_SCHEMA: Mapping[str, object] = {
    "fields": [
        _field("projectID", "projet", "project", required=True),
        _field("euroSciVocCode", "codes du domaine, du plus large au plus précis", "codes of the field, widest first", required=True),
        _field("euroSciVocPath", "noms du domaine, en anglais", "names of the field, in English", required=True),
    ],
    "primaryKey": ["projectID", "euroSciVocCode"],
    "foreignKeys": [{"fields": "projectID", "reference": {"resource": "project", "fields": "id"}}],
}


def descriptor(created: date, focus: Focus) -> Mapping[str, object]:
    """The datapackage.json of Franche-Comté in Horizon Europe; `created` is the newest signature, so that the same download gives the same file."""
    resources = (
        ("project", PROJECT.name, PROJECT_SCHEMA, "Projets", "Projects"),
        ("organization", ORGANIZATION.name, ORGANIZATION_SCHEMA, "Participations, une par organisation et projet", "Participations"),
        ("euroscivoc", FIELDS.name, FIELDS_SCHEMA, "Domaines scientifiques des projets", "Fields of science of the projects"),
    )
    return {
        "profile": "data-package",
        "name": "cordis-franche-comte",
        "title": "La Franche-Comté dans Horizon Europe",
        "title_fr": "La Franche-Comté dans Horizon Europe",
        "title_en": "Franche-Comté in Horizon Europe",
        "description": "Les organisations de Franche-Comté qui prennent part à des projets Horizon Europe, ces projets et tous leurs "
        "participants. Extrait de CORDIS ; des organisations seulement.",
        "description_en": "The organisations of Franche-Comté that take part in Horizon Europe projects, these projects and all their "
        "participants. An extract of CORDIS; organisations only.",
        "version": "1.0.0",
        "created": f"{created.isoformat()}T00:00:00Z",
        "languages": ["fr", "en"],
        "licenses": [
            {
                "name": "other-attribution",
                "title": "Commission européenne, CORDIS, réutilisation avec attribution (décision 2011/833/UE)",
                "path": "https://eur-lex.europa.eu/eli/dec/2011/833/oj",
            }
        ],
        "sources": [{"title": "CORDIS, Office des publications de l'Union européenne", "path": "https://cordis.europa.eu"}],
        "passerelle": {"focus": {"country": focus.country, "nuts": list(focus.nuts), "postcodes": list(focus.postcodes)}},
        "resources": [
            {
                "name": name,
                "path": path,
                "title": fr,
                "title_en": en,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ";"},
                "schema": schema,
            }
            for name, path, schema, fr, en in resources
        ],
    }
