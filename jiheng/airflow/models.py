"""dbt's models as Airflow shows them: read from `dbt_project/models.json`, which `python -m jiheng.handbook` writes.

A DAG file is read every few seconds and may not ask dbt, which takes seconds to say what its graph is.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jiheng.settings import PROJECT_ROOT

GRAPH = PROJECT_ROOT / "dbt_project" / "models.json"
SUBJECTS = Path(__file__).parent / "model_subjects.csv"
# What a model's description begins with, and every other too.
ONE_ROW = re.compile(r"^一行[是为]?(一[个条项种份次期格段对])?")
LONGEST_TITLE = 18


@dataclass(frozen=True)
class Model:
    """A model of dbt: its name, the subjects it is shown with, what one row is, and the models that it reads."""

    name: str
    group: tuple[str, ...]
    title: str
    after: tuple[str, ...]


def models() -> list[Model]:
    """Every model, each after those that it reads."""
    rows = json.loads(GRAPH.read_text(encoding="utf-8"))
    return [Model(row["name"], tuple(row["group"]), row["title"], tuple(row["after"])) for row in rows]


def group_title(group: tuple[str, ...]) -> str:
    """What a group of models is called in Chinese."""
    return "、".join(subject_titles()[subject] for subject in group)


@cache
def subject_titles() -> dict[str, str]:
    """What the subjects are called in Chinese, by the folder that holds their models."""
    with SUBJECTS.open(encoding="utf-8", newline="") as stream:
        return {row["subject"]: row["title"] for row in csv.DictReader(stream)}


def from_manifest(manifest: Mapping[str, Any]) -> list[Model]:
    """The models of dbt's manifest, each after those that it reads, else by name."""
    nodes = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    after = {name: _after(node, manifest) for name, node in nodes.items()}
    groups = _groups({name: node["fqn"][-2] for name, node in nodes.items()}, after)
    depths = depths_of(manifest)
    found = [Model(name, groups[name], _title(node["description"]), after[name]) for name, node in nodes.items()]
    return sorted(found, key=lambda model: (depths[model.name], model.name))


def depths_of(manifest: Mapping[str, Any]) -> dict[str, int]:
    """How many models stand one behind another before each model, by its name."""
    nodes = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}

    @cache
    def depth(name: str) -> int:
        return max((1 + depth(parent) for parent in _after(nodes[name], manifest)), default=0)

    return {name: depth(name) for name in nodes}


def as_json(found: list[Model]) -> str:
    """The models as `models.json` holds them: one a line, so that a change of one is a change of one line."""
    lines = [json.dumps(asdict(model), ensure_ascii=False) for model in found]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _after(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> tuple[str, ...]:
    parents = [manifest["nodes"].get(key) for key in node["depends_on"]["nodes"]]
    return tuple(sorted({one["name"] for one in parents if one and one["resource_type"] == "model"}))


def _groups(subjects: Mapping[str, str], after: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The subjects that each model is shown with: its folder, and those that read from it and are read by it.

    Airflow cannot show two groups that follow each other in a circle.
    """
    leads_to: dict[str, set[str]] = {subject: set() for subject in subjects.values()}
    for name, parents in after.items():
        for parent in parents:
            leads_to[subjects[parent]].add(subjects[name])
    reached = {subject: _reached(subject, leads_to) for subject in leads_to}
    return {
        name: tuple(sorted({subject} | {other for other in reached[subject] if subject in reached[other]}))
        for name, subject in subjects.items()
    }


def _reached(start: str, leads_to: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    ahead = [start]
    while ahead:
        found = leads_to[ahead.pop()] - reached
        reached |= found
        ahead += found
    return reached


def _title(description: str) -> str:
    """What one row is, by the Chinese half of a description; empty where there is none."""
    chinese = description.rpartition(" · ")[2] if " · " in description else ""
    told = re.split("[。；：，（]", chinese)[0]
    title = ONE_ROW.sub("", told) or told.removeprefix("一行是")
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
