"""What the DAGs hand on to each other, in the order of the way of a figure; the asset graph of Airflow shows it."""

from __future__ import annotations

from airflow.sdk import Asset, AssetAlias, AssetWatcher

from jiheng.airflow.watch import InboxTrigger
from jiheng.settings import Settings

GROUP = "jiheng"
INBOX = Asset(
    "inbox",
    group=GROUP,
    watchers=[AssetWatcher("files", trigger=InboxTrigger(Settings.from_environment().watch_seconds))],
)
LAKE, WAREHOUSE, EDITION = (Asset(name, group=GROUP) for name in ("lake", "warehouse", "edition"))
# An event of it starts `held_edition`. The alias lets the gate decide whether there is one.
HELD, MAYBE_HELD = Asset("held_edition", group=GROUP), AssetAlias("maybe_held", group=GROUP)
# An event of it, with the night's run id as its partition, starts `warehouse_models`, which shows the build.
MODELS = Asset("models", group=GROUP)
# Their partitions are divisions in a year: those that have just filed, and all that have.
DIVISION_FILED, PROVINCE_FILED = (Asset(name, group=GROUP) for name in ("division_filed", "province_filed"))
