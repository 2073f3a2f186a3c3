"""What there is to tell: read from the records of publication and of quarantine alone, so that any run may tell it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from jiheng.filed import quorums
from jiheng.files import key_of
from jiheng.monitoring import alarms, runs
from jiheng.settings import LOCAL_TIME, Settings
from publish import digest, editions, records
from publish.data import About
from publish.digest import Message, Place
from publish.notice import FACTS_NAME

# What is older than this is no news: whoever sets up a channel today is not told of last week.
NEWS = timedelta(hours=36)
# An alarm that only repeats that the night was held tells nothing new.
ALREADY_TOLD = "held"
# Alarms that are raised while a night runs, before the morning's look.
AT_NIGHT = frozenset({"late", "timeout"})
WORDS_OF_RUNS = {
    "nightly_rankings": {"zh": "本夜运行", "en": "the night"},
    "intake": {"zh": "收件", "en": "an intake"},
    "backup": {"zh": "备份", "en": "the backup"},
}


@dataclass(frozen=True)
class Notice:
    """One thing to tell. `key` is what it is known by: it is told once to each channel."""

    key: str
    event: str
    moment: datetime
    edition_id: str | None
    messages: dict[str, Message]

    def in_languages(self, languages: Iterable[str]) -> list[Message]:
        """The messages in these languages, in this order."""
        return [self.messages[language] for language in languages]


def due(settings: Settings, site: str | None, quarantine_files: int, now: datetime) -> list[Notice]:
    """All that is news now: how the night ended, what the morning's look found, who has filed, many in quarantine."""
    history = records.history(settings.editions)
    found = [_night(settings, site, history), _alarm(settings, site, history, now)]
    found += [_of_the_operator(settings, site, line, now) for line in runs.alarms(settings)[-1:]]
    found += _filed(settings)
    found += [_failed(settings, site, line) for line in runs.failures(settings)]
    found.append(_quarantine(settings, quarantine_files, now.astimezone(LOCAL_TIME).date()))
    return [notice for notice in found if notice is not None and now - notice.moment < NEWS]


def digest_of(settings: Settings, site: str | None, edition_id: str) -> Notice | None:
    """The digest of a published edition; None where it is not published or its notice is not there."""
    if edition_id not in records.published_ids(settings.editions):
        return None
    published = [
        line
        for line in records.history(settings.editions)
        if line.get("event") == "publish" and line.get("edition_id") == edition_id
    ]
    return _digest(settings, site, published[-1]) if published else None


def _night(settings: Settings, site: str | None, history: list[dict[str, Any]]) -> Notice | None:
    """How the last night ended: the digest of what it published, or why it was held."""
    ended = [line for line in history if line.get("event") in ("publish", "hold")]
    if not ended:
        return None
    last = ended[-1]
    return _held(settings, site, last) if last["event"] == "hold" else _digest(settings, site, last)


def _digest(settings: Settings, site: str | None, act: dict[str, Any]) -> Notice | None:
    """The digest of a published edition, unless it was taken back meanwhile."""
    edition_id = str(act["edition_id"])
    edition = settings.editions / edition_id
    if edition_id not in records.published_ids(settings.editions) or not (edition / FACTS_NAME).is_file():
        return None
    moment = datetime.fromisoformat(act["at"])
    messages = digest.published(edition, site, _day(moment))
    return Notice(f"digest/{edition_id}", "digest", moment, edition_id, messages)


def _held(settings: Settings, site: str | None, act: dict[str, Any]) -> Notice:
    """Why a night was held. Whatever its edition would have said stays in the house."""
    moment, edition_id = datetime.fromisoformat(act["at"]), act.get("edition_id")
    about, place = _standing(settings, site)
    command = "jiheng gate explain" if edition_id else "jiheng verify"
    messages = digest.held(_reasons(act), about, command, place, _day(moment))
    which = edition_id or f"{_day(moment)}/{key_of(*act.get('expectations', []), length=8)}"
    return Notice(f"held/{which}", "held", moment, edition_id, messages)


def _alarm(settings: Settings, site: str | None, history: list[dict[str, Any]], now: datetime) -> Notice | None:
    """What the morning's look found, unless it was only that the night was held, or a publication came after it."""
    told = [line for line in history if line.get("event") in ("alarm", "publish")]
    if not told or told[-1]["event"] != "alarm" or set(told[-1].get("kinds", [])) <= {ALREADY_TOLD}:
        return None
    moment = datetime.fromisoformat(told[-1]["at"])
    if _day(moment) != now.astimezone(LOCAL_TIME).date():
        return None
    about, place = _standing(settings, site)
    kinds = "-".join(sorted(told[-1]["kinds"]))
    messages = digest.missing(_reasons(told[-1]), about, place, _day(moment), set(told[-1]["kinds"]) <= AT_NIGHT)
    return Notice(f"missing/{_day(moment)}/{kinds}", "missing", moment, None, messages)


