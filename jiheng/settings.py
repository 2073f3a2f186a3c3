"""Where things are: one home directory per installation, and the project's own data beside the code."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from upath import UPath

# Dates that people read (a night, a due day, a receipt) are days of this zone; records keep UTC.
LOCAL_TIME = ZoneInfo(os.environ.get("JIHENG_TIMEZONE", "Asia/Shanghai"))
PROJECT_ROOT = Path(__file__).resolve().parent.parent
# A file that was changed less than so many seconds ago may still be being written.
SETTLE_SECONDS = "2"
# Enough work for the half minute that a task of its own is worth, and a peak day still falls into some twenty shares.
READING_BATCH = "200"
# Workers may be lost more than once in a night; what is our own error is not tried so often (jiheng.patience).
RETRIES = "5"
# 05:30: half an hour before the watchdog, and before anybody comes in.
DEADLINE_MINUTES = "210"
AIRFLOW_KEEP_DAYS = "90"
# A store that does not answer keeps a night waiting for some minutes at most; its client tries again by itself.
STORE_PATIENCE: dict[str, Any] = {"connect_timeout": 10, "read_timeout": 30, "retries": {"total_max_attempts": 2}}


@dataclass(frozen=True)
class Settings:
    """Paths of one installation. Everything that a night reads or writes lies under `home`."""

    home: Path

    @classmethod
    def from_environment(cls) -> Settings:
        """Read `JIHENG_HOME`; without it, `var/` beside the code."""
        return cls(home=Path(os.environ.get("JIHENG_HOME") or PROJECT_ROOT / "var").resolve())

    @property
    def inbox(self) -> UPath:
        """Where files are handed in; `JIHENG_INBOX` names another place, also a bucket. Jiheng changes nothing here."""
        return _place("JIHENG_INBOX", os.environ.get("JIHENG_INBOX") or str(self.home / "inbox"))

    @property
    def drop(self) -> UPath | None:
        """A drop area with a folder for each division, where `JIHENG_DROP` names one, also as a bucket."""
        named = os.environ.get("JIHENG_DROP")
        return _place("JIHENG_DROP", named) if named else None

    @property
    def settle_seconds(self) -> float:
        """For how long a file must lie unchanged before it is read: `JIHENG_SETTLE_SECONDS`; 0 does not wait."""
        said = os.environ.get("JIHENG_SETTLE_SECONDS") or SETTLE_SECONDS
        try:
            return max(float(said), 0.0)
        except ValueError as error:
            raise ValueError(f"JIHENG_SETTLE_SECONDS 须为秒数 must be a number of seconds, not {said!r}") from error

    @property
    def registers(self) -> tuple[Path, ...]:
        """Directories of registers (divisions, departments due): the project's own, then this installation's."""
        named = os.environ.get("JIHENG_REGISTERS", "")
        extra = tuple(Path(part).resolve() for part in named.split(os.pathsep) if part)
        return (PROJECT_ROOT / "registers", self.home / "registers", *extra)

    @property
    def reading_batch(self) -> int:
        """How many files one task of Airflow reads: `JIHENG_READING_BATCH`; 0 reads all in one."""
        said = os.environ.get("JIHENG_READING_BATCH") or READING_BATCH
        if not (said.isascii() and said.isdigit()):
            raise ValueError(f"JIHENG_READING_BATCH 须为份数 must be a number of files, not {said!r}")
        return int(said)

    @property
    def reading_slots(self) -> int:
        """How many batches are read at once, on all workers together: `JIHENG_READING_SLOTS`; else as many as cores."""
        said = os.environ.get("JIHENG_READING_SLOTS") or str(os.cpu_count() or 1)
        if not (said.isascii() and said.isdigit() and int(said)):
            raise ValueError(f"JIHENG_READING_SLOTS 须为大于 0 的数 must be a number above 0, not {said!r}")
        return int(said)

    @property
    def deadline_minutes(self) -> int:
        """So many minutes after 02:00 officers are warned where the night has not ended: `JIHENG_DEADLINE_MINUTES`."""
        said = os.environ.get("JIHENG_DEADLINE_MINUTES") or DEADLINE_MINUTES
        if not (said.isascii() and said.isdigit() and int(said)):
            raise ValueError(f"JIHENG_DEADLINE_MINUTES 须为分钟数 must be a number of minutes, not {said!r}")
        return int(said)

    @property
    def airflow_keep_days(self) -> int:
        """For how many days Airflow keeps its records and logs of runs: `JIHENG_AIRFLOW_KEEP_DAYS`."""
        said = os.environ.get("JIHENG_AIRFLOW_KEEP_DAYS") or AIRFLOW_KEEP_DAYS
        if not (said.isascii() and said.isdigit() and int(said)):
            raise ValueError(f"JIHENG_AIRFLOW_KEEP_DAYS 须为天数 must be a number of days, not {said!r}")
        return int(said)

    @property
    def retries(self) -> int:
        """How often a task of Airflow that lost its worker is tried again: `JIHENG_RETRIES`."""
        said = os.environ.get("JIHENG_RETRIES") or RETRIES
        if not (said.isascii() and said.isdigit()):
            raise ValueError(f"JIHENG_RETRIES 须为次数 must be a number, not {said!r}")
        return int(said)

    @property
    def archive(self) -> Path:
        """Every file as it was received, by its SHA-256, with the text read from it."""
        return self.home / "archive"

    @property
    def lake(self) -> Path:
        """Append-only batches of Parquet."""
        return self.home / "lake"

    @property
    def quarantine(self) -> Path:
        """One record for each file that could not be taken in; the bytes are in the archive."""
        return self.home / "quarantine"

    @property
    def seen(self) -> Path:
        """Which objects of a bucket were fetched before; without it they are fetched once more."""
        return self.home / "seen.json"

    @property
    def receipts(self) -> Path:
        """Receipts (回执), a folder for each file handed in; `JIHENG_RECEIPTS` names another place, even the inbox."""
        return Path(os.environ.get("JIHENG_RECEIPTS") or self.home / "receipts").resolve()

    @property
    def uploads(self) -> Path:
        """Files handed in over HTTP, as `division_key/upload_id/name`; each appears there when it is complete."""
        return self.home / "uploads"

    @property
    def upload_tokens(self) -> Path:
        """Who may upload for which division: hashes of tokens, as JSON lines that are appended to."""
        return self.home / "upload_tokens.jsonl"

    @property
    def editions(self) -> Path:
        """Published editions and the pointer `current`."""
        return self.home / "editions"

    @property
    def publish_to(self) -> UPath | None:
        """Where published editions are sent as well, where `JIHENG_PUBLISH_TO` names a place, like `s3://bucket/jiheng`."""
        from upath import UPath

        named = os.environ.get("JIHENG_PUBLISH_TO")
        place = _place("JIHENG_PUBLISH_TO", named) if named else None
        if place is not None and place.protocol in ("s3", "s3a"):
            return UPath(str(place), config_kwargs=STORE_PATIENCE)
        return place

    @property
    def signing_key(self) -> Path | None:
        """The secret key that signs manifests, where `JIHENG_SIGNING_KEY` names its file."""
        return _file("JIHENG_SIGNING_KEY")

    @property
    def signing_password(self) -> Path | None:
        """The file that holds the password of that key, where `JIHENG_SIGNING_PASSWORD_FILE` names one."""
        return _file("JIHENG_SIGNING_PASSWORD_FILE")

    @property
    def public_key(self) -> Path | None:
        """The public key that editions must be signed with, where `JIHENG_PUBLIC_KEY` names its file."""
        return _file("JIHENG_PUBLIC_KEY")

    @property
    def map_geometry(self) -> Path | None:
        """The province's own geometry (GeoJSON) for a geographic map, where `JIHENG_MAP_GEOMETRY` names its file."""
        return _file("JIHENG_MAP_GEOMETRY")

    @property
    def map_review_number(self) -> str:
        """The review number (审图号) of that map: `JIHENG_MAP_REVIEW_NUMBER`."""
        return os.environ.get("JIHENG_MAP_REVIEW_NUMBER", "").strip()

    @property
    def map_source(self) -> str:
        """The source line of that map: `JIHENG_MAP_SOURCE`."""
        return os.environ.get("JIHENG_MAP_SOURCE", "").strip()

    @property
    def work(self) -> Path:
        """What a running night keeps between its steps; may be deleted when no night runs."""
        return self.home / "work"

    @property
    def airflow_home(self) -> Path:
        """Airflow's own directory: its database, logs and generated secrets."""
        return self.home / "airflow"

    @property
    def dbt_project(self) -> Path:
        """The dbt project; its `seeds/` hold the reference data that reading and checking share."""
        return PROJECT_ROOT / "dbt_project"

    @property
    def reference(self) -> Path:
        """Reference data as CSV: indicators, aliases, budget categories, grade thresholds, rules, methods."""
        return self.dbt_project / "seeds"


def _file(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named).expanduser().resolve() if named else None


def _place(variable: str, named: str) -> UPath:
    """A local directory or a URL. Keys of access belong to the environment or files of the store, never in a URL."""
    from upath import UPath

    if "://" not in named:
        return UPath(Path(named).resolve())
    if "@" in urlsplit(named).netloc:
        raise ValueError(
            f"{variable} 的地址中不能写用户名或密钥，请用 AWS_ACCESS_KEY_ID 等环境变量或 ~/.aws 文件"
            " · no user or key in the URL; use the environment or ~/.aws"
        )
    return UPath(named)
