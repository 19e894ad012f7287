"""The dataset: what becomes of each segment, and the ledger that accounts for every sample."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from lingogram import splits
from lingogram.quality import FLAGS
from lingogram.segments import REMAINDER

KEPT, UNDRAWN, BALANCE = "kept", "undrawn", "balance"
FATES = [KEPT, REMAINDER, UNDRAWN, *FLAGS, BALANCE]


def collected(
    recordings: pd.DataFrame,
    segments: pd.DataFrame,
    spectrograms: pd.DataFrame,
    quality: pd.DataFrame,
) -> pd.DataFrame:
    """Return a row for each segment, all that is known of it side by side, in a fixed order.

    The tables are those of design and README, text throughout. `reason` says why there is no image.
    Raises ValueError where a segment stands in one table and is missing in another.
    """
    key = ["recording", "index"]
    rows = segments.merge(
        recordings[["recording", "language", "speaker"]], on="recording", validate="m:1"
    )
    cut = rows["reason"] == ""
    drawn = spectrograms.rename(columns={"reason": "undrawn"})
    for table in (drawn, quality):
        rows = rows.merge(table, on=key, how="left", validate="1:1", indicator="found")
        found = rows.pop("found") == "both"
        if len(rows) != len(segments) or (found != cut).any() or len(table) != cut.sum():
            raise ValueError("segments, images and measures differ; run snakemake --forceall")
    rows = rows.astype({"index": int, "start": int, "samples": int}).fillna("")
    rows["reason"] += rows["undrawn"]
    named = rows["speaker"] != ""
    rows["group"] = np.where(named, "speaker:" + rows["speaker"], "recording:" + rows["recording"])
    return rows.sort_values(key, ignore_index=True)


def fates(segments: pd.DataFrame, drop: Sequence[str]) -> pd.Series:
    """Return for each segment `kept`, or the first reason why it is not.

    segments: with the columns `reason` (why it has no image) and one a flag, empty where it does
    not apply.   drop: the flags that cost a segment its place.
    """
    reason = segments["reason"]
    raised = {REMAINDER: reason == REMAINDER, UNDRAWN: reason != ""}
    raised |= {flag: segments[flag] != "" for flag in FLAGS if flag in drop}
    fate = np.select(list(raised.values()), list(raised), KEPT)
    return pd.Series(fate, segments.index, dtype=object)


def split_of(segments: pd.DataFrame, shares: Sequence[float], seed: int) -> pd.Series:
    """Return the split of each segment; all of a group have the same.

    segments: with the columns `group`, `language` and `samples`.
    shares: of training, validation and testing, in any unit.
    """
    amounts = segments.pivot_table(
        values="samples", index="group", columns="language", aggfunc="sum", fill_value=0
    )
    keys = [splits.key_of(group, seed) for group in amounts.index]
    places = splits.assigned(amounts.to_numpy(), shares, keys)
    return segments["group"].map(dict(zip(amounts.index, np.take(splits.SPLITS, places))))


def surplus(segments: pd.DataFrame, seed: int) -> pd.Index:
    """Return the index of the segments that balancing leaves out.

    segments: with the columns `recording`, `index`, `language` and `split`.
    Every language keeps as many segments as the smallest has, in the proportions of its splits,
    chosen by the hash of the segment's name and `seed`.
    """
    counts = segments.groupby(["language", "split"]).size()
    goal = counts.groupby("language").sum().min()
    quota = pd.concat([_apportioned(row, goal) for _, row in counts.groupby("language")])
    names = segments["recording"] + "/" + segments["index"].astype(str)
    keys = names.map(lambda name: splits.key_of(name, seed))
    rank = keys.groupby([segments["language"], segments["split"]]).rank(method="first")
    return segments.index[rank.to_numpy() > quota[list(zip(segments.language, segments.split))]]


def _apportioned(counts: pd.Series, goal: int) -> pd.Series:
    """Return `counts` scaled to add up to `goal`; the largest fractions are rounded up."""
    whole, rest = divmod(counts * goal, counts.sum())
    up = rest.sort_values(ascending=False, kind="stable").index[: goal - whole.sum()]
    return whole + whole.index.isin(up)


def ledger(recordings: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each recording: the samples decoded, kept, and left out for each reason.

    recordings: with `recording`, `language`, `decoded` (the samples the decoder counted) and
    `reason` (why it could not be decoded).   segments: with `recording`, `samples` and `fate`.
    Raises ValueError, naming the recordings, when the samples of one do not add up.
    """
    spent = segments.groupby(["recording", "fate"])["samples"].sum().unstack(fill_value=0)
    spent = spent.reindex(columns=FATES, fill_value=0)
    account = recordings[["recording", "language", "decoded"]]
    account = account.join(spent.reindex(account["recording"], fill_value=0), on="recording")
    wrong = account.loc[account["decoded"] != account[FATES].sum(axis=1), "recording"]
    wrong = [*wrong, *spent.index.difference(account["recording"])]
    if wrong:
        raise ValueError(
            f"the samples of {len(wrong)} recordings do not add up ({', '.join(wrong[:5])}); "
            "run snakemake --forceall, and tell us if that does not help"
        )
    return account.assign(reason=recordings["reason"])


