"""Cut the recordings of a batch into segments of 16 kHz, 16-bit, mono audio.

    python scripts/segment.py --batch results/batches/english/0001/recordings.tsv \\
        --recordings recordings --seconds 10 --remainder drop --audio results/segments \\
        --decoded results/batches/english/0001/decoded.csv \\
        --segments results/batches/english/0001/segments.csv

A recording's segments appear together, by the renaming of their folder.
"""

import argparse
import logging
from pathlib import Path

from lingogram import audio, files, recordings, segments

DECODED_COLUMNS = (
    *("recording", "content", "header_seconds", "samples", "lost_seconds"),
    *("streams", "bad_packets", "nonfinite", "format_changes", "reason"),
)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--batch", type=Path, required=True, help="table of its recordings")
    parser.add_argument("--recordings", type=Path, required=True, help="folder, or table")
    parser.add_argument("--seconds", type=float, required=True, help="length of a segment")
    parser.add_argument("--remainder", choices=("drop", "pad"), required=True)
    parser.add_argument("--level", type=float, help="dBFS of each segment; as it is without")
    parser.add_argument("--audio", type=Path, required=True, help="folder for the segments")
    parser.add_argument("--decoded", type=Path, required=True, help="table of recordings to write")
    parser.add_argument("--segments", type=Path, required=True, help="table of segments to write")
    args = parser.parse_args(argv)

    decoded, cut = [], []
    length = round(args.seconds * segments.RATE)
    root = recordings.root_of(args.recordings)
    for row in files.read_table(args.batch):
        path = root / recordings.decoded(row["path"])
        decoding = audio.Decoding(path, float(row["begin"] or 0), float(row["end"] or "inf"))
        folder = args.audio / row["recording"]
        rows = segmented(decoding, folder, length, args.remainder, args.level)
        cut += [{"recording": row["recording"], **segment} for segment in rows]
        decoded.append({**row, **vars(decoding)})
        if decoding.reason or decoding.bad_packets:
            trouble = decoding.reason or f"bad packets: {decoding.bad_packets}"
            logging.warning("%s: %s", row["recording"], trouble)
    files.write_table(args.decoded, DECODED_COLUMNS, decoded)
    files.write_table(args.segments, segments.COLUMNS, cut)
    seconds = sum(row["samples"] for row in decoded) / segments.RATE
    logging.info("%d recordings, %.1f s: %d segments", len(decoded), seconds, len(cut))


def segmented(decoding, folder, length, remainder, level):
    """Write the segments of a recording into `folder`, whole or not at all; return their rows."""
    rows, start = [], 0
    with files.whole_folder(folder) as part:
        for index, piece in enumerate(segments.cut(decoding, length)):
            row = {"index": index, "start": start, "samples": len(piece), "reason": ""}
            start += len(piece)
            piece = segments.levelled(piece, level)
            row["content"] = segments.content_of(piece)
            if len(piece) < length and remainder == "drop":
                row["reason"] = segments.REMAINDER
            else:
                piece = segments.padded(piece, length)
                segments.write_wav(part / f"{segments.name_of(index)}.wav", piece)
            rows.append(row)
    return rows


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    main()
