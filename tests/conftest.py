"""What tests share: where the real reports lie, and what to do when something is not on this machine."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from jiheng.settings import PROJECT_ROOT

pytest_plugins = ["tests.nights"]
# The same examples in every run: only a change turns a test red. HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=5_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
REQUIRE_ALL = os.environ.get("JIHENG_REQUIRE_ALL") == "1"


# What makes a whole night, or has Airflow running, costs most: those tests share their nights in one worker.
NIGHTS = frozenset({"sample_night", "next_night", "real_night"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers (`-n 2 --dist loadgroup`) a file's tests stay together, and all that use a night do."""
    for item in items:
        used = NIGHTS & set(getattr(item, "fixturenames", ()))
        is_night = used or item.get_closest_marker("night")
        item.add_marker(pytest.mark.xdist_group("night" if is_night else item.nodeid.partition("::")[0]))


def missing(reason: str) -> NoReturn:
    """Skip with the reason, or fail where everything is required (as in CI)."""
    if REQUIRE_ALL:
        pytest.fail(f"JIHENG_REQUIRE_ALL=1, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def real_reports() -> Path:
    """The directory of the two real reports, from `JIHENG_REAL_REPORTS` or beside the project."""
    place = Path(os.environ.get("JIHENG_REAL_REPORTS") or PROJECT_ROOT.parent / "shared" / "reports")
    if not place.is_dir():
        missing(f"no real reports in {place}; set JIHENG_REAL_REPORTS")
    return place


@pytest.fixture(scope="session")
def known_regions() -> Path:
    """The list of regions that the first province's register was made from, beside the project."""
    place = PROJECT_ROOT.parent / "shared" / "geo" / "gd_regions.csv"
    place = Path(os.environ.get("JIHENG_REGIONS") or place)
    if not place.is_file():
        missing(f"no list of regions in {place}; set JIHENG_REGIONS")
    return place


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium from the distribution."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        missing("there is no chromium; `make system-packages` installs it")
    return found
