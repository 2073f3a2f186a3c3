"""The upload as a part of Airflow's api-server, under `/jiheng`. Airflow's login is not before it: see `ingest.upload`.

Every process of Airflow imports this file, so that the app itself is made only where it is first called.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin


@cache
def _app() -> Any:
    from ingest.upload.app import make_app
    from ingest.upload.limits import Limits
    from jiheng import clock
    from jiheng.settings import Settings

    settings = Settings.from_environment()
    return make_app(settings, Limits.of(settings), lambda now: clock.doubt(settings, now) is None)


async def upload(scope: Any, receive: Any, send: Any) -> None:
    """Hand a call on to the app."""
    await _app()(scope, receive, send)


class JihengUpload(AirflowPlugin):
    """Tells Airflow where the upload is."""

    name = "jiheng_upload"
    fastapi_apps: ClassVar = [{"app": upload, "url_prefix": "/jiheng", "name": "绩衡上传 · Jiheng upload"}]
