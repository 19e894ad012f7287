"""The dataset: what becomes of each segment, and the ledger that accounts for every sample."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from lingogram import splits
from lingogram.quality import FLAGS
from lingogram.segments import REMAINDER

KEPT, UNDRAWN, BALANCE = "kept", "undrawn", "balance"
FATES = [KEPT, REMAINDER, UNDRAWN, *FLAGS, BALANCE]
AUDIT = ["header_seconds", "bad_packets", "nonfinite", "format_changes", "reason"]
SHORTER = 0.5, 0.01  # seconds and share of what the header says; codecs round by less


def collected(
    recordings: pd.DataFrame,
    segments: pd.DataFrame,
    spectrograms: pd.DataFrame,
    quality: pd.DataFrame,
) -> pd.DataFrame:
    """Return a row for each segment, all that is known of it side by side, in a fixed order.

    The tables are those that config/README.md describes, all text. `reason`: why there is no image.
    Raises ValueError where a segment stands in one table and is missing in another.
    """
    key = ["recording", "index"]
    rows = segments.merge(
        recordings[["recording", "language", "speaker"]], on="recording", validate="m:1"
    )
    cut = rows["reason"] == ""
    drawn = spectrograms.rename(columns={"reason": "undrawn"})
    for table, shared in ((drawn, [*key, "content"]), (quality, key)):
        rows = rows.merge(table, on=shared, how="left", validate="1:1", indicator="found")
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
    """Return `counts` scaled to add up to `goal`; the largest fractions are rounded up.

    None is scaled to nothing while `goal` allows it.
    """
    least = (counts * 0 + 1) * (goal >= len(counts))
    whole, rest = divmod((counts - least) * (goal - least.sum()), (counts - least).sum() or 1)
    up = rest.sort_values(ascending=False, kind="stable").index[: goal - (least + whole).sum()]
    return least + whole + whole.index.isin(up)


def ledger(recordings: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each recording: the samples decoded, kept, and left out for each reason.

    recordings: with `recording`, `language`, `decoded` (the samples the decoder counted) and what
    AUDIT names.   segments: with `recording`, `samples` and `fate`.
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
    return account.join(recordings[AUDIT])


def labels_of(languages: Sequence[str], order: Sequence[str]) -> dict[str, int]:
    """Return the label of each language: its place in `order`, or in the alphabet if that is empty.

    Raises ValueError for a language that a given order leaves out.
    """
    missing = sorted(set(languages) - set(order)) if order else []
    if missing:
        raise ValueError(f"dataset.labels lacks {', '.join(missing)}; add it, or empty the list")
    return {language: label for label, language in enumerate(order or sorted(set(languages)))}


def warnings_of(
    segments: pd.DataFrame, ledger: pd.DataFrame, shares: Sequence[float], second: int
) -> Iterator[str]:
    """Yield in words what a reader of the dataset should know.

    segments: with the columns `language`, `group`, `fate`, `split`.   ledger: as `ledger` makes it.
    second: samples in it.
    """
    seconds = ledger["header_seconds"].astype(float)
    short = seconds - ledger["decoded"] / second > np.maximum(SHORTER[0], SHORTER[1] * seconds)
    damaged = ledger["bad_packets"].astype(int) > 0
    for what, which in (
        ("not decoded to their end", ledger["reason"] != ""),
        ("shorter than their header says", short),
        ("with packets that cannot be decoded", damaged),
    ):
        names = ledger.loc[which, "recording"]
        if len(names):
            yield f"recordings {what}: {len(names)}, as {names.iloc[0]}; see ledger.csv"

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
