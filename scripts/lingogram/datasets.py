"""The dataset: what becomes of each segment, and the ledger that accounts for every sample."""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from lingogram import files, flags
from lingogram.duplicates import CONFLICT, DUPLICATE
from lingogram.segments import REMAINDER

TABLES = ("decoded", "segments", "spectrograms", "quality")
PLACED = ["path", "begin", "end", "size", "content", "split", "batch", "reason"]
KEPT, UNDRAWN, BALANCE = "kept", "undrawn", "balance"
REVIEW = "review"  # a person dropped it
AUDIT = [
    *("header_seconds", "lost_seconds", "streams", "bad_packets", "nonfinite", "format_changes"),
    "reason",
]
TROUBLE = ["truncated", "damaged"]
SHORTER = 0.5, 0.01  # seconds, or share of what the header says, that count as truncated ...
ROUNDED = 0.05  # seconds ... but codecs round by less
SILENCE = -120.0  # dBFS, for -inf: one step of 16 bits in a frame of 10 ms is -112


def read(inventory: pd.DataFrame, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what was decoded of each recording, and all that is known of each segment.

    inventory: all text.   folder: of the batches' tables.
    Raises ValueError where tables are not of the same recordings and segments.
    """
    known = inventory[inventory["reason"] == ""]
    folders = [folder / batch for batch in known["batch"].unique()]
    decoded, *tables = (_joined(folder / f"{name}.csv" for folder in folders) for name in TABLES)
    recordings = known[["recording", "content", "language"]].merge(
        decoded.rename(columns={"samples": "decoded"}).astype({"decoded": int}),
        on=["recording", "content"],
        validate="1:1",
    )
    if len(recordings) != max(len(known), len(decoded)):
        raise ValueError("recordings changed while they were cut; run snakemake --forcerun segment")
    return recordings, collected(known.drop(columns=PLACED), *tables)


def _joined(paths: Iterable[Path]) -> pd.DataFrame:
    """Return tables with the same header as one, all text."""
    header, content = b"", []
    for path in paths:
        header, _, body = path.read_bytes().partition(b"\n")
        content.append(body)
    return pd.read_csv(io.BytesIO(b"".join([header, b"\n", *content])), **files.TEXT)


def collected(
    recordings: pd.DataFrame,
    segments: pd.DataFrame,
    spectrograms: pd.DataFrame,
    quality: pd.DataFrame,
) -> pd.DataFrame:
    """Return a row for each segment, all that is known of it side by side, in a fixed order.

    recordings: what is known of each, all of which its segments get.   The other tables are those
    that config/README.md describes, all text. `reason`: why there is no image.
    Raises ValueError where a segment stands in one table and is missing in another.
    """
    key = ["recording", "index"]
    rows = segments
    cut = rows["reason"] == ""
    drawn = spectrograms.rename(columns={"reason": "undrawn"}).drop(columns=["height", "width"])
    for table, shared in ((drawn, [*key, "content"]), (quality, key)):
        rows = rows.merge(table, on=shared, how="left", validate="1:1", indicator="found")
        found = rows.pop("found") == "both"
        if len(rows) != len(segments) or (found != cut).any() or len(table) != cut.sum():
            raise ValueError("segments, images and measures differ; run snakemake --forceall")
    rows = rows.astype({"index": int, "start": int, "samples": int}).fillna("")
    rows["reason"] += rows.pop("undrawn")
    rows = rows.merge(recordings, on="recording", validate="m:1")
    if len(rows) != len(segments):
        raise ValueError("segments are of recordings unknown; run snakemake --forceall")
    return rows.sort_values(key, ignore_index=True)


def fates_of(dropping: Iterable[str]) -> list[str]:
    """Return what can become of a segment, given the flags that drop one; the first that is so."""
    return [KEPT, DUPLICATE, CONFLICT, REMAINDER, UNDRAWN, REVIEW, *dropping, BALANCE]


def judged(
    segments: pd.DataFrame, repeated: pd.DataFrame, dropping: Mapping[str, str]
) -> pd.DataFrame:
    """Return for each segment its `fate`, `kept` or the first that is so, and the `reason`.

    segments: with the columns `recording`, `reason` (why it has no image), `flags` and `decision`.
    repeated: fate and reason of those that have the samples of another one.
    dropping: what each flag means that drops a segment, unless the decision is to keep it.
    """
    reason, decision = segments["reason"], segments["decision"]
    again = repeated["fate"].reindex(segments.index)
    found = {DUPLICATE: again == DUPLICATE, CONFLICT: again == CONFLICT}
    found |= {REMAINDER: reason == REMAINDER, UNDRAWN: reason != ""}
    found |= {REVIEW: ~decision.isin(["", "keep"])}
    found |= {flag: flags.having(segments, [flag]) & (decision != "keep") for flag in dropping}
    fate = pd.Series(np.select(list(found.values()), list(found), KEPT), segments.index, object)
    for why in (fate.map(dropping), repeated["reason"].reindex(segments.index)):
        reason = why.where(why.notna(), reason)
    return pd.DataFrame({"fate": fate, "reason": reason})


def ledger(
    recordings: pd.DataFrame, segments: pd.DataFrame, second: int, fates: Sequence[str]
) -> pd.DataFrame:
    """Return a row for each recording: the samples decoded, kept, and left out for each reason.

    recordings: with `recording`, `language`, `decoded` (the samples the decoder counted) and what
    AUDIT names.   segments: with `recording`, `samples` and `fate`, one of `fates`.
    second: samples in it.
    Raises ValueError, naming the recordings, when the samples of one do not add up.
    """
    spent = segments.groupby(["recording", "fate"])["samples"].sum().unstack(fill_value=0)
    spent = spent.reindex(columns=fates, fill_value=0)
    account = recordings[["recording", "language", "decoded"]]
    account = account.join(spent.reindex(account["recording"], fill_value=0), on="recording")
    wrong = account.loc[account["decoded"] != account[[*fates]].sum(axis=1), "recording"]
    wrong = [*wrong, *spent.index.difference(account["recording"])]
    if wrong:
        raise ValueError(
            f"the samples of {len(wrong)} recordings do not add up ({', '.join(wrong[:5])}); "
            "run snakemake --forceall, and tell us if that does not help"
        )
    header = recordings["header_seconds"].astype(float)
    found = recordings["decoded"] / second
    short = header - found > np.clip(SHORTER[1] * header, ROUNDED, SHORTER[0])
    account["truncated"] = [
        f"{has:.1f} of {says:.1f} s" if less else ""
        for has, says, less in zip(found, header, short)
    ]
    account["damaged"] = [
        reason
        or (f"bad packets: {packets}" if packets != "0" else "")
        or (f"{lost} s are missing inside" if float(lost) else "")
        for reason, packets, lost in zip(
            recordings["reason"], recordings["bad_packets"], recordings["lost_seconds"]
        )
    ]
    return account.join(recordings[AUDIT])


def spent(ledger: pd.DataFrame, fates: Sequence[str], second: int) -> pd.DataFrame:
    """Return for each language the seconds `decoded`, `kept`, and lost to each fate that was met.

    ledger: as `ledger` makes it.   second: samples in it.
    """
    seconds = ledger.groupby("language")[["decoded", *fates]].sum() / second
    met = [fate for fate in fates if fate == KEPT or seconds[fate].any()]
    return seconds[["decoded", *met]]


def numbers_of(measures: pd.Series) -> pd.Series:
    """Return a measure, text, as numbers: SILENCE for -inf dBFS, NaN for what is not known."""
    return pd.to_numeric(measures).replace(-np.inf, SILENCE)


def troubles(ledger: pd.DataFrame) -> list[str]:
    """Return in words which recordings are damaged or truncated."""
    bad = ledger[(ledger[TROUBLE] != "").any(axis=1)]
    return [
        f"{row.recording}: {row.damaged or f'truncated, {row.truncated}'}"
        for row in bad.itertuples()
    ]
