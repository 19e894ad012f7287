"""The fate of every segment, balance, labels, and a ledger that does not add up."""

import numpy as np
import pandas as pd
import pytest

from lingogram import datasets
from tables import FATES, corpus, recordings_of


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
