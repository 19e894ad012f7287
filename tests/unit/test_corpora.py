"""Corpora as their makers publish them, and tables with everything wrong that can be."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sounds
from lingogram import corpora


def write(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


SHARED = ("speaker", "session")


def listed(place, form="plain", shared=SHARED):
    """Return the rows by id."""
    return {row["recording"]: row for row in corpora.listed(place, form, shared)}


def problems(place, form="plain", shared=SHARED):
    with pytest.raises(ValueError) as error:
        corpora.listed(place, form, shared)
    return str(error.value).split("\n")


@pytest.mark.parametrize(
    ("path", "language", "speaker", "group", "reason"),
    [
        ("a.wav", "", "", "recording:a.wav", "is in no language's folder"),
        ("en/a.wav", "en", "", "recording:en/a.wav", ""),
        ("en/ann/a.wav", "en", "ann", "speaker:ann", ""),
        ("en/ann/2026/a.wav", "en", "ann", "speaker:ann", ""),
        ("e n/a b/1.wav", "e%20n", "a%20b", "speaker:a%20b", ""),
    ],
)
def test_folders_name_language_and_speaker(path, language, speaker, group, reason, tmp_path):
    write(tmp_path / path)
    (row,) = corpora.listed(tmp_path, "plain", SHARED)
    found = (row["language"], row["speaker"], row["group"], row["reason"])
    assert row["path"] == path and found == (language, speaker, group, reason)


def test_a_table_says_all_it_knows(tmp_path):
    table = write(
        tmp_path / "my.csv",
        "\ufeffpath,language,speaker,session,split,mood,gender",
        'a.wav,en,Ann  Lee,,train,"calm, or\nnot",f',
        "./b/../c.wav,fr ,,s1,,,",
        "/data/ü.wav,de,,,testing,glad,",
    )
    rows = listed(table)
    assert list(rows) == ["%2Fdata/ü.wav", "a.wav", "c.wav"]
    first, second, third = rows["a.wav"], rows["c.wav"], rows["%2Fdata/ü.wav"]
    assert (first["language"], first["speaker"], first["gender"]) == ("en", "Ann Lee", "f")
    assert (first["split"], first["group"], first["mood"]) == (
        "training",
        "speaker:Ann Lee",
        "calm, or not",
    )
    assert (second["language"], second["group"], second["age"]) == ("fr", "session:s1", "")
    assert (third["path"], third["split"]) == ("/data/ü.wav", "testing")
    assert third["group"] == "recording:%2Fdata/ü.wav"


def test_a_tsv_is_read_by_its_ending(tmp_path):
    table = write(tmp_path / "my.tsv", "path\tlanguage", "a,b.wav\ten")
    assert list(listed(table)) == ["a%2Cb.wav"]


def test_all_that_is_wrong_with_a_table_is_named_at_once(tmp_path):
    sounds.write(tmp_path / "a.wav", sounds.tone(440, 0.1))
    table = write(
        tmp_path / "my.csv",
        "path,language,speaker,split,label,label",
        "a.wav,English,ann,training,,",
        "./a.wav,english ,ann,testing,,",
        "missing.wav,de,bob,trn,,",
        ",de,bob,,,",
        "d.wav,,bob,,,",
        "a,b",
    )
    found = problems(table)
    for words in (
        "columns that stand twice: 1 (label)",
        "columns to rename, as segments.csv has such itself: 1 (label)",
        "rows with more or fewer fields than the header: 1 (line 7)",
        "rows without a path: 1 (line 5)",
        "rows without a language: 1 (line 6)",
        "paths that stand twice: 1 (a.wav)",
        "one language is spelled in 2 ways: 'English' (1), 'english ' (1)",
        "split 'trn' (1) is none of training, validation, testing",
        "groups that a table puts into two splits: 1 (speaker:ann: testing and training)",
        "files that are not there: 2 (d.wav, missing.wav)",
    ):
        assert words in found, words
    assert len(found) == 10


def test_a_table_that_is_none_is_named(tmp_path):
    lacking = problems(write(tmp_path / "my.csv", "file;lang", "a.wav;en"))
    assert lacking[:2] == [
        "lacks the column path; it has ['file;lang']",
        "lacks the column language; it has ['file;lang']",
    ]
    (tmp_path / "bad.csv").write_bytes(b"path,language\n\xff\xfe,en\n")
    assert "is no table of UTF-8 text" in problems(tmp_path / "bad.csv")[0]
    assert "no such folder or table" in problems(tmp_path / "none.csv")[0]
    (tmp_path / "empty.csv").touch()
    assert len(problems(tmp_path / "empty.csv")) == 2


def test_folders_that_spell_a_language_in_two_ways_are_named(tmp_path):
    for name in ("English", "english", "de"):
        write(tmp_path / name / "a.wav")
    assert problems(tmp_path) == ["one language is spelled in 2 ways: 'English' (1), 'english' (1)"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("tr/validated.tsv", "common_voice"),
        ("en/abc__U__S1---0000.000-0003.000.wav", "voxlingua107"),
        ("train/wav.scp", "kaldi"),
    ],
)
def test_a_folder_that_looks_like_another_format_is_not_misread(path, form, tmp_path):
    write(tmp_path / path)
    assert (
        problems(tmp_path)[0] == f"looks like {form}; say recordings: {{format: {form}, path: ...}}"
    )


def test_many_of_a_kind_are_counted_and_the_first_named(tmp_path):
    rows = [f"{n}.wav,en,bad" for n in range(1000)]
    found = problems(write(tmp_path / "my.csv", "path,language,split", *rows))
    assert found[0] == "split 'bad' (1000) is none of training, validation, testing"
    assert found[1].startswith("files that are not there: 1000 (0.wav") and len(found[1]) < 150


CLIP = "client_id\tpath\tsentence\tup_votes\tage\tgender\taccents\tlocale\tsegment"


def test_common_voice_is_read_as_published(tmp_path):
    write(tmp_path / "tr/validated.tsv", CLIP, 'c1\t1.mp3\tO, "gel\t2\ttwenties\tfemale\t\ttr\t')
    write(tmp_path / "sl/validated.tsv", CLIP, "c2\t1.mp3\tDa.\t2\t\t\t\tsl\t")
    write(tmp_path / "sl/other.tsv", CLIP, "c3\t2.mp3\tNe.\t0\t\t\t\t\t")
    rows = listed(tmp_path, "common_voice")
    assert list(rows) == ["sl/clips/1.mp3", "tr/clips/1.mp3"]
    turkish = rows["tr/clips/1.mp3"]
    assert turkish["path"] == "tr/clips/1.mp3" and turkish["language"] == "tr"
    assert (turkish["speaker"], turkish["group"]) == ("c1", "speaker:c1")
    assert (turkish["gender"], turkish["age"], turkish["sentence"]) == (
        "female",
        "twenties",
        'O, "gel',
    )
    assert list(listed(tmp_path / "tr", "common_voice")) == ["clips/1.mp3"]
    other = listed(tmp_path / "sl/other.tsv", "common_voice")["clips/2.mp3"]
    assert (other["language"], other["speaker"]) == ("sl", "c3")
    assert problems(tmp_path / "sl/clips", "common_voice")
    write(tmp_path / "x/validated.tsv", "path\tsentence", "1.mp3\tJa.")
    assert any(
        "x/validated.tsv: lacks the column client_id" in p
        for p in problems(tmp_path, "common_voice")
    )


def test_a_video_of_voxlingua107_is_a_group(tmp_path):
    for name in (
        "en/-0Mk__U__x__U__S10---0084.070-0092.280.wav",
        "en/-0Mk__U__x__U__S11---0092.280-0099.000.wav",
        "de/abc__U__S1---0000.000-0003.000.wav",
        "de/notes.wav",
    ):
        write(tmp_path / name)
    rows = listed(tmp_path, "voxlingua107")
    groups = {row["path"][:9]: (row["language"], row["group"]) for row in rows.values()}
    assert groups["en/-0Mk__"] == ("en", "session:-0Mk__U__x")
    assert groups["de/abc__U"] == ("de", "session:abc")
    assert rows["de/notes.wav"]["reason"] == "is not named as in VoxLingua107"
    assert sum(not row["reason"] for row in rows.values()) == 3
    assert all(not row["speaker"] for row in rows.values())


def test_kaldi_is_read_as_its_tools_write_it(tmp_path):
    write(tmp_path / "wav.scp", "r1 audio/one.wav", "r2 sph2pipe -f wav two.sph |", "r3 /x y.wav")
    write(tmp_path / "segments", "u/1 r1 0.5 2.25", "u2 r1 2.25 -1", "u3 r2 0 1", "u4 r3 0 1.5")
    write(tmp_path / "utt2spk", "u/1 ann", "u2 bob", "u3 bob", "u4 u4")
    write(tmp_path / "utt2lang", "u/1 en", "u2 en", "u3 de", "u4 de")
    write(tmp_path / "spk2gender", "ann f")
    rows = listed(tmp_path, "kaldi")
    assert list(rows) == ["u%2F1", "u2", "u3", "u4"]
    first, second, third, fourth = rows.values()
    assert (first["path"], first["begin"], first["end"]) == ("audio/one.wav", "0.5", "2.25")
    assert (first["speaker"], first["gender"], first["language"]) == ("ann", "f", "en")
    assert (second["begin"], second["end"]) == ("2.25", "")
    assert "is a command, which is not run" in third["reason"]
    assert (fourth["path"], fourth["group"]) == ("/x y.wav", "session:/x y.wav")
    (tmp_path / "segments").unlink()
    for name in ("utt2lang", "utt2spk"):
        write(tmp_path / name, "r1 en", "r2 de", "r3 de")
    assert {row["path"]: row["begin"] for row in listed(tmp_path, "kaldi").values()} == {
        "audio/one.wav": "",
        "": "",
        "/x y.wav": "",
    }


def test_all_that_is_wrong_with_a_kaldi_folder_is_named_at_once(tmp_path):
    write(tmp_path / "wav.scp", "r1 a.wav", "r1 b.wav")
    write(
        tmp_path / "segments", "u1 r1 0 1", "u2 r9 0 1", "u3 r1 2 1", "u4 r1 0 1 1", "u5 r1 nan 1"
    )
    write(tmp_path / "utt2lang", "u1 en", "u4 ", "u9 de")
    found = problems(tmp_path, "kaldi")
    assert found == [
        "entries of wav.scp that stand twice: 1 (r1)",
        "segments that are not a recording, its begin and a later end: 3 (u3, u4, u5)",
        "recordings that wav.scp lacks: 1 (r9)",
        "utterances to which utt2lang gives no language: 1 (u2)",
        "utterances of utt2lang that are no others': 2 (u4, u9)",
        "files that are not there: 1 (b.wav)",
    ]
    (tmp_path / "utt2lang").unlink()
    assert "files that are lacking: 1 (utt2lang)" in problems(tmp_path, "kaldi")


def test_a_recording_that_no_segment_names_is_named(tmp_path):
    write(tmp_path / "wav.scp", "r1 a.wav", "r2 b.wav")
    write(tmp_path / "segments", "u1 r1 0 1")
    write(tmp_path / "utt2lang", "u1 en")
    rows = listed(tmp_path, "kaldi")
    assert rows["r2"]["reason"] == "has no segment" and not rows["u1"]["reason"]
    write(tmp_path / "utt2lang", "u1")
    assert "utterances to which utt2lang gives no language: 1 (u1)" in problems(tmp_path, "kaldi")


def test_what_shares_a_value_directly_or_through_others_is_one_group(tmp_path):
    lines = ["1,a,s1", "2,,s1", "3,b,s1", "4,a,s2", "5,c,s3", "6,,s4", "7,c,s5", "8,,"]
    table = write(tmp_path / "my.csv", "path,speaker,session,language", *(f"{x},en" for x in lines))

    def groups(*shared):
        return {row["path"]: row["group"] for row in listed(table, shared=shared).values()}

    assert groups("speaker", "session") == {
        **dict.fromkeys("1234", "speaker:a"),
        **dict.fromkeys("57", "speaker:c"),
        "6": "session:s4",
        "8": "recording:8",
    }
    assert groups("session") == {
        **dict.fromkeys("123", "session:s1"),
        **{"4": "session:s2", "5": "session:s3", "6": "session:s4", "7": "session:s5"},
        "8": "recording:8",
    }
    assert groups() == {path: f"recording:{path}" for path in "12345678"}
    assert problems(table, shared=["speaker", "studio"]) == [
        "split.group names the column 'studio', which the corpus has not",
        "files that are not there: 8 (1, 2, 3, 4, 5, 6, 7, 8)",
    ]


values = st.sampled_from(["", "", *"abcdefgh"])
people = st.lists(st.tuples(values, values, values), min_size=1, max_size=12)


@settings(max_examples=300)
@given(people, st.randoms())
def test_groups_are_what_is_connected_in_any_order_of_the_rows(some, random):
    columns = ("speaker", "session", "room")
    rows = [{"recording": f"{n}", **dict(zip(columns, one))} for n, one in enumerate(some)]
    corpora._join(rows, columns)
    groups = {row["recording"]: row["group"] for row in rows}

    together = {n: {n} for n in range(len(some))}
    for _ in some:
        for n, m in itertools.product(together, repeat=2):
            shares = any(a == b != "" for a, b in zip(some[n], some[m]))
            if shares or together[n] & together[m]:
                together[n] = together[m] = together[n] | together[m]
    for n, m in itertools.combinations(together, 2):
        assert (groups[f"{n}"] == groups[f"{m}"]) == (m in together[n])

    random.shuffle(rows)
    corpora._join(rows, columns)
    assert {row["recording"]: row["group"] for row in rows} == groups


def test_two_names_of_one_kaldi_file_are_one_session(tmp_path):
    write(tmp_path / "wav.scp", "r1 one.wav", "r2 ./one.wav")
    write(tmp_path / "segments", "u1 r1 0 10", "u2 r2 1.3 11.3")
    write(tmp_path / "utt2lang", "u1 en", "u2 en")
    write(tmp_path / "utt2spk", "u1 ann", "u2 bob")
    assert {row["group"] for row in listed(tmp_path, "kaldi").values()} == {"speaker:ann"}


def test_columns_of_any_name_are_carried_and_do_no_harm(tmp_path):
    odd = ["name", "fixed", "found", "undrawn", "x", "decoded", "height"]
    table = write(
        tmp_path / "my.csv", ",".join(["", "path", "language", *odd]), "0,a,en" + ",v" * 7
    )
    (row,) = listed(table).values()
    assert row["recording"] == "a" and {row[column] for column in odd} == {"v"} and "" not in row


def test_a_quote_without_an_end_does_not_swallow_rows(tmp_path):
    table = write(tmp_path / "my.tsv", "path\tlanguage\tsaid", 'a\ten\t"Yes', "b\tde\tno")
    assert "is no table of UTF-8 text, in line" in problems(table)[0]


def test_odd_paths_are_rows_or_problems_and_no_surprise(tmp_path):
    long = "x" * 300
    table = write(tmp_path / "my.csv", "path,language", "a\0b,en", f"{long},en")
    assert {row["language"] for row in listed(table).values()} == {"en"}
    found = problems(write(tmp_path / "my.csv", "path,language", "a\0b,en", f"{long},En"))
    assert len(found) == 2 and found[1].startswith("files that are not there: 2")
    clips = write(tmp_path / "x.tsv", CLIP, "c\t/there/1.mp3\t\t\t\t\t\ten\t")
    assert list(listed(clips, "common_voice")) == ["%2Fthere/1.mp3"]


def test_rows_come_in_one_order_whatever_that_of_the_table(tmp_path):
    lines = [f"{name}.wav,en" for name in "cabd"]
    one = corpora.listed(write(tmp_path / "1.csv", "path,language", *lines), "plain", SHARED)
    other = corpora.listed(
        write(tmp_path / "2.csv", "path,language", *lines[::-1]), "plain", SHARED
    )
    assert one == other
