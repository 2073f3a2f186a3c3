"""A ranking method in words, from its own data: first plainly, then exactly. Site and handbook show the same words.

The words stand in `method.yaml`; what they leave open is filled in from the tables of the method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
Pair = tuple[str, str]

TABLES = (
    *("ranking_methods", "ranking_method_parts", "ranking_method_components", "ranking_method_curves"),
    *("ranking_required_facts", "ranking_target_policies", "unranked_reasons"),
)
STATUS = {
    "official": ("正式：网页和通报采用它的名次", "official: its ranks are shown"),
    "trial": ("试行：每夜与正式方法同时计算", "on trial: computed every night beside the official one"),
    "draft": ("征求意见：只在比较时计算", "draft: computed for comparisons only"),
}
COMPONENT_HEAD = (
    *(("部分", "Part"), ("组成项", "Component"), ("分值", "Points")),
    *(("看什么", "What is measured"), ("怎样得分", "What it earns")),
)


@dataclass(frozen=True)
class Table:
    """A table of a section; heads and cells in Chinese and English."""

    head: tuple[Pair, ...]
    rows: tuple[tuple[Pair, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of the page: a title, sentences, and perhaps a table."""

    title: Pair
    sentences: tuple[Pair, ...]
    table: Table | None


@dataclass(frozen=True)
class Described:
    """A method as a reader finds it: plain sections before technical ones."""

    method_id: str
    name: Pair
    status: Pair
    plain: tuple[Section, ...]
    technical: tuple[Section, ...]


def describe(tables: Tables, method_id: str) -> Described:
    """A method in words. `tables` holds the rows of each of `TABLES`. Raises KeyError for a method that they lack."""
    own = {name: [row for row in rows if row.get("method_id", method_id) == method_id] for name, rows in tables.items()}
    if not own["ranking_methods"]:
        raise KeyError(method_id)
    (method,) = own["ranking_methods"]
    facts = _facts(method, own)
    kind = "counted" if _is_given(method["unassessed_share"]) else "shared_out"
    sections = {
        chapter: tuple(_section(one, kind, facts, own) for one in _words()[chapter])
        for chapter in ("plain", "technical")
    }
    name = (str(method["name_zh"]), str(method["name_en"]))
    return Described(method_id, name, STATUS[method["status"]], sections["plain"], sections["technical"])


@cache
def _words() -> dict[str, list[dict[str, Any]]]:
    words: dict[str, list[dict[str, Any]]] = yaml.safe_load(
        Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    )
    return words


def _section(written: Mapping[str, Any], kind: str, facts: Mapping[str, str], own: Tables) -> Section:
    kept = [one for one in written.get("sentences", ()) if one.get("when", kind) == kind]
    sentences = tuple((one["zh"].format(**facts), one["en"].format(**facts)) for one in kept)
    zh, en = written["title"]
    return Section((zh, en), sentences, _components(own) if written.get("table") == "components" else None)


def _facts(method: Row, own: Tables) -> dict[str, str]:
    """What fills the braces of the words."""
    low, high = Decimal(str(method["interval_low"])), Decimal(str(method["interval_high"]))
    return {
        "draws": str(method["draws"]),
        "seed": str(method["seed"]),
        "jitter": _per_cent(method["weight_jitter"]),
        "floor": _per_cent(method["coverage_floor"]),
        "missing": _number(method["missing_score"]),
        "unassessed": _per_cent(method["unassessed_share"]) if _is_given(method["unassessed_share"]) else "",
        "inside": _per_cent(high - low),
        "certain": _per_cent(high),
        "low": _number(low),
        "high": _number(high),
        **_listed("parts", own["ranking_method_parts"], lambda row: _number(row["weight"])),
        **_listed("required", own["ranking_required_facts"], lambda _: ""),
        **_policies(own["ranking_target_policies"]),
        "reasons_zh": "；".join(str(row["zh"]) for row in own["unranked_reasons"]),
        "reasons_en": "; ".join(_lowered(row["en"]) for row in own["unranked_reasons"]),
    }


def _listed(name: str, rows: Sequence[Row], figure: Any) -> dict[str, str]:
    ordered = sorted(rows, key=lambda row: int(row.get("position", 0)))
    return {
        f"{name}_zh": "、".join(f"{row['name_zh']}{figure(row)}" for row in ordered),
        f"{name}_en": ", ".join(f"{_lowered(row['name_en'])} {figure(row)}".strip() for row in ordered),
    }


