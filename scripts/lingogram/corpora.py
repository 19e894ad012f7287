"""Corpora: a row for each recording, with its id and its group, once all of them agree."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from lingogram import recordings
from lingogram.readers import READERS, Row, repeated, told
from lingogram.splits import SPLITS

METADATA = ("language", "speaker", "gender", "age", "session", "licence", "split")
SYNONYMS = {"train": "training", "dev": "validation", "valid": "validation", "test": "testing"}


def listed(place: Path, form: str) -> list[Row]:
    """Return a row for each recording of a corpus, or what stands where one should.

    place: a folder or a table.   form: one of READERS.   To every row are added the columns it
    lacks, its id as `recording`, and its `group`: what has to stay in one split.
    Raises ValueError with all that is wrong with the corpus, a line each; OSError.
    """
    if not place.exists():
        raise ValueError(
            "no such folder or table; put recordings into <this folder>/<language>/<speaker>/, "
            "or name another with --config recordings=FOLDER"
        )
    rows, problems = READERS[form](place)
    for row in rows:
        for column in ("begin", "end", "reason", *METADATA):
            row.setdefault(column, "")
        row.setdefault("recording", row["path"])
    problems += [*_spellings(rows), *_splits(rows)]
    if not problems:
        lost = (row["path"] for row in rows if not row["language"].strip() and not row["reason"])
        problems = told("recordings without a language", lost)
        problems += repeated("recordings", (row["recording"] for row in rows))
    ids = recordings.ids_of(row["recording"] for row in rows)
    for row in rows:
        row["recording"] = ids[row["recording"]]
        row["language"] = recordings.name_of(row["language"].strip())
    _group(rows)
    problems += _torn(rows)
    if problems:
        root = recordings.root_of(place)
        missing = {row["path"] for row in rows if not os.path.exists(root / row["path"])}
        problems += told("files that are not there", missing)
        raise ValueError("\n".join(problems))
    return sorted(rows, key=lambda row: row["recording"])


def _spellings(rows: list[Row]) -> Iterator[str]:
    ways: dict[str, Counter] = defaultdict(Counter)
    for row in rows:
        ways[recordings.folded(row["language"].strip())][row["language"]] += 1
    for spellings in ways.values():
        if len(spellings) > 1:
            counts = (f"{language!r} ({count})" for language, count in spellings.most_common())
            yield f"one language is spelled in {len(spellings)} ways: {', '.join(counts)}"


def _splits(rows: list[Row]) -> Iterator[str]:
    unknown = Counter()
    for row in rows:
        row["split"] = SYNONYMS.get(row["split"], row["split"])
        if row["split"] not in ("", *SPLITS):
            unknown[row["split"]] += 1
    for split, count in unknown.items():
        yield f"split {split!r} ({count}) is none of {', '.join(SPLITS)}"


def _torn(rows: list[Row]) -> list[str]:
    splits = defaultdict(set)
    for row in rows:
        splits[row["group"]].add(row["split"])
    torn = (
        f"{group}: {' and '.join(sorted(found - {''}))}"
        for group, found in splits.items()
        if len(found - {""}) > 1
    )
    return told("groups that a table puts into two splits", torn)


def _group(rows: list[Row]) -> None:
    """Add to each row its group: the speaker, else the session, else the recording.

    A session with a part whose speaker is not known is one group with all who speak in it.
    """
    unsure = {row["session"] for row in rows if row["session"] and not row["speaker"]}
    leads: dict[str, str] = {}  # from a group to one that it is part of

    def whole(group: str) -> str:
        while leads.get(group, group) != group:
            group = leads[group] = leads.get(leads[group], leads[group])
        return group

    for row in rows:
        row["group"] = f"recording:{row['recording']}"
        if row["session"]:
            row["group"] = f"session:{row['session']}"
        if row["speaker"]:
            row["group"] = f"speaker:{row['speaker']}"
        if row["speaker"] and row["session"] in unsure:
            one, other = sorted((whole(row["group"]), whole(f"session:{row['session']}")))
            leads[one] = other  # "speaker:" comes after "session:"
    for row in rows:
        row["group"] = whole(row["group"])
