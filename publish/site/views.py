"""What each page shows, as plain values: chosen and ordered here, worded and laid out by the templates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from publish import labels
from publish.data import PARTS, Batch, Edition, Row, Version
from publish.method import describe
from publish.quotations import Quotation, quotation
from publish.site import filing, findings
from publish.site.gate import gate_page
from publish.site.movements import Movements
from publish.site.standing import Standings

LEAGUE_ORDER = labels.codes("league")
CATEGORY_ORDER = labels.codes("category")
# From more open findings than this a division's page folds them by department.
MOST_UNFOLDED = 10
COVERAGE = ("due", "received", "accepted", "assessable")


def strip(edition: Edition) -> Row:
    """The trust strip: what the figures on this page are worth."""
    shown = shown_ranks(edition)
    current = [row for row in edition.submissions if row["is_current"] and row["status"] != "withdrawn"]
    held = sum(row["decision"] == "hold" for row in edition.gate)
    noticed = sum(row["decision"] in ("notice", "waived") for row in edition.gate)
    return {
        "method_id": edition.method_id,
        "checks": len(edition.gate),
        "held": held,
        "noticed": noticed,
        "divisions": len({row["division_key"] for row in shown}),
        "submissions": len(current),
        "returned": sum(row["status"] == "returned" for row in current),
    }


def shown_ranks(edition: Edition) -> list[Row]:
    """Division ranks of the shown method."""
    return [row for row in edition.division_ranks if row["method_id"] == edition.method_id]


def sections(edition: Edition) -> list[Row]:
    """One section per province and fiscal year, newest year first, each with its leagues and its unranked units."""

    def key(row: Row) -> tuple[int, str]:
        return -row["fiscal_year"], row["province_key"] or ""

    ordered = sorted(shown_ranks(edition), key=key)
    return [_section(edition, list(found)) for _, found in groupby(ordered, key=key)]


def _section(edition: Edition, found: list[Row]) -> Row:
    ranked = [row for row in found if row["is_ranked"]]
    leagues = [
        {"code": code, "rows": sorted((row for row in ranked if row["league"] == code), key=_by_rank)}
        for code in sorted({row["league"] for row in ranked}, key=_league_place)
    ]
    return {
        "province_key": found[0]["province_key"],
        "province": edition.division_name(found[0]["province_key"]),
        "fiscal_year": found[0]["fiscal_year"],
        "leagues": leagues,
        "unranked": sorted((row for row in found if not row["is_ranked"]), key=lambda row: row["division_key"]),
        "coverage": coverage(found),
        "provisional": any(row["is_provisional"] for row in found),
    }


def _by_rank(row: Row) -> tuple[int, str]:
    return row["rank"], row["division_key"]


def _league_place(code: str | None) -> int:
    return LEAGUE_ORDER.index(code) if code in LEAGUE_ORDER else len(LEAGUE_ORDER)


def coverage(found: Iterable[Row]) -> dict[str, int | None]:
    """Sums over units; a sum is unknown (None) as soon as one unit's count is."""
    listed = list(found)
    sums: dict[str, int | None] = {}
    for name in COVERAGE:
        counts = [row[name] for row in listed]
        sums[name] = None if None in counts else sum(counts)
    return sums


def index(edition: Edition) -> Row:
    """The ranking tables of all sections, and what changed since the last edition."""
    return {"edition": edition, "sections": sections(edition), "changes": edition.difference}


def gate(edition: Edition) -> Row:
    """What the gate said of every expectation."""
    return gate_page(edition.gate, edition.acts)


def method(edition: Edition) -> Row:
    """Every method that the edition computes, in words; the one that the pages show comes first."""
    described = {row["method_id"] for row in edition.method_tables["ranking_methods"]}
    computed = described & ({row["method_id"] for row in edition.division_ranks} | set(edition.about.method_ids))
    ordered = sorted(computed, key=lambda name: (name != edition.method_id, name))
    return {"shown": edition.method_id, "methods": [describe(edition.method_tables, name) for name in ordered]}


