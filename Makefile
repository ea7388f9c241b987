# `make run` and `make test` are all there is to know: each sets itself up first.
#
#   make run      open the reading window, on the demo patient where nothing was read yet;
#                 without a display: read the demo patient, leave the PDF and a picture of the window
#   make test     all tests                 make test TESTS=tests/unit/segmentation
#   make check    format, lint, types, import contracts, lock files
#   make screens  pictures of every layout, panel and sheet in build/screens
#   make texts    bring the French catalogue in step with the source
#   make setup    the set-up step alone     make setup PYTHON=python3.12
#   make lock     resolve the lock files    make lock LOCK_FLAGS=--upgrade
#   make clean    remove the environment and everything else that is built

PYTHON ?= python3
TESTS ?= tests
# In the order of tests/conftest.py: the longest files first, so that no worker waits at the end.
PYTEST_FLAGS ?= -q -n 2 --dist loadfile --no-loadscope-reorder
UV ?= uv

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run screens texts test check format lint types imports locks setup setup-run setup-dev lock clean

help:
	@sed -n 's/^#  //p' Makefile

run: setup-run
	@.ci/python main.py desktop --demo

screens: setup-dev
	@.ci/python -m tests.gui.screens build/screens

texts: setup-dev
	@.ci/python .ci/catalogue.py

test: setup-dev
	@.ci/python -m pytest $(PYTEST_FLAGS) $(TESTS)

check: format lint types imports locks

format: setup-dev
	@.ci/python -m ruff format --check .

lint: setup-dev
	@.ci/python -m ruff check .

types: setup-dev
	@.ci/python -m mypy

imports: setup-dev
	@.ci/python -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo

locks: setup-dev
	@.ci/python .ci/check_locks.py

setup: python
	@$(PYTHON) .ci/setup.py dev --again

setup-run: python
	@$(PYTHON) .ci/setup.py run

setup-dev: python
	@$(PYTHON) .ci/setup.py dev

# Said in words every Python understands, before one that is too old trips over the syntax.
.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed: OncoRead needs Python 3.11, 3.12 or 3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v <= (3, 13) or sys.exit("$(PYTHON) is Python %d.%d: OncoRead needs 3.11, 3.12 or 3.13 (make PYTHON=python3.12 ...)" % v)'

# One resolution for Python 3.11-3.13 on Linux, macOS and Windows: one version per package, wheels
# only, hashes of every file, no addresses.
LOCK = $(UV) pip compile pyproject.toml --extra desktop --universal --python-version 3.11 \
	--fork-strategy fewest --only-binary :all: --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate --quiet $(LOCK_FLAGS)

lock: setup-dev
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: python3 -m pip install uv" >&2; exit 1; }
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	@.ci/python .ci/check_locks.py

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
