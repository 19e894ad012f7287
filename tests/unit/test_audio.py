"""Decoding against what was written, against ffmpeg's command line, and with damage in it."""

import itertools
import socket
import subprocess

import av
import numpy as np
import pytest
import soundfile

import sounds
from lingogram import audio


def decoded(path):
    """Return the samples of a recording and its decoding."""
    decoding = audio.Decoding(path)
    samples = np.concatenate([np.zeros(0, np.int16), *decoding])
    assert decoding.samples == len(samples) and samples.dtype == np.int16
    return samples, decoding


def test_what_has_the_rate_already_comes_out_bit_for_bit(tmp_path):
    pcm = sounds.noise(123_457, 1)
    for path in (tmp_path / "a.wav", tmp_path / "a.flac"):
        soundfile.write(path, pcm, 16_000)
        samples, decoding = decoded(path)
        np.testing.assert_array_equal(samples, pcm)
        assert decoding.header_seconds == pytest.approx(len(pcm) / 16_000)
        assert decoding.bad_packets == decoding.nonfinite == decoding.format_changes == 0


def test_channels_are_mixed_and_the_rate_brought_to_16_khz(tmp_path):
    left = sounds.tone(1000, 3, rate=44_100, amplitude=0.4)
    sounds.write(tmp_path / "a.wav", np.stack([left, left * 0], axis=1), 44_100)
    samples, _ = decoded(tmp_path / "a.wav")
    assert len(samples) == 48_000
    expected = sounds.tone(1000, 3, amplitude=0.2)
    assert np.abs(samples[500:-500] - expected[500:-500].astype(int)).max() <= 4


@sounds.needs_ffmpeg
@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.ogg"])
@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000])
def test_the_samples_are_those_of_ffmpeg(name, rate, tmp_path):
    soundfile.write(tmp_path / name, sounds.noise((rate * 3, 2), 5, level=1000), rate)
    to_raw = ["-ac", "1", "-ar", "16000", "-f", "s16le", "-"]
    command = ["ffmpeg", "-v", "error", "-i", tmp_path / name, *to_raw]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    theirs = np.frombuffer(raw, "<i2").astype(int)
    samples, _ = decoded(tmp_path / name)
    assert len(samples) == len(theirs)
    assert np.abs(samples - theirs).max() <= 4  # versions of ffmpeg differ in the last bits


def test_memory_does_not_hold_the_recording(tmp_path):
    sounds.write(tmp_path / "a.wav", sounds.noise(16_000 * 60, 1))
    assert max(len(block) for block in audio.Decoding(tmp_path / "a.wav")) < 100_000


def test_nan_and_infinity_become_silence_and_are_counted(tmp_path):
    samples = sounds.noise(16_000, 1) / 32768
    samples[[5, 6, 7]] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    result, decoding = decoded(tmp_path / "a.wav")
    assert decoding.nonfinite == 3
    assert result[5:8].tolist() == [0, 0, 0] and abs(result[8] - samples[8] * 32768) <= 1


def test_damage_in_the_middle_costs_its_packets_and_no_more(tmp_path):
    path = tmp_path / "a.mp3"
    soundfile.write(path, sounds.noise(16_000 * 20, 1), 16_000)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2_000] = bytes(2_000)
    path.write_bytes(content)
    samples, decoding = decoded(path)
    assert decoding.bad_packets > 0
    assert 16_000 * 17 < len(samples) <= 16_000 * 20


def test_a_format_that_changes_on_the_way_is_decoded_and_counted(tmp_path):
    path = tmp_path / "a.mp3"
    parts = []
    for rate, channels in ((16_000, 1), (44_100, 2)):
        soundfile.write(path, sounds.noise((rate * 2, channels), 1), rate)
        parts.append(path.read_bytes())
    path.write_bytes(b"".join(parts))
    samples, decoding = decoded(path)
    assert decoding.format_changes >= 1
    assert len(samples) == pytest.approx(16_000 * 4, abs=4_000)


