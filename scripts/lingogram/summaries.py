"""Summaries: the dataset in a table and in words, for people."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from lingogram import datasets, groups, splits
from lingogram.datasets import BALANCE, CONFLICT, DUPLICATE, KEPT
from lingogram.groups import FAR

NAMED = 8  # languages in a line


def warnings_of(
    segments: pd.DataFrame, ledger: pd.DataFrame, shares: Sequence[float], nearer: float
) -> Iterator[str]:
    """Yield in words what a reader of the dataset should know.

    segments: with the columns `language`, `group`, `fate`, `split`, `samples`.   ledger: as
    `ledger` makes it.   shares: of the splits.   nearer: by how much, 0 to 1, all would be if no
    group had been placed before.
    """
    languages = {*ledger["language"]}
    if len(languages) == 1:
        yield f"all is of one language, {min(languages)}; is the folder of recordings one too high?"
    for what, which in (
        ("shorter than their header says", ledger["truncated"] != ""),
        ("damaged", ledger["damaged"] != ""),
        ("with further audio streams, which are not read", ledger["streams"].astype(int) > 1),
        ("with the audio of another (segments.csv says which), left out", ledger[DUPLICATE] > 0),
        ("with audio that another language has, too, all left out", ledger[CONFLICT] > 0),
    ):
        names = ledger.loc[which, "recording"]
        if len(names):
            yield f"recordings {what}: {len(names)}, such as {names.iloc[0]}; see ledger.csv"

    wanted = [split for split, share in zip(splits.SPLITS, shares) if share > 0]
    kept, placed = segments[segments["fate"] == KEPT], segments[segments["split"] != ""]
    for split in wanted:
        if not (kept["split"] == split).any():
            yield f"the list for {split} is empty"
    yield from _told("no segment is good enough for the dataset", languages - {*placed["language"]})

    whole = placed.groupby("language")["group"].nunique()
    counts = whole.map("{} group".format) + whole.map(lambda count: "s" * (count > 1))
    reached = groups.achieved(placed)[wanted]
    for split in wanted:
        without = reached.index[reached[split] == 0]
        yield from _told(
            f"nothing in {split}, as groups stay whole",
            (f"{language} ({counts[language]})" for language in without),
        )
    goal = np.array([share for share in shares if share > 0]) / sum(shares)
    far = reached[((reached - goal).abs() > FAR).any(axis=1)]
    yield from _told(
        f"far from {_percent(goal)} in {', '.join(wanted)}, as groups stay whole",
        (f"{name} ({counts[name]}) {_percent(row)}" for name, *row in far.itertuples()),
    )
    if nearer > FAR / 2:
        yield (
            "groups stay where the run before had them; placed anew, without splits.tsv, the "
            f"farthest share would be nearer by {100 * nearer:.0f} points"
        )
    emptied = kept.groupby(["language", "split"]).size().unstack().reindex(columns=wanted)
    emptied = emptied.isna() & (reached.reindex(emptied.index) > 0)
    yield from _told(
        "balancing leaves nothing",
        (f"of {name} in {split}" for split in wanted for name in emptied.index[emptied[split]]),
    )
    before = placed.groupby("language").size()
    balanced = segments[segments["fate"] == BALANCE].groupby("language").size()
    yield from _told(
        "balancing leaves out segments",
        (f"{name} {count} ({count / before[name]:.0%})" for name, count in balanced.items()),
    )


def _told(what: str, names: Iterable[str]) -> Iterator[str]:
    names = sorted(names)
    if names:
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield f"{what}: {', '.join(names[:NAMED])}{more}"


def _percent(shares: Iterable[float]) -> str:
    return " / ".join(f"{100 * share:.0f}" for share in shares) + " %"


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
