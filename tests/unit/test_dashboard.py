"""Grafana's dashboard asks for metrics that exist, by labels that they have, and shows whatever an alert looks at."""

import json
import re
from itertools import combinations
from typing import Any

import pytest
import yaml

from jiheng.monitoring.metrics import PREFIX, metrics
from jiheng.settings import PROJECT_ROOT

MONITORING = PROJECT_ROOT / "deploy" / "monitoring"
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
ASKING = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [(panel["title"], target) for panel in ASKING for target in panel["targets"]]
NAMED = re.compile(rf"\b{PREFIX}(\w+)")
KNOWN = {name: set(one.labels) for name, one in metrics().items()}


def _named(expression: str) -> set[str]:
    return set(NAMED.findall(expression))


@pytest.mark.parametrize(("title", "target"), QUERIES, ids=[title for title, _ in QUERIES])
def test_a_query_asks_for_metrics_and_labels_that_exist(title: str, target: dict[str, Any]) -> None:
    asked = _named(target["expr"])
    assert asked and asked <= KNOWN.keys(), title
    labels = {
        label.strip()
        for group in re.findall(r"\bby \(([^)]*)\)|\{\{([^}]*)\}\}", f"{target['expr']} {target['legendFormat']}")
        for part in group
        for label in part.split(",")
        if label
    }
    assert all(labels <= KNOWN[name] for name in asked), (title, labels)


def test_every_metric_is_on_it() -> None:
    assert set().union(*(_named(target["expr"]) for _, target in QUERIES)) == KNOWN.keys()


def test_whatever_an_alert_looks_at_is_on_it() -> None:
    said = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))
    looked_at = set().union(*(_named(rule["expr"]) for group in said["groups"] for rule in group["rules"]))
    assert looked_at and looked_at <= set().union(*(_named(target["expr"]) for _, target in QUERIES))


def test_panels_stand_beside_each_other() -> None:
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for one, other in combinations((panel["gridPos"] for panel in DASHBOARD["panels"]), 2):
        apart = (
            one["x"] + one["w"] <= other["x"]
            or other["x"] + other["w"] <= one["x"]
            or one["y"] + one["h"] <= other["y"]
            or other["y"] + other["h"] <= one["y"]
        )
        assert apart, (one, other)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in DASHBOARD["panels"])


def test_titles_are_chinese_then_english_and_no_source_is_named() -> None:
    assert all(re.match(r".*[\u4e00-\u9fff].* ?· \S", panel["title"]) for panel in DASHBOARD["panels"])
    assert {panel["datasource"]["uid"] for panel in ASKING} == {"${source}"}
