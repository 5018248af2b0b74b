"""Names of organisations: the words that tell one apart from another, and initials. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from graph_builder.normalise import fold

_FORM_WORDS = frozenset(
    "sas sasu sarl sa eurl sci scop scic snc scs sca selarl gie gip scea gaec eirl association asbl aisbl vzw ivzw bv nv bvba sprl cvba "
    "gmbh mbh ggmbh ag kg ohg ug ev eg ewiv eeig se kgaa haftungsbeschrankt aktiengesellschaft ltd limited plc llp llc inc incorporated corp "
    "corporation co company srl spa scarl scrl sapa sl slu sau sll slne lda limitada unipessoal ab aktiebolag as aps asa oy oyj osakeyhtio "
    "aktieselskab anpartsselskab aksjeselskap doo dd sro zoo spzoo kft zrt nyrt ood eood ead uab sia ou ae epe etaireia".split()
)
_FORM_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in (
        "societe par actions simplifiee unipersonnelle",
        "societe par actions simplifiee",
        "societe a responsabilite limitee",
        "societe privee a responsabilite limitee",
        "societe anonyme",
        "societe en nom collectif",
        "groupement d interet economique",
        "groupement d interet public",
        "gesellschaft mit beschrankter haftung",
        "eingetragener verein",
        "gmbh and co kg",
        "public limited company",
        "besloten vennootschap",
        "naamloze vennootschap",
        "societa a responsabilita limitata",
        "societa per azioni",
        "societa cooperativa",
        "sociedad de responsabilidad limitada",
        "sociedad anonima",
        "sociedad limitada",
        "sociedade anonima",
        "anonymos etaireia",
        "anonymi etaireia",
        "spolka z ograniczona odpowiedzialnoscia",
        "spolka akcyjna",
        "sp zoo",
        "spol sro",
    )
)
_SMALL_WORDS = frozenset(
    "a al au aux d da dal das de dei del della der des di die do du e ed el en et for fur i il in l la las le les los of og och per pour sur the u "
    "und van von voor y zu zur and und".split()
)


def name_words(name: str) -> tuple[str, ...]:
    """The words of an organisation's name that tell it apart: folded, without legal form and without small words, in order.

    "Société d'Exemple SAS" gives ("societe", "exemple"); single letters in a row are one word ("S.R.L." is "srl"); a legal form is
    taken off at both ends only; a name that consists of nothing else keeps its words.
    """
    words = _joined_letters(fold(name).split())
    kept = _without_forms(words)
    return tuple(word for word in kept if word not in _SMALL_WORDS) or tuple(words)


def _joined_letters(words: list[str]) -> list[str]:
    """The words, letters that stand alone in a row joined."""
    joined: list[str] = []
    letters = False
    for word in words:
        alone = len(word) == 1 and word.isalpha()
        if alone and letters:
            joined[-1] += word
        else:
            joined.append(word)
        letters = alone
    return joined


def _without_forms(words: list[str]) -> list[str]:
    """The words without the legal forms at the beginning and at the end; never nothing."""
    while len(words) > 1:
        left = next((len(form) for form in _FORM_PHRASES if tuple(words[: len(form)]) == form), int(words[0] in _FORM_WORDS))
        right = next((len(form) for form in _FORM_PHRASES if tuple(words[-len(form) :]) == form), int(words[-1] in _FORM_WORDS))
        shorter = words[: len(words) - right] if right else words[left:]
        if not shorter or len(shorter) == len(words):
            break
        words = shorter
    return words


def initials(words: Sequence[str]) -> str:
    """The first letters of the words of a name ("utbm" of "universite technologie belfort montbeliard"); "" below three words."""
    return "".join(word[0] for word in words) if len(words) >= 3 else ""
