"""Flags: measures beyond a limit, and what a person decided about a segment after all."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from lingogram import files

DECISIONS = ("keep", "drop", "wrong-language")
REVIEW_COLUMNS = ["content", "decision", "recording", "index", "language", "flags", "path"]


class Flag(NamedTuple):
    """A measure beyond a limit, and what follows: `drop`, `keep` or `review`."""

    name: str
    measure: str
    side: str  # below or above
    limit: float
    action: str


def raised(segments: pd.DataFrame, flags: Sequence[Flag]) -> pd.Series:
    """Return for each segment the names of its flags, with spaces between them.

    segments: with a column for each measure, text. An empty one is beyond no limit; -inf may be.
    """
    names = pd.Series("", segments.index)
    for flag in flags:
        values = pd.to_numeric(segments[flag.measure])
        beyond = values < flag.limit if flag.side == "below" else values > flag.limit
        names = names.where(~beyond, names + f" {flag.name}")
    return names.str.strip()


def having(segments: pd.DataFrame, names: Iterable[str]) -> pd.Series:
    """Return which segments have one of these flags or more.

    segments: with the column `flags`, as `raised` makes it.
    """
    wanted = {*names}
    known = {
        raised: not wanted.isdisjoint(raised.split()) for raised in segments["flags"].unique()
    }  # there are few of them, and many segments
    return segments["flags"].map(known).astype(bool)


def reason_of(flag: Flag) -> str:
    """Return in words what a flag means."""
    return f"{flag.measure} is {flag.side} {flag.limit:g}"


def read_decisions(paths: Iterable[Path]) -> dict[str, str]:
    """Return the decision about each segment, by the hash of its samples.

    paths: tables (TSV) with the columns `content` and `decision`; a row without one does not count.
    Raises ValueError for a decision that is none, or two about one segment, naming all of them.
    """
    tables = [pd.read_csv(path, sep="\t", **files.TEXT) for path in paths]
    for path, table in zip(paths, tables):
        missing = {"content", "decision"} - {*table.columns}
        if missing:
            raise ValueError(f"{path}: lacks the column {' and '.join(sorted(missing))}")
    made = pd.concat([pd.DataFrame({"content": [], "decision": []}, dtype=str), *tables])
    made = made[made["decision"] != ""].drop_duplicates(["content", "decision"])
    wrong = [
        f"{decision!r} is none of {', '.join(DECISIONS)}"
        for decision in sorted({*made["decision"]} - {*DECISIONS})
    ]
    twice = made.loc[made["content"].duplicated(), "content"]
    wrong += [f"{content} is decided in two ways" for content in sorted(twice)]
    if wrong:
        raise ValueError("; ".join([", ".join(map(str, paths)), *wrong]))
    return dict(zip(made["content"], made["decision"]))


def to_review(segments: pd.DataFrame, flags: Sequence[Flag]) -> pd.DataFrame:
    """Return the segments with a flag to review and no decision, the first of each content."""
    asked = having(segments, (flag.name for flag in flags if flag.action == "review"))
    open_ones = asked & (segments["decision"] == "") & (segments["split"] != "")
    return segments.loc[open_ones, REVIEW_COLUMNS].drop_duplicates("content")
