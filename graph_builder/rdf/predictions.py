"""Predicted links as RDF: a graph of their own, never beside the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from graph_builder.rdf.terms import iri, literal, name, xsd
from ontology.namespaces import BASE, entity_iri, graph_iri, prediction_iri, statement_iri

if TYPE_CHECKING:
    import pyarrow as pa

    from graph_builder.rdf.facts import Quad


def predicted_quads(table: pa.Table, base: str = BASE) -> Iterator[Quad]:
    """A `psr:PredictedLink` per row, in the graph `predictions`, with score, band, reasons and the statements it rests on.

    Columns: subject, object, score, band, basis, text_fr, text_en, statements; a score that is not in [0, 1] is left out, for SHACL to find.
    """
    graph = iri(graph_iri("predictions", base))
    for row in table.to_pylist():
        link = iri(prediction_iri(row["subject"], row["object"], base))
        yield link, name("rdf:type"), name("psr:PredictedLink"), graph
        yield link, name("psr:head"), iri(entity_iri(row["subject"], base)), graph
        yield link, name("psr:tail"), iri(entity_iri(row["object"], base)), graph
        if row["score"] is not None and 0 <= row["score"] <= 1:
            yield link, name("psr:score"), xsd(repr(float(row["score"])), "double"), graph
        for prop, column in (("psr:band", "band"), ("psr:scoreBasis", "basis")):
            if row[column]:
                yield link, name(prop), literal(row[column]), graph
        for lang in ("fr", "en"):
            if row[f"text_{lang}"]:
                yield link, name("psr:reason"), literal(row[f"text_{lang}"], lang=lang), graph
        for statement in row["statements"] or ():
            yield link, name("prov:wasDerivedFrom"), iri(statement_iri(statement, base)), graph
