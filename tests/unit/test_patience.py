"""What is tried again: what may pass by itself; never what somebody has to decide or to mend."""

import errno
from importlib import import_module

import pytest
from airflow.sdk.definitions.retry_policy import RetryAction
from airflow.sdk.exceptions import AirflowTaskTimeout

from ingest.channels.places import ChannelError
from jiheng.airflow.patience import AWAY, FINAL, UNKNOWN_TRIES, Patience
from jiheng.publication import GateHeld


def decided(error: BaseException, try_number: int = 1) -> RetryAction:
    return Patience().evaluate(error, try_number, 5).action


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        ConnectionResetError("reset"),
        TimeoutError("timed out"),
        ChannelError("no answer"),
        RuntimeError('IO Error: Could not set lock on file "warehouse.duckdb"'),
        caused(RuntimeError("the build failed"), OSError(errno.EIO, "Input/output error")),
    ],
)
def test_what_may_pass_is_tried_again_with_a_growing_pause(error: Exception) -> None:
    first, third = (Patience().evaluate(error, number, 5) for number in (1, 3))
    assert first.action == third.action == RetryAction.RETRY
    assert first.retry_delay and third.retry_delay and third.retry_delay == 3 * first.retry_delay


@pytest.mark.parametrize(
    "error", [GateHeld(["K01"]), caused(RuntimeError("x"), GateHeld(["K01"])), AirflowTaskTimeout("too long")]
)
def test_what_needs_a_person_is_not_tried_again(error: BaseException) -> None:
    assert decided(error) == RetryAction.FAIL


def test_what_nobody_thought_of_is_tried_once_more() -> None:
    tries = [decided(KeyError("x"), number) for number in (1, UNKNOWN_TRIES)]
    assert tries == [RetryAction.DEFAULT, RetryAction.FAIL]


@pytest.mark.parametrize("name", sorted(FINAL | AWAY))
def test_each_name_is_that_of_an_error(name: str) -> None:
    module, _, kind = name.rpartition(".")
    assert issubclass(getattr(import_module(module), kind), Exception)
