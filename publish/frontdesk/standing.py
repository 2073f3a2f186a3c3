"""Which edition stands, since when, and what happened since it was published: read from the log alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from publish import format
from publish.records import Event

BETWEEN_LANGUAGES = " · "
# How a night ended, by the event that says so: a code of the labels' kind outcome_of_night.
OUTCOMES = {"publish": "published", "hold": "held", "alarm": "alarm"}


@dataclass
class Standing:
    """The state after the last act. `holds`, `alarms` and `undone` are what came since the last publication."""

    current: str | None = None
    since: str | None = None
    holds: list[Event] = field(default_factory=list)
    alarms: list[Event] = field(default_factory=list)
    undone: list[Event] = field(default_factory=list)
    # By edition: the act that took it back; the years that it was declared final for; the act that retired it.
    taken_back: dict[str, Event] = field(default_factory=dict)
    frozen: dict[str, list[str]] = field(default_factory=dict)
    retired: dict[str, Event] = field(default_factory=dict)
    # By fiscal year: the act that declared it final last.
    finals: dict[str, Event] = field(default_factory=dict)
    last_night: dict[str, Any] | None = None
    _line: list[str] = field(default_factory=list)

    def held_nights(self) -> list[str]:
        """The days on which nothing could be published since the last publication; a night tried twice is one."""
        return sorted({day(event) for event in self.holds})

    def as_json(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What status.json holds; `facts` are those of the current edition."""
        nights = self.held_nights()
        return {
            "current": {
                "edition_id": self.current,
                "since": self.since,
                "as_of": facts.get("as_of"),
                "gate_decision": facts.get("gate_decision"),
            }
            if self.current
            else None,
            "last_night": self.last_night,
            "held": {"since": nights[0], "nights": len(nights), "why": reasons(self.holds[-1])} if nights else None,
            "alarms": self.alarms,
            "taken_back": [{**event, "edition_id": name} for name, event in sorted(self.taken_back.items())],
            "finals": self.finals,
        }

    def publish(self, event: Event) -> None:
        """An edition was published: it stands, and what was held before is over."""
        self.current, self.since = event["edition_id"], event["at"]
        self._line.append(event["edition_id"])
        self.taken_back.pop(event["edition_id"], None)
        self.holds, self.alarms, self.undone = [], [], []

    def rollback(self, event: Event) -> None:
        """One or more editions were taken back, down to the one that stands now."""
        gone = {event["from"]} if "from" in event else set()
        while self._line and self._line[-1] != event["edition_id"]:
            gone.add(self._line.pop())
        self.taken_back |= dict.fromkeys(sorted(gone - self.retired.keys()), event)
        self.taken_back.pop(event["edition_id"], None)
        self.current, self.since = event["edition_id"], event["at"]
        self.undone.append(event)

    def hold(self, event: Event) -> None:
        """A night ended without an edition."""
        self.holds.append(event)

    def alarm(self, event: Event) -> None:
        """The watchdog found that a night had not ended in time."""
        self.alarms.append(event)

    def freeze(self, event: Event) -> None:
        """A fiscal year was declared final as an edition shows it."""
        year = str(event["fiscal_year"])
        self.finals[year] = event
        self.frozen.setdefault(event["edition_id"], []).append(year)

    def retire(self, event: Event) -> None:
        """An edition's files were cleared away by the rule of retention."""
        self.retired[event["edition_id"]] = event


def standing(events: Iterable[Event]) -> Standing:
    """The state after all these events, oldest first. Kinds that say nothing about what stands are passed over."""
    state = Standing()
    steps = {
        "publish": state.publish,
        "rollback": state.rollback,
        "hold": state.hold,
        "alarm": state.alarm,
        "freeze": state.freeze,
        "retire": state.retire,
    }
    for event in events:
        step = steps.get(event.get("event", ""))
        if step:
            step(event)
        if event.get("event") in OUTCOMES:
            outcome = OUTCOMES[event["event"]]
            state.last_night = {"outcome": outcome, "at": event["at"], "edition_id": event.get("edition_id")}
    return state


def reasons(event: Mapping[str, Any]) -> list[dict[str, str]]:
    """Why, as a list of sentences in both languages; the English part is empty where only one was written."""
    why = event.get("why") or []
    sentences = [why] if isinstance(why, str) else why
    split = (str(sentence).partition(BETWEEN_LANGUAGES) for sentence in sentences)
    return [{"zh": zh.strip(), "en": en.strip()} for zh, _, en in split]


def day(event: Mapping[str, Any]) -> str:
    """The day of an event by the clock on the reader's wall."""
    return format.day_of(datetime.fromisoformat(event["at"]))
