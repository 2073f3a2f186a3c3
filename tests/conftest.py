"""What tests share: where the real reports lie, and what to do when something is not on this machine."""

import os
import shutil
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

from jiheng.settings import PROJECT_ROOT

pytest_plugins = ["tests.nights"]
# The same examples in every run: only a change turns a test red. HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=5_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
SHARED_NIGHTS = ("sample_night", "next_night", "real_night")
REQUIRE_ALL = os.environ.get("JIHENG_REQUIRE_ALL") == "1"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several workers, tests of one file stay together, and so do all files that share whole nights: each of those
    nights is made once.
    """
    from xdist.scheduler import LoadScopeScheduling

    class NightsTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            written = (PROJECT_ROOT / file).read_text(encoding="utf-8")
            return "night" if any(night in written for night in SHARED_NIGHTS) else file

    return NightsTogether(config, log)


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