class Book:
    """An edition's small tables, indexed the ways the unit pages ask for them."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.sections = {(part["province_key"], part["fiscal_year"]): part for part in sections(edition)}
        self.ranks = _grouped(shown_ranks(edition), "division_key")
        shown = [row for row in edition.department_ranks if row["method_id"] == edition.method_id]
        self.department_ranks = _grouped(shown, "department_key")
        self.submissions = _grouped(edition.submissions, "department_key")
        self._filings = _grouped(edition.filings, "department_key")
        self.filing_divisions = {(row["division_key"], row["fiscal_year"]): row for row in edition.filing_divisions}
        self.movements = Movements(edition)
        self.standings = Standings(edition)
        self.settlements = findings.Settlements.of(edition.acts)
        self.acts_on = _grouped(edition.acts, "submission_id") | _grouped(edition.acts, "submission_version_id")
        self.decisions = _grouped(edition.acts, "refers_to")
        departments = self._all_departments()
        self._departments = _grouped(departments, "division_key")
        self._before = _grouped((row for row in departments if row.get("succeeded_by")), "succeeded_by")
        # A division with neither rank nor department has nothing to show, and nothing links to it.
        self.division_keys = sorted(key for key in {*self.ranks, *self._departments} if key)

    def _all_departments(self) -> list[Row]:
        known = dict(self.edition.departments)
        for row in self.edition.submissions:
            if row["department_key"] and row["department_key"] not in known:
                known[row["department_key"]] = {"division_key": row["division_key"], "name": row["department_key"]}
        return [row | {"department_key": key} for key, row in sorted(known.items())]

    def departments_of(self, division_key: str) -> list[str]:
        """Keys of a division's departments, in order."""
        return [row["department_key"] for row in self._departments.get(division_key, [])]

    def departments_in(self, division_key: str, year: int) -> list[str]:
        """Those that have something of the year to show, or that were there under this name on its last day."""
        last_day = date(year, 12, 31)
        return [
            row["department_key"]
            for row in self._departments.get(division_key, [])
            if year in self.years_of([row["department_key"]]) or is_there(row, last_day)
        ]

    def names_before(self, department_key: str) -> list[str]:
        """Keys of the departments that this one succeeded."""
        return [row["department_key"] for row in self._before.get(department_key, [])]

    def years_of(self, department_keys: list[str]) -> list[int]:
        """Fiscal years these departments have a submission or a rank in, newest first."""
        found = [row for key in department_keys for row in self.submissions.get(key, [])]
        found += [row for key in department_keys for row in self.department_ranks.get(key, [])]
        found += [row for key in department_keys for row in self._filings.get(key, [])]
        return sorted({row["fiscal_year"] for row in found if row["fiscal_year"] is not None}, reverse=True)

    def filing_of(self, department_key: str, year: int) -> Row | None:
        """Where the filing of a department's year stands; None where nothing is due and nothing came."""
        return next((row for row in self._filings.get(department_key, []) if row["fiscal_year"] == year), None)


def is_there(department: Row, day: date) -> bool:
    """Whether a department is in force on a day; where validity is unknown it is."""
    since, until = department.get("valid_from"), department.get("valid_to")
    return (since is None or since <= day) and (until is None or day <= until)


def _grouped(found: Iterable[Row], name: str) -> dict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[row[name]].append(row)
    return dict(groups)


def division(book: Book, batch: Batch, key: str) -> Row:
    """A division's page: per fiscal year its rank, part scores, coverage, departments and open findings."""
    departments = book.departments_of(key)
    by_year = {row["fiscal_year"]: row for row in book.ranks.get(key, [])}
    years = sorted({*by_year, *book.years_of(departments)}, reverse=True)
    return {
        "edition": book.edition,
        "key": key,
        "name": book.edition.division_name(key),
        "row": book.edition.divisions.get(key, {}),
        "years": [_division_year(book, batch, key, year, by_year.get(year)) for year in years],
        "weights": book.edition.weights(),
        "part_codes": PARTS,
        "departments": [{"key": name, "name": book.edition.department_name(name)} for name in departments],
    }


def _division_year(book: Book, batch: Batch, key: str, year: int, rank: Row | None) -> Row:
    peers = 0
    if rank:
        section = book.sections[rank["province_key"], year]
        peers = sum(len(league["rows"]) for league in section["leagues"] if league["code"] == rank["league"])
    movement = book.movements.of_division(key, year)
    if rank and movement and movement["method_before"] != rank["method_id"]:
        # Readers saw the rank under the method of then.
        rank = rank | {"previous_rank": movement["rank_before"]}
    lines = [_department_line(book, batch, name, year) for name in book.departments_in(key, year)]
    counted = book.filing_divisions.get((key, year))
    return {
        "fiscal_year": year,
        "rank": rank,
        "peers": peers,
        "movement": movement,
        "scopes": book.standings.scopes(key, year),
        "improvement": book.standings.improvement(key, year),
        "filing": filing.totals([counted]) if counted else None,
        "departments": lines,
        "is_folded": sum(len(line["findings"]) for line in lines) > MOST_UNFOLDED,
    }


def _department_line(book: Book, batch: Batch, key: str, year: int) -> Row:
    version = next(
        (row for row in book.submissions.get(key, []) if row["fiscal_year"] == year and row["is_current"]), None
    )
    facts = batch.versions.get(version["submission_version_id"], Version()) if version else Version()
    rank = next((row for row in book.department_ranks.get(key, []) if row["fiscal_year"] == year), None)
    total = next((row for row in facts.expenditure if row["category"] == "total"), None)
    open_findings = [row for row in facts.findings if row["is_open"]]
    to_resolve = [row for row in open_findings if row["severity"] in {"P0", "P1"}]
    filed = book.filing_of(key, year)
    return {
        "key": key,
        "name": book.edition.department_name(key),
        "version": version,
        "status": filed["state"] if filed else "none_known",
        "filing": filed,
        "rank": rank,
        "total": total,
        "counts": {level: sum(row["severity"] == level for row in open_findings) for level in ("P0", "P1", "P2")},
        "findings": [
            card for group in findings.by_severity(batch, book.settlements, to_resolve) for card in group["cards"]
        ],
    }


