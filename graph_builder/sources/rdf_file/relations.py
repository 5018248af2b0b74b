"""What links the organisations of an RDF file: parts, members, successions, projects, offers, needs and sectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph_builder.sources.entities.circles import circles
from graph_builder.sources.entities.info import plain_date
from graph_builder.sources.entities.ledger import Told
from graph_builder.sources.rdf_file import terms
from graph_builder.sources.rdf_file.actors import Reading, aliases, descriptions
from graph_builder.sources.rdf_file.concepts import Concepts
from graph_builder.sources.rdf_file.ids import slugs
from graph_builder.sources.rdf_file.own import Fact
from graph_builder.sources.rdf_file.terms import iri, iris
from ontology.errors import Finding
from ontology.model import TIE_ROLES, EntityKind, NeedType, ParticipationRole
from ontology.namespaces import entity_id

MOST_PARTNERS = 9
"""A project of more partners is a programme: it makes nobody the partner of anybody. The rule of the first territory."""

_BEGIN, _END = iris("time:hasBeginning"), iris("time:hasEnd")
_INSTANT = iris("time:inXSDDate time:inXSDDateTime time:inXSDDateTimeStamp time:inXSDgYear time:inXSDgYearMonth")


def add_relations(reading: Reading, told: Mapping[Fact, Told]) -> list[Finding]:
    """Add the relations between organisations; an error for each circle of parts. `told` is what `own_statements` gives."""
    above: dict[str, list[str]] = {}
    for predicate, (forward, backward) in terms.RELATIONS.items():
        for node, subject in reading.actors.items():
            own = iri(f"psr:{predicate}")
            others = [other for other in reading.graph.nodes(node, forward) if other in reading.actors]
            pairs = [(subject, reading.actors[other], told.get((node, own, other))) for other in others]
            pairs += [(reading.actors[other], subject, None) for other in reading.graph.nodes(node, backward) if other in reading.actors]
            for pair in pairs:
                reading.ledger.relation(pair[0], predicate, pair[1], reading.record("organisations", node), pair[2])
                if predicate == "partOf" and pair[0] != pair[1]:
                    above.setdefault(pair[0], []).append(pair[1])
    _memberships(reading)
    _successions(reading)
    return circles(reading.ledger.file, above, "partOf", "a part belongs to a whole, never round: remove one of these links")


def _memberships(reading: Reading) -> None:
    """org:Membership between two organisations; those of persons are gone, those of unknown members are counted."""
    for node in reading.graph.of_class(iris("org:Membership")):
        reading.read.add(node)
        graph = reading.graph
        members, wholes = (graph.nodes(node, iris(name)) for name in ("org:member", "org:organization"))
        if not members or members[0] not in reading.actors or not wholes or wholes[0] not in reading.actors:
            reading.ledger.skip("memberships whose member or organisation is not an organisation of the file", "they are left out")
            continue
        spans = graph.nodes(node, iris("org:memberDuring"))
        reading.read.update(spans)
        told = Told(_instant(reading, spans, _BEGIN), _instant(reading, spans, _END))
        reading.ledger.relation(reading.actors[members[0]], "memberOf", reading.actors[wholes[0]], reading.record("memberships", node), told)


def _instant(reading: Reading, spans: list[str], predicates: tuple[str, ...]) -> str:
    instants = [instant for span in spans for instant in reading.graph.nodes(span, predicates)]
    reading.read.update(instants)
    dates = (plain_date(literal.text) for instant in instants for literal in reading.graph.literals(instant, _INSTANT))
    return next((date for date in dates if date), "")


def _successions(reading: Reading) -> None:
    """org:ChangeEvent with one organisation before and one after."""
    graph = reading.graph
    before, after = iris("org:originalOrganization"), iris("org:resultingOrganization")
    changed = {node: graph.nodes(node, iris("org:changedBy")) for node in reading.actors}
    resulted = {node: graph.nodes(node, iris("org:resultedFrom")) for node in reading.actors}
    events = {*graph.of_class(iris("org:ChangeEvent")), *(event for listed in (*changed.values(), *resulted.values()) for event in listed)}
    for event in sorted(events):
        reading.read.add(event)
        old = {node for node, listed in changed.items() if event in listed} | {node for node in graph.nodes(event, before) if node in reading.actors}
        new = {node for node, listed in resulted.items() if event in listed} | {node for node in graph.nodes(event, after) if node in reading.actors}
        if len(old) == 1 and len(new) == 1:
            since = next((date for literal in graph.literals(event, iris("dcterms:date prov:endedAtTime")) if (date := plain_date(literal.text))), "")
            record = reading.record("changes", event)
            reading.ledger.relation(reading.actors[old.pop()], "succeededBy", reading.actors[new.pop()], record, Told(since))
        else:
            reading.ledger.skip("change events of several organisations before or after", "they are left out: who succeeds whom is not told")


# skills, sectors -----------------------------------------------------------------------------------------------------


def add_offers(reading: Reading, concepts: Concepts, told: Mapping[Fact, Told]) -> None:
    """Add what organisations say they know, seek and work in."""
    for node, actor in reading.actors.items():
        record = reading.record("organisations", node)
        for skill in concepts.ids(node, terms.OFFERS, EntityKind.SKILL):
            reading.ledger.relation(actor, "offersSkill", skill, record)
        for skill, need_type in _needs(reading, node, concepts, told):
            reading.ledger.relation(actor, "needsSkill", skill, record, Told(need_type=need_type))
        for sector in concepts.ids(node, terms.SECTORS, EntityKind.SECTOR):
            reading.ledger.relation(actor, "operatesInSector", sector, record)


def _needs(reading: Reading, node: str, concepts: Concepts, told: Mapping[Fact, Told]) -> Iterator[tuple[str, str]]:
    """The skills that an organisation seeks, and what for: a schema:Demand whose item is a described concept, nothing vaguer."""
    own = iri("psr:needsSkill")
    for address in reading.graph.nodes(node, (own,)):
        skill = concepts.concept(address, EntityKind.SKILL)
        if skill:
            yield skill, told.get((node, own, address), Told()).need_type or NeedType.OTHER.value
    for demand in reading.graph.nodes(node, terms.SEEKS):
        reading.read.add(demand)
        for item in reading.graph.nodes(demand, iris("schema:itemOffered")):
            skill = concepts.concept(item, EntityKind.SKILL)
            if skill:
                yield skill, NeedType.OTHER.value


# projects ------------------------------------------------------------------------------------------------------------


def name_projects(reading: Reading) -> None:
    """Give every project with a name its id; those without are left out and counted."""
    names = {node: reading.texts.names(node, terms.NAMES) for node in reading.graph.of_class(terms.PROJECTS)}
    unnamed = sum(not texts for texts in names.values())
    if unnamed:
        reading.ledger.skip("projects without a name", "they are left out: give each one a name", unnamed)
    taken = [actor.removeprefix(f"{reading.ledger.package}:") for actor in reading.actors.values()]
    named = slugs({node: texts[0] for node, texts in names.items() if texts}, taken)
    reading.projects = {node: f"{reading.ledger.package}:{text}" for node, text in named.items()}


def add_projects(reading: Reading, concepts: Concepts, told: Mapping[Fact, Told]) -> None:
    """Add the projects, who takes part in them and what they are about."""
    said = _participations(reading, told)
    for node, project in reading.projects.items():
        reading.read.add(node)
        record = reading.record("projects", node)
        reading.ledger.entity(project, EntityKind.PROJECT, record)
        for predicate, value in _project_attributes(reading, node, len({actor for actor, part in said[node] if part.role in TIE_ROLES})):
            reading.ledger.attribute(project, predicate, value, record)
        for actor, part in said[node]:
            reading.ledger.relation(actor, "participatesIn", project, record, part)
        for skill in concepts.ids(node, terms.TOPICS, EntityKind.SKILL):
            reading.ledger.relation(project, "about", skill, record)
        for address in reading.graph.nodes(node, terms.TOPICS):
            sector = concepts.concept(address, EntityKind.SECTOR) if (entity_id(address) or "").startswith("sector:") else None
            if sector:
                reading.ledger.relation(project, "about", sector, record)


def _participations(reading: Reading, told: Mapping[Fact, Told]) -> dict[str, list[tuple[str, Told]]]:
    """Project -> (actor, how it takes part); a partner that has another role too is told with that role alone."""
    own, partner = iri("psr:participatesIn"), Told(role=ParticipationRole.PARTNER.value)
    said: dict[str, list[tuple[str, Told]]] = {node: [] for node in reading.projects}
    for node, actor in reading.actors.items():
        for project in reading.graph.nodes(node, terms.PARTICIPATES):
            if project in said:
                said[project].append((actor, told.get((node, own, project), partner)))
    for node in reading.projects:
        for predicate, role in terms.PARTICIPANTS.items():
            others = [other for other in reading.graph.nodes(node, (predicate,)) if other in reading.actors]
            said[node] += [(reading.actors[other], Told(role=role)) for other in others]
        special = {actor for actor, part in said[node] if part.role != partner.role}
        said[node] = [(actor, part) for actor, part in dict.fromkeys(said[node]) if part.role != partner.role or actor not in special]
    return said


def _project_attributes(reading: Reading, node: str, partners: int) -> Iterator[tuple[str, str]]:
    graph, names = reading.graph, reading.texts.names(node, terms.NAMES)
    yield "name", names[0]
    yield from (("alt_name", other) for other in dict.fromkeys([*names[1:], *reading.texts.names(node, terms.OTHER_NAMES)]) if other != names[0])
    yield from descriptions(reading, node)
    for predicate, wanted in (("start", iris("schema:startDate psr:start")), ("end", iris("schema:endDate psr:end"))):
        dates = (plain_date(literal.text) for literal in graph.literals(node, wanted))
        yield predicate, next((date for date in dates if date), "")
    yield from (("website", text) for text in graph.texts(node, terms.WEBSITES)[:1])
    yield "counts_as_tie", "yes" if 2 <= partners <= MOST_PARTNERS else "no"
    yield from (("alias", alias) for alias in aliases(node))
