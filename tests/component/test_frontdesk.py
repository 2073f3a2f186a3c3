"""What stands beside the editions: status.json, the banner of status.css, the archive of editions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from publish import frontdesk
from publish.frontdesk import banner
from publish.records import record

FILES = ("status.json", "status.css", "index.html", "archive.css")


@pytest.fixture
def editions(tmp_path: Path) -> Path:
    """Three editions were published; the second was declared final, the third taken back; then two nights were held."""
    for name in ("e1", "e2", "e3"):
        (tmp_path / name / "site").mkdir(parents=True)
        (tmp_path / name / "site" / "index.html").write_text("", encoding="utf-8")
        facts = {
            "edition_id": name,
            "gate_decision": "pass",
            "as_of": "2026-11-20T18:00:00+00:00",
            "coverage": {"due": 9},
        }
        (tmp_path / name / "about.json").write_text(json.dumps(facts), encoding="utf-8")
        record(tmp_path, {"event": "publish", "at": f"2026-11-2{name[1]}T18:10:00+00:00", "edition_id": name})
    final = {"edition_id": "e2", "fiscal_year": 2024, "who": "王处长", "why": "年度定稿"}
    record(tmp_path, {"event": "freeze", "at": "2026-11-24T00:00:00+00:00", **final})
    back = {"from": "e3", "edition_id": "e2", "who": "李四", "why": '用了旧名册，"甲县"缺 </style> \\ 行\n第二行'}
    record(tmp_path, {"event": "rollback", "at": "2026-11-24T01:00:00+00:00", **back})
    return tmp_path


def hold(editions: Path, day: int, *why: str) -> None:
    held = {"edition_id": f"h{day}", "why": list(why), "expectations": ["E07"]}
    record(editions, {"event": "hold", "at": f"2026-11-{day}T18:05:00+00:00", **held})


def status(editions: Path) -> dict:
    frontdesk.write(editions)
    return json.loads((editions / "status.json").read_text(encoding="utf-8"))


def said(editions: Path, edition_id: str) -> str:
    """What the place at the head of an edition's pages shows: by CSS the last rule that fits."""
    css = (editions / "status.css").read_text(encoding="utf-8")
    found = ""
    for denied, name, content in re.findall(
        r'^body(:not\()?\[data-edition="([^"]+)"\]\)? \.standing::before \{ content: "((?:[^"\\]|\\.)*)"; \}$',
        css,
        re.M,
    ):
        if bool(denied) != (name == edition_id):
            found = re.sub(r"\\([0-9a-f]+) ", lambda code: chr(int(code[1], 16)), content)
    return found


def test_nothing_is_said_of_the_current_edition_when_all_is_well(tmp_path: Path) -> None:
    record(tmp_path, {"event": "publish", "edition_id": "e1"})
    assert status(tmp_path)["held"] is None
    assert said(tmp_path, "e1") == ""
    assert said(tmp_path, "e0").startswith("这是归档的旧期，现行的是 e1 期。")


def test_held_nights_are_counted_since_the_last_publication(editions: Path) -> None:
    record(editions, {"event": "publish", "at": "2026-11-24T18:10:00+00:00", "edition_id": "e4"})
    hold(editions, 25, "甲县缺一行 · A county is missing")
    hold(editions, 26, "第一次")
    hold(editions, 26, "甲县仍缺一行 · Still missing")  # the same night, tried again
    found = status(editions)
    assert found["current"]["edition_id"] == "e4"
    assert found["held"] == {
        "since": "2026-11-26",  # two in the morning of the next day on the reader's wall
        "nights": 2,
        "why": [{"zh": "甲县仍缺一行", "en": "Still missing"}],
    }
    assert found["last_night"]["outcome"] == "held"
    assert "自 2026-11-26 起的 2 夜未能发布：甲县仍缺一行。当前展示的是 e4 期。" in said(editions, "e4")
    record(editions, {"event": "publish", "at": "2026-11-27T18:10:00+00:00", "edition_id": "e5"})
    assert status(editions)["held"] is None and said(editions, "e5") == ""


def test_the_watchdog_is_told_once(editions: Path) -> None:
    alarm = {"event": "alarm", "why": ["2026-11-28 没有发布，这一夜没有运行完 · the night did not end"]}
    record(editions, alarm | {"at": "2026-11-27T22:00:00+00:00"})
    frontdesk.write(editions)
    assert "这一夜没有运行完" in said(editions, "e2") and "查看时发现问题" in said(editions, "e2")
    hold(editions, 28, "E07 有升降原因指不出是哪份报告 · a movement names no report")
    record(editions, alarm | {"at": "2026-11-28T22:00:00+00:00", "why": ["被门禁拦截：E07 · held"]})
    frontdesk.write(editions)
    assert said(editions, "e2").count("E07") == 1, "an alarm about a held night says nothing new"


