"""Roles as data: whom an account is, what each may do, which folders are too open, and that the docs say the same."""

from pathlib import Path

import pytest

from ingest.officers import ACTS as OFFICERS_ACTS
from ingest.tables import TableError
from jiheng import access, doctor
from jiheng.airflow import installation
from jiheng.settings import PROJECT_ROOT, Settings

PAGE = PROJECT_ROOT / "docs" / "operator" / "access.md"


def test_every_role_names_acts_that_there_are_and_every_act_has_somebody() -> None:
    for role in access.roles().values():
        assert set(role.acts) <= access.acts().keys()
    for name, act in access.acts().items():
        assert access.who_may(name), name
        assert act.officer is None or act.officer in OFFICERS_ACTS
    assert {folder.readers[0] for folder in access.folders()} == {"operator"}


def test_a_county_has_no_account_and_may_do_nothing() -> None:
    county = access.roles()["county"]
    assert (county.simple, county.fab_name, county.acts) == (None, None, ())


def test_an_analyst_only_looks_and_who_decides_on_content_does_not_run_the_machine() -> None:
    roles = access.roles()
    assert set(roles["analyst"].acts) == {"read"} and roles["analyst"].simple == roles["finance"].simple == "viewer"
    assert not {"runs", "settings", "tokens"} & set(roles["finance"].acts)
    assert {"waive", "override", "rollback"} <= set(roles["finance"].acts)


def test_a_register_adds_accounts_and_they_get_a_role_of_airflow_and_a_password(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    register = tmp_path / "registers" / "accounts.csv"
    register.write_text("account,role\n李四,finance\nanalyst,operator\n", encoding="utf-8")
    settings = Settings(tmp_path)
    assert installation.users(settings) == {"admin": "op", "finance": "viewer", "analyst": "op", "李四": "viewer"}
    register.write_text("account,role\n王五,county\n", encoding="utf-8")
    with pytest.raises(TableError, match="应为"):
        access.accounts(settings.registers)
    assert [one.good for one in doctor.examine(settings) if one.what == "accounts"] == [False]


def test_a_folder_that_is_more_open_than_the_table_says_is_told_and_closed(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    for name, mode in (("archive", 0o755), ("editions", 0o755), ("receipts", 0o700)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
    assert [(folder.name, mode) for folder, mode in access.too_open(settings)] == [("archive", 0o755)]
    [told] = [one for one in doctor.examine(settings) if one.what == "folders"]
    assert not told.good and "archive 0755 > 0700" in told.found
    assert [folder.name for folder in access.close(settings)] == ["archive"]
    assert access.too_open(settings) == [] and (tmp_path / "archive").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "receipts").stat().st_mode & 0o777 == 0o700, "what is closed more stays so"


def test_the_page_for_operators_says_what_the_table_says() -> None:
    words = PAGE.read_text(encoding="utf-8")
    rows = {tuple(cell.strip() for cell in line.strip("|").split("|")) for line in words.splitlines() if "|" in line}
    names = list(access.roles())
    for name, act in access.acts().items():
        marks = tuple("✓" if name in access.roles()[role].acts else "–" for role in names)
        where = {"cli": "命令行 CLI", "airflow": "Airflow", None: "工作台 desk"}[act.only]
        assert (f"`{name}`", f"{act.zh} · {act.en}", *marks, f"`{act.officer}`" if act.officer else "–", where) in rows
    for folder in access.folders():
        readers = "、".join(folder.readers)
        assert (f"`{folder.name}`", f"{folder.zh} · {folder.en}", f"{folder.mode:04o}", readers) in rows
    for role in access.roles().values():
        row = (f"`{role.name}`", f"{role.zh} · {role.en}", role.simple or "–", role.fab_name or "–")
        assert row in rows
