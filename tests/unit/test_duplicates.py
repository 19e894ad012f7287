"""Copies are found, by their samples and by their sound, and nothing else is taken for one."""

import numpy as np
import pandas as pd
import pytest

from lingogram import duplicates


def segments_of(*rows):
    """Return a table of segments, in order, from their names and contents."""
    table = pd.DataFrame(sorted(rows), columns=["recording", "index", "content"])
    return table.assign(language=table["recording"].str[:2], peak_dbfs="-3")


def test_what_has_the_samples_of_another_is_left_out_but_for_the_first():
    rows = segments_of(
        *(("de/b", 0, "1"), ("de/a", 1, "1"), ("de/a", 0, "2"), ("en/x", 0, "3")),
        *(("de/c", 0, "silent"), ("en/c", 0, "silent"), ("de/d", 0, "short"), ("en/d", 0, "short")),
    )
    rows.loc[rows["content"] == "silent", "peak_dbfs"] = "-inf"
    rows.loc[rows["content"] == "short", "peak_dbfs"] = ""
    found = duplicates.repeated(rows)
    assert rows.loc[found.index, "recording"].tolist() == ["de/b"]
    assert found.to_numpy().tolist() == [["duplicate", "has the samples of de/a 1"]]
    assert duplicates.repeated(rows[rows["recording"] != "de/a"]).empty


def test_of_the_same_samples_in_two_languages_none_is_kept():
    rows = segments_of(("en/a", 7, "1"), ("de/a", 0, "1"), ("en/b", 0, "1"), ("de/a", 1, "2"))
    found = duplicates.repeated(rows)
    assert (found["fate"] == "conflict").all()
    assert dict(zip(rows.loc[found.index, "recording"], found["reason"])) == {
        "de/a": "has the samples of en/a 7",
        "en/a": "has the samples of de/a 0",
        "en/b": "has the samples of de/a 0",
    }


def altered(octets, count, random):
    """Return hashes, shape (rows, 32), uint8, with so many bits of each the other way."""
    bits = np.unpackbits(octets, axis=1)
    for row in bits:
        row[random.choice(256, count, replace=False)] ^= 1
    return np.packbits(bits, axis=1)


@pytest.mark.parametrize("count", [1, 5, 10, 16])
def test_a_thousand_sounds_are_known_again_among_twenty_thousand(count):
    random = np.random.default_rng(count)
    known = random.integers(0, 256, (20_000, 32), dtype=np.uint8)
    again = altered(known[::20], count, random)
    found = duplicates.sound_of([row.tobytes().hex() for row in np.concatenate([known, again])])
    assert (found[:20_000:20] == found[20_000:]).all()
    assert len(np.unique(found)) == 20_000


def test_what_differs_in_more_bits_is_another_sound():
    random = np.random.default_rng(1)
    known = random.integers(0, 256, (500, 32), dtype=np.uint8)
    for bits, least, most in ((24, 500, 510), (25, 1000, 1000)):  # of the farthest, some are missed
        again = altered(known, bits, random)
        found = duplicates.sound_of([row.tobytes().hex() for row in np.concatenate([known, again])])
        assert least <= len(np.unique(found)) <= most


def test_no_sound_and_thousands_of_the_same_are_no_trouble():
    assert duplicates.sound_of([]).tolist() == []
    assert duplicates.sound_of(["", "0" * 64, ""]).tolist() == [-1, 0, -1]
    crowd = altered(np.zeros((5_000, 32), np.uint8), 3, np.random.default_rng(1))
    assert len(np.unique(duplicates.sound_of([row.tobytes().hex() for row in crowd]))) == 1


def test_of_what_sounds_alike_the_group_of_the_first_stays():
    rows = segments_of(*((f"de/{name}", 0, name) for name in "abcd"), ("en/e", 0, "e"))
    rows["group"] = rows["recording"].replace("de/c", "de/a")
    found = duplicates.alike(rows, pd.Series([5, 5, 5, 7, 9]))
    assert rows.loc[found.index, "recording"].tolist() == ["de/b"]
    assert found.to_numpy().tolist() == [["duplicate", "sounds like de/a 0"]]
    found = duplicates.alike(rows, pd.Series([5, 5, 5, 7, 7]))
    assert dict(zip(rows.loc[found.index, "recording"], found["fate"])) == {
        **{"de/b": "duplicate", "de/d": "conflict", "en/e": "conflict"},
    }
    assert duplicates.alike(rows, pd.Series([-1] * 5)).empty
