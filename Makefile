# make         set up, and make the dataset of a small demo corpus
# make test    set up, and run the tests
# make check   the tests and the linters, as CI does
# make bench   measure against the chain of ffmpeg, sox and Pillow
# make lock    write the lock files anew from pyproject.toml
# make clean   remove the environment and the demo

PYTHON ?= python3
WORKFLOW := Snakefile rules scripts config profiles
export PATH := $(CURDIR)/.venv/bin:$(PATH)
.DELETE_ON_ERROR:
.PHONY: demo test check bench lock clean

demo: .venv/main
	@mkdir -p demo
	@cd demo && for part in $(WORKFLOW); do ln -sfn "../$$part" "$$part"; done
	python scripts/demo.py --recordings demo/recordings
	cd demo && snakemake --cores all
	@echo
	@echo "The dataset of the demo is in demo/results/dataset, its images in demo/results/spectrograms."
	@echo "To look at it and listen to it, open demo/results/report.html in a browser."
	@echo "For your own: put recordings into recordings/<language>/<speaker>/, then"
	@echo "    . .venv/bin/activate"
	@echo "    snakemake -j8"
	@echo "or, with the recordings anywhere else:"
	@echo "    snakemake -j8 --config recordings=/any/folder"

test: .venv/test
	python -m pytest

check: .venv/test demo
	ruff check .
	ruff format --check .
	snakefmt --check .
	cd demo && snakemake --lint
	python -m pytest

bench: .venv/test
	PYTHONPATH=scripts python tests/bench.py

.venv/main: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@touch $@

.venv/test: requirements-test.lock .venv/main
	python -m pip install --quiet --disable-pip-version-check --requirement requirements-test.lock
	@touch $@

lock:
	uv pip compile --quiet --universal --upgrade --extra demo --no-emit-index-url \
		--output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --extra demo --extra vad --extra test --no-emit-index-url \
		--constraint requirements.lock --output-file requirements-test.lock pyproject.toml

clean:
	rm -rf .venv demo
