"""Normalising, finding figures, and saying what they are: on short made-up texts."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import read_document
from ingest.reading.claims import Claim
from ingest.reading.lexer import chinese_number, tokens_of
from ingest.reading.normalise import MASK, mask_personal_data, normalise
from ingest.reading.report import read_report
from jiheng.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
WRITTEN = st.text(
    alphabet="一二三、。，；：（）()0123456789.%万元亿家宗约至-~ \n年月预算支出增长目标完成率", max_size=300
)


def claims_of(text: str) -> tuple[Claim, ...]:
    return read_report(read_document(text.encode()), 2024, REFERENCE).claims


def told(text: str) -> list[tuple[str, str | None, str, str]]:
    return [(c.kind, c.subject, c.role, str(c.value)) for c in claims_of(text)]


@given(WRITTEN)
def test_every_character_maps_back_to_the_source(text: str) -> None:
    document = read_document(("文" + text).encode())
    regular = normalise(document)
    assert len(regular.text) == len(regular.offsets)
    assert list(regular.offsets) == sorted(regular.offsets)
    assert all(0 <= offset < len(document.text) for offset in regular.offsets)


@given(WRITTEN)
def test_every_quotation_is_the_stretch_of_text_that_its_span_names(text: str) -> None:
    document = read_document(("文" + text).encode())
    for claim in read_report(document, 2024, REFERENCE).claims:
        assert document.text[claim.span_start : claim.span_end] == claim.quote


@given(WRITTEN)
def test_every_digit_is_accounted_for(text: str) -> None:
    coverage = read_report(read_document(("文" + text).encode()), 2024, REFERENCE).coverage
    assert sum(coverage.by_class.values()) == coverage.digits
    assert coverage.digits == sum(character in "0123456789" for character in text)


def test_personal_data_are_masked_at_equal_length() -> None:
    text = "填报人：张示例\n联系电话：0752-3270000\n手机 13800000000，预算100万元"
    masked = mask_personal_data(text)
    assert len(masked) == len(text)
    assert "张示例" not in masked and "3270000" not in masked and "13800000000" not in masked
    assert "预算100万元" in masked and MASK * 3 in masked


def test_units_are_a_multiplier_and_a_base() -> None:
    [tonnes, dollars, acres] = claims_of("（二）使用效益\n产量19.3万吨，利用外资600万美元，农田3.97万亩。")
    assert (tonnes.value_base, tonnes.unit_base) == (Decimal("193000.0"), "吨")
    assert (dollars.value_base, dollars.unit_base, dollars.unit_family) == (Decimal(6000000), "美元", "usd")
    assert (acres.value_base, acres.unit_base) == (Decimal("39700.00"), "亩")


def test_operators_and_ranges() -> None:
    tokens = [
        t for t in tokens_of("不低于70宗、超30%以上、15~20宗、约200宗、2亿元以上、950余人次") if t.kind == "quantity"
    ]
    assert [(t.operator, str(t.value)) for t in tokens] == [
        *((">=", "70"), (">", "30"), ("range", "15"), ("~", "200"), (">=", "2"), (">", "950")),
    ]
    assert tokens[2].value_high == Decimal(20)


def test_what_is_no_figure() -> None:
    text = "根据示财预〔2024〕11号文件，2024年3月31日，5G和4K/8K，第四届，14+7天，1号便道"
    assert {t.kind for t in tokens_of(text)} <= {"noise", "year"}


def test_chinese_numbers() -> None:
    assert [chinese_number(text) for text in ("九十五", "十", "一百", "九十八点五")] == [
        *(Decimal(95), Decimal(10), Decimal(100), Decimal("98.5")),
    ]


def test_a_bracket_breaks_an_amount_down_and_a_rate_behind_it_belongs_to_the_whole() -> None:
    found = told(
        "（四）部门整体支出情况\n当年预算支出90.00万元（基本支出50.00万元、项目支出40.00万元），预算执行率90.00%。"
    )
    assert found == [
        ("expenditure", "total", "actual", "90.00"),
        ("expenditure", "basic", "actual", "50.00"),
        ("expenditure", "project", "actual", "40.00"),
        ("execution_rate", "total", "stated", "90.00"),
    ]


def test_names_listed_first_and_figures_after() -> None:
    found = told("（四）部门整体支出情况\n全年预算数为100.00万元，基本支出、项目支出分别为60.00万元、40.00万元。")
    assert [(subject, value) for _, subject, _, value in found] == [
        *(("total", "100.00"), ("basic", "60.00"), ("project", "40.00")),
    ]


def test_handed_down_targets_and_what_was_done() -> None:
    found = told(
        "（二）使用效益\n县政府下达新开工项目60宗、新竣工项目40宗的年度任务。全年完成新开工项目21宗（完成率35%）。"
    )
    assert found == [
        ("indicator", "started_projects", "target", "60"),
        ("indicator", "completed_projects", "target", "40"),
        ("indicator", "started_projects", "actual", "21"),
        ("completion_rate", "started_projects", "stated", "35"),
    ]


def test_a_sign_is_in_the_verb() -> None:
    [_, growth] = claims_of("（二）使用效益\n完成情况：工业投资52.5亿元，同比下降2.4%。")
    assert (growth.kind, growth.value, growth.subject) == ("growth", Decimal("-2.4"), "industrial_investment")


def test_part_of_the_year_stays_with_its_paragraph() -> None:
    [actual, forecast] = claims_of(
        "（二）使用效益\n2024年1-11月，实际利用外资5.10亿元。2024年全年实际利用外资预计7.30亿元。"
    )
    assert (actual.period_end and actual.period_end.month, actual.role) == (11, "actual")
    assert (forecast.period_end and forecast.period_end.month, forecast.role) == (12, "forecast")


def test_a_page_break_inside_a_sentence_is_joined() -> None:
    assert told("（四）部门整体支出情况\n年初预\n\n算100.00\n\n万元。") == [("budget", "total", "initial", "100.00")]


def test_a_form_is_read_by_its_headers() -> None:
    found = told("自评表\n资金 年初预算数 全年预算数 全年执行数 执行率\n合计 200.00 180.00 90.00 50.00%\n")
    assert found == [
        ("budget", "total", "initial", "200.00"),
        ("budget", "total", "adjusted", "180.00"),
        ("expenditure", "total", "actual", "90.00"),
        ("execution_rate", "total", "stated", "50.00"),
    ]
