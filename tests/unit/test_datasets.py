"""The fate of every segment, balance, labels, and a ledger that does not add up."""

import numpy as np
import pandas as pd
import pytest

from lingogram import balance, datasets, groups
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
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    assert (rows.groupby("group")["split"].nunique() == 1).all()
    assert (rows.groupby("language")["split"].nunique() == 3).all()


def test_the_split_does_not_depend_on_the_order_of_the_rows():
    rows = corpus({"de": 60, "en": 90})
    shuffled = rows.sample(frac=1, random_state=3)
    split = groups.split_of(rows, SHARES, 1, {})
    pd.testing.assert_series_equal(
        split, groups.split_of(shuffled, SHARES, 1, {}).sort_index(), check_names=False
    )


def surplus(rows, seed, measure="segments", genders=False):
    return balance.surplus(rows, seed, measure, genders)


def test_balance_leaves_every_language_with_as_many_as_the_smallest():
    rows = corpus({"de": 50, "en": 170, "tr": 61})
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    left_out = surplus(rows, 1)
    kept = rows.drop(left_out)
    assert kept.groupby("language").size().tolist() == [50, 50, 50]
    before = rows.groupby(["language", "split"]).size() / rows.groupby("language").size()
    after = kept.groupby(["language", "split"]).size() / 50
    assert (before - after).abs().max() <= 1 / 50
    shuffled = surplus(rows.sample(frac=1, random_state=1), 1)
    assert sorted(left_out) == sorted(shuffled)


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


def test_the_split_of_a_group_can_be_fixed():
    rows = corpus({"de": 60, "en": 90})
    fixed = {"speaker:de0": "testing", "speaker:de1": "testing", "speaker:gone": "training"}
    split = groups.split_of(rows, SHARES, 1, fixed)
    found = split.groupby(rows["group"]).first()
    assert found["speaker:de0"] == found["speaker:de1"] == "testing"
    assert set(split[rows["language"] == "de"]) == {"training", "validation", "testing"}


def test_a_small_balance_leaves_something_in_every_split():
    rows = corpus({"de": 3, "en": 100})
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    kept = rows.drop(surplus(rows, 1))
    assert (kept.groupby("language")["split"].nunique() == 3).all()


def test_balance_by_seconds_counts_the_audio_and_not_the_segments():
    rows = corpus({"de": 60, "en": 60})
    rows.loc[rows["language"] == "de", "samples"] = 80_000
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    kept = rows.drop(surplus(rows, 1, "seconds"))
    spent = kept.groupby("language")["samples"].sum()
    assert spent["de"] == 60 * 80_000 and 0 <= spent["de"] - spent["en"] <= 3 * 160_000


def test_balance_by_gender_evens_genders_in_each_language_and_languages():
    rows = corpus({"de": 60, "en": 60, "tr": 60})
    order = rows["index"]
    rows["gender"] = np.where(order < 13, "f", "m")
    rows.loc[rows["language"] == "tr", "gender"] = "m"
    rows["split"] = np.where(order % 3, "training", "testing")
    kept = rows.drop(surplus(rows, 1, genders=True))
    assert kept.groupby(["language", "gender"]).size().to_dict() == {
        **{("de", "f"): 13, ("de", "m"): 13, ("en", "f"): 13, ("en", "m"): 13, ("tr", "m"): 26},
    }


def test_balance_of_a_million_seconds_does_not_overflow():
    rows = corpus({"de": 30, "en": 40}).assign(split="training")
    rows["samples"] *= 1_000_000
    kept = rows.drop(surplus(rows, 1, "seconds"))
    assert kept.groupby("language").size().tolist() == [30, 30]


def test_genders_are_spread_over_the_splits_like_their_language():
    rows = corpus({"de": 400}, groups=40)
    rows["gender"] = rows["group"].str[-1].map(lambda digit: "f" if digit in "012" else "m")
    rows["split"] = groups.split_of(rows, (50, 25, 25), 1, {})
    shares = rows.groupby("split")["gender"].value_counts(normalize=True).unstack()["f"]
    assert (shares - (rows["gender"] == "f").mean()).abs().max() < 0.06
    assert groups.achieved(rows).loc["de"].tolist() == pytest.approx([0.5, 0.25, 0.25], abs=0.01)
