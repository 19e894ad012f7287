"""Tables come back as they were written, and appear whole or not at all."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingogram import files

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_any_text_comes_back(ending, tmp_path):
    @given(st.lists(st.tuples(text, text)))
    def check(rows):
        rows = [{"a": a, "b": b} for a, b in rows]
        files.write_table(tmp_path / f"t.{ending}", ["a", "b"], rows)
        assert files.read_table(tmp_path / f"t.{ending}") == rows

    check()


def test_an_unchanged_table_is_not_touched(tmp_path):
    path = tmp_path / "new" / "t.csv"
    files.write_table(path, ["a"], [{"a": 1, "more": 2}])
    os.utime(path, ns=(1, 1))
    files.write_table(path, ["a"], [{"a": 1}])
    assert path.stat().st_mtime_ns == 1
    files.write_table(path, ["a"], [{"a": 2}])
    assert path.stat().st_mtime_ns > 1
    assert [entry.name for entry in path.parent.iterdir()] == ["t.csv"]


def test_a_folder_replaces_the_old_one_when_it_is_whole(tmp_path):
    folder = tmp_path / "english" / "a.wav"
    with files.whole_folder(folder) as part:
        (part / "0").write_text("old")
        (part / "1").write_text("old")
    with pytest.raises(KeyboardInterrupt), files.whole_folder(folder) as part:
        (part / "0").write_text("half")
        raise KeyboardInterrupt
    assert (folder / "0").read_text() == "old"
    with files.whole_folder(folder) as part:
        (part / "0").write_text("new")
    assert [(f.name, f.read_text()) for f in folder.iterdir()] == [("0", "new")]
    assert [entry.name for entry in folder.parent.iterdir()] == ["a.wav"]


def test_files_take_their_places_when_all_went_well(tmp_path):
    place = tmp_path / "dataset"
    with files.whole_files(place) as part:
        (part / "a.csv").write_text("old")
    (place / "b.csv").write_text("other")
    with pytest.raises(KeyError), files.whole_files(place) as part:
        (part / "a.csv").write_text("half")
        raise KeyError
    assert {path.name: path.read_text() for path in place.iterdir()} == {
        **{"a.csv": "old", "b.csv": "other"},
    }
    with files.whole_files(place) as part:
        (part / "a.csv").write_text("new")
    assert (place / "a.csv").read_text() == "new" and (place / "b.csv").is_file()
    assert not part.exists()


def test_pairs_of_a_table_that_is_not_there_are_none(tmp_path):
    files.write_table(tmp_path / "x.tsv", ["key", "split"], [{"key": "a\tb", "split": 'c"'}])
    assert files.read_pairs(tmp_path / "x.tsv", "key", "split") == {"a\tb": 'c"'}
    assert files.read_pairs(tmp_path / "y.tsv", "key", "split") == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "key\tsplit\n",
        "key\na\n",
        "key\tsplit\na\n",
        "key\tsplit\na\tb\na\tc\n",
        "\ufeffkey\tsplit\na\tb\n",
    ],
)
def test_a_table_of_pairs_that_is_none_is_named(text, tmp_path):
    (tmp_path / "x.tsv").write_text(text)
    with pytest.raises(ValueError, match=r"x.tsv: is no table with key and split, each key once"):
        files.read_pairs(tmp_path / "x.tsv", "key", "split")
