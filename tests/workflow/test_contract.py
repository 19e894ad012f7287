"""What is declared is true: rules and imports, settings and their documents, locks, the README."""

import ast
import html
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

import deployed
from lingogram import corpora, datasets, quality, readers

ROOT = deployed.ROOT
LIBRARY = ROOT / "scripts" / "lingogram"
RULES = ("segment", "spectrogram", "quality", "dataset", "audit", "report")


def imported(path):
    """Return the library modules a file imports, and those that they import in turn."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "lingogram":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lingogram."):
            found.add(node.module.removeprefix("lingogram."))
    return found.union(*(imported(LIBRARY / f"{name}.py") for name in found))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_declares_what_its_script_imports(rule):
    declared = re.findall(r'"(scripts/[^"]+)"', (ROOT / "rules" / f"{rule}.smk").read_text())
    modules = [
        f"scripts/lingogram/{name}.py" for name in sorted(imported(ROOT / f"scripts/{rule}.py"))
    ]
    assert [name for name in declared if name.endswith(".py")] == [f"scripts/{rule}.py", *modules]


def test_the_library_knows_nothing_of_snakemake():
    for path in LIBRARY.glob("*.py"):
        assert "snakemake" not in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.M)


@pytest.mark.parametrize("script", ["segment", "spectrogram", "quality"])
def test_a_batch_script_starts_without_heavy_modules(script):
    code = f"import sys; sys.path[0] = 'scripts'; import {script}; print(*sys.modules)"
    loaded = subprocess.run(
        ["python", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = {"scipy", "pandas", "matplotlib", "PIL", "soundfile", "snakemake", "multiprocessing"}
    heavy |= {"av"} if script != "segment" else set()
    assert not heavy & set(loaded.stdout.split())


def keys(settings, prefix=""):
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def test_settings_their_schema_and_their_document_agree():
    settings = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    schema = yaml.safe_load((ROOT / "config/config.schema.yaml").read_text())

    flags = settings["flags"]  # anyone may add one, so the schema does not know their names
    settings["flags"] = dict.fromkeys(flags)
    schema["properties"]["flags"] = {
        **{"required": list(flags), "properties": {key: {} for key in flags}},
        "additionalProperties": False,
    }

    def plain(node):
        properties = node.get("properties")
        assert not properties or node["required"] == list(properties)
        assert not properties or node["additionalProperties"] is False
        return {key: plain(value) for key, value in properties.items()} if properties else None

    documented = re.findall(r"^\| `([\w.]+)` \|", (ROOT / "config/README.md").read_text(), re.M)
    assert (
        list(readers.READERS) == schema["properties"]["recordings"]["properties"]["format"]["enum"]
    )
    names = list(keys(settings))
    assert names == list(keys(plain(schema))) == [name for name in documented if name in names]
    assert not [name for name in documented if "." in name and name not in names]


def test_a_flag_may_be_of_any_measure_and_of_no_fate():
    schema = yaml.safe_load((ROOT / "config/config.schema.yaml").read_text())
    flags = schema["properties"]["flags"]
    measures = flags["additionalProperties"]["properties"]["measure"]["enum"]
    assert measures == [name for name in quality.MEASURES if name != "image_hash"]
    assert {*flags["propertyNames"]["not"]["enum"]} == {*columns_of_files()["dataset/ledger.csv"]}


def columns_of_files():
    import dataset
    import inventory
    import segment
    from lingogram import audits, flags, groups, labels, leaks, segments, spectrograms

    return {
        "inventory.csv": inventory.COLUMNS,
        "recordings.tsv": inventory.BATCH_COLUMNS,
        "decoded.csv": segment.DECODED_COLUMNS,
        "segments.csv": segments.COLUMNS,
        "spectrograms.csv": spectrograms.COLUMNS,
        "quality.csv": quality.COLUMNS,
        "dataset/segments.csv": dataset.COLUMNS,
        "dataset/review.tsv": flags.REVIEW_COLUMNS,
        "dataset/audit.csv": audits.COLUMNS,
        "dataset/labels.csv": labels.COLUMNS,
        "dataset/leaks.csv": leaks.COLUMNS,
        "dataset/splits.tsv": groups.COLUMNS,
        "dataset/ledger.csv": [
            *("recording", "language", "decoded", *datasets.fates_of([])),
            *(*datasets.TROUBLE, *datasets.AUDIT),
        ],
    }


def test_a_table_cannot_have_columns_that_mean_something_else():
    names = columns_of_files()
    ours = {*names["inventory.csv"], *names["dataset/segments.csv"]}
    assert ours - {"path", *corpora.METADATA} == readers.TAKEN


def test_every_column_is_documented():
    text = (ROOT / "config/README.md").read_text()
    for name, columns in columns_of_files().items():
        assert f"`{name}`" in text
        for column in columns:
            assert re.search(rf"^\| .*`{column}`.* \|", text, re.M), f"{column} of {name}"


def test_the_conda_environment_agrees_with_the_lock():
    lock = dict(
        re.findall(
            r"^([\w.-]+)==([\w.]+)(?: ;.*< '3\.12')?$",
            (ROOT / "requirements-test.lock").read_text(),
            re.M,
        )
    )
    names = {"snakemake-minimal": "snakemake", "pysoundfile": "soundfile"}
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pinned = [
        entry.split(" =")
        for entry in environment
        if " =" in entry and not entry.startswith("python ")
    ]
    assert len(pinned) >= 7
    for name, version in pinned:
        assert lock[names.get(name, name)] == version, name
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.match(r"[\w-]+", entry)[0] for entry in project["dependencies"]}
    assert needed <= {names.get(entry.split()[0], entry.split()[0]) for entry in environment}


def test_the_rule_graph_of_the_readme_is_that_of_the_workflow(finished):
    def edges(arrows, labels):
        return {(labels[one], labels[other]) for one, other in arrows}

    live = finished.call("--rulegraph", "dot").stdout
    drawn = html.unescape((ROOT / "docs/rulegraph.svg").read_text())
    assert edges(
        re.findall(r"<title>(\d+)->(\d+)</title>", drawn),
        dict(re.findall(r"<title>(\d+)</title>.*?<text[^>]*>(\w+)</text>", drawn, re.S)),
    ) == edges(
        re.findall(r"(\d+) -> (\d+)", live), dict(re.findall(r'(\d+)\[label = "(\w+)"', live))
    )


def test_locks_name_no_host():
    for lock in ("requirements.lock", "requirements-test.lock"):
        assert "://" not in (ROOT / lock).read_text()


def test_every_command_of_the_readme_exists():
    text = (ROOT / "README.md").read_text()
    commands = re.findall(r"^ {4}(\S.*)$|`((?:make|python|snakemake)[^`]*)`", text, re.M)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M)
    seen = set()
    for command in (one or other for one, other in commands):
        words = command.partition("#")[0].split()
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= set(targets), command
        elif words[0] == "python":
            assert (ROOT / words[1]).is_file(), command
        seen.add(words[0])
    assert {"make", "snakemake"} <= seen
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / link).exists(), link


def test_sizes_stay_small():
    limits = {
        "Snakefile": 40,
        "rules/*.smk": 120,
        "scripts/*.py": 165,
        "scripts/lingogram/*.py": 250,
    }
    for pattern, limit in limits.items():
        for path in ROOT.glob(pattern):
            assert len(path.read_text().splitlines()) <= limit, path


def test_no_secret_place_is_named():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in files.stdout.split("\n"):
        path = ROOT / name
        if path.suffix in (".py", ".smk", ".md", ".yaml", ".yml", ".toml") and path != Path(
            __file__
        ):
            assert not re.search(r"(?<![\w.])/(work|root|home)/", path.read_text()), name
