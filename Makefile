# Two commands matter: `make run` and `make test`. Everything they need goes into .venv.
PYTHON ?= python3
PORT   ?= 8750
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check setup clean

run: $(VENV)/set-up
	$(BIN)/cordiale serve --night 2021-11-24 --port $(PORT)

test: $(VENV)/set-up-for-tests
	sh tools/browser.sh
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

setup: $(VENV)/set-up

$(VENV)/set-up: pyproject.toml constraints.txt
	@echo "cordiale: setting up $(VENV), one or two minutes the first time"
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cordiale needs Python 3.11 or newer; try: make PYTHON=python3.13 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -c constraints.txt hatchling editables
	$(PIP) install -c constraints.txt --no-build-isolation -e '.[desk,cf]'
	$(BIN)/python tools/warm_up.py
	@touch $@

$(VENV)/set-up-for-tests: $(VENV)/set-up tools/requirements-test.txt
	$(PIP) install -c constraints.txt -r tools/requirements-test.txt
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