def refused(path):
    """Return why a file is refused, by its header and by the decoder."""
    samples, decoding = decoded(path)
    assert not len(samples) and decoding.reason == audio.refusal_of(path)
    return decoding.reason


def test_a_file_without_sound_is_refused(tmp_path):
    (tmp_path / "a.wav").write_text("no sound")
    assert refused(tmp_path / "a.wav").startswith("holds no audio")
    with av.open(str(tmp_path / "a.mp4"), "w") as file:
        stream = file.add_stream("mpeg4", rate=5, width=16, height=16, pix_fmt="yuv420p")
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    assert refused(tmp_path / "a.mp4") == "holds no audio"


@pytest.mark.parametrize("name", ["a.wav", "missing.wav", "/etc/passwd"])
def test_a_list_of_other_files_is_refused(name, tmp_path):
    sounds.write(tmp_path / "a.wav", sounds.noise(16_000, 1))
    (tmp_path / "list.wav").write_text(f"ffconcat version 1.0\nfile '{name}'\n")
    assert "holds no audio" in refused(tmp_path / "list.wav")


def test_nothing_is_fetched_from_a_network(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        (tmp_path / "a.m3u8").write_text(f"#EXTM3U\n#EXTINF:10,\n{address}\n#EXT-X-ENDLIST\n")
        assert "holds no audio" in refused(tmp_path / "a.m3u8")
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("rate", [1, 999, 2_147_483_647, 4_000_000_000])
def test_a_rate_beyond_belief_is_refused(rate, tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.noise(40_000, 1))
    content = bytearray(path.read_bytes())
    content[24:28] = rate.to_bytes(4, "little")
    path.write_bytes(content)
    assert refused(path)


@pytest.mark.parametrize("channels", [0, 65_535])
def test_channels_beyond_belief_give_nothing_and_a_reason(channels, tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.noise(40_000, 1))
    content = bytearray(path.read_bytes())
    content[22:24] = channels.to_bytes(2, "little")
    path.write_bytes(content)
    samples, decoding = decoded(path)
    assert not len(samples) and decoding.reason


@pytest.mark.parametrize("error", [av.error.MemoryError, av.error.PatchWelcomeError])
def test_an_error_of_the_resampler_is_a_reason_and_the_rest_is_kept(error, tmp_path, monkeypatch):
    real = av.AudioResampler

    class Failing:
        def __init__(self, *form):
            self.resampler, self.calls = real(*form), 0

        def resample(self, frame):
            self.calls += 1
            if self.calls > 1:
                raise error(1, "no more")
            return self.resampler.resample(frame)

    monkeypatch.setattr(av, "AudioResampler", Failing)
    samples, decoding = decoded(sounds.write(tmp_path / "a.wav", sounds.noise(100_000, 1)))
    assert 0 < len(samples) < 100_000 and "no more" in decoding.reason


def test_a_file_of_failures_alone_comes_to_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(audio, "MOST_FAILURES", 5)
    path = sounds.write(tmp_path / "a.wav", sounds.noise(4_000, 1))
    content = bytearray(path.read_bytes())
    content[22:24] = bytes(2)
    path.write_bytes(content)
    _, decoding = decoded(path)
    assert decoding.bad_packets == 5 and "5 packets in a row" in decoding.reason


def test_a_file_that_is_gone_is_an_error_and_not_an_empty_recording(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(audio.Decoding(tmp_path / "gone.wav"))


def test_no_truncation_of_a_small_file_crashes_or_hangs(tmp_path):
    for name in ("a.wav", "a.flac", "a.mp3", "a.ogg"):
        soundfile.write(tmp_path / name, sounds.noise(8_000, 1), 16_000)
        content = (tmp_path / name).read_bytes()
        for size in itertools.chain(range(0, 200, 7), range(200, len(content), 997)):
            (tmp_path / name).write_bytes(content[:size])
            samples, decoding = decoded(tmp_path / name)
            assert len(samples) <= 9_500 and (len(samples) or decoding.reason)
