"""Splits: which group of recordings goes to training, to validation, to testing."""

import hashlib
from collections.abc import Sequence

import numpy as np

SPLITS = ("training", "validation", "testing")
EMPTY = 100.0  # what a split without a language costs: more than any distance from the shares
CLOSED = 1e9  # excess of a split whose share is 0; not infinite, as 0 * infinity is no number
MOST_SWAPPED = 1_000  # groups; among more, moving single ones comes as near


def key_of(name: str, seed: int) -> str:
    """Return what `name` is ordered by: random to the eye, the same for the same seed."""
    return hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=16).hexdigest()


def assigned(
    amounts: np.ndarray, shares: Sequence[float], keys: Sequence[str], fixed: Sequence[int] = ()
) -> np.ndarray:
    """Return the split of each group, shape (groups,), dtype int: a place in `shares`.

    amounts: shape (groups, languages), int, how much of each language a group holds.
    shares: what each split is to have of every language, in any unit; one with 0 stays empty.
    keys: of each group, deciding among equals.   fixed: of each group, its split, where that is
    known before, or -1.

    Largest first, each group goes where it brings the languages nearest to the shares (least
    squares); then single groups move and pairs change places as long as that helps. That a split
    has something of each language comes before the shares. Whatever the order of the groups, each
    gets the same split.
    """
    target = np.array(shares, dtype=float)[:, None] / sum(shares)
    parts = amounts / np.maximum(amounts.sum(axis=0), 1)
    known = np.array(fixed if len(fixed) else [-1] * len(parts), dtype=int)
    order = sorted(
        range(len(parts)), key=lambda group: (known[group] < 0, -parts[group].sum(), keys[group])
    )
    parts, known = parts[order], known[order]

    # what each split has too much of each language, shape (splits, languages)
    excess = np.where(target > 0, -target, CLOSED).repeat(parts.shape[1], axis=1)
    split = np.zeros(len(parts), dtype=int)
    for group, part in enumerate(parts):
        free = known[group] < 0
        split[group] = np.argmin((2 * excess + part) @ part) if free else known[group]
        excess[split[group]] += part
    while _improved(split, parts, target, known < 0):
        pass
    result = np.empty_like(split)
    result[order] = split
    return result


def _improved(split: np.ndarray, parts: np.ndarray, target: np.ndarray, free: np.ndarray) -> bool:
    """Make the one change of `split` that helps most, of free groups; return whether one did."""
    groups = np.arange(len(parts))
    member = split == np.arange(len(target))[:, None]  # (splits, groups)
    holds = (parts > 0).astype(float)
    held = member @ holds  # (splits, languages): by how many groups
    empty = ((held == 0) & (target > 0)).astype(float)
    alone = holds * (held == 1)[split]  # (groups, languages): nobody else in its split has it
    pull = parts @ (member @ parts - target).T  # (groups, splits)
    own = pull[groups, split]
    size = (parts**2).sum(axis=1)

    moved = 2 * (size[:, None] - own[:, None] + pull)
    moved += EMPTY * (alone.sum(axis=1)[:, None] - holds @ empty.T)
    moved[:, target[:, 0] == 0] = np.inf
    moved[groups, split] = 0
    moved[~free] = 0
    group, to = np.unravel_index(np.argmin(moved), moved.shape)
    best = moved[group, to]

    if best > -EMPTY / 2 and len(parts) <= MOST_SWAPPED:
        towards = pull[:, split]  # (groups, groups): of the first into the split of the second
        change = alone @ (1 - holds).T - empty[split] @ holds.T
        swapped = size[:, None] - 2 * parts @ parts.T + towards - own[:, None] + EMPTY / 2 * change
        swapped += size[None] + towards.T - own[None] + EMPTY / 2 * change.T
        swapped *= 2
        swapped[(split[:, None] == split) | ~free[:, None] | ~free] = 0
        first, second = np.unravel_index(np.argmin(swapped), swapped.shape)
        if swapped[first, second] < min(best, -1e-9):
            split[[first, second]] = split[[second, first]]
            return True
    if best < -1e-9:
        split[group] = to
        return True
    return False
