"""Groups: what has to stay in one split, and which split that is."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lingogram import splits

COLUMNS = ["key", "split"]  # of splits.tsv
FAR = 0.02  # of a language's audio, from the share a split is to have
GENDER = 0.5  # of what a language counts, how far a gender in it is from the shares


def placed(
    segments: pd.DataFrame,
    columns: Sequence[str],
    shares: Sequence[float],
    seed: int,
    given: Mapping[str, str],
    before: Mapping[str, str],
) -> tuple[pd.Series, pd.DataFrame, float]:
    """Return the split of each segment, what to remember of it, and what remembering cost.

    segments: as `split_of` takes them.   columns: what groups share.   given: the split of each
    group to which the corpus gives one.   before: what was to remember, `split` by `key`. The cost
    is how much nearer to the shares, 0 to 1, all would be if no group had been placed before.
    Raises ValueError as `fixed` does.
    """
    keys = keys_of(segments, columns)
    old = fixed(keys[~keys["group"].isin([*given])], before, shares)
    split = split_of(segments, shares, seed, old | given)
    distance, cost = farthest(segments.assign(split=split), shares), 0.0
    if old and distance > FAR:
        anew = segments.assign(split=split_of(segments, shares, seed, given))
        cost = distance - farthest(anew, shares)
    return split, remembered(keys, segments.assign(split=split), before), cost


def keys_of(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return what each group shares, a row for each `group` and `key`, such as `speaker:ann`.

    table: with the column `group`, and these; an empty value is not known.   A group in which
    nothing is known has its own name for a key.
    """
    known = {column: table[column] != "" for column in columns}
    alone = ~pd.DataFrame(known, index=table.index).any(axis=1)
    keys = [f"{column}:" + table.loc[known[column], column] for column in columns]
    found = pd.concat([*keys, table.loc[alone, "group"]]).rename("key").to_frame()
    return found.assign(group=table["group"]).drop_duplicates(ignore_index=True)


def fixed(keys: pd.DataFrame, before: Mapping[str, str], shares: Sequence[float]) -> dict[str, str]:
    """Return the split of each group that has one already, and that is to have something.

    keys: as `keys_of` makes them.   before: the split of each key.   shares: of the splits.
    Raises ValueError for what is no split, and naming the groups that join what was in two.
    """
    unknown = sorted({*before.values()} - {*splits.SPLITS})
    if unknown:
        raise ValueError(f"splits.tsv: {', '.join(map(repr, unknown))} is no split; mend it")
    wanted = [split for split, share in zip(splits.SPLITS, shares) if share]
    known = keys.assign(split=keys["key"].map(before))
    known = known[known["split"].isin(wanted)]
    torn = known.groupby("group")["split"].transform("nunique") > 1
    names = (known["key"] + " (" + known["split"] + ")")[torn].groupby(known["group"])
    wrong = [f"one group now, but in two splits before: {', '.join(some)}" for _, some in names]
    if wrong:
        raise ValueError("\n".join([*wrong, "take what is wrong out of splits.tsv"]))
    return dict(zip(known["group"], known["split"]))


def remembered(
    keys: pd.DataFrame, segments: pd.DataFrame, before: Mapping[str, str]
) -> pd.DataFrame:
    """Return the `split` of each `key`, of what is there and of what was, for the next time.

    segments: with the columns `group` and `split`.
    """
    now = keys["group"].map(dict(zip(segments["group"], segments["split"])))
    found = {**before, **dict(zip(keys["key"], now))}
    return pd.DataFrame(sorted(found.items()), columns=COLUMNS)


def split_of(
    segments: pd.DataFrame, shares: Sequence[float], seed: int, fixed: Mapping[str, str]
) -> pd.Series:
    """Return the split of each segment; all of a group have the same.

    segments: with the columns `group`, `language`, `gender` and `samples`.
    shares: of training, validation and testing, in any unit.   fixed: the splits of groups that
    are not to be chosen.   Genders, where they are known, are spread like their language, but
    their distance from the shares counts less.
    """
    genders = (segments["language"] + " " + segments["gender"])[segments["gender"] != ""]
    amounts = [
        segments.loc[kind.index]
        .groupby(["group", kind.rename("kind")])["samples"]
        .sum()
        .unstack(fill_value=0)
        for kind in (segments["language"], genders)
    ]
    weights = np.repeat([1, GENDER], [table.shape[1] for table in amounts])
    amounts = pd.concat(amounts, axis=1).fillna(0)
    keys = [splits.key_of(group, seed) for group in amounts.index]
    before = [splits.SPLITS.index(fixed[g]) if g in fixed else -1 for g in amounts.index]
    places = splits.assigned(amounts.to_numpy(), shares, keys, before, weights)
    return segments["group"].map(dict(zip(amounts.index, np.take(splits.SPLITS, places))))


def farthest(segments: pd.DataFrame, shares: Sequence[float]) -> float:
    """Return how far, at most, a split of a language is from its share of it, 0 to 1."""
    return float((achieved(segments) - np.array(shares) / sum(shares)).abs().max(axis=None))


def achieved(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each split in the audio of each language, a row a language.

    segments: with the columns `language`, `split` and `samples`.
    """
    spent = segments.groupby(["language", "split"])["samples"].sum().unstack(fill_value=0)
    spent = spent.reindex(columns=splits.SPLITS, fill_value=0)
    return spent.div(spent.sum(axis=1), axis=0)
