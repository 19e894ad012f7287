"""Every format is decoded to what was encoded, at any rate and with any number of channels."""

import subprocess

import av
import numpy as np
import pytest
import soundfile

import sounds
from lingogram import audio

SECONDS = 3


def speechlike(rate, seconds=SECONDS):
    """Return a voice-like sound below 1 kHz, shape (samples,), int16."""
    time = np.arange(round(rate * seconds)) / rate
    tones = sum(np.sin(2 * np.pi * hertz * time + hertz) for hertz in (190, 380, 610, 890))
    return np.round(3000 * tones * (0.7 + 0.3 * np.sin(9 * time))).astype(np.int16)


def encode(path, codec, rate=16_000, **options):
    """Write the sound, the same in every channel."""
    sounds.encode(path, codec, speechlike(rate), rate, **options)


def assert_is_the_sound(path, padding, correlation):
    """Check length, in seconds of padding at most, and likeness at the best lag within it."""
    wanted = speechlike(16_000).astype(float)
    decoding = audio.Decoding(path)
    found = np.concatenate([np.zeros(0), *decoding])
    assert not decoding.reason and not decoding.bad_packets and audio.refusal_of(path) == ""
    assert abs(len(found) - len(wanted)) <= padding * 16_000
    size = 1 << 17
    spectrum = np.conj(np.fft.rfft(wanted, size)) * np.fft.rfft(found, size)
    lag = int(np.argmax(np.fft.irfft(spectrum, size)[: 1 + round(padding * 16_000)]))
    length = min(len(wanted), len(found) - lag)
    assert np.corrcoef(wanted[:length], found[lag : lag + length])[0, 1] > correlation
    if decoding.header_seconds:
        assert decoding.header_seconds == pytest.approx(len(found) / 16_000, abs=0.1)


EXACT = [  # file, codec of PyAV, and options of the container
    ("u8.wav", "pcm_u8", {}),
    ("s16.wav", "pcm_s16le", {}),
    ("s24.wav", "pcm_s24le", {}),
    ("s32.wav", "pcm_s32le", {}),
    ("f32.wav", "pcm_f32le", {}),
    ("f64.wav", "pcm_f64le", {}),
    ("alaw.wav", "pcm_alaw", {}),
    ("mulaw.wav", "pcm_mulaw", {}),
    ("rf64.wav", "pcm_s16le", {"rf64": "always"}),
    ("a.w64", "pcm_s16le", {}),
    ("a.aiff", "pcm_s16be", {}),
    ("a.caf", "pcm_s16le", {}),
    ("a.au", "pcm_s16be", {}),
    ("a.flac", "flac", {}),
    ("alac.m4a", "alac", {}),
    ("flac.mka", "flac", {}),
]
PADDED = [  # file, codec, seconds of padding that it allows
    ("ima.wav", "adpcm_ima_wav", 0.13),
    ("ms.wav", "adpcm_ms", 0.13),
    ("cbr.mp3", "libmp3lame", 0.0),
    ("a.opus", "libopus", 0.0),
    ("opus.webm", "libopus", 0.02),
    ("a.m4a", "aac", 0.13),
    ("a.aac", "aac", 0.2),
    ("a.wma", "wmav2", 0.3),
    ("a.g722", "g722", 0.002),
]


@pytest.mark.parametrize(("name", "codec", "options"), EXACT)
def test_what_loses_nothing_has_the_very_length(name, codec, options, tmp_path):
    encode(tmp_path / name, codec, **options)
    assert_is_the_sound(tmp_path / name, 0, 0.999)


@pytest.mark.parametrize(("name", "codec", "padding"), PADDED)
def test_what_loses_detail_is_the_sound_with_the_padding_of_its_codec(
    name, codec, padding, tmp_path
):
    encode(tmp_path / name, codec)
    assert_is_the_sound(tmp_path / name, padding, 0.95)


