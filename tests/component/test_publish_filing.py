"""The life of a submission as people see it: the filing page, what people decided beside what it touches, the lists."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from publish import bulletin, data, site
from publish.site import filing
from publish.site.findings import MOST_NOTES
from tests.component import edition_fixture as made


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.make_edition(tmp_path_factory.mktemp("edition"))


def page(edition: Path, name: str) -> str:
    return (edition / "site" / name).read_text(encoding="utf-8")


def words(html: str) -> str:
    """What a reader sees of a piece of a page, without the spaces."""
    return re.sub(r"<[^>]*>|\s+", "", html)


def finding(html: str, message: str) -> str:
    """The card of one finding, up to the next card."""
    start = html.rindex('<div class="finding', 0, html.index(message))
    return re.split('<div class="finding|<h3', html[start + 1 :])[0]


# The filing page


def test_totals_are_the_sums_of_the_overview(edition: Path) -> None:
    [first, second] = page(edition, "filing.html").split('<section class="card" id="s')[1:]
    shown = {name: re.search(rf'data-field="{name}" data-value="(\d*)"', first) for name in ("due", *filing.SUMMED[:6])}
    counts = {name: int(found[1]) for name, found in shown.items() if found}
    assert counts == {
        "due": 9, "received": 3, "accepted": 2, "returned": 1, "overdue": 4, "expected": 1, "withdrawn": 1,
    }  # fmt: skip
    # one of the seven that came or are overdue came late, four never did
    assert "按期率28.57%" in words(first)
    assert "1个已过重报期限" in words(first)
    assert 'data-field="due" data-value=""' in second and "没有应报名册" in second, "unknown is neither zero nor a sum"


def test_a_division_names_its_overdue_departments_and_folds_many(edition: Path) -> None:
    html = page(edition, "filing.html")
    rows = re.findall(r"<tr>.*?</tr>", html.split('class="sortable divisions"')[1].split("</table>")[0], re.S)
    [row] = [row for row in rows if "四新区</a>" in row]
    assert "<summary>四新区商务局等 4 个</summary>" in row or "<summary>四新区第1局等 4 个</summary>" in row
    assert len(re.findall(r'href="department/c4[^"]*#y2024"', row)) == 4
    assert 'aria-label="逾期 4，未到期 1，撤回 1"' in row
    [sound] = [row for row in rows if "一县</a>" in row]
    assert "<details>" not in sound and "无" in sound and 'aria-label="受理 1"' in sound


def test_lists_hold_who_is_awaited_longest_first(edition: Path) -> None:
    overdue, returned = page(edition, "filing.html").split('class="sortable awaited"')[1:3]
    late = [int(days) for days in re.findall(r'<td class="n[^"]*" data-value="(\d+)"', overdue.split("</table>")[0])]
    assert late == [601, 601, 601, 571]
    assert "2025-03-11" in returned and "621" in returned and "三" not in returned.split("</table>")[0]
    assert "&lt;b&gt;坏&lt;/b&gt;县" in returned


def test_days_are_drawn_and_told(edition: Path) -> None:
    section = page(edition, "filing.html").split('id="days"')[1]
    assert "<title>2025-03-01：收到 3 份，退回 2，未受理 0</title>" in section
    assert "<title>2025-03-02：收到 1 份，退回 0，未受理 1</title>" in section
    assert section.index(">2025-03-02<") < section.index(">2025-03-01<"), "the newest day first"


def test_columns_of_the_chart_pile_up_to_the_day(edition: Path) -> None:
    days = data.load(edition).filing_days
    assert [row["received_on"].isoformat() for row in days] == ["2025-03-02", "2025-03-01", "2025-03-01"]
    chart = filing.page(data.load(edition))["chart"]
    assert chart["most"] == 3
    heights = [sum((part["height"] for part in column["parts"]), Decimal(0)) for column in chart["columns"]]
    assert heights == [Decimal(chart["height"]), Decimal(chart["height"]) / 3]
    assert [column["label"] for column in chart["columns"]] == ["2025-03", ""]


def test_a_bar_is_whole_and_leaves_out_states_that_nobody_is_in() -> None:
    counts = dict.fromkeys(filing.STATES, 0) | {"accepted": 2, "overdue": 1}
    stretches = filing.bar(counts)
    assert [one["state"] for one in stretches] == ["accepted", "overdue"]
    assert sum(one["width"] for one in stretches) == pytest.approx(100)
    assert filing.bar(dict.fromkeys(filing.STATES, 0)) == []


def test_every_page_leads_to_the_filing_page(edition: Path) -> None:
    for name, link in (("index.html", "filing.html"), ("department/c1.commerce.html", "../filing.html")):
        assert f'<a href="{link}">报送</a>' in page(edition, name)


# Findings and what people decided on them


def test_a_waiver_stands_beside_its_finding_with_reason_approver_and_last_day(edition: Path) -> None:
    card = finding(page(edition, "department/c2.commerce.html"), "未提供调整预算")
    assert "理由：waiver的理由·批准人：批准甲·有效至2027-03-31（含当日）" in words(card)
    assert "settled" in card and "怎样改正" not in card


def test_an_explanation_stands_beside_its_finding_with_its_state_and_answer(edition: Path) -> None:
    card = finding(page(edition, "department/c2.commerce.html"), "自评得分偏高")
    assert "报送单位说明·未采纳按批复口径填报处理意见：decision的理由（2026-11-20）" in words(card)
    assert "<mark>各项目标全面完成。</mark>" in card and "第88行" in card


def test_what_a_finding_caused_is_folded_under_it(edition: Path) -> None:
    html = page(edition, "department/c3.commerce.html")
    card = finding(html, "支出大于调整预算")
    assert "执行率因此大于一" in card.split("<details")[1]
    assert html.count("执行率因此大于一") == 1
    assert "封面没有填报日期" not in card


def test_nothing_open_hides_under_a_cause_that_is_settled(edition: Path) -> None:
    html = page(edition, "department/c2.commerce.html")
    card = finding(html, "执行率无法计算")
    assert "settled" not in card and "由BUD-002的问题引起" in re.sub(r"\s+", "", card)
    assert html.index("执行率无法计算") < html.index("未提供调整预算"), "open ones before settled ones"


def test_a_passage_is_quoted_with_its_section(edition: Path) -> None:
    card = finding(page(edition, "department/c3.commerce.html"), "封面没有填报日期")
    assert "<mark>填报日期：&lt;空&gt;</mark>" in card and "一、封面" in card and "字符" not in card


def test_a_quotation_names_its_line_and_section(edition: Path) -> None:
    card = words(finding(page(edition, "department/c3.commerce.html"), "支出大于调整预算"))
    assert "第2行·二、预算执行·字符18–30" in card and "第3行·二、预算执行·字符31–43" in card


def test_findings_go_by_severity_and_many_notes_are_folded(edition: Path) -> None:
    html = page(edition, "department/c2.commerce.html")
    severities = re.findall(r'<div class="finding (P\d)', html)
    assert severities == sorted(severities) and severities.count("P2") == 7 > MOST_NOTES
    notes = html.split('<details class="notes">')[1].split("</details>")[0]
    assert "P2 提示：7 条，其中未了结 7 条" in notes and notes.count('class="finding P2') == 7
    assert '<details class="notes">' not in page(edition, "department/c3.commerce.html")


def test_a_reviewed_score_stands_beside_the_self_score(edition: Path) -> None:
    assert 'data-field="reviewed_score"' not in page(edition, "department/c1.commerce.html")
    html = words(page(edition, "department/c2.commerce.html"))
    assert "自评得分96.50等级优·不参与排名" in html
    assert "复核得分90.00比自评低6.50分" in html and "reviewed_score的理由（2026-11-20）" in html


def test_an_appeal_and_a_withdrawal_stand_at_the_head_of_the_year(edition: Path) -> None:
    returned = words(page(edition, "department/c3.commerce.html"))
    assert "申诉部分支持appeal的理由（2026-11-20）处理意见：appeal_decision的理由" in returned
    assert "须于2025-03-11前重报，已过期限621天" in returned
    withdrawn = words(page(edition, "department/c4.5.html"))
    assert "报送单位已撤回这份报告（2026-11-20）：withdrawal的理由" in withdrawn


def test_every_version_is_listed_with_its_day_and_verdict(edition: Path) -> None:
    table = page(edition, "department/c1.commerce.html").split('class="versions"')[1].split("</table>")[0]
    newer, older = re.findall(r"<tr>.*?</tr>", table.split("<tbody>")[1], re.S)
    assert "2025-03-02" in newer and "已受理" in newer and "现行" in newer
    assert "2025-03-01" in older and "已退回" in older and "已被新版本替代" in older


def test_a_department_that_owes_a_report_says_since_when(edition: Path) -> None:
    assert "逾期未报应于2025-03-31前报送，已逾期601天" in words(page(edition, "department/c4.commerce.html"))
    assert "未到期应于2026-11-27前报送" in words(page(edition, "department/c4.4.html"))


def test_a_division_page_shows_where_its_filings_stand(edition: Path) -> None:
    html = words(page(edition, "division/c4.html"))
    assert "应报6·已报0（受理0，退回0）·逾期4·未到期1·撤回1·按期率0.00%" in html
    assert "应于2025-04-30前报送，已逾期571天" in html
    assert "2025-03-01首次收到，晚1天" in words(page(edition, "division/c2.html"))


# Workbook and bulletin


def rows_of(edition: Path, sheet: str) -> list[dict[str, Any]]:
    head, *rows = openpyxl.load_workbook(edition / "rankings.xlsx")[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows if row[0] != "合计"]


def test_the_workbook_lists_every_filing_as_the_warehouse_does(edition: Path) -> None:
    rows = rows_of(edition, "报送情况")
    with duckdb.connect(str(edition / "warehouse.duckdb"), read_only=True) as con:
        filings = data.rows(con, "SELECT * FROM filing_overview ORDER BY division_key, department_key")
    assert len(rows) == len(filings)
    assert sum(row["状态"] == "逾期未报" for row in rows) == 4
    by_name = {row["部门"]: row for row in rows}
    assert by_name["五区商务局"]["应报"] == "未知" and by_name["一县商务局"]["应报"] == "是"
    assert by_name["四新区第3局"]["首次收到"] == "未报送" and by_name["四新区第3局"]["晚报（逾期）天数"] == 571
    assert by_name["二县商务局"]["重报期限"] == "不适用"


def test_the_bulletin_tells_who_is_awaited_and_nothing_where_nobody_is(edition: Path) -> None:
    first, second = bulletin.compose(edition).sections
    assert "截至数据时间，逾期未报4个，退回后尚未重报1个（其中1个已过重报期限）。" in first.parts[0].paragraphs[0]
    assert "截至数据时间" not in second.parts[0].paragraphs[0]


# Reforms


def test_a_renamed_department_points_to_its_other_name_and_is_listed_once_a_year(tmp_path: Path) -> None:
    edition = made.make_edition(tmp_path)
    with duckdb.connect(str(edition / "warehouse.duckdb")) as con:
        con.execute("""
            UPDATE dim_department SET valid_from = '2020-01-01', valid_to = '2025-02-28', succeeded_by = 'c1.trade'
            WHERE department_key = 'c1.commerce'
        """)
        con.execute("""
            INSERT INTO dim_department BY NAME SELECT 'c1.trade' AS department_key, 'c1' AS division_key,
            '一县商贸局' AS name, DATE '2025-03-01' AS valid_from, 'c1.trade' AS line_key
        """)
    site.render(edition)
    old, new = words(page(edition, "department/c1.commerce.html")), words(page(edition, "department/c1.trade.html"))
    assert "该名称至2025-02-28止，此后为一县商贸局" in old
    assert "前身：一县商务局（至2025-02-28）" in new and "尚无应报年度" in new and "Notsubmitted" not in new
    assert 'href="../department/c1.commerce.html"' in page(edition, "department/c1.trade.html")
    years = page(edition, "division/c1.html").split('id="y')[1:]
    assert any("一县商务局" in year for year in years)
    assert not any("一县商贸局" in year.split("</section>")[0] for year in years)
