rule quality:
    """Measure the segments and images of a batch."""
    input:
        spectrograms="results/batches/{batch}/spectrograms.csv",
        script="scripts/quality.py",
        modules=[
            "scripts/lingogram/files.py",
            "scripts/lingogram/quality.py",
            "scripts/lingogram/segments.py",
            "scripts/lingogram/sox.py",
            "scripts/lingogram/spectrograms.py",
            "scripts/lingogram/speech.py",
        ],
    output:
        quality="results/batches/{batch}/quality.csv",
    log:
        "results/logs/quality/{batch}.log",
    benchmark:
        "results/benchmarks/quality/{batch}.tsv"
    conda:
        "../environment.yml"
    threads: 1
    resources:
        mem_mb=200,
    params:
        silence=config["quality"]["silence"],
        speech=str(config["quality"]["speech"]).lower(),
    shell:
        "python {input.script:q} --spectrograms {input.spectrograms:q} --audio results/segments"
        " --images results/spectrograms --silence {params.silence} --speech {params.speech}"
        " --quality {output.quality:q}"
        " 2> {log:q} || {{ cat {log:q} >&2; false; }}"
