"""Whether there is a backup, and whether it is young enough: for the watchdog."""

from __future__ import annotations

from datetime import datetime, timedelta

from jiheng.backups.contents import rules
from jiheng.backups.store import Store
from jiheng.settings import LOCAL_TIME, Settings


def too_old(settings: Settings, now: datetime) -> list[str]:
    """What is wrong with the backups, a sentence each; nothing where no place for them is named."""
    try:
        place = settings.backup_to
        if place is None:
            return []
        backups = Store(place).backups()
    except Exception as error:
        # A store may fail in any way of its client; an alarm that fails is none.
        return [f"备份处没有应答 the place of backups does not answer: {type(error).__name__}: {error}"]
    if not backups:
        return [f"{place} 还没有备份：运行 jiheng backup · there is no backup yet"]
    hours = rules()["alarm_after_hours"]
    newest = backups[-1].made_at
    if now - newest <= timedelta(hours=hours):
        return []
    made = f"{newest.astimezone(LOCAL_TIME):%Y-%m-%d %H:%M}"
    return [f"最近的备份是 {made}，超过 {hours} 小时：运行 jiheng backup · the newest backup is too old"]
