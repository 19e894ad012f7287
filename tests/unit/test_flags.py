"""Flags are measures beyond a limit; decisions go before them."""

import pandas as pd
import pytest

from lingogram import flags

QUIET = flags.Flag("quiet", "rms_dbfs", "below", -50, "review")
CLIPPED = flags.Flag("clipped", "clipped_share", "above", 0.01, "drop")


def rows(*measures):
    table = pd.DataFrame(measures, columns=["rms_dbfs", "clipped_share"], dtype=str)
    return table.assign(decision="", split="training", content=list("abcdefg")[: len(table)])


def test_a_measure_beyond_its_limit_raises_the_flag():
    table = rows(("-20", "0"), ("-50", "0.01"), ("-50.1", "0.02"), ("-inf", ""), ("", ""))
    found = flags.raised(table, [CLIPPED, QUIET]).tolist()
    assert found == ["", "", "clipped quiet", "quiet", ""]
    assert flags.reason_of(QUIET) == "rms_dbfs is below -50"


def test_what_is_to_be_reviewed_is_kept_and_open():
    table = rows(*[("-60", "0")] * 4).assign(
        flags=["quiet", "clipped", "clipped quiet", "quiet"],
        path="",
        recording="",
        index="",
        language="",
    )
    table.loc[0, "decision"], table.loc[2, "split"] = "keep", ""
    assert flags.to_review(table, [CLIPPED, QUIET])["content"].tolist() == ["d"]
    twice = pd.concat([table, table], ignore_index=True)
    assert flags.to_review(twice, [CLIPPED, QUIET])["content"].tolist() == ["d"]
    assert list(flags.to_review(table, [])) == flags.REVIEW_COLUMNS


def write(path, *lines):
    path.write_text("\n".join(lines) + "\n")
    return path


def test_decisions_are_read_and_empty_ones_do_not_count(tmp_path):
    table = write(
        tmp_path / "my.tsv",
        "content\tnote\tdecision",
        "a\t\tkeep",
        "b\thm\tdrop",
        "c\t\t",
        "a\tagain\tkeep",
        "d\t\twrong-language",
    )
    expected = {"a": "keep", "b": "drop", "d": "wrong-language"}
    assert flags.read_decisions([table]) == expected and flags.read_decisions([]) == {}


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["content", "a"], "lacks the column decision"),
        (["content\tdecision", "a\tkept", "b\tdrop"], "'kept' is none of keep, drop"),
        (["content\tdecision", "a\tkeep", "a\tdrop"], "a is decided in two ways"),
    ],
)
def test_a_decision_that_is_none_is_named(lines, named, tmp_path):
    with pytest.raises(ValueError, match=named):
        flags.read_decisions([write(tmp_path / "my.tsv", *lines)])
