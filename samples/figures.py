"""True figures: budgets whose identities hold, indicators, scores. Counted in whole hundredths first."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from random import Random

from samples.model import Department, Indicator, Money
from samples.wording_data import indicators, phrases, random_for

HUNDREDTH = Decimal("0.01")


def rounded(value: Decimal, decimals: int = 2) -> Decimal:
    """`value` with so many decimals, halves up."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def percent(part: Decimal, whole: Decimal, decimals: int = 2) -> Decimal:
    """Part of a whole in percent, rounded."""
    return rounded(part * 100 / whole, decimals)


def grade_of(score: Decimal) -> str:
    """The grade of a score by the usual steps."""
    return next(str(grade) for floor, grade in phrases()["grades"] if score >= floor)


def make_money(seed: int, department: Department, year: int, first_year: int) -> Money:
    """Budget figures of one department and year, with last year's spending where that year is told too."""
    money = _money_of(seed, department, year)
    if random_for(seed, department.key, year, "prior").random() < 0.45 or year > first_year:
        money.prior_spent = _money_of(seed, department, year - 1).spent["total"]
    return money


def make_indicators(source: Random, department: Department, rate_decimals: int) -> list[Indicator]:
    """Three to six indicators of the department's functions and one that every department has."""
    own = [row for row in indicators() if row["function"] in department.functions]
    common = [row for row in indicators() if row["function"] == "any"]
    wanted = min(len(own), source.randint(3, 6))
    rows = sorted(source.sample(range(len(own)), wanted))
    chosen = [own[number] for number in rows] + source.sample(common, 1 if own else 4)
    seen: set[str] = set()
    made = []
    for row in chosen:
        surface = source.choice(row["surfaces"].split(";"))
        if surface not in seen:
            seen.add(surface)
            made.append(_indicator(source, row, surface, rate_decimals))
    return made


def completion(indicator: Indicator, decimals: int) -> Decimal | None:
    """Actual over target in percent, for those indicators that have such a rate."""
    return percent(indicator.actual, indicator.target, decimals) if indicator.is_countable else None


def is_missed(indicator: Indicator) -> bool:
    """True where the outcome falls short of the target."""
    if indicator.style == "reverse":
        return indicator.actual > indicator.target
    return indicator.actual < indicator.target


def score_form(money: Money, made: list[Indicator]) -> Decimal:
    """Give every indicator its weight and points (90 in all, execution has 10) and answer the total."""
    each = Decimal(90 // len(made))
    for number, row in enumerate(made):
        row.weight = each if number else Decimal(90) - each * (len(made) - 1)
        ratio = Decimal(1)
        if row.style == "reverse":
            ratio = max(Decimal(0), min(Decimal(1), 2 - row.actual / row.target))
        elif row.target:
            ratio = max(Decimal(0), min(Decimal(1), row.actual / row.target))
        row.points = rounded(row.weight * ratio)
    return execution_points(money) + sum((row.points for row in made), Decimal(0))


def execution_points(money: Money) -> Decimal:
    """Ten points times the execution rate."""
    return rounded(10 * money.spent["total"] / money.adjusted["total"])


def _money_of(seed: int, department: Department, year: int) -> Money:
    base = random_for(seed, department.key, "base")
    total = base.randint(department.low_wan * 100, department.high_wan * 100)
    basic_share = base.randint(30, 72)
    is_split = base.random() < 0.3
    source = random_for(seed, department.key, year, "money")
    total = total * source.randint(90, 112) // 100 + source.randint(0, 99)
    parts = _split(source, total, basic_share, is_split)
    mode = source.choice(["cut", "add", "both", "none"])
    cuts = {
        name: value * source.randint(1000, 5000) // 100000 if mode in {"cut", "both"} else 0
        for name, value in parts.items()
    }
    adds = {
        name: value * source.randint(3000, 18000) // 100000 if mode in {"add", "both"} and name != "basic" else 0
        for name, value in parts.items()
    }
    adjusted = {name: value - cuts[name] + adds[name] for name, value in parts.items()}
    spent = {
        name: value * source.randint(96500 if name == "basic" else 85000, 99900) // 100000
        for name, value in adjusted.items()
    }
    return _as_money(parts, adjusted, spent, sum(adds.values()), sum(cuts.values()), source.randint(70, 90))


def _split(source: Random, total: int, basic_share: int, is_split: bool) -> dict[str, int]:
    basic = total * basic_share // 100
    if not is_split:
        return {"basic": basic, "project": total - basic}
    own = (total - basic) * source.randint(8, 40) // 100
    return {"basic": basic, "department_project": own, "public_project": total - basic - own}


def _as_money(
    initial: dict[str, int], adjusted: dict[str, int], spent: dict[str, int], added: int, cut: int, personnel: int
) -> Money:
    def whole(parts: dict[str, int]) -> dict[str, Decimal]:
        return {name: Decimal(value) / 100 for name, value in {"total": sum(parts.values()), **parts}.items()}

    before, after, done = whole(initial), whole(adjusted), whole(spent)
    rates = {name: percent(done[name], after[name]) for name in done}
    people = Decimal(spent["basic"] * personnel // 100) / 100
    return Money(before, after, done, Decimal(added) / 100, Decimal(cut) / 100, rates, people)


def _indicator(source: Random, row: dict[str, str], surface: str, rate_decimals: int) -> Indicator:
    decimals, style = int(row["decimals"]), row["style"]
    scale = 10**decimals
    low, high = int(row["low"]) * scale, int(row["high"]) * scale
    target = source.randint(low, high)
    if decimals == 0 and target > 100:
        target = target // 10 * 10
    actual = _outcome(source, style, target, scale)
    made = Indicator(
        row["indicator_key"], surface, row["unit"], style, decimals, Decimal(target) / scale, Decimal(actual) / scale
    )
    if made.is_countable and source.random() < 0.65:
        made.stated_rate = completion(made, rate_decimals)
    if style in {"money", "usd"} and source.random() < 0.5:
        made.growth = Decimal(source.choice([-1, 1, 1, 1]) * source.randint(5, 240)) / 10
    if row["unit"] == "场" and style == "count" and source.random() < 0.4:
        made.target_low, made.stated_rate = made.target - max(1, int(made.target) // 20), None
    return made


def _outcome(source: Random, style: str, target: int, scale: int) -> int:
    if style == "rate":
        return min(100 * scale, target + source.randint(-scale // 2, 3 * scale))
    if style == "growth":
        return target + source.randint(0, 2 * scale)
    if style == "reverse":
        return max(1, target * source.randint(70, 100) // 100)
    met = source.random() < 0.75
    return max(1, target * (source.randint(10000, 12400) if met else source.randint(8600, 9900)) // 10000)
