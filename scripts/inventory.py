"""List what a corpus holds, say which of it are recordings, and put those into batches.

    python scripts/inventory.py --recordings recordings --format plain --batch-recordings auto \\
        --group speaker session --on-bad-recording continue --results results

Snakemake calls this while it plans, so nothing is written that has not changed.
"""

import argparse
import logging
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from lingogram import batches, corpora, files, readers, recordings, splits

COLUMNS = (
    *("recording", "path", "begin", "end", "size", "content"),
    *(*corpora.METADATA, "group", "batch", "reason"),
)
BATCH_COLUMNS = ("recording", "path", "begin", "end", "content")
CACHE_COLUMNS = ("path", *recordings.Stamp._fields, "content")
FEW = 32  # files; more are read by all cores
NAMED = 5  # refused files in the message


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--recordings", type=Path, required=True, help="folder or table")
    parser.add_argument("--format", choices=readers.READERS, required=True, help="of the corpus")
    parser.add_argument("--group", nargs="+", required=True, help="columns that join recordings")
    parser.add_argument("--batch-recordings", required=True, help="most in a batch, or auto")
    parser.add_argument("--on-bad-recording", choices=("continue", "fail"), required=True)
    parser.add_argument("--results", type=Path, required=True, help="folder")
    args = parser.parse_args(argv)
    try:
        rows = corpora.listed(args.recordings, args.format, splits.columns_of(args.group))
        described(rows, recordings.root_of(args.recordings), args.results / ".contents.tsv")
        used = [row for row in rows if not row["reason"]]
        place_in_batches(used, args.results / "batches", args.batch_recordings)
    except (OSError, ValueError) as error:
        sys.exit("\n".join(f"inventory: {args.recordings}: {e}" for e in str(error).split("\n")))
    table = args.results / "inventory.csv"
    others = dict.fromkeys(column for row in rows for column in row if column not in COLUMNS)
    files.write_table(table, [*COLUMNS, *others], rows)

    refused = [row for row in rows if row["reason"]]
    if not used:
        sys.exit(
            f"inventory: {args.recordings}: no recording in {len(rows)} files"
            + (f"; {table} says why, file by file" if rows else "")
        )
    languages = len({row["language"] for row in used})
    size = sum({row["path"]: row["size"] for row in used}.values()) / 1e6
    logging.info("recordings: %d, languages: %d, %.1f MB", len(used), languages, size)
    kinds = Counter(group.partition(":")[0] for group in {row["group"] for row in used})
    whole = ", ".join(f"{count} by {kind}" for kind, count in kinds.items())
    segment = splits.SEGMENT in args.group
    logging.info("groups that stay whole: %s", "each segment, which leaks" if segment else whole)
    if refused:
        failing = args.on_bad_recording == "fail"
        for row in refused if failing else refused[:NAMED]:
            logging.warning("%s: %s", row["recording"], row["reason"])
        logging.warning("files that are no recordings: %d, all in %s", len(refused), table)
        if failing:
            sys.exit("inventory: on_bad_recording is `fail`, so nothing is made of the others")


def described(rows, root, cache):
    """Add size and content, or a reason, to each row; a file that the cache knows is not read."""
    paths = sorted({row["path"] for row in rows if not row["reason"]})
    stamps = {path: recordings.stamp_of(root / path) for path in paths}
    known = {}
    for row in files.read_table(cache) if cache.is_file() else ():
        path = recordings.decoded(row["path"])
        if stamps.get(path) == tuple(int(row[field]) for field in recordings.Stamp._fields):
            known[path] = row["content"], ""
    new = [path for path in paths if path not in known]
    known.update(zip(new, read([root / path for path in new])))
    sound = [path for path in paths if not known[path][1]]  # the rest may be better next time
    files.write_table(
        cache,
        CACHE_COLUMNS,
        (
            {**stamps[path]._asdict(), "path": recordings.encoded(path), "content": known[path][0]}
            for path in sound
        ),
    )
    for row in rows:
        if not row["reason"]:
            row["size"] = stamps[row["path"]].size
            row["content"], row["reason"] = known[row["path"]]
        row["path"] = recordings.encoded(row["path"])


def read(paths):
    if len(paths) <= FEW:
        return list(map(recordings.described, paths))
    with ProcessPoolExecutor() as pool:
        return list(pool.map(recordings.described, paths, chunksize=FEW))


def place_in_batches(rows, folder, size):
    """Add its batch to the row of each recording, and write the batches' tables."""
    if not rows:
        return
    before, old = batches.remembered(folder)
    by_id = {row["recording"]: row for row in rows}
    known = old.keys() & by_id.keys() or {*old.values()} & {row["content"] for row in rows}
    if old and not known:
        raise ValueError(
            f"holds none of the {len(old)} recordings that {folder.parent} was made from; "
            f"move {folder.parent} away to start another dataset"
        )

    languages = {name: row["language"] for name, row in by_id.items()}
    total = sum(int(row["size"]) for row in rows)
    most = batches.size_of(len(rows), total) if size == "auto" else int(size)
    placed = batches.assigned(languages, before, most)
    for batch, members in placed.items():
        for name in members:
            by_id[name]["batch"] = batch
        members = [by_id[name] for name in members]
        files.write_table(folder / batch / "recordings.tsv", BATCH_COLUMNS, members)
    for batch in before.keys() - placed.keys():
        (folder / batch / "recordings.tsv").unlink(missing_ok=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="inventory: %(message)s")
    main()
