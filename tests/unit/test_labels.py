"""Labels never shift, and languages have the names of the standards."""

import pytest

from lingogram import labels


def test_labels_are_alphabetical_or_as_ordered():
    assert labels.labels_of(["tr", "de", "en"], [], {}) == {"de": 0, "en": 1, "tr": 2}
    assert labels.labels_of(["de", "tr"], ["tr", "en", "de"], {}) == {"tr": 0, "en": 1, "de": 2}
    odd = labels.labels_of(["zh%20%28TW%29", "é"], ["zh (TW)", "é"], {})
    assert odd == {"zh%20%28TW%29": 0, "é": 1}
    with pytest.raises(ValueError, match="lacks tr"):
        labels.labels_of(["de", "tr"], ["de"], {})


def test_a_new_language_comes_after_those_that_have_a_label():
    before = {"en": "1", "tr": "0"}
    assert labels.labels_of(["de", "en", "ab"], [], before) == {"tr": 0, "en": 1, "ab": 2, "de": 3}
    assert labels.labels_of(["de", "en"], ["en", "de"], before) == {"en": 0, "de": 1}
    assert [*labels.labels_of([], [], before)] == ["tr", "en"]
    assert labels.labels_of(["x"], [], {"tr": "7"}) == {"tr": 7, "x": 8}


@pytest.mark.parametrize(
    ("language", "tag", "code", "name"),
    [
        ("english", "en", "eng", "English"),
        ("German", "de", "deu", "German"),
        ("t%C3%BCrk%C3%A7e", "tr", "tur", "Turkish"),
        ("deu", "de", "deu", "German"),
        ("ger", "de", "deu", "German"),
        ("fr", "fr", "fra", "French"),
        ("en_US", "en-US", "eng", "English (United States)"),
        ("zh-TW", "zh-TW", "zho", "Chinese (Taiwan)"),
        ("cmn", "cmn", "cmn", "Mandarin Chinese"),
        ("Haitian%20Creole", "ht", "hat", "Haitian Creole"),
    ],
)
def test_a_folder_is_known_by_the_names_of_the_standards(language, tag, code, name):
    assert labels.known_as(language)[:3] == (tag, code, name)


@pytest.mark.parametrize(
    ("language", "code", "words"),
    [
        ("x-test", "", "no language that is known"),
        ("ger", "deu", ""),
        ("iw", "heb", "iw is deprecated: he"),
        ("jw", "jav", "jw is deprecated: jv"),
        ("arabic", "ara", "a macrolanguage, of "),
        ("zho", "zho", "cmn"),
        ("recordings", "", "no language that is known"),
        ("xx", "", "no language that is known"),
        ("", "", "no language that is known"),
    ],
)
def test_what_is_odd_about_a_name_is_said(language, code, words):
    found = labels.known_as(language)
    assert found[1] == code and (words in found[3] if words else not found[3])


def test_deprecated_unknown_and_doubled_languages_are_named():
    table = labels.table_of({"iw": 0, "english": 1, "en": 2, "de": 3, "xyzzy": 4})
    assert table["language"].tolist() == ["iw", "english", "en", "de", "xyzzy"]
    words = list(labels.told(table))
    assert words == [
        "languages unknown to ISO 639-3 by this name: 1, xyzzy (no language that is known by this "
        "name)",
        "languages with a note in labels.csv: 1, iw (iw is deprecated: he)",
        "one language, en, has 2 labels: english, en; give it one folder",
    ]


@pytest.mark.parametrize("before", [{"de": "0", "en": "0"}, {"de": "-1"}, {"de": "one"}])
def test_labels_before_that_are_none_are_named(before):
    with pytest.raises(ValueError, match="each once"):
        labels.labels_of(["de"], [], before)


def test_an_order_has_a_language_once():
    with pytest.raises(ValueError, match="twice"):
        labels.labels_of(["en"], ["en", "%65n"], {})
