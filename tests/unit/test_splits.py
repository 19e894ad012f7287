"""Groups go to splits as near the shares as whole groups allow, in any order the same."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from lingogram import splits

SHARES = (75, 20, 5)


def keys(count, seed=1):
    return [splits.key_of(f"group {number}", seed) for number in range(count)]


def parts(amounts, split):
    """Return the share of each split in each language, shape (splits, languages)."""
    member = split == np.arange(3)[:, None]
    return member @ amounts / np.maximum(amounts.sum(axis=0), 1)


amounts = st.integers(1, 3).flatmap(
    lambda languages: st.lists(
        st.lists(st.integers(0, 1000), min_size=languages, max_size=languages).filter(any),
        min_size=1,
        max_size=12,
    ).map(np.array)
)


@settings(max_examples=20, deadline=None)
@given(amounts, st.randoms())
def test_the_order_of_the_groups_does_not_matter(some, random):
    order = list(range(len(some)))
    random.shuffle(order)
    key = keys(len(some))
    split = splits.assigned(some, SHARES, key)
    shuffled = splits.assigned(some[order], SHARES, [key[place] for place in order])
    assert split[order].tolist() == shuffled.tolist()


@settings(max_examples=20, deadline=None)
@given(amounts)
def test_one_language_with_groups_enough_is_in_every_split(some):
    some = some[:, :1][some[:, 0] > 0]
    if len(some):
        used = set(splits.assigned(some, SHARES, keys(len(some))).tolist())
        assert len(used) == min(3, len(some))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=3, max_size=7))
def test_a_few_groups_are_placed_almost_as_well_as_any_placing(sizes):
    some = np.array(sizes)[:, None]
    target = np.array(SHARES)[:, None] / 100

    def error(split):
        share = parts(some, np.array(split))
        return 10 * (share == 0).sum() + np.abs(share - target).max()

    best = min(error(split) for split in itertools.product(range(3), repeat=len(some)))
    assert error(splits.assigned(some, SHARES, keys(len(some)))) <= best + 0.01


def least_distance(some, shares):
    """Return how far, at most, a split must be from its share of a language, every one having some.

    Found by branch and bound (HiGHS), to a thousandth.
    """
    count, kinds = some.shape
    share, width = some / some.sum(axis=0), 3 * count + 1  # the last unknown is the distance
    target = np.array(shares) / sum(shares)
    rows, low, high = [], [], []

    def bound(values, least, most):
        rows.append(values)
        low.append(least)
        high.append(most)

    for group in range(count):
        bound((np.arange(width) // 3 == group) * (np.arange(width) < width - 1), 1, 1)
    for kind, split in itertools.product(range(kinds), range(3)):
        there = np.zeros(width)
        there[split : width - 1 : 3] = share[:, kind]
        beyond = np.eye(width)[-1]
        bound(there - beyond, -np.inf, target[split])
        bound(there + beyond, target[split], np.inf)
        bound(there > 0, 1, np.inf)
    found = optimize.milp(
        np.eye(width)[-1],
        constraints=optimize.LinearConstraint(np.array(rows, float), low, high),
        integrality=np.arange(width) < width - 1,
        bounds=optimize.Bounds(0, 1),
    )
    assert found.success
    return found.fun


@pytest.mark.parametrize("seed", range(8))
def test_forty_unequal_speakers_of_six_languages_come_as_near_as_any_search(seed):
    random = np.random.default_rng(seed)
    some = np.zeros((40, 6), int)
    for group in range(40):  # every tenth speaks two languages
        for place in range(1 + (group % 10 == 9)):
            some[group, (group + place) % 6] = random.lognormal(4, 1.2) + 1
    split = splits.assigned(some, SHARES, keys(40))
    distance = np.abs(parts(some, split) - np.array(SHARES)[:, None] / 100).max()
    assert (parts(some, split) > 0).all()
    assert distance <= least_distance(some, SHARES) + 0.01


@pytest.mark.parametrize("shares", [(75, 20, 5), (70, 0, 30), (0.6, 0.2, 0.2)])
def test_many_groups_reach_the_shares(shares):
    some = np.random.default_rng(1).integers(1, 1000, (400, 4))
    split = splits.assigned(some, shares, keys(400))
    target = np.array(shares)[:, None] / sum(shares)
    assert np.abs(parts(some, split) - target).max() < 0.005
    assert ((parts(some, split) > 0) == (target > 0)).all()


def test_a_split_without_a_share_stays_empty_also_when_groups_speak_one_language():
    some = np.kron(np.eye(4, dtype=int), np.arange(1, 7)[:, None])
    for shares in ((75, 25, 0), (80, 0, 20), (1, 0, 0)):
        used = np.unique(splits.assigned(some, shares, keys(24)))
        assert used.tolist() == np.flatnonzero(shares).tolist()


def test_a_speaker_of_two_languages_is_whole_and_both_are_everywhere():
    some = np.array([[500, 400], [100, 0], [0, 90], [60, 0], [0, 70]])
    split = splits.assigned(some, SHARES, keys(5))
    assert (parts(some, split) > 0).all()


def test_the_seed_decides_among_equals():
    some = np.ones((30, 1), int)
    chosen = {tuple(splits.assigned(some, SHARES, keys(30, seed))) for seed in range(5)}
    assert len(chosen) == 5
    assert all(np.bincount(split).tolist() in ([22, 6, 2], [23, 6, 1]) for split in chosen)


def test_keys_depend_on_name_and_seed():
    assert splits.key_of("a", 1) == splits.key_of("a", 1)
    assert len({splits.key_of(name, seed) for name in "abc" for seed in range(10)}) == 30


def test_fixed_groups_stay_and_the_others_mend_the_shares():
    some = np.random.default_rng(1).integers(1, 1000, (400, 4))
    fixed = np.where(np.arange(400) % 4, -1, 2)  # far too much of testing
    split = splits.assigned(some, (50, 20, 30), keys(400), fixed)
    assert (split[::4] == 2).all()
    assert np.abs(parts(some, split) - np.array([[0.5], [0.2], [0.3]])).max() < 0.005
    order = np.random.default_rng(2).permutation(400)
    shuffled = splits.assigned(some[order], (50, 20, 30), np.array(keys(400))[order], fixed[order])
    np.testing.assert_array_equal(shuffled, split[order])


def test_fixed_groups_stay_even_where_moving_them_would_help():
    some = np.random.default_rng(1).integers(1, 1000, (40, 2))
    fixed = np.where(np.arange(40) % 4, 2, -1)  # three quarters in testing, which is to have 5 %
    split = splits.assigned(some, SHARES, keys(40), fixed)
    assert (split[fixed == 2] == 2).all() and {*split[fixed < 0]} == {0, 1}
