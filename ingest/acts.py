"""What people decide about submissions: waivers, explanations, decisions, reviewed scores, appeals, withdrawals.

Every act is a row appended to the lake with who, when and why. Nothing is changed or taken out: an act that ends
another one refers to it, and a waiver ends by itself after its last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from ingest.checking.verdict import RETURNS
from ingest.lake import Lake
from jiheng.files import key_of

Kind = Literal[
    "waiver",
    "gate_waiver",
    "waiver_ended",
    "explanation",
    "decision",
    "reviewed_score",
    "appeal",
    "appeal_decision",
    "withdrawal",
    "return",
]
# What an act must say beside who did it and why: all of these.
NEEDS: dict[Kind, tuple[str, ...]] = {
    "waiver": ("rule_id", "approved_by", "valid_until"),
    "gate_waiver": ("rule_id", "approved_by", "valid_until"),
    "waiver_ended": ("refers_to",),
    "explanation": ("finding_id",),
    "decision": ("refers_to", "state"),
    "reviewed_score": ("submission_version_id", "score"),
    "appeal": ("submission_id",),
    "appeal_decision": ("refers_to", "state"),
    "withdrawal": ("submission_id",),
    # A newer reading finds what must be mended in a report that had been accepted: it may return it.
    "return": ("submission_version_id",),
}
# What an act of a kind may end or decide on, and the states that it may give.
ABOUT: dict[Kind, tuple[Kind, ...]] = {
    "waiver_ended": ("waiver", "gate_waiver"),
    "decision": ("explanation",),
    "appeal_decision": ("appeal",),
}
STATES: dict[Kind, tuple[str, ...]] = {
    "decision": ("accepted", "refused"),
    "appeal_decision": ("upheld", "rejected", "partly_upheld"),
}
WHERE = ("division_key", "department_key", "fiscal_year", "submission_version_id")
LEAST_WORDS = 4
# An exception from the gate is for a short time: until the cause is mended, a quarter of a year at most.
MOST_DAYS_OF_GATE_WAIVER = 92


class ActError(ValueError):
    """An act that cannot be recorded: what is missing or wrong."""


@dataclass(frozen=True)
class Act:
    """One act. `words` is the reason or the text of an explanation or appeal, `by` who does it.

    The scope of a waiver is every one of `WHERE` that is given; that of a waiver of the gate, whose expectation is the
    `rule_id`, the `keys` of the rows that it lets through (all of them without any). `score` has at most two decimals.
    """

    kind: Kind
    words: str
    by: str
    state: str | None = None
    submission_id: str | None = None
    submission_version_id: str | None = None
    division_key: str | None = None
    department_key: str | None = None
    fiscal_year: int | None = None
    rule_id: str | None = None
    finding_id: str | None = None
    refers_to: str | None = None
    score: Decimal | None = None
    approved_by: str | None = None
    valid_until: date | None = None
    keys: tuple[str, ...] = ()

    def row(self, at: datetime) -> dict[str, Any]:
        """The row of the lake's table `act`; its key is what is done and when."""
        said = asdict(self)
        return said | {"act_id": key_of("act", at.isoformat(), *(str(value) for value in said.values())), "at": at}


def record(lake: Lake, act: Act, at: datetime) -> dict[str, Any]:
    """Append an act to the lake and give its row. Raises `ActError` for one that does not say what it must."""
    with lake.alone():
        _check(act, at)
        _check_what_it_is_about(act, lake)
        row = act.row(at)
        lake.land({"act": [row]}, at)
    return row


def _check(act: Act, at: datetime) -> None:
    missing = [name for name in ("by", *NEEDS[act.kind]) if not getattr(act, name)]
    if missing:
        raise ActError(f"缺少 missing: {', '.join(missing)}")
    if len(act.words.strip()) < LEAST_WORDS:
        raise ActError("请写明理由 · say why, in a few words at least")
    if act.kind in ("waiver", "gate_waiver"):
        _check_waiver(act, at)
    states = STATES.get(act.kind)
    if states and act.state not in states:
        raise ActError(f"状态须为其中之一 the state must be one of: {', '.join(states)}")


def _check_what_it_is_about(act: Act, lake: Lake) -> None:
    """What an act names must be in the lake; and what must be mended cannot be explained away."""
    about = ABOUT.get(act.kind)
    if about and not any(row["kind"] in about for row in _rows(lake, "act", "act_id", act.refers_to)):
        raise ActError(f"没有这样的记录 there is no {about[0]} with the id {act.refers_to}")
    for name in ("submission_version_id", "submission_id"):
        value = getattr(act, name)
        if value and not _rows(lake, "submission_version", name, value):
            raise ActError(f"没有这份报送 there is no submission with {name} {value}")
    if act.kind == "explanation":
        found = _rows(lake, "finding", "finding_id", act.finding_id)
        if not found or found[-1]["outcome"] != "fail":
            raise ActError(f"没有这条问题 there is no failed finding with the id {act.finding_id}")
        if found[-1]["severity"] == RETURNS:
            raise ActError("P0 问题须改正后重报，不能以说明代替 · a P0 finding must be mended, not explained")


def _rows(lake: Lake, table: str, column: str, value: str | None) -> list[dict[str, Any]]:
    return lake.read(table, among=(column, [value]))


def _check_waiver(act: Act, at: datetime) -> None:
    if act.valid_until is not None and act.valid_until <= at.date():
        raise ActError(f"到期日已过 the last day is over: {act.valid_until}")
    if act.approved_by == act.by:
        raise ActError("经办人和批准人须为不同的人 · whoever asks for a waiver cannot approve it")
    if act.kind == "gate_waiver":
        last = at.date() + timedelta(days=MOST_DAYS_OF_GATE_WAIVER)
        if act.valid_until is not None and act.valid_until > last:
            raise ActError(
                f"门禁的例外最多到 {last}，请先消除原因 · an exception from the gate ends by {last} at the latest"
            )
    elif all(getattr(act, name) is None for name in WHERE):
        raise ActError("豁免须限定范围 · a waiver needs a scope: a division, a department, a year or a version")


def waivers_in_force(acts: Iterable[Mapping[str, Any]], on: date, kind: Kind = "waiver") -> list[Mapping[str, Any]]:
    """The waivers of a kind that hold on a day: their last day is not over and none has ended them."""
    rows = list(acts)
    ended = {row["refers_to"] for row in rows if row["kind"] == "waiver_ended"}
    return [row for row in rows if row["kind"] == kind and row["valid_until"] >= on and row["act_id"] not in ended]


def waiver_of(
    finding: Mapping[str, Any], version: Mapping[str, Any], waivers: Iterable[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """The first waiver whose rule and scope cover a finding of a version."""
    return next(
        (
            row
            for row in waivers
            if row["rule_id"] == finding["rule_id"]
            and all(row[name] is None or row[name] == version[name] for name in WHERE)
        ),
        None,
    )
