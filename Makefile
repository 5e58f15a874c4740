# Everything a fresh machine needs: Python 3.11 or newer and make. `make help` lists the targets.
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
TEST_ARGS ?= -n 2 --dist worksteal
.PHONY: help setup test check format run demo bench lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.tests  ## create .venv with everything, tests and linters included

test: $(VENV)/.tests  ## run the tests (TEST_ARGS="tests/test_x.py -x" for some of them)
	$(BIN)/python -m pytest $(TEST_ARGS)

check: $(VENV)/.tests  ## lint, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.tests  ## mend what ruff can mend by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

run: $(VENV)/.run  ## start the whole service on its own server (Ctrl-C ends it)
	$(BIN)/wiredesk run

demo: $(VENV)/.run  ## watch the service read a small newsroom on this machine; needs no network
	$(BIN)/wiredesk demo

bench: $(VENV)/.tests  ## run a benchmark (NAME=pipeline ARGS="--pages DIR"); without NAME, list them
	@test -n "$(NAME)" || { ls tests/bench/*.py | sed 's|.*/||; s|\.py$$||'; exit 2; }
	$(BIN)/python -m tests.bench.$(NAME) $(ARGS)

lock:  ## pin every dependency again, with hashes (needs uv)
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --group dev -c requirements.txt -o tests/requirements.txt

clean:  ## remove .venv and the caches, never data/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

# --- below: how the environment is made -------------------------------------------------------------------------

LOCKER := $(or $(UV),$(wildcard $(BIN)/uv),uv)
COMPILE := $(LOCKER) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(LOCK_ARGS)

$(VENV)/.run: requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing the service into $(VENV)"
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/.tests: tests/requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing the service, the tests and the linters into $(VENV)"
	@$(call install,tests/requirements.txt)
	@touch $(VENV)/.run $@

# Without uv, pip is brought up to date first: old pip resolves trafilatura into something that cannot be imported.
ifneq ($(UV),)
$(BIN)/python:
	@$(UV) venv --quiet --python ">=3.11" $(VENV)
install = $(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $(1) && \
	$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
else
$(BIN)/python:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "creating $(VENV) with $$($$python --version)"; exec $$python -m venv --clear $(VENV); fi; done; \
	  echo "wiredesk needs Python 3.11 or newer; none was found on PATH (say where: make PYTHON=/path/to/python3)" >&2; exit 1
install = { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; } && \
	$(BIN)/python -m pip install --quiet --upgrade "pip>=26" && \
	$(BIN)/python -m pip install --quiet --require-hashes -r $(1) && \
	$(BIN)/python -m pip install --quiet --no-deps -e .
endif
