"""Sounds whose truth is known, and the tools to compare with."""

import os
import shutil
import wave
from pathlib import Path

import av
import numpy as np
import pytest


def needs(tool):
    """Return the mark that skips a test without that tool; in CI it fails instead."""
    missing = not shutil.which(tool) and "CI" not in os.environ
    return pytest.mark.skipif(missing, reason=f"{tool} is not installed")


needs_sox, needs_ffmpeg, needs_chromium = map(needs, ("sox", "ffmpeg", "chromium"))


def tone(hertz, seconds, rate=16_000, amplitude=0.5):
    """Return a sine, shape (samples,), int16."""
    time = np.arange(round(seconds * rate)) / rate
    return np.round(32767 * amplitude * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def noise(samples, seed, level=3000):
    """Return white noise of that RMS level, shape (samples,), int16."""
    random = np.random.default_rng(seed)
    return np.clip(random.normal(0, level, samples), -32768, 32767).astype(np.int16)


def write(path: Path, pcm, rate=16_000):
    """Write a WAV of one channel, or of as many as `pcm` has columns; make its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if pcm.ndim == 1 else pcm.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm.astype("<i2").tobytes())
    return path


def encode(path: Path, codec, pcm, rate=16_000, channels=1, bit_rate=64_000, **container):
    """Write `pcm`, shape (samples,), int16, by PyAV, the same in each of one or two channels."""
    layout = ("mono", "stereo")[channels - 1]
    with av.open(str(path), "w", options=container) as file:
        stream = file.add_stream(codec, rate=rate, layout=layout, options={"strict": "-2"})
        frame = av.AudioFrame.from_ndarray(np.repeat(pcm, channels)[None], "s16", layout)
        frame.sample_rate, frame.pts = rate, 0
        stream.bit_rate = bit_rate
        stream.codec_context.open()
        form, size = stream.codec_context.format.name, stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(form, layout, rate, size)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return path
