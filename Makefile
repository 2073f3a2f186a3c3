# Two commands for a newcomer: `make nightly` and `make test`. Everything else is told by `make help`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
SAMPLE := samples/province

# Without compiled bytecode every start of Airflow, dbt or Great Expectations takes some fifteen seconds longer.
unexport PYTHONDONTWRITEBYTECODE
export UV_COMPILE_BYTECODE := 1

ifdef INBOX
NIGHT := --inbox $(INBOX)
else
NIGHT := --inbox $(SAMPLE)/inbox --registers $(SAMPLE)/registers
endif

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

.PHONY: environment
environment: $(VENV)/runtime.done ## the locked runtime in .venv (done by the other targets as needed)

$(VENV)/uv.done: requirements/bootstrap.txt
	@echo "环境 environment: .venv"
	@$(PYTHON) -m venv $(VENV) || { echo "错误 error: $(PYTHON) has no venv. 怎么办 help: apt-get install python3.11-venv"; exit 4; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(VENV)/runtime.done: $(VENV)/uv.done requirements/runtime.txt pyproject.toml
	@echo "环境 environment: requirements/runtime.txt"
	@$(INSTALL) --require-hashes -r requirements/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/ocr.done: $(VENV)/runtime.done requirements/ocr.txt
	@echo "环境 environment: requirements/ocr.txt"
	@$(INSTALL) --require-hashes -r requirements/ocr.txt
	@touch $@

.PHONY: ocr
ocr: $(VENV)/ocr.done ## reading of scans and photographed pages, as an extra

$(VENV)/object-store.done: $(VENV)/runtime.done requirements/object-store.txt
	@echo "环境 environment: requirements/object-store.txt"
	@$(INSTALL) --require-hashes -r requirements/object-store.txt
	@touch $@

.PHONY: object-store
object-store: $(VENV)/object-store.done ## intake from S3-compatible buckets (JIHENG_INBOX=s3://...), as an extra

$(VENV)/cluster.done: $(VENV)/runtime.done requirements/cluster.txt
	@echo "环境 environment: requirements/cluster.txt"
	@$(INSTALL) --require-hashes -r requirements/cluster.txt
	@touch $@

.PHONY: cluster
cluster: $(VENV)/cluster.done ## Airflow on PostgreSQL with Celery workers and accounts of its own, as an extra

# An environment of its own, since Spark is 500 MB that nobody else needs.
SPARK := .venv-spark

$(SPARK)/spark.done: $(VENV)/uv.done requirements/spark.txt pyproject.toml
	@echo "环境 environment: requirements/spark.txt in $(SPARK)"
	@command -v java >/dev/null || { echo "错误 error: Java is not here. 怎么办 help: apt-get install openjdk-17-jre-headless"; exit 4; }
	@$(PYTHON) -m venv --without-pip $(SPARK)
	@$(UV) pip install --quiet --python $(SPARK)/bin/python --require-hashes -r requirements/spark.txt
	@$(UV) pip install --quiet --python $(SPARK)/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: spark
spark: $(SPARK)/spark.done ## Apache Spark as another engine of the warehouse, in .venv-spark (needs Java 17)

.PHONY: test-spark
test-spark: $(SPARK)/spark.done ## build the warehouse on DuckDB and on Spark and compare every row of every table
	@$(SPARK)/bin/python -m pytest tests/spark/same_tables.py $(PYTEST_ARGS)

$(VENV)/develop.done: $(VENV)/runtime.done requirements/develop.txt
	@echo "环境 environment: requirements/develop.txt"
	@$(INSTALL) --require-hashes -r requirements/develop.txt
	@touch $@

.PHONY: nightly
nightly: $(VENV)/runtime.done ## run a night on the sample province, or on your own files with INBOX=DIR
	@$(BIN)/jiheng nightly $(NIGHT)

.PHONY: test
test: $(VENV)/develop.done ## all tests, with real Airflow, dbt, DuckDB, Great Expectations and, where there is one, a browser
	@# In the order of the folders, so that the many small tests come last and fill both workers to the end.
	@$(BIN)/python -m pytest --numprocesses 2 --no-loadscope-reorder $(PYTEST_ARGS)

.PHONY: check
check: $(VENV)/develop.done ## format, lint, types, layers, SQL, dbt parse, DAG import; under a minute
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }
	@$(BIN)/sqlfluff lint --nocolor --disable-progress-bar dbt_project/models dbt_project/tests
	@JIHENG_LAKE=unused JIHENG_BUILD_DB=$(VENV)/parse.duckdb $(BIN)/dbt --quiet --no-version-check parse \
		--project-dir dbt_project --profiles-dir dbt_project --target-path ../$(VENV)/dbt --log-path $(VENV)/dbt
	@$(BIN)/python -m pytest -q tests/unit/test_dags.py
	@echo "全部通过 all checks passed"

.PHONY: fuzz
fuzz: $(VENV)/develop.done ## mutate files for the readers, MINUTES=5 a target; what breaks one is kept for the tests
	@$(BIN)/python -m tests.fuzzing --minutes $(or $(MINUTES),5)

# Made-up reports, reference tables, locks with their hashes, and pictures.
WITHOUT_KEYS := ':!samples/province' ':!corpus/texts' ':!dbt_project/seeds' ':!registers' ':!requirements/*.txt' \
	':!*package-lock.json' ':!*.svg' ':!*.png' ':!*.min.js' ':!.secrets.baseline'