def _policies(rows: Sequence[Row]) -> dict[str, str]:
    odds = sum(int(row["weight"]) for row in rows)
    chances = [(row, _per_cent(Decimal(int(row["weight"])) / odds)) for row in rows]
    return {
        "policies_zh": "；".join(f"{row['name_zh']}，机会{chance}" for row, chance in chances),
        "policies_en": "; ".join(f"{_lowered(row['name_en'])}, {chance}" for row, chance in chances),
    }


def components(tables: Tables, method_id: str) -> list[tuple[Row, Row]]:
    """The components of a method, each after its part: parts in their order, those of most points first."""
    parts = {row["part"]: row for row in tables["ranking_method_parts"] if row["method_id"] == method_id}
    own = [row for row in tables["ranking_method_components"] if row["method_id"] == method_id]

    def place(row: Row) -> tuple[int, Decimal, str]:
        return int(parts[row["part"]]["position"]), -Decimal(str(row["points"])), str(row["component"])

    return [(parts[row["part"]], row) for row in sorted(own, key=place)]


def _components(own: Tables) -> Table:
    (method,) = own["ranking_methods"]
    rows = []
    for part, component in components(own, method["method_id"]):
        curve = [row for row in own["ranking_method_curves"] if row["component"] == component["component"]]
        rows.append(
            (
                (str(part["name_zh"]), str(part["name_en"])),
                (str(component["name_zh"]), str(component["name_en"])),
                (_number(component["points"]), ""),
                (str(component["measure_zh"]), str(component["measure_en"])),
                _curve(curve, component["measure_unit"]),
            )
        )
    return Table(COMPONENT_HEAD, tuple(rows))


def _curve(points: Sequence[Row], unit: str) -> Pair:
    """A curve in words: what each of its points earns."""
    ordered = sorted(points, key=lambda row: Decimal(str(row["measure"])))
    if unit == "percent" and [(Decimal(str(row["measure"])), Decimal(str(row["share"]))) for row in ordered] == [
        (Decimal(0), Decimal(0)),
        (Decimal(1), Decimal(1)),
    ]:
        return "按比例，至多得满分", "in proportion, at most all of them"
    steps = [(_measure(row["measure"], unit), _per_cent(row["share"])) for row in ordered]
    zh = "，".join(f"{measure[0]}得{share}" for measure, share in steps)
    en = ", ".join(f"{measure[1]} earns {share}" for measure, share in steps)
    return f"{zh}，其间按直线，首尾之外不变", f"{en}; straight in between, level beyond"


def _measure(value: Any, unit: str) -> Pair:
    if unit == "days":
        return f"{_number(value)}天", f"{_number(value)} day" + ("" if Decimal(str(value)) == 1 else "s")
    if unit == "points":
        points = _number(Decimal(str(value)) * 100)
        return f"差{points}分", f"a gap of {points} points"
    return _per_cent(value), _per_cent(value)


def _is_given(value: Any) -> bool:
    return value not in (None, "")


def _lowered(words: Any) -> str:
    return str(words)[:1].lower() + str(words)[1:]


def _number(value: Any) -> str:
    """A decimal without superfluous zeros."""
    return f"{Decimal(str(value)).normalize():f}"


def _per_cent(value: Any) -> str:
    return f"{_number(Decimal(str(value)) * 100)}%"


def as_markdown(described: Sequence[Described]) -> str:
    """The methods as a page of the documentation, Chinese first."""
    lines = ["<!-- 由 `make docs` 生成 · generated; do not edit -->", "# 排名方法 · Ranking methods", ""]
    for method in described:
        lines += [f"## {method.method_id} {method.name[0]}", ""]
        lines += [f"{method.name[1]} · {method.status[0]}；{method.status[1]}"]
        for section in (*method.plain, *method.technical):
            lines += ["", f"### {section.title[0]} · {section.title[1]}", ""]
            lines += [line for zh, en in section.sentences for line in (zh, "", en, "")][:-1]
            lines += _markdown_table(section.table) if section.table else []
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _markdown_table(table: Table) -> list[str]:
    def cells(row: Sequence[Pair]) -> str:
        return "| " + " | ".join("<br>".join(word for word in pair if word) for pair in row) + " |"

    return [cells(table.head), "|" + " --- |" * len(table.head), *map(cells, table.rows)]
