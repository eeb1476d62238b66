# `make` alone lists what can be made.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

BIN := .venv/bin
UV := deploy/setup/uv
SYNC := $(UV) sync --quiet --frozen --inexact
# More of the program: `make run EXTRAS="postgres redis"`.
EXTRAS ?=
PYTEST_ARGS ?=
WORKERS ?= auto
BIND ?= 127.0.0.1:8000

# What asks most of the database.
ON_BOTH := tests/contacts tests/journal tests/outbox/test_lease.py tests/outbox/test_sending.py \
	tests/front/test_sessions.py tests/front/test_budgets.py tests/accounts tests/factors

# libatomic1 is what Playwright's driver needs.
TEST_PACKAGES := python3-venv dovecot-imapd chromium libatomic1 gettext \
	fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## try it: a mail server with mail in it, and the program in front; Ctrl-C ends both
	@$(SYNC) --extra demo
	@$(BIN)/python deploy/setup/messages.py
	@$(BIN)/python deploy/setup/editor.py
	@exec $(BIN)/python -m webmail.demo $(DEMO_ARGS)

.PHONY: run
run: ## read your own mail: IMAP_URL=imaps://mail.example.org SMTP_URL=smtps://... make run
	@$(SYNC) $(EXTRAS:%=--extra %)
	@$(BIN)/python deploy/setup/messages.py
	@$(BIN)/python deploy/setup/editor.py
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@exec $(BIN)/gunicorn --config deploy/gunicorn.py --bind $(BIND) webmail.wsgi

.PHONY: test
test: ready ## everything a change must pass, with a real Dovecot and a real Chromium
	@$(MAKE) check || checked=failed; $(BIN)/pytest -n $(WORKERS) -m "not slow" $(PYTEST_ARGS) && \
		$(BIN)/python -m tests.on_postgres -n $(WORKERS) -m "not slow" $(ON_BOTH) && test -z "$$checked"

.PHONY: test-postgres
test-postgres: ready ## all of it on PostgreSQL instead of SQLite (`make test` runs a part there)
	@$(BIN)/python -m tests.on_postgres -n $(WORKERS) -m "not slow" $(PYTEST_ARGS)

.PHONY: test-all
test-all: ready ## the slow forms as well
	@$(MAKE) check || checked=failed; $(BIN)/pytest -n $(WORKERS) $(PYTEST_ARGS) && test -z "$$checked"

.PHONY: bench
bench: ready ## round trips, bytes, CPU, memory and requests a second, small mailbox and large
	@$(BIN)/python -m tests.bench $(BENCH_ARGS)

.PHONY: check
check: environment ## style, types, layers, lock file, migrations, translations: all of them, then the verdict
	@$(MAKE) --keep-going style types layers locked migrated

.PHONY: style types layers locked migrated
style:
	@$(BIN)/ruff check --quiet --output-format concise
	@$(BIN)/ruff format --check --quiet || { $(BIN)/ruff format --check; exit 1; }
	@git ls-files -z 'templates/*.html' | xargs -0 --no-run-if-empty $(BIN)/djade --check --target-version 5.2
types:
	@$(BIN)/mypy --no-error-summary
layers:
	@$(BIN)/lint-imports > .cache/layers 2>&1 || { cat .cache/layers; exit 1; }
locked:
	@$(UV) lock --quiet --check
migrated:
	@$(BIN)/python manage.py makemigrations --check --dry-run

.PHONY: messages
messages: environment ## collect the texts to translate into locale/, and compile
	@$(BIN)/python manage.py makemessages --all --no-obsolete --no-wrap --add-location file --ignore .venv --ignore tests --ignore var
	@$(BIN)/python deploy/setup/messages.py

.PHONY: clean
clean: ## forget what was made: environment, caches, static files (not var/, which holds your data)
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis test-results var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

.PHONY: environment
environment:
	@mkdir -p .cache
	@$(SYNC) --extra test $(EXTRAS:%=--extra %)

.PHONY: packages
packages:
	@deploy/setup/packages $(TEST_PACKAGES)
	@deploy/setup/unpack .cache/courier courier-imap courier-base courier-authlib 'gamin?'
	@deploy/setup/unpack .cache/postfix postfix dovecot-submissiond
	@deploy/setup/unpack .cache/nginx nginx nginx-common
	@deploy/setup/unpack .cache/postgres postgresql
	@deploy/setup/unpack .cache/fail2ban fail2ban
	@deploy/setup/unpack .cache/valkey 'redis-server?' 'valkey-server?'

.PHONY: ready
ready: packages environment
	@$(BIN)/python deploy/setup/messages.py
	@$(BIN)/python deploy/setup/editor.py
