"""What the test of the containers concludes from the states of tasks, without containers."""

from typing import Any

import pytest

from tests.compose import phases
from tests.compose.figures import table
from tests.compose.stack import MissedError, Stack

RUN = "manual__1"


class Seen(Stack):
    """A stack of which only the states of its tasks are known."""

    def __init__(self, *tasks: tuple[str, int, str | None, int]) -> None:
        super().__init__("seen", {}, 0, 0)
        names = ("task_id", "map_index", "state", "try_number")
        self.seen = [dict(zip(names, one, strict=True)) | {"hostname": f"host{one[1]}"} for one in tasks]

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """Those that were given."""
        assert (dag, run) == (phases.NIGHT, RUN)
        return self.seen


def test_the_instance_that_runs_is_found_among_those_that_have_ended() -> None:
    stack = Seen(("read_and_check", 0, "success", 1), ("read_and_check", 1, "running", 1), ("land", -1, None, 0))
    assert phases._running_on(stack, RUN, "read_and_check") == (1, "host1")


def test_a_task_that_has_not_begun_is_waited_for() -> None:
    assert phases._running_on(Seen(("land", -1, "queued", 1)), RUN, "land") is None
    assert phases._running_on(Seen(), RUN, "land") is None


def test_a_task_that_ended_before_the_kill_is_an_error_and_is_not_waited_for() -> None:
    stack = Seen(("share_out", -1, "success", 1))
    with pytest.raises(MissedError, match="share_out had ended before"):
        phases._running_on(stack, RUN, "share_out")
    with pytest.raises(MissedError, match="share_out had ended before"):
        phases._second_try(stack, RUN, "share_out", -1)


@pytest.mark.parametrize(
    ("state", "tries", "told"),
    [("running", 1, ""), ("up_for_retry", 1, ""), ("queued", 2, "queued"), ("running", 2, "running")],
)
def test_a_second_try_is_told_from_what_the_killed_one_has_left(state: str, tries: int, told: str) -> None:
    assert phases._second_try(Seen(("land", -1, state, tries)), RUN, "land", -1) == told


def test_figures_are_a_table_in_the_order_of_the_run() -> None:
    said = table({"night": {"seconds": 1.5, "tasks_by_worker": [5, 7]}, "killed_night": {"tries": {"land": 2}}})
    assert said.splitlines()[2:] == [
        "| night | seconds | 1.5 |",
        "| night | tasks_by_worker | 5, 7 |",
        "| killed_night | tries | land 2 |",
    ]
