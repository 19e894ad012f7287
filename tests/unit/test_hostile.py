"""Files made to harm: the decoder neither crashes, nor hangs, nor takes much memory.

They are decoded in a process of their own, with a limit on time; it says how much memory it took.
"""

import json
import os
import random
import struct
import subprocess
import sys

import pytest
import soundfile

import sounds

FUZZED = int(os.environ.get("FUZZED", 40))  # files of each format, each way
SECONDS = 10  # that one file may take; the slowest was seen to take a hundredth of that
MEGABYTES = 40  # that a file of a few kB may take over what the libraries take

DECODE = """
import json, resource, signal, sys
from pathlib import Path
from lingogram import audio

def refuse(*_):
    raise SystemExit(f"too slow: {path}")

def megabytes():
    unit = 1 << (20 if sys.platform == "darwin" else 10)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit

signal.signal(signal.SIGALRM, refuse)
paths = sys.stdin.read().split("\\n")
list(audio.Decoding(Path(paths[0])))  # a sound one, for what the libraries take
before, found = megabytes(), []
for path in paths[1:]:
    signal.alarm(%d)
    refused = audio.refusal_of(Path(path))
    decoding = audio.Decoding(Path(path))
    samples = sum(len(block) for block in decoding)
    assert samples == decoding.samples and (samples or decoding.reason), path
    found.append([samples, refused or decoding.reason])
signal.alarm(0)
print(json.dumps([megabytes() - before, found]))
"""


def decoded(folder, paths):
    """Return the megabytes that it took, and for each file its samples and what was wrong."""
    sound = sounds.write(folder / "sound.wav", sounds.noise(16_000 * 60, 1))
    process = subprocess.run(
        [sys.executable, "-c", DECODE % SECONDS],
        input="\n".join(map(str, [sound, *paths])),
        env={"PYTHONPATH": ":".join(sys.path), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=60 + SECONDS * len(paths),
    )
    assert process.returncode == 0, (process.returncode, process.stderr[-2000:])
    return json.loads(process.stdout)


def wav(rate=16_000, channels=1, bits=16, size=None, form=1, samples=b"\1\0" * 20_000):
    """Return a WAV whose header says what is given."""
    size = len(samples) if size is None else size
    block = channels * bits // 8 & 0xFFFF
    head = struct.pack("<HHIIHH", form, channels, rate, rate * block & 0xFFFFFFFF, block, bits)
    chunks = b"fmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", (36 + size) & 0xFFFFFFFF) + b"WAVE" + chunks + samples


def id3(size):
    """Return the head of a tag of that many bytes."""
    return b"ID3\4\0\0" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0))


LIES = {
    "4 GHz": wav(rate=4_000_000_000),
    "1 Hz": wav(rate=1),
    "0 Hz": wav(rate=0),
    "0 channels": wav(channels=0),
    "65535 channels": wav(channels=65_535),
    "4096 channels": wav(channels=4_096),
    "0 bits": wav(bits=0),
    "65528 bits": wav(bits=65_528),
    "a size of 0xFFFFFFFF": wav(size=0xFFFFFFFF),
    "a size of 0": wav(size=0),
    "a chunk of 0xFFFFFFFF": b"RIFF\xff\xff\xff\xffWAVEjunk\xff\xff\xff\xff",
    "chunks without an end": b"RIFF\xff\xff\xff\xffWAVE" + b"junk\0\0\0\0" * 100_000,
    "no codec of that number": wav(form=0x7777),
    "an mp3 in a wav": wav(form=0x55),
    "a tag of 256 MB that is not there": id3((1 << 28) - 1) + b"\xff\xfb\x90\0" * 1_000,
    "a flac of 2 ** 36 samples": b"fLaC\0\0\0\x22" + b"\xff" * 34,
    "an ogg of nothing": b"OggS" + bytes(23) + b"\xff" * 500,
    "a caf of 2 ** 63 bytes": b"caff\0\1\0\0desc\x7f" + b"\xff" * 60,
    "an mp4 of boxes in boxes": b"\0\0\0\x20ftypM4A " + bytes(20) + b"\0\0\1\0moov" * 2_000,
    "a playlist of itself": b"#EXTM3U\n#EXTINF:1,\na\n" * 100,
    "an au of all there is": b".snd\0\0\0\x18" + b"\xff" * 4 + b"\0\0\0\3" + b"\xff" * 8,
    "zeros": bytes(100_000),
    "0xFF": b"\xff" * 100_000,
    "mp3 frames without content": b"\xff\xfb\x90\x64" * 20_000,
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_costs_little(lie, tmp_path):
    (tmp_path / "lie").write_bytes(LIES[lie])
    megabytes, [[samples, reason]] = decoded(tmp_path, [tmp_path / "lie"])
    assert megabytes < MEGABYTES and samples <= 20 * len(LIES[lie])
    assert samples or reason


def test_all_lies_together_cost_no_more(tmp_path):
    paths = [tmp_path / f"{number}.wav" for number in range(len(LIES))]
    for path, content in zip(paths, LIES.values()):
        path.write_bytes(content)
    megabytes, found = decoded(tmp_path, paths)
    assert megabytes < MEGABYTES and len(found) == len(LIES)


def test_256_mb_of_tag_before_the_sound_are_not_kept(tmp_path):
    soundfile.write(tmp_path / "a.mp3", sounds.noise(32_000, 1), 16_000)
    with open(tmp_path / "b.mp3", "wb") as file:
        file.write(id3((1 << 28) - 1))
        file.seek(10 + (1 << 28) - 1)  # a hole
        file.write((tmp_path / "a.mp3").read_bytes())
    megabytes, [[samples, reason]] = decoded(tmp_path, [tmp_path / "b.mp3"])
    assert megabytes < MEGABYTES
    assert (samples, reason) == (32_000, "")


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.ogg", "a.m4a", "a.opus", "a.caf"])
def test_flipped_bits_and_missing_ends_cost_little(name, tmp_path):
    chance = random.Random(name)
    content = encoded(tmp_path / name)
    paths = []
    for number in range(2 * FUZZED):
        broken = bytearray(content)
        if number % 2:
            del broken[chance.randrange(len(broken)) :]
        for _ in range(chance.choice([1, 3, 30])):
            place = chance.randrange(chance.choice([200, len(content)]))
            if place < len(broken):
                broken[place] = chance.randrange(256)
        paths.append(tmp_path / f"{number}")
        paths[-1].write_bytes(broken)
    megabytes, found = decoded(tmp_path, paths)
    assert megabytes < MEGABYTES and len(found) == len(paths)


def encoded(path):
    """Return half a second of noise in the format of that name."""
    codecs = {".m4a": "aac", ".opus": "libopus"}
    if path.suffix in codecs:
        return sounds.encode(path, codecs[path.suffix], sounds.noise(8_000, 1)).read_bytes()
    soundfile.write(path, sounds.noise(8_000, 1), 16_000)
    return path.read_bytes()
