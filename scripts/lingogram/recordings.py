"""Recordings: what lies below a folder, how each file is named in the results, and what it is."""

import hashlib
import os
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from lingogram import audio

LONGEST_NAME = 200  # bytes of a file name; common file systems take 255, some room is left


class Stamp(NamedTuple):
    """What tells, without reading it, that a file is still the one that was read before."""

    size: int  # bytes
    modified: int  # ns
    changed: int  # ns; `touch -d` cannot set this one back


def files_below(root: Path) -> Iterator[str]:
    """Yield the path below `root` of every file that is not hidden, in a fixed order.

    Links are followed; a folder that was met already, as in a loop of links, is not entered again.
    Raises NotADirectoryError or PermissionError when `root` itself cannot be listed.
    """
    met = set()

    def below(folder: str) -> Iterator[str]:
        found = os.stat(root / folder)
        if (found.st_dev, found.st_ino) in met:
            return
        met.add((found.st_dev, found.st_ino))
        for entry in sorted(os.scandir(root / folder), key=lambda entry: os.fsencode(entry.name)):
            if entry.name.startswith("."):
                continue
            path = os.path.join(folder, entry.name)
            if os.path.isdir(entry.path) and os.access(entry.path, os.R_OK | os.X_OK):
                yield from below(path)
            else:
                yield path

    yield from below("")


def encoded(path: str) -> str:
    """Return `path` with every byte percent-encoded that is not of a letter, a digit or in `._-/`.

    A dot that begins a name is encoded too, so that none is hidden or leads out of a folder.
    One-to-one: `decoded` gives the path back, whatever its bytes.
    """
    names = path.split("/")
    return "/".join(
        "".join(
            c
            if (c.isalpha() or c.isdecimal() or c in "._-") and (place or c != ".")
            else "".join(f"%{byte:02X}" for byte in os.fsencode(c))
            for place, c in enumerate(name)
        )
        for name in names
    )


def decoded(path: str) -> str:
    """Return the path that `encoded` made this of."""
    return os.fsdecode(unquote_to_bytes(path))


def id_of(path: str) -> str:
    """Return the id of the recording at `path` below the recordings folder.

    It is the encoded path; a name of over 200 bytes is cut and ends in a hash of the whole.
    """
    return "/".join(_shortened(name) for name in encoded(path).split("/"))


def _shortened(name: str) -> str:
    content = name.encode()
    if len(content) <= LONGEST_NAME:
        return name
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    kept = content[: LONGEST_NAME - len(digest) - 2].decode(errors="ignore")
    return f"{kept}%-{digest}"  # no encoded name has `%-` in it


def language_of(recording: str) -> str:
    """Return the language of a recording, the first folder of its id; empty if it has none."""
    return recording.split("/")[0] if "/" in recording else ""


def speaker_of(recording: str) -> str:
    """Return the speaker of a recording, the second folder of its id; empty if it has none."""
    parts = recording.split("/")
    return parts[1] if len(parts) > 2 else ""


def stamp_of(path: Path) -> Stamp:
    """Return the stamp of a file; zeros for what is no file, or is not there."""
    try:
        found = path.stat()
    except OSError:
        return Stamp(0, 0, 0)
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def described(path: Path) -> tuple[str, str]:
    """Return the content hash of a file, and the reason why it is no recording or an empty text."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "", "is not a file that can be read"
        with open(path, "rb") as file:
            content = hashlib.file_digest(file, _hash).hexdigest()
            size = file.tell()
        return content, audio.refusal_of(path) if size else "is empty"
    except OSError as error:
        return "", f"cannot be read: {error.strerror}"


def repeated(contents: Mapping[str, str]) -> dict[str, str]:
    """Return why a recording must be left out whose content another one has, too, by its id.

    contents: the content hash of each recording, by id.
    Within a language the first, by id, stays. In two languages none does: one label must be wrong.
    """
    same = defaultdict(list)
    for recording in sorted(contents):
        same[contents[recording]].append(recording)
    reasons = {}
    for first, *others in same.values():
        foreign = [name for name in others if language_of(name) != language_of(first)]
        for name in others:
            reasons[name] = f"has the same content as {first}"
        if foreign:
            reasons[first] = f"has the same content as {foreign[0]}"
            for name in (first, *others):
                reasons[name] += "; their languages differ, so one must be wrong"
    return reasons


def _hash():
    return hashlib.blake2b(digest_size=16)
