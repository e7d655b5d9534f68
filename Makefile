# Two commands for a newcomer: `make demo` runs the main job, `make test` runs every test.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check bench clean

demo: .venv/installed
	$(BIN)/carbonledger report seeds/techen-2024

test: .venv/installed-dev
	@command -v java >/dev/null || echo "No Java runtime: the PySpark test is left out (.ci/run installs one)."
	$(BIN)/python -m pytest -q $(if $(shell command -v java),,-m "not spark")

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py README.md docs carbonledger

bench: .venv/installed-dev
	$(BIN)/python -m benchmarks

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[excel]'
	touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch .venv/installed $@

clean:
	rm -rf .venv dist build
