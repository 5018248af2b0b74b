"""Where islands stand in a frame: linked ones near each other, none on another, room for a title above each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TITLE = 46.0
"""Height kept free above an island for two lines of title, in units of the frame."""
EDGE = 16.0
"""Width kept free around an island for its shore."""
SIDE = 176.0
"""Least width and height of an island with its title: a line of 25 letters."""
CORNER = (84.0, 156.0)
"""Width and height of the top right corner, kept free for the buttons of the scene."""
FULL = 0.95
"""Share of the frame that the boxes of the islands fill before they shrink until they fit."""
LARGEST = 2.5
"""The radii asked for grow by this factor at most; what room is left then lies between the islands."""
REST = 1.05
"""Links pull until the boxes of two islands are this near (1: they touch)."""
SHRINK = 0.985
SIZES = 150
"""Sizes tried at most, each SHRINK times the one before."""
TOUCH = 0.012
"""Overlap of two boxes, as a share of their size, that counts as none: their shores are wider."""
STARTS = 64
"""Arrangements that move at once, at most; fewer where `starts` times the squared number of boxes would pass BUDGET."""
BUDGET = 12_000
ENOUGH = 1 / 6
"""Share of the arrangements that must be free of overlap before the one with the shortest links is chosen."""
CALM = 0.6
"""How fast links pull, per step, while islands find their neighbours; none while they shrink: many pulls would jam them."""
WARM_UP, PER_SIZE = 160, 40
"""Steps before the islands shrink, and at each size."""


@dataclass(frozen=True)
class Packing:
    """Islands in their frame: `centre` (k, 2), `radius` (k,), and `zoom`, the factor that the radii asked for were multiplied by."""

    centre: Array
    radius: Array
    zoom: float


@dataclass(frozen=True)
class _Task:
    """What is to be packed: radii (k,) asked for, pull (k, k) between islands, which ones want a corner, and the frame."""

    radius: Array
    pull: Array
    aside: NDArray[np.bool_]
    frame: Array
    air: float = 1.0

    def boxes(self, zoom: float, ease: float) -> Array:
        """Width and height (k + 1, 2) of each island with shore and title; the last one is the corner of the buttons."""
        side = min(SIDE, 0.66 * float(np.sqrt(self.frame.prod() / max(len(self.radius), 1))))
        ease = ease * side / SIDE
        wide = np.maximum(2 * (zoom * self.radius + ease * EDGE), ease * SIDE)
        high = np.maximum(2 * (zoom * self.radius + ease * EDGE) + ease * TITLE, ease * SIDE)
        return np.vstack([self.air * np.stack([wide, high], axis=1), np.minimum(CORNER, 0.2 * self.frame)])

    def growth(self, zoom: float) -> float:
        """Factor by which the boxes at this zoom must grow to fill FULL of the frame."""
        return float(np.sqrt(FULL * self.frame.prod() / self.boxes(zoom, 1.0).prod(axis=1).sum()))


def pack(radius: Array, pull: Array, aside: NDArray[np.bool_], frame: tuple[float, float], *, rng: np.random.Generator) -> Packing:
    """Centres and radii of islands in `frame` (width, height), as large as fits, at most LARGEST times the radii asked for.

    `pull` (k, k) is symmetric, >= 0: the weight of the links between two islands; islands `aside` go to a corner. Many
    starts move at once: links pull, islands push each other off, then all shrink step by step until some starts are free
    of overlap, and the one with the shortest links is kept. Two islands never overlap: their boxes, rounded as
    superellipses of power 4, do not. Deterministic for a given state of `rng`.
    """
    task = _Task(radius, pull / max(float(pull.sum(axis=1).max(initial=0.0)), 1e-9), aside, np.asarray(frame, dtype=np.float64))
    zoom = LARGEST
    for _ in range(12):
        zoom *= min(1.0, task.growth(zoom))
    task = replace(task, air=max(1.0, task.growth(zoom)))
    starts = max(2, min(STARTS, BUDGET // (len(radius) + 1) ** 2))
    home = rng.random((starts, len(radius), 2)) * task.frame
    corner = np.array([[1, 1], [0, 1], [0, 0]])[rng.integers(0, 3, (starts, len(radius)))] * task.frame
    home = _moved(task, task.boxes(zoom, 1.0), home, corner, steps=WARM_UP, calm=CALM)
    for factor in SHRINK ** np.arange(SIZES):
        boxes = task.boxes(zoom * factor, float(np.sqrt(factor)))
        home = _moved(task, boxes, home + rng.normal(size=home.shape), corner, steps=PER_SIZE, calm=0.0)
        worst = _overlap(_with_corner(task, boxes, home), boxes)
        if (worst < TOUCH).sum() >= ENOUGH * starts and (boxes[:-1] <= task.frame).all():
            break
    free = np.flatnonzero(worst <= max(TOUCH, worst.min()))
    best = free[np.argmin([_length(task, home[k]) for k in free])]
    return _settled(task, boxes, home[best], zoom * float(factor))


def _with_corner(task: _Task, boxes: Array, home: Array) -> Array:
    """Centres (s, k + 1, 2): the last one is the corner of the buttons."""
    fixed = np.array([task.frame[0] - boxes[-1, 0] / 2, boxes[-1, 1] / 2])
    return np.concatenate([home, np.broadcast_to(fixed, (len(home), 1, 2))], axis=1)


def _nearness(gap: Array, boxes: Array) -> Array:
    """Distance of every two boxes (s, k + 1, k + 1): 1 where they touch, below where they overlap; infinite to itself."""
    ratio = gap / ((boxes[:, None] + boxes) / 2)
    ratio *= ratio
    near = np.sqrt(np.sqrt((ratio * ratio).sum(axis=3)))
    near[:, np.arange(len(boxes)), np.arange(len(boxes))] = np.inf
    return np.asarray(near)


def _overlap(centre: Array, boxes: Array) -> Array:
    """The deepest overlap of two boxes in each start (s,), as a share of their size."""
    return np.asarray(1.0 - _nearness(centre[:, :, None] - centre[:, None], boxes).min(axis=(1, 2)))


def _moved(task: _Task, boxes: Array, home: Array, corner: Array, *, steps: int, calm: float) -> Array:
    """Centres after some steps of pull (fading), push and the walls of the frame."""
    low = boxes[:-1] / 2
    high = np.maximum(task.frame - low, low)
    for step in range(steps):
        centre = _with_corner(task, boxes, home)
        gap = centre[:, :, None] - centre[:, None]
        near = np.maximum(_nearness(gap, boxes), 1e-6)
        lack = np.maximum(0.0, 1.0 - near)
        crowd = np.maximum(1.0, 0.5 * (lack > 0).sum(axis=2))
        push = 0.5 * np.einsum("sijd,sij->sid", gap, lack / np.maximum(near, 0.2)) / crowd[..., None]
        loose = calm * (1 - step / steps) * np.maximum(0.0, 1.0 - REST / near[:, :-1, :-1])
        draw = -np.einsum("sijd,sij->sid", gap[:, :-1, :-1], task.pull * loose)
        draw += calm * (1 - step / steps) * task.aside[None, :, None] * (corner - home)
        home = np.clip(home + push[:, :-1] + draw, low, high)
    return home


def _length(task: _Task, home: Array) -> float:
    """Mean length of the links between islands, in units of the frame; islands aside count by their way to a side."""
    far = np.linalg.norm(home[:, None] - home, axis=2)
    wall = np.minimum(home, task.frame - home).sum(axis=1)[task.aside].sum()
    return float((task.pull * far).sum() / max(float(task.pull.sum()), 1e-9) + 0.6 * wall)


def _settled(task: _Task, boxes: Array, home: Array, zoom: float) -> Packing:
    """The islands in their boxes: each below its own title, a single one in the middle of the frame."""
    if len(home) == 1:
        home = task.frame[None] / 2
    radius = zoom * task.radius
    shift = np.minimum(TITLE / 2, (boxes[:-1, 1] / 2 - radius) * TITLE / (TITLE + 2 * EDGE))
    return Packing(home + np.stack([np.zeros(len(home)), shift], axis=1), radius, zoom)
