"""Every module and test that the threat model names is there."""

import re

from jiheng.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")][2:]


def test_every_threat_names_a_module_that_is_there() -> None:
    assert len(ROWS) >= 10
    assert [row[3] for row in ROWS if not (PROJECT_ROOT / row[3].strip("`")).is_file()] == []


def test_every_threat_names_a_test_that_is_there() -> None:
    named = [row[4].strip("`").partition("::") for row in ROWS]
    missing = [
        f"{path}::{name}"
        for path, _, name in named
        if not re.search(rf"^def {name}\(", (PROJECT_ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []
