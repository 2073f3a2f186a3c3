"""Settings of one installation: environment variables `JIHENG_…`, typed, checked at the start, each with its meaning.

`docs/operator/settings.md` is written from here by `make docs`. Secrets are never values here, only files with them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationError, ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from upath import UPath

PROJECT_ROOT = Path(__file__).resolve().parent.parent
PREFIX = "JIHENG_"
PAGE = "docs/operator/settings.md"
# What a night tells dbt.
OF_A_NIGHT = ("as_of", "as_of_day", "edition_id", "previous_edition")
# What one process of Jiheng tells another, and what tests are told: no settings of an installation.
NOT_SETTINGS = frozenset(
    PREFIX + name.upper()
    for name in ("RUN_LOG", "LAKE", "BUILD_DB", "SPARK_TABLES", *OF_A_NIGHT, "REAL_REPORTS", "REQUIRE_ALL")
)
# A store that does not answer keeps a night waiting for some minutes at most; its client tries again by itself.
STORE_PATIENCE: dict[str, Any] = {"connect_timeout": 10, "read_timeout": 30, "retries": {"total_max_attempts": 2}}
# What pydantic finds wrong, in words: Chinese and English, with the limits that it names.
WRONG = {
    "int_parsing": ("须为整数", "must be a whole number"),
    "float_parsing": ("须为数字", "must be a number"),
    "finite_number": ("须为有限的数字", "must be a finite number"),
    "bool_parsing": ("须为 on 或 off", "must be on or off"),
    "literal_error": ("须为 {expected} 之一", "must be one of {expected}"),
    "greater_than": ("须大于 {gt:g}", "must be more than {gt:g}"),
    "greater_than_equal": ("不得小于 {ge:g}", "must not be less than {ge:g}"),
    "less_than_equal": ("不得大于 {le:g}", "must not be more than {le:g}"),
}
# A default that is made from other settings cannot be, while one of those is wrong.
FOLLOWS = "default_factory_not_called"
PLACES, INTAKE, PUBLICATION, BULLETIN, READER, ENGINE, AIRFLOW = (
    "目录与时区 · places and time zone",
    "收件 · intake",
    "发布 · publication",
    "通报字体 · fonts of the bulletin",
    "第二阅读器 · second reader",
    "建仓引擎 · engine of the warehouse",
    "运行 · running",
)


class SettingsError(ValueError):
    """Settings that cannot be used: every variable that is wrong, how, and where to read what it should be."""


def _place(named: Any, info: ValidationInfo) -> UPath:
    """A local directory or a URL. Keys of access belong to files of the store, never into a URL."""
    if "://" not in str(named):
        return UPath(Path(named).resolve())
    if "@" in urlsplit(str(named)).netloc:
        raise ValueError(
            "地址中不能写用户名或密钥，请用 ~/.aws 文件或 AWS_SHARED_CREDENTIALS_FILE 等"
            " · no user or key in the URL; use the store's own files or environment"
        )
    stores = info.field_name == "publish_to" and str(named).startswith(("s3://", "s3a://"))
    return UPath(str(named), config_kwargs=STORE_PATIENCE) if stores else UPath(str(named))


def _registers(named: Any, info: ValidationInfo) -> tuple[Path, ...]:
    """The project's own registers, then the installation's, then those that are named besides."""
    parts = named.split(os.pathsep) if isinstance(named, str) else named
    further = tuple(Path(part).resolve() for part in parts if part)
    return (PROJECT_ROOT / "registers", _home(info.data) / "registers", *further)


def _home(values: Mapping[str, Any]) -> Path:
    # A home that is wrong itself is told by itself.
    return Path(values.get("home", PROJECT_ROOT / "var"))


def _zone(named: str) -> str:
    try:
        return ZoneInfo(named).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("没有这个时区，应写作 Asia/Shanghai · no such time zone; write it as Asia/Shanghai") from None


def _http(named: str) -> str:
    parts = urlsplit(named)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise ValueError(
            "须为 http 或 https 地址，不带用户名和查询，如 http://host:8000/v1"
            " · an http or https address without a user and a query, such as http://host:8000/v1"
        )
    return named.rstrip("/")


def _spark(named: str) -> str:
    if not re.fullmatch(r"sc://[^\s/:@]+:\d+(/;\S*)?", named):
        raise ValueError("应写作 sc://host:15002 · write it as sc://host:15002")
    return named


def _memory(named: str) -> str:
    if not re.fullmatch(r"[1-9]\d*(\.\d+)?\s*([KMGT]i?B)", named):
        raise ValueError("应写作 4GB 或 800MB · write it as 4GB or 800MB")
    return named


Text = Annotated[str, BeforeValidator(lambda value: str(value).strip())]
File = Annotated[Path, AfterValidator(lambda path: path.expanduser().resolve())]
Place = Annotated[UPath, PlainValidator(_place)]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(ge=0, le=86400, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


class Settings(BaseSettings):
    """One installation. Everything that a night reads or writes lies under `home`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, validate_default=True)

    home: File = Field(
        PROJECT_ROOT / "var", title=PLACES, description="一个实例的全部数据 · all data of an installation"
    )
    timezone: Annotated[Text, AfterValidator(_zone)] = Field(
        "Asia/Shanghai", title=PLACES, description="夜、期限、回执的日期所用的时区 · zone of the days that people read"
    )
    registers: Annotated[tuple[Path, ...], NoDecode, PlainValidator(_registers)] = Field(
        (),
        title=PLACES,
        description="另加的名册目录，以冒号分隔 · further directories of registers, separated by colons",
    )
    inbox: Place = Field(
        default_factory=lambda values: UPath(_home(values) / "inbox"),
        title=INTAKE,
        description="报送文件所在，可为 s3:// 地址；从不改动 · where files are handed in, also a bucket; never changed",
    )
    drop: Place | None = Field(
        None, title=INTAKE, description="按区划分文件夹的投递区 · a drop area with a folder for each division"
    )
    settle_seconds: Seconds = Field(
        2, title=INTAKE, description="文件静止多久才算写完 · how long a file must lie unchanged before it is read"
    )
    watch_seconds: Annotated[Seconds, Field(gt=0)] = Field(
        5, title=INTAKE, description="触发器每隔多久查看一次 · how often the triggerer looks for new files"
    )
    receipts: File = Field(
        default_factory=lambda values: _home(values) / "receipts",
        title=INTAKE,
        description="回执放在哪里，可以就是收件目录 · where receipts go; it may be the inbox itself",
    )
    upload_mib: Count = Field(
        64, title=INTAKE, description="上传的单个文件最大多少 MiB · the largest file of an upload, in MiB"
    )
    upload_an_hour: Count = Field(
        60, title=INTAKE, description="每个区划每小时最多上传几个 · uploads a division an hour"
    )
    upload_a_day: Count = Field(600, title=INTAKE, description="每个区划每天最多上传几个 · uploads a division a day")
    upload_seconds: Count = Field(
        600, title=INTAKE, description="一次上传最长多少秒 · how long one upload may take, in seconds"
    )
    filing_quorum: Annotated[int, Field(ge=1, le=100)] = Field(
        100,
        title=INTAKE,
        description="百分之几的区划报送后通知一次 · percent of divisions that have filed when officers are told",
    )
    publish_to: Place | None = Field(
        None, title=PUBLICATION, description="各期另存到哪里，如 s3://桶/路径 · where editions are sent as well"
    )
    backup_to: Place | None = Field(
        None, title=PUBLICATION, description="备份存到哪里，目录或 s3://桶/路径 · where backups are kept"
    )
    signing_key: File | None = Field(
        None, title=PUBLICATION, description="签名私钥的文件 · file of the secret key that signs manifests"
    )
    signing_password_file: File | None = Field(
        None, title=PUBLICATION, description="私钥口令的文件 · file that holds that key's password"
    )
    public_key: File | None = Field(
        None,
        title=PUBLICATION,
        description="核对签名用的公钥文件 · file of the public key that editions must be signed with",
    )
    map_geometry: File | None = Field(
        None, title=PUBLICATION, description="本省自己的地图几何（GeoJSON） · the province's own geometry for a map"
    )
    map_review_number: Text = Field("", title=PUBLICATION, description="该地图的审图号 · that map's review number")
    map_source: Text = Field("", title=PUBLICATION, description="该地图的资料来源 · that map's source line")
    duckdb_memory: Annotated[Text, AfterValidator(_memory)] = Field(
        "3GB", title=PUBLICATION, description="建仓最多用多少内存，如 4GB · memory that a build may take"
    )
    engine: Literal["duckdb", "spark_session", "spark_cluster"] = Field(
        "duckdb", title=ENGINE, description="用什么建仓 · what builds the warehouse (docs/operator/spark.md)"
    )
    spark_memory: Annotated[Text, AfterValidator(_memory)] = Field(
        "4GB", title=ENGINE, description="Spark 在本机最多用多少内存 · memory of Spark in this process"
    )
    spark_remote: Annotated[Text, AfterValidator(_spark)] = Field(
        "sc://127.0.0.1:15002", title=ENGINE, description="Spark 集群的 Connect 地址 · where the cluster answers"
    )
    spark_partitions: Count = Field(
        4, title=ENGINE, description="Spark 把数据分成几份处理 · into how many parts Spark shares its rows"
    )
    fonts: File | None = Field(
        None, title=BULLETIN, description="本省字体的目录 · a folder with the province's own fonts"
    )
    font: Text = Field("", title=BULLETIN, description="正文字体，如 仿宋_GB2312 · family of the body")
    font_heading: Text = Field("", title=BULLETIN, description="小标题字体，如 黑体 · family of headings")
    font_title: Text = Field("", title=BULLETIN, description="标题字体，如 方正小标宋简体 · family of the title")
    second_reader_url: Annotated[Text, AfterValidator(_http)] | None = Field(
        None, title=READER, description="OpenAI 兼容的地址（…/v1）；空为关闭 · its address; empty: off"
    )
    second_reader_model: Text = Field("", title=READER, description="模型名 · the model's name there")
    second_reader_key_file: File | None = Field(
        None, title=READER, description="存放密钥的文件 · file that holds its key"
    )
    second_reader_timeout: Annotated[float, Field(gt=0, le=3600)] = Field(
        120, title=READER, description="一次回答最多等多少秒 · seconds that one answer may take"
    )
    reading_batch: Annotated[int, Field(ge=0)] = Field(
        # Enough work for the half minute that a task of its own is worth; a peak day still falls into twenty shares.
        200,
        title=AIRFLOW,
        description="一个阅读任务读多少份，0 为全部一起 · files that one task reads; 0: all in one",
    )
    reading_slots: Annotated[int, Field(ge=0)] = Field(
        0,
        title=AIRFLOW,
        description="所有执行机同时读几批，0 为本机处理器数 · batches read at once; 0: as many as processors here",
    )
    retries: Annotated[int, Field(ge=0)] = Field(
        # Workers may be lost more than once in a night; our own errors are tried less often (jiheng.airflow.patience).
        5,
        title=AIRFLOW,
        description="失去执行机的任务重试几次 · how often a task that lost its worker is tried again",
    )
    deadline_minutes: Annotated[int, Field(ge=0)] = Field(
        # 05:30: half an hour before the watchdog, and before anybody comes in.
        210,
        title=AIRFLOW,
        description="02:00 之后多少分钟仍未完成即预警，0 不预警 · told as late after so many minutes; 0: never",
    )
    airflow_keep_days: Count = Field(
        90, title=AIRFLOW, description="Airflow 的运行记录和日志保留几天 · days that Airflow keeps records and logs"
    )
    metrics: bool = Field(
        False, title=AIRFLOW, description="每步之后写指标文件 · write a file of metrics after each step"
    )
    log: Literal["text", "json"] = Field(
        "text", title=AIRFLOW, description="命令自己的日志：text 或 json · the commands' own log"
    )
    airflow_port: Port = Field(8080, title=AIRFLOW, description="Airflow 网页的端口 · port of Airflow's pages")
    airflow_host: Text = Field("127.0.0.1", title=AIRFLOW, description="Airflow 网页监听的地址 · address it listens on")

    def __init__(self, home: Path | None = None, **values: Any) -> None:
        """The environment's settings, for another home where one is given. Raises `SettingsError`."""
        try:
            super().__init__(**(values if home is None else values | {"home": home}))
        except ValidationError as error:
            wrong = [one for one in error.errors() if one["type"] != FOLLOWS]
            raise SettingsError("\n  ".join(_in_words(one) for one in wrong)) from None

    @classmethod
    def from_environment(cls) -> Settings:
        """Read and check the environment. Raises `SettingsError`, also for a `JIHENG_` variable that does not exist."""
        known = {PREFIX + name.upper() for name in cls.model_fields} | NOT_SETTINGS
        unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
        if unknown:
            raise SettingsError("\n  ".join(_not_known(name, known) for name in unknown))
        return cls()

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

    @property
    def metrics_folder(self) -> Path:
        """Where the file of metrics for node_exporter lies."""
        return self.home / "metrics"


