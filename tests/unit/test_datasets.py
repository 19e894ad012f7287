"""The fate of every segment, balance, labels, and a ledger that does not add up."""

import numpy as np
import pandas as pd
import pytest

from lingogram import datasets
from tables import FATES, SHARES, corpus, recordings_of


@pytest.mark.parametrize(
    ("row", "fate", "reason"),
    [
        ({}, "kept", ""),
        ({"reason": "remainder"}, "remainder", "remainder"),
        ({"reason": "digital silence"}, "undrawn", "digital silence"),
        ({"flags": "odd quiet constant"}, "constant", "is the same"),
        ({"flags": "quiet"}, "quiet", "is low"),
        ({"flags": "odd"}, "kept", ""),
        ({"flags": "quiet", "decision": "keep"}, "kept", ""),
        ({"flags": "quiet", "decision": "drop"}, "review", ""),
        ({"decision": "wrong-language"}, "review", ""),
        ({"reason": "remainder", "decision": "keep"}, "remainder", "remainder"),
        ({"recording": "de/b", "decision": "keep"}, "duplicate", "has the samples of de/a 0"),
        ({"recording": "de/b", "reason": "remainder"}, "duplicate", "has the samples of de/a 0"),
    ],
)
def test_a_segment_is_kept_or_has_one_reason(row, fate, reason):
    known = {"recording": "de/a", "reason": "", "flags": "", "decision": ""}
    repeated = {"fate": "duplicate", "reason": "has the samples of de/a 0"}
    found = datasets.judged(
        pd.DataFrame([known | row]),
        pd.DataFrame([repeated] * (row.get("recording") == "de/b"), columns=[*repeated]),
        {"constant": "is the same", "quiet": "is low"},
    )
    assert found.to_numpy().tolist() == [[fate, reason]]


def test_no_group_is_in_two_splits_even_across_languages():
    rows = corpus({"de": 60, "en": 90})
    rows["group"] = rows["group"].replace("speaker:en0", "speaker:de3")
    rows["split"] = datasets.split_of(rows, SHARES, 1, {})
    assert (rows.groupby("group")["split"].nunique() == 1).all()
    assert (rows.groupby("language")["split"].nunique() == 3).all()


def test_the_split_does_not_depend_on_the_order_of_the_rows():
    rows = corpus({"de": 60, "en": 90})
    shuffled = rows.sample(frac=1, random_state=3)
    split = datasets.split_of(rows, SHARES, 1, {})
    pd.testing.assert_series_equal(
        split, datasets.split_of(shuffled, SHARES, 1, {}).sort_index(), check_names=False
    )


def test_balance_leaves_every_language_with_as_many_as_the_smallest():
    rows = corpus({"de": 50, "en": 170, "tr": 61})
    rows["split"] = datasets.split_of(rows, SHARES, 1, {})
    surplus = datasets.surplus(rows, seed=1)
    kept = rows.drop(surplus)
    assert kept.groupby("language").size().tolist() == [50, 50, 50]
    before = rows.groupby(["language", "split"]).size() / rows.groupby("language").size()
    after = kept.groupby(["language", "split"]).size() / 50
    assert (before - after).abs().max() <= 1 / 50
    shuffled = datasets.surplus(rows.sample(frac=1, random_state=1), seed=1)
    assert sorted(surplus) == sorted(shuffled) != sorted(datasets.surplus(rows, seed=2))


def test_the_ledger_adds_up_for_every_recording():
    rows = corpus({"de": 20, "en": 20})
    rows["fate"] = np.take(["kept", "remainder", "constant", "balance"], rows["index"] % 4)
    silent = recordings_of(rows).iloc[0].to_dict()
    silent |= {"recording": "en/x.wav", "decoded": 0, "reason": "is broken"}
    recordings = pd.concat([recordings_of(rows), pd.DataFrame([silent])], ignore_index=True)
    ledger = datasets.ledger(recordings, rows, 16_000, FATES)
    assert (ledger["decoded"] == ledger[FATES].sum(axis=1)).all()
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
        datasets.ledger(recordings, rows, 16_000, FATES)


def tables():
    segments = pd.DataFrame(
        {"recording": "de/a.wav", "index": ["10", "9"], "start": ["90", "80"], "samples": "10"}
    ).assign(reason=["remainder", ""], content=["x", "y"])
    spectrograms = segments.loc[1:, ["recording", "index", "content"]].assign(reason="")
    spectrograms = spectrograms.assign(height="129", width="500")
    quality = segments.loc[1:, ["recording", "index"]].assign(rms_dbfs="-20")
    recordings = pd.DataFrame([{"recording": "de/a.wav", "language": "de", "speaker": ""}])
    return recordings, segments, spectrograms, quality


def test_all_that_is_known_of_a_segment_comes_together():
    recordings, *others = tables()
    rows = datasets.collected(recordings.assign(found="in a drawer", x="y"), *others)
    assert rows["index"].tolist() == [9, 10] and rows["samples"].sum() == 20
    assert rows["found"].tolist() == ["in a drawer"] * 2
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
    odd = datasets.labels_of(["zh%20%28TW%29", "é"], ["zh (TW)", "é"])
    assert odd == {"zh%20%28TW%29": 0, "é": 1}
    with pytest.raises(ValueError, match="lacks tr"):
        datasets.labels_of(["de", "tr"], ["de"])


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
    found = datasets.repeated(rows)
    assert rows.loc[found.index, "recording"].tolist() == ["de/b"]
    assert found.to_numpy().tolist() == [["duplicate", "has the samples of de/a 1"]]
    assert datasets.repeated(rows[rows["recording"] != "de/a"]).empty


def test_of_the_same_samples_in_two_languages_none_is_kept():
    rows = segments_of(("en/a", 7, "1"), ("de/a", 0, "1"), ("en/b", 0, "1"), ("de/a", 1, "2"))
    found = datasets.repeated(rows)
    assert (found["fate"] == "conflict").all()
    assert dict(zip(rows.loc[found.index, "recording"], found["reason"])) == {
        "de/a": "has the samples of en/a 7",
        "en/a": "has the samples of de/a 0",
        "en/b": "has the samples of de/a 0",
    }


def test_the_split_of_a_group_can_be_fixed():
    rows = corpus({"de": 60, "en": 90})
    fixed = {"speaker:de0": "testing", "speaker:de1": "testing", "speaker:gone": "training"}
    split = datasets.split_of(rows, SHARES, 1, fixed)
    found = split.groupby(rows["group"]).first()
    assert found["speaker:de0"] == found["speaker:de1"] == "testing"
    assert set(split[rows["language"] == "de"]) == {"training", "validation", "testing"}


def test_a_small_balance_leaves_something_in_every_split():
    rows = corpus({"de": 3, "en": 100})
    rows["split"] = datasets.split_of(rows, SHARES, 1, {})
    kept = rows.drop(datasets.surplus(rows, seed=1))
    assert (kept.groupby("language")["split"].nunique() == 3).all()
