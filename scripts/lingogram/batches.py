"""Batches: which recordings one job handles, decided once and kept."""

from collections.abc import Iterable, Mapping


def assigned(
    recordings: Mapping[str, str], known: Mapping[str, Iterable[str]], size: int
) -> dict[str, list[str]]:
    """Return the recordings of each batch, by the batch's name `<language>/<NNNN>`.

    recordings: the language of each, by id.   known: the recordings each batch had before.
    size: the most recordings a new batch takes.
    A recording stays in the batch it was in while its language is the same. New ones fill the
    last batch of their language, in the order of their ids, then open new batches.
    """
    batches: dict[str, list[str]] = {}
    placed = set()
    for batch, members in known.items():
        language = batch.rpartition("/")[0]
        kept = [name for name in members if recordings.get(name) == language and name not in placed]
        if kept:
            batches[batch] = kept
            placed.update(kept)

    last: dict[str, int] = {}
    for batch in batches:
        language, _, number = batch.rpartition("/")
        last[language] = max(last.get(language, 0), int(number))
    for recording in sorted(recordings.keys() - placed):
        language = recordings[recording]
        number = last.setdefault(language, 1)
        if len(batches.get(f"{language}/{number:04}", ())) >= size:
            number = last[language] = number + 1
        batches.setdefault(f"{language}/{number:04}", []).append(recording)
    return {batch: sorted(batches[batch]) for batch in sorted(batches)}
