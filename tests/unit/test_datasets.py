"""The fate of every segment, balance, labels, and a ledger that does not add up."""

import numpy as np
import pandas as pd
import pytest

from lingogram import datasets, splits
from lingogram.quality import FLAGS

SHARES = (75, 20, 5)


def corpus(counts, groups=6):
    """Return a table of kept segments: for each language its count, in so many groups."""
    rows = [
        {
            "recording": f"{language}/s{index % groups}/{index // groups}.wav",
            "index": index,
            "language": language,
            "group": f"speaker:{language}{index % groups}",
            "samples": 160_000,
        }
        for language, count in counts.items()
        for index in range(count)
    ]
    return pd.DataFrame(rows).assign(fate="kept")


def flagged(**columns):
    empty = {"reason": "", **dict.fromkeys(FLAGS, "")}
    return pd.DataFrame([empty | columns])


@pytest.mark.parametrize(
    ("row", "drop", "fate"),
    [
        ({}, FLAGS, "kept"),
        ({"reason": "remainder"}, FLAGS, "remainder"),
        ({"reason": "digital silence"}, [], "undrawn"),
        ({"constant": "same", "quiet": "low"}, ["quiet", "constant"], "constant"),
        ({"constant": "same", "quiet": "low"}, ["quiet"], "quiet"),
        ({"constant": "same"}, [], "kept"),
    ],
)
def test_a_segment_is_kept_or_has_one_reason(row, drop, fate):
    assert datasets.fates(flagged(**row), drop).tolist() == [fate]


def test_no_group_is_in_two_splits_even_across_languages():
    rows = corpus({"de": 60, "en": 90})
    rows["group"] = rows["group"].replace("speaker:en0", "speaker:de3")
    rows["split"] = datasets.split_of(rows, SHARES, seed=1)
    assert (rows.groupby("group")["split"].nunique() == 1).all()
    assert (rows.groupby("language")["split"].nunique() == 3).all()


def test_the_split_does_not_depend_on_the_order_of_the_rows():
    rows = corpus({"de": 60, "en": 90})
    shuffled = rows.sample(frac=1, random_state=3)
    split = datasets.split_of(rows, SHARES, seed=1)
    pd.testing.assert_series_equal(
        split, datasets.split_of(shuffled, SHARES, seed=1).sort_index(), check_names=False
    )


def test_balance_leaves_every_language_with_as_many_as_the_smallest():
    rows = corpus({"de": 50, "en": 170, "tr": 61})
    rows["split"] = datasets.split_of(rows, SHARES, seed=1)
    surplus = datasets.surplus(rows, seed=1)
    kept = rows.drop(surplus)
    assert kept.groupby("language").size().tolist() == [50, 50, 50]
    before = rows.groupby(["language", "split"]).size() / rows.groupby("language").size()
    after = kept.groupby(["language", "split"]).size() / 50
    assert (before - after).abs().max() <= 1 / 50
    shuffled = datasets.surplus(rows.sample(frac=1, random_state=1), seed=1)
    assert sorted(surplus) == sorted(shuffled) != sorted(datasets.surplus(rows, seed=2))


def recordings_of(rows):
    table = rows.groupby(["recording", "language"], as_index=False)["samples"].sum()
    table = table.rename(columns={"samples": "decoded"})
    seconds = table["decoded"] / 16_000
    return table.assign(
        header_seconds=seconds, bad_packets="0", nonfinite="0", format_changes="0", reason=""
    )


def test_the_ledger_adds_up_for_every_recording():
    rows = corpus({"de": 20, "en": 20})
    rows["fate"] = np.take(["kept", "remainder", "constant", "balance"], rows["index"] % 4)
    silent = {"recording": "en/x.wav", "language": "en", "decoded": 0, "reason": "is broken"}
    recordings = pd.concat([recordings_of(rows), pd.DataFrame([silent])], ignore_index=True)
    ledger = datasets.ledger(recordings, rows)
    assert (ledger["decoded"] == ledger[datasets.FATES].sum(axis=1)).all()
    assert ledger["decoded"].sum() == 40 * 160_000 and len(ledger) == len(recordings)
    assert ledger.set_index("recording").loc["en/x.wav", "reason"] == "is broken"


@pytest.mark.parametrize("wrong", ["one sample less", "a segment lost", "no such recording"])
def test_a_ledger_that_does_not_add_up_names_the_recording(wrong):
    rows = corpus({"de": 20})
    recordings = recordings_of(rows)
    match wrong:
        case "one sample less":
            recordings.loc[0, "decoded"] -= 1
        case "a segment lost":
            rows = rows.drop(index=0)
        case "no such recording":
            recordings = recordings.drop(index=0)
    with pytest.raises(ValueError, match=r"1 recordings do not add up \(de/s0/0.wav\)"):
        datasets.ledger(recordings, rows)


