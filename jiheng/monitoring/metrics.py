"""Metrics after each step: to whatever collector Airflow's configuration names, and to a file for node_exporter.

Both say the same, read from the records: so a process that was killed takes no figure with it. With neither switched on
nothing is looked at. What each name means is data: `metrics.yaml`.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jiheng import clock
from jiheng.files import write_text
from jiheng.monitoring import runs, vitals
from jiheng.monitoring.runs import RunStep
from jiheng.settings import LOCAL_TIME, Settings

log = logging.getLogger(__name__)
PREFIX = "jiheng_"
FILE = "jiheng.prom"
# Present where this process is a task of Airflow, which has set its collector up.
TASK_RUNNER = "airflow.sdk.execution_time.task_runner"
OUTCOMES = ("received", "accepted", "returned", "quarantined")


@dataclass(frozen=True)
class Metric:
    """What one name means."""

    unit: str
    labels: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True)
class Sample:
    """One figure."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@cache
def metrics() -> dict[str, Metric]:
    """All metrics by name."""
    said = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return {name: Metric(one["unit"], tuple(one["labels"]), one["zh"], one["en"]) for name, one in said.items()}


def tell(settings: Settings) -> None:
    """Measure and tell, where anybody wants to know. It never fails a step."""
    try:
        collector = _collector()
        if not (collector or settings.metrics):
            return
        found = samples(settings, datetime.now(UTC))
        if settings.metrics:
            write_text(settings.metrics_folder / FILE, in_prometheus_text(found))
        if collector:
            for one in found:
                collector.gauge(f"{PREFIX}{one.name}", one.value, tags=dict(one.labels))
    except Exception:
        # Whoever measures must not undo what is measured.
        log.warning("指标没有送出 · metrics could not be told", exc_info=True)


def _collector() -> Any:
    """Airflow's own way to its collector (StatsD or OpenTelemetry); None outside its tasks, or where it has none."""
    if TASK_RUNNER not in sys.modules:
        return None
    from airflow.sdk.configuration import conf
    from airflow.sdk.observability import stats

    switches = ("statsd_on", "otel_on", "statsd_datadog_enabled")
    return stats if any(conf.getboolean("metrics", name, fallback=False) for name in switches) else None


def samples(settings: Settings, now: datetime) -> list[Sample]:
    """Every figure that can be told now; what has never happened yet has none."""
    found = [*_of_steps(runs.steps(settings)), *_of_gate(settings), *_of_house(settings, now)]
    return [*found, Sample("measured_at_seconds", now.timestamp())]


def _of_steps(steps: Iterable[RunStep]) -> Iterator[Sample]:
    ended = [one for one in steps if one.outcome != "begun"]
    last = {one.step: one for one in ended}
    for name, one in sorted(last.items()):
        about = {"step": name}
        yield Sample("step_seconds", float(one.seconds or 0), about)
        yield Sample("step_failed", float(one.outcome == "failed"), about)
        if one.ended_at:
            yield Sample("step_ended_at_seconds", one.ended_at.timestamp(), about)
    yield from (
        Sample("files", float(last["land"].counts[name]), {"outcome": name})
        for name in OUTCOMES
        if "land" in last and name in last["land"].counts
    )
    yield from _of_build(last.get("build_warehouse"))
    yield from _of_reading(ended)


def _of_build(built: RunStep | None) -> Iterator[Sample]:
    for name, key in (("models", "models"), ("tests", "tests"), ("build_failures", "failures")):
        if built and key in built.counts:
            yield Sample(name, float(built.counts[key]))


def _of_reading(ended: Iterable[RunStep]) -> Iterator[Sample]:
    """Speed of the last run that had files to read: over the seconds of all its readings, which may be many at once."""
    read = [one for one in ended if one.step == "read_and_check" and one.counts.get("identified")]
    mine = [one for one in read if one.run_id == read[-1].run_id]
    seconds = sum(float(one.seconds or 0) for one in mine)
    if seconds:
        yield Sample("reading_files_per_second", sum(int(one.counts["identified"]) for one in mine) / seconds)


def _of_gate(settings: Settings) -> Iterator[Sample]:
    last, results = vitals.last_gate(settings)
    if last is None:
        return
    yield Sample("gate_held", float(last["event"] == "hold"))
    failed = Counter(row["severity"] for row in results if row["failed"])
    yield from (Sample("gate_failed_expectations", float(failed[name]), {"severity": name}) for name in sorted(failed))


def _of_house(settings: Settings, now: datetime) -> Iterator[Sample]:
    from publish import editions

    published = vitals.published_at(settings)
    if published:
        yield Sample("edition_age_hours", round((now - published).total_seconds() / 3600, 2))
        yield Sample("edition_published_at_seconds", published.timestamp())
    found = vitals.of_edition(editions.current(settings.editions))
    yield from (Sample(name, float(value)) for name, value in found.items())
    today = now.astimezone(LOCAL_TIME).date()
    soon = [one for one in vitals.waivers(settings, now) if one["valid_until"] >= today]
    yield Sample("waivers_expiring", float(len(soon)))
    quarantined = sorted(vitals.quarantined_on(settings, now).items())
    yield from (Sample("quarantined_today", float(count), {"reason": reason}) for reason, count in quarantined)
    yield Sample("clock_doubted", float(clock.doubt(settings, now) is not None))
    yield Sample("disk_free_bytes", float(vitals.disk_free(settings)))
    yield Sample("lake_bytes", float(vitals.size_of(settings.lake)))


def in_prometheus_text(found: Iterable[Sample]) -> str:
    """The figures in Prometheus' text format, names in the order of `metrics.yaml`."""
    by_name: dict[str, list[Sample]] = {}
    for one in found:
        by_name.setdefault(one.name, []).append(one)
    lines = []
    for name, about in metrics().items():
        if mine := by_name.get(name):
            lines += [f"# HELP {PREFIX}{name} {about.zh} · {about.en}", f"# TYPE {PREFIX}{name} gauge"]
            lines += [f"{PREFIX}{name}{_labels(one.labels)} {one.value!r}" for one in mine]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    told = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def as_table() -> str:
    """All metrics as a table of Markdown, for the operator's page."""
    rows = [
        f"| `{PREFIX}{name}` | {one.unit} | {'、'.join(one.labels)} | {one.zh} | {one.en} |"
        for name, one in metrics().items()
    ]
    return "\n".join(["| metric | unit | labels | 含义 | meaning |", "| --- | --- | --- | --- | --- |", *rows])
