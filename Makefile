# Few words to run anything; CI runs the same ones. `make help` lists them.
PYTHON ?= $(or $(shell command -v python3.11),python3)
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/bash
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup nightly test test-all check lint types layers contracts definitions ui bench lock format clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/.stamp  ## make .venv from the locked requirements (the other words do it when it is missing or stale)

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
	  { echo "Quorum needs Python 3.11 or later: make PYTHON=where/it/is …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }  # half a .venv would be taken for a whole one

$(VENV)/.stamp: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

nightly: $(VENV)/.stamp  ## one whole night: extract, build, judge, publish (the sandbox company until quorum.yaml says otherwise)
	@$(BIN)/quorum nightly $(ARGS)

ui: $(VENV)/.stamp  ## the Dagster UI on http://localhost:3000, with the nightly schedule running
	@$(BIN)/quorum ui

test: $(VENV)/.stamp  ## the tests but the slow ones: whole nights beside everything else
	@$(MAKE) --no-print-directory -j2 nights parts

nights:
	@$(BIN)/python -m pytest -m "not slow" tests/pipeline

parts:
	@$(BIN)/python -m pytest -m "not slow" --ignore=tests/pipeline

test-all: $(VENV)/.stamp  ## every test, the slow ones too
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.stamp  ## format, lint, types, layers, SQL, definitions, dbt's contracts, the lock file; two at a time
	@$(MAKE) --no-print-directory -j2 -Otarget types definitions contracts lint layers

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/sqlfmt --check --quiet dbt_project

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

contracts:
	$(BIN)/python -m pytest tests/contract

definitions:
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/dg check defs

bench: $(VENV)/.stamp  ## what is measured, against what (writes nothing)
	@$(BIN)/python -m benchmarks

format: $(VENV)/.stamp  ## put code and SQL into shape
	$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/sqlfmt --quiet dbt_project

lock:  ## make requirements.txt anew from pyproject.toml (needs uv)
	@(head -1 requirements.txt; uv pip compile pyproject.toml --extra dev --python-version 3.11 --universal --generate-hashes \
	  --no-strip-extras --no-emit-index-url --no-header --no-annotate --quiet) > requirements.new && mv requirements.new requirements.txt

clean:  ## forget .venv and caches (never .quorum)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