def tables():
    segments = pd.DataFrame(
        {"recording": "de/a.wav", "index": ["10", "9"], "start": ["90", "80"], "samples": "10"}
    ).assign(reason=["remainder", ""], content=["x", "y"])
    spectrograms = segments.loc[1:, ["recording", "index", "content"]].assign(reason="")
    quality = segments.loc[1:, ["recording", "index"]].assign(**dict.fromkeys(FLAGS, ""))
    recordings = pd.DataFrame([{"recording": "de/a.wav", "language": "de", "speaker": ""}])
    return recordings, segments, spectrograms, quality


def test_all_that_is_known_of_a_segment_comes_together():
    rows = datasets.collected(*tables())
    assert rows["index"].tolist() == [9, 10] and rows["samples"].sum() == 20
    assert rows["group"].tolist() == ["recording:de/a.wav"] * 2
    assert rows["reason"].tolist() == ["", "remainder"]


def test_an_image_of_other_samples_is_an_error():
    recordings, segments, spectrograms, quality = tables()
    with pytest.raises(ValueError, match="differ"):
        datasets.collected(recordings, segments, spectrograms.assign(content="z"), quality)


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_segment_that_a_table_lacks_is_an_error(missing):
    some = list(tables())
    some[missing] = some[missing].drop(index=1)
    with pytest.raises(ValueError, match="differ"):
        datasets.collected(*some)


def test_labels_are_alphabetical_or_as_ordered():
    assert datasets.labels_of(["tr", "de", "en"], []) == {"de": 0, "en": 1, "tr": 2}
    assert datasets.labels_of(["de", "tr"], ["tr", "en", "de"]) == {"tr": 0, "en": 1, "de": 2}
    with pytest.raises(ValueError, match="lacks tr"):
        datasets.labels_of(["de", "tr"], ["de"])


def test_what_is_missing_is_said_in_words():
    rows = corpus({"de": 10, "en": 90}, groups=1).assign(split="training")
    rows.loc[20:, "fate"] = "balance"
    words = list(datasets.warnings_of(rows, recordings_of(rows), SHARES, 16_000))
    assert any(
        "de: nothing in validation and testing" in line and "1 speaker" in line for line in words
    )
    assert any("en: balancing leaves out 80 segments (89%)" in line for line in words)


def test_why_a_split_or_a_language_is_empty_is_said_as_it_is():
    rows = corpus({"de": 10, "en": 90}).assign(split="training")
    rows.loc[90:, "split"] = ["validation", "testing"] * 5
    rows.loc[rows.index[-10:], "fate"] = "balance"
    rows.loc[rows["language"] == "de", ["fate", "split"]] = ["constant", ""]
    words = list(datasets.warnings_of(rows, recordings_of(rows), SHARES, 16_000))
    assert "the list for testing is empty" in words
    assert any(line.startswith("de: no segment is good enough") for line in words)
    assert any("en: balancing to 80 segments leaves validation and testing" in x for x in words)


def test_recordings_that_lost_something_are_named():
    rows = corpus({"de": 12}).assign(split="training")
    table = recordings_of(rows)
    table.loc[0, "header_seconds"] += 1
    table.loc[1, "bad_packets"] = "3"
    table.loc[2, "reason"] = "is odd"
    words = "\n".join(datasets.warnings_of(rows, table, (1, 0, 0), 16_000))
    assert "shorter than their header says: 1, as de/s0/0.wav" in words
    assert "cannot be decoded: 1, as de/s0/1.wav" in words
    assert "not decoded to their end: 1, as de/s1/0.wav" in words


def test_a_small_balance_leaves_something_in_every_split():
    rows = corpus({"de": 3, "en": 100})
    rows["split"] = datasets.split_of(rows, SHARES, seed=1)
    kept = rows.drop(datasets.surplus(rows, seed=1))
    assert (kept.groupby("language")["split"].nunique() == 3).all()


def test_the_summary_has_a_line_a_language_and_the_total():
    rows = corpus({"de": 50, "en": 70})
    rows["split"] = datasets.split_of(rows, SHARES, seed=1)
    summary = datasets.summary_of(datasets.ledger(recordings_of(rows), rows), rows, 16_000)
    lines = [line.split() for line in summary.splitlines()]
    assert [line[0] for line in lines] == ["decoded", "de", "en", "total"]
    assert lines[3][1:5] == ["1,200.0", "s", "1,200.0", "s"]
    assert sum(map(int, lines[3][-3:])) == 120
    assert set(splits.SPLITS) <= set(lines[0])
