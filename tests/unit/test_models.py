"""The graph of models for Airflow: in dbt's order, in groups that Airflow can show, each called in Chinese."""

from graphlib import TopologicalSorter
from itertools import chain
from typing import Any

from jiheng.airflow.models import from_manifest, group_title, models, subject_titles

WORDS = "One row is a division's year. · 一行是一个区划的一个年度，截至当日。"


def _manifest(nodes: dict[str, tuple[str, list[str]]]) -> dict[str, Any]:
    """Models by name: the folder of each and the models that it reads."""
    return {
        "nodes": {
            f"model.p.{name}": {
                "name": name,
                "resource_type": "model",
                "fqn": ["p", "marts", folder, name],
                "description": WORDS,
                "depends_on": {"nodes": ["seed.p.s", *(f"model.p.{one}" for one in after)]},
            }
            for name, (folder, after) in nodes.items()
        }
        | {"seed.p.s": {"name": "s", "resource_type": "seed"}}
    }


def test_every_model_comes_after_what_it_reads() -> None:
    found = from_manifest(_manifest({"c": ("y", ["b"]), "b": ("x", ["a"]), "a": ("x", [])}))
    assert [(model.name, model.after) for model in found] == [("a", ()), ("b", ("a",)), ("c", ("b",))]
    assert {model.title for model in found} == {"区划的一个年度"}
    assert {model.name: model.group for model in found} == {"a": ("x",), "b": ("x",), "c": ("y",)}


def test_folders_that_follow_each_other_in_a_circle_are_one_group() -> None:
    found = from_manifest(_manifest({"a": ("x", []), "b": ("y", ["a"]), "c": ("x", ["b"]), "d": ("z", ["c"])}))
    assert {model.name: model.group for model in found} == {
        **dict.fromkeys("abc", ("x", "y")),
        "d": ("z",),
    }


def test_airflow_can_put_the_groups_in_order() -> None:
    """It raises an error where groups follow each other in a circle."""
    groups = {model.name: model.group for model in models()}
    sorter: TopologicalSorter[tuple[str, ...]] = TopologicalSorter()
    for model in models():
        sorter.add(model.group, *({groups[name] for name in model.after} - {model.group}))
    assert set(sorter.static_order()) == set(groups.values())


def test_every_group_is_called_in_chinese() -> None:
    used = set(chain.from_iterable(model.group for model in models()))
    assert used <= set(subject_titles())
    assert group_title(("staging", "core")) == "接入、核心"
