"""Headers: what a file says of its length, where FFmpeg believes the size of the file instead."""

import os
import struct
from pathlib import Path

# the first four bytes of a file of chunks: where those begin, the form of a chunk's name and size,
# how much of the size that takes, and what its end is rounded to
# Sources: Microsoft and IBM, RIFF; Sony, Wave64; Apple, Core Audio Format Specification
CHUNKS = {b"RIFF": (12, "<4sI", 0, 2), b"riff": (40, "<16sQ", 24, 8), b"caff": (8, ">4sq", 0, 1)}
MOST_CHUNKS = 1_000  # before the samples
UNTOLD = 0x7FFFF000  # bytes; what writes to a pipe says so much or more, as it cannot know

LONGEST_PAGE = 65_307  # bytes, of an Ogg file
ESTIMATED = ("aac", "ac3", "amr", "eac3", "g722", "gsm")  # formats without a header for the file
MP3_TAGS = (b"Xing", b"Info", b"VBRI")  # one is in the first frame if the length is known
MP3_START = 4_096  # bytes that hold the first frame


def stretch_of(path: Path) -> float:
    """Return how many times as long as it is a file should be by its header; 1 if it is whole."""
    with open(path, "rb") as file:
        end = os.fstat(file.fileno()).st_size
        place, form, counted, align = CHUNKS.get(file.read(4), (end, "", 0, 1))
        for _ in range(MOST_CHUNKS):
            file.seek(place)
            head = file.read(struct.calcsize(form))
            if not head or len(head) < struct.calcsize(form):
                return 1.0
            name, size = struct.unpack(form, head)
            size -= counted
            place += len(head)
            if name.startswith(b"data"):
                return size / (end - place) if 0 < end - place < size < UNTOLD else 1.0
            if size < 0:
                return 1.0
            place += size + -size % align
    return 1.0


def is_ended(path: Path) -> bool:
    """Return whether the last page of an Ogg file is the last of its stream; True for others.

    Source: RFC 3533, section 6.
    """
    with open(path, "rb") as file:
        if file.read(4) != b"OggS":
            return True
        file.seek(max(os.fstat(file.fileno()).st_size - LONGEST_PAGE, 0))
        end = file.read()
    place = end.rfind(b"OggS")
    return place >= 0 and len(end) > place + 5 and bool(end[place + 5] & 4)


def says_length(path: Path, form: str) -> bool:
    """Return whether a file's header says how long it is; else FFmpeg estimates it by bit rate.

    form: FFmpeg's name of the format.   Source: mp3dec.c and utils.c of FFmpeg 8.
    """
    if form != "mp3":
        return form not in ESTIMATED
    with open(path, "rb") as file:
        place = 0
        while (tag := file.read(10)).startswith(b"ID3") and len(tag) == 10:
            place += 10 + sum(byte << shift for byte, shift in zip(tag[6:], (21, 14, 7, 0)))
            file.seek(place)
        file.seek(place)
        start = file.read(MP3_START)
    return any(tag in start for tag in MP3_TAGS)
