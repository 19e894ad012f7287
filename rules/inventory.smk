"""The inventory is taken while Snakemake plans, so that a dry run, too, sees what has changed.

It writes results/inventory.csv and a table for each batch of recordings, with their content
hashes: the tables are the inputs of all that follows. A second run, and a job on a cluster, takes
what is there.
"""

import subprocess

if workflow.is_main_process and not any(Path(".snakemake/locks").glob("*")):
    inventory = subprocess.run(
        [
            *(sys.executable, "scripts/inventory.py", "--results", "results"),
            f"--recordings={config['recordings']['path']}",
            *("--format", config["recordings"]["format"]),
            *("--batch-recordings", str(config["batch"]["recordings"])),
            *("--group", *config["split"]["group"]),
            *("--on-bad-recording", config["on_bad_recording"]),
        ]
    )
    if inventory.returncode:
        sys.exit(inventory.returncode)
