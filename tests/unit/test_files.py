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