def labels_of(languages: Sequence[str], order: Sequence[str]) -> dict[str, int]:
    """Return the label of each language: its place in `order`, or in the alphabet if that is empty.

    Raises ValueError for a language that a given order leaves out.
    """
    missing = sorted(set(languages) - set(order)) if order else []
    if missing:
        raise ValueError(f"dataset.labels lacks {', '.join(missing)}; add it, or empty the list")
    return {language: label for label, language in enumerate(order or sorted(set(languages)))}


def warnings_of(
    segments: pd.DataFrame, recordings: pd.DataFrame, shares: Sequence[float]
) -> Iterator[str]:
    """Yield in words what a reader of the dataset should know.

    segments: with the columns `language`, `group`, `fate`, `split`.   recordings: as in `ledger`.
    """
    bad = (recordings["reason"] != "").sum()
    if bad:
        yield f"recordings that could not be decoded: {bad}; see ledger.csv"
    wanted = [split for split, share in zip(splits.SPLITS, shares) if share > 0]
    for language, rows in segments.groupby("language"):
        kept = rows[rows["fate"] == KEPT]
        empty = [split for split in wanted if not (kept["split"] == split).any()]
        groups = rows.loc[rows["split"] != "", "group"].nunique()
        if empty:
            yield (
                f"{language}: nothing in {' and '.join(empty)}, as its audio comes from "
                f"{groups} {'speaker or recording' if groups == 1 else 'speakers or recordings'}; "
                "each stays whole"
            )
        balanced = (rows["fate"] == BALANCE).sum()
        if balanced:
            share = balanced / (balanced + len(kept))
            yield f"{language}: balancing leaves out {balanced} segments ({share:.0%})"


def summary_of(ledger: pd.DataFrame, segments: pd.DataFrame, second: int) -> str:
    """Return the dataset in a table for people: seconds by fate, segments by split."""
    spent = ledger.groupby("language")[["decoded", *FATES]].sum() / second
    spent = spent.loc[:, [*spent.columns[:2], *(fate for fate in FATES[1:] if spent[fate].any())]]
    kept = segments[segments["fate"] == KEPT]
    counts = kept.groupby(["language", "split"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=spent.index, columns=splits.SPLITS, fill_value=0)
    table = spent.map("{:,.1f} s".format).join(counts)
    total = spent.sum().map("{:,.1f} s".format).to_dict() | counts.sum().to_dict()
    table = pd.concat([table, pd.DataFrame(total, index=["total"])])
    return table.rename_axis(None).to_string()
