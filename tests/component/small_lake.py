"""A small lake written row by row, and the warehouse that dbt builds over it."""

from __future__ import annotations

import csv
import gc
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.schema import TABLES, landed_schema

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
GRAMMAR = PROJECT.parent / "ingest" / "reading" / "grammar"
YEAR = 2024
NIGHT = datetime(2025, 4, 2, 18, tzinfo=UTC)
NEXT_NIGHT = NIGHT + timedelta(days=1)
RECEIVED = datetime(2025, 3, 31, 15, 59, tzinfo=UTC)  # the last minute of the due day in UTC+8
LATE = RECEIVED + timedelta(minutes=1)
DUE_ON = date(2025, 3, 31)
RULES = {row["rule_id"]: row for row in csv.DictReader((PROJECT / "seeds" / "rules.csv").open(encoding="utf-8"))}
SCORED_PARTS = ("execution_score", "outcome_score", "reliability_score", "completeness_score")

Row = dict[str, Any]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Build:
    """One warehouse that dbt has built."""

    path: Path

    def rows(self, query: str) -> list[Row]:
        with duckdb.connect(str(self.path), read_only=True) as con:
            found = con.execute(query)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def row(self, query: str) -> Row:
        (found,) = self.rows(query)
        return found

    def tables(self) -> dict[str, list[Row]]:
        """Every table of the published schema with its rows in the order they lie in."""
        names = self.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' ORDER BY ALL")
        return {row["table_name"]: self.rows(f'SELECT * FROM main."{row["table_name"]}"') for row in names}

    def content(self) -> dict[str, list[str]]:
        """What the tables say, whatever the order of their rows: an edition puts them in order, a build need not."""
        return {name: sorted(map(repr, rows)) for name, rows in self.tables().items()}


# The lake ---------------------------------------------------------------------------------------------------------


def land(lake: Path, batch_id: str, recorded_at: datetime, rows: Rows) -> None:
    """Write one batch; tables without rows get an empty file. Its versions were read and checked as any intake does."""
    directory = lake / "batches" / batch_id
    directory.mkdir(parents=True)
    rows = rows | {"finding": _findings(rows), "coverage": rows.get("coverage") or _coverage(rows)}
    for table in TABLES:
        schema = landed_schema(table)
        stamp = {"batch_id": batch_id, "recorded_at": recorded_at}
        stamped = [{field.name: None for field in schema} | row | stamp for row in rows.get(table, [])]
        pq.write_table(pa.Table.from_pylist(stamped, schema=schema), directory / f"{table}.parquet")


def _findings(rows: Rows) -> list[Row]:
    """The batch's findings, and for each of its versions a pass of every rule that found nothing."""
    found = rows.get("finding", [])
    told = {(row["submission_version_id"], row["rule_id"]) for row in found}
    versions = [row["submission_version_id"] for row in rows.get("submission_version", [])]
    wanted = [(version_id, rule_id) for version_id in versions for rule_id in RULES]
    return found + [passed(*one) for one in wanted if one not in told]


def _coverage(rows: Rows) -> list[Row]:
    return [
        {"submission_version_id": row["submission_version_id"], "class_id": "claimed", "digit_count": 9}
        for row in rows.get("submission_version", [])
    ]


def division(key: str, kind: str, league: str | None, province: str) -> Row:
    return {
        "division_key": key, "name": f"{key}名", "kind": kind, "league": league, "province_key": province,
        "valid_from": date(2020, 1, 1), "source": "made up",
    }  # fmt: skip


def due(key: str, department: str, functions: tuple[str, ...] = ("investment",)) -> Row:
    return {
        "division_key": key, "department_key": f"{key}-{department}", "department_name": f"{key}{department}局",
        "functions": list(functions), "fiscal_year": YEAR, "due_on": DUE_ON, "source": "made up",
    }  # fmt: skip


def version(department: str, verdict: str = "accepted", number: int = 1, received_at: datetime = RECEIVED) -> Row:
    version_id = f"{department}-v{number}"
    return {
        "submission_version_id": version_id, "submission_id": f"{department}-{YEAR}", "arrival_id": f"a-{version_id}",
        "version_number": number, "division_key": department.partition("-")[0], "department_key": department,
        "department_name": f"{department}局", "functions": ["investment"], "fiscal_year": YEAR,
        "received_at": received_at, "source_name": f"{version_id}.docx", "sha256": version_id, "media_type": "docx",
        "verdict": verdict, "reader_version": "1", "digit_count": 9, "claimed_digit_count": 9,
        "noise_digit_count": 0, "unclaimed_digit_count": 0,
    }  # fmt: skip


class Report:
    """Claims of one version, in the order in which they are written down."""

    def __init__(self, version_id: str) -> None:
        self.version_id = version_id
        self.claims: list[Row] = []

    def says(
        self, kind: str, role: str, subject: str | None, value: str, unit: str, base: tuple[str, str], **more: Any
    ) -> str:
        number = len(self.claims) + 1
        claim_id = f"{self.version_id}-{number:04}"
        row: Row = {
            "claim_id": claim_id, "submission_version_id": self.version_id, "claim_number": number, "kind": kind,
            "role": role, "subject": subject, "surface": "", "operator": "=", "value": Decimal(value), "unit": unit,
            "value_base": Decimal(base[0]), "unit_base": base[1], "period_start": date(YEAR, 1, 1),
            "period_end": date(YEAR, 12, 31), "section_path": "二、绩效自评情况 > (二)目标实现程度",
            "span_start": number * 10, "span_end": number * 10 + 5, "quote": f"第{number}句",
            "sentence": f"第{number}句。", "origin": "text", "verification": "verified",
        }  # fmt: skip
        self.claims.append(row | more)
        return claim_id

    def money(self, kind: str, role: str, wan_yuan: str, **more: Any) -> str:
        base = str(Decimal(wan_yuan) * 10000)
        return self.says(kind, role, "total", wan_yuan, "万元", (base, "元"), **more)

    def count(self, role: str, indicator: str | None, value: str, **more: Any) -> str:
        return self.says("indicator", role, indicator, value, "宗", (value, "宗"), **more)


