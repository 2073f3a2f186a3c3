"""Whose report it is, told from its text."""

import pytest

from ingest.documents import DocumentError
from ingest.identify import Directory, Division, identify

FUNCTIONS = [{"function_key": "education", "duty_words": "教育;学校"}, {"function_key": "other", "duty_words": ""}]
DIRECTORY = Directory(
    (
        Division("p", "甲州市", "", ("甲州市",)),
        Division("a", "甲县", "p", ("甲县",)),
        Division("z", "甲州高新技术产业开发区", "p", ("甲州高新技术产业开发区", "甲州高新区")),
        Division("c1", "城区", "p", ("城区",)),
        Division("c2", "城区", "q", ("城区",)),
        Division("q", "乙州市", "", ("乙州市",)),
    ),
    {"a": {"教育体育局": ("education",), "第一中学": ("education",), "东街道办事处": ()}},
)


def known(text: str) -> tuple[str, str, int, tuple[str, ...]]:
    found = identify(text, DIRECTORY, FUNCTIONS)
    return found.division_key, found.full_name, found.fiscal_year, found.rule_ids


def test_title_with_an_ocr_space() -> None:
    assert known("甲县教育局部门整体 支出绩效自评报告\n(2021年度)\n") == (
        *("a", "甲县教育局", 2021),
        ("identity.title", "year.title"),
    )


def test_cover_line_and_date_of_filing() -> None:
    text = "部门整体支出绩效自评报告\n部门名称：甲县教育局（公章）\n填报日期：2021.3.15\n本局职责是办学。"
    assert known(text) == ("a", "甲县教育局", 2020, ("identity.cover", "year.before_filing"))


def test_a_zone_is_not_the_city_around_it() -> None:
    text = "部门整体支出绩效自评报告\n一、部门职能\n甲州市甲州高新区经济发展局负责工业。2020年预算100万元。"
    assert known(text)[:3] == ("z", "甲州高新区经济发展局", 2020)


def test_the_name_of_a_department_stops_at_its_first_ending() -> None:
    text = "绩效自评报告\n职能：甲县教育局区教育局负责教育。2020年支出1万元。"
    assert known(text)[1] == "甲县教育局"


def test_a_register_knows_the_longer_name() -> None:
    assert known("甲县教育体育局2022年度部门整体支出绩效自评报告")[1] == "甲县教育体育局"


def test_a_town_is_a_department_even_where_its_title_names_the_county_alone() -> None:
    title = "甲县上河镇人民政府部门整体支出绩效自评报告"
    text = f"{title}\n（2021年度）\n部门职能：甲县民政中心配合本镇。2021年预算1万元。"
    assert known(text) == ("a", "甲县上河镇人民政府", 2021, ("identity.title", "year.title"))


def test_a_name_in_the_register_needs_no_usual_ending() -> None:
    text = "甲县第一中学2021年度部门整体支出绩效自评报告\n甲县教育局为主管部门。2021年预算1万元。"
    assert known(text)[:2] == ("a", "甲县第一中学")


def test_a_title_in_two_lines_with_the_year_in_the_first() -> None:
    assert known("2022年度甲县教育局\n部门整体支出绩效自评报告\n一、部门概况（略）\n")[2:] == (
        2022,
        ("identity.body", "year.title"),
    )


def test_an_office_of_the_government_bears_it_before_its_name() -> None:
    assert known("甲县人民政府东街道办事处2022年度部门整体支出绩效自评报告")[1] == "甲县东街道办事处"


def test_the_year_most_named_beside_money() -> None:
    text = "绩效自评报告\n甲县教育局职能。2019年改革。2020年预算1万元。2020年支出1万元。比2019年预算增加。"
    assert known(text)[2:] == (2020, ("identity.body", "year.most_named"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("甲县教育局工作总结", "NOT_A_REPORT"),
        ("丙县教育局2021年度绩效自评报告", "UNKNOWN_DIVISION"),
        ("甲县绩效自评报告（2021年度）", "UNKNOWN_DEPARTMENT"),
        ("甲县教育局绩效自评报告", "UNKNOWN_YEAR"),
        ("城区教育局2021年度绩效自评报告", "UNKNOWN_DIVISION"),
    ],
)
def test_what_the_text_does_not_say_is_not_guessed(text: str, reason: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        identify(text, DIRECTORY, FUNCTIONS)
    assert refusal.value.reason_code == reason


def test_a_name_that_two_divisions_share_is_told_apart_by_the_parent() -> None:
    assert known("乙州市城区教育局2021年度绩效自评报告")[0] == "c2"
