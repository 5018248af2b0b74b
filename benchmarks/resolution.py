"""How well actors of two sources are recognised as one: corrupted CORDIS names, 300 pairs labelled by hand, and the cost on all of CORDIS.

python benchmarks/resolution.py CORDIS_ZIP [--seed 0]      CORDIS_ZIP: the official CSV download of Horizon Europe

Weights and thresholds of the score are expert judgement; nothing is fitted here but the threshold of the second baseline, on the training half.
The author of the score had seen the territory's candidates, so the labelled pairs (b) are no blind test of it; the corrupted copies (a) are.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import math
import platform
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from graph_builder.normalise import fold, place_id
from graph_builder.resolution import AUTOMATIC, REVIEW, Resolution, resolve
from graph_builder.resolution.blocking import candidates
from graph_builder.resolution.descriptions import Described, describe
from graph_builder.resolution.matching import lexicon, probability, score
from graph_builder.resolution.sites import places, registered_elsewhere, unit_signs
from graph_builder.sources import open_source
from graph_builder.tables import Filler, Tables

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "data_seeds" / "nord-franche-comte"
PAIRS = Path(__file__).with_name("resolution_pairs.csv")
COPIES, STRANGERS = 3_000, 1_500
FAMILIES = {"PRC": "company", "HES": "research", "REC": "research", "PUB": "public"}
FORMS = {
    "sa": "Société anonyme",
    "sas": "Société par actions simplifiée",
    "sarl": "S.A.R.L.",
    "gmbh": "Gesellschaft mit beschränkter Haftung",
    "ag": "Aktiengesellschaft",
    "ltd": "Limited",
    "limited": "Ltd.",
    "srl": "Società a responsabilità limitata",
    "spa": "S.p.A.",
    "sl": "Sociedad Limitada",
    "bv": "B.V.",
    "oy": "Osakeyhtiö",
    "ab": "Aktiebolag",
}
COUNTRY_FORM = {"FR": "SAS", "DE": "GmbH", "IT": "Srl", "ES": "SL", "NL": "BV", "UK": "Ltd", "BE": "SA", "SE": "AB", "FI": "Oy", "AT": "GmbH"}


@dataclass(frozen=True)
class Firm:
    """One organisation as CORDIS writes it, or a corrupted copy of one; `truth` is the PIC that it really is."""

    key: str
    name: str
    short: str
    city: str
    country: str
    postcode: str
    website: str
    kind: str
    truth: str = ""


def read_cordis(path: Path) -> list[Firm]:
    """The organisations of the download, the first row of each PIC."""
    csv.field_size_limit(10**9)
    found: dict[str, Firm] = {}
    with zipfile.ZipFile(path) as archive, archive.open("organization.csv") as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8-sig"), delimiter=";"):
            key = row["organisationID"]
            if key and row["name"]:
                firm = Firm(
                    key, row["name"], row["shortName"], row["city"], row["country"], row["postCode"], row["organizationURL"], row["activityType"]
                )
                found.setdefault(key, firm)
    return list(found.values())


def tables(package: str, firms: Sequence[Firm]) -> Tables:
    """The firms as the tables of a package, without SIREN, VAT or PIC: names have to do."""
    filler = Filler()
    seen: set[str] = set()
    for activity, role in FAMILIES.items():
        record = filler.record(f"{package}/kinds/{activity}")
        filler.attribute(f"kind:{package}_{activity}", "role", role, record)
    for firm in firms:
        actor = f"{package}:{firm.key}"
        record = filler.record(f"{package}/organisations/{firm.key}")
        values = {"type": "Organization", "name": firm.name, "alt_name": firm.short, "country": firm.country, "postcode": firm.postcode}
        for predicate, value in {**values, "website": firm.website, "kind": f"kind:{package}_{firm.kind}"}.items():
            filler.attribute(actor, predicate, value, record)
        if firm.city:
            place = place_id(f"{firm.city} {firm.country}")
            if place not in seen:
                seen.add(place)
                filler.attribute(place, "name", firm.city, record)
                filler.attribute(place, "country", firm.country, record)
            filler.relation(actor, "locatedIn", place, record)
    return filler.tables()


# corruptions ---------------------------------------------------------------------------------------------------------


def corrupted(firm: Firm, draw: np.random.Generator) -> Firm:
    """A copy as another source might write it. Each corruption has its own chance, stated here and in docs/resolution.md."""
    name = firm.name
    if draw.random() < 0.4:
        name = _legal_form(name, firm.country, draw)
    if draw.random() < 0.3:
        name = "".join(_accent(c) if draw.random() < 0.3 else c for c in name)
    if draw.random() < 0.15:
        words = name.split()
        cut = int(draw.integers(0, len(words)))
        name = " ".join(words[cut:] + words[:cut])
    if draw.random() < 0.3:
        name = _typing_errors(name, draw)
    short = "" if draw.random() < 0.5 else firm.short
    if firm.short and fold(firm.short) != fold(firm.name) and draw.random() < 0.1:
        name, short = firm.short, ""  # the acronym alone
    city = "" if draw.random() < 0.1 else f"{firm.city.title()} Cedex" if draw.random() < 0.1 else firm.city.title()
    website = "" if draw.random() < 0.3 else firm.website
    postcode = firm.postcode if city and draw.random() < 0.7 else ""
    return replace(firm, key=f"c{firm.key}", name=name.title(), short=short, city=city, website=website, postcode=postcode, truth=firm.key)


def _legal_form(name: str, country: str, draw: np.random.Generator) -> str:
    """The name without its legal form, with it translated or written out, or with one that it had not."""
    words = name.split()
    last = fold(words[-1]).replace(" ", "")
    if len(words) > 1 and last in FORMS:
        return " ".join([*words[:-1], *([FORMS[last]] if draw.random() < 0.5 else [])])
    return f"{name} {COUNTRY_FORM[country]}" if country in COUNTRY_FORM else name


def _accent(letter: str) -> str:
    return {"E": "É", "A": "À", "O": "Ô", "U": "Ü", "I": "Ï", "C": "Ç", "N": "Ñ"}.get(letter, letter)


def _typing_errors(name: str, draw: np.random.Generator) -> str:
    letters = list(name)
    for _ in range(1 + len(letters) // 25):
        at = int(draw.integers(0, max(1, len(letters) - 1)))
        kind = int(draw.integers(0, 4))
        if kind == 0:
            letters[at : at + 2] = letters[at : at + 2][::-1]
        elif kind == 1:
            del letters[at]
        elif kind == 2:
            letters.insert(at, letters[at])
        else:
            letters[at] = chr(ord("A") + int(draw.integers(0, 26)))
        if not letters:
            return name
    return "".join(letters)


def experiment(firms: Sequence[Firm], seed: int) -> tuple[list[Firm], list[Firm]]:
    """The list that stays as it is, and the other source: corrupted copies, and strangers at the address of one that stays (shared head office)."""
    draw = np.random.default_rng(seed)
    alike = Counter((fold(f.name), f.country) for f in firms)
    usable = [f for f in firms if alike[fold(f.name), f.country] == 1 and f.city and f.country]
    order = draw.permutation(len(usable))
    copies, strangers = ([usable[i] for i in part] for part in (order[:COPIES], order[COPIES : COPIES + STRANGERS]))
    gone = {f.key for f in strangers}
    stay = [f for f in firms if f.key not in gone]
    by_country: dict[str, list[Firm]] = {}
    for firm in usable:
        if firm.key not in gone:
            by_country.setdefault(firm.country, []).append(firm)
    other = [corrupted(f, draw) for f in copies]
    for firm in strangers:
        hosts = by_country.get(firm.country)
        if hosts:
            host = hosts[int(draw.integers(0, len(hosts)))]
            moved = replace(firm, city=host.city, postcode=host.postcode, website=host.website)
            other.append(replace(corrupted(moved, draw), key=f"s{firm.key}", truth=""))
    return stay, other


# figures -------------------------------------------------------------------------------------------------------------


def wilson(hits: int, total: int) -> str:
    """A share with its 95 % interval. Source: Wilson, 1927."""
    if not total:
        return "- (0 of 0)"
    z, p = 1.96, hits / total
    middle, half = p + z * z / (2 * total), z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    low, high = ((middle + sign * half) / (1 + z * z / total) for sign in (-1, 1))
    return f"{p:.3f} [{max(0, low):.3f}, {min(1, high):.3f}] ({hits} of {total})"


def report(title: str, found: Iterable[tuple[str, str]], true: Iterable[tuple[str, str]]) -> None:
    """Precision, recall and F1 of a set of pairs."""
    found, true = set(found), set(true)
    hits = len(found & true)
    f1 = 2 * hits / (len(found) + len(true)) if found or true else math.nan
    print(f"  {title:<44} precision {wilson(hits, len(found))}   recall {wilson(hits, len(true))}   F1 {f1:.3f}")


def calibration(rows: Sequence[tuple[float, bool]]) -> None:
    """Reliability table in ten bins, and the expected calibration error."""
    chances, truth = np.array([p for p, _ in rows]), np.array([t for _, t in rows])
    error = 0.0
    for low in np.arange(10) / 10:
        here = (chances >= low) & ((chances < low + 0.1) | (low > 0.85))
        if here.any():
            error += here.mean() * abs(chances[here].mean() - truth[here].mean())
            print(f"    {low:.1f} to {low + 0.1:.1f}: said {chances[here].mean():.3f}, true {wilson(int(truth[here].sum()), int(here.sum()))}")
    print(f"    expected calibration error {error:.3f} over {len(rows)} pairs")


def half(key: str) -> str:
    """`training` or `test`, by the hash of a key, so that one actor is never in both."""
    return ("training", "test")[hashlib.sha256(key.encode()).digest()[0] % 2]


# (a) corrupted copies ------------------------------------------------------------------------------------------------


def corrupted_copies(firms: Sequence[Firm], seed: int) -> None:
    """Resolve the list with the corrupted source, and the baselines on the same pairs of lists."""
    stay, other = experiment(firms, seed)
    truth = {f"b:{f.key}": f"a:{f.truth}" for f in other if f.truth}
    print(f"(a) {len(stay)} organisations, {len(truth)} corrupted copies, {len(other) - len(truth)} strangers at a shared address; seed {seed}")
    start = time.perf_counter()
    found = resolve([("a", tables("a", stay)), ("b", tables("b", other))])
    print(f"  resolved in {time.perf_counter() - start:.1f} s; {len(found.merged)} merged, {len(found.review)} to review")
    merged = _oriented((p.a, p.b) for p in found.merged)
    shown = merged + _oriented((p.a, p.b) for p in found.review)
    best = nearest(stay, other)
    cut = best_threshold([(s, truth.get(b) == a) for b, (a, s) in best.items() if half(b) == "training"])
    names = exact(stay, other)
    for part in ("training", "test"):
        true = [(b, a) for b, a in truth.items() if half(b) == part]
        print(f" {part} half")
        report(f"merged without asking (probability >= {AUTOMATIC})", (p for p in merged if half(p[0]) == part), true)
        report("merged or shown for review", (p for p in shown if half(p[0]) == part), true)
        report("baseline: same normalised name and country", (p for p in names if half(p[0]) == part), true)
        report(f"baseline: token_sort_ratio >= {cut:.0f}, best match", ((b, a) for b, (a, s) in best.items() if s >= cut and half(b) == part), true)
    print(" calibration of the merged and reviewed pairs, test half")
    calibration(_judged(found, truth, "test"))


def _oriented(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs as (of the second source, of the first)."""
    return [(b, a) if a.startswith("a:") else (a, b) for a, b in pairs]


