"""`jiheng status`: the operator's first screen. What stands, how the last nights went, what waits, what alarms."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jiheng import clock
from jiheng.doctor import LEAST_FREE_BYTES
from jiheng.monitoring import alarms, runs, vitals
from jiheng.monitoring.logs import named
from jiheng.settings import LOCAL_TIME, Settings
from jiheng.watchdog import night_alarm

if TYPE_CHECKING:
    from rich.console import RenderableType

# What the log says of copies elsewhere is not about the edition.
SENT_ON = ("mirror", "mirror_failed")
NIGHTS = 5
# So many waiting files are named, by the key that logs know them by.
MOST_NAMED = 50
# A file that has waited for so long should have been taken in: the triggerer looks every few seconds.
WAITED_LONG = timedelta(minutes=30)
# The morning's look is at six; before, a night that is not yet published is no alarm.
MORNING = 6
OUTCOMES = {"published": "已发布", "unchanged": "未变", "overtaken": "已被超过", "withdrawn": "已撤回", "held": "拦截"}
STOPPED = {"end": "止于{}", "failed": "失败：{}", "begun": "{}未结束"}
TODAY = {"received": "收到", "accepted": "受理", "returned": "退回", "quarantined": "隔离"}
# Below this many columns the seconds of each step are left out.
NARROW = 72


def status_facts(settings: Settings, now: datetime) -> dict[str, Any]:
    """All that stands on the screen. `alarms` name their runbooks; `good` says that the night was published."""
    from jiheng import notifying
    from publish import editions

    standing = editions.current(settings.editions)
    manifest = json.loads((standing / "manifest.json").read_text(encoding="utf-8")) if standing else {}
    history = editions.history(settings.editions)
    published, doubted = vitals.published_at(settings), clock.doubt(settings, now)
    facts = {
        "home": str(settings.home),
        "edition": manifest.get("edition_id"),
        "as_of": manifest.get("as_of"),
        "age_hours": round((now - published).total_seconds() / 3600, 1) if published else None,
        "gate": manifest.get("gate_decision"),
        "coverage": manifest.get("coverage"),
        "last_event": next((event for event in reversed(history) if event.get("event") not in SENT_ON), None),
        "held": _held(settings),
        "nights": _nights(settings),
        "waiting": _waiting(settings, now),
        "today": _today(settings, now),
        "quarantine": dict(sorted(vitals.quarantined_on(settings, now).items())),
        **vitals.of_edition(standing),
        "locked": vitals.warehouse_trouble(standing),
        "waivers": vitals.waivers(settings, now),
        "disk_free_bytes": vitals.disk_free(settings),
        "clock": str(doubted) if doubted else None,
        "notices": notifying.state_in_words(settings),
    }
    missing = night_alarm(settings, now) if now.astimezone(LOCAL_TIME).hour >= MORNING else None
    found = list(_alarms(facts, now, missing))
    named_already = {one["alarm"] for one in found}
    facts["alarms"] = [*found, *(one for one in _of_failed_run(settings) if one["alarm"] not in named_already)]
    return facts | {"good": bool(standing) and not facts["held"] and missing is None and doubted is None}


def _held(settings: Settings) -> list[dict[str, Any]]:
    """Why the last night was held, with the way out; nothing where it was not."""
    from jiheng import gate_words

    try:
        told = gate_words.explain(settings)
    except gate_words.NothingDecidedError:
        return []
    if told.decision != "hold":
        return []
    return [
        {
            "expectation_id": one.expectation_id,
            **{"zh": one.why_zh, "en": one.why_en, "release_zh": one.release_zh, "release_en": one.release_en},
            **{"owner": one.owner, "failed": one.failed, "expired_waiver_id": one.expired_waiver_id},
        }
        for one in told.causes
    ]


def _nights(settings: Settings) -> list[dict[str, Any]]:
    """The last nights, the newest first: when, how they ended, and the seconds of each step."""
    found = runs.steps(settings)
    ordered = sorted(found, key=lambda one: one.run_id)
    nights = [_night(list(mine)) for _, mine in groupby(ordered, key=lambda one: one.run_id)]
    mine = [one for one in nights if "build_warehouse" in one["steps"] or one["outcome"] in ("held", "failed")]
    return sorted(mine, key=lambda one: (one["began_at"], one["run_id"]), reverse=True)[:NIGHTS]


def _night(mine: list[runs.RunStep]) -> dict[str, Any]:
    seconds: defaultdict[str, float] = defaultdict(float)
    for one in mine:
        seconds[one.step] += float(one.seconds or 0)
    order = list(runs.NOTED)
    last = max(mine, key=lambda one: (one.began_at, order.index(one.step) if one.step in order else -1))
    done = last.step == "publish_edition" and last.outcome == "end"
    return {
        "run_id": last.run_id,
        "began_at": min(one.began_at for one in mine),
        "outcome": str(last.counts.get("publication")) if done else last.outcome,
        "stopped_at": None if done else last.step,
        "error": last.error,
        "seconds": round(sum(seconds.values()), 1),
        "steps": {name: round(value, 1) for name, value in seconds.items()},
    }


def _waiting(settings: Settings, now: datetime) -> dict[str, Any]:
    """How many files lie in local places of intake that were never taken in, and for how long the oldest has."""
    from ingest.channels.places import ChannelError, offers_in, places_of
    from ingest.lake import Lake

    known = {row["source_name"] for row in Lake(settings.lake).read("arrival", ["source_name"])}
    try:
        offers = [offer for place in places_of(settings) if not place.is_store for offer in offers_in(place, ())]
    except ChannelError as error:
        return {"files": None, "oldest_minutes": None, "error": str(error)}
    new = [offer for offer in offers if offer.source_name not in known]
    oldest = min((offer.state.modified for offer in new), default=None)
    minutes = round((now.timestamp() - oldest) / 60) if oldest is not None else None
    names = {named(offer.source_name): offer.source_name for offer in new[:MOST_NAMED]}
    return {"files": len(new), "oldest_minutes": minutes, "names": names}


def _today(settings: Settings, now: datetime) -> dict[str, int]:
    day, sums = now.astimezone(LOCAL_TIME).date(), dict.fromkeys(TODAY, 0)
    for one in runs.steps(settings):
        if one.step == "land" and one.ended_at and one.ended_at.astimezone(LOCAL_TIME).date() == day:
            for name in sums:
                sums[name] += int(one.counts.get(name, 0))
    return sums


def _alarms(facts: dict[str, Any], now: datetime, missing: str | None) -> Iterator[dict[str, str]]:
    for cause in facts["held"]:
        yield _alarm(alarms.alarm_of_gate(cause["expectation_id"]), f"{cause['expectation_id']} {cause['zh']}")
        told_below = {one["act_id"] for one in facts["waivers"]}
        if long_over := [one for one in (cause["expired_waiver_id"] or "").split() if one not in told_below]:
            yield _coded("waiver", f"{cause['expectation_id']} {' '.join(long_over)}")
    if missing and not facts["held"]:
        yield _coded("missing", missing)
    if facts["disk_free_bytes"] < LEAST_FREE_BYTES:
        yield _coded("E4010", f"剩余 {facts['disk_free_bytes'] / 1024**3:.1f} GiB")
    if facts["locked"]:
        yield _coded("E4014", facts["locked"])
    if facts["clock"] and not any(cause["expectation_id"] == clock.REASON for cause in facts["held"]):
        yield _coded("C01", facts["clock"])
    yield from (_coded("notices", one) for one in facts["notices"])
    if (facts["waiting"]["oldest_minutes"] or 0) >= WAITED_LONG.total_seconds() / 60:
        waiting = facts["waiting"]
        yield _coded("inbox", f"{waiting['files']} 个文件等待收件，最久 {waiting['oldest_minutes']} 分钟")
    today = now.astimezone(LOCAL_TIME).date()
    over = [one for one in facts["waivers"] if one["valid_until"] < today]
    yield from (_coded("waiver", f"{one['rule_id']} {one['valid_until']}") for one in over)


def _of_failed_run(settings: Settings) -> Iterator[dict[str, str]]:
    """The last run that failed, unless an edition was published since."""
    published = vitals.published_at(settings)
    for line in runs.failures(settings)[-1:]:
        if published is None or datetime.fromisoformat(line["at"]) > published:
            yield _alarm(alarms.alarm_of_failure(line.get("code")), line.get("error") or line["run_id"])


def _coded(code: str, words: str) -> dict[str, str]:
    return _alarm(alarms.alarm_of_failure(code), words)


def _alarm(alarm: alarms.Alarm, words: str) -> dict[str, str]:
    return {"alarm": alarm.name, "zh": alarm.zh, "en": alarm.en, "words": words, "runbook": alarm.runbook}


# For the eye


def screen(facts: dict[str, Any], width: int) -> RenderableType:
    """The screen, for a terminal of so many columns: alarms first, for they are what somebody must act on."""
    from rich.console import Group

    parts: list[RenderableType] = [_head(facts), *_alarm_lines(facts)]
    if facts["nights"]:
        parts += [_nights_table(facts["nights"], width)]
    return Group(*parts, _work_table(facts))


def _head(facts: dict[str, Any]) -> RenderableType:
    from rich.text import Text

    if not facts["edition"]:
        return Text("✗ 还没有发布过 · nothing is published yet    make nightly", style="bold red")
    mark, style = ("✓", "bold green") if facts["good"] else ("✗", "bold red")
    told = Text(f"{mark} 现行期 standing: {facts['edition']}", style=style)
    hours = facts["age_hours"]
    age = f"{hours} 小时前发布 hours ago" if hours >= 0 else "发布时间在将来 published in the future"
    told.append(f"  {age} · 数据截至 as of {_local(facts['as_of'])}", style="not bold default")
    return told


def _alarm_lines(facts: dict[str, Any]) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    within = (0, 0, 0, 2)
    for one in facts["alarms"]:
        yield Text(f"! {one['zh']} {one['en']}", style="bold red")
        yield Padding(Text(one["words"]), within)
        yield Padding(Text(f"→ {one['runbook']}", style="cyan"), within)
    if facts["held"]:
        yield Padding(Text("为什么、怎样才能发布 why, and the way out: jiheng gate explain", style="cyan"), within)
    if not facts["alarms"]:
        yield Padding(Text("没有告警 · no alarms", style="green"), within)


def _nights_table(nights: list[dict[str, Any]], width: int) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("近几夜 nights", no_wrap=True)
    table.add_column("结果 outcome")
    table.add_column("秒 s", justify="right")
    shown = [name for name in runs.NOTED if width >= NARROW]
    for name in shown:
        table.add_column(runs.STEPS[name], justify="right", no_wrap=True)
    for one in nights:
        told = OUTCOMES.get(one["outcome"]) or STOPPED[one["outcome"]].format(runs.NAMES.get(one["stopped_at"], ""))
        style = "red" if one["outcome"] in ("held", "failed", "withdrawn") else None
        seconds = [f"{one['steps'][name]:.1f}" if name in one["steps"] else "" for name in shown]
        table.add_row(_local(one["began_at"]), told, f"{one['seconds']:.1f}", *seconds, style=style)
    return table


def _work_table(facts: dict[str, Any]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _work(facts):
        table.add_row(name, Text(value))
    return table


def _work(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    waiting = facts["waiting"]
    oldest = f"，最久 {waiting['oldest_minutes']} 分钟 min" if waiting["files"] else ""
    yield "待收 inbox", waiting.get("error") or f"{waiting['files']}{oldest}"
    yield "今日 today", "  ".join(f"{word} {name} {facts['today'][name]}" for name, word in TODAY.items())
    yield "隔离 quarantine", "  ".join(f"{reason} {count}" for reason, count in facts["quarantine"].items()) or "0"
    yield "待答 review", str(facts.get("review_open", "—"))
    yield "逾期 overdue", str(facts.get("reports_overdue", "—"))
    waivers = (f"{one['rule_id']} {one['valid_until']}" for one in facts["waivers"])
    yield "例外 waivers", "  ".join(waivers) or "14 天内没有到期的 · none ends soon"
    yield "磁盘 disk", f"剩余 {facts['disk_free_bytes'] / 1024**3:.1f} GiB free"
    yield "时钟 clock", "不可信 not believed" if facts["clock"] else "可信 believed"


def _local(moment: str | datetime | date | None) -> str:
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{found.astimezone(LOCAL_TIME):%m-%d %H:%M}" if isinstance(found, datetime) else str(found or "—")
