"""Sounds whose truth is known, and the tools to compare with."""

import os
import shutil
import wave
from pathlib import Path

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
