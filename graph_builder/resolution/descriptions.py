"""What the tables say of each actor, in the form in which actors of several packages are compared: names, numbers, place, website."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.normalise import siren_of, siren_of_vat
from graph_builder.resolution.organisation_names import initials, name_words
from graph_builder.tables import Tables
from ontology.model import EntityKind, RelationRole

PLACE = "place:"
SHORTEST_ACRONYM, LONGEST_ACRONYM = 3, 8
LONGEST_ALONE = 5
"""Letters up to which another name of one word is an acronym and nothing else; a longer one is compared as a name too."""
_READ = (
    "type",
    "name",
    "alt_name",
    "acronym",
    "siren",
    "pic",
    "vat",
    "alias",
    "country",
    "website",
    "postcode",
    "insee",
    "kind",
    "role",
    "lat",
    "lon",
)
_ABOVE = ("partOf", "owns", "governs")


@dataclass(frozen=True)
class Described:
    """One actor of one package. `package` is its place in the order given, `record` the key of the record that says its type.

    `names`: the name first, then the others. `country` is a code in capitals, `department` the first two signs of a French postcode
    or INSEE code, `family` the role of its kind (training counts as research); "" where the tables do not tell. `facts`: its relations.
    """

    id: str
    package: int
    record: str
    names: tuple[str, ...]
    places: frozenset[str] = frozenset()
    place_names: tuple[str, ...] = ()
    postcodes: frozenset[str] = frozenset()
    department: str = ""
    country: str = ""
    position: tuple[float, float] | None = None
    domain: str = ""
    family: str = ""
    identifiers: frozenset[str] = frozenset()
    siren: str | None = None
    parents: tuple[str, ...] = ()
    facts: int = 0

    @cached_property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """The words of every way to write every name, those of the name itself first; never empty."""
        found = (name_words(text) for name in self.names for text in _written(name))
        return tuple(dict.fromkeys(words for words in found if words)) or ((self.id,),)

    @cached_property
    def variants(self) -> tuple[tuple[str, ...], ...]:
        """The forms that are compared as names: acronyms are left out unless nothing else is there or the name itself is one."""
        first, *others = self.forms
        return (first, *(words for words in others if not _is_acronym(words, LONGEST_ALONE)))

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """Its short names of one word, folded."""
        return frozenset(words[0] for words in self.forms if _is_acronym(words, LONGEST_ACRONYM))

    @cached_property
    def initials(self) -> frozenset[str]:
        """The initials of its names of three words or more."""
        return frozenset(letters for words in self.forms if len(letters := initials(words)) <= LONGEST_ACRONYM) - {""}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every name."""
        return frozenset(word for words in self.forms for word in words)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in its names."""
        return frozenset(word for word in self.words if word.isdigit())

    @cached_property
    def communes(self) -> tuple[tuple[str, ...], ...]:
        """The words of the names of its places, without "cedex" and numbers."""
        names = (tuple(w for w in name_words(text) if w != "cedex" and not w.isdigit()) for text in self.place_names)
        return tuple(name for name in names if name)


def _is_acronym(words: Sequence[str], longest: int) -> bool:
    return len(words) == 1 and SHORTEST_ACRONYM <= len(words[0]) <= longest


def _written(name: str) -> tuple[str, ...]:
    """A name as it stands, without its parentheses, and without a leading "ex-"."""
    plain = re.sub(r"^\s*ex[- ]", "", name, flags=re.IGNORECASE)
    return tuple(dict.fromkeys((plain, re.sub(r"\([^)]*\)", " ", plain))))


def domain_of(url: str) -> str:
    """The host of an address without "www.", in lower case; "" when there is none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")


def describe(parts: Sequence[tuple[str, Tables]]) -> tuple[Described, ...]:
    """The organisations of all packages, sorted by id and package; the order of rows changes nothing."""
    facts = [_attributes(tables) for _, tables in parts]
    shared: dict[str, dict[str, list[str]]] = {}
    for found in facts:
        for subject, values in found.items():
            if subject.startswith((PLACE, "kind:")):
                shared.setdefault(subject, values)
    rows = [_describe_package(index, found, tables.relations, shared) for index, (found, (_, tables)) in enumerate(zip(facts, parts, strict=True))]
    return tuple(sorted((actor for package in rows for actor in package), key=lambda a: (a.id, a.package)))


def _attributes(tables: Tables) -> dict[str, dict[str, list[str]]]:
    """Subject -> predicate -> values, sorted, of what is compared; `record` holds the records that say the type."""
    table = tables.attributes
    table = table.filter(pc.is_in(table["predicate"], value_set=pa.array(_READ)))
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    columns = (table[name].to_pylist() for name in ("subject", "predicate", "value", "record"))
    for subject, predicate, value, record in zip(*columns, strict=True):
        found[subject][predicate].append(value)
        if predicate == "type" and value == EntityKind.ORGANIZATION:
            found[subject]["record"].append(record)
    for values in found.values():
        for items in values.values():
            items.sort()
    return found


