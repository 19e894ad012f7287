"""List every file below a folder, say which are recordings, and put those into batches.

    python scripts/inventory.py --recordings recordings --batch-recordings 1 --results results

Snakemake calls this while it plans, so nothing is written that has not changed.
"""

import argparse
import logging
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from lingogram import batches, files, recordings

COLUMNS = ("recording", "path", "size", "content", "language", "speaker", "batch", "reason")
BATCH_COLUMNS = ("recording", "path", "content")
CACHE_COLUMNS = ("path", *recordings.Stamp._fields, "content")
FEW = 32  # files; more are read by all cores


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--recordings", type=Path, required=True, help="folder")
    parser.add_argument("--batch-recordings", type=int, required=True, help="most in a batch")
    parser.add_argument("--results", type=Path, required=True, help="folder")
    args = parser.parse_args(argv)
    try:
        cache = args.results / ".contents.tsv"
        rows = files_of(args.recordings, cache)
        placed = placed_in_batches(rows, args.results / "batches", args.batch_recordings)
    except (OSError, ValueError) as error:
        sys.exit(f"inventory: {args.recordings}: {error}")
    # only what was read and is sound: the rest may be better next time
    files.write_table(cache, CACHE_COLUMNS, [row for row in rows if row["sound"]])
    files.write_table(args.results / "inventory.csv", COLUMNS, rows)
    if not placed:
        sys.exit(
            f"inventory: {args.recordings}: none of {len(rows)} files is a recording; "
            f"{args.results}/inventory.csv says why, file by file"
        )
    tell(rows, args.results)


def files_of(root, cache):
    """Return a row for every file below `root`; one that the cache knows is not read again."""
    if not root.is_dir():
        raise ValueError(
            f"no such folder; put recordings into {root}/<language>/<speaker>/, "
            "or name another folder with --config recordings=FOLDER"
        )
    stamps = {path: recordings.stamp_of(root / path) for path in recordings.files_below(root)}
    known = {}
    for row in files.read_table(cache) if cache.is_file() else ():
        stamp = recordings.Stamp(*(int(row[field]) for field in recordings.Stamp._fields))
        known[recordings.decoded(row["path"]), stamp] = row["content"], ""
    new = [path for path, stamp in stamps.items() if (path, stamp) not in known]
    known.update(zip(((path, stamps[path]) for path in new), described(root, new)))

    rows = []
    for path, stamp in stamps.items():
        content, reason = known[path, stamp]
        row = {"recording": recordings.id_of(path), "path": recordings.encoded(path)}
        row |= {**stamp._asdict(), "content": content}
        row["language"] = recordings.language_of(row["recording"])
        row["speaker"] = recordings.speaker_of(row["recording"])
        row["sound"] = not reason
        row["reason"] = reason or ("" if row["language"] else "is in no language's folder")
        rows.append(row)
    again = recordings.repeated({r["recording"]: r["content"] for r in rows if not r["reason"]})
    for row in rows:
        row["reason"] = row["reason"] or again.get(row["recording"], "")
    return rows


def described(root, paths):
    paths = [root / path for path in paths]
    if len(paths) <= FEW:
        return list(map(recordings.described, paths))
    with ProcessPoolExecutor() as pool:
        return list(pool.map(recordings.described, paths, chunksize=FEW))


def placed_in_batches(rows, folder, size):
    """Add its batch to the row of each recording, write the batches' tables, return the batches."""
    # decoded.csv remembers a batch whose recordings were away for a while
    before = defaultdict(dict)
    for table in sorted([*folder.glob("*/*/decoded.csv"), *folder.glob("*/*/recordings.tsv")]):
        for row in files.read_table(table):
            before[str(table.parent.relative_to(folder))][row["recording"]] = row["content"]
    by_id = {row["recording"]: row for row in rows if not row["reason"]}
    if not by_id:
        return {}
    contents = {row["content"] for row in by_id.values()}
    old = {name: content for members in before.values() for name, content in members.items()}
    if old and not old.keys() & by_id.keys() and not contents & set(old.values()):
        raise ValueError(
            f"holds none of the {len(old)} recordings that {folder.parent} was made from; "
            f"move {folder.parent} away to start another dataset"
        )

    languages = {name: row["language"] for name, row in by_id.items()}
    placed = batches.assigned(languages, before, size)
    for batch, members in placed.items():
        for name in members:
            by_id[name]["batch"] = batch
        members = [by_id[name] for name in members]
        files.write_table(folder / batch / "recordings.tsv", BATCH_COLUMNS, members)
    for batch in before.keys() - placed.keys():
        (folder / batch / "recordings.tsv").unlink(missing_ok=True)
    return placed


def tell(rows, results):
    """Say what was found, in one line, and in a second one what was refused."""
    found = Counter(row["language"] for row in rows if not row["reason"])
    refused = len(rows) - found.total()
    size = sum(row["size"] for row in rows if not row["reason"]) / 1e6
    logging.info("%d recordings in %d languages, %.1f MB", found.total(), len(found), size)
    if refused:
        logging.warning("files that are no recordings: %d; see %s/inventory.csv", refused, results)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="inventory: %(message)s")
    main()
