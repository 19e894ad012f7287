"""Only what a change touches runs again, counted by a dry run; and a run leaves nothing stale."""

import os
import shutil
import signal
import subprocess
import time

import pytest

from conftest import add_recording
from deployed import one_each


def take(workflow, name="de/de1/take.wav"):
    return workflow.folder / "recordings" / name


def append(path, text):
    path.write_text(path.read_text() + text)


def test_nothing_runs_when_nothing_changed(workflow):
    assert workflow.planned() == {}


def test_nothing_runs_after_touch_or_a_move_of_the_corpus(workflow):
    for path in (workflow.folder / "recordings").rglob("*.wav"):
        path.touch()
    assert workflow.planned() == {}
    (workflow.folder / "recordings").rename(workflow.folder / "elsewhere")
    assert workflow.planned("--config", "recordings=elsewhere") == {}


@pytest.mark.parametrize("age", [0, 1_000_000_000])
def test_a_changed_recording_runs_its_batch_whatever_its_date(workflow, age):
    path = add_recording(workflow.folder, "de/de1/take.wav", seed=77)
    if age:
        os.utime(path, (age, age))
    assert one_each(workflow.planned())
    before = workflow.results()
    workflow.run()
    after = workflow.results()
    changed = {path for path in after if before.get(path) != after[path]}
    assert {path for path in changed if "dataset" not in path} == {
        f"results/{tree}/de/de1/take.wav/0000{index}.{ending}"
        for tree, ending in (("segments", "wav"), ("spectrograms", "png"))
        for index in (0, 1)
    }
    assert workflow.planned() == {}


def test_an_added_recording_runs_a_batch(workflow):
    add_recording(workflow.folder, "de/de1/second.wav", seed=78)
    assert one_each(workflow.planned())
    workflow.run()
    assert "results/spectrograms/de/de1/second.wav/00001.png" in workflow.results()
    assert workflow.planned() == {}


def test_what_belonged_to_a_removed_recording_is_gone(workflow):
    take(workflow).unlink()
    assert workflow.planned() == {"dataset": 1}
    assert "results/segments/de/de1/take.wav/00000.wav" in workflow.results()  # only planned so far
    workflow.run()
    left = [path for path in (workflow.folder / "results").rglob("*") if "de1" in str(path)]
    assert not left and not (workflow.folder / "results/batches/de/0002").exists()
    assert not any(b"de/de1" in content for content in workflow.results().values())
    assert workflow.planned() == {}


def test_a_shorter_recording_leaves_no_segment_of_the_longer_one(workflow):
    add_recording(workflow.folder, "de/de1/take.wav", seed=79, seconds=11)
    workflow.run()
    names = [path for path in workflow.results() if "de1/take.wav" in path]
    assert [path.rpartition("/")[2] for path in names] == ["00000.wav", "00000.png"]


def test_a_recording_that_became_undecodable_leaves_no_segment(workflow):
    content = bytearray(take(workflow).read_bytes()[:44])
    take(workflow).write_bytes(content)
    workflow.run()
    assert not any("de1/take.wav" in path for path in workflow.results() if "dataset" not in path)


def test_a_renamed_recording_runs_a_batch_and_leaves_nothing(workflow):
    take(workflow).rename(take(workflow, "de/de1/renamed.wav"))
    assert one_each(workflow.planned())
    workflow.run()
    assert not any("de1/take.wav" in path for path in workflow.results())


SIX = dict.fromkeys(("segment", "spectrogram", "quality"), 6) | {"dataset": 1}


@pytest.mark.parametrize(
    ("setting", "jobs"),
    [
        ("segment: {seconds: 5}", SIX),
        ("spectrogram: {seed: 2}", {"spectrogram": 6, "quality": 6, "dataset": 1}),
        ("quality: {silence: -50}", {"quality": 6, "dataset": 1}),
        ("flags: {quiet: {below: -40}}", {"dataset": 1}),
        ("split: {seed: 2}", {"dataset": 1}),
        ("batch: {recordings: 5}", {}),
    ],
)
def test_a_changed_setting_runs_what_it_touches(workflow, setting, jobs):
    (workflow.folder / "my.yaml").write_text(setting)
    assert workflow.planned("--configfile", "my.yaml") == jobs


@pytest.mark.parametrize(
    ("file", "jobs"),
    [
        ("scripts/segment.py", SIX),
        ("scripts/lingogram/audio.py", SIX),
        ("scripts/lingogram/sox.py", {"spectrogram": 6, "quality": 6, "dataset": 1}),
        ("scripts/quality.py", {"quality": 6, "dataset": 1}),
        ("scripts/lingogram/splits.py", {"dataset": 1}),
        ("scripts/lingogram/batches.py", {}),
        ("scripts/demo.py", {}),
        ("environment.yml", {}),
    ],
)
def test_changed_code_runs_what_imports_it(workflow, file, jobs):
    append(workflow.folder / file, "\n# a comment\n")
    assert workflow.planned() == jobs


def test_a_dry_run_of_other_recordings_costs_nothing(workflow):
    (workflow.folder / "fewer/de/de1").mkdir(parents=True)
    shutil.copy2(take(workflow), workflow.folder / "fewer/de/de1/take.wav")
    take(workflow, "de/de0/take.wav").unlink()
    workflow.run()
    workflow.planned("--config", "recordings=fewer")
    assert workflow.planned() == {}


def test_a_dry_run_alone_does_not_tie_the_results_to_its_recordings(workflow):
    (workflow.folder / "recordings").rename(workflow.folder / "others")
    shutil.rmtree(workflow.folder / "results")
    add_recording(workflow.folder, "de/a.wav", 99)
    assert one_each(workflow.planned())
    assert workflow.planned("--config", "recordings=others")["segment"] == 6


def test_a_recording_that_was_away_while_nothing_ran_to_its_end_is_whole(workflow):
    (workflow.folder / "my.yaml").write_text("batch: {recordings: 3}")
    shutil.rmtree(workflow.folder / "results")
    workflow.run("--configfile", "my.yaml")
    expected = workflow.results()
    take(workflow).rename(workflow.folder / "away.wav")
    workflow.run(
        "results/batches/en/0001/segments.csv", "--configfile", "my.yaml", "--forcerun", "segment"
    )
    (workflow.folder / "away.wav").rename(take(workflow))
    workflow.run("--configfile", "my.yaml")
    assert workflow.results() == expected


@pytest.mark.parametrize("until", ["segment", "spectrogram"])
def test_a_run_that_stops_on_the_way_leaves_nothing_stale(workflow, until):
    add_recording(workflow.folder, "de/de1/take.wav", seed=99)
    workflow.run("--until", until)
    later = {
        "segment": ["spectrogram", "quality", "dataset"],
        "spectrogram": ["quality", "dataset"],
    }
    assert workflow.planned() == dict.fromkeys(later[until], 1)


def test_a_run_that_is_killed_is_finished_by_the_next(workflow):
    expected = workflow.results()
    shutil.rmtree(workflow.folder / "results")
    shutil.rmtree(workflow.folder / ".snakemake")
    run = subprocess.Popen(
        ["snakemake", "--cores", "2"],
        cwd=workflow.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not list(workflow.folder.glob("results/batches/*/*/spectrograms.csv")):
        assert run.poll() is None
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    refused = workflow.call("--cores", 1)
    assert refused.returncode != 0 and "--unlock" in refused.stderr
    assert workflow.call("--unlock").returncode == 0
    workflow.run()
    assert workflow.results() == expected
