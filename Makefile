# Everything starts from a bare machine with Python 3.11+, make and a C compiler.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS ?= 1

.PHONY: demo test lint types layers unit test-slow test-torch test-browser docs bench wheel clean

demo: $(VENV)/.demo
	@env -u OMP_NUM_THREADS $(BIN)/gezhi demo

test: lint types layers unit

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	$(BIN)/coverage erase
	$(BIN)/pytest -n 2 --dist loadgroup -m "not slow and not torch and not browser" --cov --cov-report=
	$(BIN)/coverage report

test-slow: $(VENV)/.dev
	$(BIN)/pytest -m slow

# torch has a virtual environment of its own: the core must pass its tests without it
test-torch: .venv-torch/.dev
	.venv-torch/bin/pytest -m torch tests/models tests/contracts

# Pages as people see them: Debian's Chromium and a Chinese font are installed where they are missing
test-browser: $(VENV)/.browser
	scripts/install-browser.sh
	$(BIN)/pytest -m browser tests/evaluation/report

bench: $(VENV)/.dev
	for name in commands embedding index_speed retrieval_speed retrieval_quality retrieval_languages checker answerability \
		answers pdf_speed splitting statistics_simulation exams_quality groundedness tracking_speed exam_speed; do env -u OMP_NUM_THREADS $(BIN)/python benchmarks/$$name.py || exit 1; done
	$(BIN)/python docs/make.py

wheel: $(VENV)/.dev
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/pip pyproject.toml
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --editable ".[ocr]"
	@touch $@

$(VENV)/.dev: $(VENV)/bin/pip pyproject.toml
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --editable ".[exam,ocr,local]" --group dev
	@touch $@ $(VENV)/.demo

$(VENV)/.browser: $(VENV)/.dev
	$(BIN)/pip install --quiet --group browser
	@touch $@

.venv-torch/.dev: pyproject.toml
	$(PYTHON) -m venv .venv-torch
	.venv-torch/bin/pip install --quiet --upgrade pip
	.venv-torch/bin/pip install --quiet "torch==2.13.0"
	.venv-torch/bin/pip install --quiet --editable ".[exam,torch,ocr,local]" --group dev
	@touch $@

clean:
	rm -rf $(VENV) .venv-torch dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*
