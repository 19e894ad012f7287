"""Corpora: a row for each recording, with its id and its group, once all of them agree."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from lingogram import recordings
from lingogram.readers import READERS, Row, repeated, told
from lingogram.splits import RECORDING, SPLITS

METADATA = ("language", "speaker", "gender", "age", "session", "licence", "split")
SYNONYMS = {"train": "training", "dev": "validation", "valid": "validation", "test": "testing"}


def listed(place: Path, form: str, shared: Sequence[str]) -> list[Row]:
    """Return a row for each recording of a corpus, or what stands where one should.

    place: a folder or a table.   form: one of READERS.   shared: columns; what has a value in
    common stays in one split.   To every row are added the columns it lacks, its id as
    `recording`, and its `group`.
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
    problems += [
        f"split.group names the column {column!r}, which the corpus has not"
        for column in shared
        if rows and not any(column in row for row in rows)
    ]
    _join(rows, shared)
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


def _join(rows: list[Row], columns: Sequence[str]) -> None:
    """Add to each row its `group`, the same for all that share a value, directly or through others.

    rows: with the column `recording` and, where it is known, these.   A group has the name of the
    first of its values, by the order of the columns, or that of the recording alone in it.
    """
    leads: dict[tuple[int, str], tuple[int, str]] = {}  # from a value to one it is joined with

    def first(value: tuple[int, str]) -> tuple[int, str]:
        way = []
        while value in leads:
            way.append(value)
            value = leads[value]
        leads.update(dict.fromkeys(way, value))
        return value

    shared = [
        [(place, row[column]) for place, column in enumerate(columns) if row.get(column)]
        for row in rows
    ]
    for values in shared:
        for value in values[1:]:
            one, other = sorted((first(values[0]), first(value)))
            if one != other:
                leads[other] = one
    names = [*columns, RECORDING]
    for row, values in zip(rows, shared):
        place, value = first(values[0]) if values else (-1, row["recording"])
        row["group"] = f"{names[place]}:{value}"
