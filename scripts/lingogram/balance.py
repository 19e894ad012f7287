"""Balance: as much of every language as there is of the smallest."""

import pandas as pd

from lingogram import splits


def surplus(segments: pd.DataFrame, seed: int, measure: str, genders: bool) -> pd.Index:
    """Return the index of the segments to leave out, so that every language has as much.

    segments: with the columns `recording`, `index`, `language`, `gender`, `split` and `samples`.
    measure: `segments` or `seconds`, of which every language keeps as much as the smallest has (by
    seconds, less than a segment below it in each split), in the proportions of its splits, chosen
    by the hash of the segment's name and `seed`.
    genders: in each language every gender there is keeps as much as the smallest of them.
    """
    if segments.empty:
        return segments.index
    amount = segments["samples"] if measure == "seconds" else pd.Series(1, segments.index)
    gender = segments["gender"] if genders else pd.Series("", segments.index)
    cells = [segments["language"], gender.rename("gender"), segments["split"]]
    totals = amount.groupby(cells).sum()
    parts = totals.groupby(["language", "gender"]).sum()
    several = parts.groupby("language").transform("size")
    least = (parts.groupby("language").transform("min") * several).min()
    goals = (least + parts.groupby("language").cumcount()) // several  # that add up to `least`
    quota = pd.concat(
        [_apportioned(row, goals[cell]) for cell, row in totals.groupby(["language", "gender"])]
    )
    names = segments["recording"] + "/" + segments["index"].astype(str)
    keys = names.map(lambda name: splits.key_of(name, seed))
    order = keys.sort_values(kind="stable").index
    taken = amount[order].groupby([cell[order] for cell in cells]).cumsum().reindex(segments.index)
    over = taken - quota[pd.MultiIndex.from_arrays(cells)].to_numpy()
    kept = over <= 0

    # a segment across the end of a quota is kept where there is room for the whole of it
    share = (over / amount)[order]  # in the order of the hashes, where two are equal
    across = share[(share > 0) & (share < 1)].sort_values(kind="stable").index
    whole = [cell[across] for cell in cells[:2]]
    room = goals.sub(amount[kept].groupby([cell[kept] for cell in cells[:2]]).sum(), fill_value=0)
    filled = amount[across].groupby(whole).cumsum()
    kept[across] = filled <= room[pd.MultiIndex.from_arrays(whole)].to_numpy()
    return segments.index[~kept]


def _apportioned(counts: pd.Series, goal: int) -> pd.Series:
    """Return `counts` scaled to add up to `goal`; the largest fractions are rounded up.

    None is scaled to nothing while `goal` allows it.
    """
    parts, goal = [int(count) for count in counts], int(goal)  # squared, beyond 64 bits
    least = int(goal >= len(parts))
    spare = goal - least * len(parts)
    over = sum(parts) - least * len(parts) or 1
    shares = [divmod((part - least) * spare, over) for part in parts]
    quota = [least + whole for whole, _ in shares]
    by_rest = sorted(range(len(parts)), key=lambda place: -shares[place][1])
    for place in by_rest[: goal - sum(quota)]:
        quota[place] += 1
    return pd.Series(quota, counts.index)
