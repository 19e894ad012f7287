"""Splits of whole runs: what leaks fails, what was placed stays, labels never shift."""

import pytest

import deployed
import sounds
from lingogram import files


def table(workflow, name):
    return files.read_table(workflow.folder / "results/dataset" / name)


def by_key(workflow):
    return {row["key"]: row["split"] for row in table(workflow, "splits.tsv")}


@pytest.fixture
def bilingual(tmp_path):
    """A corpus of two languages, each read by six, of whom one reads both; two segments each."""
    workflow = deployed.Workflow(tmp_path)
    lines = ["path,language,speaker,session"]
    for number in range(12):
        language, speaker = ("de", "en")[number % 2], f"s{number}"
        path = f"audio/{number}.wav"
        sounds.write(tmp_path / path, sounds.noise(320_000, number))
        lines.append(f"{path},{language},{'s0' if number == 1 else speaker},")
    (tmp_path / "my.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "my.yaml").write_text("recordings: {path: my.csv}\n")
    return workflow


def settings(workflow, *lines):
    text = "\n".join(["recordings: {path: my.csv}", "balance: {to: none}", *lines])
    (workflow.folder / "my.yaml").write_text(text + "\n")


def test_a_reader_of_two_languages_is_in_one_split_or_the_run_fails(bilingual):
    settings(bilingual, "split: {shares: {training: 50, validation: 25, testing: 25}}")
    bilingual.run("--configfile", "my.yaml")
    rows = table(bilingual, "segments.csv")
    assert len({row["split"] for row in rows if row["speaker"] == "s0"}) == 1
    assert {row["count"] for row in table(bilingual, "leaks.csv")} == {"0"}
    before = bilingual.results()

    (bilingual.folder / "results/dataset/splits.tsv").unlink()
    settings(bilingual, "split: {group: segment}")
    done = bilingual.call("--cores", 2, "--configfile", "my.yaml")
    assert done.returncode != 0 and "dataset: speaker: " in done.stderr
    assert "dataset: recording: " in done.stderr and "dataset: adjacent: " in done.stderr
    before.pop("results/dataset/splits.tsv")
    before.pop("results/dataset/leaks.csv")
    assert bilingual.results() == before  # what was good is still there
    assert bilingual.planned("--configfile", "my.yaml") == {"dataset": 1}

    settings(bilingual, "split: {group: segment, accept: [speaker, recording, file, adjacent]}")
    said = bilingual.run("--configfile", "my.yaml")
    assert "accepted in two splits: speaker: " in said
    leaks = {row["kind"]: row for row in table(bilingual, "leaks.csv")}
    assert int(leaks["recording"]["count"]) > 1 and leaks["recording"]["accepted"] == "True"
    assert leaks["group"]["count"] == "0"
    assert "This dataset leaks" in (bilingual.folder / "results/report.html").read_text()


def test_what_was_placed_stays_when_others_come(bilingual):
    bilingual.run("--configfile", "my.yaml")
    before, labels = by_key(bilingual), table(bilingual, "labels.csv")
    assert [(row["language"], row["label"]) for row in labels] == [("de", "0"), ("en", "1")]
    lines = (bilingual.folder / "my.csv").read_text()
    for number in range(12, 20):
        path = f"audio/{number}.wav"
        sounds.write(bilingual.folder / path, sounds.noise(320_000, number))
        lines += f"{path},{('ar', 'de')[number % 2]},{'a' * (number - 11)},\n"
    (bilingual.folder / "my.csv").write_text(lines)
    said = bilingual.run("--configfile", "my.yaml")
    after = by_key(bilingual)
    assert before.items() <= after.items() and len(after) == len(before) + 8
    labels = [
        (row["language"], row["label"], row["iso639_3"]) for row in table(bilingual, "labels.csv")
    ]
    assert labels == [("de", "0", "deu"), ("en", "1", "eng"), ("ar", "2", "ara")]
    assert "languages with a note in labels.csv: 1, ar (a macrolanguage, of " in said
    arabic = {row["split"] for row in table(bilingual, "segments.csv") if row["language"] == "ar"}
    assert arabic - {""} == {"training", "validation", "testing"}

    joined = lines.replace("s2,\n", "s2,x\n")
    other = next(key[8:] for key, split in after.items() if split != after["speaker:s2"])
    (bilingual.folder / "my.csv").write_text(joined.replace(f"{other},\n", f"{other},x\n"))
    done = bilingual.call("--cores", 2, "--configfile", "my.yaml")
    assert done.returncode != 0 and "one group now, but in two splits before: " in done.stderr
    assert by_key(bilingual) == after
    assert bilingual.planned("--configfile", "my.yaml") == {"dataset": 1}


def test_a_copy_that_sounds_alike_is_left_out_unless_it_is_accepted(bilingual):
    pcm = sounds.noise(320_000, 4)  # of s4, who speaks de
    for path in ("copy.wav", "foreign.wav"):
        sounds.write(
            bilingual.folder / "audio" / path, pcm // 2 if path == "copy.wav" else pcm // 3
        )
    lines = (bilingual.folder / "my.csv").read_text()
    (bilingual.folder / "my.csv").write_text(lines + "audio/copy.wav,de,other,\n")
    bilingual.run("--configfile", "my.yaml")
    rows = {row["recording"]: row for row in table(bilingual, "segments.csv")}
    assert rows["audio/copy.wav"]["fate"] == "duplicate"
    assert rows["audio/copy.wav"]["reason"] == "sounds like audio/4.wav 1"
    assert rows["audio/4.wav"]["fate"] in ("kept", "balance")

    (bilingual.folder / "my.csv").write_text(lines + "audio/foreign.wav,en,other,\n")
    bilingual.run("--configfile", "my.yaml")
    rows = {row["recording"]: row for row in table(bilingual, "segments.csv")}
    assert rows["audio/foreign.wav"]["fate"] == rows["audio/4.wav"]["fate"] == "conflict"

    settings(bilingual, "split: {accept: [near_duplicate]}")
    bilingual.run("--configfile", "my.yaml")
    rows = {row["recording"]: row for row in table(bilingual, "segments.csv")}
    assert rows["audio/foreign.wav"]["fate"] == "conflict"  # a wrong label is no leak
    (bilingual.folder / "my.csv").write_text(lines + "audio/copy.wav,de,other,\n")
    bilingual.run("--configfile", "my.yaml")
    assert {row["fate"] for row in table(bilingual, "segments.csv")} == {"kept"}


def test_of_two_copies_the_one_stays_that_was_there(bilingual):
    pcm = sounds.noise(320_000, 4)
    sounds.write(bilingual.folder / "audio/0-copy.wav", pcm // 2)  # before audio/4.wav
    sounds.write(bilingual.folder / "audio/0-same.wav", pcm)
    bilingual.run("--configfile", "my.yaml")
    lines = (bilingual.folder / "my.csv").read_text()
    lines += "audio/0-copy.wav,de,other,\naudio/0-same.wav,de,third,\n"
    (bilingual.folder / "my.csv").write_text(lines)
    bilingual.run("--configfile", "my.yaml")
    rows = {row["recording"]: row for row in table(bilingual, "segments.csv")}
    assert rows["audio/4.wav"]["fate"] in ("kept", "balance")
    assert rows["audio/0-copy.wav"]["fate"] == rows["audio/0-same.wav"]["fate"] == "duplicate"


def test_a_memory_that_is_removed_is_made_anew_and_a_spoilt_one_is_named(bilingual):
    bilingual.run("--configfile", "my.yaml")
    memory = bilingual.folder / "results/dataset/splits.tsv"
    memory.unlink()
    assert bilingual.planned("--configfile", "my.yaml") == {"dataset": 1}
    bilingual.run("--configfile", "my.yaml")
    memory.write_text("key\tsplit\nspeaker:s2\ttest\n")
    settings(bilingual, "split: {seed: 2}")
    done = bilingual.call("--cores", 2, "--configfile", "my.yaml")
    assert done.returncode != 0 and "splits.tsv: 'test' is no split" in done.stderr


def test_a_decision_that_is_none_leaves_the_lists_alone(bilingual):
    bilingual.run("--configfile", "my.yaml")
    before = bilingual.results()
    content = table(bilingual, "segments.csv")[0]["content"]
    (bilingual.folder / "mine.tsv").write_text(f"content\tdecision\n{content}\tkep\n")
    settings(bilingual, "review: mine.tsv")
    done = bilingual.call("--cores", 2, "--configfile", "my.yaml")
    assert done.returncode != 0 and "'kep' is none of keep, drop, wrong-language" in done.stderr
    before.pop("results/dataset/leaks.csv")
    assert bilingual.results() == before


def test_balance_may_be_of_training_alone_and_of_genders(bilingual):
    lines = (bilingual.folder / "my.csv").read_text().splitlines()
    rows = [f"{line},{'f' if n % 4 < 2 else 'm'}" for n, line in enumerate(lines[1:8])]
    (bilingual.folder / "my.csv").write_text("\n".join([lines[0] + ",gender", *rows]) + "\n")
    (bilingual.folder / "my.yaml").write_text(
        "recordings: {path: my.csv}\nbalance: {splits: training, genders: true, measure: seconds}"
    )
    bilingual.run("--configfile", "my.yaml")
    rows = table(bilingual, "segments.csv")
    assert {row["fate"] for row in rows if row["split"] in ("validation", "testing")} == {"kept"}
    kept = [row for row in rows if row["split"] == "training" and row["fate"] == "kept"]
    counts = {name: sum(row["language"] == name for row in kept) for name in ("de", "en")}
    assert counts["de"] == counts["en"] > 0
