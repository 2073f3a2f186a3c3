"""A department's page: where each fiscal year stands, and what its current report says, with the words it rests on.

The two are told apart because the first may change every night and the second only with the report.
"""

from __future__ import annotations

from typing import Any

from publish import labels
from publish.data import Batch, Row, Version
from publish.quotations import passages
from publish.site import findings
from publish.site.book import Book, grouped

CATEGORY_ORDER = labels.codes("category")
# What the columns of an outcome that name claims say.
OUTCOME_CLAIMS = (
    *(("target", "target_claim_id"), ("actual", "actual_claim_id")),
    ("stated_completion", "stated_rate_claim_id"),
)


def page(book: Book, key: str) -> Row:
    """What the page of a department shows besides its reports: per fiscal year versions, ranks, movements, filing."""
    row = book.edition.departments.get(key, {})
    submissions = book.submissions.get(key, [])
    division_key = row.get("division_key") or (submissions[0]["division_key"] if submissions else None)
    return {
        "key": key,
        "name": book.edition.department_name(key),
        "row": row,
        "division_key": division_key,
        "division_name": book.edition.division_name(division_key),
        "names_before": book.names_before(key),
        "years": [_year(book, key, year) for year in book.years_of([key])],
    }


def _year(book: Book, key: str, year: int) -> Row:
    version = book.current_version(key, year)
    ranks = [row for row in book.department_ranks.get(key, []) if row["fiscal_year"] == year]
    return {
        "fiscal_year": year,
        "versions": [row for row in book.submissions.get(key, []) if row["fiscal_year"] == year],
        "version": version,
        "ranks": ranks,
        "movements": [
            {"function": row["function"]} | found
            for row in ranks
            if (found := book.movements.of_department(key, year, row["function"]))
        ],
        "filing": book.filing_of(key, year),
        "acts": _acts(book, version),
    }


def _acts(book: Book, version: Row | None) -> Row:
    """What people did about the submission: the last review, appeals with what was decided on them, the withdrawal."""
    if version is None:
        return {"review": None, "appeals": [], "withdrawal": None}
    acts = book.acts_on.get(version["submission_id"], []) + book.acts_on.get(version["submission_version_id"], [])
    of_kind = grouped(acts, "kind")
    return {
        "review": next(iter(of_kind.get("reviewed_score", [])), None),
        "appeals": [
            act | {"decision": next(iter(book.decisions.get(act["act_id"], [])), None)}
            for act in of_kind.get("appeal", [])
        ],
        "withdrawal": of_kind["withdrawal"][0] if version["status"] == "withdrawn" else None,
    }


def report(book: Book, batch: Batch, version: Row) -> Row:
    """What a report says: the parts of its score, figures, indicators, findings, self evaluation, with their words."""
    facts = batch.versions.get(version["submission_version_id"], Version())
    return {
        "fiscal_year": version["fiscal_year"],
        "version": version,
        "components": book.standings.components(facts),
        "figures": (figures := _figures(batch, facts)),
        "passages": passages(named for line in figures for named in line["claims"]),
        "outcomes": [_outcome(batch, row) for row in facts.outcomes],
        "findings": findings.by_severity(batch, book.settlements, facts.findings),
        "checked": facts.checked,
        "self_evaluation": _self_evaluation(batch, facts),
    }


def _figures(batch: Batch, facts: Version) -> list[Row]:
    """One line per budget category, the total always among them; each amount with its quotation."""
    budget = {(row["stage"], row["category"]): row for row in facts.budget}
    spent = {row["category"]: row for row in facts.expenditure}
    codes = {"total", *spent, *(category for _, category in budget)}
    return [_figure_line(batch, code, budget, spent.get(code, {})) for code in sorted(codes, key=_category_place)]


def _category_place(code: str) -> tuple[int, str]:
    return (CATEGORY_ORDER.index(code) if code in CATEGORY_ORDER else len(CATEGORY_ORDER)), code


def _figure_line(batch: Batch, code: str, budget: dict[tuple[str, str], Row], spent: Row) -> Row:
    initial, adjusted = budget.get(("initial", code), {}), budget.get(("adjusted", code), {})
    amounts = {
        "initial": (initial.get("amount_yuan"), initial.get("claim_id"), initial.get("verification")),
        "adjusted": (
            _first(adjusted.get("amount_yuan"), spent.get("adjusted_budget_yuan")),
            _first(adjusted.get("claim_id"), spent.get("adjusted_budget_claim_id")),
            adjusted.get("verification"),
        ),
        "expenditure": (spent.get("amount_yuan"), spent.get("claim_id"), spent.get("verification")),
    }
    claims = {name: claim_id for name, (_, claim_id, _) in amounts.items()}
    claims["stated_rate"] = spent.get("stated_rate_claim_id")
    return {
        "code": code,
        "amounts": {
            name: {"value": value, "verification": verification, "claim_id": _known(batch, claim_id)}
            for name, (value, claim_id, verification) in amounts.items()
        },
        "execution_rate": spent.get("execution_rate"),
        "stated_rate": spent.get("stated_execution_rate"),
        "stated_text": _as_written(batch, claims["stated_rate"]),
        "rates_differ": _contradicted(batch, claims["stated_rate"]),
        "stated_claim_id": _known(batch, claims["stated_rate"]),
        "claims": [((code, name), batch.claims.get(claim_id or "")) for name, claim_id in claims.items()],
    }


def _known(batch: Batch, claim_id: str | None) -> str | None:
    """The claim's id where the claim is there to be shown."""
    return claim_id if claim_id in batch.claims else None


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _as_written(batch: Batch, claim_id: str | None) -> str | None:
    """A stated rate with the digits that the report gave it: 57% is not 57.00%."""
    claim = batch.claims.get(claim_id) if claim_id else None
    return f"{claim['value'].normalize():f}{claim['unit']}" if claim and claim["value"] is not None else None


def _contradicted(batch: Batch, claim_id: str | None) -> bool:
    """Whether the checks found a stated rate wrong; only they know to which digit it was rounded."""
    claim = batch.claims.get(claim_id) if claim_id else None
    return bool(claim and claim["verification"] == "contradicted")


def _outcome(batch: Batch, row: Row) -> Row:
    return row | {
        "stated_text": _as_written(batch, row.get("stated_rate_claim_id")),
        "rates_differ": _contradicted(batch, row.get("stated_rate_claim_id")),
        "passages": passages((name, batch.claims.get(row.get(column) or "")) for name, column in OUTCOME_CLAIMS),
    }


def _self_evaluation(batch: Batch, facts: Version) -> Row | None:
    row = facts.self_evaluation
    if row is None:
        return None
    named = (("self_score", row.get("score_claim_id")), ("grade", row.get("grade_claim_id")))
    return row | {"passages": passages((name, batch.claims.get(claim_id or "")) for name, claim_id in named)}
