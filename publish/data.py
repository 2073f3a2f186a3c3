"""What an edition says, loaded once: the small tables whole, the facts of departments in batches of divisions.

Rows are dictionaries by column name; money, scores and rates stay exact decimals from file to page.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from publish.difference import DIFFERENCE_NAME
from publish.editions import ABOUT_NAME, MANIFEST_NAME
from publish.language import ZH, Language
from publish.method import TABLES as METHOD_TABLES
from publish.warehouse import columns, opened, quoted, row_counts, tables

Row = dict[str, Any]
CORRECTIONS_NAME = "corrections.json"
COHORT = "province_key, cohort_kind, cohort_key"
PARTS = ("execution_score", "outcome_score", "reliability_score", "completeness_score")


@dataclass(frozen=True)
class About:
    """The facts of an edition that every page shows. A fact that nobody gave is None and shown as 未提供."""

    edition_id: str
    as_of: str | None = None
    method_ids: tuple[str, ...] = ()
    gate_decision: str | None = None
    code_version: str | None = None
    lake_digest: str | None = None
    coverage: Any = None
    override: Row | None = None
    waivers: tuple[Row, ...] = ()
    finals: Mapping[str, Row] = field(default_factory=dict)

    def final(self, year: object) -> Row | None:
        """What declared a fiscal year final: the frozen edition, its day, and the revision that stands in this one."""
        return self.finals.get(str(year))

    def final_mark(self, year: object) -> str:
        """定稿, or 修订 1 where the year differs from what was declared final; nothing for a year that is open."""
        final = self.final(year)
        if final is None:
            return ""
        return f"修订 {final['revision']}" if final["revision"] else "定稿"


@dataclass
class Version:
    """The facts of one submission version, with the claims that they rest on."""

    budget: list[Row] = field(default_factory=list)
    expenditure: list[Row] = field(default_factory=list)
    outcomes: list[Row] = field(default_factory=list)
    components: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    self_evaluation: Row | None = None


@dataclass
class Batch:
    """Facts of some submission versions, by their ids, with the claims and statements that they name, by theirs."""

    versions: dict[str, Version]
    claims: dict[str, Row]
    statements: dict[str, Row]


@dataclass(frozen=True)
class Glance:
    """What a division's page says of each current version: its total expenditure, how many findings are open by
    severity, and the open ones that must be resolved. All by submission_version_id.
    """

    totals: dict[str, Row]
    open_counts: dict[str, dict[str, int]]
    to_resolve: dict[str, list[Row]]


@dataclass
class Edition:
    """One edition in memory, without the facts of single submissions (see `reader`)."""

    path: Path
    about: About
    divisions: dict[str, Row]
    tiles: dict[str, Row]
    departments: dict[str, Row]
    indicators: dict[str, Row]
    categories: dict[str, Row]
    functions: dict[str, Row]
    submissions: list[Row]
    division_ranks: list[Row]
    department_ranks: list[Row]
    filings: list[Row]
    filing_divisions: list[Row]
    filing_days: list[Row]
    inflation_departments: list[Row]
    inflation_cohorts: list[Row]
    inflation_bands: list[Row]
    inflation_bounds: list[Row]
    acts: list[Row]
    gate: list[Row]
    method_tables: dict[str, list[Row]]
    reasons: list[Row]
    division_scopes: list[Row]
    division_improvements: list[Row]
    movement_causes: dict[str, Row]
    division_movements: list[Row]
    department_movements: list[Row]
    movement_members: list[Row]
    row_counts: dict[str, int]
    difference: Row

    @property
    def method_id(self) -> str | None:
        """The method whose ranks the pages show: the first that the edition names, else the first by name."""
        return method_shown(self.about, sorted({row["method_id"] for row in self.division_ranks}))

    def division_name(self, key: str | None) -> str:
        """A division's name; the key itself where the register has no name."""
        return str(self.divisions[key]["name"]) if key in self.divisions else str(key or "")

    def department_name(self, key: str | None) -> str:
        """A department's name; the key itself where the register has no name."""
        return str(self.departments[key]["name"]) if key in self.departments else str(key or "")

    def indicator_name(self, key: str | None, language: Language = ZH) -> str:
        """An indicator's name; the key itself where the catalogue has none."""
        found = self.indicators.get(key or "")
        if found is None:
            return key or language.word("null_word", "missing")
        return str(found["name"] if language.code == ZH.code else found["name_en"] or found["name"])

    def category_name(self, code: str, language: Language = ZH) -> str:
        """A budget category's name."""
        found = self.categories.get(code)
        return str(found[f"name_{language.code}"]) if found else language.word("category", code)

    def function_name(self, code: str | None, language: Language = ZH) -> str:
        """A function's name (工业, 商务 ...); the code itself where the seed has none."""
        found = self.functions.get(code or "")
        return str(found[f"name_{language.code}"]) if found else code or language.word("null_word", "not_applicable")

    def weights(self) -> dict[str, Decimal]:
        """Weight of each part of the shown method, by column name of the ranks; empty where no method table came."""
        found: dict[str, Decimal] = {}
        for row in self.method_tables["ranking_method_parts"]:
            code = str(row.get("part", ""))
            name = code if code in PARTS else f"{code}_score"
            if name in PARTS and row.get("weight") is not None and row.get("method_id") in {None, self.method_id}:
                found[name] = Decimal(str(row["weight"]))
        return found


