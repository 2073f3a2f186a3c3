"""The commands' own logging: plain text, or with `JIHENG_LOG=json` one line of JSON each, with run and step.

Tasks of Airflow log through structlog as well, so what `jiheng.night` binds (run, step) stands in their lines too. No
line names a file that was handed in, for its name may hold a person's: `named` gives a key instead.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from jiheng.files import key_of
from jiheng.settings import Settings


def configure(settings: Settings) -> None:
    """Set the logging of a command up. Where JSON is not asked for, it stays as Python has it."""
    if settings.log != "json":
        return
    import structlog

    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    after: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.dict_tracebacks,
        structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def named(source_name: str) -> str:
    """What a file without an arrival id is called in a log: a key of its name; `jiheng status --json` has both."""
    return f"file-{key_of(source_name, length=12)}"
