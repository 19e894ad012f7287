rule spectrogram:
    """Draw the spectrogram of each segment of a batch."""
    input:
        decoded="results/batches/{batch}/decoded.csv",
        segments="results/batches/{batch}/segments.csv",
        script="scripts/spectrogram.py",
        modules=[
            "scripts/lingogram/files.py",
            "scripts/lingogram/segments.py",
            "scripts/lingogram/sox.py",
            "scripts/lingogram/spectrograms.py",
        ],
    output:
        spectrograms="results/batches/{batch}/spectrograms.csv",
    log:
        "results/logs/spectrogram/{batch}.log",
    benchmark:
        "results/benchmarks/spectrogram/{batch}.tsv"
    conda:
        "../environment.yml"
    threads: 1
    resources:
        mem_mb=200,
    params:
        environment=config["spectrogram"]["environment"],
        seed=config["spectrogram"]["seed"],
    shell:
        "python {input.script:q} --decoded {input.decoded:q} --segments {input.segments:q}"
        " --audio results/segments --environment {params.environment} --seed {params.seed}"
        " --images results/spectrograms --spectrograms {output.spectrograms:q}"
        " 2> {log:q} || {{ cat {log:q} >&2; false; }}"
