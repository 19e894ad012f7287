rule audit:
    """Try to tell the language by level, bandwidth, noise and silence alone."""
    input:
        segments="results/dataset/segments.csv",
        script="scripts/audit.py",
        modules=[
            "scripts/lingogram/audits.py",
            "scripts/lingogram/datasets.py",
            "scripts/lingogram/duplicates.py",
            "scripts/lingogram/files.py",
            "scripts/lingogram/flags.py",
            "scripts/lingogram/segments.py",
            "scripts/lingogram/sox.py",
            "scripts/lingogram/spectrograms.py",
            "scripts/lingogram/splits.py",
        ],
    output:
        audit=report("results/dataset/audit.csv", caption="audit.rst", category="Dataset"),
    log:
        "results/logs/audit.log",
    benchmark:
        "results/benchmarks/audit.tsv"
    conda:
        "../environment.yml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        most=config["audit"]["segments"],
        seed=config["split"]["seed"],
    shell:
        "python {input.script:q} --segments {input.segments:q} --most {params.most}"
        " --seed {params.seed} --audit {output.audit:q}"
        " 2> {log:q} || {{ cat {log:q} >&2; false; }}"
