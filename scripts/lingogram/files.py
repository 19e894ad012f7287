"""Files that appear whole or not at all: tables (CSV, or TSV by their ending) and folders."""

import contextlib
import csv
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

TEXT = {"dtype": str, "keep_default_na": False}  # so that pandas, too, reads every value as text


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table with a header; every value is text."""
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=_delimiter(path)))


def read_pairs(path: Path, key: str, value: str) -> dict[str, str]:
    """Return one column of a table by another one; empty if there is no table.

    Raises ValueError, naming the file, where a column is missing or a key stands there twice.
    """
    if not path.is_file():
        return {}
    rows = read_table(path)
    pairs = {row.get(key): row.get(value) for row in rows}
    if not rows or None in {*pairs, *pairs.values()} or len(pairs) < len(rows):
        raise ValueError(
            f"{path}: is no table with {key} and {value}, each {key} once; mend it or remove it"
        )
    return pairs


def write_table(path: Path, columns: Sequence[str], rows: Iterable[dict]) -> None:
    """Write a table with a header, unless it is there already.

    rows: may hold more than the columns; any text without carriage returns.
    """
    text = io.StringIO()
    writer = csv.DictWriter(
        text, columns, delimiter=_delimiter(path), lineterminator="\n", extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}~{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)


@contextlib.contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to fill, which takes the place of `folder` when all went well."""
    part = _beside(folder)
    yield part
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


@contextlib.contextmanager
def whole_files(folder: Path) -> Iterator[Path]:
    """Give a folder to fill, whose files take their places in `folder` when all went well."""
    part = _beside(folder)
    yield part
    folder.mkdir(exist_ok=True)
    for file in sorted(part.iterdir()):
        file.replace(folder / file.name)
    part.rmdir()


def _beside(folder: Path) -> Path:
    """Return an empty folder beside that one."""
    part = folder.with_name(f"{folder.name}~")  # no id has a `~` in it
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    return part


def _delimiter(path: Path) -> str:
    return "\t" if path.suffix == ".tsv" else ","
