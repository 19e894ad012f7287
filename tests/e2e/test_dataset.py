"""Recordings in, a dataset out: whole, accounted for, and the same however it is made."""

import csv
import wave

import av
import numpy as np
import pytest
from PIL import Image

import deployed
import sounds
from conftest import add_recording
from lingogram import files, sox


def dataset(workflow, name):
    return files.read_table(workflow.folder / "results" / "dataset" / f"{name}.csv")


def listed(workflow, split):
    with open(workflow.folder / "results" / "dataset" / f"{split}.csv", newline="") as file:
        return list(csv.reader(file))


def test_every_segment_is_in_the_dataset_or_has_a_reason(finished):
    rows = dataset(finished, "segments")
    assert [row["fate"] for row in rows] == ["kept", "kept", "remainder"] * 6
    paths = {
        path
        for split in ("training", "validation", "testing")
        for path, _ in listed(finished, split)
    }
    assert paths == {row["path"] for row in rows if row["fate"] == "kept"} and len(paths) == 12
    assert "de" in finished.said and "total" in finished.said


def test_segments_are_the_recording_and_images_those_of_sox(finished):
    for row in dataset(finished, "segments"):
        if row["fate"] != "kept":
            continue
        image = np.asarray(Image.open(finished.folder / row["path"]))
        with wave.open(
            str(finished.folder / "results/segments" / row["recording"] / "00001.wav")
        ) as file:
            assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (
                16_000,
                1,
                160_000,
            )
        with wave.open(str(finished.folder / "recordings" / row["recording"])) as file:
            file.setpos(int(row["start"]))
            pcm = np.frombuffer(file.readframes(int(row["samples"])), "<i2")
        assert image.shape == (129, 500)
        np.testing.assert_array_equal(image, sox.spectrogram(pcm))


def test_the_ledger_adds_up_and_no_group_is_in_two_splits(finished):
    for row in dataset(finished, "ledger"):
        assert (int(row["decoded"]), int(row["kept"]), int(row["remainder"])) == (
            336_000,
            320_000,
            16_000,
        )
    rows = dataset(finished, "segments")
    assert not deployed.leaks(rows)
    for language in ("de", "en"):
        splits = {row["split"] for row in rows if row["language"] == language} - {""}
        assert splits == {"training", "validation", "testing"}


def test_labels_are_those_of_labels_csv(finished):
    labels = {row["language"]: row["label"] for row in dataset(finished, "labels")}
    assert labels == {"de": "0", "en": "1"}
    for split in ("training", "validation", "testing"):
        for path, label in listed(finished, split):
            assert labels[path.split("/")[2]] == label


