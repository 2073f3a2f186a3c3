"""Metrics reach a real collector over its real protocol, and the file that node_exporter reads."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from jiheng import night
from jiheng.airflow.installation import environment
from jiheng.monitoring import metrics, runs
from jiheng.settings import PROJECT_ROOT, Settings

# As Airflow's task runner begins: it sets the collector up, then the task's own code runs.
TASK = """
import sys
from airflow.sdk.execution_time import task_runner
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics import stats_utils
stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=False)
from jiheng import night
from jiheng.settings import Settings
night.begin(Settings.from_environment(), "scheduled__2026-03-31")
"""


def _run_task(home: Path, **switches: str) -> None:
    told = {f"AIRFLOW__METRICS__{name.upper()}": value for name, value in switches.items()}
    clean = environment(Settings(home)) | {"JIHENG_HOME": str(home)} | told
    ran = subprocess.run(
        [sys.executable, "-c", TASK], cwd=PROJECT_ROOT, env=clean, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]


@contextmanager
def _collector() -> Iterator[tuple[int, list[bytes]]]:
    """An OTLP/HTTP receiver on the loopback."""
    bodies: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, bodies
    finally:
        server.shutdown()
        server.server_close()


def test_an_opentelemetry_collector_gets_them_with_their_labels(tmp_path: Path) -> None:
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

    with _collector() as (port, bodies):
        _run_task(tmp_path, otel_on="True", otel_host="127.0.0.1", otel_port=str(port))
    found: dict[str, Any] = {}
    for body in bodies:
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            found |= {one.name: one for scope in resource.scope_metrics for one in scope.metrics}
    [name] = [name for name in found if name.endswith("jiheng_step_seconds")]
    [point] = found[name].gauge.data_points
    assert {one.key: one.value.string_value for one in point.attributes}["step"] == "begin"
    assert any(name.endswith("jiheng_disk_free_bytes") for name in found)


def test_node_exporter_finds_a_file_that_its_own_parser_understands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIHENG_METRICS", "on")
    settings = Settings(tmp_path)
    night.begin(settings, "manual__1")
    lines = (tmp_path / "metrics" / metrics.FILE).read_text(encoding="utf-8").splitlines()
    figures = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(figures['jiheng_step_failed{step="begin"}']) == 0
    assert float(figures["jiheng_disk_free_bytes"]) > 0
    kinds = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(kinds) == len(set(kinds)) and {name.partition("{")[0] for name in figures} == set(kinds)


def test_nothing_is_looked_at_when_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIHENG_METRICS", raising=False)
    monkeypatch.setattr(metrics, "samples", lambda *_: pytest.fail("measured though nobody asked"))
    night.begin(Settings(tmp_path), "manual__1")
    assert not (tmp_path / "metrics").exists()


def test_what_goes_wrong_in_measuring_fails_no_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIHENG_METRICS", "on")
    monkeypatch.setattr(metrics, "samples", lambda *_: 1 / 0)
    night.begin(Settings(tmp_path), "manual__1")
    [step] = runs.steps(Settings(tmp_path))
    assert step.outcome == "end"


def test_every_name_that_is_measured_is_told_of_and_the_operators_table_is_the_same(tmp_path: Path) -> None:
    night.begin(Settings(tmp_path), "manual__1")
    for one in metrics.samples(Settings(tmp_path), datetime.now(UTC)):
        assert set(one.labels) == set(metrics.metrics()[one.name].labels)
    page = (PROJECT_ROOT / "docs/operator/monitoring.md").read_text(encoding="utf-8")
    assert metrics.as_table() in page


def test_a_reason_with_a_quotation_mark_stays_one_label() -> None:
    text = metrics.in_prometheus_text([metrics.Sample("quarantined_today", 1, {"reason": 'a"b\\c\nd'})])
    assert 'reason="a\\"b\\\\c\\nd"} 1' in text and os.linesep.join(text.splitlines()).count("\n") == 2
