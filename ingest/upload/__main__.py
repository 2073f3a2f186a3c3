"""The upload alone, without Airflow: `python -m ingest.upload --port 8090`."""

from __future__ import annotations

import argparse
import logging

import uvicorn

# Whoever ends the server does not wait for a file that is still being sent.
SECONDS_TO_END = 5


def main() -> None:
    """Serve until the process is ended. The address is this machine's own unless `--host` says otherwise."""
    parser = argparse.ArgumentParser(prog="python -m ingest.upload")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    uvicorn.run(
        "ingest.upload.app:served_alone",
        factory=True,
        host=asked.host,
        port=asked.port,
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_END,
    )


if __name__ == "__main__":
    main()
