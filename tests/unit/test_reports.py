"""What the page shows adds up and says what it should."""

import numpy as np
import pandas as pd
import pytest

from lingogram import datasets, quality, reports
from tables import FATES, corpus, ledger_of

RATE = 16_000


def rows_of(counts, **columns):
    """Return a corpus with all the columns that a page needs."""
    rows = corpus(counts).assign(gender="", split="training", flags="", path="x.png")
    rows["content"] = [f"{number:04}" for number in range(len(rows))]
    measures = dict.fromkeys(quality.MEASURES, "0")
    return rows.assign(**measures, **columns)


def test_the_funnel_spends_every_second():
    rows = rows_of({"de": 20, "en": 30})
    rows.loc[::5, "fate"] = "constant"
    found = reports.funnel(ledger_of(rows), FATES, RATE)
    assert [row["language"] for row in found] == ["all", "de", "en"]
    for row, seconds in zip(found, (500, 200, 300)):
        assert row["seconds"] == sum(part["seconds"] for part in row["parts"]) == seconds
        assert sum(part["share"] for part in row["parts"]) == pytest.approx(1)
        assert [part["fate"] for part in row["parts"]] == ["kept", "constant"]
    assert {*reports.colours(FATES)} == {*FATES}
    assert len({*reports.colours(FATES).values()}) == len(FATES)
    figures = {name: value for value, name in reports.figures(rows, ledger_of(rows), RATE)}
    assert figures["segments"] == "40" and figures["decoded"] == "8.3 min"


def test_languages_and_groups_are_what_is_kept():
    rows = rows_of({"de": 12, "en": 18}, gender="f")
    rows.loc[rows["group"] == "speaker:de0", "split"] = "testing"
    rows.loc[rows["group"] == "speaker:de1", "fate"] = "balance"
    german, english = reports.languages(rows, RATE)
    parts = {part["split"]: part for part in german["parts"]}
    assert parts["all"] == {"split": "all", "minutes": 10 / 6, "segments": 10, "groups": 5}
    assert (parts["testing"]["segments"], parts["testing"]["groups"]) == (2, 1)
    assert german["genders"] == "5 f" and english["parts"][0]["groups"] == 6
    found, count = reports.groups(rows, RATE, 3)
    assert count == 11 and [group["segments"] for group in found] == [3, 3, 3]


def test_histograms_have_the_same_bins_for_all_languages_and_skip_what_is_not_known():
    rows = rows_of({"de": 20, "en": 20})
    rows["snr_db"] = ["10"] * 20 + ["30"] * 20
    rows.loc[0, ["snr_db", "rms_dbfs"]] = ["", "-inf"]
    plots = {plot["title"]: plot for plot in reports.histograms(rows)}
    german, english = plots["SNR (WADA)"]["rows"]
    assert german["heights"].index(1) == 0 and english["heights"].index(1) == reports.BINS - 1
    assert (german["median"], english["median"]) == (10, 30)
    assert len(plots) == len(reports.SHOWN)


def test_warnings_name_the_languages():
    rows = rows_of({"de": 6, "en": 6}, gender="f")
    rows.loc[rows["language"] == "de", "group"] = "speaker:one"
    rows["device"] = np.where(rows["language"] == "de", "phone", rows["group"])
    one, few, short, skewed, device = reports.warnings(rows, RATE)
    assert device == "recorded with one device: de phone"
    assert len(reports.warnings(rows.drop(columns="device"), RATE)) == 4
    assert one.startswith("one speaker or recording") and one.endswith(": de")
    assert few.endswith(": en 6") and short.endswith("less than 5 hours: de 1 min, en 1 min")
    assert skewed.endswith(": de 100% f, en 100% f")


def test_a_sheet_is_chosen_by_content_and_needs_images():
    rows = rows_of({"de": 9})
    rows.loc[2, "path"] = ""
    shuffled = rows.sample(frac=1, random_state=1)
    found = [row["content"] for row in reports.sheet(shuffled, 3)]
    assert found == ["0000", "0001", "0003"]
    assert len(reports.sheet(rows.assign(content="same"), 3)) == 1


def test_a_segment_is_told_in_a_line():
    row = pd.Series({"rms_dbfs": "-20.123", "snr_db": "31.6", "bandwidth_hz": "4343.75"})
    assert reports.told(row) == "-20.1 dBFS, SNR 32 dB, up to 4.3 kHz"
    assert reports.told(row.replace({"31.6": ""})) == "-20.1 dBFS, up to 4.3 kHz"
    assert reports.told(row.replace({"4343.75": ""})) == "-20.1 dBFS, SNR 32 dB"
    assert datasets.KEPT in reports.colours(["kept"])
