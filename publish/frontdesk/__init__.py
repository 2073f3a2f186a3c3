"""What stands beside the editions and says which of them stands: status.json, status.css and the archive of editions.

A published edition never changes, so nothing in it can say that it was taken back or that a newer one stands. Its pages
have an empty place and a link to `../../status.css`; that file fills the place, without a server and without a script.
"""

from __future__ import annotations

from pathlib import Path

from jiheng.files import write_json, write_text
from publish.frontdesk import archive, banner
from publish.frontdesk.standing import standing
from publish.records import history

STATUS_NAME, BANNER_NAME = "status.json", "status.css"

__all__ = ["BANNER_NAME", "STATUS_NAME", "standing", "write"]


def write(editions: Path) -> None:
    """Write `status.json`, `status.css`, `index.html` and `archive.css` beside the editions, each in one visible step.

    All of it is derived from the log of publication and from small files of the editions: the same log gives the same
    bytes. Whoever calls holds the lock of `editions` and has recorded the act before.
    """
    events = history(editions)
    now = standing(events)
    archive.write(editions, events, now)
    write_json(editions / STATUS_NAME, now.as_json(archive.about(editions, now.current)))
    write_text(editions / BANNER_NAME, banner.css(now))
