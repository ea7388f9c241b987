"""Slices of one series parted into stacks that may be one volume."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

import numpy as np

from app.dicom.header_values import text
from app.dicom.slices import DISTINGUISHING, Slice

# Two slices nearer than this along the normal lie at one position (mm).
COINCIDENCE_MM = 0.01
# Directions nearer than this are one orientation: decimal strings are rounded (0.1 degree).
SAME_DIRECTION = 2e-3
# Sets of slices whose ranges overlap by this share are repeats of one region (phases, gates),
# not neighbouring bed positions, which overlap by a slice or two.
REPEAT_OVERLAP = 0.5

Stack = list[Slice]


def stacks_of(slices: Sequence[Slice]) -> list[Stack]:
    """Stacks sorted along their normal, largest first; every slice is in exactly one.

    Slices part by matrix, pixel spacing, orientation, frame of reference and stack; then, where
    they lie on top of one another, by what the headers say distinguishes them. What still
    coincides stays in the stack (the geometry reports it). Ties: original pixels before lossy
    ones, fewer coinciding slices, earlier marks first: neither file order nor names matter.
    """
    parts: dict[Hashable, Stack] = defaultdict(list)
    for item in sorted(slices, key=lambda s: s.order_key):
        parts[_shape_key(item)].append(item)
    stacks = [
        stack
        for part in parts.values()
        for same in _by_direction(part)
        for stack in _parted(same, ("lossy", *DISTINGUISHING))
    ]
    return sorted(stacks, key=_rank)


def offsets_mm(stack: Sequence[Slice]) -> np.ndarray:
    """Position of each slice along the normal of the first one (mm), shape (n,)."""
    directions = stack[0].directions
    if directions is None or any(item.position is None for item in stack):
        return np.zeros(len(stack))
    normal = np.cross(directions[0], directions[1])
    return np.asarray([item.position for item in stack], dtype=np.float64) @ normal


def same_region(one: Stack, other: Stack) -> bool:
    """Whether two stacks are images of one region: same grid and direction, overlapping."""
    if _shape_key(one[0]) != _shape_key(other[0]) or len(_by_direction([one[0], other[0]])) > 1:
        return False
    return _explains_overlap([*one, *other], [one, other])


def distinct_positions(offsets: np.ndarray) -> int:
    """Number of different positions among offsets (mm)."""
    return 1 + int(np.count_nonzero(np.diff(np.sort(offsets)) > COINCIDENCE_MM))


def _shape_key(item: Slice) -> Hashable:
    spacing = None if item.spacing is None else tuple(round(s, 4) for s in item.spacing)
    frame_of_reference = text(item.header.dataset, "FrameOfReferenceUID")
    placed = item.position is not None and item.directions is not None
    return item.rows, item.columns, spacing, frame_of_reference, item.stack_id, placed


def _by_direction(part: Stack) -> list[Stack]:
    families: list[Stack] = []
    for item in part:
        for family in families:
            ours, theirs = item.directions, family[0].directions
            if ours is None or theirs is None or np.abs(ours - theirs).max() <= SAME_DIRECTION:
                family.append(item)
                break
        else:
            families.append([item])
    return families


def _mark(keyword: str) -> Callable[[Slice], str]:
    if keyword == "lossy":
        return lambda item: "lossy" if item.lossy else ""
    index = DISTINGUISHING.index(keyword)
    return lambda item: item.marks[index]


def _parted(stack: Stack, keywords: Sequence[str]) -> list[Stack]:
    """The stack, or its parts by the first header value that explains the overlap in it."""
    if len(stack) > 1 and stack[0].position is not None:
        for depth, keyword in enumerate(keywords):
            groups: dict[str, Stack] = defaultdict(list)
            for item in stack:
                groups[_mark(keyword)(item)].append(item)
            if len(groups) > 1 and _explains_overlap(stack, list(groups.values())):
                rest = keywords[depth + 1 :]
                return [part for group in groups.values() for part in _parted(group, rest)]
    offsets = offsets_mm(stack)
    return [[stack[k] for k in np.argsort(offsets, kind="stable")]]


def _explains_overlap(stack: Stack, groups: list[Stack]) -> bool:
    """Whether the groups repeat one region rather than divide it among them."""
    offsets = dict(zip(map(id, stack), offsets_mm(stack), strict=True))
    ranges = [np.sort([offsets[id(item)] for item in group]) for group in groups]
    largest = max(distinct_positions(r) for r in ranges)
    every = distinct_positions(np.concatenate(ranges))
    coincide = every < sum(distinct_positions(r) for r in ranges)
    if coincide and largest * 2 < every:
        return False  # a value that differs from slice to slice explains nothing
    for i, one in enumerate(ranges):
        for other in ranges[i + 1 :]:
            small, big = (one, other) if len(one) <= len(other) else (other, one)
            if len(small) == 1:
                inside = np.abs(big - small[0]).min() <= COINCIDENCE_MM
            else:
                near = (small >= big[0] - COINCIDENCE_MM) & (small <= big[-1] + COINCIDENCE_MM)
                inside = near.mean() >= REPEAT_OVERLAP
            if inside:
                return True
    return False


def _mark_order(mark: str) -> tuple[float, str]:
    try:
        return float(mark), ""
    except ValueError:
        return float("inf"), mark


def _rank(stack: Stack) -> tuple[object, ...]:
    first = stack[0]
    placed = first.position is not None and first.directions is not None
    return (
        not placed,
        -distinct_positions(offsets_mm(stack)),
        first.lossy,
        len(stack),
        tuple(_mark_order(mark) for mark in first.marks),
        min(item.order_key for item in stack),
    )
