"""Summaries: the dataset in a table and in words, for people."""

from collections.abc import Iterator, Sequence

import pandas as pd

from lingogram import datasets, splits
from lingogram.datasets import BALANCE, CONFLICT, DUPLICATE, KEPT


def warnings_of(
    segments: pd.DataFrame, ledger: pd.DataFrame, shares: Sequence[float]
) -> Iterator[str]:
    """Yield in words what a reader of the dataset should know.

    segments: with the columns `language`, `group`, `fate`, `split`.   ledger: as `ledger` makes it.
    """
    for what, which in (
        ("shorter than their header says", ledger["truncated"] != ""),
        ("damaged", ledger["damaged"] != ""),
        ("with further audio streams, which are not read", ledger["streams"].astype(int) > 1),
        ("with the audio of another, which is left out", ledger[DUPLICATE] > 0),
        ("with the audio of another language, all of which is left out", ledger[CONFLICT] > 0),
    ):
        names = ledger.loc[which, "recording"]
        if len(names):
            yield f"recordings {what}: {len(names)}, such as {names.iloc[0]}; see ledger.csv"

    for split, share in zip(splits.SPLITS, shares):
        if share and not ((segments["split"] == split) & (segments["fate"] == KEPT)).any():
            yield f"the list for {split} is empty"
    for language in ledger["language"].unique():
        yield from _warnings_of_language(
            language, segments[segments["language"] == language], shares
        )


def _warnings_of_language(
    language: str, rows: pd.DataFrame, shares: Sequence[float]
) -> Iterator[str]:
    placed, kept = rows[rows["split"] != ""], rows[rows["fate"] == KEPT]
    if placed.empty:
        yield f"{language}: no segment is good enough; it has a label, but nothing in the dataset"
        return
    wanted = [split for split, share in zip(splits.SPLITS, shares) if share > 0]
    without = [split for split in wanted if not (placed["split"] == split).any()]
    if without:
        groups = placed["group"].nunique()
        kind = "speaker or recording" if groups == 1 else "speakers or recordings"
        yield (
            f"{language}: nothing in {' and '.join(without)}, as its audio comes from "
            f"{groups} {kind}; each stays whole"
        )
    emptied = [
        split for split in wanted if split not in without and not (kept["split"] == split).any()
    ]
    if emptied:
        yield f"{language}: balancing to {len(kept)} segments leaves {' and '.join(emptied)} empty"
    balanced = (rows["fate"] == BALANCE).sum()
    if balanced:
        share = balanced / (balanced + len(kept))
        yield f"{language}: balancing leaves out {balanced} segments ({share:.0%})"


def summary_of(
    ledger: pd.DataFrame, segments: pd.DataFrame, second: int, fates: Sequence[str]
) -> str:
    """Return the dataset in a table for people: seconds by fate, segments by split."""
    spent = datasets.spent(ledger, fates, second)
    kept = segments[segments["fate"] == KEPT]
    counts = kept.groupby(["language", "split"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=spent.index, columns=splits.SPLITS, fill_value=0)
    table = spent.map("{:,.1f} s".format).join(counts)
    total = spent.sum().map("{:,.1f} s".format).to_dict() | counts.sum().to_dict()
    table = pd.concat([table, pd.DataFrame(total, index=["total"])])
    return table.rename_axis(None).to_string()
