"""The picture SoX 14.4.2 draws, computed with numpy: the same pixels, without SoX.

Published language-identification models (Bartz, Herold, Yang, Meinel: "Language Identification
Using Deep Convolutional Recurrent Neural Networks", ICONIP 2017) read what this command draws:

    sox -V0 SEGMENT.wav -n remix 1 rate 10k spectrogram -y 129 -X 50 -m -r -o OUT.png

and keep the palette index of each pixel. Every number below was found by experiment against
SoX 14.4.2 (x86-64) and is held against a live `sox` by tests/unit/test_sox.py.
"""

import functools

import numpy as np

RATE = 16_000  # Hz, of the samples that go in
LOWEST_SAMPLES = 80  # SoX draws nothing of fewer
HEIGHT = 129  # rows: 5 kHz in row 0, 0 Hz in row 128
BLACK, WHITE = 4, 254  # palette indices of -120 dB and below, of 0 dB and above
FLOOR = 120  # dB between black and white
FFT, STEP = 256, 100  # samples at 10 kHz: of a block, and from one block to the next
DROPPED_BITS = 42  # of a float64; the 22 that are left make a table of 40,000 powers
LEAD = 78  # samples of the first block that lie before the recording
OVERLAP, KEPT = 408, 820  # of the second filter: samples carried over, outputs of a block

# Freed once, a block this large keeps glibc from handing the memory of every image back to the
# kernel (mallopt(3), M_MMAP_THRESHOLD), which would take half of the time.
np.empty(30 << 20, np.uint8)


def spectrogram(pcm):
    """Return the picture of `pcm` as palette indices.

    pcm: shape (samples,), int16, 16 kHz.
    Shape (129, columns), dtype uint8, 4 to 254; ten seconds give 500 columns.
    Raises ValueError for fewer than 80 samples, of which SoX draws nothing.
    """
    return _drawn(pcm, full_scale=2.0**15)


def noisy_spectrogram(pcm, noise):
    """Return the picture of `pcm` brought to full scale with 5 % of `noise` mixed in.

    pcm, noise: shape (samples,), int16, 16 kHz.   Result and errors as in `spectrogram`.
    Raises ValueError for digital silence, which no gain brings to full scale.
    """
    peak = int(np.abs(pcm.astype(np.int32)).max(initial=0))
    if not peak:
        raise ValueError("digital silence has no gain to full scale")
    gain = float(f"{2147483647 / (65536 * peak):.3f}")  # what `sox stat -v` prints
    mix = _rounded(0.94 * gain * 65536.0 * pcm) + _rounded(0.05 * 65536.0 * noise)
    return _drawn(np.clip(mix, -(2.0**31), 2.0**31 - 1), full_scale=2.0**31)


