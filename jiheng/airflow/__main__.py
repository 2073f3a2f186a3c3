"""`python -m jiheng.airflow pools`: make the pools of an Airflow whose database something else prepares."""

from __future__ import annotations

import subprocess
import sys

from jiheng.airflow.installation import make_pools
from jiheng.settings import Settings

if __name__ == "__main__":
    if sys.argv[1:] != ["pools"]:
        sys.exit("用法 usage: python -m jiheng.airflow pools")
    settings = Settings.from_environment()
    log = settings.home / "logs" / "airflow.log"
    try:
        make_pools(settings, log)
    except subprocess.CalledProcessError:
        sys.exit(f"错误 error: 不能建立 Airflow 的池 · the pools could not be made. 怎么办 help: {log}")
