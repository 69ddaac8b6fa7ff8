# Everything a person does with this project. `make` alone lists it.

PORT ?= 8501
ADDRESS ?= 127.0.0.1
# Options for pytest or the benchmark: make test ARGS="-m 'not browser' -x", ARGS="-n 0 --pdb"
ARGS ?=

BIN := .venv/bin
PYTHON := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help run dev test check fix bench data import lock browser clean run-env dev-env

help: ## List what can be made
	@echo "make TARGET, where TARGET is one of:"
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */  \1\t/' | expand -t 12

run: run-env ## Serve the dashboard: make run PORT=8600 ADDRESS=0.0.0.0
	@exec $(PYTHON) -m components.serve --port $(PORT) --address $(ADDRESS)

dev: dev-env ## The same while you write code: picks up saved files and shows errors in the browser
	@exec $(PYTHON) -m components.serve --port $(PORT) --address $(ADDRESS) -- \
		--server.fileWatcherType auto --server.runOnSave true --client.showErrorDetails full

test: dev-env browser ## Run all tests, including those in the browser: make test ARGS="-k platelet"
	$(PYTHON) -m pytest --numprocesses auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder $(ARGS)

check: dev-env ## Check format, style, types, imports and SQL, and for stray files; change nothing
	@scripts/check.sh

fix: dev-env ## Format Python and SQL, and fix what can be fixed by rule
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix queries data

bench: dev-env browser ## Measure how fast figures, pages and queries are
	$(PYTHON) -m tests.bench $(ARGS)

data: run-env ## Rebuild the embedded study from the published totals
	$(PYTHON) -m data.reconstruction

import: run-env ## Import a study: make import SRC=folder
	@test -n "$(SRC)" || { echo "Name the folder of the study: make import SRC=folder" >&2; exit 2; }
	$(PYTHON) -m data.ingest $(ARGS) "$(SRC)"

lock: dev-env ## Write requirements/*.lock from pyproject.toml
	@scripts/lock.sh

browser: ## Install Chromium and fonts, for browser tests and for pictures
	@scripts/browser.sh

clean: ## Remove the virtual environment and every cache
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

run-env:
	@scripts/venv.sh run

dev-env:
	@scripts/venv.sh dev
