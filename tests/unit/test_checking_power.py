"""How much the identities see: errors are put into verified figures of made-up reports, and most of them must show."""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest

from ingest.checking.identities import identities_of, verified
from ingest.checking.identity import Identity
from ingest.documents import read_document
from ingest.reading.claims import Claim
from ingest.reading.grammar import read_table
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
PARENTS = {row["category"]: row["parent"] for row in read_table(REFERENCE / "budget_categories.csv")}
YEAR = 2024
REPORTS = 7
LEAST_CAUGHT = Decimal("0.85")
NAMES = ("新签约项目", "新开工项目", "新竣工项目", "小升规企业")


@dataclass(frozen=True)
class Error:
    """One error: what kind it is, and the text that has it."""

    kind: str
    text: str


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def share(part: Decimal, whole: Decimal) -> str:
    return f"{rounded(part / whole * 100)}%"


def made_up_report(source: Random) -> str:
    """A consistent report: budget, cut, expenditure, changes, restated totals, indicators with targets and rates."""
    initial = [Decimal(source.randint(20_000, 9_000_000)) / 100 for _ in range(2)]
    adjusted = [rounded(amount * source.randint(90, 99) / 100) for amount in initial]
    spent = [rounded(amount * source.randint(80, 99) / 100) for amount in adjusted]
    before, after, out = sum(initial), sum(adjusted), sum(spent)
    risen = rounded(before * source.randint(3, 40) / 100)
    rows = [(name, source.randint(11, 400)) for name in NAMES]
    done = [(name, target, max(7, target * source.randint(60, 140) // 100)) for name, target in rows]
    handed_down = "、".join(f"{name}{target}个" for name, target in rows)
    reached = "，".join(
        f"{name}{actual}个（完成率{share(Decimal(actual), Decimal(target))}）" for name, target, actual in done
    )
    return (
        "一、部门基本情况\n（四）部门整体支出情况\n"
        f"2024年年初预算{before}万元，其中基本支出{initial[0]}万元，项目支出{initial[1]}万元。"
        f"年中压减{before - after}万元，调整后预算{after}万元，"
        f"其中基本支出{adjusted[0]}万元，项目支出{adjusted[1]}万元。\n"
        f"全年支出决算{out}万元，预算执行率{share(out, after)}。"
        f"其中基本支出{spent[0]}万元，预算执行率{share(spent[0], adjusted[0])}；"
        f"项目支出{spent[1]}万元，预算执行率{share(spent[1], adjusted[1])}。\n"
        "二、绩效自评情况\n（二）部门整体支出使用绩效\n1.预算编制情况\n"
        f"2024年初预算批复{before}万元，比上年增加{risen}万元，增加{share(risen, before - risen)}。\n"
        f"2.预算执行情况\n全年支出决算{out}万元，预算执行率{share(out, after)}。\n"
        f"3.预算使用效益\n上级下达了{handed_down}的任务。全年完成{reached}。\n"
    )


def checked(text: str) -> tuple[list[Claim], list[Identity]]:
    claims = read_report(read_document(text.encode()), YEAR, REFERENCE).claims
    identities = identities_of(claims, PARENTS)
    return verified(claims, identities), identities


def errors_in(text: str, start: int, end: int, source: Random) -> list[Error]:
    """Each kind of error once, where the figure allows it: a digit changed, two beside each other swapped, no point."""
    figure = text[start:end]
    places = [index for index, character in enumerate(figure) if character.isdigit()]
    place = source.choice(places)
    other = source.choice([digit for digit in "0123456789" if digit != figure[place] and (place or digit != "0")])
    wrong = {"digit": figure[:place] + other + figure[place + 1 :]}
    swaps = [i for i in places if i + 1 in places and figure[i] != figure[i + 1] and (i or figure[1] != "0")]
    if swaps:
        at = source.choice(swaps)
        wrong["swap"] = figure[:at] + figure[at + 1] + figure[at] + figure[at + 2 :]
    if "." in figure:
        wrong["point"] = figure.replace(".", "")
    return [Error(kind, text[:start] + false + text[end:]) for kind, false in wrong.items()]


def number_span(text: str, claim: Claim) -> tuple[int, int]:
    """The digits of a claim's figure in the text."""
    start, end = claim.figure
    inside = [index for index in range(start, end) if text[index].isdigit()]
    return inside[0], inside[-1] + 1


@pytest.fixture(scope="module")
def reports() -> list[str]:
    source = Random(20)
    return [made_up_report(source) for _ in range(REPORTS)]


def test_every_identity_of_a_consistent_report_holds(reports: list[str]) -> None:
    for text in reports:
        claims, identities = checked(text)
        assert identities
        assert all(identity.holds for identity in identities)
        assert {claim.verification for claim in claims} == {"verified"}


def test_errors_in_verified_figures_are_caught(reports: list[str]) -> None:
    source, made, caught = Random(21), Counter[str](), Counter[str]()
    for text in reports:
        for claim in checked(text)[0]:
            if claim.verification != "verified" or claim.value is None:
                continue
            for error in errors_in(text, *number_span(text, claim), source):
                made[error.kind] += 1
                caught[error.kind] += any(not identity.holds for identity in checked(error.text)[1])
    assert sum(made.values()) > 500
    assert Decimal(sum(caught.values())) / sum(made.values()) >= LEAST_CAUGHT, (made, caught)
    assert all(Decimal(caught[kind]) / made[kind] >= Decimal("0.8") for kind in made), (made, caught)
