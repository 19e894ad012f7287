"""Split, label and balance all segments, and account for every sample.

    python scripts/dataset.py --inventory results/inventory.csv --batches results/batches \\
        --images results/spectrograms --flag constant shades below 2 drop --review \\
        --on-bad-recording continue --group speaker session --shares 75 20 5 --seed 1 --accept \\
        --balance smallest segments all --genders false --labels --output results/dataset

What is there of splits.tsv and labels.csv in that folder stays as it is.
"""

import argparse
import logging
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from lingogram import (
    balance,
    datasets,
    duplicates,
    files,
    flags,
    groups,
    labels,
    leaks,
    quality,
    segments,
    splits,
    summaries,
)

COLUMNS = [
    *("recording", "index", "language", "speaker", "gender", "age", "session", "licence"),
    *("group", "start", "samples", "content", "fate", "split", "label", "path", "reason"),
    *("flags", "decision", *quality.MEASURES),
]
LEAKING = "in two splits; change split.group, or name the kinds in split.accept:"
LISTED = ["path", "label"]
FLAG = ("NAME", "MEASURE", "below|above", "LIMIT", "ACTION")
BALANCE = ("smallest|none", "segments|seconds", "all|training")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--inventory", type=Path, required=True)
    parser.add_argument("--batches", type=Path, required=True, help="folder of the batches' tables")
    parser.add_argument("--images", type=Path, required=True, help="folder of the images")
    parser.add_argument("--flag", nargs=5, action="append", default=[], metavar=FLAG)
    parser.add_argument("--review", nargs="*", type=Path, required=True, help="decisions, or none")
    parser.add_argument("--on-bad-recording", choices=("continue", "fail"), required=True)
    parser.add_argument("--group", nargs="+", required=True, help="columns that join recordings")
    parser.add_argument("--shares", nargs=3, type=float, required=True, metavar="SHARE")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--accept", nargs="*", required=True, help="kinds of leaks, or none")
    parser.add_argument("--balance", nargs=3, required=True, metavar=BALANCE)
    parser.add_argument("--genders", choices=("true", "false"), required=True, help="balanced, too")
    parser.add_argument("--labels", nargs="*", required=True, help="languages in order; or none")
    parser.add_argument("--output", type=Path, required=True, help="folder")
    args = parser.parse_args(argv)
    args.shared = splits.columns_of(args.group)
    try:
        write(args)
    except ValueError as error:
        sys.exit("\n".join(f"dataset: {line}" for line in str(error).split("\n")))