def _judged(found: Resolution, truth: Mapping[str, str], part: str) -> list[tuple[float, bool]]:
    rows = []
    for pair in (*found.merged, *found.review):
        ((b, a),) = _oriented([(pair.a, pair.b)])
        if half(b) == part:
            rows.append((pair.probability, truth.get(b) == a))
    return rows


def exact(stay: Sequence[Firm], other: Sequence[Firm]) -> list[tuple[str, str]]:
    """Pairs of the same normalised name and country."""
    index: dict[tuple[str, str], list[str]] = {}
    for firm in stay:
        index.setdefault((fold(firm.name), firm.country), []).append(f"a:{firm.key}")
    return [(f"b:{firm.key}", a) for firm in other for a in index.get((fold(firm.name), firm.country), ())]


def nearest(stay: Sequence[Firm], other: Sequence[Firm]) -> dict[str, tuple[str, float]]:
    """For each firm of the second source the most similar name of the first, over all countries' own firms."""
    best: dict[str, tuple[str, float]] = {}
    for country in sorted({f.country for f in other}):
        here = [f for f in stay if f.country == country]
        asked = [f for f in other if f.country == country]
        choices = [" ".join(sorted(fold(f.name).split())) for f in here]
        matrix = process.cdist([" ".join(sorted(fold(f.name).split())) for f in asked], choices, scorer=fuzz.ratio, workers=2)
        for firm, row in zip(asked, matrix, strict=True):
            if len(row):
                best[f"b:{firm.key}"] = (f"a:{here[int(row.argmax())].key}", float(row.max()))
    return best


