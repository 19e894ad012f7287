"""Try to tell the language of segments by what is no language: level, bandwidth, noise, silence.

    python scripts/audit.py --segments results/dataset/segments.csv --most 5000 --seed 1 \\
        --audit results/dataset/audit.csv
"""

import argparse
import logging
from pathlib import Path

import numpy as np
import pandas as pd

from lingogram import audits, files, spectrograms


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--segments", type=Path, required=True, help="table of the dataset")
    parser.add_argument("--most", type=int, required=True, help="segments that are looked at")
    parser.add_argument("--seed", type=int, required=True, help="of the folds and the interval")
    parser.add_argument("--audit", type=Path, required=True, help="table to write")
    args = parser.parse_args(argv)

    rows = audits.audible(pd.read_csv(args.segments, **files.TEXT), args.most)
    languages, groups = rows["language"].to_numpy(str), rows["group"].to_numpy(str)
    count = len({*languages})
    found = []
    for probe in audits.PROBES if count > 1 else ():
        features = audits.features_of(rows, probe.columns) if probe.columns else spectra(rows)
        fewest = audits.fewest_groups(languages, groups)
        accuracy, low, high = audits.probed(features, languages, groups, args.seed)
        figures = [round(value, 3) for value in (accuracy, low, high, 1 / count)]
        row = {"probe": probe.name, **dict(zip(("accuracy", "low", "high", "chance"), figures))}
        row |= {"languages": count, "groups": len({*groups}), "segments": len(rows)}
        found.append(row | {"told": audits.told(probe, figures[0], low, 1 / count, fewest)})
    pd.DataFrame(found, columns=audits.COLUMNS).to_csv(args.audit, index=False)
    for row in found:
        logging.info("%(probe)s: %(accuracy).2f (%(low).2f to %(high).2f)", row)


def spectra(rows):
    """Return the mean of each row of the images, shape (segments, frequencies)."""
    return np.array([spectrograms.read_png(path).mean(axis=1) for path in rows["path"]])


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    main()