def test_a_hold_before_anything_was_published(tmp_path: Path) -> None:
    hold(tmp_path, 25, "数据湖损坏")
    found = status(tmp_path)
    assert found["current"] is None and found["held"]["nights"] == 1
    assert "还没有发布过任何一期" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_an_edition_that_was_taken_back_says_so_and_why(editions: Path) -> None:
    found = status(editions)
    assert found["current"] == {
        "edition_id": "e2",
        "since": "2026-11-24T01:00:00+00:00",
        "as_of": "2026-11-20T18:00:00+00:00",
        "gate_decision": "pass",
    }
    assert [(one["edition_id"], one["who"]) for one in found["taken_back"]] == [("e3", "李四")]
    assert found["finals"]["2024"]["edition_id"] == "e2"
    assert said(editions, "e3").startswith(
        '本期已于 2026-11-24 撤回：用了旧名册，"甲县"缺 </style> \\ 行\n第二行。请勿引用'
    )
    assert "e3 期已于 2026-11-24 撤回" in said(editions, "e2"), "who read e3 yesterday is told where it went"
    record(editions, {"event": "publish", "at": "2026-11-25T18:10:00+00:00", "edition_id": "e4"})
    frontdesk.write(editions)
    assert "撤回" in said(editions, "e3") and said(editions, "e4") == ""
    assert "它是 2024 年度的定稿" in said(editions, "e2")


def test_going_back_over_several_takes_back_each(editions: Path) -> None:
    record(editions, {"event": "publish", "at": "2026-11-24T18:10:00+00:00", "edition_id": "e4"})
    record(editions, {"event": "rollback", "from": "e4", "edition_id": "e1", "who": "x", "why": "y"})
    assert [one["edition_id"] for one in status(editions)["taken_back"]] == ["e2", "e3", "e4"]


@pytest.mark.parametrize("text", ['"', "\\", "\n", "\r\n", "</style>", "a\\22 b", "\0", "\u202eabc", "\u2028", "甲 县"])
def test_no_text_ends_a_css_string(text: str) -> None:
    written = banner.quoted(text)
    inside = written[1:-1]
    assert written[0] == written[-1] == '"'
    assert re.fullmatch(r'(?:[^"\\\n\r\f\u2028<>\u202e]|\\[0-9a-f]{1,6} )*', inside), written
    read = re.sub(r"\\([0-9a-f]+) ", lambda code: chr(int(code[1], 16)), inside)
    assert read == text.replace("\0", "\ufffd")


def test_same_log_same_bytes(editions: Path) -> None:
    hold(editions, 25, "原因")
    frontdesk.write(editions)
    before = [(editions / name).read_bytes() for name in FILES]
    frontdesk.write(editions)
    assert [(editions / name).read_bytes() for name in FILES] == before


def test_the_archive_lists_every_night_and_links_by_permanent_places(editions: Path) -> None:
    hold(editions, 25, "<b>甲县</b>缺一行")
    record(editions, {"event": "retire", "edition_id": "e1", "manifest_sha256": "f" * 64, "why": "超过保留期"})
    (editions / "e1" / "site" / "index.html").unlink()
    frontdesk.write(editions)
    html = (editions / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<a href="([^"]+)"', html[html.index("<details") :]) == [
        "e3/site/index.html",
        "e2/site/index.html",
    ]
    for link in re.findall(r'(?:href|src)="([^"]+)"', html):
        assert (editions / link).exists(), link
    rows = re.findall(r"<tr.*?</tr>", html[html.index("<details") : html.index("</details>")], re.DOTALL)[1:]
    assert ["未通过门禁" in row for row in rows] == [True, False, False, False]
    assert "&lt;b&gt;甲县&lt;/b&gt;缺一行" in rows[0] and "E07" in rows[0]
    assert "已撤回" in rows[1] and "李四" in rows[1]
    assert "2024 年度定稿" in rows[2] and "现行" in rows[2]
    assert "f" * 64 in rows[3] and "超过保留期" in rows[3]
    acts = html[html.index('class="acts"') :]
    assert [word for word in ("清理", "撤回", "定稿") if word in acts] == ["清理", "撤回", "定稿"]


def test_a_revision_of_a_final_year_is_listed_once(editions: Path) -> None:
    for number, (name, revision) in enumerate((("e4", 0), ("e5", 1), ("e6", 1), ("e7", 2)), start=5):
        final = {"edition_id": "e2", "frozen_on": "2026-11-24", "who": "王处长", "revision": revision}
        (editions / name).mkdir()
        facts = {"edition_id": name, "gate_decision": "pass", "finals": {"2024": final}}
        (editions / name / "about.json").write_text(json.dumps(facts), encoding="utf-8")
        record(editions, {"event": "publish", "at": f"2026-11-2{number}T18:00:00+00:00", "edition_id": name})
    frontdesk.write(editions)
    html = (editions / "index.html").read_text(encoding="utf-8")
    acts = html[html.index('class="acts"') :]
    assert re.findall(r"之后的修订 (\d)", acts) == ["2", "1"]
    assert "2024 年度修订 2" in html


def test_a_damaged_old_edition_does_not_stand_in_the_way(editions: Path) -> None:
    (editions / "e1" / "about.json").write_bytes(b"{\xff")
    frontdesk.write(editions)
    assert "e1/site/index.html" in (editions / "index.html").read_text(encoding="utf-8")


def test_an_undo_that_was_undone_leaves_no_trace_in_the_banner(editions: Path) -> None:
    record(editions, {"event": "restore", "from": "e2", "edition_id": "e3", "who": "王处长", "why": "撤错了"})
    found = status(editions)
    assert found["current"]["edition_id"] == "e3" and found["taken_back"] == []
    assert said(editions, "e3") == "" and said(editions, "e2").startswith("这是归档的旧期，现行的是 e3 期。")
    assert "撤错了" in (editions / "index.html").read_text(encoding="utf-8")
