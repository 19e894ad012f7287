"""Measure the jobs against the chain of ffmpeg, sox, Pillow and imageio, in ratios of one run.

    make bench

The chain is what the tools of Bartz et al. (2017) do. CPU seconds are user + system of a process
and its children; the machine may be noisy, the ratios are steadier.
"""

import argparse
import functools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

import imageio.v3
import numpy as np
import pandas as pd
from PIL import Image

from lingogram import files, groups, quality, segments, sox, spectrograms

SCRIPTS = Path(__file__).parents[1] / "scripts"
SOX = ("rate", "10k", "spectrogram", "-y", "129", "-X", "50", "-m", "-r", "-o")
ROUNDS = 3
PROBE = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)"""


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--chain", nargs=2, type=Path, help="run only the chain: RECORDING FOLDER")
    parser.add_argument("--draw", nargs=2, type=Path, help="run only its end: SEGMENTS FOLDER")
    args = parser.parse_args(argv)
    if args.chain:
        return chain(*args.chain)
    if args.draw:
        return draw(*args.draw)
    missing = [tool for tool in ("sox", "ffmpeg") if not shutil.which(tool)]
    if missing:
        sys.exit(f"bench: {' and '.join(missing)} missing; install them to compare with")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        pixels(folder)
        for rate, channels in ((16_000, 1), (44_100, 2)):
            throughput(folder / f"{rate}", rate, channels)
        measures()
        memory(folder)
        start_up()
        inventory(folder / "many")
        dataset(folder / "million")


def chain(recording, folder):
    """Do what the old tools do: cut with ffmpeg, draw each piece of 500 columns."""
    pieces = folder / "pieces"
    pieces.mkdir(parents=True)
    run(
        *("ffmpeg", "-v", "error", "-i", recording, "-ac", "1", "-ar", "16000"),
        *("-f", "segment", "-segment_time", "10", pieces / "%05d.wav"),
    )
    draw(pieces, folder / "images")


def draw(pieces, images):
    """Draw each WAV with sox, read it with Pillow, keep it with imageio if it has 500 columns."""
    images.mkdir(parents=True)
    drawn = images / "drawn.png"
    for piece in sorted(pieces.glob("*.wav")):
        run("sox", "-V0", piece, "-n", "remix", "1", *SOX, drawn)
        image = np.array(Image.open(drawn))
        if image.shape == (129, 500) and not (image == image.mean()).all():
            imageio.v3.imwrite(images / f"{piece.stem}.png", image)
    drawn.unlink()


def cpu(commands):
    """Return the CPU seconds of commands run one after the other."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        run(sys.executable, *command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(*command):
    """Run a command on one thread; return what it prints."""
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout


def compared(name, ours, theirs, made=()):
    """Measure two lists of commands in turn; print the medians and the median of the ratios.

    made: folders that they make, removed before each round.
    """
    pairs = []
    for _ in range(ROUNDS):
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        pairs.append((cpu(ours), cpu(theirs)))
    a, b = np.median(pairs, axis=0)
    ratio = np.median([ours / theirs for ours, theirs in pairs])
    print(f"{name}: {a:.2f} s against {b:.2f} s CPU, ratio {ratio:.3f}")


def jobs(folder):
    """Return the commands of the three jobs for a recordings folder with one batch."""
    batch, results = folder / "results/batches/en/0001", folder / "results"
    where = ("--audio", results / "segments")
    images = ("--images", results / "spectrograms")
    tables = {name: batch / f"{name}.csv" for name in ("decoded", "segments", "spectrograms")}
    segment = [
        *(SCRIPTS / "segment.py", "--batch", batch / "recordings.tsv", "--seconds", "10"),
        *("--recordings", folder / "recordings", "--remainder", "drop", *where),
        *("--decoded", tables["decoded"], "--segments", tables["segments"]),
    ]
    spectrogram = [
        *(SCRIPTS / "spectrogram.py", "--decoded", tables["decoded"]),
        *("--segments", tables["segments"], "--environment", "clear", "--seed", "1"),
        *(*where, *images, "--spectrograms", tables["spectrograms"]),
    ]
    quality = [
        *(SCRIPTS / "quality.py", "--spectrograms", tables["spectrograms"], *where, *images),
        *("--silence", "-60", "--speech", "false", "--quality", batch / "quality.csv"),
    ]
    return segment, spectrogram, quality