def _of_the_operator(settings: Settings, site: str | None, line: dict[str, Any], now: datetime) -> Notice | None:
    """What the morning's look found that readers of the site need not know, such as a backup that is too old."""
    moment = datetime.fromisoformat(line["at"])
    if _day(moment) != now.astimezone(LOCAL_TIME).date():
        return None
    runbook = alarms.alarm_of_failure(line["kind"]).runbook
    reasons = [{"zh": words, "en": ""} for words in line["why"]]
    reasons.append({"zh": f"处置办法：{runbook}", "en": f"What to do: {runbook}"})
    messages = digest.missing(reasons, *_standing(settings, site), _day(moment))
    return Notice(f"missing/{_day(moment)}/{line['kind']}", "missing", moment, None, messages)


def _failed(settings: Settings, site: str | None, line: dict[str, Any]) -> Notice:
    """A run that failed as a whole: where, why, and the runbook."""
    moment, alarm = datetime.fromisoformat(line["at"]), alarms.alarm_of_failure(line.get("code"))
    about, place = _standing(settings, site)
    what = WORDS_OF_RUNS.get(str(line.get("dag_id")), {"zh": "一次运行", "en": "a run"})
    facts = {
        **{name: line.get(name) for name in ("run_id", "error", "link")},
        **{"what": what, "count": line.get("count", 0)},
        "steps": [_step_in_words(step) for step in line.get("steps", [])],
        **{"alarm": {"zh": alarm.zh, "en": alarm.en}, "runbook": alarm.runbook},
    }
    messages = digest.failed(facts, about, place, _day(moment))
    return Notice(f"failed/{key_of(line['run_id'])}", "failed", moment, None, messages)


def _step_in_words(step: str) -> dict[str, str]:
    """A step by its name and by its code; how often it failed, where that is told, stays behind it."""
    code, space, times = step.partition(" ")
    return {"zh": f"{runs.NAMES.get(code, code)}{space}{times}", "en": step}


def _quarantine(settings: Settings, limit: int, today: date) -> Notice | None:
    """How many files were quarantined today, without those that were known already, where they reach the bound."""
    from ingest.reasons import reasons

    since = datetime.combine(today, time.min, LOCAL_TIME)
    found = []
    for path in sorted(settings.quarantine.glob("*.json")):
        if path.stat().st_mtime >= since.timestamp():
            found.append(json.loads(path.read_text(encoding="utf-8")))
    new = [row for row in found if _day(datetime.fromisoformat(row["recorded_at"])) == today]
    new = [row for row in new if reasons().get(row["reason_code"], {}).get("kind") != "duplicate"]
    if len(new) < limit:
        return None
    counts = Counter((_sentence(row["reason_zh"], "。"), _sentence(row["reason_en"], ". ")) for row in new)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    told = [{"zh": zh, "en": en, "count": count} for (zh, en), count in ordered]
    moment = max(datetime.fromisoformat(row["recorded_at"]) for row in new)
    return Notice(f"quarantine/{today}", "quarantine", moment, None, digest.quarantined(told, limit, today))


def _filed(settings: Settings) -> list[Notice | None]:
    """That enough divisions have filed for a year, which is told once."""
    found: list[Notice | None] = []
    for told in quorums(settings):
        moment, year = datetime.fromisoformat(told["reached_at"]), told["fiscal_year"]
        messages = digest.filed(year, told["filed_then"], told["due"], _day(moment))
        found.append(Notice(f"filed/{year}", "filed", moment, None, messages))
    return found


def _sentence(words: str, end: str) -> str:
    """The first sentence of a reason: what is wrong. How to mend it stands on the receipt."""
    return words.partition(end)[0].rstrip(".")


def _reasons(act: dict[str, Any]) -> list[dict[str, str]]:
    """Why, in both languages: in English by the expectation that a sentence begins with, where it has none itself."""
    from expectations.suites import definition
    from publish.frontdesk.standing import reasons

    found = reasons(act) or [{"zh": "未写明", "en": "not stated"}]
    for one in found:
        name = one["zh"].partition(" ")[0]
        if not one["en"] and name in act.get("expectations", []):
            one["en"] = f"{name} {definition(name).message_en}"
    return found


def _standing(settings: Settings, site: str | None) -> tuple[About | None, Place]:
    edition = editions.current(settings.editions)
    if edition is None:
        return None, Place(None, None)
    facts = editions.manifest_of(edition)
    return About(str(facts["edition_id"]), facts["as_of"]), Place(site, edition)


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL_TIME).date()
