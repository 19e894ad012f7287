"""Duplicates: segments that have the samples of another one, or sound like it."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd

DUPLICATE, CONFLICT = "duplicate", "conflict"  # of one in the same language; in another
BYTES = 32  # of the hash of an image
NEAR = 24  # bits of 256 in which the hashes of two segments that sound alike may differ
TABLES, KEY = 40, 20  # tables by which candidates are found, and bits that are the same in them
CROWD = 64  # in one place of a table, a segment is compared with so many before it


def repeated(segments: pd.DataFrame) -> pd.DataFrame:
    """Return `fate` and `reason` of the segments that have the samples of another one.

    segments: in order, with `recording`, `index`, `language`, `content` and `peak_dbfs`, text.
    Within a language the first stays. In two languages none does: one label must be wrong.
    """
    rows = segments[audible(segments)]
    return _copies(rows, rows["content"], "has the samples of ")


def alike(segments: pd.DataFrame, sounds: pd.Series) -> pd.DataFrame:
    """Return `fate` and `reason` of the segments that sound like another one.

    segments: in order, with `recording`, `index`, `language` and `group`, text.   sounds: of each,
    as `sound_of` makes them.   Within a language the group of the first stays. In two none does.
    """
    rows = segments[sounds[segments.index] >= 0]
    sounds = sounds[rows.index]
    found = _copies(rows, sounds, "sounds like ")
    own = rows["group"] == rows["group"].groupby(sounds).transform("first")
    return found[(found["fate"] == CONFLICT) | ~own[found.index]]


def audible(segments: pd.DataFrame) -> pd.Series:
    """Return which segments are not digital silence, which is the same everywhere."""
    return ~segments["peak_dbfs"].isin(["", "-inf"])


def _copies(rows: pd.DataFrame, sounds: pd.Series, words: str) -> pd.DataFrame:
    """Return fate and reason of the rows that are not the first of their sound."""
    again = sounds.duplicated(keep=False)
    rows, sounds = rows[again], sounds[again]
    names = rows["recording"] + " " + rows["index"].astype(str)
    first = names.groupby(sounds).transform("first")
    foreign = rows["language"] != rows.groupby(sounds)["language"].transform("first")
    other = names[foreign].groupby(sounds).first()  # in a language that is not the first's
    conflict = sounds.isin(other.index)
    same = first.where(foreign | ~conflict, sounds.map(other))
    fate = np.where(conflict, CONFLICT, DUPLICATE)
    found = pd.DataFrame({"fate": fate, "reason": words + same.astype(str)}, rows.index)
    return found[same != names]


def sound_of(hashes: Sequence[str]) -> np.ndarray:
    """Return a number for each hash, the same for those that are alike, or alike to such.

    hashes: of images, 256 bits in hexadecimal, or empty: then -1.   Candidates agree in 20 chosen
    bits, of which there are 40 choices: of two that differ in 10 bits one in 10 ** 10 is missed,
    in 21 bits one in a thousand, in 24 one in two hundred.
    Source: Indyk and Motwani, Approximate nearest neighbors, STOC 1998.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    codes, known = pd.factorize(pd.Series(hashes, dtype=object).replace("", None))  # -1 for None
    octets = np.frombuffer(bytes.fromhex("".join(known)), np.uint8).reshape(-1, BYTES)
    words = octets.view(np.uint64)
    bits = np.unpackbits(octets.T.copy(), axis=0)  # (bits, hashes), eight at a time
    pairs = [np.empty((2, 0), int)]
    for table in range(TABLES):
        places = np.zeros(len(known), np.uint32)
        for bit in _chosen(table, len(bits)):
            places = places << 1 | bits[bit]
        order = np.argsort(places, kind="stable")
        places = places[order]
        for step in range(1, CROWD + 1):
            (at,) = np.nonzero(places[step:] == places[:-step])
            if not len(at):
                break
            one, other = order[at + step], order[at]
            near = np.bitwise_count(words[one] ^ words[other]).sum(axis=1) <= NEAR
            pairs.append(np.stack([one[near], other[near]]))
    one, other = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(one), bool), (one, other)), shape=(len(known),) * 2)
    sounds = connected_components(graph, directed=False)[1]
    return np.append(sounds, -1)[codes]


def _chosen(table: int, count: int) -> np.ndarray:
    """Return the bits, of so many, that a table looks at."""
    random = np.frombuffer(hashlib.shake_256(b"%d" % table).digest(2 * count), "<u2")
    return np.argsort(random, kind="stable")[:KEY]
