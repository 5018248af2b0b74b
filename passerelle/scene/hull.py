"""The outline of an island."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]


def hull_path(points: Sequence[Point]) -> str:
    """The convex hull as an SVG path, coordinates rounded to units; '' without a point.

    Source: Andrew, A. M. (1979), doi:10.1016/0020-0190(79)90072-3 (monotone chain).
    """
    order = sorted(set(points))
    if not order:
        return ""
    ring = order if len(order) < 3 else [*_half(order)[:-1], *_half(order[::-1])[:-1]]
    return "M" + "L".join(f"{x:.0f},{y:.0f}" for x, y in ring) + "Z"


def _half(points: Sequence[Point]) -> list[Point]:
    """The lower hull of sorted points (the upper one when they come in reverse)."""
    out: list[Point] = []
    for point in points:
        while len(out) > 1 and _turn(out[-2], out[-1], point) <= 0:
            out.pop()
        out.append(point)
    return out


def _turn(a: Point, b: Point, c: Point) -> float:
    """Twice the signed area of the triangle, positive when a, b, c turn left (y up)."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
