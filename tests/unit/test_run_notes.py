"""The one line in Airflow's grid that says how a run ended."""

import pytest

from jiheng.airflow.run_notes import LONGEST, note

COUNTS = {"received": 60, "accepted": 46, "returned": 8, "quarantined": 6}
EDITION = {"edition_id": "2026-03-31-abcd1234"}
PUBLISHED = COUNTS | EDITION | {"publication": "published", "gate": "pass"}
HELD = {"decision": "hold", "holding": ["K01 少了一个区划"]}


@pytest.mark.parametrize(
    ("dag", "results", "said"),
    [
        (
            "nightly_rankings",
            {"publish_edition": PUBLISHED},
            "2026-03-31-abcd1234 已发布 · 收到 60 · 受理 46 · 退回 8 · 隔离 6 · 门禁通过",
        ),
        (
            "nightly_rankings",
            {"publish_edition": PUBLISHED | {"publication": "overtaken", "received": 0}},
            "2026-03-31-abcd1234 已有更新的一期，未发布 · 没有新文件 · 门禁通过",
        ),
        ("intake", {"land": COUNTS}, "收到 60 · 受理 46 · 退回 8 · 隔离 6"),
        ("intake", {}, "没有新文件"),
        ("held_edition", {"explain": EDITION}, "2026-03-31-abcd1234 维持拦截"),
        (
            "held_edition",
            {"explain": EDITION, "act": {"override": {"who": "值班负责人"}}},
            "2026-03-31-abcd1234 由值班负责人放行，已发布",
        ),
        ("housekeeping", {"keep_house": ["e1", "e2"]}, "清理 2 期：e1、e2"),
        ("housekeeping", {"keep_house": []}, "没有到期的"),
        ("watchdog", {"look": True}, "一切正常"),
        ("watchdog", {}, "未查看：已错过这天早上"),
        ("another", {}, "已完成"),
    ],
)
def test_a_run_that_ended_well(dag: str, results: dict, said: str) -> None:
    assert note(dag, results, {}, []) == said


def test_a_held_night_says_why_and_not_that_a_task_failed() -> None:
    results = {"land": COUNTS, "build_warehouse": EDITION, "evaluate_gate": HELD}
    told = note("nightly_rankings", results, {"publish_edition": "门禁未通过"}, ["发布"])
    assert told == "2026-03-31-abcd1234 被拦截，未发布 · 收到 60 · 受理 46 · 退回 8 · 隔离 6 · K01 少了一个区划"


def test_a_failure_says_where_and_why_and_stays_one_line() -> None:
    assert note("nightly_rankings", {}, {"build": "磁盘已满：/data"}, ["建仓"]) == "建仓未完成：磁盘已满：/data"
    assert note("intake", {}, {}, ["阅读检查"]) == "阅读检查未完成"
    assert len(note("intake", {}, {"x": "长" * 900}, ["阅读检查"])) == LONGEST
