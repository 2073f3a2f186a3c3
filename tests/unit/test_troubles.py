"""Troubles with the disk are told where, what and how to mend, whichever library met them."""

import errno
import os
from pathlib import Path

import pytest

from jiheng import cli
from jiheng.troubles import KINDS, check_writable, trouble_of


@pytest.mark.parametrize(
    ("error", "code", "place"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/lake/x"), "E4010", "/data/lake/x"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "/data"), "E4010", "/data"),
        (OSError(errno.EROFS, "Read-only file system", "/data"), "E4011", "/data"),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), "E4012", "/data"),
        (OSError(errno.EIO, "Input/output error", "/data"), "E4013", "/data"),
        # What DuckDB and SQLite say without a number.
        (RuntimeError('IO Error: Could not write file "/d/x.wal": No space left on device'), "E4010", "/d/x.wal"),
        (RuntimeError("(sqlite3.OperationalError) database or disk is full"), "E4010", None),
    ],
)
def test_a_trouble_is_known_by_number_or_words(error: Exception, code: str, place: str | None) -> None:
    found = trouble_of(error)
    assert found is not None and found.kind.code == code
    assert found.place is None if place is None else place in str(found)


def test_the_trouble_behind_an_error_counts() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device", "/data/x")
        except OSError as error:
            raise ValueError("the step did not end") from error
    except ValueError as error:
        found = trouble_of(error)
    assert found is not None and found.place == "/data/x"
    assert trouble_of(ValueError("a wrong figure")) is None and trouble_of(FileNotFoundError(2, "no file", "x")) is None


def test_a_directory_that_takes_a_file_is_writable(tmp_path: Path) -> None:
    check_writable(tmp_path / "new")
    assert not any((tmp_path / "new").iterdir())
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        check_writable(tmp_path / "file")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_command_ends_with_one_readable_error(kind, monkeypatch, capsys) -> None:
    def fail() -> None:
        if not kind.numbers:
            raise RuntimeError(f"{kind.signs[0]} /data/jiheng/lake")
        raise OSError(min(kind.numbers), os.strerror(min(kind.numbers)), "/data/jiheng/lake")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 4 and told.startswith(f"错误 error[{kind.code}]: {kind.told}：")
    assert told.splitlines()[0].endswith("/data/jiheng/lake") and "docs/operator/runbooks/" in told
    assert kind.remedy in told and "再运行一次" in told and "Traceback" not in told


def test_an_error_of_ours_still_shows_where_it_came_from(monkeypatch) -> None:
    def fail() -> None:
        raise KeyError("no such column")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(KeyError):
        cli.main()
