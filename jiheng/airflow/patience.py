"""What is worth trying again: a lost worker, a full disk, a lock, a store that does not answer. Not a decision.

Airflow asks in the process of the task that failed. It tries a task whose worker is lost again by itself, as often as
`JIHENG_RETRIES` says; in front of a person, nothing is (`jiheng.airflow.in_front`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy
from airflow.sdk.exceptions import AirflowTaskTimeout

from jiheng.troubles import trouble_of

# Somebody has to decide or to mend something first: another try would come to the same. By name, for they are heavy.
FINAL = frozenset(
    {
        *("jiheng.publication.GateHeld", "jiheng.publication.OverrideError", "jiheng.night.AsOfError"),
        *("jiheng.clock.ClockError", "jiheng.warehouse.NothingBuiltError", "ingest.lake.LakeDamageError"),
        *("ingest.tables.TableError", "ingest.officers.NotAuthorisedError", "publish.editions.PublicationError"),
    }
)
# A place that does not answer.
AWAY = frozenset({"ingest.channels.places.ChannelError", "publish.bucket.store.BucketError"})
# Words by which libraries tell that another has the file, or that a store does not answer.
PASSING = ("Could not set lock", "database is locked", "Conflicting lock", "timed out", "Connection refused")
# How long a disk, a lock or a store is given before the next try, and then twice, three times as long.
WAIT = timedelta(minutes=2)
# What nobody has thought of is tried once more, and then told.
UNKNOWN_TRIES = 2


class Patience(RetryPolicy):
    """Tells Airflow whether a task that failed is tried again, and when."""

    def evaluate(self, exception: BaseException, try_number: int, max_tries: int, context: Any = None) -> RetryDecision:  # noqa: ARG002
        """Decide on one failure."""
        if any(_name(one) in FINAL for one in _chain(exception)) or isinstance(exception, AirflowTaskTimeout):
            return RetryDecision.fail("须有人处理，不再重试 · somebody has to act, it is not tried again")
        if is_passing(exception):
            return RetryDecision.retry(WAIT * try_number, "可能自行恢复，稍后重试 · it may pass, tried again later")
        if try_number >= UNKNOWN_TRIES:
            return RetryDecision.fail("重试后仍然失败 · it failed again")
        return RetryDecision.default()


def is_passing(error: BaseException) -> bool:
    """Whether an error may pass by itself, or once somebody has made room."""
    if trouble_of(error):
        return True
    return any(
        isinstance(one, ConnectionError | TimeoutError | BlockingIOError)
        or _name(one) in AWAY
        or any(sign in str(one) for sign in PASSING)
        for one in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"
