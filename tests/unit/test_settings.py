"""Settings: typed, checked at the start in words that name the variable, each documented, no secret among them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jiheng import handbook
from jiheng.settings import NOT_SETTINGS, PREFIX, PROJECT_ROOT, Settings, SettingsError

OURS = {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


def test_places_lie_under_the_home_unless_they_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Settings(tmp_path)
    assert (str(plain.inbox), plain.receipts) == (str(tmp_path / "inbox"), tmp_path / "receipts")
    assert plain.registers == (PROJECT_ROOT / "registers", tmp_path / "registers")
    monkeypatch.setenv("JIHENG_INBOX", "s3://reports/2026")
    monkeypatch.setenv("JIHENG_REGISTERS", os.pathsep.join(["a", str(tmp_path / "b")]))
    named = Settings(tmp_path)
    assert str(named.inbox) == "s3://reports/2026"
    assert named.registers[2:] == (Path("a").resolve(), tmp_path / "b")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIHENG_HOME", "")
    monkeypatch.setenv("JIHENG_SETTLE_SECONDS", "")
    assert (Settings().home, Settings().settle_seconds) == (PROJECT_ROOT / "var", 2)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SETTLE_SECONDS", "abc", "须为数字，现为“abc” · must be a number"),
        ("SETTLE_SECONDS", "-1", "不得小于 0"),
        ("WATCH_SECONDS", "nan", "must be a finite number"),
        ("WATCH_SECONDS", "0", "须大于 0"),
        ("UPLOAD_A_DAY", "many", "须为整数"),
        ("AIRFLOW_PORT", "70000", "不得大于 65535"),
        ("TIMEZONE", "Asia/Nowhere", "没有这个时区"),
        ("TIMEZONE", "../etc", "没有这个时区"),
        ("DUCKDB_MEMORY", "four", "应写作 4GB"),
        ("INBOX", "s3://user:key@bucket/x", "不能写用户名或密钥"),
        ("SECOND_READER_URL", "host:8000", "http 或 https"),
    ],
)
def test_what_is_wrong_names_variable_and_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError, match=f"^{PREFIX}{name}") as wrong:
        Settings()
    assert told in str(wrong.value)
    assert "user:key" not in str(wrong.value)


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIHENG_TIMEZONE", "Mars")
    monkeypatch.setenv("JIHENG_UPLOAD_MIB", "0")
    with pytest.raises(SettingsError) as wrong:
        Settings()
    told = [line.split()[0].rstrip(":") for line in str(wrong.value).splitlines()]
    assert told == ["JIHENG_TIMEZONE", "JIHENG_UPLOAD_MIB"]


def test_a_misspelt_variable_is_not_passed_over() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "jiheng", "status"],
        env=os.environ | {"JIHENG_PUBLISH_T0": "s3://bucket"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 4
    assert "error[E4003]" in ran.stderr and "JIHENG_PUBLISH_TO" in ran.stderr


def test_the_page_is_current_and_every_setting_is_told_in_both_languages() -> None:
    assert handbook.SETTINGS.read_text(encoding="utf-8") == handbook.settings(), "make docs"
    for name, field in Settings.model_fields.items():
        chinese, _, english = str(field.description).partition(" · ")
        assert chinese and english, name
        assert field.title and " · " in field.title, name


def test_no_setting_holds_a_secret() -> None:
    """What sounds like one is the file that holds it; a public key is none."""
    for name in Settings.model_fields:
        if any(word in name for word in ("password", "token", "secret", "key")) and name != "public_key":
            annotation = str(Settings.model_fields[name].annotation)
            assert "Path" in annotation, name


def test_every_variable_of_the_code_is_a_setting() -> None:
    import re

    found = set()
    for room in ("jiheng", "ingest", "publish", "expectations", "ranking", "dags", "plugins", "samples"):
        for path in (PROJECT_ROOT / room).rglob("*.[pscy]*"):
            if path.suffix in (".py", ".sh", ".conf", ".yaml", ".yml"):
                found |= set(re.findall(r"\bJIHENG_[A-Z0-9_]+[A-Z0-9]\b", path.read_text(encoding="utf-8")))
    assert found - OURS - NOT_SETTINGS == set()
