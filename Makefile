# Two targets matter to a newcomer: `make run` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := src/leansoft/web/static/leansoft/build
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test setup setup-dev frontend lock lint types contracts pytest browser screenshots clean

run: setup frontend
	@$(BIN)/leansoft demo

setup: $(VENV)/.base

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Leansoft needs Python 3.11 or newer: run 'make run PYTHON=python3.12' or the like."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing: install it (on Debian: apt-get install python3-venv)."; exit 1; }
	@touch $@

$(VENV)/.base: $(VENV)/.python requirements/base.txt pyproject.toml
	@echo "Installing Leansoft into $(VENV)"
	@$(PIP) --require-hashes --requirement requirements/base.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

setup-dev: $(VENV)/.dev

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt
	@echo "Installing the test tools"
	@$(PIP) --require-hashes --requirement requirements/dev.txt
	@touch $@

# Node comes from the system when it is new enough, else from a wheel inside the environment.
frontend: $(BUILD)/.done

$(BUILD)/.done: $(VENV)/.base frontend/package-lock.json $(shell find frontend -type f -not -path '*/node_modules/*')
	@PYTHON=$(BIN)/python sh frontend/build.sh
	@touch $@

test: setup-dev frontend browser lint types contracts pytest

lint:
	@$(BIN)/ruff check src tests
	@$(BIN)/ruff format --check src tests

types:
	@$(BIN)/mypy

contracts:
	@$(BIN)/lint-imports --no-cache

pytest:
	@$(BIN)/python -m pytest

browser:
	@sh tests/e2e/install-browser.sh

# Writes the lock files anew; needs uv.
lock:
	for name in base dev node; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) $(BUILD) frontend/node_modules
