"""A thousand planted leaks of each kind are found, each of them."""

import numpy as np
import pandas as pd
import pytest
import yaml

import deployed
from lingogram import duplicates, leaks

COPIES = ("duplicate", "near_duplicate")
SPLITS = np.array(["training", "validation", "testing"])


def honest(count=3_000, each=3):
    """Return a dataset without a leak: recordings of one voice each, whole in one split."""
    random = np.random.default_rng(1)
    number = np.repeat(np.arange(count), each)
    rows = pd.DataFrame(
        {
            "recording": [f"l{one % 5}/s{one}/r{one}.wav" for one in number],
            "index": np.tile(np.arange(each), count),
            "language": [f"l{one % 5}" for one in number],
            "group": [f"speaker:s{one}" for one in number],
            "speaker": [f"s{one}" for one in number],
            "session": [f"d{one}" if one % 4 else "" for one in number],
            "studio": [f"x{one}" for one in number],
            "split": SPLITS[number % 3],
            "content": [f"{place:032x}" for place in range(len(number))],
            "peak_dbfs": "-3",
            "image_hash": [random.bytes(32).hex() for _ in number],
        }
    )
    return rows.sample(frac=1, random_state=1, ignore_index=True)


def found_in(rows, columns):
    sounds = pd.Series(duplicates.sound_of(rows["image_hash"]), rows.index)
    contents = rows["recording"] if "file" not in rows else rows["file"]
    return leaks.found(rows, sounds, contents, columns)


def counts(rows, columns=("studio",)):
    found = found_in(rows, columns)
    return dict(zip(found["kind"], found["count"]))


def planted(kind):
    """Return the same with a thousand leaks of that kind."""
    rows = honest().sort_values(["recording", "index"], ignore_index=True)
    first, elsewhere = np.arange(3_000) * 3, np.roll(SPLITS, 1)
    there = dict(zip(SPLITS, elsewhere))
    match kind:
        case "group" | "speaker" | "session" | "studio":
            known = first[rows.loc[first, "session"] != ""][:2_000] if kind == "session" else first
            one = known[:1_000]
            other = known[1_000:2_000]
            rows.loc[other, kind] = rows.loc[one, kind].to_numpy()
            rows.loc[other, "split"] = rows.loc[one, "split"].map(there).to_numpy()
            rows = rows.drop([*(other + 1), *(other + 2)])
        case "recording" | "adjacent":
            last = first[:1_000] + 2
            rows.loc[last, "split"] = rows.loc[last, "split"].map(there)
            if kind == "recording":
                rows = rows.drop(last - 1)
        case "file":
            rows["file"] = rows["recording"]
            for place in range(3):
                known = rows.loc[first[:1_000], "file"].to_numpy()
                rows.loc[first[1_000:2_000] + place, "file"] = known
                splits = rows.loc[first[:1_000], "split"].map(there).to_numpy()
                rows.loc[first[1_000:2_000] + place, "split"] = splits
        case "duplicate" | "near_duplicate":
            column = "content" if kind == "duplicate" else "image_hash"
            rows.loc[first[1_000:2_000], column] = rows.loc[first[:1_000], column].to_numpy()
            splits = rows.loc[first[:1_000], "split"].map(there).to_numpy()
            for place in range(3):
                rows.loc[first[1_000:2_000] + place, "split"] = splits
    return rows


def test_where_nothing_leaks_nothing_is_found():
    assert set(counts(honest()).values()) == {0}
    assert leaks.told(found_in(honest(), []), []) == []
    assert set(counts(honest()[:0]).values()) == {0}


@pytest.mark.parametrize(
    "kind",
    ["group", "speaker", "session", "studio", "recording", "file", "adjacent", *COPIES],
)
def test_a_thousand_planted_leaks_are_found(kind):
    rows = planted(kind)
    found = counts(rows)
    assert found.pop(kind) == 1_000
    whole = {"recording", "file", "group", "speaker", "studio", "session"}
    allowed = whole - {kind} if kind in ("recording", "adjacent") else set()
    assert {other for other, count in found.items() if count} == allowed
    table = found_in(rows, ["studio"])
    (words,) = (words for words in leaks.told(table, []) if words.startswith(f"{kind}: 1000, such"))
    assert " in training" in words and words.count(" in ") == 2
    assert leaks.told(table, {kind, *allowed}) == []


def test_a_reader_of_two_languages_in_two_splits_is_found():
    rows = honest()
    rows.loc[rows["speaker"] == "s1", "speaker"] = "s0"  # one trains l0, the other validates l1
    found = found_in(rows, []).set_index("kind")
    assert found.loc["speaker", "count"] == 1
    assert found.loc["speaker", "such_as"] == "s0 in training, s0 in validation"


def test_silence_in_two_splits_is_no_leak():
    rows = planted("duplicate").assign(peak_dbfs="-inf")
    assert counts(rows)["duplicate"] == 0


def test_the_kinds_that_can_be_accepted_are_those_there_are():
    schema = yaml.safe_load((deployed.ROOT / "config/config.schema.yaml").read_text())
    accepted = schema["properties"]["split"]["properties"]["accept"]["items"]["enum"]
    assert accepted == found_in(honest()[:9], [])["kind"].tolist()


def test_a_copy_with_the_same_samples_is_no_near_duplicate_as_well():
    rows = planted("duplicate")
    rows["image_hash"] = rows.groupby("content")["image_hash"].transform("first")
    assert counts(rows)["near_duplicate"] == 0