def columns_of(samples):
    """Return the width of the picture of that many samples at 16 kHz."""
    blocks = (_resampled_length(samples) + STEP // 2) // STEP
    believed = int(samples / 16000.0 * 10000.0 + 0.5)  # SoX's estimate; it can be one off
    return min(-(-blocks // 2), int(50 * believed / 10000 + 0.5) or 800)


def resample(samples, full_scale):
    """Return `samples` at 10 kHz as SoX's `rate 10k` gives them, quantised to 32 bits.

    samples: shape (n,), 16 kHz.   full_scale: of them, a power of two.
    Shape (floor(n / 1.6 + 0.5),), float64, full scale 1.0.
    """
    length = _resampled_length(len(samples))
    to_20k, to_10k = _filters()

    # 16 -> 20 kHz: each row of 20 outputs is a matrix product of 28 inputs, 16 further on a row
    blocks = -(-length // KEPT)
    rows = -(-(2 * KEPT * blocks + OVERLAP // 2) // 20)
    padded = _padded(samples, 6, 16 * rows + 12)
    at_20k = np.zeros(OVERLAP // 2 + 20 * rows)
    np.matmul(_windows(padded, rows, 28, 16), to_20k, out=at_20k[OVERLAP // 2 :].reshape(rows, 20))

    # 20 -> 10 kHz: overlap-save; leaving out the upper half of the spectrum halves the rate
    spectrum = np.fft.rfft(_windows(at_20k, blocks, 2048, 2 * KEPT))[:, :513] * to_10k
    at_10k = np.fft.irfft(spectrum, 1024)[:, :KEPT].reshape(-1)[:length]
    at_10k = _rounded(at_10k * (2.0**31 / full_scale))
    np.clip(at_10k, -(2.0**31), 2.0**31 - 1, out=at_10k)
    at_10k *= 2.0**-31
    return at_10k


def _drawn(samples, full_scale):
    if len(samples) < LOWEST_SAMPLES:
        raise ValueError(f"a picture needs {LOWEST_SAMPLES} samples; there are {len(samples)}")
    at_10k = resample(samples, full_scale)
    blocks = min(2 * columns_of(len(samples)), (len(at_10k) + STEP // 2) // STEP)
    padded = _padded(at_10k, LEAD, STEP * (blocks - 1) + FFT)
    windowed = _windows(padded, blocks, FFT, STEP) * _hann(FFT)
    for block in {0, *range(max(0, blocks - 3), blocks)}:  # those that may reach over an end
        after = max(0, STEP * block - LEAD + FFT - len(at_10k))
        before = LEAD if block == 0 and not after else 0
        piece = padded[STEP * block :][before : FFT - after]
        windowed[block] = _padded(piece * _hann(len(piece)), before, FFT)

    spectrum = np.fft.rfft(windowed)
    power = spectrum.real**2 + spectrum.imag**2
    if blocks % 2:
        power = np.vstack([power, power[-1:]])  # the last column is the mean of one block
    return np.ascontiguousarray(_shades((power[0::2] + power[1::2]) * 0.5).T[::-1])


def _shades(power):
    """Return the palette indices of powers, shape as `power`, float64.

    The leading bits of a power tell the index of all but one in a hundred; those are computed.
    """
    table, lowest = _shade_table()
    key = (power.view(np.int64) >> DROPPED_BITS) - lowest
    shades = table[np.clip(key, 0, len(table) - 1, out=key)]
    open_cases = np.flatnonzero(shades == 0)
    shades.flat[open_cases] = _computed_shades(power.flat[open_cases])
    return shades


@functools.cache
def _shade_table():
    """Return the indices by the leading bits of a power, 0 where open, and the lowest such bits.

    The index never falls as the power rises, so it is known wherever both ends agree.
    """
    black, white = np.array([10.0 ** (-FLOOR / 10), 1.0]).view(np.int64) >> DROPPED_BITS
    lowest = black - 1
    edges = _computed_shades((np.arange(lowest, white + 2) << DROPPED_BITS).view(np.float64))
    return np.where(edges[:-1] == edges[1:], edges[:-1], 0).astype(np.uint8), lowest


def _computed_shades(power):
    with np.errstate(divide="ignore"):
        level = (10 * np.log10(power)).astype(np.float32).astype(np.float64)
    shade = 1 + (1 + level / FLOOR) * (WHITE - BLACK - 1)
    shade[level < -FLOOR] = 0
    shade[level >= 0] = WHITE - BLACK
    return (BLACK + shade).astype(np.uint8)


def _resampled_length(samples):
    return int(samples / 1.6 + 0.5)


def _rounded(values):
    """Return values rounded half away from zero."""
    rounded = np.copysign(0.5, values)
    rounded += values
    return np.trunc(rounded, out=rounded)


def _padded(samples, before, size):
    padded = np.zeros(size)
    fits = min(len(samples), size - before)
    padded[before : before + fits] = samples[:fits]
    return padded


def _windows(samples, count, size, step):
    """Return `count` overlapping views of `samples`, shape (count, size)."""
    stride = samples.strides[0]
    return np.lib.stride_tricks.as_strided(samples, (count, size), (step * stride, stride))


@functools.cache
def _hann(size):
    """Return the window of a block of which `size` samples lie inside the recording."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    return window * (2 / window.sum() * (size / FFT) ** 2)


@functools.cache
def _filters():
    """Return the two low-pass filters: a (28, 20) matrix and the spectrum of bins 0 to 512."""
    first = 10 * _kaiser(129, cutoff=0.11706479410717797, beta=14.058638741903037, rho=0.75)
    second = _kaiser(409, cutoff=0.47840693184615, beta=13.711254453018766, rho=0.5)
    taps = 64 + 8 * np.arange(20) - 10 * np.arange(-6, 22)[:, None]
    inside = (taps >= 0) & (taps < len(first))
    to_20k = np.where(inside, first[taps * inside], 0.0)
    circular = np.zeros(2048)
    circular[(np.arange(len(second)) - OVERLAP) % 2048] = second
    return to_20k, np.fft.rfft(circular)[:513] * 0.5


def _kaiser(size, cutoff, beta, rho):
    """Return a low-pass of `size` taps; Kaiser's window, widened by `rho` taps at each end."""
    middle = (size - 1) / 2
    z = np.arange(size) - middle
    window = np.i0(beta * np.sqrt(1 - (z / (middle + rho)) ** 2)) / np.i0(beta)
    return cutoff * np.sinc(cutoff * z) * window
