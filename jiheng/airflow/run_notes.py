"""One line on how a run ended, for its note in Airflow's grid: from what its tasks have handed on, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

# By task, what it has handed on.
Results = Mapping[str, Any]
# The name under which a task that failed hands on why (`jiheng.airflow.notifier.NoteTrouble`).
TROUBLE = "trouble"
# A note is one line in a grid.
LONGEST = 300
OUTCOMES = {
    "published": "已发布",
    "unchanged": "与已发布的相同",
    "overtaken": "已有更新的一期，未发布",
    "withdrawn": "已被撤回，不再自行发布",
}


def note(dag_id: str, results: Results, troubles: Mapping[str, str], failed: Sequence[str]) -> str:
    """How a run ended; `troubles` are what failed tasks said, `failed` the names by which people know those tasks."""
    told = _held(results) if dag_id == "nightly_rankings" and failed else None
    if told is None and failed:
        why = "；".join(dict.fromkeys(troubles.values()))
        told = f"{'、'.join(failed)}未完成{'：' if why else ''}{why}"
    return (told or ENDINGS.get(dag_id, _done)(results))[:LONGEST]


def _nightly(results: Results) -> str:
    published = results.get("publish_edition")
    if not published:
        return _done(results)
    gate = "门禁通过" if published["gate"] == "pass" else f"门禁 {published['gate']}"
    return f"{published['edition_id']} {OUTCOMES[published['publication']]} · {_counts(published)} · {gate}"


def _held(results: Results) -> str | None:
    """A night that the gate has held, and why."""
    gate, edition = results.get("evaluate_gate"), results.get("build_warehouse")
    if not gate or not edition or gate["decision"] != "hold":
        return None
    return (
        f"{edition['edition_id']} 被拦截，未发布 · {_counts(results.get('land') or {})} · {'；'.join(gate['holding'])}"
    )


def _intake(results: Results) -> str:
    return _counts(results["land"]) if results.get("land") else "没有新文件"


def _held_edition(results: Results) -> str:
    asked, acted = results.get("explain"), results.get("act")
    edition_id = asked["edition_id"] if asked else ""
    return f"{edition_id} 由{acted['override']['who']}放行，已发布" if acted else f"{edition_id} 维持拦截"


def _housekeeping(results: Results) -> str:
    gone = results.get("keep_house") or []
    return f"清理 {len(gone)} 期：{'、'.join(gone)}" if gone else "没有到期的"


def _watchdog(results: Results) -> str:
    return "一切正常" if results.get("look") else "未查看：已错过这天早上"


def _done(results: Results) -> str:  # noqa: ARG001
    return "已完成"


def _counts(counted: Mapping[str, Any]) -> str:
    if not counted.get("received"):
        return "没有新文件"
    return (
        f"收到 {counted['received']} · 受理 {counted['accepted']} · 退回 {counted['returned']}"
        f" · 隔离 {counted['quarantined']}"
    )


ENDINGS: dict[str, Callable[[Results], str]] = {
    "nightly_rankings": _nightly,
    "intake": _intake,
    "held_edition": _held_edition,
    "housekeeping": _housekeeping,
    "watchdog": _watchdog,
}
