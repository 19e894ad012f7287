"""The dataset: what becomes of each segment, and the ledger that accounts for every sample."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote

import numpy as np
import pandas as pd

from lingogram import flags, splits
from lingogram.segments import REMAINDER

KEPT, UNDRAWN, BALANCE = "kept", "undrawn", "balance"
DUPLICATE, CONFLICT = "duplicate", "conflict"  # the same samples in one language; in two
REVIEW = "review"  # a person dropped it
AUDIT = [
    *("header_seconds", "lost_seconds", "streams", "bad_packets", "nonfinite", "format_changes"),
    "reason",
]
TROUBLE = ["truncated", "damaged"]
SHORTER = 0.5, 0.01  # seconds, or share of what the header says, that count as truncated ...
ROUNDED = 0.05  # seconds ... but codecs round by less
SILENCE = -100.0  # dBFS, for -inf: what 16 bits cannot tell from silence


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


def repeated(segments: pd.DataFrame) -> pd.DataFrame:
    """Return `fate` and `reason` of the segments that have the samples of another one.

    segments: in order, with `recording`, `index`, `language`, `content` and `peak_dbfs`, text;
    digital silence (-inf), the same everywhere, and what is not measured do not count.
    Within a language the first stays. In two languages none does: one label must be wrong.
    """
    rows = segments[~segments["peak_dbfs"].isin(["", "-inf"])]
    rows = rows[rows.duplicated("content", keep=False)]
    names = rows["recording"] + " " + rows["index"].astype(str)
    first = names.groupby(rows["content"]).transform("first")
    foreign = rows["language"] != rows.groupby("content")["language"].transform("first")
    other = names[foreign].groupby(rows["content"]).first()  # in a language that is not the first's
    conflict = rows["content"].isin(other.index)
    same = first.where(foreign | ~conflict, rows["content"].map(other))
    fate = np.where(conflict, CONFLICT, DUPLICATE)
    found = pd.DataFrame({"fate": fate, "reason": "has the samples of " + same.astype(str)})
    return found[same != names]


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


def split_of(
    segments: pd.DataFrame, shares: Sequence[float], seed: int, fixed: Mapping[str, str]
) -> pd.Series:
    """Return the split of each segment; all of a group have the same.

    segments: with the columns `group`, `language` and `samples`.
    shares: of training, validation and testing, in any unit.   fixed: the splits of groups that
    are not to be chosen.
    """
    amounts = segments.pivot_table(
        values="samples", index="group", columns="language", aggfunc="sum", fill_value=0
    )
    keys = [splits.key_of(group, seed) for group in amounts.index]
    known = [splits.SPLITS.index(fixed[g]) if g in fixed else -1 for g in amounts.index]
    places = splits.assigned(amounts.to_numpy(), shares, keys, known)
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
    """Return a measure, text, as numbers: -100 for -inf dBFS, NaN for what is not known."""
    return pd.to_numeric(measures).replace(-np.inf, SILENCE)


def troubles(ledger: pd.DataFrame) -> list[str]:
    """Return in words which recordings are damaged or truncated."""
    bad = ledger[(ledger[TROUBLE] != "").any(axis=1)]
    return [
        f"{row.recording}: {row.damaged or f'truncated, {row.truncated}'}"
        for row in bad.itertuples()
    ]


def labels_of(languages: Sequence[str], order: Sequence[str]) -> dict[str, int]:
    """Return the label of each language: its place in `order`, or in the alphabet if that is empty.

    order: languages as they are, or percent-encoded as in the tables.
    Raises ValueError for a language that a given order leaves out.
    """
    names = {unquote(language): language for language in languages}
    order = [names.get(unquote(language), language) for language in order]
    missing = sorted(set(languages) - set(order)) if order else []
    if missing:
        raise ValueError(f"dataset.labels lacks {', '.join(missing)}; add it, or empty the list")
    return {language: label for label, language in enumerate(order or sorted(set(languages)))}