def _in_words(wrong: Mapping[str, Any]) -> str:
    """One wrong setting: its variable, what is wrong in Chinese and English, and the value that was given."""
    variable = PREFIX + str(wrong["loc"][0]).upper()
    limits = wrong.get("ctx", {})
    if wrong["type"] == "value_error":
        return f"{variable}: {limits['error']}"
    chinese, english = WRONG.get(wrong["type"], ("无效", wrong["msg"]))
    return f"{variable} {chinese.format(**limits)}，现为“{wrong['input']}” · {english.format(**limits)}"


def _not_known(variable: str, known: frozenset[str] | set[str]) -> str:
    near = get_close_matches(variable, sorted(known - NOT_SETTINGS), 1)
    meant = f"，是否想写 {near[0]}" if near else ""
    return f"没有 {variable} 这一项设置{meant} · no such setting{f'; did you mean {near[0]}' if near else ''}: {PAGE}"


def _local_time() -> ZoneInfo:
    """The zone of the environment; one that does not exist is told by `Settings`."""
    try:
        return ZoneInfo(os.environ.get(f"{PREFIX}TIMEZONE", "").strip() or Settings.model_fields["timezone"].default)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


# Dates that people read (a night, a due day, a receipt) are days of this zone; records keep UTC.
LOCAL_TIME = _local_time()
