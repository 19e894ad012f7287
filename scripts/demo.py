"""Make a small corpus of synthetic speech to try the workflow on.

    python scripts/demo.py --recordings demo/recordings

Five languages, four voices each, in three formats, spoken by espeak-ng (extra `demo`); one
recording holds a long silence, and one file is no recording. The same bytes every time.
"""

import argparse
import ctypes
from pathlib import Path

import espeakng_loader
import numpy as np
import soundfile

from lingogram import files

# voices of espeak-ng that do not breathe at random
VOICES = {"anna": "f1", "bela": "m3", "chris": "f4", "dario": "m1"}
TAKES = (4, 2, 1, 1)  # recordings of each voice
FORMATS = ("wav", "flac", "mp3")
SYNCHRONOUS, UTF8 = 2, 1  # espeak-ng: hand the sound over at once; the text is UTF-8


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--recordings", type=Path, required=True, help="folder to fill")
    args = parser.parse_args(argv)

    sentences = {}
    for row in files.read_table(Path(__file__).with_suffix(".tsv")):
        sentences.setdefault((row["language"], row["voice"]), []).append(row["sentence"])
    speak, rate = speaker()
    for (language, voice), texts in sentences.items():
        takes = [name for name, count in zip(VOICES, TAKES) for _ in range(count)]
        for number, name in enumerate(takes, 1):
            text = " ".join(texts[-number:] + texts[:-number])
            samples = speak(f"{voice}+{VOICES[name]}", text)
            if (language, number) == ("english", 1):
                samples = np.concatenate([samples, np.zeros(20 * rate, np.int16), samples])
            place = args.recordings / language / f"{name}-{voice[:2]}"
            place.mkdir(parents=True, exist_ok=True)
            soundfile.write(place / f"take-{number}.{FORMATS[number % 3]}", samples, rate)
    (args.recordings / "english" / "notes.txt").write_text("This is no recording.\n")


def speaker():
    """Return a function from (voice, text) to samples, int16, and their rate in Hz."""
    espeak = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = espeak.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    chunks = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    def heard(samples, count, _events):
        if samples:
            chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    espeak.espeak_SetSynthCallback(heard)

    def speak(voice, text):
        chunks.clear()
        if espeak.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"espeak-ng has no voice {voice}")
        content = text.encode()
        espeak.espeak_Synth(content, len(content) + 1, 0, 0, 0, UTF8, None, None)
        return np.concatenate(chunks)

    speak.heard = heard  # ctypes must not lose it
    return speak, rate


if __name__ == "__main__":
    main()
