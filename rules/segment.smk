rule segment:
    """Cut the recordings of a batch into segments of 16 kHz, 16-bit, mono audio."""
    input:
        batch="results/batches/{batch}/recordings.tsv",
        script="scripts/segment.py",
        modules=[
            "scripts/lingogram/audio.py",
            "scripts/lingogram/files.py",
            "scripts/lingogram/headers.py",
            "scripts/lingogram/recordings.py",
            "scripts/lingogram/segments.py",
        ],
    output:
        decoded="results/batches/{batch}/decoded.csv",
        segments="results/batches/{batch}/segments.csv",
    log:
        "results/logs/segment/{batch}.log",
    benchmark:
        "results/benchmarks/segment/{batch}.tsv"
    conda:
        "../environment.yml"
    threads: 1
    resources:
        mem_mb=200,
    params:
        # a function of the input does not count as a setting: a corpus may move for nothing
        recordings=lambda wildcards, input: config["recordings"]["path"],
        seconds=config["segment"]["seconds"],
        remainder=config["segment"]["remainder"],
        level=[] if config["segment"]["level"] is None else ["--level", config["segment"]["level"]],
    shell:
        "python {input.script:q} --batch {input.batch:q} --recordings={params.recordings:q}"
        " --seconds {params.seconds} --remainder {params.remainder} {params.level}"
        " --audio results/segments"
        " --decoded {output.decoded:q} --segments {output.segments:q}"
        " 2> {log:q} || {{ cat {log:q} >&2; false; }}"
