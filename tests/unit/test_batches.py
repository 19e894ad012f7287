"""Batches hold every recording once, and an old recording never moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingogram import batches

ids = st.sets(st.text("abc", min_size=1, max_size=3))
corpora = st.dictionaries(st.sampled_from(["de", "en", "tr"]), ids)
sizes = st.integers(1, 4)


def flat(corpus):
    return {f"{language}/{name}": language for language, names in corpus.items() for name in names}


@given(corpora, sizes)
def test_every_recording_is_in_one_batch_of_its_language(corpus, size):
    recordings = flat(corpus)
    made = batches.assigned(recordings, {}, size)
    members = [(batch, name) for batch, names in made.items() for name in names]
    assert sorted(name for _, name in members) == sorted(recordings)
    assert all(batch.startswith(f"{recordings[name]}/") for batch, name in members)
    assert all(1 <= len(names) <= size for names in made.values())


@given(st.lists(st.tuples(corpora, sizes), min_size=2, max_size=5))
def test_a_recording_stays_in_its_batch_while_it_is_there(history):
    known = {}
    for corpus, size in history:
        recordings = flat(corpus)
        before = {name: batch for batch, names in known.items() for name in names}
        known = batches.assigned(recordings, known, size)
        after = {name: batch for batch, names in known.items() for name in names}
        assert after.keys() == recordings.keys()
        assert all(after[name] == batch for name, batch in before.items() if name in after)


def test_new_recordings_fill_the_last_batch_then_open_new_ones():
    recordings = dict.fromkeys("abcdef", "de")
    made = batches.assigned(recordings, {"de/0001": ["c"], "de/0002": ["e", "gone"]}, 2)
    assert made == {
        "de/0001": ["c"],
        "de/0002": ["a", "e"],
        "de/0003": ["b", "d"],
        "de/0004": ["f"],
    }


def test_a_recording_whose_language_changed_gets_a_batch_of_that_language():
    assert batches.assigned({"x": "en"}, {"de/0001": ["x"]}, 1) == {"en/0001": ["x"]}


@pytest.mark.parametrize(
    ("count", "megabytes", "size"),
    [
        (1, 1, 1),
        (1_000, 30, 1),
        (1_001, 10_000, 3),
        (20_000, 3_200, 188),  # 5 s each
        (3_000, 345_000, 2),  # an hour each
        (1_000_000, 160_000, 500),
    ],
)
def test_batches_are_worth_a_job_and_not_too_many(count, megabytes, size):
    assert batches.size_of(count, megabytes * 1_000_000) == size
