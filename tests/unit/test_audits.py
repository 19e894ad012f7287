"""A shortcut that was planted is found, and none where there is none."""

import numpy as np
import pandas as pd
import pytest

from lingogram import audits


def planted(shift, groups=12, each=30, languages=3):
    """Return features of segments whose languages differ by that many standard deviations.

    Each voice has an offset of its own, too, as voices do.
    """
    random = np.random.default_rng(1)
    rows = [
        (f"l{language}", f"l{language} s{group}", random.normal(0, 1, each), voice)
        for language in range(languages)
        for group, voice in enumerate(random.normal(0, 1, groups))
    ]
    language = np.repeat([row[0] for row in rows], each)
    group = np.repeat([row[1] for row in rows], each)
    values = np.concatenate([noise + voice for _, _, noise, voice in rows])
    return (
        (values + shift * np.array([int(name[1]) for name in language]))[:, None],
        language,
        group,
    )


def test_what_tells_nothing_is_chance():
    accuracy, low, high = audits.probed(*planted(0), seed=1)
    assert low < 1 / 3 and accuracy < 0.4 and low <= accuracy <= high
    assert audits.told(audits.PROBES[0], accuracy, low, 1 / 3, 12) == ""


def test_a_planted_shortcut_is_found_with_what_to_do():
    accuracy, low, high = audits.probed(*planted(6), seed=1)
    assert accuracy > 0.9 and 1 / 3 < low < accuracy < high
    assert audits.told(audits.PROBES[0], accuracy, low, 1 / 3, 4) == ""
    words = audits.told(audits.PROBES[0], accuracy, low, 1 / 3, 12)
    assert words.startswith("by level alone the language is told 9")
    assert "segment.level: -23" in words


def test_a_voice_that_was_heard_does_not_help():
    features, language, group = planted(0, groups=4)
    voices = np.random.default_rng(2).permutation(12)[np.unique(group, return_inverse=True)[1]]
    voices = voices[:, None]
    accuracy, low, _ = audits.probed(np.hstack([features, voices]), language, group, seed=1)
    assert accuracy < 0.6 and low < 1 / 3


def test_the_same_seed_gives_the_same_figures():
    assert audits.probed(*planted(1), seed=5) == audits.probed(*planted(1), seed=5)


def test_only_languages_of_two_voices_are_audited():
    rows = pd.DataFrame(
        {
            "language": ["de", "de", "en", "en", "tr", "tr"],
            "group": ["a", "b", "c", "c", "d", "e"],
            "fate": ["kept"] * 5 + ["balance"],
            "content": list("cdabef"),
            "recording": "r",
        }
    )
    assert audits.audible(rows, 10)["group"].tolist() == ["a", "b"]
    assert audits.audible(rows, 2)["group"].tolist() == ["a", "b"]
    assert audits.audible(rows, 1).empty  # one segment is of one group


def test_what_is_not_known_is_the_mean():
    rows = pd.DataFrame({"snr_db": ["1", "", "3", "-inf"], "x": ["", "", "", ""]})
    found = audits.features_of(rows, ["snr_db", "x"])
    assert found.tolist() == [[1, 0], [-116 / 3, 0], [3, 0], [-120, 0]]
    assert audits.features_of(rows, ["snr_db"]).shape == (4, 1)
    with pytest.raises(KeyError):
        audits.features_of(rows, ["gone"])
