"""Write a page about the dataset: one file that opens offline.

    python scripts/report.py --dataset results/dataset --inventory results/inventory.csv \\
        --audio results/segments --settings '{}' --images 60 --sounds 20 \\
        --report results/report.html

The first images and sounds are in the page itself, up to these counts; others are linked.
"""

import argparse
import base64
import datetime
import hashlib
import itertools
import json
import logging
import platform
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

import jinja2
import pandas as pd

from lingogram import audits, datasets, files, flags, reports, segments

EACH, ASKED, GROUPS = 8, 200, 50  # images of a language or flag, segments to review, groups
VERSIONS = ("snakemake", "av", "numpy", "pandas", "pillow")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dataset", type=Path, required=True, help="folder of its tables")
    parser.add_argument("--inventory", type=Path, required=True)
    parser.add_argument("--audio", type=Path, required=True, help="folder of the segments")
    parser.add_argument("--settings", type=json.loads, required=True, help="JSON")
    parser.add_argument("--images", type=int, required=True, help="in the page, at most")
    parser.add_argument("--sounds", type=int, required=True, help="in the page, at most")
    parser.add_argument("--report", type=Path, required=True, help="page to write")
    args = parser.parse_args(argv)

    rows = pd.read_csv(args.dataset / "segments.csv", **files.TEXT).astype({"samples": int})
    ledger = pd.read_csv(args.dataset / "ledger.csv", **files.TEXT)
    fates = list(ledger.columns[3 : ledger.columns.get_loc("truncated")])
    ledger = ledger.astype(dict.fromkeys(["decoded", *fates], int))
    asked = pd.read_csv(args.dataset / "review.tsv", sep="\t", **files.TEXT)
    review = rows[rows["content"].isin(asked["content"])]
    raised = sorted({*" ".join(rows["flags"]).split()})
    sheets = [
        *rows[rows["flags"] == ""].groupby("language"),
        *((f"flag: {flag}", rows[flags.having(rows, [flag])]) for flag in raised),
    ]
    told = (args.dataset / "summary.txt").read_text().partition("\n\n")[2].splitlines()
    audit = pd.read_csv(args.dataset / "audit.csv", keep_default_na=False)
    groups, group_count = reports.groups(rows, segments.RATE, GROUPS)
    leaks = pd.read_csv(args.dataset / "leaks.csv", keep_default_na=False).to_dict("records")
    page = Page(args.report.parent, args.audio, args.settings["flags"], args.images, args.sounds)
    content = (
        environment()
        .get_template("report.html")
        .render(
            title="Lingogram dataset",
            made=f"Made on {datetime.date.today()} from {len(ledger)} recordings.",
            figures=reports.figures(rows, ledger, segments.RATE),
            warnings=[*reports.warnings(rows, segments.RATE), *filter(None, audit["told"]), *told],
            audit=audit.to_dict("records"),
            enough=audits.ENOUGH,
            audited=sorted({*audits.audible(rows, len(rows))["language"]}),
            funnel=reports.funnel(ledger, fates, segments.RATE),
            colours=reports.colours(fates),
            languages=reports.languages(rows, segments.RATE),
            genders=(rows["gender"] != "").any(),
            shares=reports.shares(rows),
            wanted=args.settings["split"]["shares"],
            shared=args.settings["split"]["group"],
            leaks=leaks,
            groups=groups,
            group_count=group_count,
            histograms=reports.histograms(rows),
            decisions=flags.DECISIONS,
            review=page.cards(reports.sheet(review, ASKED)),
            review_count=len(asked),
            sheets=[(name, page.cards(reports.sheet(some, EACH))) for name, some in sheets],
            provenance=provenance(args.settings, args.inventory),
        )
    )
    args.report.write_text(content, encoding="utf-8")
    logging.info("%s: %.1f MB", args.report, len(content) / 1e6)


class Page:
    """Where images and sounds are: the first of them in the page, the others beside it."""

    def __init__(self, folder, audio, flags, images, sounds):
        self.folder, self.audio, self.flags = folder, audio, flags
        self.images, self.sounds = itertools.count(-images), itertools.count(-sounds)

    def cards(self, rows):
        for row in rows:
            sound = self.audio / row["recording"] / f"{segments.name_of(row['index'])}.wav"
            row["told"], row["why"] = reports.told(row), reports.why(row, self.flags)
            row["image"] = self.place(Path(row["path"]), "image/png", next(self.images) < 0)
            row["audio"] = self.place(
                sound, "audio/wav", bool(row["flags"]) and next(self.sounds) < 0
            )
        return rows

    def place(self, path, kind, inside):
        if inside:
            return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
        return quote(str(path.relative_to(self.folder)))


def environment():
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True
    )
    found.filters["seconds"] = lambda value: f"{value:,.1f} s"
    found.filters["figure"] = figure
    return found


def figure(value, digits):
    """Return a number with so many digits after the point, and what stands for -inf as that."""
    return "-∞" if value == datasets.SILENCE else f"{value:,.{digits}f}"


def provenance(settings, inventory):
    versions = {"python": platform.python_version()}
    versions |= {name: metadata.version(name) for name in VERSIONS}
    content = hashlib.sha256(inventory.read_bytes()).hexdigest()
    known = {"settings": settings, "versions": versions, "inventory.csv, SHA-256": content}
    return json.dumps(known, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    main()
