# Pupitre. Nothing is needed beforehand but git, make, python3 (3.11 or later) and python3-venv.
#   make demo    set up, build the demonstration, serve it (DEMO_PORT=8000)
#   make test    set up, run the tests (with CI=true: a second time on PostgreSQL)
#   make lint    style, layers, types
#   make spark   the measures again on Spark, alone and with two executors (Java 17; installs the « spark » extra)
#   make bench   ratios against the bare libraries
#   make installer  set up what a real installation runs on, nothing more
#   make verrous compile the locked requirements again after a change in pyproject.toml

PYTHON ?= python3
DEMO_PORT ?= 8000
DEMO_DONNEES ?= var/demonstration
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
INSTALLER := $(UV) pip install -q --python $(BIN)/python
SYNCHRONISER := $(UV) pip sync -q --python $(BIN)/python --require-hashes requirements/outils.txt
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

# The test environment holds everything that the run environment holds, at the same versions.
ENVIRONNEMENT = $(if $(wildcard $(VENV)/.test),$(VENV)/.test,$(VENV)/.run)

# Compiled once, whatever the machine says: the site and the tests start dozens of short processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint spark bench installer verrous pg
.DELETE_ON_ERROR:

demo: $(ENVIRONNEMENT)
	@PUPITRE_DONNEES="$(DEMO_DONNEES)" $(BIN)/pupitre demo --port $(DEMO_PORT)

test: $(VENV)/.test
	$(PYTEST) -m "not spark" $(ARGS)
ifneq ($(CI),)
	@$(MAKE) --no-print-directory pg
endif

installer: $(ENVIRONNEMENT)

# The suite again, on a temporary PostgreSQL cluster made from the system's binaries, but for what no database changes.
# The cluster goes with its databases: nothing has to be dropped first.
SANS_BASE = --reuse-db -m "not une_fois and not spark"
pg: $(VENV)/.test
	$(BIN)/python outils/postgres_temporaire.py $(PYTEST) $(SANS_BASE) $(ARGS)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

SUR_SPARK = tests/moteur/mesures tests/moteur/test_calcul.py tests/moteur/test_moteurs.py
# One process: both Sparks share the driver, which is long to warm up.
spark: $(VENV)/.spark
	$(BIN)/python -m pytest -p no:xdist -m spark $(SUR_SPARK) $(ARGS)

bench: $(VENV)/.bench
	$(BIN)/python -m outils.bench

$(VENV)/.outils: requirements/outils.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Pupitre demande Python 3.11 ou plus récent (PYTHON=… pour en choisir un)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Il manque le module venv : sous Debian, « apt install python3-venv »." >&2; exit 1; }
	@echo "Préparation de $(VENV) (quelques minutes la première fois)…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/outils.txt
	@touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml $(VENV)/.outils
	@$(SYNCHRONISER) --compile-bytecode requirements/run.txt
	@$(INSTALLER) --offline --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.test: requirements/test.txt pyproject.toml $(VENV)/.outils
	@$(SYNCHRONISER) requirements/test.txt
	@$(INSTALLER) --offline --no-deps --no-build-isolation --editable .
	@touch $@

# What Pupitre is measured beside, in a folder of its own: merely being there, pandas slows every process down.
$(VENV)/.bench: requirements/bench.txt $(VENV)/.test
	@$(UV) pip install -q --python $(BIN)/python --target $(VENV)/concurrents --require-hashes -r requirements/bench.txt
	@touch $@

# pyspark and py4j alone are added: the other locked versions are those of the test environment.
$(VENV)/.spark: requirements/spark.txt $(VENV)/.test
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/spark.txt
	@touch $@

COMPILER := $(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11

verrous: $(VENV)/.outils
	$(COMPILER) pyproject.toml --extra test -o requirements/test.txt
	$(COMPILER) pyproject.toml -c requirements/test.txt -o requirements/run.txt
	$(COMPILER) pyproject.toml --extra spark -c requirements/test.txt -o requirements/spark.txt
	$(COMPILER) --group bench -c requirements/test.txt -o requirements/bench.txt
	$(COMPILER) --group outils -c requirements/test.txt -o requirements/outils.txt
