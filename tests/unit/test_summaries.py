"""The dataset in words: what is missing, what was lost, and the table at the end of a run."""

from lingogram import datasets, groups, splits, summaries
from tables import FATES, SHARES, corpus, ledger_of, recordings_of


def test_what_is_missing_is_said_in_words():
    rows = corpus({"de": 10, "en": 90}, groups=1).assign(split="training")
    rows.loc[20:, "fate"] = "balance"
    words = list(summaries.warnings_of(rows, ledger_of(rows), SHARES, 0))
    assert words == [
        "the list for validation is empty",
        "the list for testing is empty",
        "nothing in validation, as groups stay whole: de (1 group), en (1 group)",
        "nothing in testing, as groups stay whole: de (1 group), en (1 group)",
        "far from 75 / 20 / 5 % in training, validation, testing, as groups stay whole: "
        "de (1 group) 100 / 0 / 0 %, en (1 group) 100 / 0 / 0 %",
        "balancing leaves out segments: en 80 (89%)",
    ]
    again = list(summaries.warnings_of(rows, ledger_of(rows), SHARES, 0.03))
    assert [line for line in again if line not in words] == [
        "groups stay where the run before had them; placed anew, without splits.tsv, the "
        "farthest share would be nearer by 3 points"
    ]


def test_all_in_one_language_is_named():
    rows = corpus({"de": 100}, groups=20)
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    words = list(summaries.warnings_of(rows, ledger_of(rows), SHARES, 0))
    assert words == ["all is of one language, de; is the folder of recordings one too high?"]


def test_why_a_split_or_a_language_is_empty_is_said_as_it_is():
    rows = corpus({"de": 10, "en": 90}).assign(split="training")
    rows.loc[90:, "split"] = ["validation", "testing"] * 5
    rows.loc[rows.index[-10:], "fate"] = "balance"
    rows.loc[rows["language"] == "de", ["fate", "split"]] = ["constant", ""]
    words = list(summaries.warnings_of(rows, ledger_of(rows), SHARES, 0))
    assert "the list for testing is empty" in words
    assert "no segment is good enough for the dataset: de" in words
    assert "balancing leaves nothing: of en in testing, of en in validation" in words


def test_recordings_that_lost_something_are_named():
    rows = corpus({"de": 12}).assign(split="training")
    table = recordings_of(rows)
    table.loc[0, "header_seconds"] += 1
    table.loc[1, "bad_packets"] = "3"
    table.loc[2, "reason"] = "is odd"
    table.loc[4, "lost_seconds"] = "1.5"
    table.loc[5, "header_seconds"] *= 1.011
    table.loc[3, "streams"] = "2"
    rows.loc[rows["recording"] == "de/s2/0.wav", "fate"] = "conflict"
    ledger = datasets.ledger(table, rows, 16_000, FATES)
    assert ledger["truncated"].tolist()[:2] == ["10.0 of 11.0 s", ""]
    assert ledger["damaged"][4] == "1.5 s are missing inside"
    assert (ledger["truncated"] != "").tolist()[:6] == [*(True, False, False, False, False, True)]
    assert ledger["damaged"].tolist()[1:4] == ["bad packets: 3", "is odd", ""]
    words = "\n".join(summaries.warnings_of(rows, ledger, (1, 0, 0), 0))
    assert "shorter than their header says: 2, such as de/s0/0.wav" in words
    assert "damaged: 3, such as de/s0/1.wav" in words
    assert "further audio streams, which are not read: 1, such as de/s1/1.wav" in words
    assert "with audio that another language has, too, all left out: 1, such as de/s2/" in words


def test_the_summary_has_a_line_a_language_and_the_total():
    rows = corpus({"de": 50, "en": 70})
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    summary = summaries.summary_of(ledger_of(rows), rows, 16_000, FATES)
    lines = [line.split() for line in summary.splitlines()]
    assert [line[0] for line in lines] == ["decoded", "de", "en", "total"]
    assert lines[3][1:5] == ["1,200.0", "s", "1,200.0", "s"]
    assert sum(map(int, lines[3][-3:])) == 120
    assert set(splits.SPLITS) <= set(lines[0])
