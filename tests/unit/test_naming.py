"""Candidates for unknown names never stand behind a gate; answers are appended, and the latest one holds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lake import GENESIS, Lake
from ingest.naming import answers
from ingest.naming.answers import Answer, AnswerError, Item, record, standing
from ingest.naming.candidates import Finder, KnownName, gates_crossed, known_names, morphemes_of
from ingest.reading.grammar import read_table
from jiheng.settings import PROJECT_ROOT

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
REFERENCE = PROJECT_ROOT / "dbt_project" / "seeds"
BRIDGES = Item("b1", "indicator", "改造危桥", "count")
NEW_BRIDGES = Answer("new_indicator", "bridges_rebuilt", "改造危桥", "Bridges", "output_quantity", "positive", "count")


def catalogue() -> list[KnownName]:
    aliases = read_table(REFERENCE / "indicator_aliases.csv")
    return known_names([], [(row["surface"], row["indicator_key"], row["unit_family"]) for row in aliases], [])


def keys(surface: str, unit_family: str | None) -> list[str]:
    return [one.indicator_key for one in Finder(catalogue()).candidates(surface, unit_family)]


@pytest.mark.parametrize(
    ("surface", "unit_family", "meant"),
    [
        ("招商新签约项目个数", "count", "signed_projects"),
        ("当年新开工的项目", "count", "started_projects"),
        ("工业技术改造总投资", "money", "technical_upgrade_investment"),
        ("规模以上工业总产值（现价）", "money", "industrial_output_value"),
        ("群众的满意度", "ratio", "service_satisfaction"),
        ("农村生活污水处理率", "ratio", "sewage_treatment_rate"),
    ],
)
def test_the_most_alike_name_comes_first(surface: str, unit_family: str, meant: str) -> None:
    assert keys(surface, unit_family)[0] == meant


@pytest.mark.parametrize(
    ("surface", "unit_family", "behind_a_gate"),
    [
        ("新竣工", "count", "started_projects"),
        ("集中开竣工活动", "count", "completed_projects"),
        ("工业技改投资", "money", "industrial_investment"),
        ("限上批发业零售额", "money", "retail_trade_sales"),
        ("规上工业总产值", "money", "industrial_value_added"),
        ("合同利用外资", "money", "foreign_investment_utilised"),
        ("新开工项目", "money", "started_projects"),
        ("新增就业", "ratio", "unemployment_rate"),
    ],
)
def test_no_candidate_stands_behind_a_gate(surface: str, unit_family: str, behind_a_gate: str) -> None:
    assert behind_a_gate not in keys(surface, unit_family)


def test_the_longest_word_says_which_morpheme_it_is() -> None:
    assert morphemes_of("外贸进出口总额") == {"trade_direction": frozenset({"进出口"})}
    assert morphemes_of("项目按时完成率") == {"rate": frozenset({"及时"})}


def test_a_rate_is_compared_whatever_its_unit() -> None:
    assert keys("工业技改投资", "ratio") == []
    assert keys("工业技改投资", None)[0] == "technical_upgrade_investment"


def test_words_like_nothing_have_no_candidate() -> None:
    assert keys("取消证明材料", "count") == []


@given(st.text(max_size=30), st.sampled_from(["count", "money", "ratio", None]))
def test_candidates_are_few_different_and_in_order(surface: str, unit_family: str | None) -> None:
    found = Finder(catalogue()).candidates(surface, unit_family)
    assert len(found) <= 3 and len({one.indicator_key for one in found}) == len(found)
    assert [one.similarity for one in found] == sorted((one.similarity for one in found), reverse=True)


@pytest.mark.parametrize(
    ("surface", "unit_family", "crossed"),
    [
        ("小升规", "count", ()),
        ("新开工", "count", ("stage", "threshold")),
        ("规上企业培育", "ratio", ("unit_family",)),
        ("规上企业培育", None, ()),
    ],
)
def test_gates_that_a_person_leads_across_are_named(
    surface: str, unit_family: str | None, crossed: tuple[str, ...]
) -> None:
    names = [name for name in catalogue() if name.indicator_key == "upscaled_enterprises"]
    assert gates_crossed(surface, unit_family, names) == crossed


# Answers ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def say(tmp_path: Path) -> Callable[..., answers.Recorded]:
    """Record an answer to BRIDGES, each a second later than the last."""
    moments = (NOON + timedelta(seconds=second) for second in range(100))

    def recorded(answer: Answer, item: Item = BRIDGES, by: str = "甲", reason: str = "常用说法") -> answers.Recorded:
        return record(Lake(tmp_path), REFERENCE, item, answer, by, reason, next(moments))

    return recorded


def rows(tmp_path: Path) -> list[dict[str, object]]:
    return Lake(tmp_path).read(answers.TABLE)


def test_an_answer_is_kept_with_its_time_author_and_reason(
    say: Callable[..., answers.Recorded], tmp_path: Path
) -> None:
    assert say(NEW_BRIDGES).is_new
    [row] = rows(tmp_path)
    assert (row["answered_by"], row["answered_at"], row["reason"]) == ("甲", NOON, "常用说法")
    assert (row["answer"], row["indicator_unit_family"], row["surface"]) == ("bridges_rebuilt", "count", "改造危桥")


@pytest.mark.parametrize("again", [NEW_BRIDGES, Answer("indicator", "bridges_rebuilt")])
def test_the_same_answer_again_appends_nothing(
    say: Callable[..., answers.Recorded], tmp_path: Path, again: Answer
) -> None:
    say(NEW_BRIDGES)
    repeated = say(again, by="乙")
    assert not repeated.is_new and repeated.row["answered_by"] == "甲"
    assert len(rows(tmp_path)) == 1


def test_the_latest_answer_holds_and_the_earlier_one_stays(
    say: Callable[..., answers.Recorded], tmp_path: Path
) -> None:
    say(Answer("no_indicator"))
    say(Answer("indicator", "roads_built"), by="乙")
    assert [row["answer_kind"] for row in rows(tmp_path)] == ["no_indicator", "indicator"]
    assert standing(rows(tmp_path))["b1"]["answered_by"] == "乙"


def test_a_reopened_question_has_no_answer(say: Callable[..., answers.Recorded], tmp_path: Path) -> None:
    assert not say(Answer("reopened")).is_new
    say(Answer("no_indicator"))
    assert say(Answer("reopened")).is_new
    assert standing(rows(tmp_path)) == {}


def test_an_answer_across_gates_says_so(say: Callable[..., answers.Recorded]) -> None:
    crossing = say(Answer("indicator", "upscaled_enterprises"), Item("s", "indicator", "新开工", "ratio"))
    assert crossing.row["gates_crossed"] == ["unit_family", "stage", "threshold"]


def test_an_answered_name_is_known_from_then_on(say: Callable[..., answers.Recorded]) -> None:
    say(NEW_BRIDGES)
    again = say(Answer("indicator", "bridges_rebuilt"), Item("t", "indicator", "危桥改造", "count"))
    assert again.is_new and again.row["gates_crossed"] == []


@pytest.mark.parametrize(
    ("question", "answer", "complaint"),
    [
        ("indicator", Answer("indicator", "green_factory"), "perhaps: green_factories"),
        ("indicator", Answer("role", "target"), "--as, --new, --none"),
        ("role", Answer("no_indicator"), "--role"),
        ("role", Answer("role", "self"), "target, actual"),
        ("indicator", Answer("new_indicator", "Bridges", "桥"), "small letters"),
        ("indicator", Answer("new_indicator", "roads_built", "路"), "use --as"),
        ("indicator", Answer("new_indicator", "bridges"), "--title"),
        ("indicator", Answer("new_indicator", "bridges", "桥", "Bridges", "output", "positive", "count"), "--category"),
        (
            "indicator",
            Answer("new_indicator", "bridges", "桥", "Bridges", "output_quantity", "positive", "轮"),
            "--unit-family",
        ),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(
    say: Callable[..., answers.Recorded], tmp_path: Path, question: str, answer: Answer, complaint: str
) -> None:
    with pytest.raises(AnswerError, match=complaint):
        say(answer, Item("q", question, "改造危桥", "count"))
    assert rows(tmp_path) == []


@pytest.mark.parametrize(("by", "reason"), [(" ", "常用说法"), ("甲", "")])
def test_nobody_answers_without_name_and_reason(say: Callable[..., answers.Recorded], by: str, reason: str) -> None:
    with pytest.raises(AnswerError, match="name and a reason"):
        say(Answer("no_indicator"), by=by, reason=reason)


def test_a_lake_from_before_there_were_answers_gets_the_table(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.ensure()
    (lake.batches / GENESIS / f"{answers.TABLE}.parquet").unlink()
    assert lake.read(answers.TABLE) == []
    assert sorted(path.name for path in lake.batches.iterdir()) == [GENESIS, f"{GENESIS}-{answers.TABLE}"]


def test_a_batch_from_before_a_column_was_added_gives_nothing_for_it(
    say: Callable[..., answers.Recorded], tmp_path: Path
) -> None:
    say(Answer("no_indicator"))
    older = next(path for path in (tmp_path / "batches").glob("2*/review_answer.parquet"))
    pq.write_table(pq.read_table(older).drop_columns(["gates_crossed"]), older)
    say(Answer("indicator", "roads_built"))
    assert [row["gates_crossed"] is None for row in rows(tmp_path)] == [True, False]
