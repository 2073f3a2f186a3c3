"""The first account of an Airflow with accounts of its own: `python -m jiheng.airflow.first_admin FILE`.

The password comes from a file, so that no process shows it; an account that is there keeps the one chosen since.
"""

from __future__ import annotations

import sys
from pathlib import Path

NAME = "admin"
SHORTEST = 12


def create(password_file: Path) -> str:
    """Create the account unless it is there; gives what was done, for the log. Raises ValueError and OSError."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    password = password_file.read_text(encoding="utf-8").strip()
    if len(password) < SHORTEST:
        raise ValueError(f"{password_file}: 密码至少 {SHORTEST} 个字符 · at least {SHORTEST} characters")
    with get_application_builder() as builder:
        security = builder.sm
        if security.find_user(NAME):
            return f"帐号已存在，密码不变 · the account is there and keeps its password: {NAME}"
        made = security.add_user(NAME, "管理员", "绩衡", f"{NAME}@localhost", security.find_role("Admin"), password)
        if not made:
            raise ValueError(f"不能建立帐号 · the account could not be made: {NAME}")
    return f"已建立帐号 · account made: {NAME}"


def main(arguments: list[str]) -> int:
    """Create the account and tell; an error ends with 1."""
    if len(arguments) != 1:
        sys.stderr.write("用法 usage: python -m jiheng.airflow.first_admin FILE\n")
        return 2
    try:
        sys.stdout.write(create(Path(arguments[0])) + "\n")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"错误 error: {error}\n  怎么办 help: docs/operator/containers.md\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
