"""Rows of a company list that are natural persons, or may not be published: dropped and counted by reason, nothing of them is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from graph_builder.normalise import fold

REASONS: Mapping[str, tuple[str, str]] = {
    "legal_form_code": ("forme juridique d'une personne physique (code commençant par 1)", "legal form of a natural person (code beginning with 1)"),
    "legal_form_words": ("entreprise individuelle d'après la forme juridique ou le nom", "sole trader by the words of the legal form or of the name"),
    "diffusion": ("diffusion partielle ou refusée (statut P ou N)", "partial or refused diffusion (status P or N)"),
    "no_denomination": ("pas de dénomination, mais un nom ou un prénom de personne", "no company name, but a person's name or given name"),
    "name_pattern": ("le nom est celui d'une personne, et rien ne dit une société", "the name is a person's, and nothing says a company"),
}
"""Why a row is dropped, in the order in which the reasons are looked for; texts (fr, en)."""

UNDISCLOSED = "diffusion"
"""The one reason that tells of no natural person: organisations may refuse publication too. It is counted apart."""

_SOLE = (
    *("ei", "eirl", "e i", "entrepreneur individuel", "entreprise individuelle", "auto entrepreneur", "autoentrepreneur", "auto entreprise"),
    *("micro entrepreneur", "micro entreprise", "microentreprise", "profession liberale", "professionnel liberal", "personne physique"),
    *("artisan", "commercant", "artisan commercant", "affaire personnelle", "agriculteur exploitant", "sole trader", "sole proprietor"),
)
_SOLE_IN_NAME = frozenset({"ei", "eirl"})
_SOLE_PHRASES = ("entrepreneur individuel", "entreprise individuelle", "auto entrepreneur", "autoentrepreneur", "micro entrepreneur")

LEGAL_FORMS = frozenset(
    "sa sas sasu sarl sarlu eurl sci scm scp scpi snc scop scic scea scev earl gaec gie gip selarl selas selasu sem spl sep se ste societe "
    "societes ets etablissement etablissements association asso fondation federation syndicat cooperative mutuelle groupe group holding cie "
    "compagnie gmbh ag kg ltd limited llc inc corp plc bv nv spa srl sl oy ab as aps".split()
)
"""Words that only a company or an association bears in its name or as its legal form."""

_PARTICLES = frozenset("de du des d le la les l van von der den ben bel el al da dos di epouse ep nee veuve et".split())
_CIVILITY = re.compile(r"(?:M\.|MM\.|Mr\.?|Mme\.?|Mlle\.?|Monsieur|Madame|Mademoiselle|Dr\.?|Docteur|Ma[iî]tre)\s+\S", re.IGNORECASE)
_AT_HOME = re.compile(r"(?<!\w)(?:chez|c/o|M\.|MM\.|Mr|Mme|Mlle)\s+\S", re.IGNORECASE)
_CODE = re.compile(r"([0-9]{1,4})(?![0-9])")
_KEPT = frozenset({"o", "oui", "diffusible", "d", "true", "yes"})
_MASKED = frozenset({"nd", "non diffusible", "partiellement diffusible", "nom non diffusible"})


@lru_cache(maxsize=2)
def _list(name: str) -> frozenset[str]:
    text = files("graph_builder.sources.company_list").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def given_names() -> frozenset[str]:
    """Frequent given names, folded as names are compared."""
    return _list("given_names")


def trades() -> frozenset[str]:
    """Words of trades, brands and regions: a name that bears one is taken for a company's."""
    return _list("trades")


def legal_code(legal_form: str) -> str:
    """The INSEE code at the head of a legal form ("5710", "5710 - SAS"), "" when there is none."""
    match = _CODE.match(legal_form)
    return match.group(1) if match else ""


def person_reason(name: str, *, legal_form: str = "", diffusion: str = "", person_filled: bool = False) -> str | None:
    """Why a row is dropped, a key of `REASONS`: it is taken for a natural person, or publication is refused; None when it stays.

    `person_filled` tells that a column made for a person's name is not empty. A legal form of a company, by its code (2 and above)
    or in the name, keeps a row whatever its name looks like; a refused diffusion drops it all the same.
    """
    code, words = legal_code(legal_form), fold(legal_form)
    if code.startswith("1"):
        return "legal_form_code"
    if not code and _is_sole(words, name):
        return "legal_form_words"
    if refused(diffusion) or fold(name) in _MASKED:
        return "diffusion"
    if not name and person_filled:
        return "no_denomination"
    company = code >= "2" or bool(LEGAL_FORMS.intersection(_words(words))) or bool(LEGAL_FORMS.intersection(_words(fold(name))))
    return "name_pattern" if not company and looks_like_person(name) else None


def _words(folded: str) -> list[str]:
    """The words of a folded text; letters apart ("s a r l") are read as one word too."""
    return [*folded.split(), *(run.replace(" ", "") for run in re.findall(r"(?:\b\w\b ?){2,}", folded))]


def _is_sole(legal_form: str, name: str) -> bool:
    words = fold(name).split()
    in_name = bool(words) and (words[0] in _SOLE_IN_NAME or words[-1] in _SOLE_IN_NAME)
    return legal_form in _SOLE or any(phrase in text for phrase in _SOLE_PHRASES for text in (legal_form, fold(name))) or in_name


def names_a_person(text: str) -> bool:
    """Whether an address or another text speaks of a person at home: "chez Mme Durand", "c/o", a civility."""
    return _AT_HOME.search(text) is not None


def refused(diffusion: str) -> bool:
    """Whether a status of diffusion is anything but open; an empty one is open, an unknown word is not."""
    word = fold(diffusion)
    return bool(word) and word not in _KEPT


def looks_like_person(name: str) -> bool:
    """Whether a name reads as a person's: a civility, or two to four words of letters with a given name first or last and no trade."""
    if _CIVILITY.match(name):
        return not trades().intersection(fold(name).split())
    words = fold(name).split()
    if not 2 <= len(words) <= 5 or not all(word.isalpha() for word in words) or trades().intersection(words):
        return False
    known = given_names()
    if len(words) <= 3:
        return words[0] in known or words[-1] in known or (words[1] in known and len(words[-1]) > 1)
    return (words[0] in known or words[-1] in known) and sum(word in known or word in _PARTICLES for word in words) >= 2
