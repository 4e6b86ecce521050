# The commands of the playground. `make help` lists them.

# Any Python that starts will do here: bootstrap.py finds the one that the playground uses.
ANY_PYTHON := $(shell for python in python3 python3.13 python3.14 python3.12 /usr/bin/python3 python; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; \
	then echo $$python; break; fi; done)
SETUP = $(if $(ANY_PYTHON),$(ANY_PYTHON) playground/bootstrap.py,$(error Playground needs Python 3.12 or newer. Install it from python.org, then try again))
export PLAYGROUND_PYTHON

.PHONY: demo-class run setup test lint types unit e2e fuzz fuzz-browser bench bench-page bench-state state screenshots protocol sentences format clean help
.DEFAULT_GOAL := help

run: ## set up what is missing and serve at http://localhost:8000 (PORT=… chooses another)
	@$(SETUP) -- manage.py serve

setup: ## set up everything, with what tests and linters need
	@$(SETUP) --dev --browser

test: ## set up everything and run every check and test
	@$(SETUP) --dev --browser -- tests/run.py

lint: ## check style and imports of both languages
	@$(SETUP) --dev -- tests/run.py lint

types: ## check types of both languages
	@$(SETUP) --dev -- tests/run.py types

unit: ## run the tests that need no browser, on SQLite
	@$(SETUP) --dev -- tests/run.py unit

fuzz: ## run the seeded test of replicas
	@$(SETUP) --dev -- tests/run.py fuzz

fuzz-browser: ## kill page, worker and server for ten minutes (FUZZ_SECONDS, FUZZ_SEED)
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),600) $(SETUP) --dev --browser -- -m pytest -q -s tests/e2e/test_state_fuzz.py

e2e: ## run the tests in a real browser
	@$(SETUP) --dev --browser -- tests/run.py e2e

bench: ## measure speed; docs/benchmarks.md tells what the numbers mean
	@$(SETUP) --dev --browser -- -m tests.bench --write

bench-page: ## measure how the session page feels; writes docs/benchmarks.md
	@$(SETUP) --dev --browser -- -m tests.bench.page --write

bench-state: ## measure what saving costs, beside others; writes docs/benchmarks.md
	@$(SETUP) --dev --browser -- -m tests.bench.state --write

demo-class: ## a class to look at: a teacher and thirty simulated pupils (ARGS="--pupils 300")
	@$(SETUP) --dev -- -m tests.demo_class $(ARGS)

state: ## try the battery of saved state and count (ARGS="--chromium word" chooses)
	@$(SETUP) --dev --browser -- -m tests.state $(ARGS)

screenshots: ## make pictures of every page and state (KEEP=1 copies the best to docs/images)
	@$(SETUP) --dev --browser -- -m tests.screenshots $(if $(KEEP),--keep)

protocol: ## generate the TypeScript of the protocol from its Python
	@$(SETUP) --dev -- -m sessions_app.typescript
	@$(SETUP) --dev -- -m playground.classrooms.typescript

sentences: ## collect what the runtime says to people into the pages' catalogue
	@$(SETUP) --dev -- pyodide/distribution/sentences.py
	@PYTHONPATH=pyodide/src $(SETUP) --dev -- -m tests.runtime.said

format: ## put all code into its standard form
	@$(SETUP) --dev -- tests/run.py format

clean: ## remove what was built; keeps data/, the environment and downloaded packages
	rm -rf build playground/static/build pyodide/distribution/build
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache tests/artifacts

help: ## list the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | \
		awk -F '\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'
