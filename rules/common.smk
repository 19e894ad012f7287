"""What holds for all rules: the settings are valid, and commands find this Python."""

import shlex
import sys
from pathlib import Path

from snakemake.utils import min_version, validate

min_version("9.0")
validate(config, "../config/config.schema.yaml", set_default=False)

# Jobs run the `python` on the path, also where snakemake was called by its full path; they are
# many and small, so none starts threads of its own.
shell.prefix(
    f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"'
    " OPENBLAS_NUM_THREADS=1; "
)


wildcard_constraints:
    batch=r".+/\d{4,9}",


onstart:
    shell("python scripts/prune.py --results results")


onsuccess:
    if Path("results/dataset/summary.txt").is_file():
        print(Path("results/dataset/summary.txt").read_text(), file=sys.stderr)
