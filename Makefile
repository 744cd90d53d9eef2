# Aftercare 售后管家.
#
#   make run     the tool at http://localhost:8501 (HOST=0.0.0.0 for the whole office, PORT=…,
#                DATABASE_URL=postgresql://… when one file is no longer enough)
#   make demo    the same with a ready-made company in a database of its own
#   make test    all tests, in all databases and in a browser
#   make coverage  how much of core and db the tests run, with a gate
#   make check   what a reader would complain about: style, types, imports
#   make format  put the style right
#   make lock    write the lists of packages with the digests of their files anew
#   make sbom    what the tool is made of, for machines (CycloneDX)
#   make audit   whether faults of these packages are known; says so where nobody could be asked
#   make clean   remove what the commands above made; the data in var/ stays

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
SERVE = exec $(BIN)/streamlit run server.py --server.port="$(PORT)" --server.address="$(HOST)"

.PHONY: run demo test coverage check format lock sbom audit clean test-programs
.DELETE_ON_ERROR:

run: $(VENV)/installed
	@$(BIN)/python -m core migrate
	@$(SERVE)

demo: export DATABASE_URL := sqlite:///$(CURDIR)/var/demo.db
demo: export AFTERCARE_DEMO := 1
demo: $(VENV)/installed
	@$(BIN)/python -m core demo
	@$(SERVE)

test: $(VENV)/installed-dev test-programs
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

# A run of its own: counting lines makes the tests a third slower.
coverage: $(VENV)/installed-dev test-programs
	@$(BIN)/python -m pytest -n $(WORKERS) --cov=core --cov=db --cov-report=term:skip-covered \
		--cov-fail-under=97 tests/test_core_*.py tests/test_db_*.py tests/test_benchmarks_*.py

check: $(VENV)/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are files: pip runs when the lists of packages have changed, and only then. Each file
# of each package must be the one whose digest stands in the list.
$(VENV)/installed: requirements.lock | $(BIN)/python
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock requirements.lock | $(BIN)/python
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/installed

# After a change of requirements.txt or requirements-dev.txt. What is locked stays as it is where it
# fits; `make lock UPGRADE=--upgrade` takes the newest of everything.
lock: $(VENV)/installed-dev
	@for list in requirements requirements-dev; do \
		$(BIN)/uv pip compile $$list.txt --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --quiet $(UPGRADE) -o $$list.lock || exit 1; \
	done
	@$(BIN)/python docs/supply.py licences

sbom: $(VENV)/installed
	@$(BIN)/python docs/supply.py sbom

audit: $(VENV)/installed
	@$(BIN)/python docs/supply.py audit

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; $(PYTHON) is older or missing." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(call apt,python3-venv); }
	@$(PYTHON) -m venv $(VENV)

# What the tests drive and pip cannot bring: a browser, Chinese letters, a PostgreSQL server, a
# proxy, an IMAP server. The tests start servers of their own.
test-programs:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	fc-list :lang=zh 2>/dev/null | grep -q . \
		|| find /usr/share/fonts -iname '*cjk*' 2>/dev/null | grep -q . \
		|| missing="$$missing fonts-noto-cjk"; \
	{ command -v initdb && command -v postgres; } >/dev/null \
		|| ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	PATH="$$PATH:/usr/sbin:/usr/local/sbin" command -v nginx >/dev/null \
		|| missing="$$missing nginx-light"; \
	PATH="$$PATH:/usr/sbin:/usr/local/sbin" command -v dovecot >/dev/null \
		|| missing="$$missing dovecot-imapd"; \
	if [ -n "$$missing" ]; then $(call apt,$$missing); fi

# Shell words that install packages of the distribution, as root or through sudo.
define apt
wanted="$(strip $(1))"; \
as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
echo "Installing from the distribution:" $$wanted; \
$$as_root apt-get update -qq >/dev/null || echo "The package lists could not be renewed." >&2; \
$$as_root env DEBIAN_FRONTEND=noninteractive \
	apt-get install -qq -y --no-install-recommends $$wanted >/dev/null \
	|| { echo "That did not work. Please install:" $$wanted >&2; exit 1; }
endef
