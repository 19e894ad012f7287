"""Segments: pieces of a recording of one exact length, and the rest that is left at its end."""

import hashlib
import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

RATE = 16_000  # Hz
COLUMNS = ("recording", "index", "start", "samples", "content", "reason")
REMAINDER = "remainder"  # why the rest of a recording is no segment


def cut(blocks: Iterable[np.ndarray], length: int) -> Iterator[np.ndarray]:
    """Yield pieces of exactly `length` samples, then the rest if there is one.

    blocks: arrays of shape (any,) and one dtype, in order.   length: samples, 1 or more.
    The pieces put together are the blocks put together; memory is bounded by a piece and a block.
    """
    held: list[np.ndarray] = []
    count = 0
    for block in blocks:
        while count + len(block) >= length:
            yield np.concatenate([*held, block[: length - count]])
            block, held, count = block[length - count :], [], 0
        held.append(block)
        count += len(block)
    if count:
        yield np.concatenate(held)


def padded(piece: np.ndarray, length: int) -> np.ndarray:
    """Return `piece` with silence at its end, `length` samples long."""
    return np.pad(piece, (0, length - len(piece))) if len(piece) < length else piece


def levelled(piece: np.ndarray, level: float | None) -> np.ndarray:
    """Return `piece` at an RMS level of `level` dBFS, or as near as can be without clipping.

    None leaves it as it is, and so does digital silence.
    """
    if level is None or not piece.any():
        return piece
    wide = piece.astype(np.int64)
    gain = 10 ** (level / 20) * 32768 / np.sqrt((wide @ wide) / len(piece))
    gain = min(gain, 32767 / np.abs(wide).max())
    return np.rint(piece * gain).astype(np.int16)


def content_of(piece: np.ndarray) -> str:
    """Return a hash of the samples of a piece; what depends on them depends on its change."""
    return hashlib.sha256(piece).hexdigest()[:32]


def name_of(index: int | str) -> str:
    """Return the file name, without its ending, of a recording's segment."""
    return f"{int(index):05}"


def read_wav(path: Path) -> np.ndarray:
    """Return the samples of a segment's WAV, shape (samples,), int16, 16 kHz."""
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def write_wav(path: Path, pcm: np.ndarray) -> None:
    """Write `pcm`, shape (samples,), int16, 16 kHz, as a mono WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm.astype("<i2", copy=False).tobytes())