def _describe_package(
    index: int, facts: Mapping[str, Mapping[str, list[str]]], relations: pa.Table, shared: Mapping[str, Mapping[str, list[str]]]
) -> Iterator[Described]:
    located, parents = _located(relations), _parents(relations)
    counts = _counts(relations)
    for subject, values in facts.items():
        if values.get("record"):
            yield _described(
                subject, index, values, _Around(tuple(sorted(located[subject])), tuple(sorted(parents[subject])), counts[subject], shared)
            )


@dataclass(frozen=True)
class _Around:
    """What stands about an actor in other rows than its own."""

    places: tuple[str, ...]
    parents: tuple[str, ...]
    facts: int
    shared: Mapping[str, Mapping[str, list[str]]]

    def first(self, subjects: Sequence[str], predicate: str) -> str:
        """The first value that one of these places or kinds has."""
        return next((value for subject in subjects for value in self.shared.get(subject, {}).get(predicate, ())), "")


def _described(subject: str, index: int, values: Mapping[str, list[str]], around: _Around) -> Described:
    sirens = _sirens(subject, values)
    pics = {f"pic:{number}" for number in values.get("pic", ())}
    postcodes = frozenset(values.get("postcode", ()))
    insee = [*values.get("insee", ()), *(p.removeprefix(PLACE) for p in around.places if p.removeprefix(PLACE).isalnum())]
    country = (next(iter(values.get("country", ())), "") or around.first(around.places, "country")).upper()
    names = (*values.get("name", ()), *values.get("alt_name", ()), *values.get("acronym", ()))
    return Described(
        id=subject,
        package=index,
        record=values["record"][0],
        names=tuple(dict.fromkeys(names)),
        places=frozenset(around.places),
        place_names=tuple(name for place in around.places for name in around.shared.get(place, {}).get("name", ())),
        postcodes=postcodes,
        department=_department(sorted(postcodes), insee) if country in ("", "FR") else "",
        country=country or ("FR" if any(re.fullmatch(r"[0-9][0-9AB][0-9]{3}", code) for code in insee) else ""),
        position=_position(values),
        domain=domain_of(next(iter(values.get("website", ())), "")),
        family=around.first(values.get("kind", ()), "role").replace("training", "research"),
        identifiers=frozenset({subject, *values.get("alias", ()), *(f"siren:{s}" for s in sirens), *pics}),
        siren=sirens[0] if sirens else None,
        parents=around.parents,
        facts=around.facts,
    )


def _sirens(subject: str, values: Mapping[str, list[str]]) -> list[str]:
    """The SIREN of an actor, the surest first: its own attribute, its id, an alias, its VAT number."""
    told = [
        *values.get("siren", ()),
        *(text.split(":", 1)[1] for text in (subject, *values.get("alias", ())) if text.startswith(("siren:", "siret:"))),
    ]
    found = [siren_of(text) for text in told] + [siren_of_vat(text) for text in values.get("vat", ())]
    return list(dict.fromkeys(siren for siren in found if siren))


def _department(postcodes: Sequence[str], insee: Sequence[str]) -> str:
    codes = [code for code in (*postcodes, *insee) if re.fullmatch(r"[0-9][0-9AB][0-9]{3}", code)]
    return codes[0][:2] if codes else ""


def _position(values: Mapping[str, list[str]]) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(values["lat"][0]), float(values["lon"][0])
    except (KeyError, IndexError, ValueError):
        return None
    return (latitude, longitude) if (latitude, longitude) != (0.0, 0.0) else None


def _located(relations: pa.Table) -> defaultdict[str, set[str]]:
    rows = relations.filter(pc.and_(pc.equal(relations["predicate"], "locatedIn"), pc.starts_with(relations["object"], PLACE)))
    located: defaultdict[str, set[str]] = defaultdict(set)
    for subject, place in zip(rows["subject"].to_pylist(), rows["object"].to_pylist(), strict=True):
        located[subject].add(place)
    return located


def _parents(relations: pa.Table) -> defaultdict[str, set[str]]:
    """Child -> what is above it along partOf, owns (no shareholder) and governs (operator)."""
    rows = relations.filter(pc.is_in(relations["predicate"], value_set=pa.array(_ABOVE)))
    parents: defaultdict[str, set[str]] = defaultdict(set)
    columns = (rows[name].to_pylist() for name in ("subject", "predicate", "object", "qualifiers"))
    for subject, predicate, obj, qualifiers in zip(*columns, strict=True):
        role = dict(qualifiers or ()).get("role")
        if predicate == "partOf":
            parents[subject].add(obj)
        elif (predicate == "owns" and role != RelationRole.SHAREHOLDER) or (predicate == "governs" and role == RelationRole.OPERATOR):
            parents[obj].add(subject)
    return parents


def _counts(relations: pa.Table) -> Counter[str]:
    counts: Counter[str] = Counter()
    for side in ("subject", "object"):
        for row in pc.value_counts(relations[side].combine_chunks()).to_pylist():
            counts[row["values"]] += row["counts"]
    return counts
