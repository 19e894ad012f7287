"""Recordings: what lies below a folder, how each file is named in the results, and what it is."""

import hashlib
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from lingogram import audio

LONGEST_NAME = 200  # bytes of a file name; common file systems take 255, some room is left
PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
STRAY = re.compile(r"^/|/(?=/|$)")  # a slash without a name on both sides


class Stamp(NamedTuple):
    """What tells, without reading it, that a file is still the one that was read before."""

    size: int  # bytes
    modified: int  # ns
    changed: int  # ns; `touch -d` cannot set this one back


def root_of(place: Path) -> Path:
    """Return the folder that the paths of a corpus, a folder or a table, are relative to."""
    return place if place.is_dir() else place.parent


def files_below(root: Path) -> Iterator[str]:
    """Yield the path below `root` of every file that is not hidden, in a fixed order.

    What links lead to comes last, and only where it was not met before: a folder is entered once.
    Raises NotADirectoryError or PermissionError when `root` itself cannot be listed.
    """
    entered, links = set(), []

    def below(folder: str) -> Iterator[str]:
        folders = [folder]
        while folders:
            folder = folders.pop()
            if (place := _place_of(root / folder)) in entered:
                continue
            entered.add(place)
            inside = []
            for entry in sorted(os.scandir(root / folder), key=lambda e: os.fsencode(e.name)):
                path = os.path.join(folder, entry.name)
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    links.append(path)
                elif entry.is_dir() and os.access(entry.path, os.R_OK | os.X_OK):
                    inside.append(path)
                else:
                    yield path
            folders += reversed(inside)

    yield from below("")
    met = set()
    for path in links:  # grows on the way
        target = os.path.realpath(root / path)
        if os.path.isdir(target) and os.access(target, os.R_OK | os.X_OK):
            yield from below(path)
        elif not os.path.exists(target):
            yield path
        elif target not in met:
            met.add(target)
            folder, name = os.path.split(target)
            if name.startswith(".") or _place_of(folder) not in entered:
                yield path


def _place_of(folder: str | Path) -> tuple[int, int]:
    found = os.stat(folder)
    return found.st_dev, found.st_ino


def encoded(path: str) -> str:
    """Return `path` with every byte percent-encoded that is not of a letter, a digit or in `._-/`.

    A dot that begins a name is encoded too, so that none is hidden or leads out of a folder, and
    so is a `/` that does not stand between two names. One-to-one: `decoded` gives the path back,
    whatever its bytes.
    """
    if PLAIN.fullmatch(path):
        return path
    names = STRAY.sub("\0", path).split("/")
    return "/".join(
        "".join(
            c
            if (c.isalpha() or c.isdecimal() or c in "._-") and (place or c != ".")
            else "".join(f"%{byte:02X}" for byte in os.fsencode("/" if c == "\0" else c))
            for place, c in enumerate(name)
        )
        for name in names
    )


def decoded(path: str) -> str:
    """Return the path that `encoded` made this of."""
    return os.fsdecode(unquote_to_bytes(path))


def name_of(text: str) -> str:
    """Return `text` as the name of one file or folder."""
    return _shortened(encoded(text.replace("/", "\0")))


def id_of(path: str) -> str:
    """Return the id of the recording at `path`, below the recordings folder or not.

    It is the encoded path; a name of over 200 bytes is cut and ends in a hash of the whole.
    """
    return "/".join(map(_shortened, encoded(path).split("/")))


def ids_of(paths: Iterable[str]) -> dict[str, str]:
    """Return the id of each recording, by its path.

    Where two would be one on a file system that ignores case, or one the folder of another, a hash
    of the path is added to both.
    """
    ids = {path: id_of(path) for path in paths}
    keys = {path: folded(name) for path, name in ids.items()}
    count, folders = Counter(keys.values()), set()
    for key in count:
        while (key := key.rpartition("/")[0]) and key not in folders:
            folders.add(key)
    for path, key in keys.items():
        if count[key] > 1 or key in folders:
            *above, name = ids[path].split("/")
            ids[path] = "/".join([*above, _shortened(name, f"/{encoded(path)}")])
    return ids


def folded(name: str) -> str:
    """Return what is the same for names that are the same where case is ignored."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _shortened(name: str, whole: str = "") -> str:
    """Return `name` if it is not too long; else, or if there is a `whole`, with a hash of that."""
    content = name.encode()
    if len(content) <= LONGEST_NAME and not whole:
        return name
    digest = hashlib.blake2b((whole or name).encode(), digest_size=16).hexdigest()
    kept = content[: LONGEST_NAME - len(digest) - 2].decode(errors="ignore")
    return f"{kept}%-{digest}"  # no encoded name has `%-` in it


def stamp_of(path: Path) -> Stamp:
    """Return the stamp of a file; zeros for what is no file, or is not there."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # a null byte in a table's path is a ValueError
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
    except ValueError:
        return "", "cannot be read: no file has such a name"


def _hash():
    return hashlib.blake2b(digest_size=16)
