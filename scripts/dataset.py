"""Split, label and balance all segments, and account for every sample.

    python scripts/dataset.py --inventory results/inventory.csv --batches results/batches \\
        --images results/spectrograms --flag constant shades below 2 drop --review \\
        --shares 75 20 5 --seed 1 --balance smallest --labels --on-bad-recording continue \\
        --output results/dataset
"""

import argparse
import io
import logging
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from lingogram import datasets, files, flags, quality, segments, splits, summaries

COLUMNS = [
    *("recording", "index", "language", "speaker", "gender", "age", "session", "licence"),
    *("group", "start", "samples", "content", "fate", "split", "label", "path", "reason"),
    *("flags", "decision", *quality.MEASURES),
]
PLACED = ["path", "begin", "end", "size", "content", "split", "batch", "reason"]
TABLES = ("decoded", "segments", "spectrograms", "quality")
FLAG = ("NAME", "MEASURE", "below|above", "LIMIT", "ACTION")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--inventory", type=Path, required=True)
    parser.add_argument("--batches", type=Path, required=True, help="folder of the batches' tables")
    parser.add_argument("--images", type=Path, required=True, help="folder of the images")
    parser.add_argument("--flag", nargs=5, action="append", default=[], metavar=FLAG)
    parser.add_argument("--review", nargs="*", type=Path, required=True, help="decisions, or none")
    parser.add_argument("--shares", nargs=3, type=float, required=True, metavar="SHARE")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--balance", choices=("smallest", "none"), required=True)
    parser.add_argument("--labels", nargs="*", required=True, help="languages in order; or none")
    parser.add_argument("--on-bad-recording", choices=("continue", "fail"), required=True)
    parser.add_argument("--output", type=Path, required=True, help="folder")
    args = parser.parse_args(argv)
    try:
        write(args)
    except ValueError as error:
        sys.exit(f"dataset: {error}")


def write(args):
    inventory = pd.read_csv(args.inventory, **files.TEXT)
    known = inventory[inventory["reason"] == ""]
    folders = [args.batches / batch for batch in known["batch"].unique()]
    decoded, *tables = (joined(folder / f"{name}.csv" for folder in folders) for name in TABLES)
    recordings = known[["recording", "content", "language"]].merge(
        decoded.rename(columns={"samples": "decoded"}).astype({"decoded": int}),
        on=["recording", "content"],
        validate="1:1",
    )
    if len(recordings) != max(len(known), len(decoded)):
        raise ValueError("recordings changed while they were cut; run snakemake --forcerun segment")

    metadata = known.drop(columns=PLACED)
    rows = datasets.collected(metadata, *tables)
    others = [column for column in metadata if column not in COLUMNS]
    names = rows["recording"] + "/" + rows["index"].map(segments.name_of)
    rows["path"] = np.where(rows["reason"] == "", f"{args.images}/" + names + ".png", "")
    decisions = flags.read_decisions(args.review)
    rows["decision"] = rows["content"].map(decisions).astype(object).fillna("")
    rules = [flags.Flag(*words[:3], float(words[3]), words[4]) for words in args.flag]
    dropping = {rule.name: flags.reason_of(rule) for rule in rules if rule.action == "drop"}
    fates = datasets.fates_of(dropping)
    rows["flags"] = flags.raised(rows, rules)
    rows[["fate", "reason"]] = datasets.judged(rows, datasets.repeated(rows), dropping)

    rows["split"] = ""
    kept = rows[rows["fate"] == datasets.KEPT]
    if kept.empty:
        raise ValueError(f"none of {len(rows)} segments can be kept; {args.batches} says why")
    fixed = dict(inventory.loc[inventory["split"] != "", ["group", "split"]].to_numpy())
    rows.loc[kept.index, "split"] = datasets.split_of(kept, args.shares, args.seed, fixed)
    if args.balance == "smallest":
        surplus = datasets.surplus(rows.loc[kept.index], args.seed)
        rows.loc[surplus, "fate"] = datasets.BALANCE
    labels = datasets.labels_of(recordings["language"].unique(), args.labels)
    rows["label"] = rows["language"].map(labels)
    ledger = datasets.ledger(recordings, rows, segments.RATE, fates)
    bad = datasets.troubles(ledger)
    if bad and args.on_bad_recording == "fail":
        raise ValueError("\n".join(["on_bad_recording is `fail`, and these are bad:", *bad]))

    args.output.mkdir(parents=True, exist_ok=True)
    for split in splits.SPLITS:
        listed = rows[(rows["split"] == split) & (rows["fate"] == datasets.KEPT)]
        listed[["path", "label"]].to_csv(args.output / f"{split}.csv", header=False, index=False)
    rows[[*COLUMNS, *others]].to_csv(args.output / "segments.csv", index=False)
    pd.DataFrame(labels.items(), columns=["language", "label"]).to_csv(
        args.output / "labels.csv", index=False
    )
    ledger.to_csv(args.output / "ledger.csv", index=False)
    open_ones = flags.to_review(rows, rules)
    open_ones.to_csv(args.output / "review.tsv", sep="\t", index=False)
    counts = {
        f"files that are no recordings (see {args.inventory})": len(inventory) - len(known),
        "decisions about segments that are not there": len(decisions.keys() - {*rows["content"]}),
        f"segments to review (see {args.output}/review.tsv)": len(open_ones),
    }
    warnings = [f"{what}: {count}" for what, count in counts.items() if count]
    warnings += summaries.warnings_of(rows, ledger, args.shares)
    for warning in warnings:
        logging.warning(warning)
    summary = [summaries.summary_of(ledger, rows, segments.RATE, fates), "", *warnings]
    (args.output / "summary.txt").write_text("\n".join(summary).rstrip() + "\n")


def joined(paths):
    """Return tables with the same header as one, all text."""
    header, content = b"", []
    for path in paths:
        header, _, body = path.read_bytes().partition(b"\n")
        content.append(body)
    return pd.read_csv(io.BytesIO(b"".join([header, b"\n", *content])), **files.TEXT)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    main()
