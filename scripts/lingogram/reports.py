"""Reports: what a page about the dataset shows, as plain lists and dictionaries."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lingogram import datasets, splits
from lingogram.datasets import KEPT
from lingogram.groups import achieved

# what is drawn, its title, and how it is written
SHOWN = {
    "rms_dbfs": ("Level (RMS)", "dBFS"),
    "noise_dbfs": ("Noise floor", "dBFS"),
    "snr_db": ("SNR (WADA)", "dB"),
    "silence_share": ("Silence", "share"),
    "bandwidth_hz": ("Bandwidth", "Hz"),
    "flatness_db": ("Spectral flatness", "dB"),
}
BINS = 30
HOURS, SPEAKERS = 5, 10  # of a language; with less a classifier learns voices more than languages
SKEWED = 0.8  # share of one gender


def figures(segments: pd.DataFrame, ledger: pd.DataFrame, second: int) -> list[tuple[str, str]]:
    """Return the figures to begin with, each with its name."""
    kept = segments[segments["fate"] == KEPT]
    return [
        (f"{kept['samples'].sum() / second / 60:,.1f} min", "in the dataset"),
        (f"{ledger['decoded'].sum() / second / 60:,.1f} min", "decoded"),
        (f"{len(kept):,}", "segments"),
        (f"{kept['language'].nunique():,}", "languages"),
        (f"{kept['group'].nunique():,}", "groups: speakers, sessions or others"),
    ]


def funnel(ledger: pd.DataFrame, fates: Sequence[str], second: int) -> list[dict]:
    """Return for the whole and for each language its seconds, and how they are spent.

    ledger: as `datasets.ledger` makes it.   second: samples in it.
    """
    spent = datasets.spent(ledger, fates, second)
    spent = pd.concat([spent.sum().to_frame("all").T, spent])
    return [
        {
            "language": language,
            "seconds": row["decoded"],
            "parts": [
                {"fate": fate, "seconds": row[fate], "share": row[fate] / (row["decoded"] or 1)}
                for fate in spent.columns[1:]
            ],
        }
        for language, row in spent.iterrows()
    ]


def languages(segments: pd.DataFrame, second: int) -> list[dict]:
    """Return for each language what of it is in the dataset, in all and in each split."""
    kept = segments[segments["fate"] == KEPT]
    found = []
    for language, rows in kept.groupby("language"):
        parts = [("all", rows), *((split, rows[rows["split"] == split]) for split in splits.SPLITS)]
        genders = rows.drop_duplicates("group")["gender"].value_counts()
        known = (f"{count} {gender or 'unknown'}" for gender, count in genders.items())
        found.append(
            {
                "language": language,
                "genders": ", ".join(known if any(genders.index) else ()),
                "parts": [
                    {
                        "split": split,
                        "minutes": part["samples"].sum() / second / 60,
                        "segments": len(part),
                        "groups": part["group"].nunique(),
                    }
                    for split, part in parts
                ],
            }
        )
    return found


def groups(segments: pd.DataFrame, second: int, most: int) -> tuple[list[dict], int]:
    """Return the groups with the most kept audio, largest first, and how many there are in all."""
    kept = segments[segments["fate"] == KEPT]
    table = kept.groupby("group").agg(
        languages=("language", lambda values: ", ".join(sorted(set(values)))),
        split=("split", "first"),
        gender=("gender", "first"),
        segments=("content", "size"),
        minutes=("samples", lambda values: values.sum() / second / 60),
    )
    table = table.reset_index().sort_values(["minutes", "group"], ascending=[False, True])
    return table.head(most).to_dict("records"), len(table)


def histograms(segments: pd.DataFrame) -> list[dict]:
    """Return for each measure shown how it is distributed in each language of the dataset.

    Shares of a language's segments in bins that are the same for all; the highest is 1.
    """
    found, kept = [], segments[segments["fate"] == KEPT]
    for measure, (title, unit) in SHOWN.items():
        values = datasets.numbers_of(kept[measure]).dropna()
        if values.empty:
            continue
        low, high = np.quantile(values, [0.001, 0.999], method="nearest")
        edges = np.linspace(low, high, BINS + 1) + np.linspace(-1, 1, BINS + 1) * (high == low)
        rows = []
        for language, part in values.groupby(segments["language"]):
            counts, _ = np.histogram(np.clip(part, edges[0], edges[-1]), edges)
            rows.append(
                {
                    "language": language,
                    "heights": (counts / max(counts.max(), 1)).round(3).tolist(),
                    "median": float(part.median()),
                }
            )
        found.append(
            {
                **{"title": title, "unit": unit, "rows": rows},
                **{"low": float(low), "high": float(high), "digits": digits_of(high - low)},
            }
        )
    return found


def digits_of(span: float) -> int:
    """Return how many digits after the point tell values apart that lie so far from each other."""
    return max(0, min(3, 2 - math.floor(math.log10(span)))) if span else 1


def sheet(segments: pd.DataFrame, most: int) -> list[dict]:
    """Return some of the segments with an image, chosen by the hash of their samples, in order."""
    drawn = segments[segments["path"] != ""].drop_duplicates("content")
    return drawn.sort_values("content").head(most).sort_index().to_dict("records")


def told(row: Mapping[str, str]) -> str:
    """Return the main measures of a segment in a line."""
    parts = [f"{float(row['rms_dbfs']):.1f} dBFS"]
    if row["snr_db"]:
        parts.append(f"SNR {float(row['snr_db']):.0f} dB")
    if row["bandwidth_hz"]:
        parts.append(f"up to {float(row['bandwidth_hz']) / 1000:.1f} kHz")
    return ", ".join(parts)


def why(row: Mapping[str, str], flags: Mapping[str, Mapping]) -> list[str]:
    """Return in words which flags a segment has, and what becomes of it if it is left out.

    flags: measure, limit and action of each, as in the settings.
    """
    found = []
    for name in row["flags"].split():
        if name not in flags:
            found.append(name)
            continue
        side = "below" if "below" in flags[name] else "above"
        value = float(row[flags[name]["measure"]])
        found.append(f"{name}: {flags[name]['measure']} {value:,.4g}, {side} {flags[name][side]:g}")
    return found if row["fate"] == KEPT else [*found, f"left out: {row['fate']}"]


def shares(segments: pd.DataFrame) -> list[dict]:
    """Return for each language which share of its audio is in each split, before balancing."""
    reached = achieved(segments[segments["split"] != ""])
    return [
        {"language": language, "shares": [row[split] for split in splits.SPLITS]}
        for language, row in reached.iterrows()
    ]


def warnings(segments: pd.DataFrame, second: int) -> list[str]:
    """Return in words what makes languages of the dataset unfit for honest figures."""
    kept = segments[segments["fate"] == KEPT]
    alone, few, short, skewed, same = [], [], [], [], []
    for language, rows in kept.groupby("language"):
        hours, voices = rows["samples"].sum() / second / 3600, rows["group"].nunique()
        shares = rows["gender"].replace("", np.nan).value_counts(normalize=True)
        devices = {*rows.get("device", ())}
        if len(devices) == 1 and "" not in devices:
            same.append(f"{language} {devices.pop()}")
        if voices == 1:
            alone.append(language)
        elif voices < SPEAKERS:
            few.append(f"{language} {voices}")
        if hours < HOURS:
            short.append(f"{language} {60 * hours:.0f} min")
        if len(shares) and shares.iloc[0] > SKEWED:
            skewed.append(f"{language} {shares.iloc[0]:.0%} {shares.index[0]}")
    kinds = {
        "one speaker or recording, so no figure measured on this dataset will mean anything about "
        "the language": alone,
        f"fewer than {SPEAKERS} speakers or recordings": few,
        f"less than {HOURS} hours": short,
        "mostly of one gender, where that is known": skewed,
        "recorded with one device": same,
    }
    return [f"{what}: {', '.join(which)}" for what, which in kinds.items() if which]


def colours(fates: Sequence[str]) -> Mapping[str, str]:
    """Return a colour for each fate: green for what is kept, and others that differ."""
    hues = np.linspace(200, 420, max(len(fates) - 1, 1))  # blue, by way of red, to yellow
    others = (f"hsl({hue:.0f} 55% 55%)" for hue in hues)
    return {fate: "hsl(150 45% 42%)" if fate == KEPT else next(others) for fate in fates}
