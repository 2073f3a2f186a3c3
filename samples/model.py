"""What the generator decides before it writes a word: places, departments, figures, reports and planted errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Division:
    """One row of the divisions register; `short_name` is what its reports call it."""

    key: str
    name: str
    short_name: str
    kind: str
    region: str
    parent_key: str


@dataclass(frozen=True)
class Department:
    """One department that owes reports; budgets lie between `low_wan` and `high_wan` (ten thousand yuan).

    `writes_like` names the text of the corpus whose words it borrows; `formerly` is what it was until a reform.
    """

    division: Division
    name: str
    functions: tuple[str, ...]
    low_wan: int
    high_wan: int
    writes_like: str = ""
    formerly: Department | None = None

    @property
    def key(self) -> str:
        """Names the department within the province."""
        return f"{self.division.key}/{self.name}"

    @property
    def title(self) -> str:
        """The name on the cover: the division as reports call it, then the bureau."""
        return f"{self.division.short_name}{self.name}"


@dataclass(frozen=True)
class DueRow:
    """One report owed for a fiscal year."""

    department: Department
    fiscal_year: int
    due_on: date


@dataclass
class Money:
    """Budget figures by category in ten thousand yuan with two decimals; rates in percent."""

    initial: dict[str, Decimal]
    adjusted: dict[str, Decimal]
    spent: dict[str, Decimal]
    added: Decimal
    cut: Decimal
    rates: dict[str, Decimal]
    personnel: Decimal
    prior_spent: Decimal | None = None

    @property
    def parts(self) -> list[str]:
        """The categories that sum to the total."""
        return [category for category in self.initial if category != "total"]


@dataclass
class Indicator:
    """One indicator as the report tells it. `first_target` is the target of the goals section when it differs."""

    key: str
    surface: str
    unit: str
    style: str
    decimals: int
    target: Decimal
    actual: Decimal
    target_low: Decimal | None = None
    stated_rate: Decimal | None = None
    growth: Decimal | None = None
    first_target: Decimal | None = None
    timing: str = "full"
    weight: Decimal = Decimal(0)
    points: Decimal = Decimal(0)

    @property
    def is_countable(self) -> bool:
        """True where actual / target is a completion rate."""
        return self.style in {"count", "money", "usd"}


@dataclass(frozen=True)
class Planted:
    """One error put into a report on purpose. `stated` is what the report says, `true` what it should say."""

    kind: str
    place: str
    stated: str | None
    true: str | None


@dataclass
class Voice:
    """How a report speaks: one family of wording for each part, and habits of typing."""

    budget: str
    target: str
    outcome: str
    headings: str
    result_parts: str
    money_style: str
    is_spaced: bool
    has_half_brackets: bool
    page_breaks: int
    is_double_spaced: bool
    rate_decimals: int


@dataclass(kw_only=True)
class Filing:
    """One file with a report in it. `owed_by` is who owes it, where a reform gave the writer another name since."""

    department: Department
    owed_by: Department
    fiscal_year: int
    filled_on: date
    version: int
    format: str
    file_name: str = ""
    is_late: bool = False

    @property
    def key(self) -> str:
        """Seeds every choice of wording in this file."""
        return f"{self.department.key}/{self.fiscal_year}/{self.version}"


@dataclass(frozen=True)
class Told:
    """One figure that a borrowed text states: its kind and role in the corpus, the number and the unit it stands in."""

    kind: str
    role: str
    value: Decimal
    unit: str


@dataclass(kw_only=True)
class Borrowed(Filing):
    """A report in the words of a text of the corpus, as lines, and every figure that it states."""

    lines: list[str]
    told: list[Told]


@dataclass(kw_only=True)
class Report(Filing):
    """A report in the generator's own words, whose every figure is known."""

    money: Money
    indicators: list[Indicator]
    score: Decimal | None
    grade: str
    voice: Voice
    duty_division: str = ""
    has_problems: bool = True
    has_adjusted: bool = True
    slipped_category: str | None = None
    planted: list[Planted] = field(default_factory=list)


@dataclass(frozen=True)
class BadFile:
    """One file that must be quarantined, or that only repeats another."""

    file_name: str
    content: bytes
    reason_code: str
    copy_of: str | None = None


@dataclass(frozen=True)
class Change:
    """What a reform made of a department; `after` is none where it was abolished."""

    kind: str
    before: Department
    after: Department | None
    changed_on: date
    is_principal: bool = False


@dataclass
class Province:
    """Everything to be written."""

    divisions: list[Division]
    due: list[DueRow]
    changes: list[Change]
    filings: list[Filing]

    @property
    def reports(self) -> list[Report]:
        """The reports in the generator's own words."""
        return [filing for filing in self.filings if isinstance(filing, Report)]
