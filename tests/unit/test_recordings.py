"""Ids never collide and never leave a folder; files are found, named and refused with a reason."""

import os
import string
import sys

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
def test_the_encoding_is_one_to_one(path):
    assert recordings.decoded(recordings.encoded(path)) == path


@given(st.sets(paths, min_size=2, max_size=20))
def test_ids_do_not_collide(some):
    assert len({recordings.id_of(path) for path in some}) == len(some)


def test_long_names_that_differ_late_do_not_collide():
    one, other = (recordings.id_of(f"en/{'é ' * 80}{end}.wav") for end in "ab")
    assert one != other and one.split("%-")[0] == other.split("%-")[0]


def test_letters_of_any_script_stay():
    assert recordings.id_of("русский/Ünal/日本.wav") == "русский/Ünal/日本.wav"
    assert recordings.id_of("a/b c%.wav") == "a/b%20c%25.wav"


@pytest.mark.parametrize(
    ("path", "language", "speaker"),
    [
        ("a.wav", "", ""),
        ("en/a.wav", "en", ""),
        ("en/ann/a.wav", "en", "ann"),
        ("en/ann/2026/a.wav", "en", "ann"),
    ],
)
def test_folders_name_language_and_speaker(path, language, speaker):
    name = recordings.id_of(path)
    assert (recordings.language_of(name), recordings.speaker_of(name)) == (language, speaker)


def test_files_are_found_in_a_fixed_order_and_hidden_ones_passed_over(tmp_path):
    for path in ("b/2", "b/1", "a", ".DS_Store", "b/._1", ".git/x", "c/d/e"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / "c" / "loop").symlink_to(tmp_path)
    (tmp_path / "c" / "broken").symlink_to("nowhere")
    (tmp_path / "c" / "self").symlink_to("self")
    assert list(recordings.files_below(tmp_path)) == [
        "a",
        "b/1",
        "b/2",
        "c/broken",
        "c/d/e",
        "c/self",
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


def test_what_has_the_same_content_is_left_out_but_for_the_first():
    reasons = recordings.repeated({"de/b": "1", "de/a": "1", "de/c": "2", "en/x": "3"})
    assert reasons == {"de/b": "has the same content as de/a"}


def test_of_the_same_content_in_two_languages_none_is_kept():
    reasons = recordings.repeated({"de/a": "1", "en/a": "1", "en/b": "1"})
    assert list(reasons) == ["en/a", "en/b", "de/a"]
    assert all("languages differ" in reason for reason in reasons.values())


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
