"""The desk's plugin file is light, and no route of its app is without the guard."""

import json
import os
import subprocess
import sys
from pathlib import Path

from jiheng.airflow.installation import environment
from jiheng.settings import PROJECT_ROOT, Settings

LOOK = """
import json, sys
sys.path.insert(0, "plugins")
import jiheng_desk
heavy = [name for name in ("jiheng.desk", "duckdb", "pyarrow", "pandas") if name in sys.modules]
plugin = jiheng_desk.JihengDesk
from jiheng.desk import guard
from jiheng.desk.app import URL_PREFIX, make_app
from jiheng.settings import Settings


def asks(dependant):
    return dependant.call is guard.person or any(asks(one) for one in dependant.dependencies)


app = make_app(Settings.from_environment())
open_ones = [route.path for route in app.routes if not asks(route.dependant)]
acts = {
    route.path: [one.call.__name__ for one in route.dependant.dependencies]
    for route in app.routes
    if "POST" in route.methods
}
facts = {"heavy": heavy, "prefix": plugin.fastapi_apps[0]["url_prefix"], "href": plugin.external_views[0]["href"]}
print(json.dumps(facts | {"ours": URL_PREFIX, "routes": len(app.routes), "open": open_ones, "acts": acts}))
"""


def test_the_plugin_is_light_and_every_route_asks_who_calls(tmp_path: Path) -> None:
    env = environment(Settings(tmp_path)) | {"PATH": os.environ["PATH"]}
    ran = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=PROJECT_ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    seen = json.loads(ran.stdout.splitlines()[-1])
    assert seen["heavy"] == [] and seen["prefix"] == seen["ours"]
    assert f"/{seen['href']}" == seen["ours"] + "/"
    assert seen["routes"] >= 18 and seen["open"] == []
    assert len(seen["acts"]) == 7
    assert all(guards == ["admitted"] for guards in seen["acts"].values()), "each act asks for a right of its own"
