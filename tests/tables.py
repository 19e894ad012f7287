"""Tables of a made-up dataset."""

import pandas as pd

from lingogram import datasets

SHARES = (75, 20, 5)
FATES = datasets.fates_of(["constant"])


def corpus(counts, groups=6):
    """Return a table of kept segments: for each language its count, in so many groups."""
    rows = [
        {
            "recording": f"{language}/s{index % groups}/{index // groups}.wav",
            "index": index,
            "language": language,
            "group": f"speaker:{language}{index % groups}",
            "gender": "",
            "samples": 160_000,
        }
        for language, count in counts.items()
        for index in range(count)
    ]
    return pd.DataFrame(rows).assign(fate="kept")


def recordings_of(rows):
    table = rows.groupby(["recording", "language"], as_index=False)["samples"].sum()
    table = table.rename(columns={"samples": "decoded"})
    seconds = table["decoded"] / 16_000
    counts = ("lost_seconds", "bad_packets", "nonfinite", "format_changes")
    counts = dict.fromkeys(counts, "0")
    return table.assign(header_seconds=seconds, streams="1", **counts, reason="")


def ledger_of(rows):
    return datasets.ledger(recordings_of(rows), rows, 16_000, FATES)
