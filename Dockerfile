# One image for every service and command. Which readers are inside is chosen by the target (docs/operator/containers.md):
#   full (default)  also .doc, .wps, .rtf, .odt (LibreOffice, antiword), and scans and photographed pages
#   lean            text, .docx, .xlsx, .xls, HTML, PDF with text, ZIP
#   sql-page        what the SQL page borrows from npm, to be put beside the editions once
# Build: DOCKER_BUILDKIT=1 docker build -t jiheng .    (`make up` does it)
# To pin the bytes of a base as well as its name: --build-arg PYTHON_DIGEST=@sha256:...
ARG PYTHON=python:3.11.14-slim-bookworm
ARG PYTHON_DIGEST=
ARG NODE=node:20.19.5-bookworm-slim
ARG NODE_DIGEST=

FROM ${PYTHON}${PYTHON_DIGEST} AS packages
# A certificate authority of one's own network is handed in for the time of the build and stays in no layer:
# --secret id=ca,src=FILE
WORKDIR /opt/jiheng
COPY requirements/bootstrap.txt requirements/runtime.txt requirements/object-store.txt requirements/cluster.txt requirements/
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then export PIP_CERT=/run/secrets/ca SSL_CERT_FILE=/run/secrets/ca; fi \
    && python3 -m venv .venv \
    && .venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements/bootstrap.txt \
    && .venv/bin/uv pip install --quiet --no-cache --python .venv/bin/python --require-hashes --compile-bytecode \
       -r requirements/runtime.txt -r requirements/object-store.txt -r requirements/cluster.txt

# What only installing needs, and other people's tests, are left out.
FROM packages AS packages-lean
RUN rm -rf .venv/bin/uv .venv/bin/uvx .venv/bin/pip* && cd .venv/lib/python3.11/site-packages \
    && rm -rf uv uv-* pip pip-* numpy/*/tests pandas/tests pyarrow/tests pyarrow/include scipy/*/tests

FROM packages AS packages-full
COPY requirements/ocr.txt requirements/
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then export SSL_CERT_FILE=/run/secrets/ca; fi \
    && .venv/bin/uv pip install --quiet --no-cache --python .venv/bin/python --require-hashes --compile-bytecode \
       -r requirements/ocr.txt \
    && rm -rf .venv/bin/uv .venv/bin/uvx .venv/bin/pip* && cd .venv/lib/python3.11/site-packages \
    && rm -rf uv uv-* pip pip-* numpy/*/tests pandas/tests pyarrow/tests pyarrow/include scipy/*/tests

FROM ${PYTHON}${PYTHON_DIGEST} AS system
# pg_dump for backups. The home and its inbox belong to the user, so a new volume does as well.
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-client-15 > /dev/null \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 jiheng && install -d -o jiheng -g jiheng -m 0755 /var/lib/jiheng \
    && printf '#!/bin/sh\nexec python -m jiheng "$@"\n' > /usr/local/bin/jiheng && chmod 0755 /usr/local/bin/jiheng
ENV PATH=/opt/jiheng/.venv/bin:$PATH PYTHONPATH=/opt/jiheng PYTHONUNBUFFERED=1 \
    JIHENG_HOME=/var/lib/jiheng AIRFLOW_HOME=/var/lib/jiheng/airflow
WORKDIR /opt/jiheng
VOLUME /var/lib/jiheng

FROM ${NODE}${NODE_DIGEST} AS sql-page
WORKDIR /build
COPY publish/browser/ .
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi \
    && npm ci --no-audit --no-fund --silent && mkdir /assets && node build.mjs sql /assets
USER 1000
CMD ["cp", "-r", "/assets/.", "/var/lib/jiheng/editions/assets/"]

# Packages lie below the project: an update of the project alone is a small layer.
FROM system AS lean
COPY --from=packages-lean /opt/jiheng/.venv .venv
COPY . .
RUN python -m compileall -q jiheng ingest publish expectations ranking samples corpus dags plugins
USER jiheng
HEALTHCHECK --interval=30s --timeout=15s --start-period=90s CMD ["python", "-m", "jiheng.monitoring.health", "api-server"]
CMD ["jiheng", "airflow"]

FROM system AS full
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
       libreoffice-writer-nogui libreoffice-calc-nogui antiword > /dev/null \
    && rm -rf /var/lib/apt/lists/*
COPY --from=packages-full /opt/jiheng/.venv .venv
COPY . .
RUN python -m compileall -q jiheng ingest publish expectations ranking samples corpus dags plugins
USER jiheng
HEALTHCHECK --interval=30s --timeout=15s --start-period=90s CMD ["python", "-m", "jiheng.monitoring.health", "api-server"]
CMD ["jiheng", "airflow"]
