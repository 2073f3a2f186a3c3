"""What is borrowed from npm: committed bytes are as recorded, old browsers and closed networks can use them."""

from __future__ import annotations

import json
import re

from jiheng.files import sha256_of_file
from jiheng.settings import PROJECT_ROOT
from publish.site import sql

BROWSER = PROJECT_ROOT / "publish" / "browser"
ASSETS = PROJECT_ROOT / "publish" / "site" / "assets"
# Names of kinds of XML, which nobody fetches.
NAMESPACES = re.compile(r"http://www\.w3\.org/(?:1999/xlink|2000/svg|2000/xmlns/|XML/1998/namespace)")
# Syntax that Chromium 90 does not know: static blocks, and asking whether an object has a private field.
TOO_NEW = re.compile(r"\bstatic\{|#\w+ in ")


def test_the_chart_bundle_is_the_recorded_one_with_its_licence() -> None:
    recorded = json.loads((BROWSER / "charts.json").read_text(encoding="utf-8"))
    assert sha256_of_file(ASSETS / "charts.min.js") == recorded["sha256"]
    assert (recorded["library"], recorded["license"]) == ("echarts", "Apache-2.0")
    wanted = json.loads((BROWSER / "package.json").read_text(encoding="utf-8"))["dependencies"]["echarts"]
    assert recorded["version"] == wanted
    assert "Apache License" in (ASSETS / "charts.LICENSE.txt").read_text(encoding="utf-8")


def test_the_chart_bundle_fetches_nothing_and_is_no_module() -> None:
    text = (ASSETS / "charts.min.js").read_text(encoding="utf-8")
    assert f"Apache ECharts {json.loads((BROWSER / 'charts.json').read_text())['version']}" in text[:200]
    assert re.findall(r"https?://[^\s\"'`]+", NAMESPACES.sub("", text)) == []
    assert not re.search(r"^\s*(?:import|export)\b|type=module", text, re.MULTILINE)
    assert not TOO_NEW.search(text)
    assert len(text.encode()) < 560_000


def test_every_package_is_locked_by_its_hash_and_no_registry_is_named() -> None:
    lock = json.loads((BROWSER / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not any("resolved" in one for one in packages.values())
    assert packages[f"node_modules/{sql.PACKAGE}"]["version"] == sql.version()
    wanted = json.loads((BROWSER / "package.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"[\d.]+", version) for version in wanted["dependencies"].values())
