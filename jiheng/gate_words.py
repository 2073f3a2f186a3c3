"""What the gate said, for people: its decision, why a night was held, what would release it, and who sees to that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from jiheng.settings import Settings

WORDS = {
    "pass": "通过 pass",
    "notice": "通过（有提示） pass with notice",
    "override": "经授权放行 released by an authorised override",
    "hold": "未通过 held",
}
MOST_SAMPLES = 3


class NothingDecidedError(LookupError):
    """The gate has not decided on this edition, or on any."""


@dataclass(frozen=True)
class Cause:
    """One expectation that holds an edition: why, and what would release it."""

    expectation_id: str
    why_zh: str
    why_en: str
    reason: str
    release_zh: str
    release_en: str
    owner: str
    owner_en: str
    failed: int
    samples: tuple[str, ...]
    waivable: bool
    expired_waiver_id: str | None = None


@dataclass(frozen=True)
class Explanation:
    """A decision in words. `edition_id` is None for a night whose lake could not be read; `standing` is what readers
    see meanwhile.
    """

    edition_id: str | None
    decision: str
    at: str | None
    standing: str | None
    causes: tuple[Cause, ...]
    override: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def explain(settings: Settings, edition_id: str | None = None) -> Explanation:
    """Explain the newest decision, or that on an edition. Raises `NothingDecidedError`."""
    from publish import editions

    history = [event for event in editions.history(settings.editions) if event.get("event") in ("publish", "hold")]
    mine = [event for event in history if edition_id is None or event.get("edition_id") == edition_id]
    if not mine:
        raise NothingDecidedError(
            f"没有 {edition_id} 的门禁记录 · no decision on it"
            if edition_id
            else "还没有运行过 · no night has been run yet"
        )
    event, standing = mine[-1], editions.current(settings.editions)
    at, stands = event.get("at"), standing.name if standing else None
    if event.get("edition_id") is None:
        return Explanation(None, "hold", at, stands, tuple(_causes_without_edition(event)))
    gate = _gate_of(settings, str(event["edition_id"]), event["event"] == "hold")
    causes = tuple(_cause(row) for row in gate["results"] if row["decision"] == "hold")
    decision = "override" if gate.get("override") else gate["decision"]
    return Explanation(gate["edition_id"], decision, at, stands, causes, gate.get("override"))


def _gate_of(settings: Settings, edition_id: str, is_held: bool) -> dict[str, Any]:
    folders = [settings.home / "held", settings.editions]
    for folder in folders if is_held else reversed(folders):
        path = folder / edition_id / "gate.json"
        if path.exists():
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return found
    raise NothingDecidedError(f"{edition_id}: 没有门禁记录 · no gate.json")


def _causes_without_edition(event: Mapping[str, Any]) -> Iterator[Cause]:
    """The lake could not be read, so there are no results: the log's own words, with what is known of their ids."""
    from expectations.suites import definition

    for told in event["why"]:
        expectation_id, _, details = told.partition(" ")
        one = definition(expectation_id)
        row = {name: getattr(one, name) for name in ("message_zh", "message_en", "reason", "release_zh", "release_en")}
        yield _cause(
            {**row, "owner": one.owner, "waivable": one.waivable, "failed": 1}
            | {"expectation_id": expectation_id, "sample_keys": [details.partition(": ")[2] or details]}
        )


def _cause(row: Mapping[str, Any]) -> Cause:
    from expectations.suites import owners

    return Cause(
        expectation_id=row["expectation_id"],
        why_zh=row["message_zh"],
        why_en=row["message_en"],
        reason=row.get("reason") or "",
        release_zh=row.get("release_zh") or "",
        release_en=row.get("release_en") or "",
        owner=row.get("owner") or "",
        owner_en=owners().get(row.get("owner") or "", ""),
        failed=row["failed"],
        samples=tuple(row["sample_keys"][:MOST_SAMPLES]),
        waivable=bool(row.get("waivable")),
        expired_waiver_id=row.get("expired_waiver_id"),
    )


def explanation_lines(told: Explanation) -> list[str]:
    """The explanation for a terminal: for each cause a sentence why, and one what would release the edition."""
    named = told.edition_id or "（数据湖无法读取，未建仓 the lake could not be read）"
    if told.decision in ("pass", "notice"):
        return [f"{named}：门禁{WORDS[told.decision]}，已可发布 · nothing holds it"]
    stands = (
        f"目前仍展示 {told.standing} · still standing"
        if told.standing
        else "此前没有发布过 · nothing was published before"
    )
    head = [f"{named}：{WORDS[told.decision]}，原因 {len(told.causes)} 条 · causes: {len(told.causes)}。{stands}"]
    return [*head, *(line for number, cause in enumerate(told.causes, 1) for line in _cause_lines(number, cause))]


def _cause_lines(number: int, cause: Cause) -> Iterator[str]:
    such_as = "；".join(cause.samples)
    yield ""
    yield f"{number}. {cause.why_zh}（{cause.expectation_id}，{cause.failed} 处）"
    yield f"   {cause.why_en} ({cause.failed})"
    if such_as:
        yield f"   例如 such as: {such_as}"
    yield f"   → {cause.release_zh}（责任方：{cause.owner}）"
    yield f"   → {cause.release_en} (Owner: {cause.owner_en})"
    if cause.expired_waiver_id:
        yield f"   曾批准的例外已经到期 · an approved exception has expired: {cause.expired_waiver_id}"


def decision_lines(settings: Settings) -> list[str]:
    """The newest decision with every expectation that failed, for a terminal."""
    try:
        told = explain(settings)
    except NothingDecidedError as error:
        return [str(error)]
    if told.edition_id is None:
        return [
            f"{told.at}: {WORDS['hold']}",
            *(line for number, one in enumerate(told.causes, 1) for line in _cause_lines(number, one)),
        ]
    gate = _gate_of(settings, told.edition_id, told.decision == "hold")
    lines = [f"{told.edition_id}: {WORDS[told.decision]}（{len(gate['results'])} 项 expectations）"]
    for row in gate["results"]:
        if row["failed"]:
            lines.append(f"  {row['expectation_id']} {row['severity']}: {row['message_zh']} · {row['message_en']}")
            lines += [f"      {key}" for key in row["sample_keys"][:5]]
    if told.decision == "hold":
        lines.append("为什么、怎样才能发布 · why, and what would release it: jiheng gate explain")
    return lines
