"""What an export says of itself: title, date, licence, digest; the same words in every format."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from graph_builder.canonical import PackageEntry
from graph_builder.snapshot import Snapshot
from ontology.errors import QueryError

TITLE = "Passerelle"


def packages(snapshot: Snapshot) -> tuple[PackageEntry, ...]:
    """The packages that have facts here, as they are named: first those that say which places are inside the territory, then by name.

    A package of which every fact was left out is not among them; where no fact tells its package, all are.
    """
    named = {entry["name"]: entry for entry in snapshot.manifest.packages}
    present = _heads(snapshot.records["record"]) & named.keys()
    facts = snapshot.attributes
    inside = _heads(facts.filter(pc.and_(pc.equal(facts["predicate"], "inside"), pc.equal(facts["value"], "yes")))["record"])
    chosen = (entry for entry in snapshot.manifest.packages if entry["name"] in present or not present)
    return tuple(sorted(chosen, key=lambda entry: (entry["name"] not in inside, entry["name"])))


def _heads(records: pa.ChunkedArray) -> set[str]:
    """The packages of records: what stands before the first slash of their keys."""
    return {str(key).partition("/")[0] for key in records.unique().to_pylist()}


def title(snapshot: Snapshot, lang: str = "fr") -> str:
    """Titles of the packages, after the name of this product."""
    titles = [entry["title_en"] if lang == "en" else entry["title_fr"] for entry in packages(snapshot)]
    return f"{TITLE} – {', '.join(titles)}" if titles else TITLE


def created(snapshot: Snapshot) -> date:
    """Day of the newest package; QueryError when the snapshot names none, since an export is dated by its data."""
    days = [entry["created"] for entry in packages(snapshot)]
    if not days:
        raise QueryError(f"the snapshot {snapshot.digest} names no package, so its export has no date; build it from a package")
    return date.fromisoformat(max(days)[:10])


def licences(snapshot: Snapshot) -> str:
    """Licences of the packages, where the manifest tells them; "" where it does not."""
    told = (entry["licences"] for entry in packages(snapshot))
    return "; ".join(dict.fromkeys(licence for licence in told if licence))


def notes(snapshot: Snapshot) -> list[tuple[str, str]]:
    """What to know before use, as pairs of a label and a text, French first, then English."""
    named = "; ".join(" ".join((entry["name"], entry["version"], f"({entry['created']})")) for entry in packages(snapshot))
    day, licence = created(snapshot).isoformat(), licences(snapshot)
    fr = licence or "celle du paquet d'origine (voir son dossier)"
    en = licence or "that of the original package (see its folder)"
    return [
        ("Contenu", f"{title(snapshot)} : organisations, projets, compétences, secteurs, lieux, et leurs relations. Aucune personne physique."),
        ("Données du", f"{day} ; paquets : {named}"),
        ("Empreinte", f"{snapshot.digest} (la même pour les mêmes faits)"),
        ("Sources", "Chaque fait cite ses sources ; chaque source porte son adresse, sa licence et ce qu'elle permet de rediffuser."),
        ("Licence", f"Pour la compilation, {fr} ; ce qui vient d'autrui garde ses conditions (colonnes licence et redistribution des sources)."),
        ("À savoir", "basis = stated : une source le dit ; inferred : une règle le suppose, à vérifier. Ce qui manque ici peut exister."),
        ("Content", f"{title(snapshot, 'en')}: organisations, projects, skills, sectors, places, and their relations. No natural persons."),
        ("Data of", f"{day}; packages: {named}"),
        ("Digest", f"{snapshot.digest} (the same for the same facts)"),
        ("Sources", "Every fact cites its sources; every source has its address, its licence and what it allows to pass on."),
        ("Licence", f"Of the compilation, {en}; what comes from others keeps its terms (columns licence and redistribution of the sources)."),
        ("Good to know", "basis = stated: a source says so; inferred: a rule supposes it, to be checked. What is absent here may well exist."),
    ]
