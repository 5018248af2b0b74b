"""Names that columns of company lists bear, by what they are read as; and the columns about persons, which are never read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_builder.normalise import fold


def squash(header: str) -> str:
    """A header in the form in which headers are compared: "code_commune" and "Code commune" give "codecommune"."""
    return fold(header).replace(" ", "")


HEADERS: Mapping[str, tuple[str, ...]] = {
    "siren": ("siren", "numerosiren", "nosiren", "nsiren", "codesiren", "sirensiege"),
    "siret": ("siret", "siretsiege", "numerosiret", "nosiret", "nsiret", "codesiret"),
    "vat": ("tva", "numerotva", "notva", "numerotvaintracommunautaire", "tvaintracommunautaire", "vat", "vatnumber"),
    "name": (
        *("denominationunitelegale", "nomcomplet", "denomination", "raisonsociale", "nomraisonsociale", "denominationsociale"),
        *("nomentreprise", "nomdelentreprise", "nomsociete", "nomdelasociete", "nomorganisme", "nomdelorganisme", "nomdelastructure", "nomstructure"),
        *("entreprise", "societe", "structure", "organisme", "organisation", "organization", "etablissement", "adherent", "membre", "exposant"),
        *("companyname", "company", "organizationname", "organisationname", "legalname", "name", "member", "nom", "libelle"),
    ),
    "alt_name": (
        *("sigle", "sigleunitelegale", "acronyme", "enseigne", "enseigne1etablissement", "enseigne2etablissement", "enseigne3etablissement"),
        *("denominationusuelleetablissement", "denominationusuelle1unitelegale", "denominationusuelle2unitelegale"),
        *("denominationusuelle3unitelegale", "nomcommercial", "marque", "acronym", "tradename", "brand", "alias", "autrenom"),
    ),
    "naf": (
        *("activiteprincipaleunitelegale", "activiteprincipale", "activiteprincipaleetablissement", "naf", "codenaf", "ape", "codeape", "nafape"),
        *("apenaf", "codeapenaf", "nafrev2", "nace", "codenace", "nacecode"),
    ),
    "commune": ("libellecommuneetablissement", "libellecommune", "commune", "nomcommune", "nomdelacommune", "ville", "localite", "city", "town"),
    "insee": (
        "codecommuneetablissement",
        "codecommune",
        "codeinsee",
        "insee",
        "codeinseecommune",
        "inseecode",
        "communeinsee",
        "codeofficielcommune",
    ),
    "postcode": ("codepostaletablissement", "codepostal", "cp", "postcode", "postalcode", "zip", "zipcode"),
    "address": ("adresse", "adressecomplete", "adressepostale", "adressesiege", "geoadresse", "rue", "voie", "address", "street", "streetaddress"),
    "website": ("siteweb", "siteinternet", "web", "website", "site", "url", "urlsite", "homepage", "lienweb"),
    "description_fr": ("description", "descriptionfr", "presentation", "activite", "activites", "objet", "metier", "savoirfaire", "descriptif"),
    "description_en": ("descriptionen", "englishdescription", "descriptionenglish"),
    "legal_form": (
        *("categoriejuridiqueunitelegale", "naturejuridique", "categoriejuridique", "codenaturejuridique", "formejuridique", "codeformejuridique"),
        *("statutjuridique", "legalform"),
    ),
    "status": ("statutdiffusionunitelegale", "statutdiffusion", "statutdiffusionetablissement", "diffusion"),
    "state": ("etatadministratifunitelegale", "etatadministratifetablissement", "etatadministratif"),
    "lat": ("latitude", "lat"),
    "lon": ("longitude", "lon", "lng", "long"),
    "kind": ("kind", "genre", "typedacteur"),
    "head_office": ("etablissementsiege", "estsiege", "siege", "headoffice"),
}
"""Headers by field, the best first."""

PARTS_OF_ADDRESS = ("numerovoieetablissement", "indicerepetitionetablissement", "typevoieetablissement", "libellevoieetablissement")
"""The columns of Sirene that make an address, in their order; the complement is left out, since it often names a person."""

SEVERAL = frozenset({"alt_name", "state", "status"})
"""Fields for which every column that bears a known name is read."""

_PERSON_PARTS = (
    *("dirigeant", "gerant", "president", "contact", "interlocuteur", "referent", "representant", "responsable", "prenom", "civilite", "sexe"),
    *("naissance", "email", "courriel", "telephone", "portable", "firstname", "lastname", "surname", "givenname", "pseudonyme", "linkedin"),
    *("beneficiaire", "titulaire", "proprietaire", "phone"),
)
_PERSON_STARTS = ("nomunitelegale", "nomusage", "mobile", "tel", "fax", "mail", "nomdenaissance", "nompatronymique", "nomdefamille", "nomnaissance")
_PERSON_ENDS = ("elus", "mail")
_NAMES_OF_PERSONS = ("nom", "prenom", "pseudonyme", "firstname", "lastname", "surname", "givenname")
_NOT_PERSONS = frozenset({"telecom", "telecoms", "telecommunications", "television", "mailing"})


def personal(columns: Sequence[str]) -> frozenset[str]:
    """The columns about persons: names, given names, e-mail, telephone. "nom" is one only beside a given name."""
    found = {column for column in columns if _is_personal(squash(column))}
    if any("prenom" in squash(column) or "firstname" in squash(column) for column in found):
        found |= {column for column in columns if squash(column) == "nom"}
    return frozenset(found)


def _is_personal(name: str) -> bool:
    if name in _NOT_PERSONS:
        return False
    return any(part in name for part in _PERSON_PARTS) or name.startswith(_PERSON_STARTS) or name.endswith(_PERSON_ENDS)


def names_of_persons(columns: Sequence[str]) -> tuple[str, ...]:
    """Of the columns about persons those that hold a name: only whether they are empty is ever looked at."""
    return tuple(column for column in sorted(personal(columns)) if squash(column).startswith(_NAMES_OF_PERSONS))