def test_vorbis_amr_and_an_mp3_without_a_tag(tmp_path):
    encode(tmp_path / "a.ogg", "vorbis", channels=2)
    assert_is_the_sound(tmp_path / "a.ogg", 0.1, 0.98)
    encode(tmp_path / "a.amr", "libopencore_amrnb", rate=8_000, bit_rate=12_200)
    assert_is_the_sound(tmp_path / "a.amr", 0.05, 0.75)  # made for voices, not for tones
    encode(tmp_path / "a.mp3", "libmp3lame", write_xing="0")
    assert_is_the_sound(tmp_path / "a.mp3", 0.15, 0.99)
    assert audio.Decoding(tmp_path / "a.mp3").header_seconds == 0


@sounds.needs_sox
@pytest.mark.parametrize("name", ["sox.wav", "sox.gsm", "sox.ogg", "sox.sph", "sox.voc"])
def test_what_sox_encodes(name, tmp_path):
    rate = 8_000 if name.endswith("gsm") else 16_000
    source = sounds.write(tmp_path / "source.wav", speechlike(rate), rate)
    gsm = ["-e", "gsm"] if name == "sox.wav" else []
    subprocess.run(["sox", source, *gsm, tmp_path / name], check=True)
    assert_is_the_sound(tmp_path / name, 0.03, 0.95)


@sounds.needs_ffmpeg
@pytest.mark.parametrize("name", ["video.mp4", "video.mkv", "video.avi", "video.webm", "b.mp3"])
def test_what_ffmpeg_encodes_and_video_with_sound(name, tmp_path):
    source = sounds.write(tmp_path / "source.wav", speechlike(48_000), 48_000)
    picture = ["-f", "lavfi", "-i", "color=size=64x48:rate=10:duration=3"]
    more = picture if name.startswith("video") else ["-q:a", "4"]
    command = ["ffmpeg", "-v", "error", "-i", source, *more, tmp_path / name]
    subprocess.run(command, check=True)
    assert_is_the_sound(tmp_path / name, 0.15, 0.98)


@sounds.needs_ffmpeg
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
def test_sound_that_ends_before_the_picture_is_whole(name, tmp_path):
    source = sounds.write(tmp_path / "source.wav", speechlike(16_000))
    picture = ["-f", "lavfi", "-i", "color=size=64x48:rate=10:duration=20"]
    command = ["ffmpeg", "-v", "error", "-i", source, *picture, tmp_path / name]
    subprocess.run(command, check=True)
    decoding = audio.Decoding(tmp_path / name)
    assert sum(map(len, decoding)) == pytest.approx(48_000, abs=2_000)
    assert decoding.header_seconds < 3.3


@pytest.mark.parametrize("channels", range(1, 9))
@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_rates_and_channels(channels, rate, tmp_path):
    pcm = np.repeat(speechlike(rate)[:, None], channels, axis=1)
    soundfile.write(tmp_path / "a.flac", pcm, rate)
    assert_is_the_sound(tmp_path / "a.flac", 0.001, 0.999)


@pytest.mark.parametrize("channels", [9, 11, 16, 32, 64])
@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_channels_without_a_place_are_averaged(channels, subtype, tmp_path):
    pcm = speechlike(16_000)[:, None] // np.arange(1, channels + 1)
    soundfile.write(tmp_path / "a.wav", pcm / 32768, 16_000, subtype=subtype)
    found = np.concatenate([*audio.Decoding(tmp_path / "a.wav")])
    assert np.abs(found - pcm.mean(axis=1)).max() <= 1


def test_the_content_counts_and_not_the_name(tmp_path):
    soundfile.write(tmp_path / "a.flac", speechlike(16_000), 16_000)
    (tmp_path / "a.flac").rename(tmp_path / "a.mp3")
    assert_is_the_sound(tmp_path / "a.mp3", 0, 0.999)