def corpus(folder, seconds, rate=16_000, channels=1):
    """Make a recordings folder with one recording, and its inventory."""
    recording = folder / "recordings/en/reader/long.wav"
    recording.parent.mkdir(parents=True)
    with wave.open(str(recording), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        for second in range(seconds):
            file.writeframes(voice(rate, second % 60).repeat(channels).tobytes())
    take_inventory(folder, batch=1)
    return recording


def take_inventory(folder, batch):
    run(
        *(sys.executable, SCRIPTS / "inventory.py", "--recordings", folder / "recordings"),
        *("--format", "plain", "--batch-recordings", str(batch), "--group", "speaker", "session"),
        *("--on-bad-recording", "continue", "--results", folder / "results"),
    )


@functools.cache
def voice(rate, seed):
    """Return a second of sound with a spectrum and pauses like those of speech, int16."""
    random = np.random.default_rng(seed)
    time = np.arange(rate) / rate
    pitch = random.uniform(90, 250) + 20 * np.sin(2 * np.pi * 3 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    tones = sum(np.sin(k * phase) / k ** random.uniform(0.8, 1.6) for k in range(1, 12))
    loudness = np.clip(np.sin(2 * np.pi * random.uniform(1, 4) * time), 0, 1)
    return np.round(5000 * loudness * tones + random.normal(0, 20, rate)).astype("<i2")


def pixels(folder):
    """Count the pixels that differ from a live sox."""
    random = np.random.default_rng(1)
    lengths = [160_000] * 40 + list(random.integers(80, 400_000, 100))
    different = 0
    for number, length in enumerate(lengths):
        level = 10 ** random.uniform(0, 4.6)
        pcm = np.clip(random.normal(0, level, length), -32768, 32767).astype(np.int16)
        pcm[: length // 2] //= 1 + number % 7
        segments.write_wav(folder / "a.wav", pcm)
        run("sox", "-V0", folder / "a.wav", "-n", "remix", "1", *SOX, folder / "a.png")
        live = np.array(Image.open(folder / "a.png"))
        different += np.count_nonzero(live != sox.spectrogram(pcm))
    print(f"pixels that differ from sox, {len(lengths)} sounds: {different}")


def throughput(folder, rate, channels):
    """Compare the CPU time for an hour of sound."""
    recording = corpus(folder, 3600, rate, channels)
    segment, spectrogram, quality = jobs(folder)
    chain_run = [__file__, "--chain", recording, folder / "chain"]
    name = f"1 h of {rate / 1000:g} kHz, {channels} ch"
    ours = [segment, spectrogram, quality]
    results = folder / "results"
    made = [results / "segments", results / "spectrograms", folder / "chain"]
    compared(f"{name}: segment + spectrogram + quality", ours, [chain_run], made)
    images = len(list((results / "spectrograms").rglob("*.png")))
    theirs = len(list((folder / "chain/images").glob("*.png")))
    print(f"{name}: {images} images of 360; the chain makes {theirs}")
    if channels == 1:
        pieces = results / "segments/en/reader/long.wav"
        draw_run = [__file__, "--draw", pieces, folder / "drawn"]
        made = [results / "spectrograms", folder / "drawn"]
        compared(f"{name}: spectrogram alone", [spectrogram], [draw_run], made)


def measures():
    """Compare the CPU time of the measures of a segment with that of its image."""
    pcm = np.concatenate([voice(16_000, second) for second in range(10)])
    image = sox.spectrogram(pcm)

    def seconds(work):
        start = time.process_time()
        for _ in range(100):
            work()
        return (time.process_time() - start) / 100

    took = [
        (
            seconds(lambda: quality.measures_of(pcm, image, -60)),
            seconds(lambda: sox.spectrogram(pcm)),
        )
        for _ in range(ROUNDS)
    ]
    ratio = np.median([ours / drawing for ours, drawing in took])
    print(f"measures of a segment against drawing it: ratio {ratio:.2f}")


def memory(folder):
    """Print the peak memory of each job for ten minutes and for ten hours."""
    for minutes in (10, 600):
        place = folder / f"{minutes}"
        corpus(place, 60 * minutes)
        for command in jobs(place):
            _, peak = map(float, run(sys.executable, "-c", PROBE, sys.executable, *command).split())
            print(f"{command[0].stem} of {minutes} minutes: peak {peak:.0f} MB")


def start_up():
    """Print the start of each job, its --help, against `import numpy`."""
    for script in ("segment", "spectrogram", "quality"):
        helps = [[SCRIPTS / f"{script}.py", "--help"]] * 5
        compared(f"{script} --help, 5 times", helps, [["-c", "import numpy"]] * 5)


def inventory(folder, count=100_000):
    """Print the seconds that the inventory of many short clips takes, new and unchanged."""
    clip = np.random.default_rng(1).integers(-3000, 3000, 1600).astype("<i2")
    for number in range(count):
        place = folder / "recordings" / f"l{number % 5}" / f"s{number // 5 % 100}"
        place.mkdir(parents=True, exist_ok=True)
        clip[:2] = number & 0x7FFF, number >> 15
        segments.write_wav(place / f"{number}.wav", clip)
    for state in ("new", "unchanged"):
        start = time.perf_counter()
        take_inventory(folder, batch=100)
        seconds = time.perf_counter() - start
        print(
            f"inventory of {count} clips of 0.1 s, {state}: {seconds:.1f} s, {os.cpu_count()} cores"
        )


def dataset(folder, count=50_000, each=20):
    """Print what the dataset of a million segments takes, of 5,000 speakers of six languages."""
    random = np.random.default_rng(1)
    speakers = np.sort(random.integers(0, 5_000, count))
    recordings = [f"l{who % 6}/s{who}/r{n}" for n, who in enumerate(speakers)]
    rows, tables = [], {name: [] for name in ("decoded", "segments", "spectrograms", "quality")}
    for name, who in zip(recordings, speakers):
        key = random.bytes(16).hex()
        rows.append(f"{name},{key},l{who % 6},s{who},{'fm'[who % 2]},,,,speaker:s{who},,b,")
        tables["decoded"].append(f"{name},{key},{160_000 * each},{10 * each},0,1,0,0,0,")
        for index in range(each):
            key = random.bytes(16).hex()
            tables["segments"].append(f"{name},{index},{160_000 * index},160000,{key},")
            tables["spectrograms"].append(f"{name},{index},{key},129,500,")
            measured = f"-3,-20,-50,30,0.1,0,0,0,7900,-10,256,{random.bytes(32).hex()},,"
            tables["quality"].append(f"{name},{index},{measured}")
    columns = {
        "decoded": "recording,content,samples,header_seconds,lost_seconds,streams,bad_packets,"
        "nonfinite,format_changes,reason",
        "segments": ",".join(segments.COLUMNS),
        "spectrograms": ",".join(spectrograms.COLUMNS),
        "quality": ",".join(quality.COLUMNS),
    }
    (folder / "batches/b").mkdir(parents=True)
    for name, lines in tables.items():
        (folder / "batches/b" / f"{name}.csv").write_text("\n".join([columns[name], *lines, ""]))
    header = (
        "recording,content,language,speaker,gender,age,session,licence,group,split,batch,reason"
    )
    header += ",path,begin,end,size"
    inventory = folder / "inventory.csv"
    inventory.write_text("\n".join([header, *(f"{row},,,,1" for row in rows), ""]))
    seconds, peak = map(
        float,
        run(
            *(sys.executable, "-c", PROBE, sys.executable, SCRIPTS / "dataset.py"),
            *("--inventory", inventory, "--batches", folder / "batches", "--images", "images"),
            *("--review", "--on-bad-recording", "continue", "--group", "speaker", "session"),
            *("--shares", "75", "20", "5", "--seed", "1", "--accept", "--balance", "smallest"),
            *("segments", "all", "--genders", "false", "--labels", "--output", folder / "dataset"),
        ).split(),
    )
    print(f"dataset of {count * each} segments: CPU {seconds:.0f} s, peak {peak:.0f} MB")
    table = pd.read_csv(folder / "dataset/segments.csv", **files.TEXT)
    table = table.astype({"samples": int})
    start = time.process_time()
    groups.placed(table, ["speaker", "session"], (75, 20, 5), 1, {}, {})
    print(f"of which split: CPU {time.process_time() - start:.1f} s")


if __name__ == "__main__":
    main()