@pytest.mark.parametrize("batch", [1, 4, 100])
def test_the_results_are_the_same_for_any_batch_size_and_any_history(finished, batch, tmp_path):
    other = deployed.Workflow(tmp_path)
    for path in sorted((finished.folder / "recordings").rglob("*.wav"), reverse=True):
        place = tmp_path / path.relative_to(finished.folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    config = tmp_path / "batch.yaml"
    config.write_text(f"batch: {{recordings: {batch}}}")
    late = tmp_path / "recordings/de/de0/take.wav"
    late.rename(tmp_path / "late.wav")
    other.run("--configfile", config)
    (tmp_path / "late.wav").rename(late)
    other.run("--configfile", config)
    assert other.results() == finished.results()


def test_settings_shape_the_dataset(tmp_path):
    workflow = deployed.Workflow(tmp_path)
    speech = sounds.noise(16_000 * 12, 1)
    speech[: 16_000 * 5] = 0
    sounds.write(tmp_path / "recordings/de/a.wav", speech)
    sounds.write(tmp_path / "recordings/tr/b.wav", np.concatenate([speech, speech]))
    config = tmp_path / "my.yaml"
    config.write_text(
        "segment: {seconds: 5, remainder: pad}\n"
        "spectrogram: {environment: noisy}\n"
        "dataset: {balance: none, labels: [tr, en, de], shares: {validation: 25, testing: 0}}\n"
    )
    workflow.run("--configfile", config)
    rows = dataset(workflow, "segments")
    fates = [(row["recording"], row["samples"], row["fate"]) for row in rows]
    assert fates == [
        ("de/a.wav", "80000", "undrawn"),
        ("de/a.wav", "80000", "kept"),
        ("de/a.wav", "32000", "kept"),
        ("tr/b.wav", "80000", "undrawn"),
        ("tr/b.wav", "80000", "kept"),
        ("tr/b.wav", "80000", "kept"),
        ("tr/b.wav", "80000", "kept"),
        ("tr/b.wav", "64000", "kept"),
    ]
    assert [row["label"] for row in rows] == ["2"] * 3 + ["0"] * 5
    assert "silence" in rows[0]["reason"] and not listed(workflow, "testing")
    with wave.open(str(tmp_path / "results/segments/de/a.wav/00002.wav")) as file:
        pcm = np.frombuffer(file.readframes(80_000), "<i2")
    assert len(pcm) == 80_000 and not pcm[32_000:].any() and pcm[:32_000].any()
    images = [np.asarray(Image.open(tmp_path / row["path"])) for row in rows if row["path"]]
    assert {image.shape for image in images} == {(129, 250)}


def test_silence_is_dropped_by_default_and_kept_by_a_setting(tmp_path):
    workflow = deployed.Workflow(tmp_path)
    for language, seed in (("de", 1), ("tr", 2)):
        pcm = sounds.noise(16_000 * 30, seed)
        pcm[160_000:320_000] = 0
        sounds.write(tmp_path / "recordings" / language / "a.wav", pcm)
    workflow.run()
    assert [row["fate"] for row in dataset(workflow, "segments")] == [
        "kept",
        "constant",
        "kept",
    ] * 2
    (tmp_path / "all.yaml").write_text("dataset: {drop: []}")
    assert workflow.planned("--configfile", tmp_path / "all.yaml") == {"dataset": 1}
    workflow.run("--configfile", tmp_path / "all.yaml")
    assert [row["fate"] for row in dataset(workflow, "segments")] == ["kept"] * 6


def test_bad_files_are_named_and_the_rest_goes_on(workflow):
    folder = workflow.folder / "recordings"
    (folder / "de" / "notes.wav").write_text("no sound")
    (folder / "en" / "empty.mp3").touch()
    add_recording(workflow.folder, "stray.wav", 1)
    (folder / "en/en2/copy.wav").write_bytes((folder / "en/en1/take.wav").read_bytes())
    with av.open(str(folder / "en" / "header.wav"), "w", format="wav") as file:
        file.add_stream("pcm_s16le", rate=16_000)
        file.start_encoding()
    said = workflow.run()
    reasons = {
        row["path"]: row["reason"]
        for row in files.read_table(workflow.folder / "results" / "inventory.csv")
        if row["reason"]
    }
    assert reasons["en/empty.mp3"] == "is empty"
    assert reasons["de/notes.wav"].startswith("holds no audio")
    assert reasons["stray.wav"] == "is in no language's folder"
    assert reasons["en/en2/copy.wav"] == "has the same content as en/en1/take.wav"
    assert "files that are no recordings: 4" in said
    ledger = {row["recording"]: row for row in dataset(workflow, "ledger")}
    assert ledger["en/header.wav"]["decoded"] == "0" and len(ledger) == 7
    assert ledger["en/header.wav"]["reason"] == "decodes to nothing"
    assert "not decoded to their end: 1, as en/header.wav" in said


HOSTILE = [
    "$(touch pwned).wav",
    "`touch pwned`;touch pwned.wav",
    "a b'c\"d.wav",
    "-rf --help.wav",
    "{batch}{input}.wav",
    "..wav",
    "new\nline\ttab.wav",
    "日本語 ñ.wav",
    "100% *?[x]~#!&|<>.wav",
    "é" * 100 + ".wav",
]


def test_file_names_are_data(tmp_path):
    workflow = deployed.Workflow(tmp_path)
    for seed, name in enumerate(HOSTILE):
        sounds.write(
            tmp_path / "recordings" / "$(id) x" / name.replace("\0", ""),
            sounds.noise(160_000, seed),
        )
        sounds.write(
            tmp_path / "recordings" / "-l" / f"{seed}.wav", sounds.noise(160_000, 50 + seed)
        )
    before = {path.name for path in tmp_path.iterdir()}
    workflow.run()
    assert {path.name for path in tmp_path.iterdir()} - before == {"results", ".snakemake"}
    kept = [row for row in dataset(workflow, "segments") if row["fate"] == "kept"]
    assert len(kept) == 2 * len(HOSTILE) - 2  # one name is hidden by its dot, and balance evens out
    for row in kept:
        assert (tmp_path / row["path"]).is_file()


def test_a_folder_without_a_recording_is_one_clear_error(workflow, tmp_path):
    before = workflow.results()
    empty = tmp_path / "none"
    (empty / "de").mkdir(parents=True)
    (empty / "de" / "notes.txt").write_text("no sound")
    done = workflow.call("--cores", 1, "--config", f"recordings={empty}")
    assert done.returncode != 0 and "none of 1 files is a recording" in done.stderr
    assert "Traceback" not in done.stderr
    done = workflow.call("--cores", 1, "--config", "recordings=missing")
    assert done.returncode != 0 and "missing: no such folder" in done.stderr
    assert workflow.results() == before and workflow.planned() == {}


def test_other_recordings_do_not_replace_a_dataset(workflow, tmp_path):
    sounds.write(tmp_path / "other" / "fr" / "x.wav", sounds.noise(160_000, 99))
    done = workflow.call("--cores", 1, "--config", f"recordings={tmp_path / 'other'}")
    assert done.returncode != 0 and "move results away" in done.stderr
    assert workflow.planned() == {}


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("segmnt: {seconds: 10}", "segmnt"),
        ("segment: {second: 10}", "second"),
        ("segment: {seconds: ten}", "ten"),
        ("segment: {seconds: 0}", "seconds"),
        ("dataset: {shares: {training: -1}}", "training"),
        ("dataset: {drop: [loud]}", "loud"),
        ("batch: {recordings: 0}", "recordings"),
        ("dataset: {labels: [de]}", "labels lacks en"),
    ],
)
def test_a_wrong_setting_is_named_before_any_job(workflow, setting, named):
    (workflow.folder / "my.yaml").write_text(setting)
    done = workflow.call("--cores", 1, "--configfile", "my.yaml")
    assert done.returncode != 0 and "Traceback" not in done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("config: ")]
    assert len(errors) == 1 and named in errors[0]


def test_a_ledger_that_does_not_add_up_fails_the_rule(workflow):
    decoded = workflow.folder / "results/batches/de/0001/decoded.csv"
    decoded.write_text(decoded.read_text().replace("336000", "336001"))
    done = workflow.call("--cores", 1, "--forcerun", "dataset")
    assert done.returncode != 0 and "do not add up (de/de0/take.wav)" in done.stderr