def whole_report(version_id: str) -> list[Row]:
    """A report in which everything is there and verified; its score can be worked out by hand."""
    report = Report(version_id)
    report.money("budget", "initial", "90")
    report.money("budget", "adjusted", "100")
    spent = report.money("expenditure", "actual", "92.38")
    report.says("execution_rate", "stated", "total", "92.38", "%", ("0.9238", "ratio"), host_claim_id=spent)
    report.count("target", "landed_projects", "3")
    done = report.count("actual", "landed_projects", "4")
    report.says("completion_rate", "stated", "landed_projects", "133", "%", ("1.33", "ratio"), host_claim_id=done)
    report.says("score", "self", None, "90", "分", ("90", "分"))
    return report.claims


def patchy_report(version_id: str) -> list[Row]:
    """No adjusted budget, a partial year, target drift, growth, two currencies and an alias the reader did not know."""
    report = Report(version_id)
    report.money("budget", "initial", "769.21")
    report.money("expenditure", "actual", "2293.34")
    aims = {"section_path": "一、部门基本情况 > (三)目标"}
    report.count("target", "landed_projects", "70", verification="unverifiable", confidence=Decimal(1), **aims)
    report.count("target", "landed_projects", "90")
    report.count("actual", "landed_projects", "51")
    foreign = {"value": "11", "unit": "亿元", "base": ("1100000000", "元")}
    report.says("indicator", "target", "foreign_investment_utilised", **foreign)
    foreign |= {"value": "8.2", "base": ("820000000", "元")}
    report.says("indicator", "actual", "foreign_investment_utilised", **foreign, period_end=date(YEAR, 11, 30))
    report.says("growth", "target", "industrial_value_added", "3", "%", ("0.03", "ratio"))
    report.says("growth", "actual", "industrial_value_added", "-1.6", "%", ("-0.016", "ratio"))
    report.says("indicator", "target", "foreign_trade", "2", "亿元", ("200000000", "元"))
    report.says("indicator", "actual", "foreign_trade", "3", "万美元", ("30000", "美元"))
    report.count("actual", None, "33", surface="新竣工项目")
    report.says("indicator", "actual", None, "5", "亿元", ("500000000", "元"), surface="新竣工项目")
    report.says("grade", "self", None, "0", "", ("0", ""), value_text="优")
    report.claims[-1] |= {"value": None, "value_base": None}
    return report.claims


def problem(version_id: str) -> Row:
    return {"statement_id": f"{version_id}-p", "submission_version_id": version_id, "kind": "problem", "topic": "进度"}


def failed(version_id: str, rule_id: str, severity: str) -> Row:
    return {
        "finding_id": f"{version_id}-{rule_id}", "submission_version_id": version_id, "rule_id": rule_id,
        "severity": severity, "outcome": "fail", "message_zh": "不符", "message_en": "differs",
    }  # fmt: skip


def passed(version_id: str, rule_id: str) -> Row:
    return {
        "finding_id": f"{version_id}-{rule_id}", "submission_version_id": version_id, "rule_id": rule_id,
        "severity": RULES[rule_id]["severity"], "outcome": "pass",
    }  # fmt: skip


# Builds -----------------------------------------------------------------------------------------------------------


# One place for all builds of this process, for which dbt parses the project once.
PLACE = tempfile.TemporaryDirectory(prefix="jiheng-small-lake-")


def build(
    lake: Path, home: Path, as_of: datetime, *more: str, previous: Path | None = None, day: date | None = None
) -> Build:
    """Run `dbt build` in this process and fail with dbt's own words when it fails; `day` is the night's day."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    path = home / "warehouse.duckdb"
    previous_edition = str(previous) if previous else ""
    variables = {"as_of": as_of.isoformat(), "edition_id": f"{as_of:%Y-%m-%d}", "previous_edition": previous_edition}
    variables["as_of_day"] = (day or as_of.date()).isoformat()
    place = Path(PLACE.name)
    arguments = ["--quiet", "build", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    arguments += ["--target-path", str(place / "target"), "--log-path", str(home / "logs"), "--log-level-file", "none"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", os.environ.copy())
        patch.setenv("JIHENG_LAKE", str(lake))
        patch.setenv("JIHENG_BUILD_DB", str(place / path.name))
        patch.setenv("DO_NOT_TRACK", "1")
        for name, value in variables.items():
            patch.setenv(f"JIHENG_{name.upper()}", value)
        gc.disable()  # as a night does (jiheng/warehouse.py): it looks in vain, for a fifth of the time
        try:
            result = dbtRunner().invoke([*arguments, *more])
        finally:
            gc.enable()
        DuckDBConnectionManager.close_all_connections()
    (place / path.name).replace(path)
    outcomes = getattr(result.result, "results", None) or []
    failures = [f"{one.node.name}: {one.message}" for one in outcomes if one.status in ("error", "fail", "warn")]
    assert result.success and not failures, failures or result.exception
    return Build(path)


NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