def method_shown(about: About, present: Sequence[str]) -> str | None:
    """Of the methods that have ranks, in order, the one shown: the first that the edition names, else the first."""
    return next((name for name in about.method_ids if name in present), present[0] if present else None)


def load(edition: Path, without: Collection[str] = ()) -> Edition:
    """Read an edition's small tables and facts, those of `without` left empty. Raises duckdb.Error when its warehouse
    cannot be read.
    """
    with opened(edition) as con:
        present = {*tables(con)} - {*without}

        def table(name: str, order: str) -> list[Row]:
            return rows(con, f"SELECT * FROM main.{quoted(name)} ORDER BY {order}") if name in present else []

        ranks = table(
            "rank_division", "method_id, province_key, fiscal_year DESC, league, rank NULLS LAST, division_key"
        )
        gate = table("gate_result", "expectation_id")
        return Edition(
            path=edition,
            about=_about(edition, ranks, gate),
            divisions=_latest(table("dim_division", "division_key, valid_from NULLS FIRST"), "division_key"),
            tiles=_latest(table("dim_division_tile", "division_key"), "division_key"),
            departments=_latest(table("dim_department", "department_key, valid_from NULLS FIRST"), "department_key"),
            indicators=_latest(table("dim_indicator", "indicator_key"), "indicator_key"),
            categories=_latest(table("budget_categories", "category"), "category"),
            functions=_latest(table("functions", "function_key"), "function_key"),
            submissions=table("dim_submission", "department_key, fiscal_year DESC, version_number DESC"),
            division_ranks=ranks,
            department_ranks=table("rank_department", "method_id, department_key, fiscal_year DESC, function"),
            filings=table("filing_overview", "division_key, fiscal_year DESC, department_key"),
            filing_divisions=table("filing_division", "fiscal_year DESC, province_key, division_key"),
            filing_days=table("filing_day", "received_on DESC, division_key"),
            inflation_departments=table("inflation_department", "method_id, fiscal_year DESC, department_key"),
            inflation_cohorts=table("inflation_cohort", f"method_id, fiscal_year DESC, {COHORT}"),
            inflation_bands=table("inflation_band", f"method_id, fiscal_year DESC, {COHORT}, band"),
            inflation_bounds=table("inflation_parameters", "parameter"),
            acts=table("fct_act", "done_at DESC, act_id"),
            gate=gate,
            method_tables={name: table(name, "ALL") for name in METHOD_TABLES},
            reasons=table("not_assessable_reasons", "code"),
            division_scopes=table("rank_division_scope", "ALL"),
            division_improvements=table("rank_division_improvement", "ALL"),
            movement_causes=_latest(table("movement_causes", "position"), "code"),
            division_movements=table("movement_division", "ALL"),
            department_movements=table("movement_department", "ALL"),
            movement_members=table("movement_member", "ALL"),
            row_counts=row_counts(edition),
            difference=_json(edition / DIFFERENCE_NAME),
        )


def _latest(found: Iterable[Row], key: str) -> dict[str, Row]:
    return {row[key]: row for row in found}


def _json(path: Path) -> Row:
    loaded: Row = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return loaded


def corrections(edition: Path) -> list[Row]:
    """The log of corrections as an edition carries it, oldest first; empty for an edition of an older program."""
    path = edition / CORRECTIONS_NAME
    found: list[Row] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def about(edition: Path) -> About:
    """The facts of an edition alone, without its tables."""
    with opened(edition) as con:
        present = set(tables(con))
        ranks = rows(con, "SELECT DISTINCT edition_id, method_id FROM main.rank_division ORDER BY ALL")
        gate = rows(con, "SELECT * FROM main.gate_result") if "gate_result" in present else []
    return _about(edition, ranks, gate)


def _about(edition: Path, ranks: list[Row], gate: list[Row]) -> About:
    facts = _json(edition / ABOUT_NAME) or _json(edition / MANIFEST_NAME)
    named = sorted({row["edition_id"] for row in [*ranks, *gate]})
    return About(
        edition_id=str(facts.get("edition_id") or (named[0] if named else edition.name)),
        as_of=str(facts["as_of"]) if facts.get("as_of") else None,
        method_ids=tuple(facts.get("method_ids") or sorted({row["method_id"] for row in ranks})),
        gate_decision=facts.get("gate_decision") or _decision(gate),
        code_version=facts.get("code_version"),
        lake_digest=facts.get("lake_digest"),
        coverage=facts.get("coverage"),
        override=facts.get("override"),
        waivers=tuple(facts.get("waivers") or ()),
        finals=facts.get("finals") or {},
    )


