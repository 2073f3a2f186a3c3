"""`replay`: archived files read again by the current reader, or the warehouse built again as of a date, in private."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jiheng import clock, night
from jiheng.settings import LOCAL_TIME, Settings

if TYPE_CHECKING:
    from ingest.replay.readings import Reread
    from ingest.replay.runner import Replay
    from ingest.replay.selection import Item, Selection

# What became of a file that was read again, in words.
BECAME = {
    "landed": "已入湖 landed",
    "unchanged": "与原来相同 unchanged",
    "withheld": "待人同意退回 withheld: it would return an accepted report",
    "failed": "未能重读，保留原来的读取 failed; the earlier reading stands",
    "refused": "仍未收，原因有变 refused for another reason",
}


@dataclass(frozen=True)
class Chosen:
    """What a replay will read: its batches and their files."""

    batches: tuple[Replay, ...]
    items: tuple[Item, ...]

    def batch_numbers(self) -> list[int]:
        """The batches by number, for steps that are mapped over them."""
        return [batch.number for batch in self.batches]


def choose(settings: Settings, run_id: str, selection: Selection, moment: datetime) -> Chosen:
    """List what is to be read again and lay it out in batches. Raises `SelectionError`."""
    from ingest.replay.runner import Replay

    replay = Replay(settings, run_id, moment)
    items = replay.choose(selection)
    return Chosen(tuple(replay.batches(items)), tuple(items))


def listed(settings: Settings, run_id: str, selection: Selection, moment: datetime) -> list[Item]:
    """What would be read again; nothing is laid out."""
    from ingest.replay.runner import Replay

    return Replay(settings, run_id, moment).choose(selection)


def read_batch(settings: Settings, run_id: str, moment: datetime, number: int) -> None:
    """Read the files of one batch again."""
    from ingest.replay.runner import Replay

    Replay(settings, run_id, moment, number).read()


def land_batch(settings: Settings, run_id: str, moment: datetime, number: int) -> dict[str, int]:
    """Land one batch; gives how many files became what. Raises `ClockError`."""
    from ingest.replay.runner import Replay

    clock.check(settings, moment)
    return Replay(settings, run_id, moment, number).land()


def compare_batch(settings: Settings, run_id: str, moment: datetime, number: int) -> list[Reread]:
    """What landing one batch would make of each of its files; nothing is landed."""
    from ingest.replay.runner import Replay

    return Replay(settings, run_id, moment, number).compare()


def run(settings: Settings, chosen: Chosen) -> Iterator[dict[str, int]]:
    """Read and land batch by batch, as the command line does; gives the counts of each. Raises `ClockError`."""
    for batch in chosen.batches:
        clock.check(settings, batch.moment)
        batch.read()
        yield batch.land()


def compare(chosen: Chosen) -> Iterator[Reread]:
    """Read batch by batch, land nothing, and give what would become of each file."""
    for batch in chosen.batches:
        batch.read()
        yield from batch.compare()


def rebuild(settings: Settings, run_id: str, as_of: str, publish: bool) -> dict[str, Any]:
    """Build the warehouse as of a date and let the gate decide; it stays private unless publication is asked for.

    Raises `AsOfError`, and `GateHeld` where publication was asked for and the gate holds.
    """
    tonight = night.begin(settings, run_id, as_of)
    edition = night.build_warehouse(settings, tonight)
    decided = night.evaluate_gate(settings, tonight, edition)
    if publish:
        return night.publish_edition(settings, tonight, edition, decided, night.NOTHING_TAKEN_IN)
    return edition | {"gate": decided["decision"], "holding": decided["holding"]}


def item_line(item: Item) -> str:
    """A file to be read again as one line."""
    about = f"{item.fiscal_year} {item.reader_version}" if item.version_id else str(item.refused_for)
    received = f"{item.arrival.received_at.astimezone(LOCAL_TIME):%Y-%m-%d}"
    return f"{item.version_id or item.arrival.arrival_id}  {received}  {about}  {item.arrival.source_name}"


def is_news(one: Reread) -> bool:
    """Whether a file that was read again is worth a line: something else became of it, or it says something else."""
    if one.became not in ("landed", "unchanged") or one.verdict != one.item.verdict:
        return True
    return bool(one.difference and not one.difference.is_none)


def reread_line(one: Reread) -> str:
    """What a newer reading would change, as one line."""
    name = one.item.version_id or one.item.arrival.arrival_id
    told = f"{name}  {BECAME[one.became]}"
    if one.reason_code:
        told += f"  {one.reason_code}"
    if one.verdict and one.verdict != one.item.verdict:
        told += f"  {one.item.verdict or one.item.refused_for} → {one.verdict}"
    if one.difference:
        found = one.difference
        told += f"  陈述 claims +{found.gained} −{found.lost} ~{found.changed}"
        told += "".join(f"  ✗{rule}" for rule in found.fails_now) + "".join(
            f"  ✓{rule}" for rule in found.fails_no_more
        )
    return f"{told}  {one.item.arrival.source_name}"


def total_lines(counts: Sequence[Mapping[str, int]]) -> list[str]:
    """How many files became what, over all batches."""
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return [f"{BECAME[name]}: {total[name]}" for name in BECAME if total[name]]
