"""The desk inside Airflow's pages, under `/desk`. Airflow's login is not before it: see `jiheng.desk.guard`.

Every process of Airflow imports this file, so that the app itself is made only where it is first called.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin


@cache
def _app() -> Any:
    from jiheng.desk.app import make_app
    from jiheng.settings import Settings

    return make_app(Settings.from_environment())


async def desk(scope: Any, receive: Any, send: Any) -> None:
    """Hand a call on to the app."""
    await _app()(scope, receive, send)


class JihengDesk(AirflowPlugin):
    """Tells Airflow where the desk is, and shows it in the menu."""

    name = "jiheng_desk"
    fastapi_apps: ClassVar = [{"app": desk, "url_prefix": "/desk", "name": "绩衡工作台 · Jiheng desk"}]
    # Without a slash before it, it is found below the path that Airflow itself is served at.
    external_views: ClassVar = [
        {
            "name": "绩衡工作台",
            "href": "desk/",
            "destination": "nav",
            "url_route": "jiheng-desk",
            "nav_top_level": True,
        }
    ]