def _decision(gate: list[Row]) -> str | None:
    decisions = {row["decision"] for row in gate}
    return next((word for word in ("hold", "notice", "pass") if word in decisions), None)


def rows(con: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None) -> list[Row]:
    """All rows of a query as dictionaries; decimals, dates and lists as Python's own exact types."""
    return list(streamed(con, query, parameters))


def streamed(con: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None) -> Iterator[Row]:
    """As `rows`, a few thousand at a time, for results that need not fit in memory."""
    cursor = con.cursor()
    cursor.execute("SET TimeZone = 'UTC'")
    cursor.execute(query, parameters or [])
    names = [column[0] for column in cursor.description or ()]
    while chunk := cursor.fetchmany(4096):
        yield from (dict(zip(names, row, strict=True)) for row in chunk)


CURRENT = "submission_version_id IN (SELECT submission_version_id FROM main.dim_submission WHERE is_current)"
OPEN = f"FROM main.fct_finding WHERE outcome = 'fail' AND is_open AND {CURRENT}"
OPEN_COUNTS = f"SELECT submission_version_id, severity, count(*) AS findings {OPEN} GROUP BY ALL ORDER BY ALL"
TO_RESOLVE = (
    "SELECT submission_version_id, severity, rule_id, finding_id, explained_by, message_zh, message_en "
    f"{OPEN} AND severity IN ('P0', 'P1') ORDER BY ALL"
)
TOTALS = f"SELECT * FROM main.fct_expenditure WHERE category = 'total' AND {CURRENT}"
FACTS = {
    "budget": ("fct_budget", "category, stage, claim_id"),
    "expenditure": ("fct_expenditure", "category, claim_id"),
    "outcomes": ("fct_indicator_outcome", "period_end, indicator_key, target_claim_id"),
    "components": ("rank_component", "method_id, component"),
}
CLAIM_COLUMNS = frozenset(
    {
        *("claim_id", "adjusted_budget_claim_id", "stated_rate_claim_id", "target_claim_id", "actual_claim_id"),
        *("score_claim_id", "grade_claim_id"),
    }
)


@contextmanager
def reader(edition: Path) -> Iterator[Reader]:
    """Give a reader of facts; it holds one connection open."""
    with opened(edition) as con:
        yield Reader(con)


class Reader:
    """Facts of submission versions, read for many at once: a handful of queries a batch, none a page."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._present = set(tables(con))

    def glance(self) -> Glance:
        """What division pages say of every current version."""
        counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
        to_resolve: defaultdict[str, list[Row]] = defaultdict(list)
        if "fct_finding" in self._present:
            for row in rows(self._con, OPEN_COUNTS):
                counts[row["submission_version_id"]][row["severity"]] = row["findings"]
            for row in rows(self._con, TO_RESOLVE):
                to_resolve[row["submission_version_id"]].append(row)
        found = rows(self._con, TOTALS) if "fct_expenditure" in self._present else []
        return Glance(_latest(found, "submission_version_id"), dict(counts), dict(to_resolve))

    def batch(self, version_ids: list[str]) -> Batch:
        """Facts, findings and the claims they name, of these submission versions."""
        versions: defaultdict[str, Version] = defaultdict(Version)
        wanted: set[str] = set()
        statements: set[str] = set()
        for name, (table, order) in FACTS.items():
            for row in self._of(table, order, version_ids):
                getattr(versions[row["submission_version_id"]], name).append(row)
                wanted |= _claims_named(row)
        for row in self._of("fct_self_evaluation", "submission_version_id", version_ids):
            versions[row["submission_version_id"]].self_evaluation = row
            wanted |= _claims_named(row)
        for row in self._of("fct_finding", "severity, rule_id, finding_id", version_ids):
            version = versions[row["submission_version_id"]]
            version.checked[row["outcome"]] = version.checked.get(row["outcome"], 0) + 1
            if row["outcome"] == "fail":
                version.findings.append(row)
                wanted.update(row["claim_ids"] or [])
                statements.update(row["statement_ids"] or [])
        return Batch(
            versions=dict(versions),
            claims=self._among("fct_claim", "claim_id", wanted),
            statements=self._among("fct_statement", "statement_id", statements),
        )

    def _of(self, table: str, order: str, version_ids: list[str]) -> list[Row]:
        if table not in self._present:
            return []
        known = {name for name, _ in columns(self._con, table)}
        order = ", ".join(name for name in order.split(", ") if name in known)
        query = (
            f"SELECT * FROM main.{quoted(table)} WHERE submission_version_id IN (SELECT unnest($1)) ORDER BY {order}"
        )
        return rows(self._con, query, [version_ids])

    def _among(self, table: str, key: str, wanted: set[str]) -> dict[str, Row]:
        query = f"SELECT * FROM main.{quoted(table)} WHERE {quoted(key)} IN (SELECT unnest($1))"
        return {row[key]: row for row in streamed(self._con, query, [sorted(wanted)])}


def _claims_named(row: Row) -> set[str]:
    return {row[name] for name in CLAIM_COLUMNS & row.keys() if row[name] is not None}
