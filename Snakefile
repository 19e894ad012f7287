"""Recordings of speech in, a spectrogram dataset for spoken-language identification out."""


configfile: "config/config.yaml"


include: "rules/common.smk"
include: "rules/inventory.smk"
include: "rules/segment.smk"
include: "rules/spectrogram.smk"
include: "rules/quality.smk"
include: "rules/dataset.smk"
include: "rules/audit.smk"
include: "rules/report.smk"


rule all:
    """Make the dataset: a list of images and labels a split, and the account of every sample."""
    default_target: True
    input:
        "results/dataset/training.csv",
        "results/dataset/validation.csv",
        "results/dataset/testing.csv",
        "results/dataset/segments.csv",
        "results/dataset/labels.csv",
        "results/dataset/ledger.csv",
        "results/dataset/leaks.csv",
        "results/dataset/splits.tsv",
        "results/dataset/audit.csv",
        "results/report.html",
