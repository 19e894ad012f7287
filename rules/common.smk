"""What holds for all rules: the settings are valid, and commands find this Python."""

import shlex
import sys
from pathlib import Path

import jsonschema
import yaml
from snakemake.utils import min_version

min_version("9.5")

if not isinstance(config["recordings"], dict):  # --config recordings=FOLDER
    config["recordings"] = {"path": str(config["recordings"]), "format": "plain"}
# one table or column may stand without brackets
for section, setting in ((config, "review"), (config.get("split"), "group")):
    if isinstance(section, dict) and isinstance(section.get(setting), str):
        section[setting] = [section[setting]] if section[setting] else []
schema = yaml.safe_load(Path(workflow.basedir, "config/config.schema.yaml").read_text())
wrong = [
    f"config: {'.'.join(map(str, error.absolute_path)) or 'settings'}: {error.message}"
    for error in jsonschema.Draft202012Validator(schema).iter_errors(config)
]
if not wrong:
    wrong = [
        f"config: review: {table}: no such file"
        for table in config["review"]
        if not Path(table).is_file()
    ]
if wrong:
    sys.exit("\n".join([*wrong, "config/README.md explains every setting"]))

# Jobs run the `python` on the path, also where snakemake was called by its full path; they are
# many and small, so none starts threads of its own.
shell.prefix(
    f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"'
    " OPENBLAS_NUM_THREADS=1; "
)


wildcard_constraints:
    batch=r".+/\d{4,9}",


onsuccess:
    shell("python scripts/prune.py --results results")
    if Path("results/dataset/summary.txt").is_file():
        print(Path("results/dataset/summary.txt").read_text(), file=sys.stderr)
