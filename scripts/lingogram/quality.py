"""Quality: measures of a segment, from its samples and its image."""

import functools
import hashlib
import math

import numpy as np

from lingogram.segments import RATE

FRAME = 160  # samples, 10 ms
WINDOW = 512  # samples, 32 ms: of the long-term spectrum
FLOOR = 10  # percentile of the frames' levels that counts as the noise floor
BANDWIDTH = 50  # dB below the strongest part of the long-term spectrum
HASH = 256  # bits of an image's hash ...
CELLS = 16, 50  # ... from its means in so many bands and stretches of time ...
HEARD = 85  # ... of the greys below the brightest: 40 dB, so that light noise does not count

MEASURES = (
    *("peak_dbfs", "rms_dbfs", "noise_dbfs", "snr_db", "silence_share", "clipped_share"),
    *("clipped_run", "dc_offset", "bandwidth_hz", "flatness_db", "shades", "image_hash"),
    *("speech_share", "speech_seconds"),
)
COLUMNS = ("recording", "index", *MEASURES)

# G of speech and noise at -10, -8 ... 60 dB: ln E|z| - E ln|z| for Gaussian noise and speech whose
# amplitude is Gamma distributed with shape 0.4; test_quality.py integrates it anew.
# Source: Kim and Stern, Robust signal-to-noise ratio estimation based on waveform amplitude
# distribution analysis (WADA-SNR), Interspeech 2008, eq. 5 to 8
WADA_SNR = np.arange(-10, 61, 2)  # dB
WADA_G = (
    *(0.41215, 0.41497, 0.42007, 0.42865, 0.44213, 0.46184, 0.4888, 0.52342, 0.56543, 0.61388),
    *(0.66735, 0.72419, 0.78278, 0.84167, 0.89965, 0.95582, 1.00954, 1.06039, 1.10814, 1.15269),
    *(1.19406, 1.23234, 1.26763, 1.3001, 1.32992, 1.35727, 1.38231, 1.40523, 1.42619, 1.44534),
    *(1.46284, 1.47882, 1.49341, 1.50673, 1.51888, 1.52997),
)
OFFSET = 0.002  # of full scale; WADA-SNR takes a larger one for noise
SOME = 5  # of so many samples one is enough: it moves the SNR of speech by 0.1 dB
EVERY = 4  # windows, of which one is enough for the long-term spectrum
LOGARITHMS = np.log(np.maximum(np.arange(32_769), 0.5))  # of an amplitude; 0 is less than 1
HANN = np.hanning(WINDOW + 1)[:-1].astype(np.float32)


