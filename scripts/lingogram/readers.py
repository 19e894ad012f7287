"""Readers: what a folder, a table or a published corpus says of its recordings.

Each returns rows with `path`, the file as seen from the corpus, and what is known of it:
`recording` (what its id is made of, if not the path), `begin` and `end` in seconds (if it is a part
of the file), language, speaker and so on, `reason` (why it cannot be used), and others as they are.
"""

import csv
import math
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from lingogram import quality, recordings

# columns that inventory.csv and segments.csv have themselves
TAKEN = {
    *("recording", "begin", "end", "size", "content", "group", "batch", "reason", "index", "start"),
    *("samples", "fate", "label", "flags", "decision", *quality.MEASURES),
}
NAMED = 10  # of one kind in a message
VOXLINGUA = re.compile(r"(?P<video>.+)__U__S\d+---\d+\.\d+-\d+\.\d+")

Row = dict[str, str]
Read = tuple[list[Row], list[str]]  # rows, and what is wrong with the corpus


def plain(place: Path) -> Read:
    """Return the files below a folder, or the rows of a table with `path` and `language`."""
    if place.is_dir():
        rows = [_placed(path) for path in recordings.files_below(place)]
        return rows, _other_format(row["path"] for row in rows)
    rows, problems = _table(place, ("path", "language"))
    return rows, problems + repeated("paths", (row["path"] for row in rows))


def common_voice(place: Path) -> Read:
    """Return the clips of Common Voice: of one of its TSVs, or of each validated.tsv in a folder.

    Source: the README of Common Voice Corpus 17.0; its tables do not quote.
    """
    tables, root = [place], recordings.root_of(place)
    if place.is_dir():
        tables = sorted([*place.glob("validated.tsv"), *place.glob("*/validated.tsv")])
        if not tables:
            return [], ["has no validated.tsv, nor has a folder in it; name another TSV"]
    rows, problems = [], []
    for table in tables:
        found, wrong = _table(table, ("client_id", "path"), quoting=csv.QUOTE_NONE)
        problems += [f"{table.relative_to(root)}: {problem}" for problem in wrong]
        for row in found:
            clip = table.parent / "clips" / row["path"]
            row["path"] = str(clip.relative_to(root) if clip.is_relative_to(root) else clip)
            row["language"] = row.pop("locale", "") or table.absolute().parent.name
            row["speaker"] = row.pop("client_id", "")
        rows += found
    return rows, problems + repeated("paths", (row["path"] for row in rows))


def voxlingua107(place: Path) -> Read:
    """Return the files of VoxLingua107, `<language>/<video>__U__S...wav`; a video is a session.

    Source: Valk and Alumae, VoxLingua107: a dataset for spoken language recognition, SLT 2021.
    """
    rows = [_placed(path) for path in recordings.files_below(place)]
    for row in rows:
        name = VOXLINGUA.fullmatch(Path(row["path"]).stem)
        row["language"] = Path(row["path"]).parent.name
        row["speaker"], row["session"] = "", name["video"] if name else ""
        row["reason"] = row["reason"] or ("" if name else "is not named as in VoxLingua107")
    return rows, []


def kaldi(place: Path) -> Read:
    """Return the utterances of a Kaldi data folder: wav.scp and utt2lang, and where they are there
    segments, utt2spk and spk2gender.

    Source: Kaldi, Data preparation. A file relative to the folder, not a command, is what is read.
    """
    lacking = [name for name in ("wav.scp", "utt2lang") if not (place / name).is_file()]
    problems = told("files that are lacking", lacking)
    tables = []
    for name in ("wav.scp", "utt2lang", "segments", "utt2spk", "spk2gender"):
        lines = (place / name).read_text("utf-8").splitlines() if (place / name).is_file() else ()
        entries = [(*line.strip().split(maxsplit=1), "")[:2] for line in lines if line.strip()]
        problems += repeated(f"entries of {name}", (key for key, _ in entries))
        tables.append(dict(entries))
    files, languages, segments, speakers, genders = tables

    rows = []
    parts = {utterance: (utterance, "", "") for utterance in files}
    if (place / "segments").is_file():
        spans = {utterance: _span(segment) for utterance, segment in segments.items()}
        parts = {utterance: span for utterance, span in spans.items() if span}
        wrong = [utterance for utterance, span in spans.items() if not span]
        problems += told("segments that are not a recording, its begin and a later end", wrong)
        named = {recording for recording, _, _ in parts.values()}
        problems += told("recordings that wav.scp lacks", named - files.keys())
        unused = [name for name in files if name not in named]
        rows = [
            {"recording": _flat(name), "path": files[name], "reason": "has no segment"}
            for name in unused
        ]
    without = [utterance for utterance in parts if not languages.get(utterance)]
    problems += told("utterances to which utt2lang gives no language", without)
    problems += told("utterances of utt2lang that are no others'", languages.keys() - parts)

    for utterance, (recording, begin, end) in parts.items():
        path, speaker = files.get(recording, ""), speakers.get(utterance, "")
        speaker = "" if speaker == utterance else speaker  # Kaldi's way to say it is not known
        command = path.endswith("|")
        row = {"recording": _flat(utterance), "begin": begin, "end": end}
        row |= {"path": "" if command else path, "language": languages.get(utterance, "")}
        session = recording if command else os.path.normpath(path)  # one file may have two names
        row |= {"speaker": speaker, "gender": genders.get(speaker, ""), "session": session}
        row["reason"] = "is a command, which is not run; make it a file" if command else ""
        rows.append(row)
    return rows, problems


