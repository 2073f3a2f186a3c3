"""What a careful person says of a text's figures: labels, written as marks in the text or as gold rows beside it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import yaml

MARK = re.compile(r"⟦([^⟦⟧]*)⟧")
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
VALUE = re.compile(
    r"(?P<operator>>=|<=|>|<|~)?(?P<value>-?[\d,]+(?:\.\d+)?)(?:~(?P<high>-?[\d,]+(?:\.\d+)?))?(?P<unit>.*)"
)

# The kinds and roles that a label may have, as `corpus/README.md` explains them.
ROLES = {
    "budget": {"initial", "adjusted", "adjustment"},
    "income": {"actual"},
    "expenditure": {"actual"},
    "balance": {"actual"},
    "execution_rate": {"stated"},
    "share": {"stated"},
    "change": {"vs_prior_year", "vs_initial_budget"},
    "change_rate": {"vs_prior_year", "vs_initial_budget"},
    "indicator": {"target", "actual", "forecast", "component"},
    "growth": {"target", "actual", "forecast"},
    "completion_rate": {"stated"},
    "indicator_rank": {"actual"},
    "score": {"self", "item", "full", "reviewed"},
    "context": {"context"},
    "noise": {"-"},
}


class LabelError(ValueError):
    """A text of the corpus that is not marked as `corpus/README.md` asks; the message says where and how."""


@dataclass(frozen=True)
class Label:
    """One figure of a text: where it stands (code points), and what it is. A noise label has only its place."""

    start: int
    end: int
    kind: str
    role: str = "-"
    subject: str = ""
    operator: str = "="
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit: str = ""
    period: str = ""


@dataclass(frozen=True)
class Labelled:
    """A text with its labels; `groups` names the part of the corpus it is counted with."""

    name: str
    group: str
    fiscal_year: int
    text: str
    labels: tuple[Label, ...]
    about: dict[str, str] = field(default_factory=dict)


def read_marked(path: Path) -> Labelled:
    """A text with marks in it. Raises `LabelError`, which names the file and the mark."""
    source = path.read_text(encoding="utf-8")
    front = FRONT_MATTER.match(source)
    if not front:
        raise LabelError(f"{path.name}: no front matter")
    about = yaml.safe_load(front[1])
    labels, parts, position, length = [], [], front.end(), 0
    for match in MARK.finditer(source, front.end()):
        parts.append(source[position : match.start()])
        length += len(parts[-1])
        shown, *fields = match[1].split("|")
        try:
            labels.append(_label(length, shown, fields))
        except (LabelError, ArithmeticError) as error:
            raise LabelError(f"{path.name}: ⟦{match[1]}⟧: {error}") from error
        parts.append(shown)
        length += len(shown)
        position = match.end()
    text = "".join([*parts, source[position:]])
    return Labelled(path.stem, about["family"], int(about["fiscal_year"]), text, tuple(labels), about)


def _label(start: int, shown: str, fields: list[str]) -> Label:
    end = start + len(shown)
    if fields == ["noise"]:
        return Label(start, end, "noise")
    if len(fields) not in (4, 5):
        raise LabelError(f"{len(fields) + 1} fields, not 2, 5 or 6")
    kind, role, subject, value = fields[:4]
    if role not in ROLES.get(kind, ()):
        raise LabelError(f"no role {role} of kind {kind}")
    match = VALUE.fullmatch(value)
    if not match:
        raise LabelError(f"no value: {value}")
    high = Decimal(match["high"].replace(",", "")) if match["high"] else None
    number = Decimal(match["value"].replace(",", ""))
    operator = "range" if high is not None else match["operator"] or "="
    period = fields[4] if len(fields) == 5 else ""
    return Label(start, end, kind, role, subject, operator, number, high, match["unit"], period)


# What the kinds of a gold annotation (domain.md, section 6) are here. Kinds that are no figure are left out.
GOLD_KINDS = {
    "indicator_target": ("indicator", "target"),
    "indicator_actual": ("indicator", "actual"),
    "indicator_forecast": ("indicator", "forecast"),
    "activity": ("indicator", "actual"),
    "component": ("indicator", "component"),
    "growth_target": ("growth", "target"),
    "growth_rate": ("growth", "actual"),
    "completion_rate": ("completion_rate", "stated"),
    "rank": ("indicator_rank", "actual"),
    "rate": ("execution_rate", "stated"),
    "expenditure": ("expenditure", "actual"),
    "income": ("income", "actual"),
    "adjustment": ("budget", "adjustment"),
    "yoy_change": ("change", "vs_prior_year"),
    "yoy_rate": ("change_rate", "vs_prior_year"),
    "diff_vs_budget": ("change", "vs_initial_budget"),
    "diff_rate": ("change_rate", "vs_initial_budget"),
    "score": ("score", "self"),
    "context_number": ("context", "context"),
}
GOLD_SCOPES = {
    "total": "合计",
    "income": "合计",
    "basic": "基本支出",
    "project": "项目支出",
    "dept_project": "部门项目支出",
    "public_project": "公共项目支出",
    "fiscal": "财政拨款",
    "general_public": "一般公共预算",
    "current": "合计",
}
MONEY_KINDS = {"budget", "income", "expenditure", "balance", "execution_rate", "change", "change_rate", "share"}


def read_gold(annotation: Path, text: str, fiscal_year: int) -> Labelled:
    """A hand annotation in rows (JSON lines with kind, name, value, quote, offset …) of `text`."""
    labels = []
    for line in annotation.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        known = _gold_kind(row)
        if known and isinstance(row["value"], int | float):
            labels.append(_gold_label(row, *known))
    return Labelled(annotation.stem, annotation.stem, fiscal_year, text, tuple(labels))


def _gold_kind(row: dict[str, str]) -> tuple[str, str] | None:
    if row["kind"] == "budget":
        return "budget", "adjusted" if "调整后" in row["category"] else "initial"
    return GOLD_KINDS.get(row["kind"])


def _gold_label(row: dict[str, object], kind: str, role: str) -> Label:
    subject = str(row["name"])
    if kind in MONEY_KINDS:
        subject = GOLD_SCOPES.get(str(row["scope"]), "合计")
    high = Decimal(str(row["value_high" if "value_high" in row else "value_hi"])) if row["value_hi"] else None
    start = int(str(row["offset"]))
    return Label(
        start,
        start + len(str(row["quote"])),
        kind,
        role,
        subject,
        str(row["operator"]),
        Decimal(str(row["value"])),
        high,
        str(row["unit"] or ""),
        str(row["period"] or ""),
    )
