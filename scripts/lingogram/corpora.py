"""Corpora: a row for each recording, with its id and its group, once all of them agree."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from lingogram import recordings
from lingogram.readers import READERS, Row, told
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
            f"no such folder or table; put recordings into {place}/<language>/<speaker>/, "
            "or name another with --config recordings=FOLDER"
        )
    rows, problems = READERS[form](place)
    ids = recordings.ids_of(row.get("name", row["path"]) for row in rows)
    for row in rows:
        row["recording"] = ids[row.pop("name", row["path"])]
        for column in ("begin", "end", "reason", *METADATA):
            row.setdefault(column, "")
    problems += [*_spellings(rows), *_splits(rows)]
    for row in rows:
        row["language"] = recordings.name_of(row["language"].strip())
        row["group"] = _group_of(row)
    problems += _torn(rows)
    if problems:
        root = recordings.root_of(place)
        missing = {row["path"] for row in rows if row["path"] and not (root / row["path"]).exists()}
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


def _torn(rows: list[Row]) -> Iterator[str]:
    splits = defaultdict(set)
    for row in rows:
        splits[row["group"]].add(row["split"])
    for group, found in splits.items():
        if len(found - {""}) > 1:
            yield f"{group} must stay in one split, but is in {' and '.join(sorted(found - {''}))}"


def _group_of(row: Row) -> str:
    for kind in ("speaker", "session"):
        if row[kind]:
            return f"{kind}:{row[kind]}"
    return f"recording:{row['recording']}"
