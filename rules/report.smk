import json


rule report:
    """Write a page about the dataset that opens offline."""
    input:
        inventory="results/inventory.csv",
        segments="results/dataset/segments.csv",
        ledger="results/dataset/ledger.csv",
        leaks="results/dataset/leaks.csv",
        review="results/dataset/review.tsv",
        summary="results/dataset/summary.txt",
        audit="results/dataset/audit.csv",
        script="scripts/report.py",
        page="scripts/report.html",
        modules=[
            "scripts/lingogram/audits.py",
            "scripts/lingogram/datasets.py",
            "scripts/lingogram/duplicates.py",
            "scripts/lingogram/files.py",
            "scripts/lingogram/flags.py",
            "scripts/lingogram/groups.py",
            "scripts/lingogram/reports.py",
            "scripts/lingogram/segments.py",
            "scripts/lingogram/splits.py",
        ],
    output:
        report("results/report.html", caption="report.rst", category="Dataset"),
    log:
        "results/logs/report.log",
    benchmark:
        "results/benchmarks/report.tsv"
    conda:
        "../environment.yml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        settings=json.dumps({k: v for k, v in config.items() if k not in ("recordings", "batch")}),
        images=config["report"]["images"],
        sounds=config["report"]["sounds"],
    shell:
        "python {input.script:q} --dataset results/dataset --inventory {input.inventory:q}"
        " --audio results/segments --settings {params.settings:q} --images {params.images}"
        " --sounds {params.sounds} --report {output:q}"
        " 2> {log:q} || {{ cat {log:q} >&2; false; }}"
