from urllib.parse import unquote

BATCHES = glob_wildcards("results/batches/{batch}/recordings.tsv").batch
LANGUAGES = glob_wildcards("results/batches/{language}/{number}/recordings.tsv").language
UNLABELLED = sorted({*map(unquote, LANGUAGES)} - {*map(unquote, config["dataset"]["labels"])})

if config["dataset"]["labels"] and UNLABELLED:
    sys.exit(f"config: dataset.labels lacks {', '.join(UNLABELLED)}; add it, or empty the list")


rule dataset:
    """Split, label and balance all segments, and account for every sample."""
    input:
        inventory="results/inventory.csv",
        decoded=expand("results/batches/{batch}/decoded.csv", batch=BATCHES),
        segments=expand("results/batches/{batch}/segments.csv", batch=BATCHES),
        spectrograms=expand("results/batches/{batch}/spectrograms.csv", batch=BATCHES),
        quality=expand("results/batches/{batch}/quality.csv", batch=BATCHES),
        review=config["review"] or [],
        script="scripts/dataset.py",
        modules=[
            "scripts/lingogram/datasets.py",
            "scripts/lingogram/files.py",
            "scripts/lingogram/flags.py",
            "scripts/lingogram/quality.py",
            "scripts/lingogram/segments.py",
            "scripts/lingogram/splits.py",
            "scripts/lingogram/summaries.py",
        ],
    output:
        "results/dataset/training.csv",
        "results/dataset/validation.csv",
        "results/dataset/testing.csv",
        "results/dataset/segments.csv",
        "results/dataset/labels.csv",
        "results/dataset/ledger.csv",
        "results/dataset/review.tsv",
        "results/dataset/summary.txt",
    log:
        "results/logs/dataset.log",
    benchmark:
        "results/benchmarks/dataset.tsv"
    conda:
        "../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
    params:
        flags=[
            word
            for name, flag in sorted(config["flags"].items())
            for side in ("below", "above")
            if side in flag
            for word in ("--flag", name, flag["measure"], side, flag[side], flag["action"])
        ],
        shares=[config["dataset"]["shares"][s] for s in ("training", "validation", "testing")],
        seed=config["dataset"]["seed"],
        balance=config["dataset"]["balance"],
        labels=config["dataset"]["labels"],
        on_bad_recording=config["on_bad_recording"],
    shell:
        "python {input.script:q} --inventory {input.inventory:q} --batches results/batches"
        " --images results/spectrograms {params.flags} --review {input.review:q}"
        " --shares {params.shares}"
        " --seed {params.seed} --balance {params.balance} --labels {params.labels:q}"
        " --on-bad-recording {params.on_bad_recording} --output results/dataset"
        " 2> {log:q} || {{ cat {log:q} >&2; false; }}"
