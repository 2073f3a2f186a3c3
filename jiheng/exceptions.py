"""Exceptions from the gate: an officer approves what somebody else asked for, on the command line as on the desk."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from expectations.suites import Expectation, definition
from ingest.acts import Act, ActError, record
from ingest.lake import Lake
from ingest.officers import authorised
from jiheng import clock
from jiheng.settings import LOCAL_TIME, Settings


def waivable(expectation_id: str) -> Expectation:
    """The expectation, where it may be waived. Raises `ActError` for another."""
    try:
        one = definition(expectation_id)
    except KeyError as error:
        raise ActError(f"没有这项校验 no such expectation: {expectation_id}") from error
    if not one.waivable:
        raise ActError(f"{expectation_id} 不得例外，{one.release_zh} · no exception: {one.release_en}")
    return one


def approve(
    settings: Settings,
    expectation_id: str,
    by: str,
    approver: str,
    reason: str,
    until: date,
    keys: Collection[str],
    now: datetime,
) -> dict[str, Any]:
    """Record an exception that `by` asked for and the registered `approver` approves; gives its row.

    Raises `ActError` for one that may not be, or by one and the same person under a name and an account, and
    `NotAuthorisedError` for an approver who is not registered.
    """
    waivable(expectation_id)
    clock.check(settings, now)
    officer = authorised(settings.registers, approver, "waive", now.astimezone(LOCAL_TIME).date())
    if by in (officer.name, officer.account, approver):
        raise ActError("经办人和批准人须为不同的人 · whoever asks for a waiver cannot approve it")
    act = Act(
        *("gate_waiver", reason, by),
        rule_id=expectation_id,
        approved_by=officer.name,
        valid_until=until,
        keys=tuple(sorted(keys)),
    )
    return record(Lake(settings.lake), act, now)
