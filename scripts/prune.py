"""Remove what recordings that are gone have left behind in the results.

    python scripts/prune.py --results results

Snakemake calls this when a run has succeeded. What the tables of a batch still promise stays.
"""

import argparse
import logging
import shutil
from pathlib import Path

from lingogram import batches, recordings


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--results", type=Path, required=True, help="folder")
    args = parser.parse_args(argv)

    folder = args.results / "batches"
    members, _ = batches.remembered(folder)
    kept = {batch for batch in members if (folder / batch / "recordings.tsv").is_file()}
    ids = {recording for batch in kept for recording in members[batch]}
    removed = pruned(folder, kept)
    removed += pruned(args.results / "segments", ids)
    removed += pruned(args.results / "spectrograms", ids)
    logs, benchmarks = {f"{batch}.log" for batch in kept}, {f"{batch}.tsv" for batch in kept}
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
