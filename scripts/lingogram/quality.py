"""Quality: measures of a segment, and the flags that say why it may be bad."""

import math
from collections.abc import Mapping

import numpy as np

MEASURES = ("peak_dbfs", "rms_dbfs", "clipped_share")
FLAGS = ("constant", "quiet", "clipped")
COLUMNS = ("recording", "index", *MEASURES, *FLAGS)


def measures_of(pcm: np.ndarray) -> dict[str, float]:
    """Return the measures of a segment.

    pcm: shape (samples,), int16.
    peak_dbfs, rms_dbfs: dB against full scale (a sine at full scale has an RMS of -3.01), -inf for
    digital silence.   clipped_share: of the samples, those at either end of the scale, 0 to 1.
    """
    lowest, highest = int(pcm.min()), int(pcm.max())
    wide = pcm.astype(np.int64)  # exact, so the same on every processor
    clipped = 0
    if highest == 32767 or lowest == -32768:
        clipped = np.count_nonzero(pcm == 32767) + np.count_nonzero(pcm == -32768)
    return {
        "peak_dbfs": _dbfs(max(highest, -lowest)),
        "rms_dbfs": _dbfs(math.sqrt(int(wide @ wide) / len(pcm))),
        "clipped_share": clipped / len(pcm),
    }


def is_constant(image: np.ndarray) -> bool:
    """Return whether all pixels equal their mean: what SoX draws of digital silence.

    image: shape (height, width).   Source: the check of Bartz et al. (2017), whose tools found the
    images of silent and of broken segments by it.
    """
    return bool((image == image.flat[0]).all())


def flags_of(
    measures: Mapping[str, float], constant: bool, quiet: float, share: float
) -> dict[str, str]:
    """Return for each flag the reason why it is raised, or an empty text.

    quiet: dBFS, the lowest RMS that is not flagged.   share: the most clipped samples, 0 to 1.
    """
    rms, clipped = measures["rms_dbfs"], measures["clipped_share"]
    return {
        "constant": "every pixel is the same" if constant else "",
        "quiet": f"RMS {rms:.1f} dBFS is below {quiet:g}" if rms < quiet else "",
        "clipped": f"{clipped:.2%} of samples clipped, over {share:.2%}" if clipped > share else "",
    }


def _dbfs(amplitude: float) -> float:
    return 20 * math.log10(amplitude / 32768) if amplitude else -math.inf