.PHONY: secrets
secrets: $(VENV)/develop.done ## look for keys and passwords in every file; known finds that are none: .secrets.baseline
	@# With a copy: where a known find has only moved to another line, the tool notes that there and ends with 3.
	@cp .secrets.baseline $(VENV)/secrets.baseline
	@$(BIN)/detect-secrets-hook --baseline $(VENV)/secrets.baseline $$(git ls-files -- $(WITHOUT_KEYS)) || [ $$? -eq 3 ]

.PHONY: audit
audit: $(VENV)/develop.done ## ask whether anything is known against a locked package (needs PyPI's service)
	@$(BIN)/python -m deploy.supply audit $(if $(UNREACHABLE_IS_TOLD),--unreachable-is-told)

.PHONY: sbom
sbom: $(VENV)/develop.done ## what an installation is made of, as CycloneDX: var/sbom/*.cdx.json
	@$(BIN)/python -m deploy.supply sbom

.PHONY: format
format: $(VENV)/develop.done ## format Python
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

.PHONY: airflow
airflow: $(VENV)/runtime.done ## Airflow with its web pages on http://localhost:8080 (password: var/airflow/passwords.json)
	@$(BIN)/jiheng airflow $(NIGHT)

.PHONY: backup
backup: $(VENV)/runtime.done ## back the installation up: TO=DIR or TO=s3://..., else JIHENG_BACKUP_TO
	@$(BIN)/jiheng backup $(if $(TO),--to $(TO))

.PHONY: restore
restore: $(VENV)/runtime.done ## put an installation back into an empty JIHENG_HOME: FROM=DIR or FROM=s3://...
	@$(BIN)/jiheng restore $(if $(FROM),--from $(FROM))

.PHONY: bench
bench: $(VENV)/develop.done ## measure this machine into var/benchmarks.json; SIZE=province for a province-year (hours)
	@$(BIN)/python -m benchmarks --size $(or $(SIZE),small)

.PHONY: sample
sample: $(VENV)/runtime.done ## write the sample province again (same bytes)
	@$(BIN)/jiheng generate $(SAMPLE)

.PHONY: docs
docs: $(VENV)/runtime.done ## write rules, dictionary, methods, settings and the graph of models again from what they describe
	@$(BIN)/python -m ingest.checking.rulebook
	@$(BIN)/python -m jiheng.handbook

.PHONY: dbt-docs
dbt-docs: $(VENV)/runtime.done ## dbt's own pages with the lineage graph as one file: var/dbt-docs.html
	@mkdir -p var
	@JIHENG_LAKE=unused JIHENG_BUILD_DB=$(VENV)/parse.duckdb $(BIN)/dbt --quiet --no-version-check docs generate --static \
		--empty-catalog --project-dir dbt_project --profiles-dir dbt_project \
		--target-path ../$(VENV)/dbt --log-path $(VENV)/dbt
	@cp $(VENV)/dbt/static_index.html var/dbt-docs.html
	@echo "已写 written: var/dbt-docs.html"

# What pages borrow from npm, in versions and with hashes that publish/browser/package-lock.json holds. The charts are
# committed, so only who changes them needs Node; the SQL page's 75 MB are not, and lie once beside all editions.
publish/browser/node_modules/.done: publish/browser/package-lock.json
	@command -v npm >/dev/null || { echo "错误 error: npm is not here. 怎么办 help: Node 18 or later with npm (Debian: apt-get install npm)"; exit 4; }
	@cd publish/browser && npm ci --no-audit --no-fund --silent
	@touch $@

.PHONY: charts
charts: publish/browser/node_modules/.done ## bundle the chart library again: publish/site/assets/charts.min.js (needs npm)
	@cd publish/browser && node build.mjs charts ../site/assets/charts.min.js

ASSETS := $(abspath $(or $(JIHENG_HOME),var))/editions/assets

.PHONY: sql-page
sql-page: publish/browser/node_modules/.done ## put DuckDB for the SQL page beside the editions, once (needs npm)
	@mkdir -p $(ASSETS) && cd publish/browser && node build.mjs sql $(ASSETS)
	@echo "已装 installed: $(ASSETS)"

.PHONY: up
up: ## everything in containers: secrets, image, services; again after an update (needs only Docker)
	@deploy/containers/up.sh

.PHONY: down
down: ## stop the containers; their volumes stay
	@deploy/containers/compose.sh down --timeout 900

.PHONY: logs
logs: ## what the containers say, as it comes
	@deploy/containers/compose.sh logs --follow --tail 100

.PHONY: test-compose
test-compose: $(VENV)/develop.done ## run docker-compose.yml for real and prove what it promises (as root; 20 minutes)
	@$(BIN)/python -m tests.compose.run

.PHONY: lock
lock: $(VENV)/uv.done ## lock requirements/*.in again, with hashes
	@for set in runtime ocr object-store cluster spark develop; do \
		$(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
			$$([ $$set != runtime ] && echo "-c requirements/runtime.txt") requirements/$$set.in -o requirements/$$set.txt; done

.PHONY: system-packages
system-packages: ## Debian packages that old formats and the full test suite need (as root)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk poppler-utils \
		libreoffice-writer-nogui libreoffice-calc-nogui antiword minisign python3-venv \
		docker-compose nginx-light postgresql redis-server
	command -v npm > /dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm

.PHONY: clean
clean: ## remove the environment and what nights have made here
	rm -rf $(VENV) $(SPARK) var dbt_project/target dbt_project/logs .mypy_cache .ruff_cache .pytest_cache .hypothesis
