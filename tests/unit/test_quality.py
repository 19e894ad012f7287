"""Each measure against sounds whose truth is known."""

import math

import numpy as np
import pytest
from scipy import integrate, special

import sounds
from lingogram import quality, sox
from lingogram.duplicates import NEAR


def measured(pcm, silence=-60):
    return quality.measures_of(pcm, sox.spectrogram(pcm), silence)


def voice(seconds, seed=1):
    """Return an amplitude like that of speech: Gamma distributed, shape 0.4; float, RMS 1."""
    random = np.random.default_rng(seed)
    size = round(16_000 * seconds)
    sound = random.gamma(0.4, 1, size) * random.choice([-1, 1], size)
    return sound / math.sqrt(np.mean(sound**2))


def pcm_of(sound):
    return np.clip(np.round(sound), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize("amplitude", [0.001, 0.1, 0.5, 1])
def test_a_sine_has_the_level_it_was_made_with(amplitude):
    found = measured(sounds.tone(1000, 10, amplitude=amplitude))
    assert found["peak_dbfs"] == pytest.approx(20 * math.log10(amplitude), abs=0.2)
    assert found["rms_dbfs"] == pytest.approx(20 * math.log10(amplitude) - 3.01, abs=0.02)
    assert found["dc_offset"] < 1e-6 and found["silence_share"] == (amplitude == 0.001)


def test_the_noise_floor_is_that_of_the_pauses():
    pcm = sounds.noise(160_000, 1, level=20)
    pcm[40_000:] += sounds.noise(120_000, 2, level=3000)
    found = measured(pcm)
    assert found["noise_dbfs"] == pytest.approx(20 * math.log10(20 / 32768), abs=1)
    assert found["silence_share"] == pytest.approx(0.25, abs=0.01)
    assert measured(pcm, silence=-100)["silence_share"] == 0


@pytest.mark.parametrize("share", [0, 0.01, 0.2])
def test_clipping_is_the_share_that_was_clipped(share):
    random = np.random.default_rng(1)
    pcm = sounds.noise(160_000, 1)
    clipped = random.permutation(160_000)[: round(160_000 * share)]
    pcm[clipped] = random.choice([-32768, 32767], len(clipped))
    found = measured(pcm)
    assert found["clipped_share"] == pytest.approx(share)
    pcm[500:577] = 32767
    assert measured(pcm)["clipped_run"] >= 77 and (share or found["clipped_run"] == 0)


def test_an_offset_is_measured_of_full_scale():
    pcm = sounds.noise(160_000, 1, level=100)
    assert measured(pcm + np.int16(3277))["dc_offset"] == pytest.approx(0.1, abs=0.001)
    assert measured(pcm - np.int16(3277))["dc_offset"] == pytest.approx(0.1, abs=0.001)


@pytest.mark.parametrize("snr", [-5, 0, 5, 10, 20, 30, 40])
def test_the_snr_is_that_of_the_mixture(snr):
    noise = np.random.default_rng(2).normal(0, 10 ** (-snr / 20), 160_000)
    found = measured(pcm_of(1500 * (voice(10) + noise)))
    assert found["snr_db"] == pytest.approx(snr, abs=1.5)


def test_the_table_of_wada_snr_is_the_integral_it_stands_for():
    shape = 0.4
    scale = math.sqrt(shape * (shape + 1))  # so that the speech has an RMS of 1
    for snr, known in zip(quality.WADA_SNR[::7], quality.WADA_G[::7]):
        sigma = 10 ** (-snr / 20)

        def amplitude(s, sigma=sigma):
            near = sigma * math.sqrt(2 / math.pi) * math.exp(-s * s / 2 / sigma**2)
            return near + s * special.erf(s / sigma / math.sqrt(2))

        def logarithm(s, sigma=sigma):
            half = (s / sigma) ** 2 / 2
            if half > 300:
                return math.log(s) - 1 / 4 / half - 3 / 16 / half**2
            count = np.arange(int(half + 12 * math.sqrt(half) + 40))
            weight = np.exp(count * math.log(half or 1e-300) - half - special.gammaln(count + 1))
            return (weight @ special.digamma(0.5 + count) + math.log(2)) / 2 + math.log(sigma)

        def expected(function):
            # s = u ** (1 / shape) takes the pole of the density at 0 away
            def inside(u):
                s = u ** (1 / shape)
                return function(s) * math.exp(-scale * s)

            area, _ = integrate.quad(inside, 0, (60 / scale) ** shape, limit=200)
            return area * scale**shape / math.gamma(shape + 1)

        assert math.log(expected(amplitude)) - expected(logarithm) == pytest.approx(known, abs=2e-4)


@pytest.mark.parametrize("bandwidth", [1000, 3400, 5000, 7000])
def test_the_bandwidth_is_where_the_spectrum_ends(bandwidth):
    spectrum = np.fft.rfft(voice(10))
    spectrum[np.arange(len(spectrum)) > bandwidth * 10] = 0
    found = measured(pcm_of(2000 * np.fft.irfft(spectrum)))
    assert found["bandwidth_hz"] == pytest.approx(bandwidth, abs=150)


def test_sound_between_the_windows_looked_at_has_a_bandwidth():
    pcm = np.zeros(160_000, np.int16)
    pcm[15_000:16_000] = sounds.noise(1_000, 1)
    found = measured(pcm)
    assert found["bandwidth_hz"] > 5000 and found["snr_db"] != ""


@pytest.mark.parametrize("offset", [0, 300, 1500])
def test_an_offset_does_not_pass_for_noise_or_narrow_the_band(offset):
    noise = np.random.default_rng(3).normal(0, 0.05, 160_000)
    pcm = pcm_of(1000 * (voice(10) + noise) + offset)
    found = measured(pcm)
    assert found["snr_db"] == "" if offset else found["snr_db"] > 20
    assert found["bandwidth_hz"] > 7500
    spectrum, hertz = np.fft.rfft(voice(10)), np.arange(80_001) / 10
    spectrum *= 10 ** (-45 / 20 * np.clip((hertz - 500) / 6_500, 0, 1)) * (hertz < 7_000)
    tilted = np.fft.irfft(spectrum)
    tilted *= 328 / np.std(tilted)
    found = measured(pcm_of(tilted + offset))
    assert found["bandwidth_hz"] == pytest.approx(7000, abs=150)


def test_noise_is_flat_and_a_tone_is_not():
    assert measured(sounds.noise(160_000, 1))["flatness_db"] == pytest.approx(0, abs=0.2)
    assert measured(sounds.tone(1000, 10))["flatness_db"] < -50


def test_digital_silence_has_no_snr_no_bandwidth_and_one_shade():
    found = measured(np.zeros(160_000, np.int16))
    assert (found["peak_dbfs"], found["rms_dbfs"], found["noise_dbfs"]) == (-math.inf,) * 3
    assert (found["snr_db"], found["bandwidth_hz"], found["flatness_db"]) == ("", "", "")
    assert (found["silence_share"], found["shades"]) == (1, 1)
    assert measured(sounds.tone(440, 10))["shades"] > 50


@pytest.mark.parametrize("length", [1, 79, 159, 161, 511, 1023, 1025, 48_000])
def test_segments_of_any_length_are_measured(length):
    found = quality.measures_of(sounds.noise(length, 1), None, -60)
    assert found["shades"] == found["image_hash"] == "" and tuple(found) == quality.MEASURES[:-2]


def distance(one, other):
    return (int(one, 16) ^ int(other, 16)).bit_count()


def talk(seed):
    """Return ten seconds of tones that come and go like syllables, int16."""
    random = np.random.default_rng(seed)
    sound = np.zeros(160_000)
    for start in np.sort(random.integers(0, 155_000, 40)):
        length = int(random.integers(1_500, 5_000))
        time = np.arange(min(length, 160_000 - start)) / 16_000
        pitch = random.uniform(80, 300)
        tones = sum(
            random.uniform(0, 1) * np.sin(2 * np.pi * pitch * k * time) for k in range(1, 25)
        )
        sound[start : start + len(time)] += tones * np.hanning(len(time))
    return pcm_of(700 * sound + random.normal(0, 10, 160_000))


def test_the_hash_knows_the_same_sound_again_and_no_other():
    sources = [talk(seed) for seed in range(40)]
    hashes = [measured(pcm)["image_hash"] for pcm in sources]
    different = [distance(a, b) for n, a in enumerate(hashes) for b in hashes[:n]]
    assert min(different) > 2 * NEAR
    for pcm, known in zip(sources, hashes):
        hiss = np.random.default_rng(1).normal(0, np.std(pcm.astype(float)) * 0.03, len(pcm))
        for other in (pcm // 4, pcm_of(pcm * 1.5), pcm_of(pcm + hiss), np.roll(pcm, 160)):
            assert distance(known, measured(other)["image_hash"]) <= NEAR


def test_silence_in_common_does_not_make_two_sounds_alike():
    short = [
        np.concatenate([talk(seed)[:48_000], np.zeros(112_000, np.int16)]) for seed in range(9)
    ]
    hashes = [measured(pcm)["image_hash"] for pcm in short]
    assert min(distance(a, b) for n, a in enumerate(hashes) for b in hashes[:n]) > NEAR
    assert measured(np.zeros(160_000, np.int16))["image_hash"] == ""
