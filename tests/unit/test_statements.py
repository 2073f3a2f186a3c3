"""Problems, measures, rectification and assertions, on made-up texts: what is one, where it ends, what answers it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import read_document
from ingest.reading import grammar
from ingest.reading.normalise import mask_personal_data, normalise
from ingest.reading.statements import Statement, read_statements

HEADING = "（三）存在问题及改进意见\n"
WRITTEN = st.text(
    alphabet="一二三四五是、，。；：（）()123.\n存在问题不足滞后下一步改进措施加强整改制度公开满意率以上%项目预算",
    max_size=200,
)


def read(text: str) -> list[Statement]:
    document = read_document(text.encode())
    return read_statements(normalise(document), mask_personal_data(document.text))


def of_kind(kind: str, text: str) -> list[str]:
    return [statement.quote for statement in read(text) if statement.kind == kind]


def test_several_problems_in_one_paragraph_are_several_statements() -> None:
    text = HEADING + "一是预算编制不够细致；二是项目验收滞后，影响决算。三是档案人员不足。"
    assert of_kind("problem", text) == ["预算编制不够细致", "项目验收滞后，影响决算", "档案人员不足"]


def test_sentences_behind_a_marked_problem_belong_to_it() -> None:
    text = HEADING + "一是采购偏慢。三个批次到年底才开标。二是台账不全。"
    assert of_kind("problem", text) == ["采购偏慢。三个批次到年底才开标", "台账不全"]


def test_a_numbered_problem_holds_its_title_and_its_explanation() -> None:
    text = "四、存在的主要问题\n1.支付进度偏慢。两个项目年底才评审。\n2.绩效指标不够细。个别科室未写数量。"
    assert of_kind("problem", text) == ["支付进度偏慢。两个项目年底才评审", "绩效指标不够细。个别科室未写数量"]


def test_without_marks_each_sentence_with_a_sign_is_a_problem_of_its_own() -> None:
    text = "四、存在问题\n主要表现为：项目完成不及时；业务培训有待加强。"
    assert of_kind("problem", text) == ["项目完成不及时", "业务培训有待加强"]


def test_words_that_only_lead_to_problems_are_none() -> None:
    text = HEADING + "从自评情况看，我局工作仍存在一些不足。一是台账不全。"
    assert of_kind("problem", text) == ["台账不全"]


@pytest.mark.parametrize("nothing", ["无。", "未发现重大问题。", "各项工作正常，成效较好。", "不涉及。"])
def test_nothing_to_say_is_no_problem(nothing: str) -> None:
    assert read("四、存在问题\n" + nothing) == []


def test_a_measure_begins_where_the_text_turns_to_it() -> None:
    text = HEADING + "一是支付进度滞后，下一步将按月通报。"
    assert of_kind("problem", text) == ["支付进度滞后"]
    assert of_kind("measure", text) == ["下一步将按月通报"]


def test_a_heading_with_problems_behind_a_conclusion_begins_with_the_conclusion() -> None:
    text = "三、自评结论及存在问题\n自评得分96分。主要问题：一是预算到位率偏低；二是改造尚未完工。"
    assert of_kind("problem", text) == ["预算到位率偏低", "改造尚未完工"]


def test_a_problem_may_be_named_in_another_section() -> None:
    text = "二、绩效自评情况\n（一）自评结论\n自评得分90分。存在问题：看守所改造支付缓慢。"
    assert of_kind("problem", text) == ["看守所改造支付缓慢"]


def test_a_list_may_follow_the_line_that_announces_it() -> None:
    text = (
        "整体情况较好\n存在的主要问题：\n1.台账不全，未按月更新。\n2.采购滞后，合同晚签。\n二、其他\n1.食堂面积不足。"
    )
    assert of_kind("problem", text) == ["台账不全，未按月更新", "采购滞后，合同晚签"]


def test_other_matters_to_explain_are_no_problems() -> None:
    assert of_kind("problem", "七、其他需要说明的问题\n本表经党组会审议。") == []


def test_plans_in_other_sections_are_no_measures() -> None:
    assert read("（二）年度总体工作\n下一步将加强招商。今后继续完善项目库。") == []


def test_points_taken_off_for_a_fault_tell_a_problem() -> None:
    assert of_kind("problem", "二、绩效情况\n绩效监控不及时，扣1分。监控全面，得5分。") == ["绩效监控不及时，扣1分"]


def test_rectification_of_the_year_before() -> None:
    text = "四、上年度绩效自评整改情况\n上年指出的台账问题已整改到位。"
    assert of_kind("rectification", text) == ["上年指出的台账问题已整改到位"]


def test_a_section_on_the_use_of_results_is_no_rectification() -> None:
    assert of_kind("rectification", "六、自评结果应用和公开\n自评结果作为编制预算的依据。") == []


def topics(text: str) -> list[str]:
    return [statement.topic for statement in read(HEADING + text)]


def test_the_first_clause_says_what_a_problem_is_about() -> None:
    assert topics("一是预算编制不细，影响绩效目标。二是绩效目标不清，影响预算编制。") == ["预算编制", "绩效目标"]


def test_a_problem_without_a_known_word_has_the_topic_of_all_others() -> None:
    assert topics("一是天气不好。") == [grammar.load("statements")["other_topic"]]


def pairs(text: str) -> list[tuple[int, int | None]]:
    return [(s.number, s.pairs_with) for s in read(HEADING + text) if s.kind == "problem"]


def test_a_problem_pairs_with_the_measure_of_its_topic_wherever_that_stands() -> None:
    text = "一是采购不规范。二是台账不全。改进措施：一是完善台账管理。二是规范采购流程。"
    assert pairs(text) == [(1, 4), (2, 3)]


def test_problems_of_one_topic_pair_in_order_and_share_the_last_measure() -> None:
    text = "一是采购意向不全。二是采购合同晚签。三是采购不规范。改进措施：一是加强采购公示。二是加强采购审核。"
    assert pairs(text) == [(1, 4), (2, 5), (3, 5)]


def test_as_many_measures_as_problems_pair_in_order_where_topics_say_nothing() -> None:
    text = "一是天气不好。二是采购不规范。改进措施：一是加强预判。二是规范采购。"
    assert pairs(text) == [(1, 3), (2, 4)]


def test_a_problem_without_a_measure_pairs_with_none() -> None:
    text = "一是采购不规范。二是台账不全。改进措施：规范采购流程。"
    assert pairs(text) == [(1, 3), (2, None)]


def test_a_measure_in_the_same_numbered_item_answers_first() -> None:
    text = "1.采购不规范。下一步将加强学习。\n2.台账不全。下一步将规范采购。"
    assert pairs(text) == [(1, 2), (3, 4)]


def asserted(sentence: str, heading: str = "（二）预算执行情况\n") -> list[tuple[str, str | None, Decimal | None]]:
    return [(s.topic, s.operator, s.bound) for s in read(heading + sentence) if s.kind == "assertion"]


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("我局财务制度健全。", "制度"),
        ("制定了内部财务管理制度。", "制度"),
        ("按规定时限公开预决算信息。", "预决算公开"),
        ("由内审小组定期检查。", "内部审计"),
        ("固定资产利用率较高，得到充分利用，账实相符。", "资产"),
        ("不截留、挪用资金。", "资金使用合规"),
        ("会计核算规范。", "会计核算"),
        ("严格执行政府采购规定。", "采购"),
        ("年度绩效目标全面完成。", "目标完成"),
    ],
)
def test_management_assertions_by_topic(sentence: str, topic: str) -> None:
    assert asserted(sentence) == [(topic, None, None)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("三公经费控制率保持在100%以下。", ("三公", "<", Decimal(1))),
        ("“三公”经费未超预算。", ("三公", "<=", Decimal(1))),
        ("群众对服务的满意率达百分之九十五以上。", ("满意度", ">=", Decimal("0.95"))),
        ("服务对象满意度超过98%。", ("满意度", ">", Decimal("0.98"))),
    ],
)
def test_a_bound_is_kept_as_a_ratio(sentence: str, expected: tuple[str, str, Decimal]) -> None:
    assert asserted(sentence) == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "群众满意度93.6%。",
        "群众满意度目标≥90%，实际完成91.5%。",
        "三公经费控制率96.4%。",
        "力争群众满意度达到95%以上。",
        "资金使用合规性扣1分。",
        "下年将完善内控制度。",
    ],
)
def test_an_exact_figure_an_aim_and_a_deduction_are_no_assertions(sentence: str) -> None:
    assert asserted(sentence) == []


def test_duties_and_targets_assert_nothing() -> None:
    assert asserted("负责制定管理制度。", "（一）部门职能\n") == []
    assert asserted("群众满意度95%以上。", "（三）部门整体支出绩效目标\n") == []


def test_one_sentence_may_assert_on_several_topics() -> None:
    assert {topic for topic, _, _ in asserted("内控制度健全，会计核算规范，未发生挪用资金情形。")} == {
        "制度",
        "内部审计",
        "会计核算",
        "资金使用合规",
    }


def test_personal_data_are_in_no_statement() -> None:
    text = "四、存在问题\n一是台账不全。联系电话：0752-3270000。联系人：张示例。二是人员不足。"
    assert of_kind("problem", text) == ["台账不全", "人员不足"]


def test_every_topic_and_rule_of_the_grammar_is_named_once() -> None:
    data = grammar.load("statements")
    names = [row["topic"] for row in data["topics"]]
    rules = [row["id"] for row in (*data["assertions"], *data["anywhere"])]
    assert len(names) == len(set(names)) and len(rules) == len(set(rules))
    assert {row["topic"] for row in data["assertions"]} <= set(names)


@given(WRITTEN)
def test_statements_are_numbered_in_order_and_quote_what_their_span_names(text: str) -> None:
    text = HEADING + text
    document = read_document(text.encode())
    found = read(text)
    assert [statement.number for statement in found] == list(range(1, len(found) + 1))
    assert [s.span_start for s in found] == sorted(s.span_start for s in found)
    assert all(document.text[s.span_start : s.span_end] == s.quote for s in found)


@given(WRITTEN)
def test_only_problems_pair_and_only_with_measures(text: str) -> None:
    found = read(HEADING + text)
    paired = [(statement.kind, found[statement.pairs_with - 1].kind) for statement in found if statement.pairs_with]
    assert set(paired) <= {("problem", "measure")}
