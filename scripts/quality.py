"""Measure the segments and images of a batch, and flag what may be bad.

    python scripts/quality.py --spectrograms results/batches/english/0001/spectrograms.csv \\
        --audio results/segments --images results/spectrograms \\
        --quiet-rms -50 --clipped-share 0.001 --quality results/batches/english/0001/quality.csv
"""

import argparse
import logging
from collections import Counter
from pathlib import Path

from lingogram import files, quality, segments, spectrograms


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--spectrograms", type=Path, required=True, help="table of images")
    parser.add_argument("--audio", type=Path, required=True, help="folder of the segments")
    parser.add_argument("--images", type=Path, required=True, help="folder of the images")
    parser.add_argument("--quiet-rms", type=float, required=True, help="dBFS")
    parser.add_argument("--clipped-share", type=float, required=True, help="0 to 1")
    parser.add_argument("--quality", type=Path, required=True, help="table to write")
    args = parser.parse_args(argv)

    rows = []
    for row in files.read_table(args.spectrograms):
        place = Path(row["recording"]) / segments.name_of(row["index"])
        measures = quality.measures_of(segments.read_wav(args.audio / f"{place}.wav"))
        constant = not row["reason"] and quality.is_constant(
            spectrograms.read_png(args.images / f"{place}.png")
        )
        rows.append(
            {
                **{"recording": row["recording"], "index": row["index"]},
                **{name: f"{value:.6g}" for name, value in measures.items()},
                **quality.flags_of(measures, constant, args.quiet_rms, args.clipped_share),
            }
        )
    files.write_table(args.quality, quality.COLUMNS, rows)
    raised = Counter(flag for row in rows for flag in quality.FLAGS if row[flag])
    logging.info("%d segments; flags: %s", len(rows), dict(raised) or "none")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    main()
