"""What is said of locked packages, what is found in files, and what the list of parts names."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.supply import AUDITED, FOUND, OK, REQUIREMENTS, UNKNOWN, verdict, write_sboms
from jiheng.settings import PROJECT_ROOT

BIN = Path(sys.executable).parent
FAULT = {"id": "PYSEC-1", "fix_versions": ["2.1"]}


def package(name: str, *vulns: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "2.0", "vulns": list(vulns)}


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ([package("a"), package("b")], OK, "查过 audited: 2"),
        ([package("a"), package("b", FAULT)], FOUND, "b 2.0: PYSEC-1，修复版本 mended in 2.1"),
        ([package("a"), {"name": "b", "skip_reason": "not found"}], FOUND, "没有查到 not audited: b"),
        ([{"name": "a", "skip_reason": "no route"}], UNKNOWN, "NOT AUDITED"),
    ],
)
def test_the_audit_says_what_it_knows_and_what_it_does_not(answers: list[dict[str, Any]], code: int, said: str) -> None:
    found, told = verdict({"runtime": answers})
    assert found == code
    assert said in "\n".join(told)


def packages_in(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", (REQUIREMENTS / f"{name}.txt").read_text(), re.MULTILINE))


def test_every_locked_package_is_in_a_set_that_is_audited() -> None:
    of_all = {name for path in REQUIREMENTS.glob("*.txt") for name in packages_in(path.stem)}
    assert of_all - set.union(*map(packages_in, AUDITED)) <= packages_in("bootstrap")


def secrets_in(path: Path) -> int:
    command = [str(BIN / "detect-secrets-hook"), "--baseline", str(PROJECT_ROOT / ".secrets.baseline"), str(path)]
    return subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, check=False).returncode


def test_a_key_in_a_file_is_found(tmp_path: Path) -> None:
    innocent, guilty = tmp_path / "a.py", tmp_path / "b.py"
    innocent.write_text("WORDS = 'nothing to hide'\n")
    # Put together here, so that this file itself is no find.
    guilty.write_text(f"KEY = '{'AKIA' + 'Z' * 8 + 'QWERTYUI'}'\n")
    assert (secrets_in(innocent), secrets_in(guilty)) == (0, 1)


def test_the_list_of_parts_names_every_locked_package_with_its_hashes(tmp_path: Path) -> None:
    lock = PROJECT_ROOT / "requirements" / "object-store.txt"
    for folder in ("once", "twice"):
        write_sboms([lock], tmp_path / folder)
    written = (tmp_path / "once" / "object-store.cdx.json").read_bytes()
    assert written == (tmp_path / "twice" / "object-store.cdx.json").read_bytes()
    parts = {part["name"]: part for part in json.loads(written)["components"]}
    assert set(parts) == packages_in("object-store")
    assert all(reference["hashes"] for part in parts.values() for reference in part["externalReferences"])
