"""What the catalogue and the page say of the datasets, in French and in English."""

from __future__ import annotations

from graph_builder.exports.catalogue_coverage import Coverage, Words

KEYWORDS = (
    Words("écosystème", "ecosystem"),
    Words("entreprises", "companies"),
    Words("recherche", "research"),
    Words("formation", "training"),
    Words("compétences", "skills"),
    Words("graphe de connaissances", "knowledge graph"),
)
PREDICTED_KEYWORDS = (Words("liens prédits", "predicted links"), Words("hypothèses", "hypotheses"))

ORIGINS = {
    "facts": Words("Faits relevés dans les sources que nomme LICENCE.md.", "Facts read in the sources that LICENCE.md names."),
    "predictions": Words(
        "Calculés par l'outil Passerelle à partir des faits ; aucune source ne les atteste.",
        "Computed by the tool Passerelle from the facts; no source attests them.",
    ),
}


def facts_text(covered: Coverage) -> tuple[Words, Words]:
    """Title and description of the dataset of facts."""
    counts = covered.counts
    projects, sources, outside = (counts[kind] for kind in ("Project", "Source", "outside"))
    here = counts["Organization"] - outside
    actors = (
        Words(f"{here} ici, {outside} partenaires ailleurs", f"{here} here, {outside} partners elsewhere") if outside else Words(str(here), str(here))
    )
    return (
        Words(f"{covered.title.fr} : qui fait quoi, avec qui", f"{covered.title.en}: who does what, with whom"),
        Words(
            f"Acteurs ({actors.fr}), projets ({projects}), savoir-faire offerts et demandés, secteurs et relations : des faits publics, "
            f"chacun avec sa source ({sources} sources) et sa confiance. Des organisations seulement, aucune personne physique.",
            f"Actors ({actors.en}), projects ({projects}), skills offered and needed, sectors and relations: public facts, each with its "
            f"source ({sources} sources) and its confidence. Organisations only, no natural persons.",
        ),
    )


def predictions_text(covered: Coverage) -> tuple[Words, Words]:
    """Title and description of the dataset of predictions: nobody may take it for facts."""
    return (
        Words(f"{covered.title.fr} : liens prédits (hypothèses, non des faits)", f"{covered.title.en}: predicted links (hypotheses, not facts)"),
        Words(
            "Des rencontres que l'outil Passerelle calcule comme plausibles entre acteurs qu'aucune source ne relie, avec un score et des "
            "raisons. Ces liens ne sont attestés par personne : ce sont des questions à poser, à ne pas mêler aux faits.",
            "Meetings that the tool Passerelle computes as plausible between actors that no source links, with a score and reasons. "
            "Nobody attests these links: they are questions to ask, not to be mixed with the facts.",
        ),
    )
