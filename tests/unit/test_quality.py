"""Measures of sounds whose level is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sounds
from lingogram import quality, sox

LIMITS = {"quiet": -50, "share": 0.001}


@pytest.mark.parametrize("amplitude", [1, 0.5, 0.1, 0.01])
def test_the_level_of_a_sine(amplitude):
    measures = quality.measures_of(sounds.tone(1000, 1, amplitude=amplitude))
    assert measures["peak_dbfs"] == pytest.approx(20 * np.log10(amplitude), abs=0.05)
    assert measures["rms_dbfs"] == pytest.approx(20 * np.log10(amplitude / np.sqrt(2)), abs=0.05)


def test_the_level_of_silence_and_of_the_lowest_value():
    assert quality.measures_of(np.zeros(100, np.int16)) == {
        "peak_dbfs": -np.inf,
        "rms_dbfs": -np.inf,
        "clipped_share": 0,
    }
    assert quality.measures_of(np.full(100, -32768, np.int16))["peak_dbfs"] == 0


@given(st.integers(0, 100), st.sampled_from([-32768, 32767]))
def test_the_clipped_share_is_counted(clipped, value):
    pcm = np.array([value] * clipped + [1] * (200 - clipped), np.int16)
    assert quality.measures_of(pcm)["clipped_share"] == clipped / 200


def test_sox_draws_silence_as_a_constant_and_a_click_not():
    click = np.zeros(160_000, np.int16)
    assert quality.is_constant(sox.spectrogram(click))
    click[80_000] = 100
    assert not quality.is_constant(sox.spectrogram(click))


def flags(pcm, constant=False):
    return quality.flags_of(quality.measures_of(pcm), constant, **LIMITS)


def test_each_flag_is_raised_with_a_reason_or_not_at_all():
    assert not any(flags(sounds.tone(440, 1)).values())
    assert list(flags(sounds.tone(440, 1))) == list(quality.FLAGS)
    assert "-60" in flags(sounds.tone(440, 1, amplitude=np.sqrt(2) / 1000))["quiet"]
    loud = flags(np.clip(sounds.noise(16_000, 1, level=40_000), -32768, 32767))
    assert "%" in loud["clipped"] and not loud["quiet"]
    assert flags(np.zeros(160, np.int16), constant=True)["constant"]


def test_the_limits_themselves_raise_nothing():
    measures = {"peak_dbfs": 0, "rms_dbfs": -50, "clipped_share": 0.001}
    assert not any(quality.flags_of(measures, False, **LIMITS).values())
