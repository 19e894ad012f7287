"""Recordings in, a dataset out: whole, accounted for, and the same however it is made."""

import csv
import os
import wave

import av
import numpy as np
import pytest
import soundfile
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
    memory = tmp_path / "results/dataset/splits.tsv"
    before = {row["key"]: row["split"] for row in files.read_table(memory)}
    (tmp_path / "late.wav").rename(late)
    other.run("--configfile", config)
    after = {row["key"]: row["split"] for row in files.read_table(memory)}
    assert after.keys() - before.keys() == {"speaker:de0"} and before.items() <= after.items()
    memory.unlink()
    other.run("--configfile", config, "--forcerun", "dataset")
    assert other.results() == finished.results()


def test_settings_shape_the_dataset(tmp_path):
    workflow = deployed.Workflow(tmp_path)
    speech = sounds.noise(16_000 * 12, 1)
    speech[: 16_000 * 5] = 0
    sounds.write(tmp_path / "recordings/de/a.wav", speech)
    other = sounds.noise(16_000 * 24, 2)
    other[: 16_000 * 5] = 0
    sounds.write(tmp_path / "recordings/tr/b.wav", other)
    config = tmp_path / "my.yaml"
    config.write_text(
        "segment: {seconds: 5, remainder: pad, level: -26}\n"
        "spectrogram: {environment: noisy}\n"
        "split: {shares: {validation: 25, testing: 0}}\nbalance: {to: none}\nlabels: [tr, en, de]\n"
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
    levels = {row["rms_dbfs"] for row in rows if row["samples"] == "80000" and row["path"]}
    assert {round(float(level), 1) for level in levels} == {-26}
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
    (tmp_path / "all.yaml").write_text("flags: {constant: {action: keep}}")
    assert workflow.planned("--configfile", tmp_path / "all.yaml") == {"dataset": 1}
    workflow.run("--configfile", tmp_path / "all.yaml")
    assert [row["fate"] for row in dataset(workflow, "segments")] == ["kept"] * 6


def test_a_flag_of_ones_own_and_a_review_run_only_the_dataset(workflow):
    config = workflow.folder / "my.yaml"
    config.write_text("flags: {loud: {measure: rms_dbfs, above: -30, action: review}}")
    assert workflow.planned("--configfile", config) == {"dataset": 1}
    assert "segments to review (see results/dataset/review.tsv): 12" in workflow.run(
        "--configfile", config
    )
    table = workflow.folder / "results/dataset/review.tsv"
    asked = files.read_table(table)
    for row, decision in zip(asked, ["drop", "keep", "wrong-language"]):
        row["decision"] = decision
    files.write_table(workflow.folder / "decisions.tsv", asked[0], asked)

    config.write_text(config.read_text().replace("review", "drop") + "\nreview: decisions.tsv")
    assert workflow.planned("--configfile", config) == {"dataset": 1}
    workflow.run("--configfile", config)
    rows = [row for row in dataset(workflow, "segments") if row["fate"] != "remainder"]
    assert [row["fate"] for row in rows[:3]] == ["review", "kept", "review"]
    assert rows[2]["decision"] == "wrong-language" and {row["flags"] for row in rows} == {
        "loud noisy"
    }
    assert {(row["fate"], row["reason"]) for row in rows[3:]} == {("loud", "rms_dbfs is above -30")}
    assert sum(int(row["review"]) for row in dataset(workflow, "ledger")) == 320_000
    asked[3]["decision"] = "burn"
    files.write_table(workflow.folder / "decisions.tsv", asked[0], asked)
    assert workflow.planned("--configfile", config) == {"dataset": 1}
    done = workflow.call("--cores", 1, "--configfile", config)
    assert done.returncode != 0 and "'burn' is none of keep, drop" in done.stderr


def test_speech_is_measured_when_it_is_asked_for(workflow):
    (workflow.folder / "my.yaml").write_text("quality: {speech: true}")
    workflow.run("--configfile", "my.yaml")
    rows = [row for row in dataset(workflow, "segments") if row["fate"] == "kept"]
    assert {row["flags"] for row in rows} == {"noisy speechless"}
    assert all(float(row["speech_share"]) < 0.05 for row in rows)


def test_bad_files_are_named_and_the_rest_goes_on(workflow):
    folder = workflow.folder / "recordings"
    (folder / "de" / "notes.wav").write_text("no sound")
    (folder / "en" / "empty.mp3").touch()
    add_recording(workflow.folder, "stray.wav", 1)
    content = add_recording(workflow.folder, "de/de1/cut.wav", 2).read_bytes()
    (folder / "de/de1/cut.wav").write_bytes(content[: 44 + 336_000])
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
    assert "files that are no recordings: 3" in said
    ledger = {row["recording"]: row for row in dataset(workflow, "ledger")}
    assert ledger["en/header.wav"]["decoded"] == "0" and len(ledger) == 8
    assert ledger["en/header.wav"]["damaged"] == "decodes to nothing"
    assert ledger["de/de1/cut.wav"]["truncated"] == "10.5 of 21.0 s"
    assert "recordings damaged: 1, such as en/header.wav" in said
    assert "recordings shorter than their header says: 1, such as de/de1/cut.wav" in said

    (workflow.folder / "my.yaml").write_text("on_bad_recording: fail")
    done = workflow.call("--cores", 1, "--configfile", "my.yaml")
    assert done.returncode != 0 and "on_bad_recording is `fail`" in done.stderr
    for path in ("stray.wav", "en/empty.mp3", "de/notes.wav"):
        (folder / path).unlink()
        assert path in done.stderr
    done = workflow.call("--cores", 1, "--configfile", "my.yaml")
    assert done.returncode != 0 and "dataset: on_bad_recording is `fail`" in done.stderr
    assert "de/de1/cut.wav: truncated, 10.5 of 21.0 s" in done.stderr
    assert "en/header.wav: decodes to nothing" in done.stderr
    (folder / "de/de1/cut.wav").unlink()
    (folder / "en/header.wav").unlink()
    workflow.run("--configfile", "my.yaml")


def test_the_same_audio_is_used_once_or_in_two_languages_not_at_all(workflow):
    folder = workflow.folder / "recordings"
    take, sample_rate = soundfile.read(folder / "en/en1/take.wav", dtype="int16")
    soundfile.write(folder / "en/en2/copy.flac", take, sample_rate)
    (folder / "en/en2/link.wav").symlink_to(folder / "en/en1/take.wav")
    other, _ = soundfile.read(folder / "de/de0/take.wav", dtype="int16")
    soundfile.write(folder / "en/en0/german.aiff", other[:170_000], sample_rate)
    said = workflow.run()
    ledger = {row["recording"]: row for row in dataset(workflow, "ledger")}
    assert ledger["en/en2/copy.flac"]["duplicate"] == "320000" and "en/en2/link.wav" not in ledger
    assert ledger["de/de0/take.wav"]["conflict"] == "160000"  # a part that is the same will do
    assert ledger["en/en0/german.aiff"]["conflict"] == "160000"
    assert int(ledger["en/en1/take.wav"]["kept"]) > 0
    rows = [row for row in dataset(workflow, "segments") if row["index"] == "0"]
    reasons = {row["recording"]: row["reason"] for row in rows}
    assert reasons["en/en2/copy.flac"] == "has the samples of en/en1/take.wav 0"
    assert reasons["de/de0/take.wav"] == "has the samples of en/en0/german.aiff 0"
    assert "left out: 1, such as en/en2/copy.flac; see ledger.csv" in said
    assert "with audio that another language has, too, all left out: 2" in said


def test_a_file_that_may_not_be_read_is_named_and_the_rest_goes_on(workflow):
    secret = workflow.folder / "recordings/en/en2/take.wav"
    secret.chmod(0)
    # root reads everything unless it gives that right away
    powerless = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    said = workflow.run(before=powerless if os.geteuid() == 0 else [])
    assert "en/en2/take.wav: cannot be read: Permission denied" in said
    assert "files that are no recordings: 1" in said
    assert len(dataset(workflow, "ledger")) == 5


def add_table(workflow, *lines):
    (workflow.folder / "my.csv").write_text("\n".join(lines) + "\n")
    return "--config", "recordings=my.csv"


def test_a_table_brings_what_it_knows_into_the_dataset(tmp_path):
    workflow = deployed.Workflow(tmp_path)
    paths = [f"audio/{n}.wav" for n in range(6)]
    for seed, path in enumerate(paths):
        sounds.write(tmp_path / path, sounds.noise(160_000, seed))
    paths[5] = tmp_path / paths[5]
    header = "path,language,speaker,gender,split,mood"
    lines = [f"{path},{'de' if n < 3 else 'en'},s{n},f,," for n, path in enumerate(paths)]
    lines[0] = f"{paths[0]},de,s0,m,test,calm; $(touch pwned)"
    table = add_table(workflow, header, *lines)
    workflow.run(*table)
    rows = {row["group"]: row for row in dataset(workflow, "segments")}
    assert rows["speaker:s0"]["mood"] == "calm; $(touch pwned)"
    assert (rows["speaker:s0"]["gender"], rows["speaker:s0"]["split"]) == ("m", "testing")
    assert len(rows) == 6 and not (tmp_path / "pwned").exists()
    for row in rows.values():
        assert row["fate"] == "kept" and (tmp_path / row["path"]).is_file()

    lines[1] = lines[1].replace(",,", ",,glad")
    add_table(workflow, header, *lines)
    assert workflow.planned(*table) == {"dataset": 1}
    workflow.run(*table)
    assert {row["mood"] for row in dataset(workflow, "segments") if row["speaker"] == "s1"} == {
        "glad"
    }

    lines[1] = lines[1].replace("s1,f,", "s0,f,training")
    add_table(workflow, header, *lines, "nowhere.wav,De,s9,,,")
    done = workflow.call("--cores", 1, *table)
    told = [line for line in done.stderr.splitlines() if line.startswith("inventory: my.csv: ")]
    assert done.returncode != 0 and len(told) == 3 and "Traceback" not in done.stderr
    assert "into two splits: 1 (speaker:s0: testing and training)" in done.stderr
    assert "'de' (3), 'De' (1)" in done.stderr
    assert "files that are not there: 1 (nowhere.wav)" in done.stderr


def test_the_utterances_of_a_kaldi_folder_become_recordings(tmp_path):
    workflow = deployed.Workflow(tmp_path)
    data, pcm = tmp_path / "data", sounds.noise(16_000 * 60, 1)
    for name, order in (("one", 1), ("two", -1)):
        sounds.write(data / f"{name}.wav", pcm[::order])
    spans = [
        (f"{name}-{n}", name, 20 * n + 0.125, 20 * n + 10.5)
        for n in range(3)
        for name in ("one", "two")
    ]
    table = {
        "wav.scp": [f"{name} {name}.wav" for name in ("one", "two")],
        "segments": [f"{utt} {name} {begin} {end}" for utt, name, begin, end in spans],
        "utt2spk": [f"{utt} speaker-{utt[-1]}" for utt, *_ in spans],
        "utt2lang": [f"{utt} {'de' if name == 'one' else 'en'}" for utt, name, *_ in spans],
    }
    for name, lines in table.items():
        (data / name).write_text("\n".join(lines) + "\n")
    (tmp_path / "my.yaml").write_text(
        "recordings: {format: kaldi, path: data}\nbatch: {recordings: 2}"
    )
    workflow.run("--configfile", "my.yaml")
    ledger = {row["recording"]: row for row in dataset(workflow, "ledger")}
    assert {row["decoded"] for row in ledger.values()} == {"166000"} and len(ledger) == 6
    assert {row["header_seconds"] for row in ledger.values()} == {"10.375"}
    with wave.open(str(tmp_path / "results/segments/two-1/00000.wav")) as file:
        found = np.frombuffer(file.readframes(160_000), "<i2")
    np.testing.assert_array_equal(found, pcm[::-1][322_000:482_000])
    assert not deployed.leaks(dataset(workflow, "segments"))


def test_common_voice_makes_a_dataset(tmp_path):
    workflow = deployed.Workflow(tmp_path)
    for language in ("sl", "tr"):
        lines = ["client_id\tpath\tsentence\tage\tgender\tlocale"]
        for n in range(6):
            clip = tmp_path / "cv" / language / "clips" / f"common_voice_{language}_{n}.mp3"
            clip.parent.mkdir(parents=True, exist_ok=True)
            pcm = sounds.noise(48_000 * 4, seed=n + 10 * (language == "tr"))
            soundfile.write(clip, pcm, 48_000)
            lines.append(f'c{n // 2}{language}\t{clip.name}\tA "quote.\tteens\t\t{language}')
        (tmp_path / "cv" / language / "validated.tsv").write_text("\n".join(lines) + "\n")
    (tmp_path / "cv/tr/clips/common_voice_tr_5.mp3").unlink()
    (tmp_path / "my.yaml").write_text(
        "recordings: {format: common_voice, path: cv}\n"
        "segment: {seconds: 3}\nbatch: {recordings: 100}"
    )
    said = workflow.run("--configfile", "my.yaml")
    assert "tr/clips/common_voice_tr_5.mp3: cannot be read: No such file" in said
    rows = dataset(workflow, "segments")
    assert {row["sentence"] for row in rows} == {'A "quote.'} and {row["age"] for row in rows} == {
        "teens"
    }
    assert len({row["group"] for row in rows}) == 6 and not deployed.leaks(rows)


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
    assert done.returncode != 0 and "no recording in 1 files" in done.stderr
    assert "Traceback" not in done.stderr
    done = workflow.call("--cores", 1, "--config", "recordings=missing")
    assert done.returncode != 0 and "missing: no such folder or table" in done.stderr
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
        ("split: {shares: {training: -1}}", "training"),
        ("flags: {constant: {action: shred}}", "shred"),
        ("flags: {constant: {above: 1}}", "flags.constant"),
        ("flags: {kept: {measure: snr_db, below: 1, action: drop}}", "flags"),
        ("batch: {recordings: 0}", "recordings"),
        ("labels: [de]", "labels lacks en"),
        ("review: gone.tsv", "review: gone.tsv: no such file"),
        ("split: {group: [speaker, segment]}", "split.group"),
        ("split: {accept: [near]}", "near"),
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
