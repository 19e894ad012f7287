"""Pieces tile the recording: nothing lost, nothing twice, whatever the blocks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import sounds
from lingogram import segments

lengths = st.lists(st.integers(0, 50), max_size=20)


@given(lengths, st.integers(1, 60))
def test_pieces_put_together_are_the_recording(blocks, length):
    samples = np.arange(sum(blocks), dtype=np.int16)
    parts = np.split(samples, np.cumsum(blocks)[:-1]) if blocks else []
    pieces = list(segments.cut(parts, length))
    assert [len(piece) for piece in pieces[:-1]] == [length] * (len(pieces) - 1)
    assert not pieces or 0 < len(pieces[-1]) <= length
    np.testing.assert_array_equal(np.concatenate([*pieces, samples[:0]]), samples)


@given(st.integers(1, 20), st.integers(0, 20))
def test_padding_adds_silence_at_the_end(samples, more):
    padded = segments.padded(np.ones(samples, np.int16), samples + more)
    assert padded.tolist() == [1] * samples + [0] * more and padded.dtype == np.int16


def test_the_content_is_that_of_the_samples():
    one, same, other = (np.array(x, np.int16) for x in ([1, 2], [1, 2], [1, 3]))
    assert segments.content_of(one) == segments.content_of(same) != segments.content_of(other)


def test_names_sort_as_numbers_do():
    names = [segments.name_of(index) for index in range(99_990, 100_000)]
    assert names == sorted(names) and segments.name_of("7") == "00007"


def test_a_level_is_reached_without_clipping():
    for pcm in (sounds.noise(16_000, 1, level=30), sounds.noise(16_000, 1, level=9000)):
        for level in (-40, -23, -3):
            found = segments.levelled(pcm, level).astype(float)
            rms = 10 * np.log10(np.mean(found**2) / 32768**2)
            assert abs(rms - level) < 0.05 or (rms < level and np.abs(found).max() == 32767)
        assert segments.levelled(pcm, None) is pcm
    silence = np.zeros(160, np.int16)
    assert not segments.levelled(silence, -23).any()
