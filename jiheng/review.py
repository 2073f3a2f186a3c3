"""The review queue: the open questions of the newest build without those answered since, and the taking of answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiheng import clock
from jiheng.settings import Settings
from jiheng.warehouse import newest_build, reading

if TYPE_CHECKING:
    from rich.table import Table

    from ingest.naming.answers import Answer, Item, Recorded

# Characters of an example that a terminal shows.
EXAMPLE_LENGTH = 60
QUESTION_WORDS = {"indicator": "哪个指标", "rate_of": "哪个指标的比率", "role": "什么角色", "second_reader": "谁对"}


class UnknownItemError(ValueError):
    """An id that is no question of the newest build and has never been answered."""


@dataclass(frozen=True)
class Candidate:
    """An indicator that a name may mean, with its Chinese name and how like the words are (0 to 100)."""

    indicator_key: str
    name: str
    similarity: int


@dataclass(frozen=True)
class OpenItem:
    """One open question with what hangs on it. Times of `first_seen_at` and `last_seen_at` are those of receipt."""

    review_item_id: str
    question: str
    surface: str
    unit_family: str
    units: list[str]
    claim_count: int
    version_count: int
    division_count: int
    first_seen_at: datetime
    last_seen_at: datetime
    example_claim_id: str
    example: str
    candidates: list[Candidate]


@dataclass(frozen=True)
class Queue:
    """The open questions, those that most claims hang on first, and the file of the build they are from."""

    build: Path
    items: list[OpenItem]

    @property
    def claim_count(self) -> int:
        """How many claims hang on the questions."""
        return sum(item.claim_count for item in self.items)


def open_queue(settings: Settings) -> Queue:
    """The queue as it stands. Raises `NothingBuiltError` when no warehouse holds one."""
    from ingest.lake import Lake
    from ingest.naming.answers import TABLE, standing

    build = newest_build(settings)
    answered = standing(Lake(settings.lake).read(TABLE))
    return Queue(build, [item for item in _items(build) if item.review_item_id not in answered])


def _items(build: Path) -> list[OpenItem]:
    columns = [field.name for field in fields(OpenItem) if field.name != "candidates"]
    query = f"select {', '.join(columns)}, candidates, similarities from review_item order by claim_count desc, surface"
    with reading(build) as connection:
        names = dict(connection.execute("select indicator_key, name from dim_indicator").fetchall())
        rows = connection.execute(query).fetchall()
    return [
        OpenItem(
            **dict(zip(columns, row, strict=False)),
            candidates=[Candidate(key, names[key], like) for key, like in zip(*row[-2:], strict=True)],
        )
        for row in rows
    ]


def find_item(settings: Settings, item_id: str) -> Item:
    """The question with this id: an open one, or one that was answered before.

    Raises `UnknownItemError` when there is none.
    """
    from ingest.lake import Lake
    from ingest.naming.answers import TABLE, Item

    known: list[Any] = [row for row in Lake(settings.lake).read(TABLE) if row["review_item_id"] == item_id]
    if known:
        return Item(**{field.name: known[-1][field.name] for field in fields(Item)})
    for item in _items(newest_build(settings)):
        if item.review_item_id == item_id:
            return Item(**{field.name: getattr(item, field.name) for field in fields(Item)})
    raise UnknownItemError(f"没有这个问题 · no such question: {item_id}")


def take_answer(settings: Settings, item: Item, answer: Answer, by: str, reason: str) -> Recorded:
    """Append an answer to the lake; the next build resolves every claim that hangs on it."""
    from ingest.lake import Lake
    from ingest.naming.answers import record

    now = datetime.now(UTC)
    clock.check(settings, now)
    return record(Lake(settings.lake), settings.reference, item, answer, by, reason, now)


def answer_lines(item: Item, recorded: Recorded) -> list[str]:
    """What became of an answer, for a person."""
    from ingest.naming.candidates import gate_names

    said = recorded.row.get("answer") or recorded.row.get("answer_kind") or "reopened"
    if not recorded.is_new:
        by = recorded.row.get("answered_by", "–")
        return [f"已有相同答复，没有新增记录 · answered so before ({by}): {item.surface} → {said}"]
    lines = [
        f"已记录 recorded: {item.surface} → {said}",
        "下次建仓生效 · takes effect with the next build: jiheng publish",
    ]
    crossed = [gate_names().get(gate, gate) for gate in recorded.row["gates_crossed"]]
    if crossed:
        lines.append(
            f"注意：跨越了门槛，已随答复记下 · mind: it leads across gates, noted with it: {'、'.join(crossed)}"
        )
    return lines


def as_rows(queue: Queue, limit: int) -> list[dict[str, Any]]:
    """The first items of the queue as plain rows, for programs."""
    return [asdict(item) for item in queue.items[:limit]]


def table_of(queue: Queue, limit: int) -> Table:
    """The first items of the queue as a table for a terminal."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title_of(queue, limit), title_justify="left", show_lines=True)
    table.add_column("问题 item", no_wrap=True)
    for heading in ("陈述\nclaims", "版本\nversions", "区划\ndivisions"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("用语与例句 words", overflow="fold", ratio=1)
    table.add_column("可能是 may be", overflow="fold")
    for item in queue.items[:limit]:
        units = "、".join(item.units or [item.unit_family])
        table.add_row(
            f"{item.review_item_id}\n{QUESTION_WORDS[item.question]}",
            *(f"{count:,}" for count in (item.claim_count, item.version_count, item.division_count)),
            escape(f"{item.surface} [{units}]\n{_shortened(item)}"),
            "\n".join(f"{one.name} {one.similarity}\n{one.indicator_key}" for one in item.candidates) or "–",
        )
    return table


def _shortened(item: OpenItem) -> str:
    """The sentence around the first place where the words stand."""
    words = " ".join((item.example or "").split())
    begin = max(words.find(item.surface[:2]) - 10, 0)
    return words[begin : begin + EXAMPLE_LENGTH]


def title_of(queue: Queue, limit: int) -> str:
    """How many questions are open, and how many claims hang on those that are shown."""
    shown = sum(item.claim_count for item in queue.items[:limit])
    return (
        f"待答 open: {len(queue.items):,} 个问题 questions · {queue.claim_count:,} 条陈述 claims · "
        f"下列 shown: {min(limit, len(queue.items))} → {shown:,} 条 · {queue.build.resolve().parent.name}"
    )
