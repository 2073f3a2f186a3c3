"""The review queue as people and programs see it, over a small build."""

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from rich.console import Console
from typer.testing import CliRunner

from ingest.naming.answers import Answer, Recorded
from jiheng import review
from jiheng.cli import app
from jiheng.settings import Settings
from jiheng.warehouse import WAREHOUSE, NothingBuiltError

SEEN = datetime(2025, 3, 31, tzinfo=UTC)
COLUMNS = (
    "review_item_id varchar, question varchar, surface varchar, unit_family varchar, units varchar[], "
    "claim_count integer, version_count integer, division_count integer, first_seen_at timestamptz, "
    "last_seen_at timestamptz, example_claim_id varchar, example varchar, candidates varchar[], similarities integer[]"
)


def write_build(path: Path, *items: tuple[str, str, int]) -> Path:
    """A warehouse with these open items: id, words, claims."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table dim_indicator as select 'signed_projects' indicator_key, '新签约' as name")
        connection.execute(f"create table review_item ({COLUMNS})")
        for item_id, surface, claims in items:
            row = [item_id, "indicator", surface, "count", ["宗"], claims, 2, 1, SEEN, SEEN, "c1"]
            row += [f"今年我局全力以赴推进{surface}8宗[注]。", ["signed_projects"], [64]]
            connection.execute(f"insert into review_item values ({', '.join('?' * len(row))})", row)
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write_build(tmp_path / "private" / "run" / "e1" / WAREHOUSE, ("q1", "重点项目", 3), ("q2", "签约大项目", 9))
    return Settings(tmp_path)


def answer(settings: Settings, item_id: str, said: Answer) -> Recorded:
    return review.take_answer(settings, review.find_item(settings, item_id), said, "甲", "常用说法")


def test_what_most_claims_hang_on_comes_first(settings: Settings) -> None:
    queue = review.open_queue(settings)
    assert [item.review_item_id for item in queue.items] == ["q2", "q1"]
    assert queue.claim_count == 12
    assert [row["surface"] for row in review.as_rows(queue, 1)] == ["签约大项目"]


def test_what_was_answered_since_the_build_is_not_asked_again(settings: Settings) -> None:
    answer(settings, "q2", Answer("no_indicator"))
    assert [item.review_item_id for item in review.open_queue(settings).items] == ["q1"]


def test_an_answered_question_can_be_answered_anew_and_opened_again(settings: Settings) -> None:
    answer(settings, "q2", Answer("no_indicator"))
    (settings.home / "private" / "run" / "e1" / WAREHOUSE).unlink()  # the next build does not list it
    assert answer(settings, "q2", Answer("indicator", "signed_projects")).is_new
    assert answer(settings, "q2", Answer("reopened")).is_new


def test_the_newest_build_is_asked(settings: Settings) -> None:
    newer = write_build(settings.home / "held" / "e2" / WAREHOUSE, ("q3", "新项目", 1))
    os.utime(newer, (2**31, 2**31))
    assert review.open_queue(settings).build == newer


def test_a_build_from_before_there_was_a_queue_is_none(tmp_path: Path) -> None:
    path = tmp_path / "private" / "run" / "e1" / WAREHOUSE
    path.parent.mkdir(parents=True)
    duckdb.connect(str(path)).close()
    with pytest.raises(NothingBuiltError):
        review.open_queue(Settings(tmp_path))


def test_a_terminal_shows_words_example_and_candidates(settings: Settings) -> None:
    shown = io.StringIO()
    Console(file=shown, width=140).print(review.table_of(review.open_queue(settings), 1))
    for words in (
        "待答 open: 2",
        "9 条",
        "q2",
        "签约大项目 [宗]",
        "推进签约大项目8宗[注]",
        "新签约 64",
        "signed_projects",
    ):
        assert words in shown.getvalue()
    assert "q1" not in shown.getvalue()


def test_an_answer_tells_what_becomes_of_it(settings: Settings) -> None:
    item = review.find_item(settings, "q1")
    first = review.take_answer(settings, item, Answer("indicator", "started_projects"), "甲", "常用说法")
    assert "项目阶段" in review.answer_lines(item, first)[-1]
    again = review.take_answer(settings, item, Answer("indicator", "started_projects"), "乙", "常用说法")
    assert "answered so before (甲)" in review.answer_lines(item, again)[0]


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        ((), 4),
        (("answer", "q1", "--none", "--by", "甲", "--reason", "r"), 4),
        (("answer", "q1", "--by", "甲", "--reason", "r"), 2),
        (("answer", "q1", "--none", "--role", "target", "--by", "甲", "--reason", "r"), 2),
        (("answer", "q1", "--none", "--reason", "r"), 2),
    ],
)
def test_exit_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], exit_code: int
) -> None:
    monkeypatch.setenv("JIHENG_HOME", str(tmp_path))
    assert CliRunner().invoke(app, ["review", *arguments]).exit_code == exit_code
