"""Batches: which recordings one job handles, decided once and kept."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from lingogram import files

SINGLE = 1_000  # recordings; of so many, each is a batch, so that a change runs no other one
MOST = 2_000  # batches; Snakemake plans several jobs for each
WORTH = 30_000_000  # bytes: a quarter of an hour of WAV, which is some seconds of work


def size_of(count: int, size: int) -> int:
    """Return how many recordings a batch is to take.

    count: of all recordings.   size: of all of them, bytes.
    """
    if count <= SINGLE:
        return 1
    return max(math.ceil(count / MOST), round(WORTH * count / max(size, 1)), 1)


def remembered(folder: Path) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Return the recordings of each batch so far, and the content of those that were decoded.

    folder: of the batches' tables. Those of a batch whose recordings are away for a while count.
    """
    members, decoded = defaultdict(set), {}
    for table in sorted([*folder.glob("*/*/decoded.csv"), *folder.glob("*/*/recordings.tsv")]):
        rows = files.read_table(table)
        members[str(table.parent.relative_to(folder))].update(row["recording"] for row in rows)
        if table.name == "decoded.csv":
            decoded.update((row["recording"], row["content"]) for row in rows)
    return members, decoded


def assigned(
    recordings: Mapping[str, str], known: Mapping[str, Iterable[str]], size: int
) -> dict[str, list[str]]:
    """Return the recordings of each batch, by the batch's name `<language>/<NNNN>`.

    recordings: the language of each, by id.   known: the recordings each batch had before.
    size: the most recordings a new batch takes.
    A recording stays in the batch it was in while its language is the same. New ones fill the
    last batch of their language, in the order of their ids, then open new batches.
    """
    batches: dict[str, list[str]] = {}
    placed = set()
    for batch, members in known.items():
        language = batch.rpartition("/")[0]
        kept = [name for name in members if recordings.get(name) == language and name not in placed]
        if kept:
            batches[batch] = kept
            placed.update(kept)

    last: dict[str, int] = {}
    for batch in batches:
        language, _, number = batch.rpartition("/")
        last[language] = max(last.get(language, 0), int(number))
    for recording in sorted(recordings.keys() - placed):
        language = recordings[recording]
        number = last.setdefault(language, 1)
        if len(batches.get(f"{language}/{number:04}", ())) >= size:
            number = last[language] = number + 1
        batches.setdefault(f"{language}/{number:04}", []).append(recording)
    return {batch: sorted(batches[batch]) for batch in sorted(batches)}
