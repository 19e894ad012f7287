"""What headers say of files that are whole, cut short, without a length, or lying."""

import struct

import av
import numpy as np
import pytest
import soundfile

import sounds
from lingogram import headers

FORMATS = ("a.wav", "a.w64", "a.caf")


def half(path):
    """Cut a file to about half its length."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_in_half_should_be_twice_as_long(name, tmp_path):
    soundfile.write(tmp_path / name, sounds.noise(100_000, 1), 16_000)
    assert headers.stretch_of(tmp_path / name) == 1
    assert headers.stretch_of(half(tmp_path / name)) == pytest.approx(2, abs=0.05)


def test_what_writes_to_a_pipe_does_not_say_a_length(tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.noise(1000, 1))
    content = bytearray(path.read_bytes())
    for size in (0, 0x7FFFF000, 0xFFFFFFFF):
        content[40:44] = struct.pack("<I", size)
        path.write_bytes(content)
        assert headers.stretch_of(path) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"RIFF\0\0\0\0WAVE",
        b"RIFF\0\0\0\0WAVEdata\x10\0\0\0",
        b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff",
        b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 5_000 + b"data\x10\0\0\0x",
        b"riff" + bytes(36) + b"junk" + bytes(20),  # a size below that of the chunk's own head
        b"caff\0\1\0\0free" + b"\xff" * 8,
    ],
)
def test_a_header_that_lies_or_ends_early_tells_nothing(content, tmp_path):
    (tmp_path / "a").write_bytes(content)
    assert headers.stretch_of(tmp_path / "a") == 1


def mp3(path, tag):
    """Write an MP3 at a variable bit rate, with or without the tag that says its length."""
    with av.open(str(path), "w", options={"write_xing": str(int(tag))}) as file:
        stream = file.add_stream("libmp3lame", rate=16_000, layout="mono", options={"abr": "1"})
        frame = av.AudioFrame.from_ndarray(sounds.noise(32_000, 1)[None], "s16", "mono")
        frame.sample_rate = 16_000
        for part in av.AudioResampler("s16p", "mono", 16_000, 576).resample(frame):
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))


def test_an_mp3_says_its_length_if_it_has_the_tag(tmp_path):
    for tag in (True, False):
        mp3(tmp_path / "a.mp3", tag)
        assert headers.says_length(tmp_path / "a.mp3", "mp3") is tag
    with_cover = b"ID3\4\0\0" + bytes([0, 4, 0, 0]) + bytes(65_536)
    mp3(tmp_path / "a.mp3", True)
    (tmp_path / "b.mp3").write_bytes(with_cover + (tmp_path / "a.mp3").read_bytes())
    assert headers.says_length(tmp_path / "b.mp3", "mp3")
    (tmp_path / "c.mp3").write_bytes(b"ID3\4\0\0" + bytes([127] * 4))
    assert not headers.says_length(tmp_path / "c.mp3", "mp3")


@pytest.mark.parametrize("name", ["a.ogg", "a.opus"])
def test_an_ogg_file_that_was_cut_does_not_end(name, tmp_path):
    kind = {"format": "OGG", "subtype": "OPUS" if name == "a.opus" else "VORBIS"}
    soundfile.write(tmp_path / name, sounds.noise(200_000, 1), 16_000, **kind)
    assert headers.is_ended(tmp_path / name)
    assert not headers.is_ended(half(tmp_path / name))
    (tmp_path / name).write_bytes(b"OggS")
    assert not headers.is_ended(tmp_path / name)
    assert headers.is_ended(sounds.write(tmp_path / "a.wav", sounds.noise(100, 1)))


def test_formats_without_a_header_do_not_say_a_length(tmp_path):
    (tmp_path / "a").write_bytes(np.arange(100).tobytes())
    assert not headers.says_length(tmp_path / "a", "g722")
    assert headers.says_length(tmp_path / "a", "flac")
