# Every command that a newcomer or CI needs. `make help` lists them.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
PORT ?= 8000
WORKERS ?= 2
PYTEST_JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test lint check lock format translations example bench faults clean

help: ## Say what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.runtime ## Make .venv with the locked runtime dependencies

setup-dev: $(VENV)/.development ## Add what tests and checks need

$(VENV)/.runtime: requirements.lock
	@scripts/venv $(VENV) $(PYTHON) requirements.lock
	@touch $@

$(VENV)/.development: requirements-dev.lock requirements.lock
	@scripts/venv $(VENV) $(PYTHON) requirements-dev.lock
	@touch $@ $(VENV)/.runtime

run: setup ## Start everything on this machine, with demonstration data on the first start
	@BIN=$(BIN) PORT=$(PORT) scripts/start

test: setup-dev ## Run every test; what this machine lacks is reported as skipped, by name
	@$(BIN)/python -m pytest -n $(PYTEST_JOBS) --dist worksteal

lint: setup-dev ## Format, lint, types, import rules, lock, catalogue and migration drift
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports
	@$(FLASK) translations check
	@$(BIN)/python -m pytest -q -p no:randomly tests/architecture

check: test lint ## Both

lock: setup-dev ## Lock the dependencies of pyproject.toml anew (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --extra dev pyproject.toml -c requirements.lock \
		-o requirements-dev.lock

format: setup-dev ## Put the code in order
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

translations: setup ## Bring the catalogues up to date with pages, texts and instruments
	@$(FLASK) translations extract

example: setup ## Rebuild the published West Midlands quarter of 2015 and print its report
	@BIN=$(BIN) examples/west-midlands-2015-q1/report

BENCH ?=
bench: setup-dev ## Measure by processor time, each figure beside a floor in the same run (BENCH="journeys --json FILE")
	@$(BIN)/python -m bench $(BENCH)

FAULTS ?=
faults: setup ## Break everything around 1,000 texts, on both databases: none lost, none doubled (FAULTS="--seed N")
	@$(BIN)/python -m faults $(FAULTS)

clean: ## Remove what was built here, and the demonstration data
	rm -rf $(VENV) data .pytest_cache .mypy_cache .ruff_cache .hypothesis
