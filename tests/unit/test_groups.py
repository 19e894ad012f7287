"""A group stays in the split in which it was, whatever joins it."""

import pandas as pd
import pytest

from lingogram import groups
from tables import SHARES, corpus

COLUMNS = ("speaker", "session")


def keys(*rows):
    """Return the keys of recordings, of each its group, its speaker and its session."""
    return groups.keys_of(pd.DataFrame(rows, columns=["group", *COLUMNS]), COLUMNS)


def split(**groups):
    names = [f"speaker:{name}" for name in groups]
    return pd.DataFrame({"group": names, "split": [*groups.values()]})


def test_a_group_is_known_by_all_that_it_shares():
    found = keys(
        *(("speaker:ann", "ann", "mon"), ("speaker:ann", "bob", "mon"), ("speaker:cem", "cem", "")),
        ("recording:4", "", ""),
    )
    assert found.sort_values("key").to_numpy().tolist() == [
        ["recording:4", "recording:4"],
        ["session:mon", "speaker:ann"],
        ["speaker:ann", "speaker:ann"],
        ["speaker:bob", "speaker:ann"],
        ["speaker:cem", "speaker:cem"],
    ]
    alone = groups.keys_of(pd.DataFrame({"group": ["segment:a/1"]}), ())
    assert alone.to_numpy().tolist() == [["segment:a/1", "segment:a/1"]]


def test_a_group_stays_where_it_was_also_under_another_name():
    one = keys(("speaker:bob", "bob", "mon"), ("speaker:cem", "cem", ""))
    memory = groups.remembered(one, split(bob="testing", cem="training"), {})
    before = dict(memory.to_numpy())
    assert before == {**dict.fromkeys(["session:mon", "speaker:bob"], "testing")} | {
        "speaker:cem": "training"
    }
    other = keys(
        ("speaker:ann", "ann", "mon"), ("speaker:ann", "bob", "mon"), ("speaker:dee", "dee", "")
    )
    assert groups.fixed(other, before, (75, 20, 5)) == {"speaker:ann": "testing"}
    assert groups.fixed(other, before, (75, 25, 0)) == {}
    later = groups.remembered(other, split(ann="testing", dee="training"), before)
    assert later["key"].tolist() == sorted([*before, "speaker:ann", "speaker:dee"])
    assert dict(later.to_numpy())["speaker:cem"] == "training"  # gone, and not forgotten


def test_what_joins_two_splits_is_an_error_that_names_them():
    before = {"speaker:ann": "testing", "speaker:bob": "training"}
    with pytest.raises(ValueError) as error:
        groups.fixed(
            keys(("speaker:ann", "ann", "mon"), ("speaker:ann", "bob", "mon")), before, (75, 20, 5)
        )
    assert str(error.value).splitlines()[0] == (
        "one group now, but in two splits before: speaker:ann (testing), speaker:bob (training)"
    )


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


def test_the_split_of_a_group_can_be_fixed():
    rows = corpus({"de": 60, "en": 90})
    fixed = {"speaker:de0": "testing", "speaker:de1": "testing", "speaker:gone": "training"}
    split = groups.split_of(rows, SHARES, 1, fixed)
    found = split.groupby(rows["group"]).first()
    assert found["speaker:de0"] == found["speaker:de1"] == "testing"
    assert set(split[rows["language"] == "de"]) == {"training", "validation", "testing"}


def test_genders_are_spread_over_the_splits_like_their_language():
    rows = corpus({"de": 400}, groups=40)
    rows["gender"] = rows["group"].str[-1].map(lambda digit: "f" if digit in "012" else "m")
    rows["split"] = groups.split_of(rows, (50, 25, 25), 1, {})
    shares = rows.groupby("split")["gender"].value_counts(normalize=True).unstack()["f"]
    assert (shares - (rows["gender"] == "f").mean()).abs().max() < 0.06
    assert groups.achieved(rows).loc["de"].tolist() == pytest.approx([0.5, 0.25, 0.25], abs=0.01)


def test_the_corpus_goes_before_memory_and_memory_before_the_shares():
    rows = corpus({"de": 60}, groups=10).assign(speaker=lambda table: table["group"].str[8:])
    before = {"speaker:de1": "testing", "speaker:de2": "testing", "speaker:de3": "testing"}
    given = {"speaker:de1": "training"}
    split, memory, cost = groups.placed(rows, ["speaker"], SHARES, 1, given, before)
    found = dict(zip(rows["group"], split))
    assert found["speaker:de1"] == "training"
    assert found["speaker:de2"] == found["speaker:de3"] == "testing"
    assert dict(memory.to_numpy())["speaker:de1"] == "training"
    assert cost > 0.05 and groups.placed(rows, ["speaker"], SHARES, 1, {}, {})[2] == 0
    torn = {"speaker:de1": "testing", "speaker:de2": "training"}
    rows["speaker"] = rows["speaker"].replace("de2", "de1")
    rows["session"] = rows["group"].replace("speaker:de2", "speaker:de1")
    groups.placed(rows.assign(group=rows["session"]), ["speaker"], SHARES, 1, given, torn)


def test_what_is_no_split_is_named():
    with pytest.raises(ValueError, match="'test' is no split"):
        groups.fixed(keys(("speaker:ann", "ann", "")), {"speaker:ann": "test"}, SHARES)
