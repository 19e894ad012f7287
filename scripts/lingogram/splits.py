"""Splits: which group of recordings goes to training, to validation, to testing."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

SPLITS = ("training", "validation", "testing")
ALONE = RECORDING, SEGMENT = "recording", "segment"  # in place of a column: each is a group
EMPTY = 100.0  # what a split without a language costs: more than any distance from the shares
CLOSED = 1e9  # excess of a split whose share is 0; not infinite, as 0 * infinity is no number
HELPS = 1e-13  # the fourth power of 0.06 % of a language
SWAPPED = 10_000_000  # pairs of groups, times kinds; with more, moving single ones comes as near
KICKS = 600  # how often some groups are moved by chance to start anew ...
KICKED = 24_000  # ... but no more than this over the groups


def columns_of(group: Sequence[str]) -> list[str]:
    """Return the columns that groups share; none where each recording or segment is a group."""
    return [column for column in group if column not in ALONE]


def key_of(name: str, seed: int) -> str:
    """Return what `name` is ordered by: random to the eye, the same for the same seed."""
    return hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=16).hexdigest()


def assigned(
    amounts: np.ndarray,
    shares: Sequence[float],
    keys: Sequence[str],
    fixed: Sequence[int] = (),
    weights: Sequence[float] = (),
) -> np.ndarray:
    """Return the split of each group, shape (groups,), dtype int: a place in `shares`.

    amounts: shape (groups, kinds), int, how much of each kind, such as a language, a group holds.
    shares: what each split is to have of every kind, in any unit; one with 0 stays empty.
    keys: of each group, deciding among equals.   fixed: of each group, its split, where that is
    known before, or -1.   weights: of each kind, by which its distance from the shares counts, 1
    where nothing else is said; of a kind that weighs less, a split may have nothing.

    Largest first, each group goes where it brings the kinds nearest to the shares; then single
    groups move and pairs change places as long as that helps; then, a few hundred times, some move
    by chance, and what follows is kept if it is better. Better is: first, that every split has
    something of every kind, then, that the sum of the fourth powers of the distances from the
    shares is less, so that the largest count. Whatever the order of the groups, each gets the same.
    """
    weight = np.array(weights if len(weights) else [1] * amounts.shape[1], dtype=float)
    target = np.array(shares, dtype=float)[:, None] / sum(shares) * weight
    parts = amounts / np.maximum(amounts.sum(axis=0), 1) * weight
    known = np.array(fixed if len(fixed) else [-1] * len(parts), dtype=int)
    order = sorted(
        range(len(parts)), key=lambda group: (known[group] < 0, -parts[group].sum(), keys[group])
    )
    parts, split = parts[order], known[order]
    free = split < 0

    # what each split has too much of each kind, shape (splits, kinds)
    excess = np.where(target.any(axis=1, keepdims=True), -target, CLOSED)
    for group, part in enumerate(parts):
        if free[group]:
            split[group] = np.argmin((2 * excess + part) @ part)
        excess[split[group]] += part

    sought = _Sought(parts, target, ((parts > 0) & (weight == 1)).astype(float), free)
    split = _descended(split, sought)
    if free.any() and sought.few:
        split = _kicked(split, sought, key_of("".join(sorted(keys)), len(parts)))
    result = np.empty_like(split)
    result[order] = split
    return result


class _Sought(NamedTuple):
    parts: np.ndarray  # (groups, kinds): which share of a kind a group holds
    target: np.ndarray  # (splits, kinds): which a split is to have
    holds: np.ndarray  # (groups, kinds): 1 where it helps that a split is not without a kind
    free: np.ndarray  # (groups,): may be moved

    @property
    def few(self) -> bool:
        """Whether all pairs of groups can be compared."""
        return len(self.parts) * self.parts.size <= SWAPPED

    def state(self, split: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return excess, holders and lack, each of shape (splits, kinds)."""
        member = (split == np.arange(len(self.target))[:, None]).astype(float)
        held = member @ self.holds
        lack = (held == 0) & (self.target > 0) & self.holds.any(axis=0)
        return member @ self.parts - self.target, held, lack.astype(float)


def _cost(excess: np.ndarray) -> np.ndarray:
    squares = excess * excess
    return (squares * squares).sum(axis=-1)


def _kicked(split: np.ndarray, sought: _Sought, key: str) -> np.ndarray:
    """Return the best that is found by moving some groups by chance and improving on that."""
    random = np.random.RandomState(int(key[:8], 16))  # its numbers are the same in every version
    movable, wanted = np.flatnonzero(sought.free), np.flatnonzero(sought.target.any(axis=1))
    kinds = np.flatnonzero(sought.parts[movable].any(axis=0))
    best, least = split, np.inf
    for _ in range(1 + min(KICKS, KICKED // len(split))):
        excess, _, lack = sought.state(split)
        cost = _cost(excess).sum() + EMPTY * lack.sum()
        if cost < least - HELPS:
            best, least = split, cost
        if least < 100 * HELPS:
            break
        kind = random.choice(kinds)
        among = movable[sought.parts[movable, kind] > 0]
        moved = random.choice(among, min(random.randint(1, 7), len(among)), replace=False)
        split = best.copy()
        split[moved] = random.choice(wanted, len(moved))
        split = _descended(split, sought)
    return best


def _descended(split: np.ndarray, sought: _Sought) -> np.ndarray:
    split = split.copy()
    while _improved(split, sought):
        pass
    return split


def _improved(split: np.ndarray, sought: _Sought) -> bool:
    """Make the one change of `split` that helps most, of free groups; return whether one did."""
    parts, target, holds, free = sought
    excess, held, lack = sought.state(split)
    before = _cost(excess)
    alone = holds * (held == 1)[split]  # (groups, kinds): nobody else in its split has it

    moved = (_cost(excess[split] - parts) - before[split])[:, None]
    moved = moved + _cost(excess + parts[:, None]) - before  # (groups, splits)
    moved += EMPTY * (alone.sum(axis=1)[:, None] - holds @ lack.T)
    moved[:, ~target.any(axis=1)] = np.inf
    moved[np.arange(len(parts)), split] = 0
    moved[~free] = 0
    group, to = np.unravel_index(np.argmin(moved), moved.shape)
    best = moved[group, to]

    if best > -EMPTY / 2 and sought.few:
        change = alone @ (1 - holds).T - lack[split] @ holds.T
        swapped = _cost(excess[split][:, None] + parts - parts[:, None])  # (groups, groups)
        swapped += EMPTY * change - before[split][:, None]  # the second in place of the first
        swapped += swapped.T.copy()
        swapped[(split[:, None] == split) | ~free[:, None] | ~free] = 0
        first, second = np.unravel_index(np.argmin(swapped), swapped.shape)
        if swapped[first, second] < min(best, -HELPS):
            split[[first, second]] = split[[second, first]]
            return True
    if best < -HELPS:
        split[group] = to
        return True
    return False
