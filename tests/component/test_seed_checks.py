"""The 74 checks that were made by hand on the two real reports: the engine must come to every one of their verdicts."""

import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from ingest import registers
from ingest.checking.observation import Observation
from ingest.checking.verdict import Judgement
from ingest.documents import read_document
from ingest.identify import identify
from ingest.reader import ReaderData, judge_report
from ingest.reading.grammar import read_table
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT, Settings

NAMES = ("000", "001")
ROWS = {"000": 40, "001": 34}
# A difference without a counterpart in the report is a derived figure.
FAMILIES = {("diff", "derived"): "derived"}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Rows whose formula names figures; others describe in words, or repeat how often something is stated.
IN_FIGURES = {"sum", "diff", "ratio", "derived", "drift", "agree", "ratio_missing", "implied_target"}


PROVINCE = PROJECT_ROOT / "samples" / "province"
TRUTH = json.loads((PROVINCE / "truth.json").read_text(encoding="utf-8"))["files"]
# Errors that were planted into the arithmetic of a report.
WRONG_FIGURES = {"sum_mismatch", "execution_rate_wrong", "completion_rate_wrong", "unit_slip"}


def seed_rows(real_reports: Path) -> list[dict]:
    lines = (real_reports.parent / "gold" / "seed_checks.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def judged(path: Path) -> Judgement:
    reference = Settings(PROJECT_ROOT).reference
    divisions = registers.division_rows([PROJECT_ROOT / "registers", PROVINCE / "registers"])
    document = read_document(path.read_bytes())
    directory = registers.directory_of(divisions, [])
    sender = identify(document.text, directory, read_table(reference / "functions.csv"))
    reading = read_report(document, sender.fiscal_year, reference)
    return judge_report(document, sender, reading, ReaderData(directory, {}, reference))


@pytest.fixture(scope="module")
def judgements(real_reports: Path) -> dict[str, Judgement]:
    return {path.stem[:3]: judged(path) for path in sorted(real_reports.glob("*.txt"))}


def family(kind: str, verdict: str) -> str:
    return FAMILIES.get((kind, verdict), kind)


def answers(row: dict, observation: Observation) -> bool:
    """Whether an observation is the row's: type, verdict, both numbers to the row's decimals, and the same figures."""
    return (
        family(row["type"], row["verdict"]) == family(observation.kind, observation.verdict)
        and row["verdict"] == observation.verdict
        and same_number(row["stated"], observation.stated)
        and same_number(row["recomputed"], observation.recomputed)
        and (row["type"] not in IN_FIGURES or figures_of(row) <= figures_in(observation))
    )


def same_number(wanted: str | None, found: Decimal | None) -> bool:
    if wanted is None or found is None:
        return wanted is None and found is None
    right = Decimal(wanted)
    return found.quantize(right, ROUND_HALF_UP) == right


def figures_of(row: dict) -> set[Decimal]:
    """The figures that the row's formula starts from, without its result and the 100 of percentages."""
    formula = re.split(r"=|->|\(\d dp\)", row["formula"])[0]
    numbers = {Decimal(number) for number in NUMBER.findall(formula)} - {Decimal(100)}
    return {number for number in numbers if not same_number(row["recomputed"], number)}


def figures_in(observation: Observation) -> set[Decimal]:
    values = {abs(claim.value) for claim in observation.claims if claim.value is not None}
    factors = {1 + claim.value_base for claim in observation.claims if claim.kind == "growth" and claim.value_base}
    rates = {claim.value_base for claim in observation.claims if claim.kind == "completion_rate" and claim.value_base}
    return values | factors | rates | {Decimal(number) for number in NUMBER.findall(observation.formula)}


def pairings(rows: list[dict], observations: list[Observation]) -> Iterator[tuple[dict, Observation | None]]:
    """Each row with an observation of its own: no observation answers two rows."""
    taken: dict[int, int] = {}
    candidates = [
        [index for index, observation in enumerate(observations) if answers(row, observation)] for row in rows
    ]

    def assign(row: int, tried: set[int]) -> bool:
        for index in candidates[row]:
            if index not in tried:
                tried.add(index)
                if index not in taken or assign(taken[index], tried):
                    taken[index] = row
                    return True
        return False

    for number in range(len(rows)):
        assign(number, set())
    answer = {row: observations[index] for index, row in taken.items()}
    for number, row in enumerate(rows):
        yield row, answer.get(number)


@pytest.mark.parametrize("name", NAMES)
def test_every_check_made_by_hand_is_reproduced(
    judgements: dict[str, Judgement], real_reports: Path, name: str
) -> None:
    rows = [row for row in seed_rows(real_reports) if row["doc"] == name]
    missed = [row["id"] for row, found in pairings(rows, list(judgements[name].observations)) if found is None]
    assert len(rows) == ROWS[name]
    assert missed == []


@pytest.fixture(scope="module")
def sample_judgements() -> dict[str, Judgement]:
    names = [name for name, row in TRUTH.items() if row["expected_outcome"] == "identified"]
    return {name: judged(PROVINCE / "inbox" / name) for name in names}


def failed_identities(judgement: Judgement) -> list[str]:
    hard = {"sum", "diff", "ratio", "repeat"}
    failed = [seen for seen in judgement.observations if seen.verdict == "fails" and seen.kind in hard]
    return [f"{seen.kind} {seen.formula}" for seen in failed]


def test_hard_identities_fail_only_where_an_error_was_planted(sample_judgements: dict[str, Judgement]) -> None:
    alarms = {
        name: failed_identities(judgement)
        for name, judgement in sample_judgements.items()
        if not WRONG_FIGURES & set(TRUTH[name]["error_kinds"])
    }
    assert {name: failed for name, failed in alarms.items() if failed} == {}


def test_planted_errors_of_arithmetic_are_observed(sample_judgements: dict[str, Judgement]) -> None:
    wrong = [name for name in sample_judgements if WRONG_FIGURES & set(TRUTH[name]["error_kinds"])]
    assert wrong
    assert all(failed_identities(sample_judgements[name]) for name in wrong)


def test_few_observations_on_true_reports_ask_for_attention(sample_judgements: dict[str, Judgement]) -> None:
    true = [judgement for name, judgement in sample_judgements.items() if not TRUTH[name]["error_kinds"]]
    asking = [seen for judgement in true for seen in judgement.observations if seen.severity == "P2"]
    assert len(asking) * 10 <= len(true), [(seen.kind, seen.verdict, seen.formula) for seen in asking]
