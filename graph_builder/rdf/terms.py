"""Terms of RDF as N-Triples writes them: text in, text out, the same for every format."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from ontology.model import ATTRIBUTES
from ontology.namespaces import BASE, EDTF, LINKED_ATTRIBUTES, LISTED_ATTRIBUTES, PREFIXES, VOCABULARY, entity_iri, value_iri

_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}
_ESCAPES |= {code: f"\\u{code:04X}" for code in (*range(9), 11, 12, *range(14, 32), 0x7F, 0x85, 0x2028, 0x2029)}
_UNSAFE = re.compile(r"[\x00-\x20<>\"{}|^`\\\x7f-\xa0\u2028\u2029]")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_YEAR, _MONTH, _DAY = (re.compile(text, re.ASCII) for text in (r"[0-9]{4}", r"[0-9]{4}-(?:0[1-9]|1[0-2])", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"))
_ADDRESS = re.compile(r"(?:https?://[^/]|urn:)", re.IGNORECASE)


@lru_cache(maxsize=200_000)
def iri(text: str) -> str:
    """An IRI; characters that no IRI may have are percent-encoded."""
    return f"<{_UNSAFE.sub(lambda match: quote(match.group(), safe=''), text)}>"


def name(prefixed: str) -> str:
    """The IRI of a prefixed name: `skos:broader`."""
    prefix, _, local = prefixed.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def literal(text: str, datatype: str | None = None, lang: str | None = None) -> str:
    """A literal: plain, of a datatype (its IRI), or in a language."""
    quoted = f'"{text.translate(_ESCAPES)}"'
    if lang and _LANGUAGE.fullmatch(lang):
        return f"{quoted}@{lang.lower()}"
    return f"{quoted}^^<{datatype}>" if datatype else quoted


def xsd(text: str, datatype: str) -> str:
    """A literal of a datatype of XML Schema."""
    return literal(text, PREFIXES["xsd"] + datatype)


@lru_cache(maxsize=20_000)
def edtf(text: str) -> str:
    """A date: xsd:gYear, xsd:gYearMonth or xsd:date where the EDTF value is as plain as that, else a literal of type EDTF."""
    if _YEAR.fullmatch(text) and text != "0000":
        return xsd(text, "gYear")
    if _MONTH.fullmatch(text) and not text.startswith("0000"):
        return xsd(text, "gYearMonth")
    return xsd(text, "date") if _is_day(text) else literal(text, EDTF)


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def is_decimal(text: str) -> bool:
    """Whether the text is a number as xsd:decimal writes it."""
    return _DECIMAL.fullmatch(text) is not None


def number(text: str) -> str:
    """A number: xsd:decimal, or xsd:double when it has an exponent; plain text when it is no number."""
    if is_decimal(text):
        return xsd(text, "decimal")
    try:
        value = float(text)
    except ValueError:
        return literal(text)
    return xsd(repr(value), "double") if abs(value) < float("inf") else literal(text)


def attribute_value(attribute: str, value: str, lang: str | None = None, base: str = BASE) -> str:
    """The value of an attribute as the type of the attribute says; a value that does not fit stays plain text, for SHACL to find."""
    if attribute == "type":
        return iri(VOCABULARY + quote(value, safe=""))
    if attribute in LINKED_ATTRIBUTES:
        return iri(entity_iri(value, base))
    if attribute in LISTED_ATTRIBUTES:
        return _listed(attribute, value)
    known = ATTRIBUTES.get(attribute)
    match known.type if known else "text":
        case "yes_no":
            return xsd("true" if value == "yes" else "false", "boolean") if value in ("yes", "no") else literal(value)
        case "number":
            return number(value)
        case "edtf":
            return edtf(value)
        case "url":
            return iri(value) if _ADDRESS.match(value) else literal(value)
    return literal(value, lang=lang or (known.lang if known else None))


def _listed(attribute: str, value: str) -> str:
    terms = LISTED_ATTRIBUTES[attribute]
    return iri(value_iri(terms(value))) if value in set(terms) else literal(value)
