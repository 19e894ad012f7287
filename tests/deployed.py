"""The workflow in a folder of its own, run as a user runs it."""

import collections
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("Snakefile", "rules", "scripts", "config", "profiles", "environment.yml")


class Workflow:
    """A copy of the workflow, with recordings/ and results/ beside it."""

    def __init__(self, folder: Path):
        self.folder = folder
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            copy(ROOT / part, folder / part)

    def copied(self, folder: Path) -> "Workflow":
        """Return the same, results included, in another folder."""
        shutil.copytree(self.folder, folder, symlinks=True)
        other = Workflow.__new__(Workflow)
        other.folder = folder
        return other

    def call(self, *arguments, before: Sequence[str] = ()) -> subprocess.CompletedProcess:
        """Call snakemake, by another command if need be; return what it did and said."""
        return subprocess.run(
            [*before, "snakemake", *map(str, arguments)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )

    def run(self, *arguments, **others) -> str:
        """Make the dataset on two cores; return what was said."""
        done = self.call("--cores", 2, *arguments, **others)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def planned(self, *arguments) -> dict[str, int]:
        """Return how many jobs of each rule a run would start."""
        done = self.call("--dry-run", *arguments)
        assert done.returncode == 0, done.stderr
        stats = done.stdout.partition("Reasons:")[0].rpartition("Job stats:")[2]
        jobs = {rule: int(count) for rule, count in re.findall(r"^(\w+) +(\d+)$", stats, re.M)}
        for rule in ("audit", "report"):  # which follow the dataset
            assert jobs.pop(rule, 0) == jobs.get("dataset", 0)
        return {rule: count for rule, count in jobs.items() if rule not in ("all", "total")}

    def results(self) -> dict[str, bytes]:
        """Return the content of every segment, image and file of the dataset, by its path."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for tree in ("segments", "spectrograms", "dataset")
            for path in sorted((self.folder / "results" / tree).rglob("*"))
            if path.is_file()
        }


def one_each(jobs: dict[str, int]) -> bool:
    """Return whether these are the jobs of one batch, and the dataset."""
    return jobs == {"segment": 1, "spectrogram": 1, "quality": 1, "dataset": 1}


def leaks(rows: list[dict[str, str]]) -> dict[str, set[str]]:
    """Return the groups of segments.csv that stand in more than one split."""
    splits = collections.defaultdict(set)
    for row in rows:
        if row["split"]:
            splits[row["group"]].add(row["split"])
    return {group: found for group, found in splits.items() if len(found) > 1}
