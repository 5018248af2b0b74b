"""`passerelle validate`: the findings of a source, and of the RDF that it gives."""

from __future__ import annotations

from pathlib import Path

from graph_builder.pipeline import assemble
from graph_builder.rdf import graph
from graph_builder.snapshot import in_memory
from graph_builder.sources import open_source
from ontology.errors import Finding
from ontology.reading import FORMATS
from ontology.validate import rdf_findings, shacl_findings


def source_findings(spec: str, *, rdf: bool) -> list[Finding]:
    """Everything that is wrong or doubtful in a source; with `rdf`, in the RDF that it gives, which the shapes of the ontology check.

    A file of RDF is checked as it is. Raises InputError when the source cannot be read.
    """
    if rdf and Path(spec).suffix.lower() in FORMATS:
        return rdf_findings(Path(spec))
    source = open_source(spec)
    found = list(source.validate()) if hasattr(source, "validate") else []
    if not rdf or any(finding.severity == "error" for finding in found):
        return found
    made = assemble([source], lambda _: None)
    return [*found, *shacl_findings(graph(in_memory(made.tables, made.packages)))]
