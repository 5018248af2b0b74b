"""Any RDF file that describes organisations with W3C ORG, FOAF, schema.org or SKOS, as a source. What is read is in docs/rdf-in.md."""

from __future__ import annotations

from pathlib import Path

from graph_builder.sources.entities.file import EntityFile, Outcome
from graph_builder.sources.entities.info import add_source, package_info, stated_date
from graph_builder.sources.entities.ledger import Ledger, add_kind
from graph_builder.sources.findings import capped
from graph_builder.sources.rdf_file import terms
from graph_builder.sources.rdf_file.about import Texts, about, language
from graph_builder.sources.rdf_file.actors import Reading, add_actors, class_kind, name_actors, own_kind
from graph_builder.sources.rdf_file.concepts import Concepts
from graph_builder.sources.rdf_file.graph import BLANK, RdfGraph
from graph_builder.sources.rdf_file.looks import RDF
from graph_builder.sources.rdf_file.own import OWN_PACKAGE, STATEMENTS, own_statements
from graph_builder.sources.rdf_file.parse import read_graph
from graph_builder.sources.rdf_file.places import add_places
from graph_builder.sources.rdf_file.relations import add_offers, add_projects, add_relations, name_projects
from ontology.errors import Finding, InputError

ORGANISATIONS = "org:Organization, foaf:Organization, schema:Organization or one of their kinds (docs/rdf-in.md lists them)"
MOST_TOLD = 12
"""Unread properties and classes that are named one by one; the others are counted together."""

_OWN = "statements and records: the file is an RDF export of this product"
_LOSSLESS = "sources and confidence of each fact are lost; the lossless way back is the CSV package (passerelle export csv; tables/ of the open data)"


class RdfFile(EntityFile):
    """The organisations of an RDF file."""

    def _read_now(self) -> Outcome:
        graph, findings = read_graph(self.path)
        if graph is None:
            return None, None, findings
        said = about(graph)
        info, dated = package_info(self.path, said, self._created)
        if not graph.of_class(terms.KIND_OF):
            dated.append(Finding(self.path.name, None, None, "no organisation in the file", f"looked for {ORGANISATIONS}"))
        if any(finding.severity == "error" for finding in dated):
            return info, None, dated
        ledger = Ledger(info.name, self.path.name)
        published = stated_date(self.path, said, self._created)
        source = add_source(ledger, info, said, published)
        reading = Reading(graph, ledger, Texts(graph, language(graph)), source, published)
        errors = _fill(reading)
        findings = capped([*errors, *dated, *ledger.warnings()])
        return info, None if errors else ledger.tables(), findings


def open_rdf(path: Path) -> RdfFile:
    """The source of an RDF file; InputError for a folder."""
    if path.is_dir():
        raise InputError(f"{path}: a folder; give one RDF file ({RDF})")
    return RdfFile(path)


def _fill(reading: Reading) -> list[Finding]:
    """Fill the ledger from the graph; returns the errors."""
    graph, ledger = reading.graph, reading.ledger
    if graph.persons:
        ledger.skip("natural persons", "they are left out with everything that hangs on them: no personal data is stored", graph.persons)
    name_actors(reading)
    name_projects(reading)
    if not reading.actors:
        return [Finding(ledger.file, None, None, "no organisation with a name", f"looked for {ORGANISATIONS}, with a name")]
    add_actors(reading, {node: own_kind(reading, node) or _class_kind(reading, node) for node in reading.actors})
    add_places(reading)
    concepts, told = Concepts(reading), own_statements(graph)
    add_offers(reading, concepts, told)
    add_projects(reading, concepts, told)
    errors = [*add_relations(reading, told), *concepts.relate()]
    _report_unread(reading)
    return errors


def _class_kind(reading: Reading, node: str) -> str:
    return add_kind(reading.ledger, "rdf", class_kind(reading.graph, node), reading.source)


def _report_unread(reading: Reading) -> None:
    """Count what the file says and nobody read: properties of what was read, and things of other classes."""
    graph, ledger = reading.graph, reading.ledger
    for node in reading.read:
        contacts = len(graph.texts(node, terms.CONTACTS)) + sum(term.startswith(BLANK) for term in graph.nodes(node, terms.CONTACTS))
        if contacts:
            ledger.skip("contact details", "they are left out: contact details are not stored", contacts)
    unread = graph.unread(reading.read)
    for predicate, count in unread.most_common(MOST_TOLD):
        ledger.skip(f"values of {terms.prefixed(predicate)}", "this property is not read", count)
    others = [count for _, count in unread.most_common()[MOST_TOLD:]]
    if others:
        ledger.skip(f"values of {len(others)} other properties", "these properties are not read", sum(others))
    _report_things(graph, reading)


def _report_things(graph: RdfGraph, reading: Reading) -> None:
    classes: dict[str, int] = {}
    known, own = terms.DATASETS | {terms.SUBCLASS}, 0
    for node in graph.subjects():
        named = graph.classes(node) - known
        if not named.isdisjoint(STATEMENTS):
            own += 1
        elif node not in reading.read and named and graph.classes(node).isdisjoint(terms.DATASETS):
            name = min(named)
            classes[name] = classes.get(name, 0) + 1
    for name, count in sorted(classes.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOLD]:
        reading.ledger.skip(f"things of the class {terms.prefixed(name)}", "nothing that was read names them, or this class is not read", count)
    if own or graph.of_class(OWN_PACKAGE):
        reading.ledger.skip(_OWN, _LOSSLESS, own)
