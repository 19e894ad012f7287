"""One small corpus, made into a dataset once, for all tests that start from a finished one."""

import pytest

import deployed
import sounds


def add_recording(folder, path, seed, seconds=21):
    """Write a recording of that many seconds: two segments and a rest, by default."""
    return sounds.write(folder / "recordings" / path, sounds.noise(round(16_000 * seconds), seed))


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A workflow that has run on two languages of three speakers each; not to be changed."""
    workflow = deployed.Workflow(tmp_path_factory.mktemp("finished"))
    for seed, path in enumerate(
        f"{lang}/{lang}{n}/take.wav" for lang in ("de", "en") for n in "012"
    ):
        add_recording(workflow.folder, path, seed)
    workflow.said = workflow.run()
    return workflow


@pytest.fixture
def workflow(finished, tmp_path):
    """A copy of the finished workflow."""
    return finished.copied(tmp_path / "copy")
