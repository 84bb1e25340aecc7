# Two targets matter to a newcomer: `make run` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := src/leansoft/web/static/leansoft/build
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test setup setup-dev clients frontend clients-js lock lint types contracts pytest \
  browser screenshots test-msgraph-sdk simulate \
  coverage-ledger bench clean

run: setup frontend
	@$(BIN)/leansoft demo $(ARGS)

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

test: setup-dev clients frontend clients-js browser lint types contracts pytest

# Client libraries that were written elsewhere and prove the sandbox.
clients: $(VENV)/.clients

$(VENV)/.clients: $(VENV)/.dev requirements/clients.txt
	@$(PIP) --require-hashes --requirement requirements/clients.txt
	@touch $@

clients-js: frontend
	@for folder in tests/clients/js tests/e2e/axe; do \
	  PYTHON=$(BIN)/python sh tests/support/install-node-packages.sh $$folder || exit 1; \
	done

# Microsoft's Python SDK needs 500 MB, so it has an environment of its own.
test-msgraph-sdk: setup-dev .venv-msgraph/.done
	@.venv-msgraph/bin/python -m pytest -c tests/clients/msgraph/pytest.ini tests/clients/msgraph

.venv-msgraph/.done: requirements/msgraph.txt
	@$(PYTHON) -m venv .venv-msgraph
	@.venv-msgraph/bin/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes --requirement $<
	@touch $@

lint:
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/ruff format --check src tests benchmarks
	@cd frontend && PATH="$$PWD/../$(VENV)/node-bin:$$PATH" npm run --silent check

# The checker's Django plugin reads the settings, which want to know a database; it is never opened.
types:
	@LEANSOFT_DATABASE_URL=postgresql:///never-opened LEANSOFT_SECRET_KEY=unused $(BIN)/mypy

contracts:
	@$(BIN)/lint-imports --no-cache

pytest:
	@$(BIN)/python -m pytest -n auto

browser:
	@sh tests/e2e/install-browser.sh

# Writes the lock files anew; needs uv.
lock:
	for name in base dev node clients msgraph; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

# The pictures in the README, from a demo of their own.
screenshots: setup-dev frontend browser
	@PYTHONPATH=tests $(BIN)/python -m support.screenshots docs/images

# Plays random histories of people, faults and crashes; a seed that fails is printed with its story.
# DEPTH=whole is the real program, DEPTH=series the same with one series and its dates, DEPTH=undone
# takes runs about a series back, DEPTH=model is only the plan, in a small world, thousands of times
# as fast.
SEEDS ?= 200
SEED ?= 1
DEPTH ?= whole

simulate: setup-dev
	@cd tests && ../$(BIN)/python -m convergence $(SEEDS) $(SEED) --depth $(DEPTH)

# Writes src/outlook_sandbox/COVERAGE.md from the facts and the tests that claim them.
coverage-ledger: setup-dev
	@PYTHONPATH=tests $(BIN)/python -m sandbox.ledger

# `make bench QUICK=1` takes two minutes, and tells less; `LARGE=1` takes ten more, and tells more.
bench: setup-dev
	@PYTHONPATH=tests $(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(if $(LARGE),--large)

clean:
	rm -rf $(VENV) .venv-msgraph $(BUILD) frontend/node_modules tests/clients/js/node_modules tests/e2e/axe/node_modules
