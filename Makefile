.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# After an upgrade of the system's Python, its link leads to one without packages.
WORKS := $(shell $(BIN)/python -c 'import pip' 2>/dev/null && echo yes)

help: ## show this menu
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run ## set up and start the server with config.yaml
	@$(BIN)/python server.py

demo: .venv/run ## watch hosts fail and recover, in under a minute
	@$(BIN)/python demo.py

test: check ## set up, check and test (three minutes on two cores)
	$(BIN)/python -W error -m pytest -n auto --dist loadgroup tests

proofs: .venv/dev ## the short form of the proofs of docs/proof.md (three minutes)
	$(BIN)/python -W error -m pytest -n auto --dist loadgroup prove

prove: .venv/dev ## the long form of the proofs (an hour at most, some need root)
	PROVE=long $(BIN)/python -W error -m pytest -s prove
	PROVE=long $(BIN)/python -W error -m pytest -m hypothesis tests

bench: .venv/bench ## compare the speed (needs wrk and taskset; ten minutes)
	$(BIN)/python -m bench --write

check: .venv/dev ## check formatting, lint and types only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .

install: ## set up the systemd service, or upgrade it (as root; DESTDIR= for somewhere else)
	@DESTDIR="$(DESTDIR)" PYTHON="$(PYTHON)" deploy/install.sh

uninstall: ## remove the service; configuration and state stay
	@DESTDIR="$(DESTDIR)" deploy/uninstall.sh

.venv/run .venv/dev: $(if $(WORKS),,venv)

venv:
	@$(PYTHON) -m venv --clear .venv

.venv/run: requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/run

.venv/bench: bench/requirements.txt .venv/dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch $@

.PHONY: help run demo test proofs prove bench check install uninstall venv
