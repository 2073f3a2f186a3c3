"""The account of a form's digits, whatever its cells hold."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading import grammar
from ingest.reading.coverage import coverage_of
from ingest.reading.form import FormReader
from tests.unit.forms import ABOVE, LEFT, reader_of

WORDS = [
    *chain.from_iterable(
        column["words"][:3] for block in grammar.load("forms")["blocks"] for column in block["columns"]
    ),
    *chain.from_iterable(row["words"][:1] for row in grammar.load("forms")["facts"]),
    *chain.from_iterable(words[:2] for words in grammar.load("forms")["categories"].values()),
    *chain.from_iterable(grammar.load("forms")["totals"].values()),
]
VALUES = st.sampled_from(
    [
        "",
        "0",
        "/",
        "不适用",
        "≥90%",
        "1,234.5",
        "3次",
        "0.95",
        "完成",
        "（20）",
        "2024年12月底前",
        "增长5%",
        "第2名",
        "-",
    ]
)
CELLS = st.one_of(
    st.sampled_from(WORDS),
    VALUES,
    st.sampled_from([LEFT, ABOVE]),
    st.text(alphabet="一产出（）()0123456789.%，,：:年月分≥-至万元次 \\n", max_size=12),
)


@st.composite
def grids(draw: st.DrawFn) -> str:
    """Rows of cells, most of them of one width."""
    width = draw(st.integers(1, 7))
    rows = draw(st.lists(st.lists(CELLS, min_size=max(width - 1, 1), max_size=width), min_size=1, max_size=7))
    return "\n".join(" | ".join(row) for row in rows)


def coverage(reader: FormReader) -> tuple[int, int]:
    """How many digits of a reader's document are claimed or known noise, and how many there are."""
    claimed = [(claim.span_start, claim.span_end) for claim in reader.claims]
    found = coverage_of(reader.document.text, claimed, reader.noise())
    return found.digits - len(found.unclaimed), found.digits


@given(grids())
def test_any_table_is_read_and_its_digits_accounted_for(grid: str) -> None:
    reader = reader_of(grid)
    claimed = {point for c in reader.claims for point in range(c.span_start, c.span_end)}
    noise = [point for start, end, _ in reader.noise() for point in range(start, end)]
    assert len(noise) == len(set(noise)), "no digit is noise twice"
    assert not claimed & set(noise), "no digit is both claimed and noise"
    assert all(name for _, _, name in reader.noise())
    for claim in reader.claims:
        assert reader.document.text[claim.span_start : claim.span_end] == claim.quote
        assert claim.host is None or claim.host < claim.number
        assert claim.rule_ids[0].startswith("form.")


@given(grids())
def test_reading_is_the_same_each_time(grid: str) -> None:
    assert reader_of(grid).claims == reader_of(grid).claims


def classes_of(grid: str) -> dict[str, str]:
    reader = reader_of(grid)
    return {reader.document.text[start:end]: name for start, end, name in reader.noise()}


@pytest.mark.parametrize(
    ("grid", "digits", "name"),
    [
        ("三级指标 | 指标值 | 完成值 | 得分（满分100分）\n公路 | 1公里 | 2公里 | 3", "100", "form.noise.header"),
        ("序号 | 三级指标 | 分值 | 得分\n7 | 公路 | 5 | 4", "7", "form.noise.row_number"),
        ("三级指标 | 分值 | 评分标准 | 得分\n公路 | 5 | 每处扣2分 | 4", "2", "form.noise.criterion"),
        ("三级指标 | 分值 | 得分\n指标9：公路 | 5 | 4", "指标9：", "form.noise.level_number"),
        ("预算编码 | 123001 | 备注", "123001", "noise.code"),
        ("填报日期 | 2025年3月31日 | 备注", "2025", "noise.date"),
        ("附件2 | < | <", "附件2", "form.noise.attachment"),
        ("执行率 | （C1=B/A×100%） | 备注", "（C1=B/A×100%）", "form.noise.formula"),
        ("序号 | 资金 | 年初预算数 | 全年预算数\n栏次 | 1 | 2 | 3", "3", "form.noise.column_number"),
        ("项目 | 2024年工作 | 备注", "2024年", "noise.year"),
    ],
)
def test_digits_that_are_no_figures_have_a_class(grid: str, digits: str, name: str) -> None:
    assert classes_of(grid)[digits] == name


def test_digits_that_nobody_understands_stay_open() -> None:
    reader = reader_of("三级指标 | 指标值 | 完成值 | 得分 | 扣分原因\n公路 | 1公里 | 2公里 | 3 | 有4处不足")
    known, digits = coverage(reader)
    assert digits - known == 1


def test_a_filled_in_form_is_accounted_for_to_the_last_digit() -> None:
    known, digits = coverage(
        reader_of("""
附件1 | < | < | < | < | < | <
预算编码 | 123001 | 填报日期 | 2025-03-31 | 编制人数 | 35 | 人
资金 | 年初预算数 | 全年预算数（A） | 全年执行数（B） | 分值 | 执行率（B/A） | 得分（10分）
合计 | 1,100.00 | 1000 | 950.5 | 10 | 95.05% | 9.5
一级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 评分标准
产出（50分） | 指标1：新建公路（公里） | ≥10 | 12 | 50 | 49 | 每少1公里扣2分
^ | 指标2：完成时间 | 2024年12月底前 | 2024年11月 | 40 | 40 | 逾期扣5分
总分 | < | < | < | 100 | 98.5 |
""")
    )
    assert known == digits


def test_a_new_word_of_the_grammar_is_enough_for_a_new_form(monkeypatch: pytest.MonkeyPatch) -> None:
    from copy import deepcopy

    from ingest.reading.forms import vocabulary

    changed = deepcopy(grammar.load("forms"))
    next(c for c in changed["blocks"][1]["columns"] if c["id"] == "actual")["words"].append("办成了多少")
    form = "三级指标 | 指标值 | 办成了多少 | 分值\n公路 | 1公里 | 2公里 | 3"
    assert "actual" not in {claim.role for claim in reader_of(form).claims}
    vocabulary.blocks.cache_clear()
    monkeypatch.setattr(grammar, "load", lambda name, load=grammar.load: changed if name == "forms" else load(name))
    try:
        assert "actual" in {claim.role for claim in reader_of(form).claims}
    finally:
        vocabulary.blocks.cache_clear()