def department(book: Book, batch: Batch, key: str) -> Row:
    """A department's page: per fiscal year its versions, figures, indicators, findings and self evaluation."""
    row = book.edition.departments.get(key, {})
    submissions = book.submissions.get(key, [])
    division_key = row.get("division_key") or (submissions[0]["division_key"] if submissions else None)
    return {
        "edition": book.edition,
        "key": key,
        "name": book.edition.department_name(key),
        "row": row,
        "division_key": division_key,
        "division_name": book.edition.division_name(division_key),
        "names_before": book.names_before(key),
        "years": [_department_year(book, batch, key, year) for year in book.years_of([key])],
    }


def _department_year(book: Book, batch: Batch, key: str, year: int) -> Row:
    versions = [row for row in book.submissions.get(key, []) if row["fiscal_year"] == year]
    version = next((row for row in versions if row["is_current"]), None)
    facts = batch.versions.get(version["submission_version_id"], Version()) if version else Version()
    ranks = [row for row in book.department_ranks.get(key, []) if row["fiscal_year"] == year]
    return {
        "fiscal_year": year,
        "versions": versions,
        "version": version,
        "ranks": ranks,
        "movements": [
            {"function": row["function"]} | found
            for row in ranks
            if (found := book.movements.of_department(key, year, row["function"]))
        ],
        "filing": book.filing_of(key, year),
        "acts": _acts(book, version),
        "components": book.standings.components(facts),
        "figures": _figures(book.edition, batch, facts) if version else [],
        "outcomes": [_outcome(book.edition, batch, row) for row in facts.outcomes],
        "findings": findings.by_severity(batch, book.settlements, facts.findings),
        "checked": facts.checked,
        "self_evaluation": _self_evaluation(batch, facts),
    }


def _acts(book: Book, version: Row | None) -> Row:
    """What people did about the submission: the last review, appeals with what was decided on them, the withdrawal."""
    if version is None:
        return {"review": None, "appeals": [], "withdrawal": None}
    acts = book.acts_on.get(version["submission_id"], []) + book.acts_on.get(version["submission_version_id"], [])
    of_kind = _grouped(acts, "kind")
    return {
        "review": next(iter(of_kind.get("reviewed_score", [])), None),
        "appeals": [
            act | {"decision": next(iter(book.decisions.get(act["act_id"], [])), None)}
            for act in of_kind.get("appeal", [])
        ],
        "withdrawal": of_kind["withdrawal"][0] if version["status"] == "withdrawn" else None,
    }


def _figures(edition: Edition, batch: Batch, facts: Version) -> list[Row]:
    """One line per budget category, the total always among them; each amount with its quotation."""
    budget = {(row["stage"], row["category"]): row for row in facts.budget}
    spent = {row["category"]: row for row in facts.expenditure}
    codes = {"total", *spent, *(category for _, category in budget)}
    return [
        _figure_line(edition, batch, code, budget, spent.get(code, {})) for code in sorted(codes, key=_category_place)
    ]


def _category_place(code: str) -> tuple[int, str]:
    return (CATEGORY_ORDER.index(code) if code in CATEGORY_ORDER else len(CATEGORY_ORDER)), code


def _figure_line(edition: Edition, batch: Batch, code: str, budget: dict[tuple[str, str], Row], spent: Row) -> Row:
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
    return {
        "code": code,
        "name": edition.category_name(code),
        "amounts": {
            name: {"value": value, "verification": verification, "quotation": _quoted(batch, claim_id)}
            for name, (value, claim_id, verification) in amounts.items()
        },
        "execution_rate": spent.get("execution_rate"),
        "stated_rate": spent.get("stated_execution_rate"),
        "stated_text": _as_written(batch, spent.get("stated_rate_claim_id")),
        "rates_differ": _contradicted(batch, spent.get("stated_rate_claim_id")),
        "stated_quotation": _quoted(batch, spent.get("stated_rate_claim_id")),
    }


def _quoted(batch: Batch, claim_id: str | None) -> Quotation | None:
    return quotation(batch.claims.get(claim_id)) if claim_id else None


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


def _outcome(edition: Edition, batch: Batch, row: Row) -> Row:
    return row | {
        "name": edition.indicator_name(row["indicator_key"]),
        "stated_text": _as_written(batch, row.get("stated_rate_claim_id")),
        "rates_differ": _contradicted(batch, row.get("stated_rate_claim_id")),
        "quotations": {
            name: _quoted(batch, row.get(column))
            for name, column in (
                ("target", "target_claim_id"),
                ("actual", "actual_claim_id"),
                ("stated_completion", "stated_rate_claim_id"),
            )
        },
    }


def _self_evaluation(batch: Batch, facts: Version) -> Row | None:
    row = facts.self_evaluation
    if row is None:
        return None
    claims = (row.get("score_claim_id"), row.get("grade_claim_id"))
    named = [_quoted(batch, claim_id) for claim_id in claims]
    return row | {"quotations": [found for found in named if found]}
