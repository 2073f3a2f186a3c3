# One image for Airflow and for the commands of Jiheng. Build: docker build -t jiheng .
FROM python:3.11-slim-bookworm AS build
# Where a network has a certificate authority of its own that the base image knows: --build-arg SSL_CERT_FILE=path
ARG SSL_CERT_FILE
WORKDIR /opt/jiheng
COPY requirements/bootstrap.txt requirements/runtime.txt requirements/ocr.txt requirements/object-store.txt requirements/
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements/bootstrap.txt \
    && .venv/bin/uv pip install --quiet --no-cache --python .venv/bin/python --require-hashes --compile-bytecode \
       -r requirements/runtime.txt -r requirements/ocr.txt -r requirements/object-store.txt
COPY . .
RUN .venv/bin/uv pip install --quiet --no-cache --python .venv/bin/python --no-deps --no-build-isolation --editable .

FROM python:3.11-slim-bookworm
# What reads .doc, .wps, .rtf and .odt.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui antiword \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 1000 jiheng && install -d -o jiheng /var/lib/jiheng
COPY --from=build --chown=root:root /opt/jiheng /opt/jiheng
ENV PATH=/opt/jiheng/.venv/bin:$PATH JIHENG_HOME=/var/lib/jiheng PYTHONUNBUFFERED=1
USER jiheng
WORKDIR /opt/jiheng
VOLUME /var/lib/jiheng
HEALTHCHECK --interval=30s --start-period=90s CMD ["python", "-c", \
    "import urllib.request; urllib.request.urlopen('http://localhost:8080/api/v2/monitor/health', timeout=5)"]
CMD ["jiheng", "airflow"]
