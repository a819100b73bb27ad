# Two commands do everything on a fresh machine: `make report` and `make test`.
# Both make their own environment in .venv on first use; nothing needs activating.

EVENT  ?= summit
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# One thread per process: the notebooks run side by side, and small arrays gain nothing from more.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.PHONY: report test lab bench lint help
help:           ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /make \1    /p' $(MAKEFILE_LIST)

report: $(VENV)/.ok  ## run the notebooks on EVENT (summit by default), write reports/EVENT/index.html
	$(BIN)/samestory report "$(EVENT)"

test: $(VENV)/.ok    ## lint, run every test, then run the notebooks again and compare their outputs
	$(BIN)/ruff check
	$(BIN)/python -m pytest
	$(BIN)/python -m pytest notebooks --nbval --nbval-current-env -o addopts="" \
	    --nbval-sanitize-with=tests/nbval_sanitize.cfg --nbval-cell-timeout=120 \
	    --nbval-kernel-startup-timeout=120

lab: $(VENV)/.ok     ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=.

bench: $(VENV)/.ok   ## the benchmark, against whatever peers are installed
	$(BIN)/python benchmarks/bench.py

$(VENV)/.ok: pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Samestory needs Python 3.11 or newer, as $(PYTHON). Install it from https://www.python.org (Debian, Ubuntu: sudo apt install python3 python3-venv) and try again."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Samestory needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version`. Name a newer one: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python cannot make environments. On Debian or Ubuntu type: sudo apt install python3-venv  and try again."; exit 1; }
	@echo "Setting up .venv (once; a minute or two) …"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null; then \
	    uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '.[lab,scale,import,test,dev]'; \
	else \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lab,scale,import,test,dev]'; \
	fi
	@touch $@
