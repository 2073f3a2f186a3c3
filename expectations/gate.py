"""The gate's decision: every expectation's result as a row, what holds the edition, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from expectations.evaluation import Answer, Surroundings, evaluate
from expectations.suites import ELSEWHERE, Expectation, definition, definitions
from expectations.waivers import Waiver, cover
from jiheng.files import write_json

DECISIONS = {"critical": "hold", "warning": "notice", "info": "info"}
# From the one that decides for an edition to the one that says least.
WORST_FIRST = ("hold", "waived", "notice", "info", "pass")
MOST_SAMPLES = 20
EVERY_EXPECTATION = "Z01"

GATE_RESULT_COLUMNS = (
    "edition_id",
    "expectation_id",
    "suite",
    "suite_zh",
    "severity",
    "owner",
    "checked",
    "failed",
    "keys",
    "decision",
    "message_zh",
    "message_en",
    "reason",
    "release_zh",
    "release_en",
    "waivable",
    "waiver_id",
    "expired_waiver_id",
    "sample_keys",
)


@dataclass(frozen=True)
class Expected:
    """One expectation's result. `failed` counts the rows that speak against it, `keys` names them as far as known."""

    expectation: Expectation
    checked: int
    failed: int
    keys: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    expired: tuple[Waiver, ...] = ()

    @property
    def decision(self) -> str:
        """pass, info, notice, waived or hold."""
        if not self.failed:
            return "pass"
        return "waived" if self.waivers else DECISIONS[self.expectation.severity]

    def row(self, edition_id: str) -> dict[str, Any]:
        """Its row of the table gate_result."""
        one = self.expectation
        return {
            "edition_id": edition_id,
            "expectation_id": one.id,
            **{name: getattr(one, name) for name in ("suite", "suite_zh", "severity", "owner", "reason", "waivable")},
            **{name: getattr(one, name) for name in ("message_zh", "message_en", "release_zh", "release_en")},
            "checked": self.checked,
            "failed": self.failed,
            "keys": len(self.keys),
            "decision": self.decision,
            "waiver_id": " ".join(waiver.waiver_id for waiver in self.waivers) or None,
            "expired_waiver_id": " ".join(waiver.waiver_id for waiver in self.expired) or None,
            "sample_keys": list(self.keys[:MOST_SAMPLES]),
        }


def found(expectation_id: str, checked: int, keys: Sequence[str], failed: int | None = None) -> Expected:
    """The result of an expectation that no query answers: the keys of what speaks against it, in a fixed order."""
    ordered = tuple(sorted(set(keys)))
    return Expected(definition(expectation_id), checked, len(ordered) if failed is None else failed, ordered)


@dataclass(frozen=True)
class Decision:
    """What the gate says of an edition: pass, notice or hold, with all results and what it was decided with."""

    edition_id: str
    results: tuple[Expected, ...]
    program: str = ""
    on: date | None = None

    @property
    def decision(self) -> str:
        """Hold when any critical expectation failed and nobody waived it; notice for a waiver in use or a warning."""
        return overall(result.decision for result in self.results)

    @property
    def holding(self) -> list[Expected]:
        """The results that hold the edition."""
        return [result for result in self.ordered if result.decision == "hold"]

    @property
    def ordered(self) -> list[Expected]:
        """The results in a total order: by suite, then by id."""
        return sorted(self.results, key=lambda result: (result.expectation.suite, result.expectation.id))

    @property
    def waivers(self) -> list[dict[str, Any]]:
        """The waivers that let something through, as about.json and manifest.json list them."""
        used = {waiver.waiver_id: waiver for result in self.ordered for waiver in result.waivers}
        names = ("waiver_id", "expectation_id", "who", "approved_by", "why", "valid_until")
        return [{name: str(getattr(used[key], name)) for name in names} for key in sorted(used)]

    def rows(self) -> list[dict[str, Any]]:
        """Rows of the table gate_result."""
        return [result.row(self.edition_id) for result in self.ordered]

    def as_json(self) -> dict[str, Any]:
        """What gate.json holds. `override` is written by whoever overrides the gate."""
        rows = self.rows()
        return {
            "edition_id": self.edition_id,
            "decision": self.decision,
            "decided_by": {"who": "jiheng gate", "program": self.program, "on": self.on},
            "counts": _counts(rows),
            "waivers": self.waivers,
            "override": None,
            "results": rows,
        }


def overall(decisions: Iterable[str]) -> str:
    """What the results' decisions make of an edition: hold, notice or pass."""
    found = set(decisions)
    if "hold" in found:
        return "hold"
    return "notice" if found & {"notice", "waived"} else "pass"


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    counted = Counter(row["decision"] for row in rows)
    return {word: counted[word] for word in WORST_FIRST}


@dataclass(frozen=True)
class Court:
    """Whom and what the gate asks beside the warehouse: the waivers, the day they must hold on, and the program."""

    surroundings: Surroundings
    on: date
    program: str = ""
    waivers: tuple[Waiver, ...] = field(default=())


def decide(edition_id: str, warehouse: Path, court: Court, further: Iterable[Expected] = ()) -> Decision:
    """Evaluate every expectation over the private edition's `warehouse` (a DuckDB file).

    `further` are results found elsewhere: the warehouse's own tests, the lake's integrity, the scan for personal data.
    """
    asked = [one for one in definitions() if one.kind != ELSEWHERE and court.surroundings.applies(one)]
    answers = [_expected(answer) for answer in evaluate(warehouse, asked, court.surroundings)]
    results = [*further, *answers]
    results.append(_every_one(asked, results))
    return Decision(edition_id, tuple(_waived(one, court) for one in results), court.program, court.on)


def _expected(answer: Answer) -> Expected:
    return Expected(answer.expectation, answer.checked, answer.failed, answer.keys)


def _every_one(asked: Sequence[Expectation], results: Sequence[Expected]) -> Expected:
    """The gate about itself: whatever was to be asked has an answer, and no expectation has two."""
    counted = Counter(result.expectation.id for result in results)
    missing = [one.id for one in asked if not counted[one.id]]
    twice = [name for name, times in counted.items() if times > 1]
    return found(EVERY_EXPECTATION, len(results), [*missing, *twice])


def _waived(result: Expected, court: Court) -> Expected:
    if not result.failed or DECISIONS[result.expectation.severity] != "hold":
        return result
    about = cover(result.expectation, result.failed, result.keys, court.waivers, court.on)
    return replace(result, waivers=about.used, expired=about.expired)


def amend(gate_json: Path, results: Iterable[Expected]) -> dict[str, Any]:
    """Add results that were found after the decision, such as the scan of the written files, to gate.json.

    A later result of an expectation takes the place of an earlier one. Gives what gate.json says now.
    """
    gate: dict[str, Any] = json.loads(gate_json.read_text(encoding="utf-8"))
    new = {result.expectation.id: result.row(gate["edition_id"]) for result in results}
    kept = [row for row in gate["results"] if row["expectation_id"] not in new]
    rows = sorted([*kept, *new.values()], key=lambda row: (row["suite"], row["expectation_id"]))
    gate |= {"results": rows, "counts": _counts(rows), "decision": overall(row["decision"] for row in rows)}
    write_json(gate_json, gate)
    return gate
