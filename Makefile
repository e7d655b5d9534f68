# Two commands for a newcomer: `make demo` runs the main job, `make test` runs the fast tests.
# Every step that fails ends its target; nothing is run with `|| true` or `-` in front.
PYTHON ?= python3
BIN := .venv/bin
# Tests whose program the machine lacks are left out; .ci/run installs all of them, so that the main branch is held to every test.
LACKING := $(strip $(if $(shell command -v java),,spark) $(if $(shell command -v soffice),,soffice) $(if $(shell command -v chromium || command -v chromium-browser || command -v google-chrome),,browser) $(if $(shell command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null),,postgres))
EMPTY :=
AVAILABLE := $(if $(LACKING),not ($(subst $(EMPTY) $(EMPTY), or ,$(LACKING))))

.PHONY: demo test test-all hunt test-bare test-wheel lint check docs changelog bench clean

# Its exit code 1 is the verdict that printed figures of this company are in doubt; any other one is a failure.
demo: .venv/installed
	@$(BIN)/carbonledger report seeds/techen-2024 || test $$? -eq 1

# The fast lane: two processes (a whole file in one, since the examples of a page build on each other; the long files first, as conftest.py
# orders them), few Hypothesis examples, without the tests marked slow.
test: .venv/installed-dev
	@$(if $(LACKING),echo "This machine lacks a program for the tests marked $(LACKING); they are left out (.ci/run installs it).")
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --hypothesis-profile=fast -m "not slow$(if $(AVAILABLE), and $(AVAILABLE))"

# Every test, and the floor of the coverage ([tool.coverage.report] in pyproject.toml).
test-all: .venv/installed-dev
	@$(if $(LACKING),echo "This machine lacks a program for the tests marked $(LACKING); they are left out (.ci/run installs it).")
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --hypothesis-profile=ci --cov --cov-report=term --durations=20 $(if $(AVAILABLE),-m "$(AVAILABLE)")

# New examples for every law, until one breaks; for an evening, not for a change.
hunt: .venv/installed-dev
	$(BIN)/python -m pytest -q -n 2 --hypothesis-profile=hunt -m hypothesis

# The library as people get it, each time in an environment of its own: the sdist without extras, and the wheel, whose environment
# also builds both, with the extras for workbooks and reports, in which the yearly round is run.
QUIETLY := -m pip install --quiet --disable-pip-version-check -c constraints.txt
INSTALLED_TESTS := bin/python -m pytest -q -p no:cacheprovider --noconftest -c /dev/null --rootdir=.

test-bare: build/dist
	rm -rf build/bare
	$(PYTHON) -m venv build/bare
	build/bare/bin/python $(QUIETLY) build/dist/*.tar.gz pytest
	cd build/bare && $(INSTALLED_TESTS) ../../.ci/test_without_extras.py ../../.ci/test_packaging.py

test-wheel: build/dist
	build/wheel/bin/python $(QUIETLY) "$$(echo build/dist/*.whl)[excel,report]" pytest
	cd build/wheel && $(INSTALLED_TESTS) ../../.ci/test_yearly_round.py ../../.ci/test_packaging.py

.PHONY: build/dist
build/dist:
	rm -rf build/dist build/wheel
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/python $(QUIETLY) hatchling
	build/wheel/bin/python -m hatchling build -d build/dist

# docs/findings.md is written from the catalogue and held to it by a test; its thousands of items would take the scan minutes.
lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pymarkdown scan -e docs/findings.md README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md docs
	$(BIN)/towncrier build --draft --version next >/dev/null

# What to run before a change is shown to others; test-all runs these examples too.
check: lint
	$(BIN)/python -m pytest -q tests/test_architecture.py README.md docs carbonledger

# The site, in build/site/docs/index.html: every warning is an error, and nothing is fetched.
docs: .venv/installed-dev
	rm -rf build/site
	$(BIN)/python -m sphinx -c docs -b html -j 2 -q --fail-on-warning --keep-going . build/site

# How the fragments in docs/changes will read in CHANGELOG.md; nothing is written.
changelog: .venv/installed-dev
	$(BIN)/towncrier build --draft --version next

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
