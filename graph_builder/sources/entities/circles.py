"""Links that should lead up and go round."""

from __future__ import annotations

from ontology.errors import Finding


def circles(file: str, above: dict[str, list[str]], column: str, accepted: str) -> list[Finding]:
    """An error for each circle of links that should lead up."""
    import networkx as nx

    graph = nx.DiGraph([(below, target) for below, targets in sorted(above.items()) for target in targets])
    rounds = [sorted(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]
    return [Finding(file, None, column, f"a circle: {', '.join(part[:5])}{' …' if len(part) > 5 else ''}", accepted) for part in sorted(rounds)]
