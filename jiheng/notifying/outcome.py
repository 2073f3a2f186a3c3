"""What became of one attempt to send."""

from __future__ import annotations

from dataclasses import dataclass

# sent: accepted. refused: the answer says no. failed: it did not get there. unclear: it may have got there or not.
SENT, REFUSED, FAILED, UNCLEAR = "sent", "refused", "failed", "unclear"


@dataclass(frozen=True)
class Outcome:
    """One of `sent`, `refused`, `failed`, `unclear`, in words for the operator, and after how many attempts."""

    outcome: str
    words: str = ""
    attempts: int = 1


class NotDeliveredError(Exception):
    """It certainly did not get there, and may do so a little later: a connection that fails, a chat that is busy."""


class UnclearError(Exception):
    """It went out and no answer came that says what became of it."""


class RefusedError(Exception):
    """The answer says no, and would say so again."""
