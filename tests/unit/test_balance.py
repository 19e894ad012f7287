"""Every language as much as the smallest, in the proportions of its splits."""

import numpy as np

from lingogram import balance, groups
from tables import SHARES, corpus


def surplus(rows, seed, measure="segments", genders=False):
    return balance.surplus(rows, seed, measure, genders)


def test_balance_leaves_every_language_with_as_many_as_the_smallest():
    rows = corpus({"de": 50, "en": 170, "tr": 61})
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    left_out = surplus(rows, 1)
    kept = rows.drop(left_out)
    assert kept.groupby("language").size().tolist() == [50, 50, 50]
    before = rows.groupby(["language", "split"]).size() / rows.groupby("language").size()
    after = kept.groupby(["language", "split"]).size() / 50
    assert (before - after).abs().max() <= 1 / 50
    shuffled = surplus(rows.sample(frac=1, random_state=1), 1)
    assert sorted(left_out) == sorted(shuffled)


def test_a_small_balance_leaves_something_in_every_split():
    rows = corpus({"de": 3, "en": 100})
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    kept = rows.drop(surplus(rows, 1))
    assert (kept.groupby("language")["split"].nunique() == 3).all()


def test_balance_by_seconds_counts_the_audio_and_not_the_segments():
    rows = corpus({"de": 60, "en": 60})
    rows.loc[rows["language"] == "de", "samples"] = 80_000
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    kept = rows.drop(surplus(rows, 1, "seconds"))
    spent = kept.groupby("language")["samples"].sum()
    assert spent["de"] == 60 * 80_000 and 0 <= spent["de"] - spent["en"] <= 3 * 160_000


def test_balance_by_gender_evens_genders_in_each_language_and_languages():
    rows = corpus({"de": 60, "en": 60, "tr": 60})
    order = rows["index"]
    rows["gender"] = np.where(order < 13, "f", "m")
    rows.loc[rows["language"] == "tr", "gender"] = "m"
    rows["split"] = np.where(order % 3, "training", "testing")
    kept = rows.drop(surplus(rows, 1, genders=True))
    assert kept.groupby(["language", "gender"]).size().to_dict() == {
        **{("de", "f"): 13, ("de", "m"): 13, ("en", "f"): 13, ("en", "m"): 13, ("tr", "m"): 26},
    }


def test_balance_of_a_million_seconds_does_not_overflow():
    rows = corpus({"de": 30, "en": 40}).assign(split="training")
    rows["samples"] *= 1_000_000
    kept = rows.drop(surplus(rows, 1, "seconds"))
    assert kept.groupby("language").size().tolist() == [30, 30]


def test_segments_of_one_length_are_balanced_alike_by_seconds():
    rows = corpus({"de": 18, "en": 25, "tr": 61})
    rows["split"] = groups.split_of(rows, SHARES, 1, {})
    kept = rows.drop(surplus(rows, 1, "seconds"))
    assert kept.groupby("language").size().tolist() == [18, 18, 18]


def test_what_is_odd_goes_to_one_of_the_genders():
    rows = corpus({"de": 40, "en": 13}).assign(split="training")
    rows.loc[rows["language"] == "de", "gender"] = np.where(np.arange(40) % 2, "f", "m")
    kept = rows.drop(surplus(rows, 1, genders=True))
    assert kept.groupby("language").size().tolist() == [13, 13]


def test_nothing_is_balanced_where_there_is_nothing():
    assert surplus(corpus({"de": 1})[:0].assign(split=""), 1).empty
