"""The morning's look at what is published: an alarm where a night did not end with a publication, or files changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiheng.backups.watching import too_old
from jiheng.monitoring import runs
from jiheng.settings import LOCAL_TIME, Settings

ENDS_OF_A_NIGHT = ("publish", "hold")
# Nothing that readers of the site need to know: it is no part of the log of publication.
OF_THE_OPERATOR = "backup"


@dataclass(frozen=True)
class Alarm:
    """One thing that is wrong: `kind` is missing, held, damaged, log, late, timeout or backup."""

    kind: str
    words: str


def alarms(settings: Settings, now: datetime) -> list[str]:
    """What is wrong on the local day of `now`, a sentence each; empty when the officers find what they should.

    A night counts as published when the last thing that happened on its day was a publication, not a hold.
    """
    return [alarm.words for alarm in _look(settings, now)]


def _look(settings: Settings, now: datetime) -> list[Alarm]:
    from publish import editions, records

    standing = editions.current(settings.editions)
    found = _missing(records.history(settings.editions), now, standing.name if standing else None)
    if standing:
        found += [Alarm("damaged", f"{standing.name}: {problem}") for problem in editions.verify(standing)]
    found += [Alarm("log", problem) for problem in records.broken(settings.editions)]
    return found + [Alarm(OF_THE_OPERATOR, words) for words in too_old(settings, now)]


def night_alarm(settings: Settings, now: datetime) -> str | None:
    """Why the local day of `now` has no publication, in words; None where it has. Looks at the log alone."""
    from publish import editions, records

    standing = editions.current(settings.editions)
    found = _missing(records.history(settings.editions), now, standing.name if standing else None)
    return found[0].words if found else None


def watch(settings: Settings, now: datetime) -> list[str]:
    """As `alarms`, and put what is wrong on record."""
    from publish import acts

    found = _look(settings, now)
    words = [alarm.words for alarm in found]
    if told := [alarm for alarm in found if alarm.kind != OF_THE_OPERATOR]:
        kinds = sorted({alarm.kind for alarm in told})
        acts.note(settings.editions, {"event": "alarm", "why": [alarm.words for alarm in told], "kinds": kinds})
    if own := [alarm.words for alarm in found if alarm.kind == OF_THE_OPERATOR]:
        runs.note_alarm(settings, OF_THE_OPERATOR, own)
    return words


def warn_of_late_night(settings: Settings, now: datetime) -> str | None:
    """An early warning where the night of this day has not ended by its deadline; it is put on record. Gives its words.

    A night that was held has ended: that was told already.
    """
    from publish import records

    missing = [one for one in _missing(records.history(settings.editions), now, None) if one.kind == "missing"]
    if not missing:
        return None
    by = f"{now.astimezone(LOCAL_TIME):%H:%M}"
    words = f"到 {by} 仍未发布：这一夜还在运行，或停在某一步 · not published by {by}: still running, or stopped"
    return _on_record(settings, Alarm("late", words))


def tell_of_timeout(settings: Settings, task: str, minutes: int) -> str:
    """Put on record that a task was ended because it took too long. Gives the words."""
    words = f"“{task}”超过 {minutes} 分钟，已被终止 · it took more than {minutes} minutes and was ended"
    return _on_record(settings, Alarm("timeout", words))


def _on_record(settings: Settings, alarm: Alarm) -> str:
    from publish import acts

    acts.note(settings.editions, {"event": "alarm", "why": [alarm.words], "kinds": [alarm.kind]})
    return alarm.words


def _missing(history: list[dict[str, Any]], now: datetime, standing: str | None) -> list[Alarm]:
    today = now.astimezone(LOCAL_TIME).date()
    ended = [line for line in history if line.get("event") in ENDS_OF_A_NIGHT and _day(line) == today]
    if ended and ended[-1]["event"] == "publish":
        return []
    stands = standing or "（无 none）"
    if not ended:
        words = f"{today} 没有发布，也没有拦截记录：这一夜没有运行完，现行期仍为 {stands}"
        return [Alarm("missing", f"{words} · the night did not end; {stands} still stands")]
    words = f"{today} 被门禁拦截，现行期仍为 {stands} · held by the gate: {'；'.join(ended[-1]['why'])}"
    return [Alarm("held", words)]


def _day(line: dict[str, Any]) -> Any:
    return datetime.fromisoformat(line["at"]).astimezone(LOCAL_TIME).date()
