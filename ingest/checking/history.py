"""What was known when a report arrived: its earlier version, last year's report, its peers, reports like it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ingest.channels.manifest import Declared
from ingest.checking.profile import Profile
from ingest.checking.spending import Spending

# A sentence that more reports than this hold is a set phrase and tells nothing.
MOST_HOLDERS = 20


@dataclass(frozen=True)
class Copy:
    """Another report with sentences of this one: how many are shared, of how many that are no set phrases."""

    other: Profile
    shared: int
    distinct: int


@dataclass(frozen=True)
class Filing:
    """One report among the others, for rules that look beyond it.

    `before` is the version that it replaces. `cohort` are the other departments of its division in the year;
    `spent_elsewhere` is what departments with one of its functions spent in other divisions, in order; `copies` are
    reports that share sentences with this one.
    `sender_division` is the division whose channel the file came through, where the channel knows; `due_on` the day it
    was due, where a register says; `declared` what the manifest that it came with says of it;
    `names` gives divisions' names by their keys.
    """

    profile: Profile
    parameters: Mapping[str, Decimal]
    before: Profile | None = None
    last_year: Profile | None = None
    cohort: tuple[Profile, ...] = ()
    spent_elsewhere: Sequence[Decimal] = ()
    copies: tuple[Copy, ...] = ()
    sender_division: str | None = None
    due_on: date | None = None
    declared: Declared | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass
class History:
    """All profiles of some years, the latest version of each submission; reports are added in order of arrival."""

    current: dict[str, Profile] = field(default_factory=dict)
    _groups: dict[tuple[str, str, int], dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    _holders: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    _spending: Spending = field(default_factory=Spending)

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> History:
        """The history of profiles in order of arrival."""
        history = cls()
        for profile in profiles:
            history.add(profile)
        return history

    def add(self, profile: Profile) -> None:
        """Take a version in; it replaces the one before it."""
        replaced = self.current.get(profile.submission_id)
        for sentence in replaced.sentences if replaced else ():
            self._holders[sentence].pop(profile.submission_id, None)
        self.current[profile.submission_id] = profile
        for sentence in profile.sentences:
            self._holders[sentence][profile.submission_id] = None
        self._spending.add(profile)
        for group in _groups_of(profile):
            self._groups[group][profile.submission_id] = None

    def filing(
        self,
        profile: Profile,
        parameters: Mapping[str, Decimal],
        sender_division: str | None = None,
        due_on: date | None = None,
    ) -> Filing:
        """A report that has just arrived, among those that are known."""
        year = profile.fiscal_year
        division = self._in(("division", profile.division_key, year))
        return Filing(
            profile=profile,
            parameters=parameters,
            before=self.current.get(profile.submission_id),
            last_year=next(iter(self._in(("department", profile.department_key, year - 1))), None),
            cohort=tuple(_others(division, profile)),
            spent_elsewhere=self._spending.elsewhere(profile, division),
            copies=self._alike(profile),
            sender_division=sender_division,
            due_on=due_on,
        )

    def _in(self, group: tuple[str, str, int]) -> list[Profile]:
        return [self.current[key] for key in self._groups.get(group, ())]

    def _alike(self, profile: Profile) -> tuple[Copy, ...]:
        """Reports that share sentences, those that share most first. What many say alike is a set phrase."""
        shared: Counter[str] = Counter()
        distinct = 0
        for sentence in profile.sentences:
            holders = self._holders.get(sentence, {})
            others = len(holders) - (profile.submission_id in holders)
            if others <= MOST_HOLDERS:
                distinct += 1
                shared.update(holders.keys() - {profile.submission_id})
        found = [Copy(self.current[key], count, distinct) for key, count in shared.items()]
        return tuple(sorted(found, key=lambda copy: (-copy.shared, copy.other.submission_version_id)))


def _groups_of(profile: Profile) -> list[tuple[str, str, int]]:
    named = [("department", profile.department_key), ("division", profile.division_key)]
    return [(kind, name, profile.fiscal_year) for kind, name in named]


def _others(profiles: Iterable[Profile], own: Profile) -> Iterator[Profile]:
    return (one for one in profiles if one.submission_id != own.submission_id)


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value; of an even number the mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
