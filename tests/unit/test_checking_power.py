"""How much the identities see: errors are put into verified figures of made-up reports, and most of them must show."""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest

from ingest.checking.identities import identities_of
from ingest.checking.identity import Identity
from ingest.documents import read_document
from ingest.identify import Directory
from ingest.identify import Identity as Sender
from ingest.reader import ReaderData, judge_report
from ingest.reading.claims import Claim
from ingest.reading.grammar import read_table
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
DATA = ReaderData(Directory(()), {}, REFERENCE)
PARENTS = {row["category"]: row["parent"] for row in read_table(REFERENCE / "budget_categories.csv")}
YEAR = 2024
SENDER = Sender("a", "甲县", "a-1", "工业局", "甲县工业局", (), YEAR, None, ())
REPORTS = 7
LEAST_CAUGHT = Decimal("0.85")
# Of them by hard identities alone.
LEAST_FAILED = Decimal("0.80")
# Wrong figures that may still be called verified: rounding hides a change of the last digit.
MOST_UNSEEN = Decimal("0.08")
TENTH = Decimal("0.1")
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
    courses = [source.randint(11, 90) for _ in range(2)]
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
        f"{investment(source)}全年举办培训{sum(courses)}场，其中甲类培训{courses[0]}场，乙类培训{courses[1]}场。\n"
    )


def investment(source: Random) -> str:
    """A target and an actual, each with its growth over one prior year."""
    before, planned, real = (Decimal(source.randint(*limits)) for limits in ((200, 9000), (20, 300), (20, 300)))
    target, actual = (str((before * (1000 + growth) / 10000).quantize(TENTH)) for growth in (planned, real))
    return f"目标：工业投资{target}亿元，增长{planned / 10}%。完成情况：工业投资{actual}亿元，增长{real / 10}%。\n"


@dataclass(frozen=True)
class Checked:
    """What the checks make of a text: its claims, the identities that fail, and what else asks for a look."""

    claims: tuple[Claim, ...]
    identities: list[Identity]
    asking: Counter

    @property
    def failed(self) -> list[Identity]:
        return [identity for identity in self.identities if not identity.holds]

    def verified(self, number: int) -> bool:
        return any(claim.number == number and claim.verification == "verified" for claim in self.claims)


def checked(text: str) -> Checked:
    document = read_document(text.encode())
    reading = read_report(document, YEAR, REFERENCE)
    judgement = judge_report(document, SENDER, reading, DATA)
    asking = Counter((seen.kind, seen.verdict) for seen in judgement.observations if seen.severity == "P2")
    return Checked(judgement.claims, identities_of(reading.claims, PARENTS), asking)


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
        found = checked(text)
        assert found.identities
        assert not found.failed
        assert {claim.verification for claim in found.claims} == {"verified"}


def test_errors_in_verified_figures_are_caught(reports: list[str]) -> None:
    """By a hard identity that fails, or where agreement alone is evidence (其中, 基数) by an observation that asks."""
    source, made, failed, caught, unseen = Random(21), Counter[str](), Counter[str](), Counter[str](), 0
    for text in reports:
        right = checked(text)
        for claim in right.claims:
            for error in errors_in(text, *number_span(text, claim), source):
                wrong = checked(error.text)
                made[error.kind] += 1
                failed[error.kind] += bool(wrong.failed)
                caught[error.kind] += bool(wrong.failed or wrong.asking - right.asking)
                unseen += wrong.verified(claim.number)
    told = f"made {made}, identities failed {failed}, caught {caught}, still verified {unseen}"
    assert made.total() > 500
    assert caught.total() >= LEAST_CAUGHT * made.total(), told
    assert failed.total() >= LEAST_FAILED * made.total(), told
    assert unseen <= MOST_UNSEEN * made.total(), told
