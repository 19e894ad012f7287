from urllib.parse import unquote

BATCHES = glob_wildcards("results/batches/{batch}/recordings.tsv").batch
LANGUAGES = glob_wildcards("results/batches/{language}/{number}/recordings.tsv").language
UNLABELLED = sorted({*map(unquote, LANGUAGES)} - {*map(unquote, config["labels"])})

if config["labels"] and UNLABELLED:
    sys.exit(f"config: labels lacks {', '.join(UNLABELLED)}; add it, or empty the list")


rule dataset:
    """Split, label and balance all segments, and account for every sample."""
    input:
        inventory="results/inventory.csv",
        decoded=expand("results/batches/{batch}/decoded.csv", batch=BATCHES),
        segments=expand("results/batches/{batch}/segments.csv", batch=BATCHES),
        spectrograms=expand("results/batches/{batch}/spectrograms.csv", batch=BATCHES),
        quality=expand("results/batches/{batch}/quality.csv", batch=BATCHES),
        review=config["review"],
        script="scripts/dataset.py",
        modules=[
            "scripts/lingogram/balance.py",
            "scripts/lingogram/datasets.py",
            "scripts/lingogram/duplicates.py",
            "scripts/lingogram/files.py",
            "scripts/lingogram/flags.py",
            "scripts/lingogram/groups.py",
            "scripts/lingogram/labels.py",
            "scripts/lingogram/leaks.py",
            "scripts/lingogram/quality.py",
            "scripts/lingogram/segments.py",
            "scripts/lingogram/splits.py",
            "scripts/lingogram/summaries.py",
        ],
    output:
        # What is there stays until the job is done; splits.tsv and labels.csv are read, too.
        # After a job that failed there is no leaks.csv, so that the next run tries again.
        "results/dataset/leaks.csv",
        update("results/dataset/training.csv"),
        update("results/dataset/validation.csv"),
        update("results/dataset/testing.csv"),
        update("results/dataset/segments.csv"),
        update("results/dataset/labels.csv"),
        update("results/dataset/ledger.csv"),
        update("results/dataset/splits.tsv"),
        update("results/dataset/review.tsv"),
        update("results/dataset/summary.txt"),
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
        on_bad_recording=config["on_bad_recording"],
        group=config["split"]["group"],
        shares=[config["split"]["shares"][s] for s in ("training", "validation", "testing")],
        seed=config["split"]["seed"],
        accept=config["split"]["accept"],
        balance=[config["balance"][key] for key in ("to", "measure", "splits")],
        genders=str(config["balance"]["genders"]).lower(),
        labels=config["labels"],
    shell:
        "python {input.script:q} --inventory {input.inventory:q} --batches results/batches"
        " --images results/spectrograms {params.flags} --review {input.review:q}"
        " --on-bad-recording {params.on_bad_recording} --group {params.group:q}"
        " --shares {params.shares} --seed {params.seed} --accept {params.accept:q}"
        " --balance {params.balance} --genders {params.genders} --labels {params.labels:q}"
        " --output results/dataset"
        " 2> {log:q} || {{ cat {log:q} >&2; false; }}"
