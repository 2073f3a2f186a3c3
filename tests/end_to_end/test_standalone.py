"""`make airflow`: Airflow on one machine, as a newcomer starts and ends it."""

from pathlib import Path

import psutil
import pytest

from jiheng.airflow.pools import WAREHOUSE_POOL
from tests.airflows import PATIENCE_SECONDS, standalone
from tests.nights import Home

pytestmark = [pytest.mark.night, pytest.mark.timeout(2 * PATIENCE_SECONDS)]


def test_it_runs_tasks_of_its_own_accord_and_leaves_no_process_behind(tmp_path: Path) -> None:
    """It makes all that it needs in its home, and begins with what it has missed."""
    (tmp_path / "inbox").mkdir()
    with standalone(Home(tmp_path)) as airflow:
        run = airflow.first_run("housekeeping")["dag_run_id"]
        airflow.wait_for("a task", lambda: airflow.task("housekeeping", run, "keep_house")["state"] == "success")
        assert airflow.call("/api/v2/importErrors")["total_entries"] == 0
        assert airflow.call("/api/v2/plugins/importErrors")["total_entries"] == 0
        assert airflow.call(f"/api/v2/pools/{WAREHOUSE_POOL}")["slots"] == 1
        assert airflow.call("/api/v2/monitor/health")["triggerer"]["status"] == "healthy"
        started = [one for one in psutil.process_iter() if _is_at_work_in(one, tmp_path)]
        assert len(started) > 4
    _, alive = psutil.wait_procs(started, timeout=60)
    assert alive == []


def _is_at_work_in(process: psutil.Process, home: Path) -> bool:
    """Whether it has a log of this Airflow open, or its database."""
    try:
        return any(Path(file.path).is_relative_to(home) for file in process.open_files())
    except psutil.Error:
        return False
