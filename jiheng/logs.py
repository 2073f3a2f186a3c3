"""The commands' own logging: plain text, or with `JIHENG_LOG=json` one line of JSON each, with run and step.

Tasks of Airflow log through structlog as well, so what `jiheng.night` binds (run, step) stands in their lines too. No
line names a file that was handed in, for its name may hold a person's: `named` gives a key instead.
"""

from __future__ import annotations

import logging
import sys

import structlog

from jiheng.files import key_of
from jiheng.settings import Settings


def configure(settings: Settings) -> None:
    """Set the logging of a command up; warnings and errors in plain text are Python's own where JSON is not asked for."""
    if not settings.logs_json:
        return
    before = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    after = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.dict_tracebacks,
        structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def named(source_name: str) -> str:
    """What a file that has no arrival id yet is called in a log: a key of its name, as `jiheng status --json` shows it."""
    return f"file-{key_of(source_name, length=12)}"
