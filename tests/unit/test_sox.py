"""The image against a live sox, pixel for pixel, and against what a tone must look like."""

import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy import signal

import sounds
from lingogram import segments, sox

DRAW = ["spectrogram", "-y", "129", "-X", "50", "-m", "-r", "-o"]


def live(folder, *arguments):
    """Return the palette indices of what sox draws."""
    image = folder / "live.png"
    command = ["sox", "-V0", *arguments, "-n", "remix", "1", "rate", "10k", *DRAW, image]
    subprocess.run(command, check=True)
    return np.array(Image.open(image))


def ten_seconds(kind, seed):
    random = np.random.default_rng(seed)
    time = np.arange(160_000) / 16_000
    match kind:
        case "white":
            return random.integers(-32768, 32768, 160_000)
        case "faint":
            return random.integers(-2, 3, 160_000)
        case "sweep":
            return 32767 * np.sin(2 * np.pi * (20 + random.uniform(100, 400) * time) * time)
        case "chord":
            tones = sum(np.sin(2 * np.pi * f * time) for f in random.uniform(50, 7900, 5))
            return 6000 * tones
        case "clipped":
            return np.clip(random.normal(0, 60_000, 160_000), -32768, 32767)
        case "clicks":
            return 32767 * (random.uniform(size=160_000) < 0.0005)
        case "pauses":
            return random.normal(0, 2000, 160_000) * (np.sin(2 * np.pi * 0.7 * time) > 0)
        case "offset":
            return np.full(160_000, random.integers(-32768, 32768))
        case "silence":
            return np.zeros(160_000)


KINDS = ["white", "faint", "sweep", "chord", "clipped", "clicks", "pauses", "offset"]


@sounds.needs_sox
@pytest.mark.parametrize("kind", [*KINDS, "silence"])
def test_ten_seconds_are_drawn_as_sox_draws_them(kind, tmp_path):
    for seed in range(5):
        pcm = ten_seconds(kind, seed).astype(np.int16)
        expected = live(tmp_path, sounds.write(tmp_path / "a.wav", pcm))
        assert expected.shape == (129, 500)
        np.testing.assert_array_equal(sox.spectrogram(pcm), expected)


@sounds.needs_sox
def test_other_lengths_are_drawn_as_sox_draws_them(tmp_path):
    random = np.random.default_rng(7)
    edges = [80, 81, 240, 285, 286, 320, 480, 159_839, 159_840, 160_159, 160_160]
    for length in [*edges, *random.integers(80, 5_000, 60), *random.integers(5_000, 400_000, 40)]:
        pcm = sounds.noise(length, seed=length)
        expected = live(tmp_path, sounds.write(tmp_path / "a.wav", pcm))
        np.testing.assert_array_equal(sox.spectrogram(pcm), expected, err_msg=f"{length} samples")


@sounds.needs_sox
@pytest.mark.parametrize("kind", KINDS)
def test_noisy_images_are_drawn_as_sox_mixes_and_draws_them(kind, tmp_path):
    pcm = (ten_seconds(kind, 1) * 0.3).round().astype(np.int16)
    white = ten_seconds("white", 2).astype(np.int16)
    speech = sounds.write(tmp_path / "speech.wav", pcm)
    hiss = sounds.write(tmp_path / "hiss.wav", white)
    gain = subprocess.run(
        ["sox", speech, "-n", "stat", "-v"], check=True, capture_output=True, text=True
    ).stderr
    volumes = [repr(0.94 * float(gain)), "0.05"]
    expected = live(tmp_path, "-m", "-v", volumes[0], speech, "-v", volumes[1], hiss)
    np.testing.assert_array_equal(sox.noisy_spectrogram(pcm, white), expected)


@given(st.integers(80, 1_000_000))
def test_the_width_is_foretold(samples):
    assert abs(sox.columns_of(samples) - samples / 320) <= 1 or samples < 160


@pytest.mark.parametrize("samples", [80, 159_839, 159_840, 160_000, 160_160, 12_345])
def test_the_image_has_the_width_foretold(samples):
    image = sox.spectrogram(sounds.noise(samples, 1))
    assert image.shape == (129, sox.columns_of(samples)) and image.dtype == np.uint8


def test_the_table_of_shades_agrees_with_their_formula():
    random = np.random.default_rng(1)
    power = 10 ** random.uniform(-13, 0.5, (400, 129))
    steps = 10 ** ((np.arange(250) / 249 - 1) * 12)
    power[:3] = np.array([0, 1e-12, 1])[:, None]
    power[3, :] = np.nextafter(steps[:129], 0)
    power[4, :] = steps[:129]
    np.testing.assert_array_equal(sox._shades(power), sox._computed_shades(power))


@pytest.mark.parametrize("hertz", [0, 500, 1000, 2500, 4500])
def test_a_tone_lights_the_row_of_its_pitch(hertz):
    pcm = sounds.tone(hertz, 2) if hertz else np.full(32_000, 9_000, np.int16)
    image = sox.spectrogram(pcm)
    assert abs(image[:, 50].argmax() - (128 - hertz * 256 / 10_000)) <= 0.5


def test_a_tone_ten_times_weaker_is_20_decibels_darker():
    strong, weak = (sox.spectrogram(sounds.tone(1250, 1, amplitude=a)) for a in (0.5, 0.05))
    difference = int(strong[96, 25]) - int(weak[96, 25])
    assert difference == pytest.approx(20 / 120 * 249, abs=1)


def test_nothing_above_5_khz_folds_back():
    assert sox.spectrogram(sounds.tone(6_500, 1))[:, 5:-5].max() < 50


def test_resampling_agrees_with_another_resampler():
    speech = signal.lfilter([1], [1, -0.95], sounds.noise(32_000, 3) / 32768)
    ours, other = (
        sox.resample(speech, 1.0),
        signal.resample_poly(speech, 5, 8, window=("kaiser", 12)),
    )
    middle = slice(500, -500)
    assert np.corrcoef(ours[middle], other[middle])[0, 1] > 0.999


def test_too_few_samples_and_noisy_silence_are_refused():
    with pytest.raises(ValueError, match="there are 79"):
        sox.spectrogram(np.ones(79, np.int16))
    with pytest.raises(ValueError, match="silence"):
        sox.noisy_spectrogram(np.zeros(160, np.int16), sounds.noise(160, 1))


def test_the_rate_is_that_of_segments():
    assert sox.RATE == segments.RATE