READERS: dict[str, Callable[[Path], Read]] = {
    "plain": plain,
    "common_voice": common_voice,
    "voxlingua107": voxlingua107,
    "kaldi": kaldi,
}


def _other_format(paths: Iterable[str]) -> list[str]:
    """Return which published corpus a folder seems to be, whose speakers would be misread."""
    signs = {
        "common_voice": lambda name: name == "validated.tsv",
        "voxlingua107": lambda name: VOXLINGUA.fullmatch(os.path.splitext(name)[0]),
        "kaldi": lambda name: name == "wav.scp",
    }
    names = {os.path.basename(path) for path in paths}
    found = [form for form, sign in signs.items() if any(map(sign, names))]
    return [f"looks like {form}; say recordings: {{format: {form}, path: ...}}" for form in found]


def _placed(path: str) -> Row:
    """Return the row of a file whose folders name its language and its speaker."""
    *folders, _ = path.split("/")
    language, speaker = (*folders, "", "")[:2]
    reason = "" if language else "is in no language's folder"
    return {
        "path": path,
        "language": language,
        "speaker": recordings.name_of(speaker),
        "reason": reason,
    }


def _table(place: Path, needed: tuple[str, ...], quoting: int = csv.QUOTE_MINIMAL) -> Read:
    """Return the rows of a CSV, or of a TSV by its ending."""
    delimiter = "\t" if place.suffix.lower() == ".tsv" else ","
    rows, uneven, lacking = [], [], defaultdict(list)
    with open(place, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, delimiter=delimiter, quoting=quoting, strict=True)
        try:
            columns = list(reader.fieldnames or ())
            for row in reader:
                line = f"line {reader.line_num}"
                if None in row or None in row.values():
                    uneven.append(line)
                    continue
                for column in {*needed} & row.keys():
                    if not row[column].strip():
                        lacking[column].append(line)
                row.pop("", None)  # the row numbers that pandas writes
                rows.append({c: v if c in needed else " ".join(v.split()) for c, v in row.items()})
        except (csv.Error, UnicodeDecodeError) as error:
            return [], [
                f"is no table of UTF-8 text, in line {reader.line_num + 1} or after: {error}"
            ]
    problems = [f"lacks the column {c}; it has {columns}" for c in needed if c not in columns]
    problems += repeated("columns", columns)
    problems += told("columns to rename, as segments.csv has such itself", TAKEN & {*columns})
    problems += told("rows with more or fewer fields than the header", uneven)
    for column, lines in sorted(lacking.items()):
        problems += told(f"rows without a {column}", lines)
    for row in rows:
        row["path"] = os.path.normpath(row["path"]) if row.get("path") else ""
    return rows, problems


def _flat(name: str) -> str:
    """Return a name that an id can be made of, and whose slashes make no folders."""
    return name.replace("/", "\0")


def _span(segment: str) -> tuple[str, str, str] | None:
    """Return recording, begin and end of a line of Kaldi's segments; None if it is not that."""
    try:
        recording, begin, end = segment.split()
        if end == "-1":
            return (recording, begin, "") if 0 <= float(begin) < math.inf else None
        return (recording, begin, end) if 0 <= float(begin) < float(end) < math.inf else None
    except ValueError:
        return None


def repeated(what: str, names: Iterable[str]) -> list[str]:
    """Return in one line which names stand more than once."""
    twice = [name for name, count in Counter(names).items() if count > 1 and name]
    return told(f"{what} that stand twice", twice)


def told(what: str, names: Iterable[str]) -> list[str]:
    """Return in one line what is wrong with how many, and the first of them; nothing for none."""
    names = list(names) if isinstance(names, list) else sorted(names)
    more = ["..."] if len(names) > NAMED else []
    return [f"{what}: {len(names)} ({', '.join([*names[:NAMED], *more])})"] if names else []
