# Every target does its own set-up. A fresh machine needs Python 3.11 (with venv), make and the
# package index. PYTHON=... chooses the interpreter.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH := .venv-bench/bin
BENCH_READY := .venv-bench/.ready
INSTALL := install --quiet --disable-pip-version-check
PACK := build/term_life_pack

.PHONY: help launch test lint prove bench wheel constraints clean

help:
	@echo "make launch       set up, then judge the product term_life and write its launch pack"
	@echo "make test         set up, then lint, type-check and test"
	@echo "make prove        the large proofs; writes docs/proofs.md"
	@echo "make bench        speed against peers and against the limit; writes docs/benchmarks.md"
	@echo "make lint         ruff and mypy alone"
	@echo "make wheel        the wheel, in dist/"
	@echo "make constraints  resolve the dependencies anew"
	@echo "make clean        remove what the targets above made"

launch: $(READY)
	$(BIN)/covercast launch term_life -o $(PACK)

test: lint
	$(BIN)/python -m pytest -n auto --dist loadscope --no-loadscope-reorder

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

prove: $(READY)
	COVERCAST_PROFILE=prove $(BIN)/python -m pytest -p tests.proofs --proofs docs/proofs.md \
		-m "prove or hypothesis" -n auto --dist loadscope --no-loadscope-reorder

bench: $(BENCH_READY)
	@mkdir -p build docs
	$(BENCH)/python -m pytest tests/benchmarks/rows --override-ini="python_files=row_*.py" \
		--benchmark-json=build/benchmarks.json
	$(BENCH)/python -m tests.benchmarks.table build/benchmarks.json docs/benchmarks.md

wheel: $(READY)
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

# The versions are resolved for Linux on Python 3.11, the oldest that the project supports; the
# hashes cover every platform that a version was published for. The file keeps no addresses.
constraints:
	$(PYTHON) -m venv build/pip-tools
	build/pip-tools/bin/pip install --quiet pip-tools
	build/pip-tools/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe \
		--strip-extras --extra dev --no-header --no-annotate --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--output-file build/constraints.txt pyproject.toml
	echo '# Exact versions and hashes of what runs and tests Covercast; made by `make constraints`.' \
		> constraints.txt
	grep -v -e '^#' -e '^$$' build/constraints.txt >> constraints.txt

clean:
	rm -rf $(VENV) .venv-bench build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What every environment needs before it is made, said in words where it is missing.
define check_python
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "covercast needs Python 3.11 or newer; $(PYTHON) is older or missing." \
		"Name one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	echo "$(PYTHON) lacks its venv module; install it (Debian, Ubuntu:" \
		"apt install python3-venv), then run make again." >&2; exit 2; }
endef

$(READY): constraints.txt pyproject.toml
	$(check_python)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip $(INSTALL) --require-hashes -r constraints.txt
	$(BIN)/python -m pip $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(BENCH_READY): tests/benchmarks/requirements-bench.txt pyproject.toml
	$(check_python)
	$(PYTHON) -m venv .venv-bench
	$(BENCH)/python -m pip $(INSTALL) -r tests/benchmarks/requirements-bench.txt
	$(BENCH)/python -m pip $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
