"""The log of corrections: what an edition says otherwise than one before, kept for good."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jiheng import chain
from publish import corrections, records
from publish.data import corrections as entries
from tests.component import edition_fixture as made

FINAL = {"2024": {"edition_id": "e1", "frozen_on": "2026-10-01", "who": "王处长", "revision": 1}}
OVERRIDE = {"who": "王处长", "why": "会议当日使用", "at": "2026-11-22T01:00:00+00:00", "expectations": ["E07"]}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return made.make_pair(tmp_path_factory.mktemp("pair"))


def later() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def log_with(folder: Path, *published: Path) -> Path:
    """The folder of editions after these were published, each as the act of publication does it."""
    for edition in published:
        (folder / edition.name.removeprefix("private-")).symlink_to(edition)
        corrections.append(folder, folder / edition.name.removeprefix("private-"))
        records.record(folder, {"event": "publish", "edition_id": edition.name.removeprefix("private-")})
    return folder


def test_a_first_edition_corrects_nothing(pair: tuple[Path, Path]) -> None:
    assert entries(pair[0]) == []
    assert "本期没有补正、更正或修订" in (pair[0] / "site" / "corrections.html").read_text(encoding="utf-8")


def test_what_was_restated_and_what_the_system_corrected(pair: tuple[Path, Path]) -> None:
    found = {(entry["kind"], entry["unit"]): entry for entry in entries(pair[1])}
    restated = found["restated", "一县 一县商务局"]
    assert restated["figures"] == [
        ["年初预算（合计）", "310.00 万元", "300.00 万元"],
        ["自评得分", "95 分", "96.5 分"],
    ]
    corrected = found["corrected", "二县"]
    assert (corrected["before"], corrected["now"]) == ("第 1 名，86.00 分", "第 1 名，87.13 分")
    assert (corrected["cause_zh"], corrected["cause_en"]) == ("重新读取 +1.13 分", "Read anew")
    # Whoever moved by its own new report, or by others, was not corrected by this system.
    assert {kind for kind, unit in found if unit in ("一县", made.MARKUP_NAME, "五区")} == set()


def test_a_final_year_is_revised_by_any_change(tmp_path: Path) -> None:
    edition = made.make_pair(tmp_path, facts={"finals": FINAL})[1]
    revised = {entry["unit"]: entry for entry in entries(edition) if entry["kind"] == "revised"}
    assert set(revised) == {"2024 年度", "一县", "二县", made.MARKUP_NAME, "五区", "一县 一县商务局"}
    assert (revised["2024 年度"]["before"], revised["2024 年度"]["now"]) == ("定稿", "修订 1")
    # The next edition has the same revision: it is not told twice.
    again = made.make_edition(tmp_path / "next", "e3", edition, facts={"finals": FINAL}, corrected=entries(edition))
    assert entries(again) == entries(edition)


def test_an_override_is_an_entry_of_its_edition(tmp_path: Path) -> None:
    edition = made.make_edition(tmp_path, "e1", gate_decision="override", facts={"override": OVERRIDE})
    [entry] = entries(edition)
    assert (entry["kind"], entry["cause_zh"]) == ("override", "王处长：会议当日使用（E07）")


def test_each_edition_carries_the_log_on(pair: tuple[Path, Path], tmp_path: Path) -> None:
    editions = log_with(tmp_path, *pair)
    carried = corrections.so_far(editions, pair[1], later())
    assert carried == entries(pair[1])
    third = made.make_edition(tmp_path / "private", "e3", pair[1], corrected=carried)
    assert corrections.missing_entries(pair[1], third) == []
    assert entries(third)[: len(carried)] == carried
    html = (third / "site" / "corrections.html").read_text(encoding="utf-8")
    assert 'class="outside" href="../../e2/site/corrections.html"' in html
    assert re.search(r"补正 1，本系统更正 1", html)


def test_a_lost_entry_is_named(pair: tuple[Path, Path], tmp_path: Path) -> None:
    forgetful = made.make_edition(tmp_path, "e3", pair[1], corrected=entries(pair[1])[1:])
    assert corrections.missing_entries(pair[1], forgetful) == [entries(pair[1])[0]["entry_id"]]
    assert corrections.missing_entries(None, forgetful) == []


def test_appending_again_after_a_crash_doubles_nothing(pair: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "e2").symlink_to(pair[1])
    assert corrections.append(tmp_path, tmp_path / "e2") == len(entries(pair[1]))
    assert corrections.append(tmp_path, tmp_path / "e2") == 0
    log = tmp_path / corrections.LOG_NAME
    log.write_bytes(log.read_bytes()[:-40])  # a crash cut the line: it is no record, and all of it is written again
    assert corrections.append(tmp_path, tmp_path / "e2") == len(entries(pair[1]))
    [line] = chain.history(tmp_path, corrections.LOG_NAME)
    assert line["entries"] == entries(pair[1])
    assert chain.broken(tmp_path, corrections.LOG_NAME) == []


def test_entries_of_an_edition_that_was_never_published_are_not_carried(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    editions = log_with(tmp_path, pair[0])
    (tmp_path / "e2").symlink_to(pair[1])
    corrections.append(editions, tmp_path / "e2")  # and then the machine stopped
    assert corrections.so_far(editions, pair[0], later()) == []


def test_what_was_taken_back_stays_on_record(pair: tuple[Path, Path], tmp_path: Path) -> None:
    editions = log_with(tmp_path, *pair)
    act = {"event": "rollback", "from": "e2", "edition_id": "e1", "who": "李四", "why": "用了旧名册"}
    records.record(editions, act)
    carried = corrections.so_far(editions, pair[0], later())
    assert carried[:-1] == entries(pair[1]), "readers saw what the edition said"
    assert (carried[-1]["kind"], carried[-1]["cause_zh"]) == ("taken_back", "李四：用了旧名册")
    assert carried == corrections.so_far(editions, pair[0], later()), "ids are stable"
    again = {"event": "restore", "from": "e1", "edition_id": "e2", "who": "王处长", "why": "撤错了"}
    records.record(editions, again)
    assert [entry["kind"] for entry in corrections.so_far(editions, pair[1], later())][-2:] == [
        "taken_back",
        "restored",
    ]
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert corrections.so_far(editions, pair[0], long_ago) == [], "a past night is built as of then"


def test_the_page_shows_own_entries_and_grave_ones(tmp_path: Path) -> None:
    taken = {"kind": "taken_back", "unit": "e0", "before": "a", "now": "b", "cause_zh": "<i>", "cause_en": "x"}
    earlier: list[dict[str, Any]] = [corrections._entry(**taken, edition_id="e0", on="2026-11-01")]
    edition = made.make_pair(tmp_path, corrected=earlier)[1]
    html = (edition / "site" / "corrections.html").read_text(encoding="utf-8")
    for entry in entries(edition):
        assert f'data-entry="{entry["entry_id"]}"' in html
    assert "&lt;i&gt;" in html and "<i>" not in html
    assert "年初预算（合计）：310.00 万元 → <strong>300.00 万元</strong>" in html


def test_the_file_is_one_entry_a_line(pair: tuple[Path, Path]) -> None:
    text = (pair[1] / "corrections.json").read_text(encoding="utf-8")
    assert len(text.splitlines()) == len(json.loads(text)) + 2
