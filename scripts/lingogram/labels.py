"""Labels: the number of each language, and what ISO 639-3 and BCP 47 call it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

import pandas as pd

COLUMNS = ("language", "label", "bcp47", "iso639_3", "name", "note")


def labels_of(
    languages: Iterable[str], order: Sequence[str], before: Mapping[str, str]
) -> dict[str, int]:
    """Return the label of each language: its place in `order`; or as before, and new ones after.

    order: languages as they are, or percent-encoded as in the tables; may be empty.
    before: labels that were given, text; they stay where no order is given.
    Raises ValueError for a language that a given order leaves out or has twice, and for labels
    before that are none.
    """
    names = {unquote(language): language for language in languages}
    if order:
        order = [names.get(unquote(language), language) for language in order]
        missing = sorted({*names.values()} - {*order})
        if missing:
            raise ValueError(f"labels lacks {', '.join(missing)}; add it, or empty the list")
        if len({*order}) < len(order):
            raise ValueError("labels has a language twice")
        return {language: label for label, language in enumerate(order)}
    if not all(map(str.isdecimal, before.values())) or len({*before.values()}) < len(before):
        raise ValueError("labels.csv: labels are whole numbers, each once; mend it or remove it")
    found = {language: int(label) for language, label in before.items()}
    for language in sorted({*names.values()} - {*found}):
        found[language] = max(found.values(), default=-1) + 1
    return dict(sorted(found.items(), key=lambda item: item[1]))


def table_of(labels: Mapping[str, int]) -> pd.DataFrame:
    """Return a row for each label, with what COLUMNS names."""
    rows = [(language, label, *known_as(language)) for language, label in labels.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


def known_as(language: str) -> tuple[str, str, str, str]:
    """Return BCP 47 tag, ISO 639-3 code and English name of a language, and a note about these.

    language: a tag, a code or a name in any language, percent-encoded.   All empty but the note
    if it is none.   Source: the registries of IANA and Unicode's CLDR, as langcodes has them.
    """
    import langcodes
    from langcodes.data_dicts import MACROLANGUAGES

    text = unquote(language)
    try:
        given = langcodes.Language.get(text, normalize=False)
        tag = langcodes.Language.get(langcodes.standardize_tag(text))
        code = tag.to_alpha3() if tag.is_valid() else ""
    except (ValueError, LookupError):  # no tag, or one of private use
        code = ""
    if not code:
        try:
            given = tag = langcodes.find(text.replace("_", " "))
            code = tag.to_alpha3()
        except LookupError:
            return "", "", "", "no language that is known by this name"
    notes = []
    if given.language not in (tag.language, code, tag.to_alpha3(variant="B")):
        notes.append(f"{given.language} is deprecated: {tag.to_tag()}")
    members = sorted(one for one, whole in MACROLANGUAGES.items() if whole == tag.language)
    if members:
        notes.append(f"a macrolanguage, of {', '.join(members[:5])}" + " ..." * (len(members) > 5))
    return tag.to_tag(), code, tag.display_name(), "; ".join(notes)


def told(table: pd.DataFrame) -> Iterator[str]:
    """Yield in words what is odd about the languages of `table_of`."""
    for what, which in (
        ("unknown to ISO 639-3 by this name", table["bcp47"] == ""),
        ("with a note in labels.csv", (table["bcp47"] != "") & (table["note"] != "")),
    ):
        names = table["language"] + " (" + table["note"] + ")"
        if which.any():
            yield f"languages {what}: {which.sum()}, {', '.join(names[which].head(5))}"
    known = table[table["bcp47"] != ""]
    for tag, rows in known.groupby("bcp47"):
        if len(rows) > 1:
            names = ", ".join(rows["language"])
            yield f"one language, {tag}, has {len(rows)} labels: {names}; give it one folder"
