"""Leaks: what the splits of a dataset share and must not."""

from collections.abc import Iterable, Sequence

import pandas as pd

from lingogram import duplicates

FILE, NEAR_DUPLICATE, ADJACENT = "file", "near_duplicate", "adjacent"
COLUMNS = ["kind", "count", "such_as", "accepted"]
SHARED = ("group", "speaker", "session", "recording")


def found(
    segments: pd.DataFrame, sounds: pd.Series, contents: pd.Series, columns: Sequence[str]
) -> pd.DataFrame:
    """Return for each kind of leak its `count`, and the first as `such_as`.

    segments: those in the lists, with `split`, `recording`, `index`, int, what SHARED names,
    `content` and `peak_dbfs`, text.   sounds: of each, as `duplicates.sound_of` makes them.
    contents: of the file of each.   columns: others of which no value may be in two splits.
    """
    rows = segments.sort_values(["recording", "index"])
    heard = rows[duplicates.audible(rows)]
    first = heard[~heard["content"].duplicated() & (sounds[heard.index] >= 0)]
    names = first["recording"] + " " + first["index"].astype(str)
    pairs = _adjacent(rows)
    kinds = {
        **{column: (rows[column], rows, rows[column]) for column in (*SHARED, *columns)},
        FILE: (contents[rows.index], rows, rows["recording"]),
        duplicates.DUPLICATE: (heard["content"], heard, heard["content"]),
        NEAR_DUPLICATE: (sounds[first.index], first, names),
        ADJACENT: (pairs["pair"], pairs, pairs["pair"]),
    }
    return pd.DataFrame(
        [(kind, *_torn(*values)) for kind, values in kinds.items()],
        columns=COLUMNS[:-1],
    )


def _torn(values: pd.Series, rows: pd.DataFrame, names: pd.Series) -> tuple[int, str]:
    """Return how many values are in more than one split, and the first in words."""
    known = values[values != ""]
    splits = rows["split"].loc[known.index]
    torn = known[splits.groupby(known).transform("nunique") > 1]
    if torn.empty:
        return 0, ""
    which = torn[torn == torn.iloc[0]].index
    places = (names[which] + " in " + splits[which]).drop_duplicates()
    return torn.nunique(), ", ".join(places[~splits[which].duplicated()])


def _adjacent(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `pair` and `split` of each segment that follows another, and of that one.

    rows: in the order of recordings and indices.
    """
    before = rows.shift()
    follows = (rows["recording"] == before["recording"]) & (rows["index"] == before["index"] + 1)
    later = rows[follows]
    pair = later["recording"] + " " + (later["index"] - 1).astype(str) + " and "
    pair += later["index"].astype(str)
    splits = [before.loc[follows, "split"], later["split"]]
    pairs = [pd.DataFrame({"pair": pair, "split": split}) for split in splits]
    return pd.concat(pairs, ignore_index=True)


def told(leaks: pd.DataFrame, accepted: Iterable[str]) -> list[str]:
    """Return in words the leaks there are, but for the accepted kinds."""
    open_ones = leaks[(leaks["count"] > 0) & ~leaks["kind"].isin([*accepted])]
    return [f"{row.kind}: {row.count}, such as {row.such_as}" for row in open_ones.itertuples()]
