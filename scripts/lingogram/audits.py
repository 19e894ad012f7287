"""Audits: how well the language can be told without listening to language."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from lingogram.datasets import KEPT, numbers_of
from lingogram.splits import key_of

FOLDS = 5
DRAWS = 1_000  # of groups, for the interval
ENOUGH = 5  # groups of a language; with fewer the interval is too narrow to warn by
COLUMNS = ("probe", "accuracy", "low", "high", "chance", "languages", "groups", "segments", "told")


class Probe(NamedTuple):
    """What a classifier may look at, in words and in columns, and what to do if it is enough."""

    name: str
    columns: tuple[str, ...]  # none for the long-term spectrum
    advice: str


PROBES = (
    Probe("level", ("rms_dbfs",), "normalise with `segment.level: -23`"),
    Probe(
        "bandwidth, SNR and noise floor",
        ("bandwidth_hz", "snr_db", "noise_dbfs"),
        "use the same devices for every language, or flags that make them alike",
    ),
    Probe(
        "length and silence",
        ("samples", "silence_share"),
        "cut the pauses alike in every language, or drop silent segments, with "
        "`flags: {silent: {above: 0.5, action: drop}}`",
    ),
    Probe(
        "the long-term spectrum",
        (),
        "it may be the voices or the devices; have more of both in every language",
    ),
)


def audible(segments: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the kept segments of languages with two groups or more; at most so many, by content.

    Only of these can be said how a language does on a group that was not heard before.
    """
    rows = segments[segments["fate"] == KEPT].sort_values(["content", "recording"])
    for count in (len(rows), most):  # fewer segments may be of fewer groups
        rows = rows.head(count)
        rows = rows[rows.groupby("language")["group"].transform("nunique") > 1]
    return rows


def features_of(segments: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Return these measures, shape (segments, columns); one that is not known is the mean."""
    table = segments[list(columns)].apply(numbers_of)
    return table.fillna(table.mean()).fillna(0).to_numpy()


def fewest_groups(languages: np.ndarray, groups: np.ndarray) -> int:
    """Return how many groups the language has that has the fewest.

    languages, groups: of each segment, text.
    """
    return min(len({*groups[languages == language]}) for language in {*languages})


def probed(
    features: np.ndarray, languages: np.ndarray, groups: np.ndarray, seed: int
) -> tuple[float, float, float]:
    """Return how often the language of an unheard group is told, and the ends of its interval.

    features: shape (segments, any).   languages, groups: of each segment, text.
    Mean over the languages (chance is 1 / languages) of a logistic regression, cross-validated by
    groups; the interval holds 95 % of what other draws of the groups would give.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names, language = np.unique(languages, return_inverse=True)
    _, group = np.unique(groups, return_inverse=True)
    model = make_pipeline(
        StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=1_000)
    )
    folds = StratifiedGroupKFold(
        min(FOLDS, fewest_groups(languages, groups)), shuffle=True, random_state=seed
    )
    guess = cross_val_predict(model, features, language, groups=group, cv=folds)

    heard = np.zeros((group.max() + 1, len(names)))
    right = np.zeros_like(heard)
    np.add.at(heard, (group, language), 1)
    np.add.at(right, (group, language), guess == language)
    random = np.random.default_rng(int(key_of("audit", seed)[:16], 16))
    drawn = random.multinomial(len(heard), np.full(len(heard), 1 / len(heard)), DRAWS)
    with np.errstate(invalid="ignore"):
        scores = np.nanmean((drawn @ right) / (drawn @ heard), axis=1)
    low, high = np.quantile(scores, [0.025, 0.975])
    return float(np.mean(right.sum(axis=0) / heard.sum(axis=0))), float(low), float(high)


def told(probe: Probe, accuracy: float, low: float, chance: float, fewest: int) -> str:
    """Return in words what a probe means; empty if it may as well be chance.

    fewest: groups of a language. The interval redraws only what was tested, not what was learnt, so
    it is a little narrow: the low end has to pass chance by a fifth. Of 100 made-up corpora each
    with nothing to find, and 2 to 5 languages of 5 to 12 groups, 0 to 5 had one.
    """
    if fewest < ENOUGH or low <= 1.2 * chance:
        return ""
    return (
        f"by {probe.name} alone the language is told {100 * accuracy:.0f} % of the time, "
        f"chance {100 * chance:.0f} %: {probe.advice}"
    )
