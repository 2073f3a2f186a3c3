"""The roles in FAB, on a real database of its own: made once, mended, and asked the way the desk asks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jiheng.airflow.installation import environment
from jiheng.settings import PROJECT_ROOT, Settings

FAB = {"AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"}
LOOK = """
import json
from airflow.api_fastapi.app import create_app, get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from jiheng import access
from jiheng.settings import Settings

with get_application_builder() as builder:
    security = builder.sm
    security.sync_roles()
    first, second = access.sync(security), access.sync(security)
    finance = security.find_role("Jiheng finance")
    security.add_permission_to_role(finance, security.create_permission("can_edit", "DAGs"))
    mended = access.sync(security)
    people = {}
    for role in ("Jiheng operator", "Jiheng finance", "Jiheng analyst", "Viewer", "Admin"):
        name = role.replace(" ", "_")
        people[role] = security.add_user(name, name, name, name + "@example.cn", security.find_role(role), "p-" + name)
    from airflow.api_fastapi.app import create_auth_manager
    manager = create_auth_manager()
    manager.init()
    told = {}
    for role, user in people.items():
        details = DagDetails(id="nightly_rankings")
        clears = manager.is_authorized_dag(
            method="PUT", access_entity=DagAccessEntity.TASK_INSTANCE, details=details, user=user
        )
        acts = sorted(access.acts_of(Settings.from_environment(), user, manager))
        told[role] = {"acts": acts, "clears": clears}
print(json.dumps({"first": len(first), "second": second, "mended": mended, "told": told}))
"""


def test_roles_are_made_once_and_finance_sees_the_desk_but_clears_nothing(tmp_path: Path) -> None:
    pytest.importorskip("airflow.providers.fab")
    env = environment(Settings(tmp_path)) | FAB | {"PATH": os.environ["PATH"]}

    def ran(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=PROJECT_ROOT, env=env, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
        return done.stdout

    ran("-m", "airflow", "db", "migrate")
    found = json.loads(ran("-c", LOOK).splitlines()[-1])
    assert found["first"] > 50 and found["second"] == [], "a second call changes nothing"
    assert found["mended"] == ["- Jiheng finance: can_edit DAGs"]
    told = found["told"]
    assert {"read", "waive", "override", "rollback", "review"} <= set(told["Jiheng finance"]["acts"])
    assert told["Jiheng analyst"]["acts"] == ["read"] and told["Viewer"]["acts"] == []
    assert {"read", "runs", "settings"} <= set(told["Jiheng operator"]["acts"]) <= set(told["Admin"]["acts"])
    clears = {role: one["clears"] for role, one in told.items()}
    assert clears == {
        "Jiheng operator": True,
        "Jiheng finance": False,
        "Jiheng analyst": False,
        "Viewer": False,
        "Admin": True,
    }
    assert "nothing to change" in ran("-m", "jiheng.access", "sync")