def best_threshold(rows: Sequence[tuple[float, bool]]) -> float:
    """The threshold with the highest F1 on these scores."""
    true = sum(t for _, t in rows)

    def f1(cut: float) -> float:
        kept = [t for s, t in rows if s >= cut]
        return 2 * sum(kept) / (len(kept) + true) if kept or true else 0.0

    return max(sorted({s for s, _ in rows}), key=f1)


# (b) pairs labelled by hand ------------------------------------------------------------------------------------------


def labelled(firms: Sequence[Firm]) -> None:
    """Score the labelled pairs of the territory and CORDIS."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    actors = describe([("territory", open_source(SEED).tables()), ("c", tables("c", firms))])
    by_id, words, known = {a.id: a for a in actors}, lexicon(actors), places(actors)
    reached = {frozenset((actors[i].id, actors[j].id)) for i, j in candidates(actors).pairs}
    pairs = [(by_id[row["territory_id"]], by_id[f"c:{row['pic']}"], row["label"] == "same") for row in rows]
    true = {(a.id, b.id) for a, b, same in pairs if same}
    print(f"(b) {len(pairs)} pairs labelled by hand: {len(true)} the same, {len(pairs) - len(true)} different")
    print(f"  reached by the blocks: {wilson(sum(frozenset(p) in reached for p in true), len(true))} of those that are the same")
    scored: dict[tuple[str, str], tuple[float, bool]] = {}
    for a, b, _ in pairs:
        signs = unit_signs(a, b, known, by_id)
        scored[a.id, b.id] = probability((*score(a, b, words), *signs)), bool(signs) or registered_elsewhere(a, b)
    plain = {(a.id, b.id): max(fuzz.token_sort_ratio(fold(x), fold(y)) for x in a.names for y in b.names) for a, b, _ in pairs}
    cut = best_threshold([(plain[key], key in true) for key in plain if half(key[0]) == "training"])
    for part in ("training", "test"):
        here = [key for key in scored if half(key[0]) == part]
        wanted = [key for key in true if half(key[0]) == part]
        print(f" {part} half: {len(wanted)} the same, {len(here) - len(wanted)} different")
        report("merged without asking", (k for k in here if scored[k][0] >= AUTOMATIC and not scored[k][1]), wanted)
        report("merged or shown for review", (k for k in here if scored[k][0] >= REVIEW), wanted)
        same_name = (k for k in here if _same_name(by_id[k[0]], by_id[k[1]]))
        report("baseline: same normalised name and country", same_name, wanted)
        report(f"baseline: token_sort_ratio >= {cut:.0f}", (k for k in here if plain[k] >= cut), wanted)
    print(" calibration, all labelled pairs (hard ones on purpose: not the share met in use)")
    calibration([(scored[key][0], key in true) for key in scored])


def _same_name(a: Described, b: Described) -> bool:
    return fold(a.names[0]) == fold(b.names[0]) and a.country == b.country


def cost(firms: Sequence[Firm]) -> None:
    """Time and pairs on all of CORDIS beside the territory, and beside a list of its own size."""
    territory = open_source(SEED).tables()
    everything = tables("c", firms)
    print(f"(c) {len(firms)} organisations of CORDIS beside the territory")
    start = time.perf_counter()
    actors = describe([("territory", territory), ("c", everything)])
    described = time.perf_counter() - start
    start = time.perf_counter()
    found = candidates(actors)
    blocked = time.perf_counter() - start
    start = time.perf_counter()
    resolution = resolve([("territory", territory), ("c", everything)])
    whole = time.perf_counter() - start
    possible = sum(a.package == 0 for a in actors) * len(firms)
    print(f"  {len(found.pairs)} of {possible} pairs compared, {len(found.skipped)} blocks skipped")
    print(f"  described in {described:.1f} s, blocked in {blocked:.1f} s")
    print(f"  all of it in {whole:.1f} s: {len(resolution.merges)} merged, {len(resolution.review)} to review")
    for size in (len(firms) // 4, len(firms) // 2, len(firms)):
        mine, theirs = firms[: size // 2], firms[size // 2 : size]
        two = describe([("a", tables("a", mine)), ("b", tables("b", theirs))])
        start = time.perf_counter()
        found = candidates(two)
        seconds = time.perf_counter() - start
        skipped = ", ".join(key for key, _ in sorted(found.skipped, key=lambda row: -row[1])[:5])
        print(f"  two halves of {size}: {len(found.pairs)} pairs in {seconds:.1f} s, {len(found.skipped)} blocks skipped ({skipped})")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cordis", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    firms = read_cordis(args.cordis)
    print(f"machine: {platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    print(f"data: {args.cordis.name}, {len(firms)} PICs, and {SEED.name}")
    corrupted_copies(firms, args.seed)
    labelled(firms)
    cost(firms)


if __name__ == "__main__":
    main()