def write(args):
    inventory = pd.read_csv(args.inventory, **files.TEXT)
    recordings, rows = datasets.read(inventory, args.batches)
    rules = [flags.Flag(*words[:3], float(words[3]), words[4]) for words in args.flag]
    decisions = flags.read_decisions(args.review)
    before = files.read_pairs(args.output / "splits.tsv", "key", "split")
    fates, sounds = judge(rows, rules, decisions, before, args)
    memory, nearer = place(rows, inventory, before, args)
    names = files.read_pairs(args.output / "labels.csv", "language", "label")
    numbers = labels.labels_of(recordings["language"].unique(), args.labels, names)
    rows["label"] = rows["language"].map(numbers)
    ledger = datasets.ledger(recordings, rows, segments.RATE, fates)
    bad = datasets.troubles(ledger)
    if bad and args.on_bad_recording == "fail":
        raise ValueError("\n".join(["on_bad_recording is `fail`, and these are bad:", *bad]))
    listed = rows[rows["fate"] == datasets.KEPT]
    contents = listed["recording"].map(inventory.set_index("recording")["content"])
    leaking = leaks.found(listed, sounds, contents, args.shared)
    if wrong := leaks.told(leaking, args.accept):
        raise ValueError("\n".join([LEAKING, *wrong]))

    open_ones = flags.to_review(rows, rules)
    languages = labels.table_of(numbers)
    counts = {
        f"files that are no recordings (see {args.inventory})": (inventory["reason"] != "").sum(),
        "decisions about segments that are not there": len(decisions.keys() - {*rows["content"]}),
        f"segments to review (see {args.output}/review.tsv)": len(open_ones),
    }
    warnings = [f"{what}: {count}" for what, count in counts.items() if count]
    warnings += [f"accepted in two splits: {words}" for words in leaks.told(leaking, [])]
    warnings += labels.told(languages)
    warnings += summaries.warnings_of(rows, ledger, args.shares, nearer)
    for warning in warnings:
        logging.warning(warning)
    summary = [summaries.summary_of(ledger, rows, segments.RATE, fates), "", *warnings]
    tables = {
        **{f"{split}.csv": listed.loc[listed["split"] == split, LISTED] for split in splits.SPLITS},
        "segments.csv": rows[[*dict.fromkeys([*COLUMNS, *rows])]],
        "labels.csv": languages,
        "ledger.csv": ledger,
        "leaks.csv": leaking.assign(accepted=leaking["kind"].isin(args.accept)),
        "splits.tsv": memory,
        "review.tsv": open_ones,
    }
    with files.whole_files(args.output) as part:
        (part / "summary.txt").write_text("\n".join(summary).rstrip() + "\n")
        for name, table in tables.items():
            comma, header = "\t" if name.endswith("tsv") else ",", [*table] != LISTED
            table.to_csv(part / name, sep=comma, header=header, index=False)


def judge(rows, rules, decisions, before, args):
    """Add path, flags, decision, fate and reason to the segments; return all fates and sounds."""
    names = rows["recording"] + "/" + rows["index"].map(segments.name_of)
    rows["path"] = np.where(rows["reason"] == "", f"{args.images}/" + names + ".png", "")
    rows["decision"] = rows["content"].map(decisions).astype(object).fillna("")
    rows["flags"] = flags.raised(rows, rules)
    if splits.SEGMENT in args.group:
        rows["group"] = f"{splits.SEGMENT}:" + names
    dropping = {rule.name: flags.reason_of(rule) for rule in rules if rule.action == "drop"}
    keys = groups.keys_of(rows, args.shared)
    old = rows["group"].isin(keys["group"][keys["key"].isin([*before])])
    order = (~old).sort_values(kind="stable").index  # of copies, what was there stays
    repeated = duplicates.repeated(rows.loc[order])
    rows[["fate", "reason"]] = datasets.judged(rows, repeated, dropping)
    sounds = pd.Series(duplicates.sound_of(rows["image_hash"]), rows.index)
    kept = rows.loc[order]
    near = duplicates.alike(kept[kept["fate"] == datasets.KEPT], sounds)
    if leaks.NEAR_DUPLICATE in args.accept:
        near = near[near["fate"] == duplicates.CONFLICT]  # a wrong label is no leak
    rows.loc[near.index, ["fate", "reason"]] = near
    return datasets.fates_of(dropping), sounds


def place(rows, inventory, before, args):
    """Add the split to the segments, and balance them; return the rest that `placed` returns."""
    rows["split"] = ""
    kept = rows[rows["fate"] == datasets.KEPT]
    if kept.empty:
        raise ValueError(f"none of {len(rows)} segments can be kept; {args.batches} says why")
    given = rows["recording"].map(inventory.set_index("recording")["split"])
    given = dict(zip(rows["group"][given != ""], given[given != ""]))
    split, *others = groups.placed(kept, args.shared, args.shares, args.seed, given, before)
    rows.loc[kept.index, "split"] = split

    how, measure, where = args.balance
    even = rows[rows["split"].isin(splits.SPLITS if where == "all" else [where])]
    if how == "smallest":
        surplus = balance.surplus(even, args.seed, measure, args.genders == "true")
        rows.loc[surplus, "fate"] = datasets.BALANCE
    return others


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    main()
