# Centralino: everything a person types. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test check format bench lock

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## */\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup:  ## prepare everything that running needs (system packages, Python, Asterisk); quick when it is done
	@$(PYTHON) -B -m setup run

setup-test:
	@$(PYTHON) -B -m setup test

run: setup  ## set up and run a small telco in the foreground; Ctrl-C stops all of it
	@exec .venv/bin/centralino run

test: setup-test check  ## set up, check, and run all tests against the real parts
	env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(PYTEST)

check: setup  ## formatting, lint, types, floors
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/python -m mypy
	.venv/bin/lint-imports

format: setup  ## format the code and repair what lint can repair
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: setup-test  ## measure, and print the figures as JSON; YEAR=1 lives the year 2009, YEAR=0.01 a hundredth of it
	@.venv/bin/python -m bench $(if $(YEAR),year --year $(YEAR))

lock:  ## renew requirements.lock from pyproject.toml (needs uv; see docs/how-to/install.md)
	uv pip compile --quiet pyproject.toml --group dev --generate-hashes --universal --python-version 3.11 \
		--no-header --upgrade --output-file requirements.lock
