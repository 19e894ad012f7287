"""Draw the spectrogram of each segment of a batch.

    python scripts/spectrogram.py --decoded results/batches/english/0001/decoded.csv \\
        --segments results/batches/english/0001/segments.csv --audio results/segments \\
        --environment clear --seed 1 --images results/spectrograms \\
        --spectrograms results/batches/english/0001/spectrograms.csv

A recording's images appear together, by the renaming of their folder.
"""

import argparse
import logging
from collections import defaultdict
from pathlib import Path

from lingogram import files, segments, spectrograms


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--decoded", type=Path, required=True, help="table of recordings")
    parser.add_argument("--segments", type=Path, required=True, help="table of segments")
    parser.add_argument("--audio", type=Path, required=True, help="folder of the segments")
    parser.add_argument("--environment", choices=("clear", "noisy"), required=True)
    parser.add_argument("--seed", type=int, required=True, help="of the noise")
    parser.add_argument("--images", type=Path, required=True, help="folder for the images")
    parser.add_argument("--spectrograms", type=Path, required=True, help="table to write")
    args = parser.parse_args(argv)

    cut = defaultdict(list)
    for row in files.read_table(args.segments):
        if not row["reason"]:
            cut[row["recording"]].append((row["index"], row["content"]))
    rows = []
    for row in files.read_table(args.decoded):
        recording = row["recording"]
        with files.whole_folder(args.images / recording) as part:
            for index, content in cut[recording]:
                name = segments.name_of(index)
                pcm = segments.read_wav(args.audio / recording / f"{name}.wav")
                identity = f"{args.seed}/{recording}/{index}"
                size = drawn(part / f"{name}.png", pcm, args.environment, identity)
                rows.append({"recording": recording, "index": index, "content": content, **size})
    files.write_table(args.spectrograms, spectrograms.COLUMNS, rows)

    undrawn = sum("reason" in row for row in rows)
    logging.info("%d spectrograms", len(rows) - undrawn)
    if undrawn:
        logging.warning("%d segments cannot be drawn; the table says why", undrawn)


def drawn(path, pcm, environment, identity):
    """Write the image of a segment; return its size, or the reason why there is none."""
    try:
        image = spectrograms.drawn(pcm, environment, identity)
    except ValueError as error:
        return {"reason": str(error)}
    spectrograms.write_png(path, image)
    return {"height": image.shape[0], "width": image.shape[1]}


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    main()
