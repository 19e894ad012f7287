"""A group stays in the split in which it was, whatever joins it."""

import pandas as pd
import pytest

from lingogram import groups

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
