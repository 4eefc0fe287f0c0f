# Everything is kept in .venv. Another Python: make PYTHON=/path/to/python3.12 (after rm -rf .venv)
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  "$$name" -c '$(NEW_ENOUGH)' 2>/dev/null && echo "$$name" && break; done)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable

.PHONY: demo test lint packages docs bench torture clean

demo: .venv/.installed            ## load the packaged dataset and print what contradicts what
	$(BIN)/claimtrack demo
	@echo "the program is $(BIN)/claimtrack; to type claimtrack alone: source $(BIN)/activate" >&2

test: lint packages               ## every check: style, types, layers, docs, and the suite on both databases
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

lint: .venv/.developed            ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

packages:                         ## install the system packages that tests need, where that is possible
	@sh tests/install_packages.sh

docs: .venv/.developed            ## write anew every file that is made from the code
	COLUMNS=100 $(BIN)/cog -r -I docs README.md docs/cli.md docs/library.md docs/schema.md
	$(BIN)/python docs/_generate.py
	PYTHONPATH=tests $(BIN)/python -m schema_definitions

bench: .venv/.measured            ## measure against peers, up to a million entries (SIZES="10000 100000")
	$(BIN)/python benchmarks/run.py $(if $(SIZES),--sizes $(SIZES))

torture: .venv/.developed         ## kill, crowd, fill up and damage casebooks (SEED=1 SIZE=full), print what they withstood
	PYTHONPATH=tests $(BIN)/python -m torture --seed $(or $(SEED),1) --size $(or $(SIZE),full)

clean:                            ## remove the environment; casebooks and what was written stay
	rm -rf .venv

.venv/.python:
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' || { \
	  echo "claimtrack needs Python 3.11 or newer: install it, or run make PYTHON=/path/to/it" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments: install its venv package" \
	    "(Debian and Ubuntu: apt install python3-venv), then run make again" >&2; exit 1; }
	"$(PYTHON)" -m venv .venv
	@touch $@

# Editable, so that an edited checkout needs no new installation, and so no network.
.venv/.installed: .venv/.python pyproject.toml
	$(INSTALL) .
	@touch $@

.venv/.developed: .venv/.python pyproject.toml
	$(INSTALL) '.[dev]'
	@touch $@ .venv/.installed

.venv/.measured: .venv/.developed
	$(INSTALL) '.[bench]'
	@touch $@
