"""B14: growth is met or missed; it has no completion rate (a target of 3 % and -1.6 % make none)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.checking.case import Case, Result, judged
from ingest.checking.outcome_words import named, quantity
from ingest.checking.outcomes import is_growth
from ingest.checking.pairing import host_of, same_sentence
from ingest.reading.claims import ORIGIN_FORM, Claim


def check(case: Case) -> Iterator[Result]:
    """Fails once for each completion rate that is stated for a growth."""
    rates = [(rate, _measured(rate, case)) for rate in case.of_kind("completion_rate")]
    failures = (
        Result("fail", (rate, host), expected="达到或未达到增长目标", found=quantity(rate), words={"name": named(host)})
        for rate, host in rates
        if host is not None and rate.value is not None and is_growth(host, case)
    )
    yield from judged(failures, applies=rates)


def _measured(rate: Claim, case: Case) -> Claim | None:
    """What the rate is of: a growth is so only where no amount of the same thing stands in the sentence."""
    host = host_of(rate, case.claims)
    if host is None or host.origin == ORIGIN_FORM:
        return host
    own = [one for one in case.of_kind("indicator") if same_sentence(one, rate) and one.number < rate.number]
    return next((one for one in own if one.surface == host.surface and not is_growth(one, case)), host)
