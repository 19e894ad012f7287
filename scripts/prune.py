"""Remove what recordings that are gone have left behind in the results.

    python scripts/prune.py --results results

Snakemake calls this when a run has succeeded. What the tables of a batch still promise stays.
"""

import argparse
import logging
import shutil
from pathlib import Path

from lingogram import files, recordings


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--results", type=Path, required=True, help="folder")
    args = parser.parse_args(argv)

    batches, ids = set(), set()
    for table in args.results.glob("batches/*/*/recordings.tsv"):
        batches.add(str(table.parent.relative_to(args.results / "batches")))
        for name in ("recordings.tsv", "decoded.csv"):
            if table.with_name(name).is_file():
                ids.update(row["recording"] for row in files.read_table(table.with_name(name)))
    removed = pruned(args.results / "batches", batches)
    removed += pruned(args.results / "segments", ids)
    removed += pruned(args.results / "spectrograms", ids)
    logs, benchmarks = {f"{batch}.log" for batch in batches}, {f"{batch}.tsv" for batch in batches}
    for stage in ("segment", "spectrogram", "quality"):
        removed += pruned(args.results / "logs" / stage, logs)
        removed += pruned(args.results / "benchmarks" / stage, benchmarks)
    if removed:
        logging.info("prune: removed %d files and folders that gone recordings left", removed)


def pruned(tree, names):
    """Remove what below `tree` is neither one of `names` nor on the way there; return how much.

    Letters of another case are the same, as they are to some file systems.
    """
    names = {recordings.folded(name) for name in names}
    ways = {str(way) for name in names for way in Path(name).parents}
    removed = 0
    folders = [tree] if tree.is_dir() else []
    for folder in folders:
        for entry in sorted(folder.iterdir()):
            name = recordings.folded(str(entry.relative_to(tree)))
            if name.removesuffix("~") in names:  # with a ~: another run may be at it
                continue
            if name in ways and entry.is_dir():
                folders.append(entry)
            else:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
                removed += 1
    return removed


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    main()