def test_of_two_audio_streams_the_first_is_decoded_and_both_are_counted(tmp_path):
    with av.open(str(tmp_path / "a.mka"), "w") as file:
        streams = [file.add_stream("flac", rate=16_000, layout="mono") for _ in range(2)]
        for stream, pcm in zip(streams, (speechlike(16_000), sounds.noise(48_000, 1))):
            frame = av.AudioFrame.from_ndarray(pcm[None], "s16", "mono")
            frame.sample_rate, frame.pts = 16_000, 0
            for part in av.AudioResampler("s16", "mono", 16_000, 4608).resample(frame):
                file.mux(stream.encode(part))
            file.mux(stream.encode(None))
    decoding = audio.Decoding(tmp_path / "a.mka")
    found = np.concatenate([*decoding])
    assert decoding.streams == 2
    np.testing.assert_array_equal(found, speechlike(16_000)[: len(found)])


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
@pytest.mark.parametrize("span", [(0, 1), (0.5, 2.25), (2.9, float("inf")), (1.00001, 1.00002)])
def test_a_part_is_cut_to_the_sample(name, span, tmp_path):
    pcm = speechlike(16_000)
    soundfile.write(tmp_path / name, pcm, 16_000)
    decoding = audio.Decoding(tmp_path / name, *span)
    found = np.concatenate([np.zeros(0, np.int16), *decoding])
    first, last = (round(second * 16_000) if second < 9 else None for second in span)
    np.testing.assert_array_equal(found, pcm[first:last])
    assert decoding.header_seconds == pytest.approx(min(span[1], SECONDS) - span[0])


@pytest.mark.parametrize("name", ["a.wav", "a.w64", "a.aiff", "a.au", "a.caf", "a.flac"])
def test_a_part_late_in_a_file_is_cut_to_the_sample(name, tmp_path):
    pcm = np.stack([sounds.noise(44_100 * 30, 1)] * 2, axis=1)
    soundfile.write(tmp_path / name, pcm, 44_100)
    sounds.write(tmp_path / "part.wav", pcm[1_126_755 : 1_126_755 + 88_200], 44_100)
    part = [*audio.Decoding(tmp_path / name, 25.55, 27.55)]
    np.testing.assert_array_equal(
        np.concatenate(part), np.concatenate([*audio.Decoding(tmp_path / "part.wav")])
    )


def test_damage_before_a_part_does_not_move_it(tmp_path):
    pcm = sounds.noise(16_000 * 20, 1, level=100)
    pcm[15 * 16_000 : 16 * 16_000] *= 50
    soundfile.write(tmp_path / "a.flac", pcm, 16_000)
    content = bytearray((tmp_path / "a.flac").read_bytes())
    third = len(content) // 3
    content[third : third + 30_000] = bytes(30_000)
    (tmp_path / "a.flac").write_bytes(content)
    decoding = audio.Decoding(tmp_path / "a.flac")
    whole = np.concatenate([*decoding])
    assert len(whole) / 16_000 + decoding.lost_seconds == pytest.approx(20)
    part = np.concatenate([*audio.Decoding(tmp_path / "a.flac", 15, 16)])
    assert len(whole) < 19.5 * 16_000
    np.testing.assert_array_equal(part, pcm[15 * 16_000 : 16 * 16_000])


def test_a_part_is_cut_before_it_is_resampled(tmp_path):
    pcm = np.stack([speechlike(44_100)] * 2, axis=1)
    sounds.write(tmp_path / "whole.wav", pcm, 44_100)
    sounds.write(tmp_path / "part.wav", pcm[44_100:88_200], 44_100)
    part = [*audio.Decoding(tmp_path / "whole.wav", 1, 2)]
    np.testing.assert_array_equal(
        np.concatenate(part), np.concatenate([*audio.Decoding(tmp_path / "part.wav")])
    )


def test_a_part_that_the_file_lacks_is_short_and_says_so(tmp_path):
    sounds.write(tmp_path / "a.wav", speechlike(16_000))
    decoding = audio.Decoding(tmp_path / "a.wav", 2, 5)
    assert sum(map(len, decoding)) == 16_000 and decoding.header_seconds == 3
