"""Ids never collide and never leave a folder; files are found, named and refused with a reason."""

import os
import string
import sys
from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import sounds
from lingogram import recordings

names = st.binary(min_size=1, max_size=255).filter(
    lambda name: not set(name) & set(b"/\0") and name not in (b".", b"..")
)
paths = st.lists(names, min_size=1, max_size=4).map(lambda parts: os.fsdecode(b"/".join(parts)))


@given(paths)
@example("a b/$(touch x);'\"{}\n.wav")
@example("-rf/..wav")
@example("日本語/ñandú.wav")
def test_ids_are_safe_names(path):
    name = recordings.id_of(path)
    assert name.isprintable() and not set(name) & set(" '\"\\$`;&|<>(){}[]*?~!#\n\t")
    for part in name.split("/"):
        assert part and not part.startswith(".") and len(part.encode()) <= recordings.LONGEST_NAME


@given(paths)
@example("/a//b/")
@example("//")
def test_the_encoding_is_one_to_one(path):
    assert recordings.decoded(recordings.encoded(path)) == path


few = st.sampled_from(["a", "A", "b", "É", "é", "e\u0301", "ß", "SS", "x" * 300, "x" * 301])
close = st.lists(few, min_size=1, max_size=3).map("/".join)


@given(st.sets(paths | close, min_size=2, max_size=20))
@example({"a", "A/b"})
@example({"/a", "a", "a/", "a//b", "a/b"})
def test_ids_do_not_collide_even_where_case_is_ignored(some):
    names = {recordings.folded(name) for name in recordings.ids_of(some).values()}
    assert len(names) == len(some)
    assert not names & {str(above) for name in names for above in PurePosixPath(name).parents[:-1]}


@given(paths)
def test_an_id_is_that_of_its_path_alone_unless_it_collides(path):
    assert recordings.ids_of([path, "another"])[path] == recordings.id_of(path)


def test_long_names_that_differ_late_do_not_collide():
    one, other = (recordings.id_of(f"en/{'é ' * 80}{end}.wav") for end in "ab")
    assert one != other and one.split("%-")[0] == other.split("%-")[0]


def test_letters_of_any_script_stay():
    assert recordings.id_of("русский/Ünal/日本.wav") == "русский/Ünal/日本.wav"
    assert recordings.id_of("a/b c%.wav") == "a/b%20c%25.wav"


def test_files_are_found_in_a_fixed_order_and_hidden_ones_passed_over(tmp_path):
    for path in ("b/2", "b/1", "a", ".DS_Store", "b/._1", ".git/x", "c/d/e"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert list(recordings.files_below(tmp_path)) == ["a", "b/1", "b/2", "c/d/e"]


def test_what_links_lead_to_is_found_once(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    for path in ("root/b/1", "root/.store/x", "outside/folder/2", "outside/3", "outside/4"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    links = {
        "a": root / "b",  # a folder, and a file, that are there themselves
        "b/0": root / "b/1",
        "b/loop": root,
        "b/self": root / "b/self",
        "broken": root / "nowhere",
        "kept": root / ".store/x",  # as git-annex does it
        "out": outside / "folder",
        "out-again": outside / "folder",
        "three": outside / "3",
        "three-again": outside / "3",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    (outside / "folder/back").symlink_to(outside / "folder")
    (outside / "folder/four").symlink_to(outside / "4")
    assert list(recordings.files_below(root)) == [
        *("b/1", "broken", "kept", "out/2", "three", "b/self", "out/four"),
    ]


def test_what_is_no_recording_says_why(tmp_path):
    (tmp_path / "text.wav").write_text("no sound")
    (tmp_path / "empty.wav").touch()
    os.mkfifo(tmp_path / "pipe.wav")
    sounds.write(tmp_path / "sound.txt", sounds.tone(440, 0.1))
    reasons = {path.name: recordings.described(path)[1] for path in tmp_path.iterdir()}
    reasons["gone"] = recordings.described(tmp_path / "gone")[1]
    assert reasons["sound.txt"] == ""
    assert reasons["empty.wav"] == "is empty"
    assert reasons["pipe.wav"] == "is not a file that can be read"
    assert reasons["text.wav"].startswith("holds no audio")
    assert reasons["gone"].startswith("cannot be read")


def test_the_content_hash_is_of_the_content_alone(tmp_path):
    one = sounds.write(tmp_path / "a.wav", sounds.tone(440, 0.1))
    same = sounds.write(tmp_path / "b.wav", sounds.tone(440, 0.1))
    other = sounds.write(tmp_path / "c.wav", sounds.tone(441, 0.1))
    hashes = [recordings.described(path)[0] for path in (one, same, other)]
    assert hashes[0] == hashes[1] != hashes[2] and set(hashes[0]) <= set(string.hexdigits)


def test_a_stamp_changes_with_the_file_and_not_with_being_read(tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.tone(440, 0.1))
    before = recordings.stamp_of(path)
    path.read_bytes()
    assert recordings.stamp_of(path) == before
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(before.modified, before.modified))
    after = recordings.stamp_of(path)
    assert (after.size, after.modified) == (before.size, before.modified) and after != before
    assert recordings.stamp_of(tmp_path / "gone") == (0, 0, 0)


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are Unicode there")
def test_names_that_are_no_text_are_found(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.wav")).touch()
    assert [recordings.id_of(path) for path in recordings.files_below(tmp_path)] == ["caf%E9.wav"]