def measures_of(
    pcm: np.ndarray, image: np.ndarray | None, silence: float
) -> dict[str, float | str]:
    """Return the measures of a segment, rounded to what they are good for.

    pcm: shape (samples,), int16, 16 kHz.   image: shape (height, width), uint8, or None.
    silence: dBFS, the level below which a frame of 10 ms is silent.   config/README.md says what
    each measure is. One that cannot be told, as the SNR of digital silence, is an empty text.
    """
    lowest, highest = int(pcm.min()), int(pcm.max())
    energies, rest = _energies(pcm)  # whole numbers, so the same on every processor
    with np.errstate(divide="ignore"):
        levels = 10 * np.log10(energies / FRAME / 32768**2)
    clipped = np.zeros(0, bool)
    if lowest == -32768 or highest == 32767:
        clipped = (pcm == 32767) | (pcm == -32768)
    bandwidth, flatness = _band(pcm)
    offset = abs(int(pcm.sum(dtype=np.int64))) / len(pcm) / 32768
    measures = {
        "peak_dbfs": _dbfs(max(highest, -lowest)),
        "rms_dbfs": _dbfs(math.sqrt((int(energies.sum()) + rest) / len(pcm))),
        "noise_dbfs": float(np.sort(levels)[len(levels) * FLOOR // 100]) if len(levels) else "",
        "snr_db": snr_of(pcm) if offset < OFFSET else "",
        "silence_share": float((levels < silence).mean()) if len(levels) else "",
        "clipped_share": np.count_nonzero(clipped) / len(pcm),
        "clipped_run": longest_run(clipped),
        "dc_offset": offset,
        "bandwidth_hz": bandwidth,
        "flatness_db": flatness,
        "shades": "" if image is None else int(np.count_nonzero(np.bincount(image.ravel()))),
        "image_hash": "" if image is None else image_hash(image),
    }
    return {name: _rounded(value) for name, value in measures.items()}


def snr_of(pcm: np.ndarray) -> float:
    """Return the SNR in dB, -10 to 60, that WADA-SNR estimates; NaN for digital silence.

    pcm: shape (samples,), int16.
    """
    some = np.abs(pcm[::SOME].astype(np.int32))
    mean = some.mean()
    if not mean:
        return math.nan
    return float(np.interp(math.log(mean) - LOGARITHMS[some].mean(), WADA_G, WADA_SNR))


def image_hash(image: np.ndarray) -> str:
    """Return 256 bits, in hexadecimal, that stay much the same at another gain or coding.

    image: shape (height, width), uint8.   An empty text for silence, and for less than a second.
    Each bit is the side of a random plane on which the image lies, once what all its bands or
    all its moments have in common is taken away, so two sounds differ in the more bits the wider
    the angle between them is; of two that have nothing in common, in half.
    Source: Charikar, Similarity estimation techniques from rounding algorithms, STOC 2002.
    """
    bands, stretches = CELLS
    height, width = (size // count for size, count in zip(image.shape, CELLS))
    if not height or not width:
        return ""
    image = image[: bands * height, : stretches * width]
    quiet = max(int(image.max()) - HEARD, 0)
    loud = (np.maximum(image, quiet) - quiet).reshape(bands, height, stretches, width)
    cells = loud.sum(axis=1, dtype=np.int32).sum(axis=2)
    sides = _planes() @ cells.ravel()  # whole numbers below 2 ** 53, so exact everywhere
    return np.packbits(sides > 0).tobytes().hex() if sides.any() else ""


@functools.cache
def _planes() -> np.ndarray:
    """Return random planes, shape (HASH, cells), that do not see what bands or moments share."""
    bits = np.frombuffer(hashlib.shake_256(b"lingogram").digest(HASH * math.prod(CELLS) // 8), "u1")
    planes = np.unpackbits(bits).reshape(HASH, *CELLS) * 2.0 - 1
    rows, columns = planes.sum(axis=1, keepdims=True), planes.sum(axis=2, keepdims=True)
    height, width = CELLS
    planes = planes * (height * width) - rows * width - columns * height
    planes += rows.sum(axis=2, keepdims=True)
    return planes.reshape(HASH, -1)


def _energies(pcm: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the sum of squares of each frame of 10 ms, int64, and that of what is left."""
    whole = len(pcm) // FRAME * FRAME
    frames = pcm[:whole].reshape(-1, FRAME).astype(np.float64)  # sums stay below 2 ** 53
    last = pcm[whole:].astype(np.int64)
    return np.einsum("ij,ij->i", frames, frames).astype(np.int64), int(last @ last)


def _band(pcm: np.ndarray) -> tuple[float, float]:
    """Return bandwidth in Hz and flatness in dB of the long-term spectrum; NaN for silence."""
    stride = EVERY * WINDOW
    some = pcm[: len(pcm) // stride * stride].reshape(-1, stride)[:, :WINDOW]
    if not some.any() and len(pcm) >= WINDOW:
        some = pcm[: len(pcm) // WINDOW * WINDOW].reshape(-1, WINDOW)
    if not len(some):
        some = np.pad(pcm[:WINDOW], (0, max(WINDOW - len(pcm), 0)))[None]
    frames = some.astype(np.float32)
    spectrum = np.fft.rfft(frames * HANN)[:, 2:]  # the window spreads an offset over two bins
    power = (spectrum.real**2 + spectrum.imag**2).mean(axis=0, dtype=np.float64)
    if not power.max() > 0:
        return math.nan, math.nan
    power = np.convolve(power, np.full(5, 0.2), "valid")  # 160 Hz wide, so that no line decides
    heard = np.flatnonzero(power > power.max() * 10 ** (-BANDWIDTH / 10))
    flatness = 10 * (np.log10(np.maximum(power, 1e-9)).mean() - math.log10(power.mean()))
    return float(heard[-1] + 4) * RATE / WINDOW, float(flatness)


def longest_run(raised: np.ndarray) -> int:
    """Return how many True stand in a row at most.   raised: shape (any,), bool."""
    if not raised.any():
        return 0
    ends = np.flatnonzero(np.diff(np.concatenate([[False], raised, [False]])))
    return int((ends[1::2] - ends[::2]).max())


def _dbfs(amplitude: float) -> float:
    return 20 * math.log10(amplitude / 32768) if amplitude else -math.inf


def _rounded(value: float | str) -> float | str:
    """Return a value with the digits that all processors agree on; an empty text for NaN."""
    if isinstance(value, str | int) or not math.isfinite(value):
        return "" if value != value else value
    return float(f"{value:.6g}")
