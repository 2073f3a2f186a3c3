"""Who may do what: roles as data (`access.yaml`), an account's role, and folders that are too open.

Airflow's auth manager says who somebody is. With the simple one the account's role decides here; with any other, a
permission of that manager for each act, which `python -m jiheng.access sync` makes for FAB.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.registers import ACCOUNTS, read_rows
from jiheng.settings import Settings

TABLE = Path(__file__).with_suffix(".yaml")
# How the permission for an act is called in an auth manager that keeps permissions.
PERMISSION = "Jiheng {}"
ANYBODY = 0o777
# An act that looks needs the right to read, one that changes something the right to edit.
METHODS = {"read": "GET", "receipts": "GET", "held": "GET", "audit": "GET"}


@dataclass(frozen=True)
class Act:
    """One thing that may be done. `officer` is the right in the register of officers that it needs as well, `only` the
    one place where it is done (cli or airflow); without it, it is done on the desk.
    """

    name: str
    zh: str
    en: str
    officer: str | None = None
    only: str | None = None

    @property
    def method(self) -> str:
        """The method that an auth manager is asked about."""
        return METHODS.get(self.name, "PUT")

    @property
    def resource(self) -> str:
        """The resource that an auth manager is asked about."""
        return PERMISSION.format(self.name)


@dataclass(frozen=True)
class Role:
    """A role: its name in the simple auth manager and in FAB (none without an account of Airflow), and its acts."""

    name: str
    zh: str
    en: str
    acts: tuple[str, ...]
    simple: str | None = None
    fab_name: str | None = None
    fab_base: str | None = None


@dataclass(frozen=True)
class Folder:
    """A folder or file of the home: the widest mode it may have, and which roles read it."""

    name: str
    mode: int
    readers: tuple[str, ...]
    zh: str
    en: str

    def openness(self, home: Path) -> int | None:
        """Its mode where that is wider than it may be, else None; what is not there is not open."""
        path = home / self.name
        if not path.exists():
            return None
        mode = path.stat().st_mode & ANYBODY
        return mode if mode & ~self.mode else None


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return found


@cache
def acts() -> dict[str, Act]:
    """Every act by its name."""
    return {name: Act(name, **row) for name, row in _table()["acts"].items()}


@cache
def roles() -> dict[str, Role]:
    """Every role by its name."""
    return {name: _role(name, **row) for name, row in _table()["roles"].items()}


def _role(name: str, fab: dict[str, str] | None = None, **row: Any) -> Role:
    named = fab or {}
    return Role(name, row["zh"], row["en"], tuple(row["acts"]), row.get("simple"), named.get("name"), named.get("base"))


def folders() -> list[Folder]:
    """Every folder and file that the table speaks of."""
    return [
        Folder(name, int(row["mode"], 8), tuple(row["readers"]), row["zh"], row["en"])
        for name, row in _table()["folders"].items()
    ]


def who_may(act: str) -> list[Role]:
    """The roles that may do an act."""
    return [role for role in roles().values() if act in role.acts]


def accounts(directories: Iterable[Path]) -> dict[str, Role]:
    """Accounts of the simple auth manager with their roles: those of the table, and those of registers `accounts`.

    Raises `TableError` for a role that there is not, or that has no account of Airflow.
    """
    named = dict(_table()["accounts"])
    for row in read_rows(directories, ACCOUNTS):
        role = roles().get(row["role"])
        if role is None or role.simple is None or not row["account"]:
            allowed = "、".join(one.name for one in roles().values() if one.simple)
            raise row.error("role", f"应为 {allowed} 之一，账号不能为空", f"one of {allowed}, for an account")
        named[row["account"]] = row["role"]
    return {account: roles()[name] for account, name in named.items()}


def acts_of(settings: Settings, user: Any, manager: Any) -> frozenset[str]:
    """What somebody whom Airflow knows may do on the desk. An account without a role of ours may do nothing."""
    from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager

    # The simple auth manager knows no permissions: asked about one, it lets everybody look.
    if isinstance(manager, SimpleAuthManager):
        role = accounts(settings.registers).get(user.get_name())
        return frozenset(role.acts) if role else frozenset()
    return frozenset(
        act.name
        for act in acts().values()
        if manager.is_authorized_custom_view(method=act.method, resource_name=act.resource, user=user)
    )


def too_open(settings: Settings) -> list[tuple[Folder, int]]:
    """Folders of the home that are more open than the table says, each with its mode."""
    looked = ((folder, folder.openness(settings.home)) for folder in folders())
    return [(folder, mode) for folder, mode in looked if mode is not None]


def close(settings: Settings) -> list[Folder]:
    """Take away what is more open than the table says; gives the folders that were changed."""
    found = too_open(settings)
    for folder, mode in found:
        (settings.home / folder.name).chmod(mode & folder.mode)
    return [folder for folder, _ in found]


def sync(security: Any) -> list[str]:
    """Make FAB's roles as the table says, and give Airflow's own Admin every act; gives what was changed.

    A second call changes nothing. `security` is FAB's security manager.
    """
    changed = []
    wanted = {role.fab_name: _permissions(security, role) for role in roles().values() if role.fab_name}
    for name, permissions in wanted.items():
        role = security.find_role(name) or security.add_role(name)
        kept = {(one.action.name, one.resource.name): one for one in role.permissions}
        for pair in sorted(permissions - kept.keys()):
            security.add_permission_to_role(role, security.create_permission(*pair))
            changed.append(f"+ {name}: {pair[0]} {pair[1]}")
        for pair in sorted(kept.keys() - permissions):
            security.remove_permission_from_role(role, kept[pair])
            changed.append(f"- {name}: {pair[0]} {pair[1]}")
    return changed + _complete_admin(security)


def _permissions(security: Any, role: Role) -> set[tuple[str, str]]:
    [base] = [one["perms"] for one in security.ROLE_CONFIGS if one["role"] == role.fab_base]
    return {*base, *(_pair(acts()[name]) for name in role.acts)}


def _pair(act: Act) -> tuple[str, str]:
    return ("can_read" if act.method == "GET" else "can_edit"), act.resource


def _complete_admin(security: Any) -> list[str]:
    admin = security.find_role("Admin")
    kept = {(one.action.name, one.resource.name) for one in admin.permissions}
    missing = sorted({_pair(act) for act in acts().values()} - kept)
    for pair in missing:
        security.add_permission_to_role(admin, security.create_permission(*pair))
    return [f"+ Admin: {action} {resource}" for action, resource in missing]


def _sync_here() -> list[str]:
    """`sync` with the FAB that this environment's Airflow uses; its own roles are made first."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        builder.sm.sync_roles()
        return sync(builder.sm)


def main(arguments: list[str]) -> int:
    """`sync` makes FAB's roles, `folders` tells what is too open, `close` closes it."""
    settings = Settings.from_environment()
    if arguments == ["sync"]:
        print(*(_sync_here() or ["已一致 · nothing to change"]), sep="\n")  # noqa: T201
        return 0
    if arguments == ["close"]:
        print(*(f"{folder.name} → {folder.mode:04o}" for folder in close(settings)), sep="\n")  # noqa: T201
        return 0
    if arguments == ["folders"]:
        found = too_open(settings)
        print(*(f"{folder.name}: {mode:04o} → {folder.mode:04o}" for folder, mode in found), sep="\n")  # noqa: T201
        return 1 if found else 0
    print("python -m jiheng.access sync | folders | close", file=sys.stderr)  # noqa: T201
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
