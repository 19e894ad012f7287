"""PNGs that every reader reads back, and noise that is a function of the segment's identity."""

import zlib
from pathlib import Path

import imageio.v3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import sounds
from lingogram import sox, spectrograms

images = arrays.arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 30)))


@given(image=images)
def test_a_png_is_read_back_by_pillow_and_imageio(image, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "a.png"
    spectrograms.write_png(path, image)
    np.testing.assert_array_equal(spectrograms.read_png(path), image)
    np.testing.assert_array_equal(imageio.v3.imread(path, extension=".png"), image)


def test_a_png_has_valid_checksums(tmp_path):
    path: Path = tmp_path / "a.png"
    spectrograms.write_png(path, sox.spectrogram(sounds.noise(16_000, 1)))
    content, chunks = path.read_bytes()[8:], []
    while content:
        size = int.from_bytes(content[:4])
        assert zlib.crc32(content[4 : 8 + size]) == int.from_bytes(content[8 + size : 12 + size])
        chunks.append(content[4:8])
        content = content[12 + size :]
    assert chunks == [b"IHDR", b"IDAT", b"IEND"]


def test_the_clear_image_is_that_of_sox():
    pcm = sounds.noise(16_000, 1)
    np.testing.assert_array_equal(spectrograms.drawn(pcm, "clear", "any"), sox.spectrogram(pcm))


def test_the_noisy_image_depends_on_the_identity_alone():
    pcm = sounds.tone(440, 1, amplitude=0.1)
    one, same, other = (spectrograms.drawn(pcm, "noisy", name) for name in ("a/0", "a/0", "a/1"))
    np.testing.assert_array_equal(one, same)
    assert (one != other).mean() > 0.5


def test_the_noise_is_uniform_and_white():
    noise = spectrograms.noise("english/a.wav/0", 160_000) / 32768
    assert noise.mean() == pytest.approx(0, abs=0.01)
    assert noise.std() == pytest.approx(1 / np.sqrt(3), rel=0.01)
    assert abs(np.corrcoef(noise[1:], noise[:-1])[0, 1]) < 0.02


def test_silence_made_noisy_is_refused():
    with pytest.raises(ValueError, match="silence"):
        spectrograms.drawn(np.zeros(16_000, np.int16), "noisy", "a")
